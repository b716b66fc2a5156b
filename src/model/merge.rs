//! A new base out of the old one and what changed since.

use std::sync::{Arc, OnceLock};

use super::FitError;
use super::model::{Base, Model};
use super::overlay::Overlay;
use super::people::People;
use crate::encode::Profiles;
use crate::neighbours::Appended;

impl Model {
    /// Builds profiles, baskets and index of what is there now.
    pub(crate) fn merge(&mut self) -> Result<(), FitError> {
        let (base, changes) = (&self.base, &self.overlay);
        let first_free = base.profiles.first_free_row();
        let now = |row, members| u32::try_from(i64::from(members) + changes.moved.of(row)).unwrap_or(0);
        let members = (0..).zip(base.profiles.members()).map(|(row, &members)| (row, now(row, members)));
        let rows: Vec<(u32, u32)> = members.filter(|&(_, n)| n > 0).collect();
        let appended = (first_free..).zip(changes.appended.iter()).filter(|(_, appended)| appended.members > 0);
        let appended: Vec<(u32, &Appended)> = appended.collect();
        let more: Vec<_> = appended.iter().map(|(_, a)| (Arc::clone(&a.profile), a.members)).collect();

        let (profiles, new_rows) = Profiles::merged(&base.profiles, Arc::clone(&self.encoder), &rows, &more)?;
        let old_rows = rows.iter().map(|&(row, _)| row).chain(appended.iter().map(|&(row, _)| row));
        let mut renumbered: Vec<(u32, u32)> = new_rows.iter().copied().zip(old_rows).collect();

        let mut new_row = vec![NOBODY; first_free as usize + changes.appended.len()];
        for &(new, old) in &renumbered {
            new_row[old as usize] = new;
        }
        let keys = 0..changes.next_key();
        let row_of_key = keys.map(|key| new_row.get(changes.row(key, first_free) as usize).copied().unwrap_or(NOBODY));
        let row_of_key: Vec<u32> = row_of_key.collect();
        let mut key_of_row = vec![NOBODY; profiles.n_rows()];
        for (key, &row) in (0..).zip(&row_of_key) {
            if let Some(place) = key_of_row.get_mut(row as usize) {
                *place = key;
            }
        }

        renumbered.sort_unstable();
        let n_courses = self.catalogue.len();
        let baskets = base.baskets.merged(&changes.baskets, n_courses, profiles.n_rows(), &renumbered);
        let profiles = Arc::new(profiles);
        let index = self.params.index().build(&profiles)?;
        self.base = Arc::new(Base { profiles, baskets, index });
        let sets = std::mem::take(&mut self.overlay.sets);
        let (row_of_key, key_of_row) = (Arc::new(row_of_key), Arc::new(key_of_row));
        self.overlay = Overlay { sets, row_of_key, key_of_row, ..Default::default() };
        Ok(())
    }

    /// Puts the sets of purchases into one piece.
    pub(crate) fn merge_histories(&mut self) {
        let merged = Arc::new(self.histories().merged());
        if let People::Entries { history, .. } = &mut self.people {
            *history = merged;
        }
        self.overlay.sets.clear();
        self.histories = OnceLock::new();
    }

    /// Both, so that no change is left.
    pub(crate) fn merge_all(&mut self) -> Result<(), FitError> {
        self.merge_histories();
        self.merge()
    }
}

/// The row of keys that nobody has.
const NOBODY: u32 = u32::MAX;
