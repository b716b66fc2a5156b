//! The best courses, in the one total order.

use std::cmp::Ordering;

use super::{Popularity, Scoring, Votes};

/// A course with its score.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Ranked {
    pub(crate) course: u32,
    pub(crate) score: f64,
    pub(crate) votes: f64,
    pub(crate) supporters: u32,
    /// Its place among courses of equal score.
    place: u32,
}

impl Ranked {
    /// A course with the score that these votes give it.
    pub(crate) fn new(scoring: &Scoring, votes: &Votes, popularity: &Popularity, course: u32) -> Self {
        let counts = votes.of(course);
        let weight = scoring.votes(counts);
        let score = scoring.score(weight, popularity.buyers(course));
        Self { course, score, votes: weight, supporters: counts.0 + counts.1, place: popularity.place(course) }
    }

    /// Score descending, buyers descending, price ascending, id ascending.
    pub(crate) fn order(&self, other: &Self) -> Ordering {
        other.score.total_cmp(&self.score).then(self.place.cmp(&other.place))
    }
}

/// Fills `best` with the `top` courses that are eligible and have a positive score, in order.
pub(crate) fn rank(
    scoring: &Scoring,
    votes: &Votes,
    popularity: &Popularity,
    eligible: impl Fn(u32) -> bool,
    top: usize,
    best: &mut Vec<Ranked>,
) {
    let ranked = |course| Ranked::new(scoring, votes, popularity, course);
    best.clear();
    best.extend(votes.touched().iter().copied().filter(|&c| eligible(c)).map(ranked).filter(|r| r.score > 0.0));
    keep_best(best, top);
    let worst = if best.len() == top { best.last().copied() } else { None };

    // Without votes the score grows with the number of buyers, so these come in their order already.
    let without_votes = popularity.order().iter().copied().filter(|&c| votes.of(c) == (0, 0) && eligible(c));
    for candidate in without_votes.map(ranked).take(top) {
        if candidate.score <= 0.0 || worst.is_some_and(|worst| candidate.order(&worst) == Ordering::Greater) {
            break;
        }
        best.push(candidate);
    }
    keep_best(best, top);
}

fn keep_best(best: &mut Vec<Ranked>, top: usize) {
    if top < best.len() {
        best.select_nth_unstable_by(top, Ranked::order);
        best.truncate(top);
    }
    best.sort_unstable_by(Ranked::order);
}
