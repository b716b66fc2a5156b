//! The baskets of one state of a model, made when a query needs them.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, OnceLock};

use super::HistoryVotes;
use super::distinct::DistinctBaskets;
use super::holders::HolderChanges;
use super::search::BasketSearch;
use crate::rank::Popularity;

/// A query compares changed baskets one by one. With more of them it would be slow.
const MOST_CHANGED: usize = 4096;

/// The baskets of past participants in one state of a model: baskets that many states share, and what changed since.
///
/// The first query with a history in any of these states computes the shared baskets. Each state knows its changes since then,
/// so each can compute them from its own participants with the same result. As long as no query needs them, a change costs
/// one small entry and a merge costs nothing.
#[derive(Debug, Default)]
pub(crate) struct History {
    base: Arc<SharedBaskets>,
    changes: HolderChanges,
    /// The squared weight of each course. It is computed at the first query, because every change of buyers changes some weights.
    squares: OnceLock<Vec<u64>>,
}

#[derive(Debug, Default)]
struct SharedBaskets {
    baskets: OnceLock<DistinctBaskets>,
    /// Whether a query waits for it, or it is there.
    wanted: AtomicBool,
}

impl History {
    /// That of the next state, before anything changes in it.
    pub(crate) fn next(&self) -> Self {
        Self { base: Arc::clone(&self.base), changes: self.changes.clone(), squares: OnceLock::new() }
    }

    /// Adds holders of a basket, or takes them away; courses ascending.
    pub(crate) fn count(&mut self, basket: Arc<[u32]>, holders: i64) {
        self.changes.add(basket, holders);
    }

    /// Whether a query has made the base.
    pub(crate) fn is_built(&self) -> bool {
        self.base.baskets.get().is_some()
    }

    /// Makes the base if it is not there. `each` calls its argument with the basket of every past participant of this state.
    pub(crate) fn build(&self, n_courses: usize, each: impl FnOnce(&mut dyn FnMut(&[u32]))) {
        self.baskets(n_courses, each);
    }

    fn baskets(&self, n_courses: usize, each: impl FnOnce(&mut dyn FnMut(&[u32]))) -> &DistinctBaskets {
        self.base.wanted.store(true, Ordering::Relaxed);
        self.base.baskets.get_or_init(|| DistinctBaskets::before(&self.changes, n_courses, each))
    }

    /// Whether so much has changed that [`merged`](Self::merged) is due. While a query makes the base it is not, as the work
    /// would be in vain.
    pub(crate) fn is_merge_due(&self) -> bool {
        self.changes.len() >= MOST_CHANGED && (self.is_built() || !self.base.wanted.load(Ordering::Relaxed))
    }

    /// The same baskets as a base without changes. It takes a while where there is a base, and can be done on another
    /// thread while the model goes on: see [`after`](Self::after). Where there is none, the next query makes it.
    pub(crate) fn merged(&self) -> Self {
        let Some(baskets) = self.base.baskets.get() else { return Self::default() };
        let base = SharedBaskets { baskets: baskets.merged(&self.changes).into(), wanted: true.into() };
        Self { base: Arc::new(base), ..Self::default() }
    }

    /// The baskets of this state on the base of `merged`, which was made of the `earlier` state.
    #[cfg_attr(not(test), allow(dead_code, reason = "for merges that end after further changes"))]
    pub(crate) fn after(&self, earlier: &Self, merged: &Self) -> Self {
        if !Arc::ptr_eq(&self.base, &earlier.base) {
            // This state has another base since, so nothing is known about what changed.
            return Self::default();
        }
        Self { base: Arc::clone(&merged.base), changes: self.changes.since(&earlier.changes), squares: OnceLock::new() }
    }

    /// Lets the baskets vote that share a course with what is owned. `each` is that of [`build`](Self::build), `n_all` the
    /// number of past participants.
    pub(crate) fn search(
        &self,
        each: impl FnOnce(&mut dyn FnMut(&[u32])),
        (popularity, n_all): (&Popularity, u64),
        owned: &[u32],
        is_owned: impl Fn(u32) -> bool,
        votes: &mut HistoryVotes,
    ) {
        let squares = self.squares.get_or_init(|| {
            (0..).take(popularity.n_courses()).map(|course| square(n_all, popularity.buyers(course))).collect()
        });
        let baskets = self.baskets(popularity.n_courses(), each);
        let n_known = owned.iter().filter(|&&course| popularity.buyers(course) > 0).count();
        BasketSearch { baskets, changes: &self.changes, squares, is_owned }.run(owned, n_known, votes);
    }
}

