//! A new base out of the old one and what changed since.

use std::sync::Arc;

use super::FitError;
use super::model::{Base, Model};
use crate::encode::Profiles;
use crate::neighbours::Appended;

impl Model {
    /// Builds profiles, baskets, index and history of what is there now, so that no change is left. The base that others
    /// share stays as it is.
    pub(crate) fn merge(&mut self) -> Result<(), FitError> {
        self.merge_history();
        let (base, changes) = (&self.base, &self.overlay);
        let first_free = base.profiles.first_free_row();
        let now = |row, members| u32::try_from(i64::from(members) + changes.moved.of(row)).unwrap_or(0);
        let members = (0..).zip(base.profiles.members()).map(|(row, members)| (row, now(row, members)));
        let rows: Vec<(u32, u32)> = members.filter(|&(_, n)| n > 0).collect();
        let appended = (first_free..).zip(changes.appended.iter()).filter(|(_, appended)| appended.members > 0);
        let appended: Vec<(u32, &Appended)> = appended.collect();
        let more: Vec<_> = appended.iter().map(|(_, a)| (Arc::clone(&a.profile), a.members)).collect();

        let (profiles, new_rows) = Profiles::merged(&base.profiles, &self.encoder, &rows, &more)?;
        let old_rows = rows.iter().map(|&(row, _)| row).chain(appended.iter().map(|&(row, _)| row));
        let mut renumbered: Vec<(u32, u32)> = new_rows.iter().copied().zip(old_rows).collect();

        let mut new_row = vec![None; first_free as usize + changes.appended.len()];
        for &(new, old) in &renumbered {
            new_row[old as usize] = Some(new);
        }
        let first_appended = [first_free, profiles.first_free_row()];
        let overlay = changes.renumbered(&new_row, profiles.n_rows(), first_appended);

        renumbered.sort_unstable();
        let n_courses = self.catalogue.len();
        let baskets = base.baskets.merged(&changes.baskets, n_courses, profiles.n_rows(), &renumbered);
        let profiles = Arc::new(profiles);
        let index = self.params.index().build(&profiles)?;
        self.base = Arc::new(Base { profiles, baskets, index });
        self.overlay = overlay;
        Ok(())
    }

    /// Puts the baskets of the history into one piece, where a query has made one.
    pub(crate) fn merge_history(&mut self) {
        self.history = self.history.merged();
    }
}
