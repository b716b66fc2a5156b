//! The formula of the score.

use super::fade::FULL;
use super::{CourseVotes, Popularity, VoteWeights};
use crate::neighbours::Neighbourhood;

/// Pseudo-votes that shrink the lift towards 1. They are spread over courses as the purchases of all past participants are.
const LIFT_PRIOR: f64 = 20.0;
/// Popular courses are damped in catalogues with at least this many courses.
const LONG_CATALOGUE: usize = 100;

/// The part of the score that is the same for every course of one answer.
///
/// ```text
/// votes = (inside * denominator + boundary * numerator) / denominator
/// score = (votes + prior * buyers / n_all) / (k + prior)
/// ```
///
/// The score estimates which share of similar participants buy a course. It is shrunk towards the course's share among all
/// past participants, by `prior` pseudo-votes.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Scoring {
    /// `k_eff`.
    pub(crate) k: u64,
    /// The part of a vote that a neighbour on the boundary has, as a fraction.
    share: (u64, u64),
    pub(crate) prior: f64,
    pub(crate) n_all: u64,
    /// The votes of all neighbours, whatever they bought: `k`, or less where nearer neighbours have more of a vote.
    all_votes: f64,
    /// A full vote.
    unit: f64,
}

#[expect(clippy::cast_precision_loss, reason = "counts, and products of two counts, are below 2^53")]
impl Scoring {
    pub(crate) fn new(neighbourhood: &Neighbourhood, weights: Option<&VoteWeights>, prior: f64, n_all: u64) -> Self {
        let (k, share, full) = (neighbourhood.k(), neighbourhood.boundary_share(), f64::from(FULL));
        let (all_votes, unit) = match weights {
            None => (k as f64, full),
            Some(weights) => (votes(weights.total(), share, full), full * full),
        };
        Self { k, share, prior, n_all, all_votes, unit }
    }

    /// The votes for a course, from the weights of its buyers inside the radius and on the boundary.
    pub(crate) fn votes(&self, weights: (u64, u64)) -> f64 {
        // A power of two more on both sides changes no bit of the quotient.
        votes(weights, self.share, self.unit)
    }

    /// The votes of all neighbours, whatever they bought.
    pub(super) fn all_votes(&self) -> f64 {
        self.all_votes
    }

    /// The score of a course with these votes and this many buyers among all past participants.
    pub(crate) fn score(&self, votes: f64, buyers: u32) -> f64 {
        let all = self.all_votes() + self.prior;
        // Without past participants there is no evidence for any course.
        if all > 0.0 && self.n_all > 0 {
            (votes + self.prior * (f64::from(buyers) / self.n_all as f64)) / all
        } else {
            0.0
        }
    }

    /// The factors of the score of a course with these votes, when baskets vote too.
    pub(crate) fn factors(&self, votes: f64, course: u32, baskets: &CourseVotes, popularity: &Popularity) -> Factors {
        let share = f64::from(popularity.buyers(course)) / self.n_all as f64;
        let CourseVotes { near, all_near, prior, like, all_like } = *baskets;
        let near = (near + prior * share) / (all_near + prior);
        let n_bought = popularity.order().len() as f64;
        let probability = (like as f64 + n_bought * near) / (all_like as f64 + n_bought);
        let lift = (votes + LIFT_PRIOR) / (self.all_votes() * share + LIFT_PRIOR);
        // The fourth root; powers differ between platforms in the last bit, square roots do not. A course without buyers has
        // a probability of 0, and no damping that would divide it by 0.
        let damped = popularity.n_courses() >= LONG_CATALOGUE && share > 0.0;
        Factors { probability, lift, damping: if damped { share.sqrt().sqrt() } else { 1.0 } }
    }

    /// The part of the score that votes make.
    pub(crate) fn part_of_votes(&self, votes: f64) -> f64 {
        let all = self.all_votes() + self.prior;
        if all > 0.0 { votes / all } else { 0.0 }
    }
}

/// The factors of a course's score in a query with a history.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Factors {
    pub(crate) probability: f64,
    pub(crate) lift: f64,
    pub(crate) damping: f64,
}

impl Factors {
    pub(crate) fn score(&self) -> f64 {
        self.probability * self.lift / self.damping
    }
}

/// Turns weights of buyers inside the radius and on the boundary into votes. `unit` is the weight of one vote; the fraction is
/// the share of a vote that each member on the boundary has.
#[expect(clippy::cast_precision_loss, reason = "the one rounding that there is")]
pub(super) fn votes((inside, boundary): (u64, u64), (numerator, denominator): (u64, u64), unit: f64) -> f64 {
    let weight = u128::from(inside) * u128::from(denominator) + u128::from(boundary) * u128::from(numerator);
    weight as f64 / (denominator as f64 * unit)
}
