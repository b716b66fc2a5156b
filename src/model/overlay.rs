//! The changes of a model since its base was built, and how the change of one participant is counted.
//!
//! Rows are numbers of distinct profiles; a merge numbers them anew. So that it need not rewrite a million participants, a
//! participant holds a *key*, which keeps standing for their profile while its row changes.

use std::sync::Arc;

use super::model::Model;
use super::people::{Found, Person};
use crate::encode::EncodedProfile;
use crate::neighbours::{Appended, Moved};
use crate::rank::{BasketChanges, FULL};

/// A merge is due when this many profiles are not in the index: each query compares them one by one.
const MOST_APPENDED: usize = 128;
/// A merge is due when this many rows gained or lost members or purchases: the filter for them is full then.
const MOST_CHANGES: usize = 4096;

/// Changes to the search and the counts of a [`Base`](super::model::Base), few enough to be copied with every batch.
#[derive(Debug, Clone, Default)]
pub(crate) struct Overlay {
    /// Members that rows of the index gained or lost.
    pub(crate) moved: Moved,
    /// Profiles that are not in the index. Their rows come after those of the base. One without members is free to be used
    /// for another profile.
    pub(crate) appended: Arc<Vec<Appended>>,
    pub(crate) baskets: BasketChanges,
    keys: Arc<Keys>,
}

/// What stands for the rows of a base, and for those of the profiles appended to it.
#[derive(Debug, Default)]
struct Keys {
    /// The row of each key.
    row_of: Vec<u32>,
    /// The key of each row of the index.
    of_row: Vec<u32>,
    /// Keys that nobody had when the base was built. The first profiles appended take them, and the later ones take new keys.
    free: Vec<u32>,
}

impl Keys {
    fn row(&self, key: u32, first_appended: u32) -> u32 {
        match self.row_of.get(key as usize) {
            Some(&row) => row,
            None => first_appended + count(self.free.len()) + (key - count(self.row_of.len())),
        }
    }

    fn of_row(&self, row: u32, first_appended: u32) -> u32 {
        match row.checked_sub(first_appended) {
            None => self.of_row[row as usize],
            Some(at) => {
                let new = || count(self.row_of.len()) + (at - count(self.free.len()));
                self.free.get(at as usize).copied().unwrap_or_else(new)
            }
        }
    }
}

impl Overlay {
    /// An empty overlay of a base whose index has this many rows.
    pub(super) fn of_rows(n_rows: usize) -> Self {
        let rows: Vec<u32> = (0..).take(n_rows).collect();
        Self { keys: Arc::new(Keys { of_row: rows.clone(), row_of: rows, free: Vec::new() }), ..Default::default() }
    }

    /// No change of a base whose rows are numbered anew: `new_row` gives the new number of each row, if it still has one, and
    /// `first_appended` are the first rows after those of the old and of the new base.
    pub(super) fn renumbered(&self, new_row: &[Option<u32>], n_rows: usize, first_appended: [u32; 2]) -> Self {
        let [old_first, new_first] = first_appended;
        let n_keys = self.n_keys();
        let row = |key| new_row.get(self.keys.row(key, old_first) as usize).copied().flatten();
        let mut rows: Vec<Option<u32>> = (0..).take(n_keys).map(row).collect();
        rows.truncate(rows.iter().rposition(Option::is_some).map_or(0, |last| last + 1));
        let mut keys = Keys { row_of: Vec::with_capacity(rows.len()), of_row: vec![0; n_rows], free: Vec::new() };
        for (row, key) in rows.into_iter().zip(0..) {
            if let Some(row) = row {
                keys.of_row[row as usize] = key;
                keys.row_of.push(row);
            } else {
                keys.row_of.push(new_first + count(keys.free.len()));
                keys.free.push(key);
            }
        }
        Self { keys: Arc::new(keys), ..Default::default() }
    }

    /// How many keys there are, with those that nobody has.
    pub(crate) fn n_keys(&self) -> usize {
        self.keys.row_of.len() + self.appended.len().saturating_sub(self.keys.free.len())
    }

    /// Whether there are so many changes that a merge is due, or `times` as many.
    pub(crate) fn is_full(&self, times: usize) -> bool {
        let full = |n: usize, most: usize| n >= most.saturating_mul(times);
        full(self.appended.len(), MOST_APPENDED) || full(self.moved.n_rows().max(self.baskets.len()), MOST_CHANGES)
    }

