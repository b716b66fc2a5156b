//! Lagrangian relaxation of all limits.

use std::cmp::Ordering;

use super::Steps;
use super::pool::Set;
use super::reduce::Reduced;

/// A bound on what sets are worth, and what each candidate takes from it.
///
/// Every limit gets a price for each unit that it grants: of the balance, of the number of courses, of the room of a group. The
/// *gain* of a candidate is its worth less the prices of the units that it takes. No set is worth more than the `bound`: the
/// price of all units, and the sum of the positive gains. A set is worth less than that by the sum of its *losses*: the
/// positive gains that it does without, the negative ones that it has, and the price of each unit that it does not take.
#[derive(Debug)]
pub(super) struct Relaxation {
    /// The worth of each candidate.
    pub(super) worth: Vec<i128>,
    /// The gain of each candidate.
    gain: Vec<i128>,
    /// No set is worth more.
    pub(super) bound: i128,
    /// Candidates by rising loss.
    pub(super) by_loss: Vec<u32>,
    scale: Packing,
}

impl Relaxation {
    pub(super) fn new(reduced: &Reduced, steps: &mut Steps) -> Self {
        let scale = Packing::new(reduced);
        let candidates = &reduced.candidates;
        let worth: Vec<i128> = candidates.iter().map(|c| scale.worth(c.value.into(), c.price, 1)).collect();
        let mut money = price_of_money(reduced, &worth, steps);
        let mut more = 1 + (money >> 48);
        let (gain, bound) = loop {
            steps.spend(4 * worth.len());
            let (gain, bound) = gains(reduced, &worth, money);
            let held = candidates.iter().zip(&gain).filter(|(_, gain)| **gain > 0);
            if held.map(|(c, _)| u128::from(c.price)).sum::<u128>() <= reduced.balance.into() {
                break (gain, bound);
            }
            // The float was a little too small. At the largest price all positive gains are below the balance.
            money = (money + more).min(largest_price_of_money(reduced, &worth));
            more *= 2;
        };
        steps.spend(8 * worth.len());
        let mut by_loss: Vec<u32> = (0..).take(gain.len()).collect();
        by_loss.sort_unstable_by_key(|&c| (gain[c as usize].abs(), candidates[c as usize].id_rank));
        Self { worth, gain, bound, by_loss, scale }
    }

    pub(super) fn gain(&self, candidate: u32) -> i128 {
        self.gain[candidate as usize]
    }

    /// Whether a candidate has a positive gain. All that do make a set within all limits.
    pub(super) fn holds(&self, candidate: u32) -> bool {
        self.gain[candidate as usize] > 0
    }

    /// What a set loses that has a candidate with a negative gain, or does without one with a positive gain.
    pub(super) fn loss(&self, candidate: u32) -> i128 {
        self.gain[candidate as usize].abs()
    }

    /// The worth of a set.
    pub(super) fn worth_of_set(&self, set: &Set) -> i128 {
        self.scale.worth(set.value, set.total, set.ids.len())
    }

    /// No set that is worth at most this has a larger value.
    pub(super) fn largest_value(&self, worth: i128) -> u128 {
        let Packing { price, count, shift } = self.scale;
        // The number of courses was subtracted.
        let rounded_up = (worth >> shift) + (1 << count) - 1;
        u128::try_from(rounded_up >> (price + count)).unwrap_or(0)
    }
}

/// How value, total price and number of courses become one number.
#[derive(Debug, Clone, Copy)]
struct Packing {
    /// The bits for the total price and for the number of courses; 0 where they would not fit.
    price: u32,
    count: u32,
    /// Fraction bits of prices.
    shift: u32,
}

impl Packing {
    /// No sum may leave `i128`. The largest one is that of all losses, each of which is at most as large as a few times what
    /// the largest set can be worth.
    fn new(reduced: &Reduced) -> Self {
        let value = bits(reduced.candidates.iter().map(|c| c.value).max().unwrap_or(0));
        let room = 122 - 2 * bits(reduced.slots as u64) - bits(reduced.candidates.len() as u64);
        let (price, count) = (bits(reduced.balance), bits(reduced.slots as u64));
        let (price, count) = if value + price + count < room { (price, count) } else { (0, 0) };
        Self { price, count, shift: room.saturating_sub(value + price + count + 1).min(32) }
    }

    fn worth(self, value: u128, price: u64, count: usize) -> i128 {
        let value = value.cast_signed();
        let worth = match (self.price, self.count) {
            (0, 0) => value,
            (bits, 0) => (value << bits) + i128::from(price),
            (bits, more) => (((value << bits) + i128::from(price)) << more) - count as i128,
        };
        worth << self.shift
    }
}

fn bits(number: u64) -> u32 {
    u64::BITS - number.leading_zeros()
}

