//! Categories and tags: one column for each name of the past participants, in byte order, then one for all others.

use std::sync::Arc;

use crate::domain::DataError;
use crate::store::Interner;

/// Names in byte order: those of a categorical attribute, or the tags of a tags attribute.
///
/// Each has a *slot*, which it keeps when another one is erased, so that profiles that were encoded before stay valid. A
/// vector has a column for each slot whose name was not erased, and one for all other names.
#[derive(Debug, Clone)]
pub(super) struct Names {
    /// Shared, as erasing a name of one attribute copies the encoder.
    table: Arc<Interner>,
    n_slots: u32,
    /// The slots whose names were erased, ascending.
    erased: Vec<u32>,
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
        Ok(Self::of_table(names))
    }

    /// The names of slots in their order; empty where one was erased. `None` when one comes twice.
    pub(super) fn with_gaps(names: &[String]) -> Option<Self> {
        let table = Interner::with_gaps(names.iter().map(String::as_str))?;
        let erased = (0..).zip(names).filter(|(_, name)| name.is_empty()).map(|(slot, _)| slot).collect();
        Some(Self { erased, ..Self::of_table(table) })
    }

    #[expect(clippy::cast_possible_truncation, reason = "a table holds fewer than 2^32 - 1 names")]
    fn of_table(table: Interner) -> Self {
        Self { n_slots: table.len() as u32, table: Arc::new(table), erased: Vec::new() }
    }

    /// The slot of a name. Unknown names share the slot after the last.
    pub(super) fn slot(&self, name: &str) -> u32 {
        self.table.get(name).unwrap_or_else(|| self.other())
    }

    /// The slot of each number of `all`.
    pub(super) fn slots(&self, all: &Interner) -> Vec<u32> {
        all.iter().map(|name| self.slot(name)).collect()
    }

    pub(super) fn other(&self) -> u32 {
        self.n_slots
    }

    /// The column of a slot.
    pub(super) fn column(&self, slot: u32) -> usize {
        slot as usize - self.erased.partition_point(|&erased| erased < slot)
    }

    /// How many columns there are.
    pub(super) fn width(&self) -> usize {
        self.column(self.other()) + 1
    }

    pub(super) fn knows(&self, name: &str) -> bool {
        self.table.get(name).is_some()
    }

    /// The name of each column but the last.
    pub(super) fn iter(&self) -> impl Iterator<Item = &str> {
        self.table.iter().filter(|name| !name.is_empty())
    }

    /// The name of each slot; empty where it was erased.
    pub(super) fn with_erased(&self) -> impl Iterator<Item = &str> {
        self.table.iter()
    }

    /// Erases a name, which is unknown from then on.
    pub(super) fn erase(&mut self, name: &str) {
        if let Some(slot) = Arc::make_mut(&mut self.table).erase(name) {
            self.erased.insert(self.erased.partition_point(|&erased| erased < slot), slot);
        }
    }

    /// The same slots and columns without any name.
    pub(super) fn without_texts(&self) -> Self {
        Self { table: Arc::default(), n_slots: self.n_slots, erased: self.erased.clone() }
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
        assert_eq!(names.slots(&all), [1, 3, 0, 2]);
        assert_eq!((names.slot("new"), names.width()), (3, 4));
    }

    #[test]
    fn an_erased_name_gives_up_its_column_and_the_others_keep_their_slots() {
        let mut names = Names::with_gaps(&["a", "b", "c"].map(str::to_owned)).unwrap();
        names.erase("b");
        names.erase("never known");
        assert_eq!(["a", "b", "c"].map(|name| names.slot(name)), [0, 3, 2]);
        assert_eq!([0, 2, 3].map(|slot| names.column(slot)), [0, 1, 2]);
        assert_eq!((names.iter().collect::<Vec<_>>(), names.width()), (vec!["a", "c"], 3));
        let names: Vec<String> = names.with_erased().map(str::to_owned).collect();
        let names = Names::with_gaps(&names).unwrap();
        assert_eq!((["a", "b", "c"].map(|name| names.slot(name)), names.width()), ([0, 3, 2], 3));
        let bare = names.without_texts();
        assert_eq!((bare.slot("a"), bare.width(), bare.iter().count()), (3, 3, 0));
    }
}