/// Units of a course's weight in one natural logarithm.
const WEIGHT_UNITS: f64 = 4096.0;

/// The squared weight of a course. The weight is its *inverse document frequency*, `ln(n_all / buyers)`, in whole units.
fn square(n_all: u64, buyers: u32) -> u64 {
    if buyers == 0 {
        return 0;
    }
    #[expect(clippy::cast_precision_loss, reason = "below 2^32")]
    let rarity = libm::log(n_all as f64 / f64::from(buyers));
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "at most 2^12 ln 2^32, which is below 2^17"
    )]
    let weight = (rarity * WEIGHT_UNITS).round_ties_even() as u64;
    weight * weight
}

#[cfg(test)]
mod tests {
    use super::*;

    /// All baskets of a state and their holders, as `people` hold them now.
    fn read(history: &History, people: &[&[u32]]) -> Vec<(Vec<u32>, u32)> {
        let now = history.baskets(9, |take| people.iter().for_each(|basket| take(basket))).merged(&history.changes);
        let numbers = (0..).take(now.len());
        let mut all: Vec<_> = numbers.map(|number| (now.basket(number).to_vec(), now.holders(number))).collect();
        all.sort_unstable();
        all
    }

    fn counted(history: &History, changes: &[(&[u32], i64)]) -> History {
        let mut next = history.next();
        for &(basket, holders) in changes {
            next.count(basket.into(), holders);
        }
        next
    }

    /// Three states, each with what people hold in it.
    fn states() -> [(History, Vec<&'static [u32]>); 3] {
        let first = History::default();
        let second = counted(&first, &[(&[0, 1], 1), (&[1], -1)]);
        let third = counted(&second, &[(&[0, 1], -1), (&[2], -1), (&[0, 2], 1)]);
        [(first, vec![&[1], &[2], &[2]]), (second, vec![&[0, 1], &[2], &[2]]), (third, vec![&[2], &[0, 2]])]
    }

    const THIRD: [(&[u32], u32); 2] = [(&[0, 2], 1), (&[2], 1)];

    fn are(found: &[(Vec<u32>, u32)], expected: &[(&[u32], u32)]) -> bool {
        found.iter().map(|(basket, holders)| (&basket[..], *holders)).eq(expected.iter().copied())
    }

    #[test]
    fn whichever_state_makes_the_base_all_states_have_their_own_baskets() {
        for maker in 0..3 {
            let states = states();
            read(&states[maker].0, &states[maker].1);
            // The base is there, so nobody's baskets are looked at again.
            assert!(are(&read(&states[0].0, &[]), &[(&[1], 1), (&[2], 2)]), "{maker}");
            assert!(are(&read(&states[1].0, &[]), &[(&[0, 1], 1), (&[2], 2)]), "{maker}");
            assert!(are(&read(&states[2].0, &[]), &THIRD), "{maker}");
        }
    }

    #[test]
    fn what_changes_during_a_merge_is_kept() {
        let [(first, people), (second, _), (third, _)] = states();
        read(&first, &people);
        let merged = second.merged();
        assert!(merged.changes.is_empty() && are(&read(&merged, &[]), &[(&[0, 1], 1), (&[2], 2)]));
        let after = third.after(&second, &merged);
        assert!(Arc::ptr_eq(&after.base, &merged.base) && are(&read(&after, &[]), &THIRD));
        // Merged twice meanwhile: what changed since is not known, so the next query makes a base.
        let twice = third.after(&merged, &second.merged());
        assert!(!twice.is_built() && are(&read(&twice, &[&[2], &[0, 2]]), &THIRD));
    }

    #[test]
    fn without_a_query_nothing_is_ever_built() {
        let [_, (second, _), (third, people)] = states();
        let merged = second.merged();
        assert!(!second.is_built() && !merged.is_built() && merged.changes.is_empty());
        assert!(are(&read(&third.after(&second, &merged), &people), &THIRD));
    }

    #[test]
    fn a_merge_is_due_after_many_changes_but_not_while_the_base_is_made() {
        let mut history = History::default();
        (1..).take(MOST_CHANGED - 1).for_each(|course| history.count([course].into(), 1));
        assert!(!history.is_merge_due());
        history.count([0, 1].into(), 1);
        assert!(history.is_merge_due());
        history.build(1, |_| assert!(!history.is_merge_due()));
        assert!(history.is_merge_due());
    }
}
