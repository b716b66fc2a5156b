//! A fast negative membership test.

/// A few numbers of many, with a fast negative membership test: a Bloom filter with one hash function. It takes 8 KiB, so
/// that it is cheap to copy and stays in the cache.
#[derive(Debug, Clone, Default)]
pub(crate) struct Bloom(Vec<u64>);

const WORDS: usize = 1024;

impl Bloom {
    pub(crate) fn insert(&mut self, number: u32) {
        self.0.resize(WORDS, 0);
        let (word, bit) = Self::place(number);
        self.0[word] |= bit;
    }

    /// Whether a number may be among them; a no is certain.
    pub(crate) fn may_contain(&self, number: u32) -> bool {
        let (word, bit) = Self::place(number);
        self.0.get(word).is_some_and(|word| word & bit != 0)
    }

    fn place(number: u32) -> (usize, u64) {
        // Neighbouring numbers, which are often asked for together, go to different words.
        let hash = number.wrapping_mul(0x9E37_79B9) >> 16;
        (hash as usize / 64, 1 << (hash % 64))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_in_it_is_never_missed_and_most_other_numbers_are_told_apart() {
        let mut bloom = Bloom::default();
        assert!(!bloom.may_contain(0));
        (0..1_000).for_each(|number| bloom.insert(number * 1_000));
        assert!((0..1_000).all(|number| bloom.may_contain(number * 1_000)));
        let wrong = (0..100_000).filter(|number| number % 1_000 != 0 && bloom.may_contain(*number)).count();
        assert!(wrong < 3_000, "{wrong}");
    }
}
