//! Better sets by exchanging one or two courses.
//!
//! Where lists of partial sets grow too long, many sets lie close together, and one of them is mostly found by putting two other
//! courses in the place of two. The best two are found in one pass over the candidates by rising price: for each one, the best
//! of those that what is left pays for.

use super::Steps;
use super::pool::Pool;
use super::reduce::Reduced;
use super::relaxation::Relaxation;

/// Exchanges as long as that makes the best set better. Looks only at candidates whose loss a better set can have.
pub(super) fn improve(reduced: &Reduced, relaxation: &Relaxation, pool: &mut Pool, steps: &mut Steps) {
    let limit = steps.done + steps.limit / 16;
    while let Some(set) = pool.best().cloned() {
        let gap = relaxation.bound - relaxation.worth_of_set(&set);
        let within = relaxation.by_loss.partition_point(|&c| relaxation.loss(c) <= gap);
        let mut by_price = relaxation.by_loss[..within].to_vec();
        by_price.sort_unstable_by_key(|&c| (reduced.price(c), c));
        steps.spend(4 * by_price.len());
        // Those with the smallest loss first.
        let mut chosen = set.candidates.clone();
        chosen.sort_unstable_by_key(|&c| (relaxation.loss(c), c));
        let mut best = None;
        for second in 0..=chosen.len() {
            for first in 0..second.max(1) {
                let rest: Vec<u32> =
                    (0..).zip(&chosen).filter(|&(i, _): &(usize, _)| i != first && i != second).map(|(_, &c)| c).collect();
                steps.spend(rest.len() + 2 * by_price.len());
                if steps.done > limit {
                    break;
                }
                let found = best_two(reduced, relaxation, &rest, &by_price);
                best = best.max(found.map(|(worth, two)| (worth, two, rest)));
            }
        }
        let Some((_, two, mut better)) = best else { return };
        better.extend(two.into_iter().flatten());
        pool.offer(reduced.set(&better));
        if pool.best().is_some_and(|best| *best == set) || steps.done > limit {
            return;
        }
    }
}

/// The best one or two candidates to add to a set, and the worth that it has with them.
fn best_two(reduced: &Reduced, relaxation: &Relaxation, rest: &[u32], by_price: &[u32]) -> Option<(i128, [Option<u32>; 2])> {
    let left = reduced.balance.cast_signed() - rest.iter().map(|&c| reduced.price(c)).sum::<i64>();
    let free = reduced.slots.saturating_sub(rest.len());
    let worth = |c: u32| relaxation.worth[c as usize];
    let possible: Vec<u32> = by_price.iter().copied().filter(|&c| reduced.allows(rest, c)).collect();
    // For each place the best one up to it, and the best one beside that.
    let mut leaders: Vec<[Option<u32>; 2]> = Vec::with_capacity(possible.len());
    let mut leader = [None; 2];
    for &c in &possible {
        if leader[0].is_none_or(|first| worth(first) < worth(c)) {
            leader = [Some(c), leader[0]];
        } else if leader[1].is_none_or(|second| worth(second) < worth(c)) {
            leader[1] = Some(c);
        }
        leaders.push(leader);
    }
    let mut best = None;
    let mut end = possible.len();
    for &c in &possible {
        while end > 0 && reduced.price(possible[end - 1]) + reduced.price(c) > left {
            end -= 1;
        }
        let partners = end.checked_sub(1).map_or([None; 2], |last| leaders[last]);
        let partner = partners.into_iter().flatten().find(|&p| p != c && free > 1 && reduced.allows(&[rest, &[c]].concat(), p));
        if free > 0 && reduced.price(c) <= left {
            best = best.max(Some((worth(c) + partner.map_or(0, worth), [Some(c), partner])));
        }
    }
    let so_far: i128 = rest.iter().map(|&c| worth(c)).sum();
    best.map(|(worth, two)| (worth + so_far, two))
}
