//! Members that rows won or lost since an index was built.

/// By how many members rows have changed: who was forgotten, who has another profile now, who came.
///
/// ```
/// let mut moved = sebaya::Moved::default();
/// moved.leave(7);
/// moved.leave(7);
/// moved.join(3);
/// assert_eq!((moved.of(7), moved.of(3), moved.of(4)), (-2, 1, 0));
/// assert_eq!((moved.net(), moved.n_rows()), (-1, 2));
/// ```
#[derive(Debug, Clone, Default)]
pub struct Moved {
    by_row: imbl::OrdMap<u32, i64>,
    net: i64,
    /// Almost every row asked for is none of them.
    marks: Marks,
}

impl Moved {
    /// One member more of a row.
    pub fn join(&mut self, row: u32) {
        self.add(row, 1);
    }

    /// One member less of a row, which must have one.
    pub fn leave(&mut self, row: u32) {
        self.add(row, -1);
    }

    fn add(&mut self, row: u32, change: i64) {
        let moved = self.by_row.get(&row).copied().unwrap_or(0) + change;
        self.net += change;
        if moved == 0 {
            self.by_row.remove(&row);
        } else {
            self.marks.set(row);
            self.by_row.insert(row, moved);
        }
    }

    /// How many members more, or fewer, a row has.
    pub fn of(&self, row: u32) -> i64 {
        if self.marks.may_have(row) { self.by_row.get(&row).copied().unwrap_or(0) } else { 0 }
    }

    /// How many members more, or fewer, there are in all.
    pub fn net(&self) -> i64 {
        self.net
    }

    /// How many rows have changed.
    pub fn n_rows(&self) -> usize {
        self.by_row.len()
    }

    /// Whether nobody moved.
    pub fn is_empty(&self) -> bool {
        self.by_row.is_empty()
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
