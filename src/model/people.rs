//! Who a model knows: profiles as they were given, and what everybody bought.

use std::sync::Arc;

use super::model::Model;
use super::overlay::Overlay;
use crate::domain::{
    Catalogue, DataError, PackedProfile, ParticipantId, Participants, Profile, Purchases, Schema, Timestamp,
    TrainingSet, ValueRef,
};

/// All participants, with or without purchases.
#[derive(Debug, Clone)]
pub(crate) enum People {
    /// As they were fitted, in columns.
    Columns(Columns),
    /// One by one, so that one can change, or go, without a copy of the others.
    Entries(Entries),
}

/// The participants of a live model.
#[derive(Debug, Clone)]
pub(crate) struct Entries {
    by_id: imbl::HashMap<ParticipantId, Arc<Person>>,
    /// How many categories and tags of past participants the encoder does not know.
    n_unseen: u64,
}

#[derive(Debug, Clone)]
pub(crate) struct Columns {
    pub(crate) participants: Participants,
    pub(crate) purchases: Purchases,
    /// The row of profiles of each participant.
    pub(crate) row_of: Arc<Vec<u32>>,
}

#[derive(Debug, Clone)]
pub(crate) struct Person {
    pub(crate) profile: PackedProfile,
    /// Ascending by course, each course once.
    pub(crate) bought: Vec<(u32, Option<Timestamp>)>,
    /// Stands for the row of the profile; without purchases there is none.
    pub(crate) key: Option<u32>,
}

