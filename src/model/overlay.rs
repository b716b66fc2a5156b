//! What changed in a model since it was built.

use std::sync::Arc;

use crate::neighbours::{Appended, Moved};
use crate::rank::{BasketChanges, SetChange};

/// Changes to the search and the counts of a [`Base`](super::model::Base), few enough to be copied with every batch.
#[derive(Debug, Clone, Default)]
pub(crate) struct Overlay {
    /// Members that rows of the index won or lost.
    pub(crate) moved: Moved,
    /// Profiles that are not in the index. Their rows come after those of the index.
    pub(crate) appended: Arc<Vec<Appended>>,
    pub(crate) baskets: BasketChanges,
    /// The sets of purchases that are more, or fewer, than those of the people's history.
    pub(crate) sets: imbl::Vector<SetChange>,
    /// The row of each key; the keys after these stand for appended profiles, in order.
    pub(crate) row_of_key: Arc<Vec<u32>>,
    /// A key of each row of the index.
    pub(crate) key_of_row: Arc<Vec<u32>>,
}

impl Overlay {
    /// The row that a key stands for, in a base whose first row without a profile is `first_free`.
    pub(crate) fn row(&self, key: u32, first_free: u32) -> u32 {
        match self.row_of_key.get(key as usize) {
            Some(&row) => row,
            None => first_free + (key - self.n_keys()),
        }
    }

    /// The key of the profile that is appended next.
    pub(crate) fn next_key(&self) -> u32 {
        self.n_keys() + u32::try_from(self.appended.len()).unwrap_or(u32::MAX)
    }

    fn n_keys(&self) -> u32 {
        u32::try_from(self.row_of_key.len()).unwrap_or(u32::MAX)
    }
}
