//! The next state of a live model, before anybody sees it.

use std::sync::Arc;

use super::Change;
use super::names::Names;
use crate::Error;
use crate::domain::{Catalogue, Course, CourseId, DataError, PackedProfile, ParticipantId, Profile, Timestamp};
use crate::encode::EncodedProfile;
use crate::model::{Found, Model, People, Person};
use crate::neighbours::Appended;
use crate::query::{Recommender, ScratchPool};
use crate::rank::{FULL, Fade};

/// So many profiles that are not in the index slow queries down by a few per cent.
const MOST_APPENDED: usize = 128;
/// With more changes of other kinds, more of the rows without any would be taken for rows with some.
const MOST_CHANGES: usize = 4096;

/// A state that is being written. Dropped, it has changed nothing.
pub(super) struct Draft<'w> {
    state: Model,
    scratch: Arc<ScratchPool>,
    names: &'w mut Names,
    /// What was done to the names, to be undone.
    renamed: Vec<(PackedProfile, Held)>,
    /// Whether somebody was forgotten.
    pub(super) forgot: bool,
    /// How many more categories and tags of past participants there are that the encoder does not know.
    pub(super) unseen: i64,
}

#[derive(Clone, Copy)]
enum Held {
    Now,
    NoMore,
}

impl<'w> Draft<'w> {
    pub(super) fn new(current: &Recommender, names: &'w mut Names) -> Self {
        let state = current.model.next_state();
        let scratch = Arc::clone(&current.scratch);
        Self { state, scratch, names, renamed: Vec::new(), forgot: false, unseen: 0 }
    }

    pub(super) fn apply(&mut self, change: &Change) -> Result<(), DataError> {
        match change {
            Change::AddParticipant { id, profile } => self.add_participant(id, profile),
            Change::UpdateProfile { id, profile } => self.update_profile(id, profile),
            Change::RecordPurchase { participant, course, at } => self.record_purchase(participant, course, *at),
            Change::UpsertCourse { course } => self.upsert_course(course.clone()),
            Change::CloseCourse { id } => {
                let course = self.state.catalogue.get(id.as_str());
                let course = course.ok_or_else(|| DataError::UnknownCourse { id: id.to_string() })?;
                let closed = course.clone().with_open(false);
                self.upsert_course(closed)
            }
            Change::ForgetParticipant { id } => self.forget_participant(id),
        }
    }

    /// The finished state. Names that nobody holds any more are gone from it when somebody was forgotten.
    /// `last` is what may still fail then.
    pub(super) fn finish(mut self, last: impl FnOnce() -> Result<(), Error>) -> Result<Recommender, Error> {
        match self.settle().and_then(|()| last()) {
            Ok(()) => {
                if self.forgot {
                    self.names.forget_unheld();
                }
                Ok(Recommender::with_scratch(self.state, self.scratch))
            }
            Err(error) => {
                self.undo_names();
                Err(error)
            }
        }
    }

    /// Takes back what was done to the names, which are no part of the state.
    pub(super) fn undo_names(&mut self) {
        for (profile, held) in self.renamed.drain(..).rev() {
            match held {
                Held::Now => self.names.remove(&profile),
                Held::NoMore => self.names.add(&profile),
            }
        }
    }

    fn settle(&mut self) -> Result<(), Error> {
        let orphans = if self.forgot { self.names.orphans(&self.state.encoder) } else { Vec::new() };
        if !orphans.is_empty() {
            let orphans: Vec<(usize, &str)> = orphans.iter().map(|(at, name)| (*at, name.as_str())).collect();
            self.state.encoder = Arc::new(self.state.encoder.without(&orphans));
            return Ok(self.state.merge_all()?);
        }
        let changes = &self.state.overlay;
        let many = changes.baskets.len().max(changes.moved.n_rows()) >= MOST_CHANGES;
        let many = many || changes.appended.len() >= MOST_APPENDED;
        if self.state.history.is_merge_due() {
            self.state.history = self.state.history.merged();
        }
        if many { Ok(self.state.merge()?) } else { Ok(()) }
    }

    fn add_participant(&mut self, id: &ParticipantId, profile: &Profile) -> Result<(), DataError> {
        if id.as_str().is_empty() {
            return Err(DataError::EmptyId { what: "participant" });
        }
        if self.state.people.find(id.as_str()).is_some() {
            return Err(DataError::DuplicateId { what: "participant", id: id.to_string() });
        }
        let profile = self.pack(id, profile)?;
        self.put(id, Person { profile, bought: Vec::new(), key: None });
        Ok(())
    }

    fn update_profile(&mut self, id: &ParticipantId, profile: &Profile) -> Result<(), DataError> {
        let before = self.person(id)?;
        let profile = self.pack(id, profile)?;
        let mut person = Person { profile, bought: before.bought.clone(), key: None };
        self.hold(&before.profile, Held::NoMore);
        if !person.bought.is_empty() {
            self.leave(&before);
            self.join(&mut person);
        }
        self.put(id, person);
        Ok(())
    }

