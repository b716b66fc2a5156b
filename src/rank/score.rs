//! The formula of the score.

use super::fade::FULL;
use crate::neighbours::Neighbourhood;

/// How many votes of everyone are mixed into those of a history: next to none, so that courses which nobody with a like
/// history bought follow after the others.
const HISTORY_PRIOR: f64 = 0.1;
/// How many votes, cast as everyone's, draw the lift towards 1.
const LIFT_PRIOR: f64 = 20.0;
/// From so many courses on, best sellers are held back.
const LONG_CATALOGUE: usize = 100;

/// What the score of every course of one answer shares.
///
/// ```text
/// votes = (inside * denominator + boundary * numerator) / denominator
/// score = (votes + prior * buyers / n_all) / (k + prior)
/// ```
///
/// It estimates the share of participants like this one who buy a course, shrunk towards its share among everyone, as
/// if `prior` votes had been cast by everyone.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Scoring {
    /// `k_eff`.
    pub(crate) k: u64,
    /// The votes of one neighbour on the boundary, as a fraction.
    share: (u64, u64),
    pub(crate) prior: f64,
    pub(crate) n_all: u64,
}

#[expect(clippy::cast_precision_loss, reason = "counts, and products of two counts, are below 2^53")]
impl Scoring {
    pub(crate) fn new(neighbourhood: &Neighbourhood, prior: f64, n_all: u64) -> Self {
        Self { k: neighbourhood.k(), share: neighbourhood.boundary_share(), prior, n_all }
    }

    /// The votes for a course, of the weights of those inside and on the boundary who bought it.
    pub(crate) fn votes(&self, weights: (u64, u64)) -> f64 {
        // A power of two more on both sides changes no bit of the quotient.
        votes(weights, self.share, FULL.into())
    }

    /// The score of a course with these votes and this many buyers among all past participants.
    pub(crate) fn score(&self, votes: f64, buyers: u32) -> f64 {
        let all = self.k as f64 + self.prior;
        // Without past participants nothing can be said of any course.
        if all > 0.0 && self.n_all > 0 {
            (votes + self.prior * (f64::from(buyers) / self.n_all as f64)) / all
        } else {
            0.0
        }
    }

    /// The score of a course with these votes of those who bought the same, and this many of them in all.
    pub(crate) fn score_with_history(&self, votes: f64, buyers: u32, of_history: (f64, f64), n_courses: usize) -> f64 {
        if buyers == 0 {
            return 0.0;
        }
        let share = f64::from(buyers) / self.n_all as f64;
        let by_history = (of_history.0 + HISTORY_PRIOR * share) / (of_history.1 + HISTORY_PRIOR);
        let lift = (votes + LIFT_PRIOR) / (self.k as f64 * share + LIFT_PRIOR);
        // The fourth root; powers differ between platforms in the last bit, square roots do not.
        let damping = if n_courses >= LONG_CATALOGUE { share.sqrt().sqrt() } else { 1.0 };
        by_history * lift / damping
    }

    /// The part of the score that votes make.
    pub(crate) fn part_of_votes(&self, votes: f64) -> f64 {
        let all = self.k as f64 + self.prior;
        if all > 0.0 { votes / all } else { 0.0 }
    }
}

/// Weights of those inside and on the boundary, of whom the latter share, as votes: `unit` is the weight of a vote.
#[expect(clippy::cast_precision_loss, reason = "the one rounding that there is")]
pub(super) fn votes((inside, boundary): (u64, u64), (numerator, denominator): (u64, u64), unit: f64) -> f64 {
    let weight = u128::from(inside) * u128::from(denominator) + u128::from(boundary) * u128::from(numerator);
    weight as f64 / (denominator as f64 * unit)
}
