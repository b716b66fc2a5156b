//! Who a model knows: profiles as they were given, and what everybody bought.

use std::sync::Arc;

use crate::domain::{
    Catalogue, DataError, ParticipantId, Participants, Profile, Purchases, RawProfile, Schema, Timestamp, TrainingSet,
    ValueRef,
};

/// All participants, with or without purchases.
#[derive(Debug, Clone)]
pub(crate) enum People {
    /// As they were fitted, in columns.
    Columns(Columns),
    /// One by one, so that one can change, or go, without a copy of the others.
    Entries(imbl::HashMap<ParticipantId, Arc<Person>>),
}

#[derive(Debug, Clone)]
pub(crate) struct Columns {
    pub(super) participants: Participants,
    pub(super) purchases: Purchases,
    /// The row of profiles of each participant.
    pub(super) row_of: Arc<Vec<u32>>,
}

#[derive(Debug, Clone)]
pub(crate) struct Person {
    pub(super) profile: RawProfile,
    /// Ascending by course, each course once.
    pub(super) bought: Vec<(u32, Option<Timestamp>)>,
    /// Stands for the row of the profile; without purchases there is none.
    pub(super) key: Option<u32>,
}

/// One of them.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Found<'m> {
    Column(&'m Columns, u32),
    Entry(&'m Person),
}

impl People {
    pub(super) fn find(&self, id: &str) -> Option<Found<'_>> {
        match self {
            Self::Columns(columns) => columns.participants.id_table().get(id).map(|n| Found::Column(columns, n)),
            Self::Entries(entries) => entries.get(id).map(|person| Found::Entry(person)),
        }
    }

    /// Ids and people, in the order of the data, or by id where they came and went.
    pub(crate) fn each<'m>(&'m self, mut take: impl FnMut(&'m str, Found<'m>)) {
        match self {
            Self::Columns(columns) => {
                columns.participants.ids().zip(0..).for_each(|(id, n)| take(id, Found::Column(columns, n)));
            }
            Self::Entries(entries) => {
                let mut sorted: Vec<_> = entries.iter().collect();
                sorted.sort_unstable_by_key(|&(id, _)| id);
                for (id, person) in sorted {
                    take(id.as_str(), Found::Entry(person));
                }
            }
        }
    }

    /// All of them and what they bought, as data to fit a model on.
    pub(super) fn training_set(&self, schema: &Schema, catalogue: &Arc<Catalogue>) -> Result<TrainingSet, DataError> {
        if let Self::Columns(columns) = self {
            return Ok(TrainingSet::from_parts(columns.participants.clone(), columns.purchases.clone()));
        }
        let mut data = TrainingSet::builder(schema.clone());
        let mut failed = None;
        for course in &**catalogue {
            data.course(course.clone())?;
        }
        self.each(|id, person| {
            let added = data.participant(id, person.profile(schema)).map(|_| ());
            if let Err(error) = added {
                failed.get_or_insert(error);
            }
        });
        self.each(|id, person| {
            person.each_bought(|course, at| {
                let course = catalogue.course(course).id().as_str();
                if let Err(error) = data.add_purchase(id, course, at).map(|_| ()) {
                    failed.get_or_insert(error);
                }
            });
        });
        failed.map_or_else(|| data.build_even_without_purchases(), Err)
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

    pub(super) fn is_past(&self) -> bool {
        match self {
            Self::Column(columns, n) => !columns.purchases.of(*n).is_empty(),
            Self::Entry(person) => !person.bought.is_empty(),
        }
    }

    pub(super) fn profile(&self, schema: &Schema) -> Profile {
        match self {
            Self::Column(columns, n) => columns.participants.profile_of(*n as usize),
            Self::Entry(person) => person.profile.unpack(schema),
        }
    }
}
