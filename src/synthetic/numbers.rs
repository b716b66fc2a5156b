//! Random numbers that are the same on every machine.

/// `SplitMix64` (Steele, Lea, Flood, *Fast splittable pseudorandom number generators*, OOPSLA 2014): small, fast, and good
/// enough to draw samples with. One is made for each participant, so that each is independent of all others.
#[derive(Debug, Clone)]
pub(super) struct Numbers(u64);

impl Numbers {
    pub(super) fn new(seed: u64, stream: u64) -> Self {
        let mut numbers = Self(seed);
        Self(numbers.next() ^ stream.wrapping_mul(0x9E37_79B9_7F4A_7C15))
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    /// A number below `n`, which is not 0.
    #[expect(clippy::cast_possible_truncation, reason = "the product's upper half is below n")]
    pub(super) fn below(&mut self, n: u32) -> u32 {
        ((u128::from(self.next()) * u128::from(n)) >> 64) as u32
    }

    /// Whether something happens that happens `percent` times in a hundred.
    pub(super) fn percent(&mut self, percent: u32) -> bool {
        self.below(100) < percent
    }

    /// An index, each as likely as its weight says. Not all weights are 0.
    pub(super) fn weighted(&mut self, weights: &[u32]) -> usize {
        let mut left = self.below(weights.iter().sum::<u32>().max(1));
        for (i, &weight) in weights.iter().enumerate() {
            match left.checked_sub(weight) {
                Some(rest) => left = rest,
                None => return i,
            }
        }
        weights.len().saturating_sub(1)
    }

    /// An index into a list of running totals, each as likely as its step says.
    pub(super) fn cumulative(&mut self, totals: &[u32]) -> usize {
        let drawn = self.below(totals.last().copied().unwrap_or(1).max(1));
        totals.partition_point(|&total| total <= drawn)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn draws_follow_their_weights() {
        let mut numbers = Numbers::new(1, 2);
        let (mut plain, mut running) = ([0; 3], [0; 3]);
        for _ in 0..10_000 {
            plain[numbers.weighted(&[1, 0, 3])] += 1;
            running[numbers.cumulative(&[1, 1, 4])] += 1;
        }
        for counts in [plain, running] {
            assert_eq!(counts[1], 0);
            assert!((2_300..2_700).contains(&counts[0]), "{counts:?}");
        }
    }
}
