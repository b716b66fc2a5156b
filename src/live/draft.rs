//! The next state of a live model, before anybody sees it: what a change does, step by step.

use std::sync::Arc;

use super::Change;
use super::holders::Name;
use crate::domain::{Course, DataError, PackedProfile, ParticipantId, Profile};
use crate::model::{Model, Person};
use crate::query::{Recommender, ScratchPool};

/// A state that is being written. Dropped, it has changed nothing.
#[derive(Debug)]
pub(super) struct Draft {
    state: Model,
    scratch: Arc<ScratchPool>,
    /// Courses whose buyers or prices are others now; they are put in order once, at the end.
    touched: Vec<u32>,
}

/// Somebody before and after a change. The one is missing who comes, the other who goes.
#[derive(Debug, Clone)]
struct Exchange {
    id: ParticipantId,
    before: Option<Arc<Person>>,
    after: Option<Person>,
}

impl Draft {
    /// Starts from a copy of a state. What they have in common is shared.
    pub(super) fn new(current: &Recommender) -> Self {
        Self::of(current.model.next_state(), Arc::clone(&current.scratch))
    }

    pub(super) fn of(state: Model, scratch: Arc<ScratchPool>) -> Self {
        Self { state, scratch, touched: Vec::new() }
    }

    /// Makes one change. `exchange` counts the names of somebody who was as the first and is as the second, and answers with
    /// those that nobody holds any more, and so does this.
    pub(super) fn make(
        &mut self,
        change: &Change,
        exchange: impl FnOnce(Option<&Arc<Person>>, Option<&Arc<Person>>) -> Vec<Name>,
    ) -> Result<Vec<Name>, DataError> {
        // Check: after this nothing can fail.
        let Some(Exchange { id, before, mut after }) = self.check(change)? else { return Ok(Vec::new()) };
        // Rows and counts.
        let scratch = &self.scratch;
        let find = |state: &Model, profile: &_| scratch.with(state, |scratch| scratch.row_of(state, profile));
        self.state.exchange(before.as_deref(), after.as_mut(), find);
        let bought = [before.as_deref(), after.as_ref()].into_iter().flatten().flat_map(|person| &person.bought);
        self.touched.extend(bought.map(|&(course, _)| course));
        // Names.
        let after = after.map(Arc::new);
        let gone = exchange(before.as_ref(), after.as_ref());
        for (attribute, name) in &gone {
            if self.state.encoder.attributes()[*attribute].knows(name) {
                Arc::make_mut(&mut self.state.encoder).erase(*attribute, name);
            }
        }
        // People.
        self.state.people.set(&id, after);
        Ok(gone)
    }

    /// The finished state, for readers to see.
    pub(super) fn finish(mut self) -> Recommender {
        self.place_courses();
        Recommender::with_scratch(self.state, self.scratch)
    }

    /// Puts the courses in order that were touched.
    pub(super) fn place_courses(&mut self) {
        if !self.touched.is_empty() {
            let touched = std::mem::take(&mut self.touched);
            Arc::make_mut(&mut self.state.popularity).place_anew(touched, &self.state.catalogue);
        }
    }

    /// What a change makes of somebody; that of a course is made at once.
    fn check(&mut self, change: &Change) -> Result<Option<Exchange>, DataError> {
        let exchange = match change {
            Change::UpsertCourse { course } => {
                self.put_course(course.clone())?;
                return Ok(None);
            }
            Change::CloseCourse { id } => {
                let closed = self.course(id.as_str())?.clone().with_open(false);
                self.put_course(closed)?;
                return Ok(None);
            }
            Change::AddParticipant { id, profile } => {
                if id.as_str().is_empty() {
                    return Err(DataError::EmptyId { what: "participant" });
                }
                if self.state.people.entry(id).is_some() {
                    return Err(DataError::DuplicateId { what: "participant", id: id.to_string() });
                }
                let after = Some(Person::newcomer(self.pack(id, profile)?));
                Exchange { id: id.clone(), before: None, after }
            }
            Change::UpdateProfile { id, profile } => {
                let (mut exchange, profile) = (self.person(id)?, self.pack(id, profile)?);
                exchange.after = exchange.after.map(|person| Person { profile, ..person });
                exchange
            }
            Change::RecordPurchase { participant, course, at } => {
                let (mut exchange, course) = (self.person(participant)?, self.number(course.as_str())?);
                if let Some(person) = &mut exchange.after {
                    person.buy(course, *at);
                }
                exchange
            }
            Change::CancelPurchase { participant, course } => {
                let (mut exchange, number) = (self.person(participant)?, self.number(course.as_str())?);
                if !exchange.after.as_mut().is_some_and(|person| person.cancel(number)) {
                    let (participant, course) = (participant.to_string(), course.to_string());
                    return Err(DataError::NotBought { participant, course });
                }
                exchange
            }
            Change::ForgetParticipant { id } => Exchange { after: None, ..self.person(id)? },
        };
        Ok(Some(exchange))
    }

    fn put_course(&mut self, course: Course) -> Result<(), DataError> {
        let id = course.id().clone();
        // A batch copies the catalogue once.
        Arc::make_mut(&mut self.state.catalogue).upsert(course)?;
        self.touched.push(self.number(id.as_str())?);
        // Popularity counts the new course from now on.
        Arc::make_mut(&mut self.state.popularity).make_room(self.state.catalogue.len());
        Ok(())
    }

    fn pack(&self, id: &ParticipantId, profile: &Profile) -> Result<PackedProfile, DataError> {
        let packed = PackedProfile::pack(self.state.encoder.schema(), profile);
        packed.map_err(|source| DataError::profile(id.as_str(), source))
    }

    /// Somebody, and the same to be changed.
    fn person(&self, id: &ParticipantId) -> Result<Exchange, DataError> {
        let known = self.state.people.entry(id);
        let known = known.ok_or_else(|| DataError::UnknownParticipant { id: id.to_string() })?;
        Ok(Exchange { id: id.clone(), before: Some(Arc::clone(known)), after: Some(Person::clone(known)) })
    }

    fn course(&self, id: &str) -> Result<&Course, DataError> {
        self.state.catalogue.get(id).ok_or_else(|| DataError::UnknownCourse { id: id.to_owned() })
    }

    fn number(&self, id: &str) -> Result<u32, DataError> {
        self.state.catalogue.number(id).ok_or_else(|| DataError::UnknownCourse { id: id.to_owned() })
    }
}
