//! Dynamic programming over lists of undominated states.
//!
//! Where branch and bound takes too long, it is because many branches lead to sets of nearly the same price and worth. Here
//! they meet: a state is a set of the candidates so far, and of two states the one that costs no more, has no more courses
//! and is worth more makes the other one useless, as whatever completes the one completes the other. Equal worth means equal
//! value and equal price, so then the fewer courses and then the smaller ids decide. States whose bound is below the
//! best set known are dropped as in branch and bound.

use std::cmp::Ordering;

use super::bound::Relaxation;
use super::pool::Pool;
use super::reduce::Reduced;

/// How many states are looked at before the search gives up, and how many there may be at once: some 20 MiB.
const MAX_STATES: usize = 1_500_000;
const MAX_AT_ONCE: usize = 150_000;

/// A set of candidates that come before some place in the order.
#[derive(Debug, Clone, Copy)]
struct State {
    price: u64,
    count: usize,
    worth: i128,
    /// Its last decision.
    last: u32,
}

/// Finds the best set, where one is wanted and no group is limited, without which dominance does not hold; `false` when it
/// gave up.
pub(super) fn best(reduced: &Reduced, relaxation: &Relaxation, pool: &mut Pool) -> bool {
    let mut decisions = Decisions(vec![(0, 0)]);
    let mut states = vec![State { price: 0, count: 0, worth: 0, last: 0 }];
    let (mut grown, mut merged) = (Vec::new(), Vec::new());
    let mut frontier = Frontier::new(reduced.slots);
    let mut seen = 0;
    for (place, &candidate) in relaxation.order.iter().enumerate() {
        seen += states.len();
        if seen > MAX_STATES || states.len() > MAX_AT_ONCE {
            return false;
        }
        let price = reduced.candidates[candidate as usize].price;
        grown.clear();
        for state in &states {
            if state.count < reduced.slots && price <= reduced.balance - state.price {
                let last = decisions.push(state.last, candidate);
                let worth = state.worth + relaxation.worth[place];
                grown.push(State { price: state.price + price, count: state.count + 1, worth, last });
            }
        }
        for state in &grown {
            if pool.best().is_none_or(|best| state.worth >= relaxation.worth_of_set(best.value, best.total)) {
                pool.offer(reduced.set(&decisions.candidates(state.last)));
            }
        }
        let least = pool.best().map_or(0, |best| relaxation.worth_of_set(best.value, best.total));
        let may_become_best = |state: &State| {
            let (balance, slots) = (reduced.balance - state.price, reduced.slots - state.count);
            relaxation.bound(state.worth, balance, slots, place + 1) >= least
        };
        frontier.clear();
        merged.clear();
        merge(&states, &grown, |state| {
            if may_become_best(&state) && frontier.admits(&state, &mut merged, reduced, &decisions) {
                merged.push(state);
            }
        });
        std::mem::swap(&mut states, &mut merged);
        if states.is_empty() {
            break;
        }
    }
    true
}

/// Goes through two lists sorted by price, then count, in that order.
fn merge(a: &[State], b: &[State], mut take: impl FnMut(State)) {
    let (mut i, mut j) = (0, 0);
    while i < a.len() || j < b.len() {
        let first = match (a.get(i), b.get(j)) {
            (Some(a), Some(b)) => (a.price, a.count) <= (b.price, b.count),
            (a, _) => a.is_some(),
        };
        take(if first { a[i] } else { b[j] });
        i += usize::from(first);
        j += usize::from(!first);
    }
}

/// For each count, the largest worth among states of at most this count and of no higher price.
struct Frontier {
    best: Vec<Option<i128>>,
}

impl Frontier {
    fn new(slots: usize) -> Self {
        Self { best: vec![None; slots + 1] }
    }

    fn clear(&mut self) {
        self.best.fill(None);
    }

    /// Whether no state so far makes this one useless. One that it makes useless by its ids gives it its place.
    fn admits(&mut self, state: &State, so_far: &mut [State], reduced: &Reduced, decisions: &Decisions) -> bool {
        match self.best[state.count].map_or(Ordering::Greater, |best| state.worth.cmp(&best)) {
            Ordering::Less => false,
            Ordering::Equal => {
                // Equal worth means equal price, and states of equal price come by count.
                if let Some(twin) =
                    so_far.last_mut().filter(|twin| twin.count == state.count && twin.worth == state.worth)
                {
                    let ids = |state: &State| reduced.set(&decisions.candidates(state.last)).ids;
                    if ids(state) < ids(twin) {
                        *twin = *state;
                    }
                }
                false
            }
            Ordering::Greater => {
                for best in &mut self.best[state.count..] {
                    *best = Some(best.map_or(state.worth, |best| best.max(state.worth)));
                }
                true
            }
        }
    }
}

/// Decisions to take a candidate, each with the one before it; the first one stands for the empty set.
struct Decisions(Vec<(u32, u32)>);

impl Decisions {
    fn push(&mut self, before: u32, candidate: u32) -> u32 {
        // At most two for each of MAX_STATES.
        let number = u32::try_from(self.0.len()).unwrap_or(u32::MAX);
        self.0.push((before, candidate));
        number
    }

    fn candidates(&self, mut last: u32) -> Vec<u32> {
        let mut candidates = Vec::new();
        while last != 0 {
            let (before, candidate) = self.0[last as usize];
            candidates.push(candidate);
            last = before;
        }
        candidates
    }
}
