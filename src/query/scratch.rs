//! The memory of a query.

use std::sync::{Mutex, MutexGuard, PoisonError};

use super::UnknownIds;
use crate::budget::Owned;
use crate::encode::EncodedProfile;
use crate::model::Model;
use crate::neighbours::{Moved, Neighbourhood, Search, SearchScratch};
use crate::rank::{HistoryVotes, Ranked, Scoring, VoteWeights, Votes};

/// The memory of one query, reused by the next.
#[derive(Debug)]
pub(crate) struct Scratch {
    pub(super) profile: EncodedProfile,
    pub(super) owned: Owned,
    /// What a lenient query names and the model does not know.
    pub(super) unknown: UnknownIds,
    /// The row of which one member, who asks, does not count.
    pub(super) leave_out: Option<u32>,
    pub(super) search: SearchScratch,
    pub(super) neighbourhood: Neighbourhood,
    pub(super) vote_weights: VoteWeights,
    /// The profile of one neighbour after the other.
    pub(super) neighbour: EncodedProfile,
    pub(super) votes: Votes,
    pub(super) history: HistoryVotes,
    pub(super) scoring: Scoring,
    pub(super) best: Vec<Ranked>,
}

impl Scratch {
    pub(super) fn new(model: &Model) -> Self {
        let n_courses = model.catalogue.len();
        Self {
            profile: EncodedProfile::default(),
            owned: Owned::new(n_courses),
            unknown: UnknownIds::default(),
            leave_out: None,
            search: SearchScratch::default(),
            neighbourhood: Neighbourhood::default(),
            vote_weights: VoteWeights::default(),
            neighbour: EncodedProfile::default(),
            votes: Votes::new(n_courses),
            history: HistoryVotes::default(),
            scoring: Scoring::default(),
            best: Vec::new(),
        }
    }

    /// Makes room for a model that may have more courses than the last one.
    fn fit(&mut self, model: &Model) {
        self.votes.fit(model.catalogue.len());
        self.owned.fit(model.catalogue.len());
    }

    /// The row of the index that has just this profile, when there is one.
    pub(crate) fn row_of(&mut self, model: &Model, profile: &EncodedProfile) -> Option<u32> {
        let moved = Moved::default();
        let search = Search { query: profile, k: 1, left_out: None, moved: &moved, appended: &[] };
        model.base.index.search(&search, &mut self.search, &mut self.neighbourhood);
        let near = self.neighbourhood.inside().iter().chain(self.neighbourhood.boundary()).copied();
        // Under the learned distance different profiles may be at distance 0 from each other.
        let same = |&row: &u32| {
            model.base.profiles.read(row, &mut self.neighbour);
            self.neighbour == *profile
        };
        if self.neighbourhood.radius() == 0 { near.into_iter().find(same) } else { None }
    }
}

/// Scratch space that waits for the next query.
#[derive(Debug, Default)]
pub(crate) struct ScratchPool(Mutex<Vec<Scratch>>);

impl ScratchPool {
    pub(crate) fn with<T>(&self, model: &Model, use_it: impl FnOnce(&mut Scratch) -> T) -> T {
        let waiting = self.lock().pop();
        let mut scratch = waiting.unwrap_or_else(|| Scratch::new(model));
        scratch.fit(model);
        let answer = use_it(&mut scratch);
        self.lock().push(scratch);
        answer
    }

    /// A panic while the lock is held leaves a list that is whole, so its poison means nothing.
    fn lock(&self) -> MutexGuard<'_, Vec<Scratch>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
