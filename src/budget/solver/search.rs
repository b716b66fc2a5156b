//! Depth-first branch and bound.

use std::cmp::Reverse;

use super::bound::Relaxation;
use super::pool::Pool;
use super::reduce::Reduced;

/// How many branches are looked at before the search gives up, where `states.rs` can take over.
pub(super) const MAX_STEPS: u64 = 30_000;

/// The same where nothing takes over.
pub(super) const MAX_STEPS_ALONE: u64 = 1_500_000;

/// Lists of dominating candidates are only made for so many: they take time with the square of the number, and where many
/// candidates are left, few dominate each other.
const MAX_LISTED: usize = 1_000;

/// Sets to start from: the best by value, by value per price and by reduced worth, as many as fit, and each item alone.
pub(super) fn greedy(reduced: &Reduced, relaxation: &Relaxation, pool: &mut Pool) {
    let candidates = &reduced.candidates;
    pool.offer(reduced.set(&[]));
    if reduced.slots == 0 {
        return;
    }
    let mut by_value: Vec<u32> = (0..).take(candidates.len()).collect();
    by_value.sort_by_key(|&c| Reverse(candidates[c as usize].value));
    let mut by_ratio = by_value.clone();
    by_ratio.sort_by(|&a, &b| {
        let (a, b) = (&candidates[a as usize], &candidates[b as usize]);
        // value / price descending, without dividing.
        (u128::from(b.value) * u128::from(a.price)).cmp(&(u128::from(a.value) * u128::from(b.price)))
    });
    for order in [&by_value, &by_ratio, &relaxation.order] {
        let mut state = State::new(reduced);
        let mut chosen = Vec::new();
        for &c in order {
            if chosen.len() < reduced.slots && state.fits(reduced, c) {
                state.choose(reduced, c);
                chosen.push(c);
                pool.offer(reduced.set(&chosen));
            }
        }
    }
    if let Some(&best) = by_value.iter().find(|&&c| State::new(reduced).fits(reduced, c)) {
        pool.offer(reduced.set(&[best]));
    }
}

/// What is left while a set is built.
struct State {
    balance: u64,
    category_room: Vec<u32>,
    provider_room: Vec<u32>,
}

impl State {
    fn new(reduced: &Reduced) -> Self {
        Self {
            balance: reduced.balance,
            category_room: reduced.category_room.clone(),
            provider_room: reduced.provider_room.clone(),
        }
    }

    fn fits(&self, reduced: &Reduced, candidate: u32) -> bool {
        let item = &reduced.candidates[candidate as usize];
        item.price <= self.balance
            && item.category.is_none_or(|group| self.category_room[group as usize] > 0)
            && item.provider.is_none_or(|group| self.provider_room[group as usize] > 0)
    }

    fn choose(&mut self, reduced: &Reduced, candidate: u32) {
        let item = &reduced.candidates[candidate as usize];
        self.balance -= item.price;
        item.category.into_iter().for_each(|group| self.category_room[group as usize] -= 1);
        item.provider.into_iter().for_each(|group| self.provider_room[group as usize] -= 1);
    }

    fn take_back(&mut self, reduced: &Reduced, candidate: u32) {
        let item = &reduced.candidates[candidate as usize];
        self.balance += item.price;
        item.category.into_iter().for_each(|group| self.category_room[group as usize] += 1);
        item.provider.into_iter().for_each(|group| self.provider_room[group as usize] += 1);
    }
}

