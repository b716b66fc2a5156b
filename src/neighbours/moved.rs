//! Members that rows gained or lost since an index was built.

use crate::store::Bloom;

/// How many members each row gained or lost, because participants came, were forgotten or changed their profile.
///
/// ```
/// let mut moved = sebaya::internals::Moved::default();
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
    /// A fast negative membership test, as almost no row has changed.
    marks: Bloom,
}

impl Moved {
    /// Counts one more member of a row.
    pub fn join(&mut self, row: u32) {
        self.add(row, 1);
    }

    /// Counts one member less of a row. The row must have one.
    pub fn leave(&mut self, row: u32) {
        self.add(row, -1);
    }

    fn add(&mut self, row: u32, change: i64) {
        let moved = self.by_row.get(&row).copied().unwrap_or(0) + change;
        self.net += change;
        if moved == 0 {
            self.by_row.remove(&row);
        } else {
            self.marks.insert(row);
            self.by_row.insert(row, moved);
        }
    }

    /// The change in the number of members of a row.
    pub fn of(&self, row: u32) -> i64 {
        if self.marks.may_contain(row) { self.by_row.get(&row).copied().unwrap_or(0) } else { 0 }
    }

    /// The change in the number of all members.
    pub fn net(&self) -> i64 {
        self.net
    }

    /// How many rows have changed.
    pub fn n_rows(&self) -> usize {
        self.by_row.len()
    }

    /// Whether no row has changed.
    pub fn is_empty(&self) -> bool {
        self.by_row.is_empty()
    }
}
