//! How many past participants have each row.

use std::ops::Range;

/// Counts, almost all of which are small.
#[derive(Debug, Clone, Default)]
pub(crate) struct Members {
    /// The count of each row, or [`MANY`].
    counts: Vec<u8>,
    /// Rows with more, ascending, and their counts.
    many: Vec<(u32, u32)>,
}

const MANY: u8 = u8::MAX;

impl Members {
    pub(crate) fn len(&self) -> usize {
        self.counts.len()
    }

    #[inline]
    pub(crate) fn of(&self, row: u32) -> u32 {
        match self.counts[row as usize] {
            MANY => self.many_of(row),
            count => count.into(),
        }
    }

    /// The counts of these rows as far as there are any, cut off at 255.
    #[inline]
    pub(crate) fn small(&self, rows: Range<usize>) -> &[u8] {
        &self.counts[rows.start..rows.end.min(self.counts.len())]
    }

    #[cold]
    fn many_of(&self, row: u32) -> u32 {
        self.many.binary_search_by_key(&row, |&(row, _)| row).map_or(0, |at| self.many[at].1)
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = u32> {
        (0..).zip(&self.counts).map(|(row, _)| self.of(row))
    }

    pub(super) fn bytes(&self) -> usize {
        self.counts.len() + 8 * self.many.len()
    }
}

impl FromIterator<u32> for Members {
    fn from_iter<I: IntoIterator<Item = u32>>(counts: I) -> Self {
        let mut members = Self::default();
        for (row, count) in (0..).zip(counts) {
            let small = u8::try_from(count).unwrap_or(MANY);
            members.counts.push(small);
            if small == MANY {
                members.many.push((row, count));
            }
        }
        members
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn small_and_large_counts_are_read_back() {
        let counts = [1, 254, 255, 256, 1, 4_000_000_000];
        let members: Members = counts.into_iter().collect();
        assert!(members.iter().eq(counts));
        assert_eq!((members.len(), members.of(3), members.bytes()), (6, 256, 6 + 3 * 8));
    }
}