/// Goes through all sets that can be among the best; `false` when it gave up.
///
/// Sets are built in the order of the relaxation, so each comes up once. In that order the bound falls from place to place,
/// so the first place whose bound is too low ends the branch.
pub(super) fn branch_and_bound(reduced: &Reduced, relaxation: &Relaxation, max_steps: u64, pool: &mut Pool) -> bool {
    let order = &relaxation.order;
    let dominators = dominators(reduced, order);
    let mut state = State::new(reduced);
    let mut is_chosen = vec![false; order.len()];
    // Places in the order of what is chosen, and the worth of each set on the way.
    let (mut places, mut worth) = (Vec::<usize>::new(), vec![0_i128]);
    let mut chosen = Vec::new();
    let mut threshold = pool.worst().map(|set| relaxation.worth_of_set(set.value, set.total));
    let (mut place, mut steps) = (0, 0);
    loop {
        let slots = reduced.slots - places.len();
        let so_far = worth[places.len()];
        let goes_on = slots > 0
            && relaxation.cheapest_from[place] <= state.balance
            && threshold.is_none_or(|least| relaxation.bound(so_far, state.balance, slots, place) >= least);
        if goes_on {
            steps += 1;
            if steps > max_steps {
                return false;
            }
            let candidate = order[place];
            let absent = dominators.of(place).iter().filter(|&&d| !is_chosen[d as usize]).count();
            if state.fits(reduced, candidate) && absent < reduced.n {
                state.choose(reduced, candidate);
                is_chosen[place] = true;
                places.push(place);
                chosen.push(candidate);
                let now = so_far + relaxation.worth[place];
                worth.push(now);
                let mut better = threshold.is_none_or(|least| now >= least);
                if better {
                    pool.offer(reduced.set(&chosen));
                }
                if places.len() < reduced.slots
                    && let Some(last) = dearest_that_fits(reduced, relaxation, &state, &is_chosen)
                    && threshold.is_none_or(|least| now + relaxation.worth[last] > least)
                {
                    chosen.push(order[last]);
                    pool.offer(reduced.set(&chosen));
                    chosen.pop();
                    better = true;
                }
                if better {
                    threshold = pool.worst().map(|set| relaxation.worth_of_set(set.value, set.total));
                }
            }
            place += 1;
        } else {
            let Some(last) = places.pop() else { return true };
            chosen.pop();
            worth.pop();
            is_chosen[last] = false;
            state.take_back(reduced, order[last]);
            place = last + 1;
        }
    }
}

/// The place of the dearest candidate that may still be added: where values go with prices, a set that spends nearly all is
/// nearly best, and knowing one early cuts many branches.
fn dearest_that_fits(reduced: &Reduced, relaxation: &Relaxation, state: &State, is_chosen: &[bool]) -> Option<usize> {
    let price = |place: u32| reduced.candidates[relaxation.order[place as usize] as usize].price;
    let affordable = relaxation.by_price.partition_point(|&place| price(place) <= state.balance);
    let free = relaxation.by_price[..affordable].iter().rev().map(|&place| place as usize).find(|&p| !is_chosen[p])?;
    state.fits(reduced, relaxation.order[free]).then_some(free)
}

/// For each place of the order, the places of candidates that dominate the one there. In a set among the `n` best all but
/// `n - 1` of them are chosen, as each absent one would make a better set. All of them come before it in the order.
struct Dominators {
    ends: Vec<u32>,
    places: Vec<u32>,
}

impl Dominators {
    fn of(&self, place: usize) -> &[u32] {
        let Some(&end) = self.ends.get(place) else { return &[] };
        let start = if place == 0 { 0 } else { self.ends[place - 1] };
        &self.places[start as usize..end as usize]
    }
}

fn dominators(reduced: &Reduced, order: &[u32]) -> Dominators {
    let mut dominators = Dominators { ends: Vec::new(), places: Vec::new() };
    if order.len() <= MAX_LISTED {
        for (place, &candidate) in order.iter().enumerate() {
            let item = &reduced.candidates[candidate as usize];
            let before = order[..place].iter().zip(0..);
            let dominating = before.filter(|&(&other, _)| reduced.candidates[other as usize].dominates(item));
            dominators.places.extend(dominating.map(|(_, place): (_, u32)| place));
            // At most MAX_LISTED^2 / 2 in all.
            dominators.ends.push(u32::try_from(dominators.places.len()).unwrap_or(u32::MAX));
        }
    }
    dominators
}
