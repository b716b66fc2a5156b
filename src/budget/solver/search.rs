//! Sets by rising loss, from two lists of partial sets that meet in the middle.
//!
//! A set is described by its difference from what the relaxation holds. A set that loses no more than is allowed differs only in
//! candidates with a loss within that, the *core*. The core is divided in two halves, all differences within a half are listed,
//! and each of one list is completed by the best of the other one. What is allowed grows until no set that was not
//! looked at can be among the best.

use super::core::{Core, Field, ItemCluster, Member};
use super::list::{Changes, State, Undominated};
use super::pool::{Pool, Set};
use super::reduce::Reduced;
use super::relaxation::Relaxation;
use super::{Steps, exchange};

/// How many candidates the first core has.
const FIRST_CORE: usize = 16;

/// From a core of this size on, courses are exchanged once.
const EXCHANGE_FROM: usize = 40;

/// How many states a list may have, and how many changes there may be: some 30 MiB in all.
const MAX_STATES: usize = 1 << 17;
const MAX_CHANGES: usize = 1 << 21;

/// An allowed loss that no set has.
const ANY: i128 = i128::MAX / 2;

/// Finds the best sets. Returns whether that is proved, and a worth that no set exceeds.
pub(super) fn best(reduced: &Reduced, relaxation: &Relaxation, pool: &mut Pool, steps: &mut Steps) -> (bool, i128) {
    let worth = |set: &Set| relaxation.worth_of_set(set);
    let (mut size, mut bound) = (FIRST_CORE, relaxation.bound);
    // Some of the work is kept for exchanges.
    let kept = steps.limit / 8;
    steps.limit -= kept;
    let mut exchanged = false;
    loop {
        let gap = |pool: &Pool| pool.worst().map(|set| relaxation.bound - worth(set));
        // What the next candidate by loss loses, but no more than would make a set worse than those that are known.
        let next = relaxation.by_loss.get(size).map(|&c| relaxation.loss(c));
        let allowed = next.into_iter().chain(gap(pool)).min().unwrap_or(ANY);
        let within = relaxation.by_loss.partition_point(|&c| relaxation.loss(c) <= allowed);
        // Where many candidates lose the same, some of them are enough to find good sets.
        size = within.min(2 * size);
        let before = steps.done;
        let complete = Pass::new(reduced, relaxation, allowed).run(&relaxation.by_loss[..size], pool, steps);
        if complete && size == within {
            if allowed == ANY || gap(pool).is_some_and(|gap| gap <= allowed) {
                return (true, bound);
            }
            bound = pool.best().map_or(0, worth).max(relaxation.bound - allowed);
        }
        // A pass that was cheap did not bring much either.
        let cheap = (steps.done - before) * 64 < steps.limit;
        if !exchanged && (!complete || size >= EXCHANGE_FROM) {
            let limit = steps.limit + kept;
            steps.limit = limit.min(steps.done + kept);
            exchange::improve(reduced, relaxation, pool, steps);
            steps.limit = limit;
            exchanged = true;
        }
        if complete {
            size = size.max(FIRST_CORE) * if cheap { 4 } else { 3 } / 2;
        } else if !steps.are_left() || gap(pool).is_none_or(|gap| gap >= allowed) {
            return (false, bound);
        }
    }
}

/// The search for the best sets within an allowed loss.
struct Pass<'a> {
    reduced: &'a Reduced,
    relaxation: &'a Relaxation,
    allowed: i128,
    /// The candidates that the relaxation holds, and what they leave of the balance and of the number of courses.
    held: Vec<u32>,
    price: i64,
    count: i32,
    changes: Changes,
}

/// One half of the core.
struct Half {
    states: Vec<State>,
    /// How many of them are settled; changes that came later stand after them.
    settled: usize,
    /// What a state may cost and count: what is left, and what is held of the rest of the core and may be taken away.
    price: i64,
    count: i32,
}

