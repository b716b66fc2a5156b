//! Which baskets are like what somebody owns, and what they vote for.

use std::sync::Arc;

use super::distinct::DistinctBaskets;
use super::holders::HolderChanges;
use crate::rank::score::votes;

/// How many distinct baskets vote.
const NEAR: usize = 300;
/// A similarity of 1.
const ONE: f64 = (1 << 20) as f64;

/// A search among the baskets of one state.
///
/// Baskets are compared with what is owned by the cosine of the weights of their courses: Salton and Buckley, "Term-weighting
/// approaches in automatic text retrieval" (1988), <https://doi.org/10.1016/0306-4573(88)90021-0>. Weights and similarities
/// are rounded to whole numbers, so that sums of them are exact and answers do not depend on any order.
pub(super) struct BasketSearch<'s, F> {
    pub(super) baskets: &'s DistinctBaskets,
    pub(super) changes: &'s HolderChanges,
    /// The squared weight of each course.
    pub(super) squares: &'s [u64],
    pub(super) is_owned: F,
}

/// A basket that shares a course with what is owned and has one besides.
#[derive(Debug, Clone, Copy)]
struct SimilarBasket {
    similarity: u64,
    /// Among the distinct baskets; those that have changed come after them.
    number: u32,
    holders: u32,
}

impl<F: Fn(u32) -> bool> BasketSearch<'_, F> {
    /// `n_known` is how many of the courses that are `owned` have buyers.
    pub(super) fn run(&self, owned: &[u32], n_known: usize, found: &mut HistoryVotes) {
        found.clear();
        found.courses.resize(self.squares.len(), Counts::default());
        found.seen.fit(self.baskets.len());
        self.find(owned, found);
        self.let_vote(found);
        found.changed.clear();
        #[expect(clippy::cast_precision_loss, reason = "a number of courses")]
        let n_known = n_known as f64;
        found.prior = 3.0 / (n_known * n_known);
    }

    /// Finds the candidates, and counts the holders of those that hold all that is known.
    fn find(&self, owned: &[u32], found: &mut HistoryVotes) {
        self.find_changed(owned, found);
        for &course in owned.iter().filter(|&&course| self.tells(course)) {
            for &number in self.baskets.with(course) {
                if found.seen.set(number) {
                    found.touched.push(number);
                }
            }
        }
        let mine = owned.iter().map(|&course| self.square(course)).sum();
        let touched = std::mem::take(&mut found.touched);
        for &number in &touched {
            found.seen.remove(number);
            self.consider(number, self.baskets.basket(number), self.baskets.holders(number), mine, found);
        }
        found.touched = touched;
        found.touched.clear();

        let changed = std::mem::take(&mut found.changed);
        for (place, (basket, holders, number)) in (self.n_unchanged()..).zip(&changed) {
            if let Some(number) = *number {
                found.seen.remove(number);
            }
            if *holders > 0 {
                self.consider(place, basket, *holders, mine, found);
            }
        }
        found.changed = changed;
    }

    /// Lists the baskets that have changed and share something, with their holders now, and marks them as seen.
    fn find_changed(&self, owned: &[u32], found: &mut HistoryVotes) {
        for &course in owned.iter().filter(|&&course| self.tells(course)) {
            for (basket, change) in self.changes.with(course) {
                // Each is listed once, at the first of its courses that carries information.
                if basket.iter().find(|&&course| self.tells(course) && (self.is_owned)(course)) != Some(&course) {
                    continue;
                }
                let number = self.baskets.number(basket);
                let before = number.map_or(0, |number| {
                    found.seen.set(number);
                    self.baskets.holders(number)
                });
                let holders = u32::try_from(i64::from(before) + change).unwrap_or(0);
                found.changed.push((Arc::clone(basket), holders, number));
            }
        }
    }

    /// Whether a course carries information. A course that everybody or nobody bought does not.
    fn tells(&self, course: u32) -> bool {
        self.square(course) > 0
    }

    /// Adds a basket to the candidates if it has a course that is not owned.
    fn consider(&self, number: u32, basket: &[u32], holders: u32, mine: u64, found: &mut HistoryVotes) {
        let (mut both, mut theirs, mut any_more) = (0, 0, false);
        for &course in basket {
            let square = self.square(course);
            theirs += square;
            if (self.is_owned)(course) {
                both += square;
            } else {
                any_more = true;
            }
        }
        if !any_more {
            return;
        }
        found.candidates.push(SimilarBasket { similarity: similarity(both, mine, theirs), number, holders });
        if both == mine {
            found.all_like += u64::from(holders);
            for &course in basket {
                found.courses[course as usize].like += u64::from(holders);
            }
        }
    }

    /// Adds up the votes of the nearest candidates. Those at the similarity of the last of them share what is left.
    fn let_vote(&self, found: &mut HistoryVotes) {
        let nearest_first = |a: &SimilarBasket, b: &SimilarBasket| b.similarity.cmp(&a.similarity);
        let limit = if found.candidates.len() > NEAR {
            let (_, last, _) = found.candidates.select_nth_unstable_by(NEAR - 1, nearest_first);
            Some(last.similarity)
        } else {
            None
        };
        let (mut above, mut at_limit) = (0, 0);
        for candidate in &found.candidates {
            let SimilarBasket { similarity, number, holders } = *candidate;
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
    /// Distinct baskets that were found already; none between queries.
    seen: Seen,
    touched: Vec<u32>,
    /// Baskets whose holders have changed, how many they are, and the number among the distinct baskets; none between queries.
    changed: Vec<(Arc<[u32]>, u32, Option<u32>)>,
    candidates: Vec<SimilarBasket>,
    courses: Vec<Counts>,
    all_near: Weights,
    all_like: u64,
    /// The part of a full vote that a basket at the limit has, as a fraction.
    share: (u64, u64),
    prior: f64,
}

/// A set of numbers, one bit for each, so that it stays in the processor's cache.
#[derive(Debug, Clone, Default)]
struct Seen(Vec<u64>);

impl Seen {
    /// Makes room for numbers below `n`.
    fn fit(&mut self, n: usize) {
        self.0.resize(n.div_ceil(64).max(self.0.len()), 0);
    }

    /// Adds a number; whether it was not there.
    fn set(&mut self, number: u32) -> bool {
        let (word, bit) = (&mut self.0[number as usize / 64], 1 << (number % 64));
        let is_new = *word & bit == 0;
        *word |= bit;
        is_new
    }

    fn remove(&mut self, number: u32) {
        self.0[number as usize / 64] &= !(1 << (number % 64));
    }
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
    /// The votes of the near baskets with the course: each holder has a vote of the size of the similarity.
    pub(crate) near: f64,
    /// The same over all near baskets.
    pub(crate) all_near: f64,
    /// Pseudo-votes that shrink the share of the near votes towards the course's share among all past participants.
    pub(crate) prior: f64,
    /// The holders of those baskets with the course that contain all known courses.
    pub(crate) like: u64,
    /// The holders of all baskets that contain all known courses.
    pub(crate) all_like: u64,
}