/// The gain of each candidate at a price of money, and the bound.
fn gains(reduced: &Reduced, worth: &[i128], money: i128) -> (Vec<i128>, i128) {
    let reduce = |(worth, price): (&i128, u64)| worth - money * i128::from(price);
    let mut gain: Vec<i128> = worth.iter().zip(reduced.candidates.iter().map(|c| c.price)).map(reduce).collect();
    let mut chosen = Vec::new();
    within_groups(reduced, &gain, &mut chosen);
    let course = between(chosen.iter().map(|&c| gain[c as usize]), reduced.slots);
    for gain in &mut gain {
        *gain -= course;
    }
    let mut bound = money * i128::from(reduced.balance) + course * reduced.slots as i128;
    for group in reduced.groups.iter().flatten() {
        let price = between(group.members.iter().map(|&c| gain[c as usize]), group.room);
        group.members.iter().for_each(|&c| gain[c as usize] -= price);
        bound += price * group.room as i128;
    }
    bound += gain.iter().filter(|&&gain| gain > 0).sum::<i128>();
    (gain, bound)
}

/// The price of a unit of which there are so many: half-way between the last gain that gets one and the first that gets none.
fn between(gains: impl Iterator<Item = i128>, room: usize) -> i128 {
    let mut gains: Vec<i128> = gains.filter(|&gain| gain > 0).collect();
    if gains.len() <= room {
        return 0;
    }
    let (before, &mut first_without, _) = gains.select_nth_unstable_by(room, |a, b| b.cmp(a));
    let last_with = before.iter().min().copied().unwrap_or(first_without);
    first_without + (last_with - first_without) / 2
}

/// A good price of money: the one with the smallest bound, or nearly so.
///
/// The bound is a convex function of the price, in straight pieces, each with a slope of what the chosen candidates leave of the
/// balance. The next price to look at is where the pieces left and right of the minimum would cross.
#[expect(clippy::cast_precision_loss, clippy::cast_possible_truncation, reason = "any price gives a valid bound")]
fn price_of_money(reduced: &Reduced, worth: &[i128], steps: &mut Steps) -> i128 {
    let points: Vec<(f64, f64)> =
        worth.iter().zip(&reduced.candidates).map(|(&worth, c)| (worth as f64, c.price as f64)).collect();
    let mut gain = vec![0.0; points.len()];
    let mut chosen = Vec::new();
    // The worth and the cost of what is chosen at some price.
    let mut piece = |price: f64| {
        steps.spend(points.len());
        gain.iter_mut().zip(&points).for_each(|(gain, &(worth, cost))| *gain = worth - price * cost);
        within_groups(reduced, &gain, &mut chosen);
        keep_largest(&mut chosen, reduced.slots, &gain);
        chosen.iter().fold((0.0, 0.0), |(w, p), &c| (w + points[c as usize].0, p + points[c as usize].1))
    };
    let balance = reduced.balance as f64;
    let mut left = piece(0.0);
    if left.1 <= balance {
        return 0;
    }
    let largest = largest_price_of_money(reduced, worth);
    let (mut low, mut high) = (0.0, largest as f64);
    let mut right = piece(high);
    for _ in 0..60 {
        let crossing = (left.0 - right.0) / (left.1 - right.1);
        if !(low < crossing && crossing < high) {
            break;
        }
        let next = piece(crossing);
        if next.1 > balance {
            (low, left) = (crossing, next);
        } else {
            (high, right) = (crossing, next);
        }
    }
    (high as i128).min(largest)
}

/// At this price, `slots` candidates with positive gains cost less than the balance.
fn largest_price_of_money(reduced: &Reduced, worth: &[i128]) -> i128 {
    let dearest = worth.iter().max().copied().unwrap_or(0) * reduced.slots as i128;
    dearest.checked_div(reduced.balance.into()).unwrap_or(0) + 1
}

/// The candidates with the largest positive gains of each group, as many as it has room for.
fn within_groups<N: PartialOrd + Copy + Default>(reduced: &Reduced, gain: &[N], chosen: &mut Vec<u32>) {
    chosen.clear();
    chosen.extend((0..).take(gain.len()).filter(|&c| gain[c as usize] > N::default()));
    let mut list = Vec::new();
    for groups in &reduced.groups {
        let mut kept = vec![false; gain.len()];
        chosen.drain(..).for_each(|c| kept[c as usize] = true);
        for group in groups {
            list.extend(group.members.iter().copied().filter(|&c| kept[c as usize]));
            keep_largest(&mut list, group.room, gain);
            chosen.append(&mut list);
        }
    }
}

/// Keeps those with the largest gains.
fn keep_largest<N: PartialOrd + Copy>(list: &mut Vec<u32>, room: usize, gain: &[N]) {
    if list.len() > room {
        if room > 0 {
            let falling = |a: u32, b: u32| gain[b as usize].partial_cmp(&gain[a as usize]).unwrap_or(Ordering::Equal);
            list.select_nth_unstable_by(room - 1, |&a, &b| falling(a, b).then(a.cmp(&b)));
        }
        list.truncate(room);
    }
}
