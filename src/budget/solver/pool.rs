//! The best sets found so far.

use std::cmp::Ordering;

/// A set of candidates, with what it is compared by.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Set {
    pub(super) value: u128,
    pub(super) total: u64,
    /// Ranks of ids, ascending.
    pub(super) ids: Vec<u32>,
    /// Candidates, in no particular order.
    pub(super) candidates: Vec<u32>,
}

impl Set {
    /// The one total order: value descending, total descending, count ascending, ids ascending. Best first.
    fn order(&self, other: &Self) -> Ordering {
        let worth = (other.value, other.total).cmp(&(self.value, self.total));
        worth.then(self.ids.len().cmp(&other.ids.len())).then_with(|| self.ids.cmp(&other.ids))
    }
}

/// The `n` best distinct sets, best first.
#[derive(Debug)]
pub(super) struct Pool {
    n: usize,
    sets: Vec<Set>,
}

impl Pool {
    pub(super) fn new(n: usize) -> Self {
        Self { n, sets: Vec::new() }
    }

    /// The worst set that is kept, once there are `n`.
    pub(super) fn worst(&self) -> Option<&Set> {
        if self.sets.len() == self.n { self.sets.last() } else { None }
    }

    pub(super) fn len(&self) -> usize {
        self.sets.len()
    }

    /// The best set.
    pub(super) fn best(&self) -> Option<&Set> {
        self.sets.first()
    }

    /// Keeps a set if it is among the best.
    pub(super) fn offer(&mut self, set: Set) {
        // Distinct sets differ in their ids, so the order leaves no two of them equal.
        if let Err(place) = self.sets.binary_search_by(|kept| kept.order(&set))
            && place < self.n
        {
            self.sets.insert(place, set);
            self.sets.truncate(self.n);
        }
    }

    pub(super) fn into_sets(self) -> Vec<Set> {
        self.sets
    }
}
