//! Random numbers that are the same on every platform: whole-number arithmetic only, no logarithms, no powers.

/// `SplitMix64`, of Steele, Lea and Flood, "Fast splittable pseudorandom number generators" (2014),
/// <https://doi.org/10.1145/2714064.2660195>.
#[derive(Debug, Clone)]
pub(crate) struct Random {
    state: u64,
}

impl Random {
    /// One of many independent streams of a seed.
    pub(crate) fn stream(seed: u64, stream: u64) -> Self {
        Self { state: mix(mix(seed) ^ mix(stream.wrapping_add(GOLDEN))) }
    }

    pub(crate) fn next(&mut self) -> u64 {
        self.state = self.state.wrapping_add(GOLDEN);
        mix(self.state)
    }

    /// A number below `n`, or 0 when `n` is 0.
    pub(crate) fn below(&mut self, n: u32) -> u32 {
        scale(self.next(), n)
    }

    /// Puts a list into random order.
    #[cfg(any(test, feature = "evaluate", feature = "synthetic"))]
    pub(crate) fn shuffle<T>(&mut self, list: &mut [T]) {
        for (last, so_far) in (0..list.len()).zip(1..) {
            list.swap(last, self.below(so_far) as usize);
        }
    }
}

const GOLDEN: u64 = 0x9E37_79B9_7F4A_7C15;

fn mix(mut z: u64) -> u64 {
    z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    z ^ (z >> 31)
}

/// A number below `n` from the upper half of 64 random bits.
pub(crate) fn scale(bits: u64, n: u32) -> u32 {
    (((bits >> 32) * u64::from(n)) >> 32) as u32
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shuffling_keeps_every_element_once() {
        let mut list: Vec<_> = (0..100).collect();
        Random::stream(7, 0).shuffle(&mut list);
        assert!(!list.is_sorted());
        list.sort_unstable();
        assert!(list.into_iter().eq(0..100));
    }
}
