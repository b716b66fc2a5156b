//! The formula of the score.

use crate::neighbours::Neighbourhood;

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

    /// The votes for a course that this many neighbours inside and on the boundary bought.
    pub(crate) fn votes(&self, (inside, boundary): (u32, u32)) -> f64 {
        let (numerator, denominator) = self.share;
        (u64::from(inside) * denominator + u64::from(boundary) * numerator) as f64 / denominator as f64
    }

    /// The score of a course with these votes and this many buyers among all past participants.
    pub(crate) fn score(&self, votes: f64, buyers: u32) -> f64 {
        let all = self.k as f64 + self.prior;
        if all > 0.0 { (votes + self.prior * (f64::from(buyers) / self.n_all as f64)) / all } else { 0.0 }
    }

    /// The part of the score that votes make.
    pub(crate) fn part_of_votes(&self, votes: f64) -> f64 {
        let all = self.k as f64 + self.prior;
        if all > 0.0 { votes / all } else { 0.0 }
    }
}
