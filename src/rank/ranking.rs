//! The best courses, in the one total order.

use std::cmp::Ordering;

use super::score::Factors;
use super::{CourseVotes, HistoryVotes, Popularity, Scoring, Votes};

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
    /// Score descending, buyers descending, price ascending, id ascending.
    pub(crate) fn order(&self, other: &Self) -> Ordering {
        other.score.total_cmp(&self.score).then(self.place.cmp(&other.place))
    }
}

/// The data from which the scores of one answer are computed.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Evidence<'a> {
    pub(crate) scoring: &'a Scoring,
    pub(crate) votes: &'a Votes,
    pub(crate) popularity: &'a Popularity,
    /// The votes of baskets, when the query has a history and there are any.
    pub(crate) history: Option<&'a HistoryVotes>,
}

impl Evidence<'_> {
    /// A course with its score.
    pub(crate) fn ranked(&self, course: u32) -> Ranked {
        let (inside, boundary) = self.votes.of(course);
        let votes = self.scoring.votes(self.votes.weights_of(course));
        let buyers = self.popularity.buyers(course);
        let by_history = self.by_history(course, votes);
        let score = by_history.map_or_else(|| self.scoring.score(votes, buyers), |(_, factors)| factors.score());
        Ranked { course, score, votes, supporters: inside + boundary, place: self.popularity.place(course) }
    }

    /// The votes of baskets for a course that has these votes of neighbours, and the factors of its score.
    pub(crate) fn by_history(&self, course: u32, votes: f64) -> Option<(CourseVotes, Factors)> {
        let baskets = self.history?.of(course);
        Some((baskets, self.scoring.factors(votes, course, &baskets, self.popularity)))
    }

    /// Fills `best` with the `top` courses that are eligible and have a positive score, in order.
    pub(crate) fn rank(&self, eligible: impl Fn(u32) -> bool, top: usize, best: &mut Vec<Ranked>) {
        let positive = |&course: &u32| Some(self.ranked(course)).filter(|ranked| ranked.score > 0.0);
        best.clear();
        if self.history.is_some() {
            best.extend(self.popularity.order().iter().filter(|&&c| eligible(c)).filter_map(positive));
            keep_best(best, top);
            return;
        }
        best.extend(self.votes.touched().iter().filter(|&&c| eligible(c)).filter_map(positive));
        keep_best(best, top);
        let worst = if best.len() == top { best.last().copied() } else { None };

        // Without votes the score grows with the number of buyers, so these come in their order already.
        let without_votes = self.popularity.order().iter().copied();
        let without_votes = without_votes.filter(|&c| self.votes.of(c) == (0, 0) && eligible(c));
        for candidate in without_votes.map(|course| self.ranked(course)).take(top) {
            if candidate.score <= 0.0 || worst.is_some_and(|worst| candidate.order(&worst) == Ordering::Greater) {
                break;
            }
            best.push(candidate);
        }
        keep_best(best, top);
    }
}

fn keep_best(best: &mut Vec<Ranked>, top: usize) {
    if top < best.len() {
        best.select_nth_unstable_by(top, Ranked::order);
        best.truncate(top);
    }
    best.sort_unstable_by(Ranked::order);
}
