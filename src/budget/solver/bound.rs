//! How much a set can be worth at the most.

use std::cmp::Reverse;

use super::reduce::Reduced;

/// Candidates in order of reduced worth, with all that bounds need.
#[derive(Debug)]
pub(super) struct Relaxation {
    /// Candidates by falling reduced worth; equal ones by falling price, then by id.
    pub(super) order: Vec<u32>,
    /// The worth of each candidate in that order, times 2^`shift`.
    pub(super) worth: Vec<i128>,
    /// Sums of the positive reduced worths of the first candidates: `sums[i]` of the first `i`.
    sums: Vec<i128>,
    /// The cheapest price from each place of the order on.
    pub(super) cheapest_from: Vec<u64>,
    /// Places of the order by rising price.
    pub(super) by_price: Vec<u32>,
    /// What one unit of money is worth, times 2^`shift`.
    multiplier: i128,
    scale: Scale,
}

/// How worths are computed.
#[derive(Debug, Clone, Copy)]
struct Scale {
    /// `worth = value << value_shift + price`, or the value alone where that would not fit.
    value_shift: Option<u32>,
    /// Fraction bits of the multiplier.
    shift: u32,
}

impl Scale {
    /// All sums of worths, and the multiplier times the balance, must stay within `i128`.
    ///
    /// The best multiplier `l` has `l * balance <= slots * largest worth`, as the bound for `l = 0` is no more than that.
    fn new(reduced: &Reduced) -> Self {
        let largest = reduced.candidates.iter().map(|c| c.value).max().unwrap_or(0);
        // The multiplier times the balance takes the bits of `slots` worths, the sums take those of all; and a carry each.
        let room = 127 - bits(reduced.slots as u64) - bits(reduced.candidates.len() as u64) - 3;
        let value_bits = bits(largest);
        let price_bits = bits(reduced.balance);
        let value_shift = if value_bits + price_bits < room { Some(price_bits) } else { None };
        let worth_bits = value_bits + value_shift.map_or(0, |shift| shift + 1);
        Self { value_shift, shift: room.saturating_sub(worth_bits).min(32) }
    }

    fn worth(self, value: u64, price: u64) -> i128 {
        let worth = match self.value_shift {
            Some(shift) => (i128::from(value) << shift) + i128::from(price),
            None => i128::from(value),
        };
        worth << self.shift
    }

    /// The worth of a set.
    fn of_set(self, value: u128, total: u64) -> i128 {
        let value = i128::try_from(value).unwrap_or(i128::MAX);
        let worth = match self.value_shift {
            Some(shift) => (value << shift) + i128::from(total),
            None => value,
        };
        worth << self.shift
    }
}

fn bits(number: u64) -> u32 {
    u64::BITS - number.leading_zeros()
}

impl Relaxation {
    pub(super) fn new(reduced: &Reduced) -> Self {
        let scale = Scale::new(reduced);
        let worths: Vec<i128> = reduced.candidates.iter().map(|c| scale.worth(c.value, c.price)).collect();
        let multiplier = multiplier(reduced, &worths);
        let reduced_worth = |c: u32| worths[c as usize] - multiplier * i128::from(reduced.candidates[c as usize].price);
        let mut order: Vec<u32> = (0..).take(worths.len()).collect();
        order.sort_unstable_by_key(|&c| {
            let item = &reduced.candidates[c as usize];
            (Reverse(reduced_worth(c)), Reverse(item.price), item.id_rank)
        });
        let mut sums = vec![0];
        let mut sum = 0;
        for &c in &order {
            sum += reduced_worth(c).max(0);
            sums.push(sum);
        }
        let mut cheapest_from = vec![u64::MAX; order.len() + 1];
        for (place, &c) in order.iter().enumerate().rev() {
            cheapest_from[place] = cheapest_from[place + 1].min(reduced.candidates[c as usize].price);
        }
        let worth = order.iter().map(|&c| worths[c as usize]).collect();
        let mut by_price: Vec<u32> = (0..).take(order.len()).collect();
        by_price.sort_by_key(|&place| reduced.candidates[order[place as usize] as usize].price);
        Self { order, worth, sums, cheapest_from, by_price, multiplier, scale }
    }

    /// The most that a set can be worth that is worth `worth` already, has `balance` and `slots` left, and chooses from
    /// `place` on. No more items are counted than the balance would pay for if all cost as little as the cheapest.
    pub(super) fn bound(&self, worth: i128, balance: u64, slots: usize, place: usize) -> i128 {
        let paid_for = balance.checked_div(self.cheapest_from[place]).and_then(|n| usize::try_from(n).ok());
        let last = (place + slots.min(paid_for.unwrap_or(slots))).min(self.order.len());
        worth + self.multiplier * i128::from(balance) + self.sums[last] - self.sums[place]
    }

    /// The worth of a set, to compare with bounds.
    pub(super) fn worth_of_set(&self, value: u128, total: u64) -> i128 {
        self.scale.of_set(value, total)
    }

    /// No set has a larger value.
    pub(super) fn value_bound(&self, reduced: &Reduced) -> u128 {
        let bound = self.bound(0, reduced.balance, reduced.slots, 0) >> self.scale.shift;
        u128::try_from(bound >> self.scale.value_shift.unwrap_or(0)).unwrap_or(0)
    }
}

/// A good multiplier: near the smallest bound, which is where the chosen items cost as much as there is.
#[expect(clippy::cast_precision_loss, clippy::cast_possible_truncation, reason = "any multiplier gives a valid bound")]
fn multiplier(reduced: &Reduced, worths: &[i128]) -> i128 {
    let slots = reduced.slots;
    if slots == 0 || reduced.balance == 0 {
        return 0;
    }
    let points: Vec<(f64, f64)> =
        worths.iter().zip(&reduced.candidates).map(|(&worth, c)| (worth as f64, c.price as f64)).collect();
    let largest = points.iter().map(|p| p.0).fold(0.0, f64::max);
    let mut rest: Vec<(f64, f64)> = Vec::with_capacity(points.len());
    let (mut low, mut high) = (0.0, slots as f64 * largest / reduced.balance as f64);
    for _ in 0..60 {
        let middle = low + (high - low) / 2.0;
        rest.clear();
        rest.extend(points.iter().map(|&(worth, price)| (worth - middle * price, price)).filter(|r| r.0 > 0.0));
        if rest.len() > slots {
            rest.select_nth_unstable_by(slots - 1, |a, b| b.0.total_cmp(&a.0));
            rest.truncate(slots);
        }
        let cost: f64 = rest.iter().map(|r| r.1).sum();
        if cost > reduced.balance as f64 { low = middle } else { high = middle }
    }
    // Rounding down keeps the product with the balance within what `Scale` allows for.
    high as i128
}
