//! Names without order: one column for each name of the past participants, in byte order, then "other".

use crate::domain::DataError;
use crate::store::Interner;

/// Names in byte order: those of a categorical attribute, or the tags of a tags attribute.
#[derive(Debug, Clone)]
pub(super) struct Names {
    names: Interner,
}

impl Names {
    /// Learns the names whose numbers in `all` are among `used`, which are numbers of past participants' names.
    pub(super) fn fit(all: &Interner, used: impl Iterator<Item = u32>) -> Result<Self, DataError> {
        let mut is_used = vec![false; all.len()];
        used.for_each(|number| is_used[number as usize] = true);
        let mut sorted: Vec<&str> = all.iter().zip(&is_used).filter(|&(_, &used)| used).map(|(name, _)| name).collect();
        sorted.sort_unstable();
        let mut names = Interner::default();
        for name in sorted {
            names.insert(name)?;
        }
        Ok(Self { names })
    }

    /// The column of a name; names never seen share the last one.
    pub(super) fn column(&self, name: &str) -> u32 {
        self.names.get(name).unwrap_or_else(|| self.other())
    }

    /// The column of each number of `all`.
    pub(super) fn columns(&self, all: &Interner) -> Vec<u32> {
        all.iter().map(|name| self.column(name)).collect()
    }

    #[expect(clippy::cast_possible_truncation, reason = "a table holds fewer than 2^32 - 1 names")]
    pub(super) fn other(&self) -> u32 {
        self.names.len() as u32
    }

    pub(super) fn width(&self) -> usize {
        self.names.len() + 1
    }

    /// The names of columns in their order; empty where they were taken away.
    pub(super) fn from_columns(names: &[String]) -> Option<Self> {
        Some(Self { names: Interner::with_gaps(names.iter().map(String::as_str))? })
    }

    /// The same columns without the names of some.
    pub(super) fn without(&self, names: &[&str]) -> Self {
        Self { names: self.names.without(names) }
    }

    pub(super) fn knows(&self, name: &str) -> bool {
        self.names.get(name).is_some()
    }

    /// The name of each column but the last; empty where it was taken away.
    pub(super) fn iter(&self) -> impl Iterator<Item = &str> {
        self.names.iter()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_the_past_come_in_byte_order_and_all_others_share_a_column() {
        let mut all = Interner::default();
        for name in ["b", "unused", "B", "é"] {
            all.insert(name).unwrap();
        }
        let names = Names::fit(&all, [3, 0, 2, 0].into_iter()).unwrap();
        assert_eq!(names.iter().collect::<Vec<_>>(), ["B", "b", "é"]);
        assert_eq!(names.columns(&all), [1, 3, 0, 2]);
        assert_eq!((names.column("new"), names.width()), (3, 4));
    }
}
