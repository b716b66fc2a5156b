//! Rows of different lengths in one array.

use std::ops::Range;

use super::TooMany;

/// Rows of items, one after another in one allocation. Row `i` is `items[ends[i - 1]..ends[i]]`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Ragged<T> {
    ends: Vec<u32>,
    items: Vec<T>,
}

impl<T> Default for Ragged<T> {
    fn default() -> Self {
        Self { ends: Vec::new(), items: Vec::new() }
    }
}

impl<T> Ragged<T> {
    /// Rows that end at these places, in ascending order, the last of which is the number of items.
    pub(crate) fn from_ends(ends: Vec<u32>, items: Vec<T>) -> Self {
        debug_assert!(ends.is_sorted() && ends.last().map_or(0, |&end| end as usize) == items.len());
        Self { ends, items }
    }

    /// How many rows there are.
    pub(crate) fn len(&self) -> usize {
        self.ends.len()
    }

    /// The items of all rows.
    pub(crate) fn items(&self) -> &[T] {
        &self.items
    }

    /// Where the items of a row lie among those of all rows.
    pub(crate) fn range(&self, row: usize) -> Range<usize> {
        span(&self.ends, row)
    }

    pub(crate) fn row(&self, row: usize) -> &[T] {
        &self.items[self.range(row)]
    }

    /// Appends a row. After an error nothing has changed.
    pub(crate) fn push_row(&mut self, row: &[T]) -> Result<(), TooMany>
    where
        T: Clone,
    {
        let end = u32::try_from(self.items.len() + row.len()).map_err(|_| TooMany)?;
        self.items.extend_from_slice(row);
        self.ends.push(end);
        Ok(())
    }

    /// Keeps the first rows.
    pub(crate) fn truncate(&mut self, rows: usize) {
        self.ends.truncate(rows);
        self.items.truncate(self.ends.last().map_or(0, |&end| end as usize));
    }

    /// Frees memory that was reserved for growth.
    pub(crate) fn shrink_to_fit(&mut self) {
        self.ends.shrink_to_fit();
        self.items.shrink_to_fit();
    }
}

/// Where row `i` lies, when row `i` ends at `ends[i]` and begins where the one before it ends.
pub(crate) fn span(ends: &[u32], i: usize) -> Range<usize> {
    let start = if i == 0 { 0 } else { ends[i - 1] };
    start as usize..ends[i] as usize
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_read_back_and_are_taken_back() {
        let mut rows = Ragged::default();
        for row in [&[1, 2][..], &[], &[3]] {
            rows.push_row(row).unwrap();
        }
        assert_eq!((rows.row(0), rows.row(1), rows.row(2)), (&[1, 2][..], &[][..], &[3][..]));
        assert_eq!(rows, Ragged::from_ends(vec![2, 2, 3], vec![1, 2, 3]));
        rows.truncate(2);
        assert_eq!((rows.len(), rows.items()), (2, &[1, 2][..]));
        rows.truncate(0);
        assert_eq!(rows, Ragged::default());
    }
}
