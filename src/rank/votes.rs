//! How many neighbours bought each course.

use super::baskets::Bought;
use super::fade::FULL;
use super::{BasketChanges, Baskets, VoteWeights};
use crate::neighbours::Neighbourhood;

/// Counts per course, and the list of courses with a count, so that clearing costs no more than filling.
#[derive(Debug, Clone)]
pub(crate) struct Votes {
    /// How many inside the radius and how many on the boundary bought each course.
    counts: Vec<(u32, u32)>,
    /// The weights of their purchases; empty where purchases do not fade.
    weights: Vec<(u64, u64)>,
    /// Whether purchases fade or neighbours have different votes.
    is_weighted: bool,
    touched: Vec<u32>,
}

impl Votes {
    pub(crate) fn new(n_courses: usize) -> Self {
        Self { counts: vec![(0, 0); n_courses], weights: Vec::new(), is_weighted: false, touched: Vec::new() }
    }

    /// Counts the purchases of a neighbourhood.
    ///
    /// The purchases of a participant who is left out are still counted with those of their row. That does no harm: the
    /// participant owns these courses, so they are never recommended.
    pub(crate) fn collect(
        &mut self,
        neighbourhood: &Neighbourhood,
        vote_weights: Option<&VoteWeights>,
        baskets: &Baskets,
        changes: &BasketChanges,
    ) {
        self.clear();
        let is_weighted = baskets.fade() || vote_weights.is_some();
        self.is_weighted = is_weighted;
        if is_weighted {
            self.weights.resize(self.counts.len(), (0, 0));
        }
        baskets.touch(neighbourhood.inside());
        for (place, &row) in neighbourhood.inside().iter().enumerate() {
            let vote = vote_weights.map_or(1, |weights| weights.inside(place));
            baskets.each(row, changes, |Bought { course, buyers, weight }| {
                self.entry(course).0 += buyers;
                if is_weighted {
                    self.weights[course as usize].0 += vote * weight;
                }
            });
        }
        baskets.touch(neighbourhood.boundary());
        let vote = vote_weights.map_or(1, VoteWeights::boundary);
        for &row in neighbourhood.boundary() {
            baskets.each(row, changes, |Bought { course, buyers, weight }| {
                self.entry(course).1 += buyers;
                if is_weighted {
                    self.weights[course as usize].1 += vote * weight;
                }
            });
        }
    }

    /// Makes room for so many courses.
    pub(crate) fn fit(&mut self, n_courses: usize) {
        self.counts.resize(n_courses.max(self.counts.len()), (0, 0));
    }

    fn entry(&mut self, course: u32) -> &mut (u32, u32) {
        let counts = &mut self.counts[course as usize];
        if *counts == (0, 0) {
            self.touched.push(course);
        }
        counts
    }

    pub(crate) fn clear(&mut self) {
        for course in self.touched.drain(..) {
            self.counts[course as usize] = (0, 0);
            if let Some(weights) = self.weights.get_mut(course as usize) {
                *weights = (0, 0);
            }
        }
    }

    /// The courses that somebody bought, in no particular order.
    pub(crate) fn touched(&self) -> &[u32] {
        &self.touched
    }

    /// How many inside the radius and how many on the boundary bought a course.
    pub(crate) fn of(&self, course: u32) -> (u32, u32) {
        self.counts[course as usize]
    }

    /// The same in weights. A purchase that has not faded has the weight [`FULL`].
    pub(crate) fn weights_of(&self, course: u32) -> (u64, u64) {
        let (inside, boundary) = self.of(course);
        let counted = (u64::from(inside) * u64::from(FULL), u64::from(boundary) * u64::from(FULL));
        if self.is_weighted { self.weights[course as usize] } else { counted }
    }
}
