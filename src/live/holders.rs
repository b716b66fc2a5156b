//! Who holds which category or tag.

use std::collections::HashMap;
use std::sync::Arc;

use crate::domain::PackedProfile;
use crate::model::{People, Person};

/// The number of an attribute, and a category or tag of it.
pub(super) type Name = (usize, Box<str>);

/// How many participants hold each name of each attribute. With its last holder, a name goes from the encoder.
#[derive(Debug, Default)]
pub(super) struct Holders(Vec<HashMap<Box<str>, u32>>);

impl Holders {
    /// Counts those who are stored one by one.
    pub(super) fn of(people: &People) -> Self {
        let mut holders = Self::default();
        for person in people.entries() {
            holders.add(&person.profile);
        }
        holders
    }

    /// Starts to count the changes of a batch.
    pub(super) fn batch(&mut self) -> Batch<'_> {
        Batch { holders: self, exchanged: Vec::new() }
    }

    #[cfg(test)]
    pub(super) fn n_names(&self) -> usize {
        self.0.iter().map(HashMap::len).sum()
    }

    /// Takes a profile out and puts another one in. Answers with the names that nobody holds any more.
    fn exchange(&mut self, before: Option<&Person>, after: Option<&Person>) -> Vec<Name> {
        // A name that both have is held all the time.
        if let Some(after) = after {
            self.add(&after.profile);
        }
        before.map_or_else(Vec::new, |before| self.remove(&before.profile))
    }

    fn add(&mut self, profile: &PackedProfile) {
        profile.each_name(|attribute, name| {
            if self.0.len() <= attribute {
                self.0.resize_with(attribute + 1, HashMap::new);
            }
            match self.0[attribute].get_mut(name) {
                Some(holders) => *holders += 1,
                None => drop(self.0[attribute].insert(name.into(), 1)),
            }
        });
    }

    fn remove(&mut self, profile: &PackedProfile) -> Vec<Name> {
        let mut gone = Vec::new();
        profile.each_name(|attribute, name| {
            let Some(names) = self.0.get_mut(attribute) else { return };
            match names.get_mut(name) {
                Some(holders) if *holders > 1 => *holders -= 1,
                _ => {
                    names.remove(name);
                    gone.push((attribute, name.into()));
                }
            }
        });
        gone
    }
}

/// The changes of a batch, which are taken back unless it is kept.
#[derive(Debug)]
pub(super) struct Batch<'h> {
    holders: &'h mut Holders,
    exchanged: Vec<[Option<Arc<Person>>; 2]>,
}

impl Batch<'_> {
    /// Counts somebody as they are now, no longer as they were. Answers with the names that nobody holds any more.
    pub(super) fn exchange(&mut self, before: Option<&Arc<Person>>, after: Option<&Arc<Person>>) -> Vec<Name> {
        let gone = self.holders.exchange(before.map(Arc::as_ref), after.map(Arc::as_ref));
        self.exchanged.push([before.cloned(), after.cloned()]);
        gone
    }

    pub(super) fn keep(mut self) {
        self.exchanged.clear();
    }
}

impl Drop for Batch<'_> {
    fn drop(&mut self) {
        for [before, after] in self.exchanged.drain(..).rev() {
            self.holders.exchange(after.as_deref(), before.as_deref());
        }
    }
}