impl<'a> Pass<'a> {
    fn new(reduced: &'a Reduced, relaxation: &'a Relaxation, allowed: i128) -> Self {
        let held: Vec<u32> = (0..).take(reduced.candidates.len()).filter(|&c| relaxation.holds(c)).collect();
        let price: i64 = held.iter().map(|&c| reduced.price(c)).sum();
        let count = reduced.slots - held.len();
        Self {
            reduced,
            relaxation,
            allowed,
            price: reduced.balance.cast_signed() - price,
            count: if reduced.counted { i32::try_from(count).unwrap_or(i32::MAX) } else { 0 },
            held,
            changes: Changes::new(),
        }
    }

    /// `false` when not all sets were looked at.
    fn run(mut self, core: &[u32], pool: &mut Pool, steps: &mut Steps) -> bool {
        if !steps.take(3 * self.reduced.candidates.len()) {
            return false;
        }
        let (mut price, mut count) = (self.price, self.count);
        for &c in core.iter().filter(|&&c| self.relaxation.holds(c)) {
            price += self.reduced.price(c);
            count += self.one();
        }
        let mut halves = [(); 2].map(|()| Half { states: vec![State::START], settled: 1, price, count });
        let Some(core) = Core::new(self.reduced, self.relaxation, core) else { return false };
        // Some steps are for the meeting.
        let limit = steps.limit;
        steps.limit -= limit.saturating_sub(steps.done) / 4;
        let complete = core.clusters.iter().all(|cluster| {
            let [a, b] = &mut halves;
            self.decide(cluster, if a.states.len() <= b.states.len() { a } else { b }, steps)
        });
        steps.limit = limit;
        self.meet(halves, &core.crossing, pool, steps) && complete
    }

    /// What a course counts.
    fn one(&self) -> i32 {
        i32::from(self.reduced.counted)
    }

    /// Decides on the candidates of a cluster; `false` when it gave up.
    fn decide(&mut self, cluster: &ItemCluster, half: &mut Half, steps: &mut Steps) -> bool {
        for member in &cluster.members {
            if !self.change(half, member, steps) {
                return false;
            }
            if half.states.len() > 2 * half.settled + 16 && !self.settle(half, 0, steps) {
                return false;
            }
        }
        cluster.done == 0 || self.settle(half, cluster.done, steps)
    }

    /// Adds what comes of changing one more candidate; `false` when it gave up.
    fn change(&mut self, half: &mut Half, member: &Member, steps: &mut Steps) -> bool {
        let held = self.relaxation.holds(member.candidate);
        let sign = if held { -1 } else { 1 };
        let price = i64::from(sign) * self.reduced.price(member.candidate);
        let count = sign * self.one();
        let worth = i128::from(sign) * self.relaxation.worth[member.candidate as usize];
        let loss = self.relaxation.loss(member.candidate);
        if held {
            // It is used where it is not taken away, and what it costs can no longer be had by taking it away.
            half.states.iter_mut().for_each(|state| state.usage += member.takes);
            half.price += price;
            half.count += count;
        }
        self.changes.next_turn(member.candidate, self.reduced.candidates[member.candidate as usize].id_rank, held);
        if !steps.take(1 + half.states.len() / 8) {
            return false;
        }
        for place in 0..half.states.len() {
            let state = &half.states[place];
            let (price, count, loss) = (state.price + price, state.count + count, state.loss + loss);
            if loss > self.allowed || price > half.price || count > half.count {
                continue;
            }
            let usage = if held { state.usage - member.takes } else { state.usage + member.takes };
            if held || member.allows(usage) {
                if !steps.are_left() || half.states.len() >= MAX_STATES || self.changes.len() >= MAX_CHANGES {
                    return false;
                }
                steps.spend(1);
                let last = self.changes.push(state.last);
                half.states.push(State { worth: state.worth + worth, loss, price, usage, count, last });
            }
        }
        true
    }

