//! A table over numbers of courses and total prices.
//!
//! `best[c][t]` is the largest value of a set of exactly `c` candidates that cost exactly `t` units, a unit being the greatest
//! common divisor of all prices. Candidates come in by falling id, and one that ties is taken: it has the smallest id so
//! far, so it makes the lexicographically smallest list. A bit for each decision leads back to the set.

use super::pool::{Pool, Set};
use super::reduce::Reduced;

/// The most decisions that are made, and bits that are kept.
const MAX_CELLS: u64 = 1 << 25;

/// Bits of a word.
const WORD: usize = 64;

/// No set of this count and price: so far below 0 that no sum of values reaches 0.
const NONE: i64 = i64::MIN / 2;

/// Finds the best set, where one is wanted and no group is limited; `false` when the table would be too large.
pub(super) fn best(reduced: &Reduced, pool: &mut Pool) -> bool {
    let Some(set) = solve(reduced, pool) else { return false };
    pool.offer(set);
    true
}

fn solve(reduced: &Reduced, pool: &Pool) -> Option<Set> {
    let candidates = &reduced.candidates;
    let unit = candidates.iter().map(|c| c.price).fold(0, gcd).max(1);
    let width = usize::try_from(reduced.balance / unit).ok()?.checked_add(1)?;
    let slots = useful_slots(reduced, pool);
    let cells = (width as u64).checked_mul(slots as u64)?.checked_mul(candidates.len() as u64)?;
    let largest = i64::try_from(candidates.iter().map(|c| c.value).max()?).ok()?;
    let sum = largest.checked_mul(i64::try_from(slots).ok()?)?;
    if cells > MAX_CELLS || sum >= -NONE {
        return None;
    }

    let mut by_id: Vec<u32> = (0..).take(candidates.len()).collect();
    by_id.sort_unstable_by_key(|&c| std::cmp::Reverse(candidates[c as usize].id_rank));
    let mut best = vec![NONE; (slots + 1) * width];
    best[0] = 0;
    // One bit for each candidate, count and total, in rows of whole words.
    let words = width.div_ceil(WORD);
    let mut taken = vec![0_u64; by_id.len() * slots * words];
    let mut rows = taken.chunks_exact_mut(words);
    for &c in &by_id {
        let candidate = &candidates[c as usize];
        let (price, value) = (units(candidate.price, unit), i64::try_from(candidate.value).ok()?);
        for count in (1..=slots).rev() {
            let (fewer, more) = best.split_at_mut(count * width);
            let before = &fewer[(count - 1) * width..][..width - price];
            let bits = rows.next()?;
            for (total, (now, before)) in (price..).zip(more[price..width].iter_mut().zip(before)) {
                let sum = before + value;
                if sum >= *now {
                    *now = sum;
                    bits[total / WORD] |= 1 << (total % WORD);
                }
            }
        }
    }

    // The largest value, then the largest total, then the fewest courses.
    let reached = (0..=slots).flat_map(|count| (0..width).map(move |total| (count, total)));
    let reached = reached.filter(|&(count, total)| best[count * width + total] >= 0);
    let rank = |(count, total): (usize, usize)| (best[count * width + total], total, std::cmp::Reverse(count));
    let (mut count, mut total) = reached.max_by_key(|&state| rank(state))?;
    let mut chosen = Vec::new();
    for (turn, &c) in by_id.iter().enumerate().rev() {
        let took = |count: usize| {
            // Counts come in from the largest to 1.
            let row = (turn * slots + slots - count) * words;
            taken[row + total / WORD] >> (total % WORD) & 1 == 1
        };
        if count > 0 && took(count) {
            chosen.push(c);
            count -= 1;
            total -= units(candidates[c as usize].price, unit);
        }
    }
    Some(reduced.set(&chosen))
}

/// How many courses the best set can have: where the best set known is worth as much as any can be, no more than it has.
fn useful_slots(reduced: &Reduced, pool: &Pool) -> usize {
    let known = pool.best().filter(|set| {
        let mut values: Vec<u64> = reduced.candidates.iter().map(|c| c.value).collect();
        values.sort_unstable_by(|a, b| b.cmp(a));
        let most: u128 = values.iter().take(reduced.slots).map(|&v| u128::from(v)).sum();
        set.total == reduced.balance && set.value == most
    });
    known.map_or(reduced.slots, |set| set.ids.len())
}

fn units(price: u64, unit: u64) -> usize {
    // At most the width of the table, which is a usize.
    usize::try_from(price / unit).unwrap_or(usize::MAX)
}

fn gcd(mut a: u64, mut b: u64) -> u64 {
    while b != 0 {
        (a, b) = (b, a % b);
    }
    a
}