    fn record_purchase(
        &mut self,
        id: &ParticipantId,
        course: &CourseId,
        at: Option<Timestamp>,
    ) -> Result<(), DataError> {
        let before = self.person(id)?;
        let number = self.state.catalogue.number(course.as_str());
        let number = number.ok_or_else(|| DataError::UnknownCourse { id: course.to_string() })?;
        let mut person = Person::clone(&before);
        match person.bought.binary_search_by_key(&number, |&(course, _)| course) {
            Ok(place) => {
                let known = &mut person.bought[place].1;
                // Of two times the earlier one, and a known one rather than none.
                let earliest = [*known, at].into_iter().flatten().min();
                let change = self.weight(earliest) - self.weight(*known);
                *known = earliest;
                if change != 0
                    && let Some(row) = self.row(&person)
                {
                    self.state.overlay.baskets.add(row, number, 0, change);
                }
            }
            Err(place) => {
                person.bought.insert(place, (number, at));
                if let Some(row) = self.row(&person) {
                    self.count_purchase(row, number, at, 1);
                    self.count_set(&before, -1);
                    self.count_set(&person, 1);
                } else {
                    self.join(&mut person);
                }
            }
        }
        self.set(id, person);
        Ok(())
    }

    fn upsert_course(&mut self, course: Course) -> Result<(), DataError> {
        let mut catalogue = Catalogue::clone(&self.state.catalogue);
        catalogue.upsert(course)?;
        self.state.popularity = Arc::new(self.state.popularity.with_catalogue(&catalogue));
        self.state.catalogue = Arc::new(catalogue);
        Ok(())
    }

    fn forget_participant(&mut self, id: &ParticipantId) -> Result<(), DataError> {
        let person = self.person(id)?;
        if !person.bought.is_empty() {
            self.leave(&person);
        }
        self.hold(&person.profile, Held::NoMore);
        if let People::Entries { by_id } = &mut self.state.people {
            by_id.remove(id);
        }
        self.forgot = true;
        Ok(())
    }

    /// Makes somebody with purchases a past participant.
    fn join(&mut self, person: &mut Person) {
        let mut encoded = EncodedProfile::default();
        self.state.encode_person(Found::Entry(person), &mut encoded);
        let same = self.scratch.with(&self.state, |scratch| scratch.row_of(&self.state, &encoded));
        let changes = &mut self.state.overlay;
        if let Some(row) = same {
            changes.moved.join(row);
            person.key = changes.key_of_row.get(row as usize).copied();
        } else {
            person.key = Some(changes.next_key());
            Arc::make_mut(&mut changes.appended).push(Appended { profile: Arc::new(encoded), members: 1 });
        }
        self.state.n_past += 1;
        self.unseen += self.n_unseen(person);
        self.count(person, 1);
    }

    /// Takes a past participant out of all counts.
    fn leave(&mut self, person: &Person) {
        let Some(row) = self.row(person) else { return };
        match row.checked_sub(self.state.base.profiles.first_free_row()) {
            None => self.state.overlay.moved.leave(row),
            Some(at) => {
                Arc::make_mut(&mut self.state.overlay.appended)[at as usize] =
                    Appended { profile: Arc::default(), members: 0 };
            }
        }
        self.state.n_past -= 1;
        self.unseen -= self.n_unseen(person);
        self.count(person, -1);
    }

    /// Counts all purchases of a past participant, or no longer.
    fn count(&mut self, person: &Person, sign: i64) {
        let Some(row) = self.row(person) else { return };
        for &(course, at) in &person.bought {
            self.count_purchase(row, course, at, sign);
        }
        self.count_set(person, sign);
    }

    fn count_purchase(&mut self, row: u32, course: u32, at: Option<Timestamp>, sign: i64) {
        let weight = self.weight(at);
        self.state.overlay.baskets.add(row, course, sign, sign * weight);
        Arc::make_mut(&mut self.state.popularity).count(course, sign, &self.state.catalogue);
    }

    fn count_set(&mut self, person: &Person, sign: i64) {
        self.state.history.count(person.bought.iter().map(|&(course, _)| course).collect(), sign);
    }

    fn weight(&self, at: Option<Timestamp>) -> i64 {
        self.state.fade.map_or(FULL, |fade: Fade| fade.weight(at)).into()
    }

    fn n_unseen(&self, person: &Person) -> i64 {
        i64::try_from(self.state.encoder.n_unseen(&person.profile)).unwrap_or(i64::MAX)
    }

    fn row(&self, person: &Person) -> Option<u32> {
        let first_free = self.state.base.profiles.first_free_row();
        person.key.map(|key| self.state.overlay.row(key, first_free))
    }

    fn pack(&self, id: &ParticipantId, profile: &Profile) -> Result<PackedProfile, DataError> {
        let packed = PackedProfile::pack(self.state.encoder.schema(), profile);
        let packed = packed.map_err(|source| DataError::profile(id.as_str(), source))?;
        Ok(packed)
    }

    fn person(&self, id: &ParticipantId) -> Result<Arc<Person>, DataError> {
        let known = match &self.state.people {
            People::Entries { by_id } => by_id.get(id).cloned(),
            People::Columns(_) => None,
        };
        known.ok_or_else(|| DataError::UnknownParticipant { id: id.to_string() })
    }

    /// Somebody whose profile was not there.
    fn put(&mut self, id: &ParticipantId, person: Person) {
        self.hold(&person.profile, Held::Now);
        self.set(id, person);
    }

    fn set(&mut self, id: &ParticipantId, person: Person) {
        if let People::Entries { by_id } = &mut self.state.people {
            by_id.insert(id.clone(), Arc::new(person));
        }
    }

    fn hold(&mut self, profile: &PackedProfile, held: Held) {
        match held {
            Held::Now => self.names.add(profile),
            Held::NoMore => self.names.remove(profile),
        }
        self.renamed.push((profile.clone(), held));
    }
}
