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
    /// Ascending, once for each member.
    rows: Vec<u32>,
    /// A mark for each of them, as almost every row asked for is none of them.
    marks: Marks,
}

impl Gone {
    /// Takes one more member from a row.
    pub fn add(&mut self, row: u32) {
        self.rows.insert(self.rows.partition_point(|&other| other < row), row);
        self.marks.set(row);
    }

    /// How many members left a row.
    pub fn from(&self, row: u32) -> u32 {
        if !self.marks.get(row) {
            return 0;
        }
        let from = &self.rows[self.rows.partition_point(|&other| other < row)..];
        from.iter().take_while(|&&other| other == row).map(|_| 1).sum()
    }

    /// How many members left in all.
    pub fn len(&self) -> usize {
        self.rows.len()
    }

    /// Whether nobody left.
    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }
}

/// A set of rows, one bit each.
#[derive(Debug, Clone, Default)]
pub(crate) struct Marks(Vec<u64>);

impl Marks {
    pub(crate) fn set(&mut self, row: u32) {
        let word = row as usize / 64;
        if word >= self.0.len() {
            self.0.resize(word + 1, 0);
        }
        self.0[word] |= 1 << (row % 64);
    }

    pub(crate) fn get(&self, row: u32) -> bool {
        self.0.get(row as usize / 64).is_some_and(|word| word >> (row % 64) & 1 == 1)
    }
}
