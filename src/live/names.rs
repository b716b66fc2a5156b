//! Who holds which category or tag.

use std::collections::{BTreeSet, HashMap};

use crate::domain::PackedProfile;
use crate::encode::Encoder;

/// The number of an attribute, and a category or tag of it.
pub(super) type Name = (usize, String);

/// How many participants hold each category and tag, so that the last one can take it along.
#[derive(Debug, Default)]
pub(super) struct Names {
    holders: HashMap<Name, u32>,
    /// Nobody holds them, but the encoder may still know them.
    unheld: BTreeSet<Name>,
}

impl Names {
    pub(super) fn add(&mut self, profile: &PackedProfile) {
        profile.each_name(|attribute, name| {
            let name = (attribute, name.to_owned());
            if !self.unheld.is_empty() {
                self.unheld.remove(&name);
            }
            *self.holders.entry(name).or_default() += 1;
        });
    }

    pub(super) fn remove(&mut self, profile: &PackedProfile) {
        profile.each_name(|attribute, name| {
            let name = (attribute, name.to_owned());
            let holders = self.holders.get_mut(&name).map_or(0, |holders| {
                *holders -= 1;
                *holders
            });
            if holders == 0 {
                self.holders.remove(&name);
                self.unheld.insert(name);
            }
        });
    }

    /// The names that an encoder knows and nobody holds.
    pub(super) fn orphans(&self, encoder: &Encoder) -> Vec<Name> {
        let known = |(attribute, name): &&Name| encoder.attributes()[*attribute].knows(name);
        self.unheld.iter().filter(known).cloned().collect()
    }

    /// Forgets the names that nobody holds.
    pub(super) fn forget_unheld(&mut self) {
        self.unheld.clear();
    }
}
