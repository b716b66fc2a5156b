//! Random choices of the programme.

pub(super) use crate::store::Random;
use crate::store::scale;

impl Random {
    /// A number within `lo..=hi`.
    pub(super) fn within(&mut self, lo: u32, hi: u32) -> u32 {
        lo + self.below(hi - lo + 1)
    }

    /// True in `percent` of a hundred cases.
    pub(super) fn percent(&mut self, percent: u32) -> bool {
        self.below(100) < percent
    }

    /// One of a list that is not empty.
    #[expect(clippy::cast_possible_truncation, reason = "lists are written down in the source")]
    pub(super) fn pick<'l, T>(&mut self, list: &'l [T]) -> &'l T {
        &list[self.below(list.len() as u32) as usize]
    }
}

/// Draws numbers with given weights in constant time: Walker's alias method, in whole numbers.
#[derive(Debug, Clone)]
pub(super) struct Choice {
    /// For each number, up to which of 2^32 values it is kept, and what is drawn instead beyond.
    cells: Vec<(u32, u32)>,
}

impl Choice {
    /// Number `i` is drawn with a probability proportional to the i-th weight. One weight at least is positive, or there is
    /// none at all.
    pub(super) fn new(weights: impl IntoIterator<Item = u64>) -> Self {
        let weights: Vec<u128> = weights.into_iter().map(u128::from).collect();
        let total: u128 = weights.iter().sum();
        let mut shares: Vec<u128> = weights.iter().map(|w| w * weights.len() as u128).collect();
        let mut cells: Vec<(u32, u32)> = (0..).take(shares.len()).map(|i| (u32::MAX, i)).collect();
        let (mut small, mut large): (Vec<u32>, Vec<u32>) =
            (0..).take(shares.len()).partition(|&i| shares[i as usize] < total);
        while let (Some(&less), Some(&more)) = (small.last(), large.last()) {
            small.pop();
            let share = shares[less as usize];
            let keep = u32::try_from((share << 32) / total).unwrap_or(u32::MAX);
            cells[less as usize] = (keep, more);
            let rest = &mut shares[more as usize];
            *rest -= total - share;
            if *rest < total {
                large.pop();
                small.push(more);
            }
        }
        Self { cells }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.cells.is_empty()
    }

    /// A number below the count of weights, which is not 0.
    #[expect(clippy::cast_possible_truncation, reason = "the lower 32 bits are what is wanted; counts are below 2^32")]
    pub(super) fn draw(&self, random: &mut Random) -> usize {
        let bits = random.next();
        let cell = scale(bits, self.cells.len() as u32) as usize;
        let (keep, instead) = self.cells[cell];
        if (bits as u32) < keep { cell } else { instead as usize }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_come_as_often_as_their_weights_say() {
        let weights = [0, 5, 1, 0, 2];
        let choice = Choice::new(weights);
        let mut random = Random::stream(1, 2);
        let mut counts = [0_u64; 5];
        for _ in 0..80_000 {
            counts[choice.draw(&mut random)] += 1;
        }
        for (count, weight) in counts.iter().zip(weights) {
            assert!(count.abs_diff(weight * 10_000) <= weight * 200, "{counts:?}");
        }
    }

    #[test]
    fn numbers_stay_below_their_bound_and_reach_both_ends() {
        let mut random = Random::stream(0, 0);
        let drawn: Vec<_> = (0..1000).map(|_| random.within(3, 7)).collect();
        assert_eq!((drawn.iter().min(), drawn.iter().max()), (Some(&3), Some(&7)));
        assert_eq!(random.below(0), 0);
    }
}
