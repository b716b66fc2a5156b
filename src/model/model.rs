//! A model: what was built, and what changed since.

use std::sync::Arc;

use super::RecommenderValidParams;
use super::overlay::Overlay;
use super::people::{Found, People};
use crate::domain::Catalogue;
use crate::encode::{EncodedProfile, Encoder, Profiles};
use crate::neighbours::{NeighbourIndex, Search};
use crate::rank::{Baskets, History, Popularity};

/// Everything that an answer is made of.
#[derive(Debug)]
pub(crate) struct Model {
    pub(crate) params: RecommenderValidParams,
    pub(crate) catalogue: Arc<Catalogue>,
    pub(crate) people: People,
    pub(crate) encoder: Arc<Encoder>,
    pub(crate) base: Arc<Base>,
    /// Empty in a model that was not changed since it was built.
    pub(crate) overlay: Overlay,
    pub(crate) popularity: Arc<Popularity>,
    /// How many participants have a purchase.
    pub(crate) n_past: u64,
    /// Courses that were bought together, for queries with a history.
    pub(crate) history: History,
}

/// The parts that are built: distinct profiles, the purchases of their members, and the index.
#[derive(Debug)]
pub(crate) struct Base {
    pub(crate) profiles: Arc<Profiles>,
    pub(crate) baskets: Baskets,
    pub(crate) index: Box<dyn NeighbourIndex>,
}

impl Model {
    /// A copy to be changed. Its parts are shared or small.
    pub(crate) fn next_state(&self) -> Self {
        Self {
            params: self.params,
            catalogue: Arc::clone(&self.catalogue),
            people: self.people.clone(),
            encoder: Arc::clone(&self.encoder),
            base: Arc::clone(&self.base),
            overlay: self.overlay.clone(),
            popularity: Arc::clone(&self.popularity),
            n_past: self.n_past,
            history: self.history.next(),
        }
    }

    /// Prepares queries with a history, so that the first of them does not wait.
    pub(crate) fn build_history(&self) {
        self.history.build(self.catalogue.len(), |take| self.people.each_basket(take));
    }

    /// Encodes the profile of somebody it knows.
    pub(crate) fn encode_person(&self, person: Found<'_>, encoded: &mut EncodedProfile) {
        match person {
            Found::Column(columns, n) => self.base.profiles.read(columns.row_of[n as usize], encoded),
            // It was checked when it was packed, so there is no error.
            Found::Entry(person) => {
                let profile = person.profile.unpack(self.encoder.schema());
                self.encoder.encode_into(&profile, encoded).unwrap_or_default();
            }
        }
    }

    /// The row of a past participant.
    pub(crate) fn row(&self, person: Found<'_>) -> Option<u32> {
        match person {
            Found::Column(columns, n) => person.is_past().then(|| columns.row_of[n as usize]),
            Found::Entry(entry) => entry.key.map(|key| self.overlay.row(key, self.base.profiles.first_free_row())),
        }
    }

    /// The search for the neighbours of a profile, without one participant if they ask for themselves.
    pub(crate) fn search<'s>(&'s self, query: &'s EncodedProfile, left_out: Option<u32>) -> Search<'s> {
        let Overlay { moved, appended, .. } = &self.overlay;
        Search { query, k: self.params.n_neighbours(), left_out, moved, appended }
    }

    /// The profile of a row, of the base or appended since.
    pub(crate) fn read_row(&self, row: u32, profile: &mut EncodedProfile) {
        match row.checked_sub(self.base.profiles.first_free_row()) {
            None => self.base.profiles.read(row, profile),
            Some(appended) => profile.clone_from(&self.overlay.appended[appended as usize].profile),
        }
    }
}
