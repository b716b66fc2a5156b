//! The next state of a live model, before anybody sees it.

use std::sync::{Arc, OnceLock};

use super::Change;
use super::names::Names;
use crate::Error;
use crate::domain::{Catalogue, Course, CourseId, DataError, ParticipantId, Profile, RawProfile, Timestamp};
use crate::encode::{EncodedProfile, Profiles};
use crate::neighbours::Appended;
use crate::rank::{FULL, Fade};
use crate::recommender::Recommender;
use crate::recommender::changes::Changes;
use crate::recommender::fit::Base;
use crate::recommender::people::{Found, People, Person};

/// So many profiles that are not in the index slow queries down by a few per cent.
const MOST_APPENDED: usize = 128;
/// With more changes of other kinds, more of the rows without any would be taken for rows with some.
const MOST_CHANGES: usize = 4096;

/// A state that is being written. Dropped, it has changed nothing.
pub(super) struct Draft<'w> {
    state: Recommender,
    names: &'w mut Names,
    /// What was done to the names, to be undone.
    renamed: Vec<(RawProfile, Held)>,
    /// Whether somebody was forgotten.
    pub(super) forgot: bool,
    /// How many categories and tags came that the encoder does not know.
    pub(super) unseen: u64,
}

#[derive(Clone, Copy)]
enum Held {
    Now,
    NoMore,
}

impl<'w> Draft<'w> {
    pub(super) fn new(current: &Recommender, names: &'w mut Names) -> Self {
        let state = Recommender {
            params: current.params,
            catalogue: Arc::clone(&current.catalogue),
            people: current.people.clone(),
            encoder: Arc::clone(&current.encoder),
            base: Arc::clone(&current.base),
            changes: current.changes.clone(),
            popularity: Arc::clone(&current.popularity),
            n_past: current.n_past,
            fade: current.fade,
            scratch: Arc::clone(&current.scratch),
            histories: OnceLock::new(),
            matrix: OnceLock::new(),
        };
        Self { state, names, renamed: Vec::new(), forgot: false, unseen: 0 }
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
                Ok(self.state)
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
            return self.state.merge_all();
        }
        let changes = &self.state.changes;
        let many = changes.baskets.len().max(changes.moved.n_rows()) >= MOST_CHANGES;
        let many = many || changes.appended.len() >= MOST_APPENDED;
        if changes.sets.len() >= MOST_CHANGES {
            self.state.merge_histories();
        }
        if many { self.state.merge() } else { Ok(()) }
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
                    self.state.changes.baskets.add(row, number, 0, change);
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
        if let People::Entries { by_id, .. } = &mut self.state.people {
            by_id.remove(id);
        }
        self.forgot = true;
        Ok(())
    }

    /// Makes somebody with purchases a past participant.
    fn join(&mut self, person: &mut Person) {
        let mut encoded = EncodedProfile::default();
        self.state.encode_person(Found::Entry(person), &mut encoded);
        let same = self.state.scratch.with(&self.state, |scratch| scratch.row_of(&self.state, &encoded));
        let changes = &mut self.state.changes;
        if let Some(row) = same {
            changes.moved.join(row);
            person.key = changes.key_of_row.get(row as usize).copied();
        } else {
            person.key = Some(changes.next_key());
            Arc::make_mut(&mut changes.appended).push(Appended { profile: Arc::new(encoded), members: 1 });
        }
        self.state.n_past += 1;
        self.count(person, 1);
    }

    /// Takes a past participant out of all counts.
    fn leave(&mut self, person: &Person) {
        let Some(row) = self.row(person) else { return };
        match row.checked_sub(self.state.base.profiles.first_free_row()) {
            None => self.state.changes.moved.leave(row),
            Some(at) => {
                Arc::make_mut(&mut self.state.changes.appended)[at as usize] =
                    Appended { profile: Arc::default(), members: 0 };
            }
        }
        self.state.n_past -= 1;
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
        self.state.changes.baskets.add(row, course, sign, sign * weight);
        Arc::make_mut(&mut self.state.popularity).count(course, sign, &self.state.catalogue);
    }

    fn count_set(&mut self, person: &Person, sign: i64) {
        let set: Arc<[u32]> = person.bought.iter().map(|&(course, _)| course).collect();
        self.state.changes.sets.push_back((set, sign));
    }

    fn weight(&self, at: Option<Timestamp>) -> i64 {
        self.state.fade.map_or(FULL, |fade: Fade| fade.weight(at)).into()
    }

    fn row(&self, person: &Person) -> Option<u32> {
        let first_free = self.state.base.profiles.first_free_row();
        person.key.map(|key| self.state.changes.row(key, first_free))
    }

    fn pack(&mut self, id: &ParticipantId, profile: &Profile) -> Result<RawProfile, DataError> {
        let packed = RawProfile::pack(self.state.encoder.schema(), profile);
        let packed = packed.map_err(|source| DataError::profile(id.as_str(), source))?;
        self.unseen += self.state.encoder.n_unseen(profile);
        Ok(packed)
    }

    fn person(&self, id: &ParticipantId) -> Result<Arc<Person>, DataError> {
        let known = match &self.state.people {
            People::Entries { by_id, .. } => by_id.get(id).cloned(),
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
        if let People::Entries { by_id, .. } = &mut self.state.people {
            by_id.insert(id.clone(), Arc::new(person));
        }
    }

    fn hold(&mut self, profile: &RawProfile, held: Held) {
        match held {
            Held::Now => self.names.add(profile),
            Held::NoMore => self.names.remove(profile),
        }
        self.renamed.push((profile.clone(), held));
    }
}

impl Recommender {
    /// Builds profiles, baskets and index of what is there now.
    fn merge(&mut self) -> Result<(), Error> {
        let (base, changes) = (&self.base, &self.changes);
        let first_free = base.profiles.first_free_row();
        let now = |row, members| u32::try_from(i64::from(members) + changes.moved.of(row)).unwrap_or(0);
        let members = (0..).zip(base.profiles.members()).map(|(row, members)| (row, now(row, members)));
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
        let sets = std::mem::take(&mut self.changes.sets);
        let (row_of_key, key_of_row) = (Arc::new(row_of_key), Arc::new(key_of_row));
        self.changes = Changes { sets, row_of_key, key_of_row, ..Default::default() };
        Ok(())
    }

    /// Puts the sets of purchases into one piece.
    fn merge_histories(&mut self) {
        let merged = Arc::new(self.histories().merged());
        if let People::Entries { history, .. } = &mut self.people {
            *history = merged;
        }
        self.changes.sets.clear();
        self.histories = OnceLock::new();
    }

    /// Both, so that no change is left.
    pub(super) fn merge_all(&mut self) -> Result<(), Error> {
        self.merge_histories();
        self.merge()
    }
}

/// The row of keys that nobody has.
const NOBODY: u32 = u32::MAX;