    /// Brings the states in order, without those that are useless and without the bits of usage that are `done` with; `false` when it
    /// gave up.
    fn settle(&self, half: &mut Half, done: u64, steps: &mut Steps) -> bool {
        half.states.retain(|state| state.price <= half.price && state.count <= half.count);
        half.states.iter_mut().for_each(|state| state.usage &= !done);
        if !steps.take(3 * half.states.len()) {
            return false;
        }
        half.states.sort_by_key(State::key);
        let mut undominated = Undominated::new(self.reduced.n, &half.states);
        for &state in &half.states {
            if !steps.are_left() {
                break;
            }
            undominated.offer(state, &self.changes, steps);
        }
        half.states = undominated.states;
        half.settled = half.states.len();
        steps.are_left()
    }

    /// Completes the states of one half by those of the other; `false` when it gave up.
    fn meet(&self, mut halves: [Half; 2], crossing: &[Field], pool: &mut Pool, steps: &mut Steps) -> bool {
        if !halves.iter_mut().all(|half| self.settle(half, 0, steps)) {
            return false;
        }
        if !steps.take(4 * halves.iter().map(|half| half.states.len()).sum::<usize>()) {
            return false;
        }
        let [ones, others] = halves.map(|half| Class::all(half.states));
        let base: i128 = self.held.iter().map(|&c| self.relaxation.worth[c as usize]).sum();
        let mut least = pool.worst().map(|set| self.relaxation.worth_of_set(set) - base);
        for ones in &ones {
            for others in &others {
                if !steps.take(2 + crossing.len()) {
                    return false;
                }
                let (first, second) = (&ones.states[0], &others.states[0]);
                let fits = first.count + second.count <= self.count;
                if !fits || !crossing.iter().all(|field| field.allows(first.usage + second.usage)) {
                    continue;
                }
                if !steps.take(ones.states.len() + others.states.len()) {
                    return false;
                }
                let mut end = others.states.len();
                for one in &ones.states {
                    while end > 0 && one.price + others.states[end - 1].price > self.price {
                        end -= 1;
                    }
                    for place in (0..end).rev() {
                        if least.is_some_and(|least| one.worth + others.largest[place] < least) {
                            break;
                        }
                        steps.spend(1);
                        let other = &others.states[place];
                        if least.is_none_or(|least| one.worth + other.worth >= least) {
                            self.offer(one, other, pool, steps);
                            least = pool.worst().map(|set| self.relaxation.worth_of_set(set) - base);
                        }
                        if !steps.are_left() {
                            return false;
                        }
                    }
                }
            }
        }
        true
    }

    /// Offers the set that two states make.
    fn offer(&self, one: &State, other: &State, pool: &mut Pool, steps: &mut Steps) {
        let mut set = self.held.clone();
        for candidate in self.changes.candidates(one.last).chain(self.changes.candidates(other.last)) {
            if self.relaxation.holds(candidate) {
                set.retain(|&c| c != candidate);
            } else {
                set.push(candidate);
            }
            steps.spend(1 + set.len() / 8);
        }
        steps.spend(4 * set.len() + pool.len() / 8);
        pool.offer(self.reduced.set(&set));
    }
}

/// States that differ only in price and worth, by rising price.
struct Class {
    states: Vec<State>,
    /// For each the largest worth up to it.
    largest: Vec<i128>,
}

impl Class {
    fn all(mut states: Vec<State>) -> Vec<Self> {
        states.sort_by_key(|state| (state.usage, state.count));
        let classes = states.chunk_by(|a, b| (a.usage, a.count) == (b.usage, b.count));
        let running_maximum = |largest: &mut i128, state: &State| {
            *largest = state.worth.max(*largest);
            Some(*largest)
        };
        let class = |states: &[State]| Self {
            states: states.to_vec(),
            largest: states.iter().scan(i128::MIN, running_maximum).collect(),
        };
        classes.map(class).collect()
    }
}
