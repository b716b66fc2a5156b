//! Which baskets are like what somebody owns, and what they vote for.

use std::sync::Arc;

use super::distinct::DistinctBaskets;
use super::holders::HolderChanges;
use crate::rank::score::votes;

/// How many distinct baskets vote.
const NEAR: usize = 300;
/// A similarity of 1.
const ONE: f64 = (1 << 20) as f64;

/// The baskets of one state and what is asked of them.
///
/// Baskets are compared with what is owned by the cosine of the weights of their courses: Salton and Buckley, "Term-weighting
/// approaches in automatic text retrieval" (1988), <https://doi.org/10.1016/0306-4573(88)90021-0>. Weights and similarities
/// are rounded to whole numbers, so that sums of them are exact and answers do not depend on any order.
pub(super) struct Search<'s, F> {
    pub(super) baskets: &'s DistinctBaskets,
    pub(super) changes: &'s HolderChanges,
    /// The squared weight of each course.
    pub(super) squares: &'s [u64],
    pub(super) is_owned: F,
}

/// A basket that shares a course with what is owned and has one besides.
#[derive(Debug, Clone, Copy)]
struct Candidate {
    similarity: u64,
    /// Among the distinct baskets; those that have changed come after them.
    number: u32,
    holders: u32,
}

impl<F: Fn(u32) -> bool> Search<'_, F> {
    /// `n_known` is how many of the courses that are `owned` have buyers.
    pub(super) fn run(&self, owned: &[u32], n_known: usize, found: &mut HistoryVotes) {
        found.clear();
        found.courses.resize(self.squares.len(), Counts::default());
        found.shared.resize(self.baskets.len().max(found.shared.len()), 0);
        self.find(owned, found);
        self.let_vote(found);
        found.changed.clear();
        #[expect(clippy::cast_precision_loss, reason = "a number of courses")]
        let n_known = n_known as f64;
        found.prior = 3.0 / (n_known * n_known);
    }

    /// Finds the candidates, and counts the holders of those that hold all that is known.
    fn find(&self, owned: &[u32], found: &mut HistoryVotes) {
        let mut mine = 0;
        for &course in owned {
            let square = self.square(course);
            mine += square;
            // What everybody bought tells nothing.
            for &number in if square > 0 { self.baskets.with(course) } else { &[] } {
                let shared = &mut found.shared[number as usize];
                if *shared == 0 {
                    found.touched.push(number);
                }
                *shared += square;
            }
        }
        self.find_changed(owned, found);
        let touched = std::mem::take(&mut found.touched);
        for &number in &touched {
            // Those that have changed are none now.
            let both = std::mem::take(&mut found.shared[number as usize]);
            if both > 0 {
                self.consider(number, self.baskets.basket(number), self.baskets.holders(number), (both, mine), found);
            }
        }
        found.touched = touched;
        found.touched.clear();

        let changed = std::mem::take(&mut found.changed);
        for (number, (basket, holders)) in (self.n_unchanged()..).zip(&changed) {
            let known = basket.iter().filter(|&&course| (self.is_owned)(course));
            let both = known.map(|&course| self.square(course)).sum();
            self.consider(number, basket, *holders, (both, mine), found);
        }
        found.changed = changed;
    }

    /// Takes the baskets that have changed out of those that share something, and lists them with their holders.
    fn find_changed(&self, owned: &[u32], found: &mut HistoryVotes) {
        for &course in owned.iter().filter(|&&course| self.square(course) > 0) {
            for (basket, change) in self.changes.with(course) {
                let tells = |&&course: &&u32| self.square(course) > 0 && (self.is_owned)(course);
                // Each is listed once, at the first of its courses that tells something.
                if basket.iter().find(tells) != Some(&course) {
                    continue;
                }
                let number = self.baskets.number(basket);
                let before = number.map_or(0, |number| {
                    found.shared[number as usize] = 0;
                    self.baskets.holders(number)
                });
                if let Ok(holders @ 1..) = u32::try_from(i64::from(before) + change) {
                    found.changed.push((Arc::clone(basket), holders));
                }
            }
        }
    }

    /// Adds a basket to the candidates if it has a course that is not owned.
    fn consider(&self, number: u32, basket: &[u32], holders: u32, (both, mine): (u64, u64), found: &mut HistoryVotes) {
        let (mut theirs, mut any_more) = (0, false);
        for &course in basket {
            theirs += self.square(course);
            any_more |= !(self.is_owned)(course);
        }
        if !any_more {
            return;
        }
        found.candidates.push(Candidate { similarity: similarity(both, mine, theirs), number, holders });
        if both == mine {
            found.all_like += u64::from(holders);
            for &course in basket {
                found.courses[course as usize].like += u64::from(holders);
            }
        }
    }

    /// Adds up the votes of the nearest candidates. Those at the similarity of the last of them share what is left.
    fn let_vote(&self, found: &mut HistoryVotes) {
        let nearest_first = |a: &Candidate, b: &Candidate| b.similarity.cmp(&a.similarity);
        let limit = if found.candidates.len() > NEAR {
            let (_, last, _) = found.candidates.select_nth_unstable_by(NEAR - 1, nearest_first);
            Some(last.similarity)
        } else {
            None
        };
        let (mut above, mut at_limit) = (0, 0);
        for candidate in &found.candidates {
            let Candidate { similarity, number, holders } = *candidate;
            let inside = limit.is_none_or(|limit| similarity > limit);
            if !inside && Some(similarity) != limit {
                continue;
            }
            *(if inside { &mut above } else { &mut at_limit }) += 1;
            let weight = similarity * u64::from(holders);
            found.all_near.add(inside, weight);
            let changed = number.checked_sub(self.n_unchanged());
            let basket =
                changed.map_or_else(|| self.baskets.basket(number), |changed| &found.changed[changed as usize].0);
            for &course in basket {
                found.courses[course as usize].near.add(inside, weight);
            }
        }
        found.share = if at_limit > 0 { (NEAR as u64 - above, at_limit) } else { (1, 1) };
    }

    fn square(&self, course: u32) -> u64 {
        self.squares[course as usize]
    }

    #[expect(clippy::cast_possible_truncation, reason = "baskets are numbered in 32 bits")]
    fn n_unchanged(&self) -> u32 {
        self.baskets.len() as u32
    }
}

