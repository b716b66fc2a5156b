//! Members of rows who left since an index was built.

/// Past participants who do not count any more, by the row of their profile: who was forgotten, or has another profile now.
///
/// ```
/// let mut gone = sebaya::Gone::default();
/// gone.add(7);
/// gone.add(3);
/// gone.add(7);
/// assert_eq!((gone.from(7), gone.from(3), gone.from(4), gone.len()), (2, 1, 0, 3));
/// ```
#[derive(Debug, Clone, Default)]
pub struct Gone {
    members: imbl::OrdMap<u32, u32>,
    len: usize,
    /// Almost every row asked for is none of them.
    marks: Marks,
}

impl Gone {
    /// Takes one more member from a row.
    pub fn add(&mut self, row: u32) {
        *self.members.entry(row).or_default() += 1;
        self.len += 1;
        self.marks.set(row);
    }

    /// How many members left a row.
    pub fn from(&self, row: u32) -> u32 {
        if self.marks.may_have(row) { self.members.get(&row).copied().unwrap_or(0) } else { 0 }
    }

    /// How many members left in all.
    pub fn len(&self) -> usize {
        self.len
    }

    /// Whether nobody left.
    pub fn is_empty(&self) -> bool {
        self.len == 0
    }
}

/// A few rows of many: says quickly of most others that they are none of them. A Bloom filter with one hash function, of 8
/// KiB, so that copying it costs little and it stays in the cache.
#[derive(Debug, Clone, Default)]
pub(crate) struct Marks(Vec<u64>);

const WORDS: usize = 1024;

impl Marks {
    pub(crate) fn set(&mut self, row: u32) {
        self.0.resize(WORDS, 0);
        let (word, bit) = Self::place(row);
        self.0[word] |= bit;
    }

    /// Whether a row may be one of them.
    pub(crate) fn may_have(&self, row: u32) -> bool {
        let (word, bit) = Self::place(row);
        self.0.get(word).is_some_and(|word| word & bit != 0)
    }

    fn place(row: u32) -> (usize, u64) {
        // Neighbouring rows, which are often asked for together, go to different places.
        let hash = row.wrapping_mul(0x9E37_79B9) >> 16;
        (hash as usize / 64, 1 << (hash % 64))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marked_rows_are_never_missed_and_most_others_are_told_apart() {
        let mut marks = Marks::default();
        assert!(!marks.may_have(0));
        (0..1_000).for_each(|row| marks.set(row * 1_000));
        assert!((0..1_000).all(|row| marks.may_have(row * 1_000)));
        let wrong = (0..100_000).filter(|row| row % 1_000 != 0 && marks.may_have(*row)).count();
        assert!(wrong < 3_000, "{wrong}");
    }
}