    /// The row that a key stands for, in a base whose first row without a profile is `first_free`.
    pub(super) fn row(&self, key: u32, first_free: u32) -> u32 {
        self.keys.row(key, first_free)
    }

    /// The place of a profile among those appended. It is there, or takes a free place, or a new one.
    fn append(&mut self, encoded: EncodedProfile) -> u32 {
        let appended = Arc::make_mut(&mut self.appended);
        let same = appended.iter().position(|other| other.members > 0 && *other.profile == encoded);
        let at = same.or_else(|| appended.iter().position(|other| other.members == 0)).unwrap_or(appended.len());
        match (same, appended.get_mut(at)) {
            (Some(_), Some(known)) => known.members += 1,
            (None, Some(free)) => *free = Appended { profile: Arc::new(encoded), members: 1 },
            (_, None) => appended.push(Appended { profile: Arc::new(encoded), members: 1 }),
        }
        count(at)
    }

    /// One member less of a profile that was appended; with the last one, nothing of it stays.
    fn leave_appended(&mut self, at: u32) {
        let place = &mut Arc::make_mut(&mut self.appended)[at as usize];
        place.members -= 1;
        if place.members == 0 {
            place.profile = Arc::default();
        }
    }
}

/// How somebody's change is counted.
impl Model {
    /// Takes somebody as they were out of all counts, and puts them in as they are now, with the key of their row. Who has no
    /// purchase is nobody's neighbour and is not counted. `find` looks for a profile among the rows of the index.
    pub(crate) fn exchange(
        &mut self,
        before: Option<&Person>,
        after: Option<&mut Person>,
        find: impl FnOnce(&Self, &EncodedProfile) -> Option<u32>,
    ) {
        let before = before.filter(|person| !person.bought.is_empty());
        let after = after.and_then(|person| {
            person.key = None;
            Some(person).filter(|person| !person.bought.is_empty())
        });
        let same_profile = matches!((before, &after), (Some(before), Some(after)) if before.profile == after.profile);
        if let Some(before) = before {
            self.count(before, -1);
            if !same_profile {
                self.leave(before);
            }
        }
        if let Some(after) = after {
            after.key = match before {
                Some(before) if same_profile => before.key,
                _ => Some(self.join(after, find)),
            };
            self.count(after, 1);
        }
    }

    /// Makes somebody a member of the row of their profile, and answers with its key.
    fn join(&mut self, person: &Person, find: impl FnOnce(&Self, &EncodedProfile) -> Option<u32>) -> u32 {
        let mut encoded = EncodedProfile::default();
        self.encode_person(Found::Entry(person), &mut encoded);
        let first_appended = self.base.profiles.first_free_row();
        let row = if let Some(row) = find(self, &encoded) {
            self.overlay.moved.join(row);
            row
        } else {
            first_appended + self.overlay.append(encoded)
        };
        self.n_past += 1;
        self.people.count_unseen(self.encoder.n_unseen(&person.profile), true);
        self.overlay.keys.of_row(row, first_appended)
    }

    fn leave(&mut self, person: &Person) {
        let Some(row) = self.row(Found::Entry(person)) else { return };
        match row.checked_sub(self.base.profiles.first_free_row()) {
            None => self.overlay.moved.leave(row),
            Some(at) => self.overlay.leave_appended(at),
        }
        self.n_past -= 1;
        self.people.count_unseen(self.encoder.n_unseen(&person.profile), false);
    }

    /// Counts all purchases of a past participant once more, or once less.
    fn count(&mut self, person: &Person, sign: i64) {
        let Some(row) = self.row(Found::Entry(person)) else { return };
        let popularity = Arc::make_mut(&mut self.popularity);
        for &(course, at) in &person.bought {
            let weight = self.params.fade().map_or(FULL, |fade| fade.weight(at));
            self.overlay.baskets.add(row, course, sign, sign * i64::from(weight));
            popularity.count(course, sign);
        }
        self.history.count(person.bought.iter().map(|&(course, _)| course).collect(), sign);
    }
}

#[expect(clippy::cast_possible_truncation, reason = "at most as many as there are participants, which are below 2^32")]
fn count(n: usize) -> u32 {
    n as u32
}