/// The cosine in whole numbers.
#[expect(
    clippy::cast_precision_loss,
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "within 0..=ONE"
)]
fn similarity(both: u64, mine: u64, theirs: u64) -> u64 {
    (both as f64 / (mine as f64 * theirs as f64).sqrt() * ONE).round_ties_even() as u64
}

/// The votes of baskets for each course, and the memory to find them.
#[derive(Debug, Clone, Default)]
pub(crate) struct HistoryVotes {
    /// For each distinct basket the weight that it shares with what is owned; 0 between queries.
    shared: Vec<u64>,
    touched: Vec<u32>,
    /// Baskets whose holders have changed, and how many they are; none between queries.
    changed: Vec<(Arc<[u32]>, u32)>,
    candidates: Vec<Candidate>,
    courses: Vec<Counts>,
    all_near: Weights,
    all_like: u64,
    /// The part of a full vote that a basket at the limit has, as a fraction.
    share: (u64, u64),
    prior: f64,
}

/// What the baskets with a course add up to.
#[derive(Debug, Clone, Copy, Default)]
struct Counts {
    near: Weights,
    like: u64,
}

/// Similarities times holders, of baskets that vote in full and of those at the limit. There are fewer than 2^32 holders in
/// all, so the sums are below 2^53.
#[derive(Debug, Clone, Copy, Default)]
struct Weights {
    inside: u64,
    at_limit: u64,
}

impl Weights {
    fn add(&mut self, inside: bool, weight: u64) {
        *(if inside { &mut self.inside } else { &mut self.at_limit }) += weight;
    }
}

impl HistoryVotes {
    /// Makes it that of a query without a history.
    pub(crate) fn clear(&mut self) {
        self.candidates.clear();
        self.courses.clear();
        self.all_near = Weights::default();
        self.all_like = 0;
    }

    /// Whether there is no candidate.
    pub(crate) fn is_empty(&self) -> bool {
        self.candidates.is_empty()
    }

    /// The votes for a course.
    pub(crate) fn of(&self, course: u32) -> CourseVotes {
        let Counts { near, like } = self.courses[course as usize];
        let as_votes = |weights: Weights| votes((weights.inside, weights.at_limit), self.share, ONE);
        CourseVotes {
            near: as_votes(near),
            all_near: as_votes(self.all_near),
            prior: self.prior,
            like,
            all_like: self.all_like,
        }
    }
}

/// What baskets say about a course.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct CourseVotes {
    /// The votes of the near baskets with the course: for each holder its similarity.
    pub(crate) near: f64,
    /// The same over all near baskets.
    pub(crate) all_near: f64,
    /// How many votes, cast as everyone's, shrink the share of the near votes.
    pub(crate) prior: f64,
    /// The holders of the baskets with the course that hold all that is known.
    pub(crate) like: u64,
    /// The same whatever else they hold.
    pub(crate) all_like: u64,
}