/// One of them.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Found<'m> {
    Column(&'m Columns, u32),
    Entry(&'m Person),
}

impl People {
    pub(crate) fn find(&self, id: &str) -> Option<Found<'_>> {
        match self {
            Self::Columns(columns) => columns.participants.id_table().get(id).map(|n| Found::Column(columns, n)),
            Self::Entries(entries) => entries.by_id.get(id).map(|person| Found::Entry(person)),
        }
    }

    /// How many there are.
    pub(crate) fn len(&self) -> usize {
        match self {
            Self::Columns(columns) => columns.participants.len(),
            Self::Entries(entries) => entries.by_id.len(),
        }
    }

    /// Ids and people, in the order of the data, or by id where they came and went.
    pub(crate) fn iter(&self) -> Box<dyn Iterator<Item = (&str, Found<'_>)> + '_> {
        match self {
            Self::Columns(columns) => {
                Box::new(columns.participants.ids().zip((0..).map(|n| Found::Column(columns, n))))
            }
            Self::Entries(entries) => {
                let mut sorted: Vec<_> = entries.by_id.iter().collect();
                sorted.sort_unstable_by_key(|&(id, _)| id);
                Box::new(sorted.into_iter().map(|(id, person)| (id.as_str(), Found::Entry(person))))
            }
        }
    }

    /// Calls `take` with what every past participant bought, courses ascending, in any order.
    pub(crate) fn each_basket(&self, mut take: impl FnMut(&[u32])) {
        match self {
            Self::Columns(Columns { purchases, .. }) => purchases.past().iter().for_each(|&p| take(purchases.of(p))),
            Self::Entries(_) => {
                let mut basket = Vec::new();
                for person in self.entries().filter(|person| !person.bought.is_empty()) {
                    basket.clear();
                    basket.extend(person.bought.iter().map(|&(course, _)| course));
                    take(&basket);
                }
            }
        }
    }

    /// Those who are stored one by one, in no order.
    pub(crate) fn entries(&self) -> impl Iterator<Item = &Person> {
        let entries = if let Self::Entries(entries) = self { Some(entries) } else { None };
        entries.into_iter().flat_map(|entries| entries.by_id.values().map(Arc::as_ref))
    }

    /// Somebody who is stored one by one.
    pub(crate) fn entry(&self, id: &ParticipantId) -> Option<&Arc<Person>> {
        let Self::Entries(entries) = self else { return None };
        entries.by_id.get(id)
    }

    /// Puts somebody in the place of who has the id, or nobody.
    pub(crate) fn set(&mut self, id: &ParticipantId, person: Option<Arc<Person>>) {
        let Self::Entries(entries) = self else { return };
        match person {
            Some(person) => entries.by_id.insert(id.clone(), person),
            None => entries.by_id.remove(id),
        };
    }

    /// How many categories and tags of past participants the encoder does not know; only counted one by one.
    pub(crate) fn n_unseen(&self) -> u64 {
        if let Self::Entries(entries) = self { entries.n_unseen } else { 0 }
    }

    /// So many more, or fewer.
    pub(super) fn count_unseen(&mut self, n: u64, more: bool) {
        if let Self::Entries(entries) = self {
            entries.n_unseen = if more { entries.n_unseen + n } else { entries.n_unseen.saturating_sub(n) };
        }
    }

    /// All of them and what they bought, as data to fit a model on.
    pub(crate) fn training_set(&self, schema: &Schema, catalogue: &Catalogue) -> Result<TrainingSet, DataError> {
        if let Self::Columns(columns) = self {
            return Ok(TrainingSet::from_parts(columns.participants.clone(), columns.purchases.clone()));
        }
        let mut data = TrainingSet::builder(schema.clone());
        for course in catalogue {
            data.course(course.clone())?;
        }
        for ((id, person), number) in self.iter().zip(0..) {
            data.participant(id, person.profile(schema))?;
            person.each_bought(|course, at| data.push_purchase(number, course, at));
        }
        data.build_even_without_purchases()
    }
}

impl Person {
    /// Somebody who has bought nothing yet.
    pub(crate) fn newcomer(profile: PackedProfile) -> Self {
        Self { profile, bought: Vec::new(), key: None }
    }

    /// Of two times of the same purchase the earlier one stays, and a known one rather than none.
    pub(crate) fn buy(&mut self, course: u32, at: Option<Timestamp>) {
        match self.bought.binary_search_by_key(&course, |&(course, _)| course) {
            Ok(place) => self.bought[place].1 = [self.bought[place].1, at].into_iter().flatten().min(),
            Err(place) => self.bought.insert(place, (course, at)),
        }
    }

    /// Whether there was such a purchase.
    pub(crate) fn cancel(&mut self, course: u32) -> bool {
        let place = self.bought.binary_search_by_key(&course, |&(course, _)| course);
        place.map(|place| self.bought.remove(place)).is_ok()
    }
}

impl Model {
    /// Stores participants one by one, so that they can change.
    pub(crate) fn with_entries(mut self) -> Result<Self, DataError> {
        let People::Columns(columns) = &self.people else { return Ok(self) };
        let Columns { participants, purchases, row_of } = columns;
        let mut by_id = imbl::HashMap::new();
        let mut n_unseen = 0;
        for ((id, number), &row) in participants.ids().zip(0_usize..).zip(row_of.iter()) {
            let profile = PackedProfile::pack(self.encoder.schema(), &participants.profile_of(number));
            let profile = profile.map_err(|source| DataError::profile(id, source))?;
            let bought: Vec<_> = purchases.times_of(number).collect();
            let key = (!bought.is_empty()).then_some(row);
            n_unseen += if bought.is_empty() { 0 } else { self.encoder.n_unseen(&profile) };
            by_id.insert(ParticipantId::from(id), Arc::new(Person { profile, bought, key }));
        }
        self.overlay = Overlay::of_rows(self.base.profiles.n_rows());
        self.people = People::Entries(Entries { by_id, n_unseen });
        Ok(self)
    }
}

impl Found<'_> {
    pub(crate) fn each_bought(&self, mut take: impl FnMut(u32, Option<Timestamp>)) {
        match self {
            Self::Column(columns, n) => {
                columns.purchases.times_of(*n as usize).for_each(|(course, at)| take(course, at));
            }
            Self::Entry(person) => person.bought.iter().for_each(|&(course, at)| take(course, at)),
        }
    }

    /// Calls `take` with the number of an attribute and its value, for those that are known, in the order of the schema.
    pub(crate) fn each_value(&self, mut take: impl FnMut(usize, ValueRef<'_>)) {
        match self {
            Self::Column(columns, n) => {
                for (attribute, column) in columns.participants.columns().iter().enumerate() {
                    if let Some(value) = column.value(*n as usize) {
                        take(attribute, value);
                    }
                }
            }
            Self::Entry(person) => person.profile.each(take),
        }
    }

    pub(crate) fn is_past(&self) -> bool {
        match self {
            Self::Column(columns, n) => !columns.purchases.of(*n).is_empty(),
            Self::Entry(person) => !person.bought.is_empty(),
        }
    }

    pub(crate) fn profile(&self, schema: &Schema) -> Profile {
        match self {
            Self::Column(columns, n) => columns.participants.profile_of(*n as usize),
            Self::Entry(person) => person.profile.unpack(schema),
        }
    }
}
