//! Good sets: taken greedily, and made better by exchanging one or two courses.
//!
//! Where lists of partial sets grow long, many sets lie close together, and putting two other courses in the place of two mostly
//! finds one of the best. The best two to put there are found in one pass over the candidates by rising price: for each one,
//! the best of those that the rest of the balance pays for.

use std::cmp::Reverse;

use super::Steps;
use super::pool::Pool;
use super::reduce::Reduced;
use super::relaxation::Relaxation;

/// Takes sets greedily, and makes exchanges as long as they make the best set better.
pub(super) fn improve(reduced: &Reduced, relaxation: &Relaxation, pool: &mut Pool, steps: &mut Steps) {
    greedy(reduced, relaxation, pool, steps);
    while exchange(reduced, relaxation, pool, steps) {}
}

/// The sets that taking courses by gain, by value and by value for money makes.
fn greedy(reduced: &Reduced, relaxation: &Relaxation, pool: &mut Pool, steps: &mut Steps) {
    let candidate = |c: u32| &reduced.candidates[c as usize];
    let for_money = |a: u32, b: u32| {
        let (a, b) = (candidate(a), candidate(b));
        (u128::from(b.value) * u128::from(a.price)).cmp(&(u128::from(a.value) * u128::from(b.price)))
    };
    let mut order: Vec<u32> = (0..).take(reduced.candidates.len()).collect();
    for by in 0..3 {
        if !steps.take(8 * order.len()) {
            return;
        }
        match by {
            0 => order.sort_by_key(|&c| Reverse(relaxation.gain(c))),
            1 => order.sort_by_key(|&c| Reverse(candidate(c).value)),
            _ => order.sort_by(|&a, &b| for_money(a, b)),
        }
        let mut set = Remainder::new(reduced, relaxation);
        let mut chosen = Vec::new();
        for &c in &order {
            if set.slots > 0 && reduced.price(c) <= set.balance && set.has_room(c, c) {
                set.add(c);
                chosen.push(c);
            }
        }
        pool.offer(reduced.set(&chosen));
    }
}

/// Makes the best exchange; `false` when it makes the best set no better.
fn exchange(reduced: &Reduced, relaxation: &Relaxation, pool: &mut Pool, steps: &mut Steps) -> bool {
    let Some(set) = pool.best().cloned() else { return false };
    // A better set has only candidates that lose no more than this one.
    let gap = relaxation.bound - relaxation.worth_of_set(&set);
    let within = relaxation.by_loss.partition_point(|&c| relaxation.loss(c) <= gap);
    if !steps.take(4 * within) {
        return false;
    }
    let mut by_price = relaxation.by_loss[..within].to_vec();
    by_price.sort_unstable_by_key(|&c| (reduced.price(c), c));
    // Those with the smallest loss first, as there may be no time for all pairs.
    let mut chosen = set.candidates.clone();
    chosen.sort_unstable_by_key(|&c| (relaxation.loss(c), c));
    let mut rest = Remainder::new(reduced, relaxation);
    for &c in &chosen {
        rest.add(c);
    }
    let mut best = None;
    for (i, &first) in chosen.iter().enumerate() {
        for &second in &chosen[..=i] {
            if !steps.take(8 + 4 * within) {
                break;
            }
            let pair = [Some(first), Some(second).filter(|_| first != second)];
            pair.iter().flatten().for_each(|&c| rest.remove(c));
            best = best.max(rest.best_two(&by_price).map(|(worth, two)| (worth, two, pair)));
            pair.iter().flatten().for_each(|&c| rest.add(c));
        }
    }
    let Some((_, two, pair)) = best else { return false };
    chosen.retain(|&c| !pair.contains(&Some(c)));
    chosen.extend(two.into_iter().flatten());
    pool.offer(reduced.set(&chosen));
    pool.best() != Some(&set)
}

/// What stays of a set.
struct Remainder<'a> {
    reduced: &'a Reduced,
    relaxation: &'a Relaxation,
    is_chosen: Vec<bool>,
    /// For each kind of groups, what is left of the room of each.
    room: Vec<Vec<usize>>,
    balance: i64,
    slots: usize,
    worth: i128,
}

impl<'a> Remainder<'a> {
    fn new(reduced: &'a Reduced, relaxation: &'a Relaxation) -> Self {
        let rooms = reduced.groups.iter().map(|groups| groups.iter().map(|group| group.room).collect());
        Self {
            reduced,
            relaxation,
            is_chosen: vec![false; reduced.candidates.len()],
            room: rooms.collect(),
            balance: reduced.balance.cast_signed(),
            slots: reduced.slots,
            worth: 0,
        }
    }

    fn add(&mut self, candidate: u32) {
        self.is_chosen[candidate as usize] = true;
        self.balance -= self.reduced.price(candidate);
        self.slots -= 1;
        self.worth += self.relaxation.worth[candidate as usize];
        for (room, group_of) in self.room.iter_mut().zip(&self.reduced.group_of) {
            room[group_of[candidate as usize] as usize] -= 1;
        }
    }

    fn remove(&mut self, candidate: u32) {
        self.is_chosen[candidate as usize] = false;
        self.balance += self.reduced.price(candidate);
        self.slots += 1;
        self.worth -= self.relaxation.worth[candidate as usize];
        for (room, group_of) in self.room.iter_mut().zip(&self.reduced.group_of) {
            room[group_of[candidate as usize] as usize] += 1;
        }
    }

    /// Whether there is room for both, which may be the same one.
    fn has_room(&self, one: u32, other: u32) -> bool {
        self.room.iter().zip(&self.reduced.group_of).all(|(room, group_of)| {
            let (a, b) = (group_of[one as usize] as usize, group_of[other as usize] as usize);
            room[a] > usize::from(a == b && one != other) && room[b] > 0
        })
    }

    /// The best one or two candidates to add, and the worth of the set that they make.
    fn best_two(&self, by_price: &[u32]) -> Option<(i128, [Option<u32>; 2])> {
        let worth = |c: u32| self.relaxation.worth[c as usize];
        let price = |c: u32| self.reduced.price(c);
        let free = |c: u32| !self.is_chosen[c as usize] && price(c) <= self.balance && self.has_room(c, c);
        let possible: Vec<u32> = by_price.iter().copied().filter(|&c| free(c)).collect();
        // For each place the two best up to it.
        let mut leaders: Vec<[Option<u32>; 2]> = Vec::with_capacity(possible.len());
        let mut leader = [None; 2];
        for &c in &possible {
            let beats = |other: Option<u32>| other.is_none_or(|other| worth(other) < worth(c));
            if beats(leader[0]) {
                leader = [Some(c), leader[0]];
            } else if beats(leader[1]) {
                leader[1] = Some(c);
            }
            leaders.push(leader);
        }
        let mut best = None;
        let mut end = possible.len();
        for &c in possible.iter().filter(|_| self.slots > 0) {
            while end > 0 && price(possible[end - 1]) + price(c) > self.balance {
                end -= 1;
            }
            let partners = if end > 0 && self.slots > 1 { leaders[end - 1] } else { [None; 2] };
            let partner = partners.into_iter().flatten().find(|&p| p != c && self.has_room(c, p));
            best = best.max(Some((self.worth + worth(c) + partner.map_or(0, worth), [Some(c), partner])));
        }
        best
    }
}
