//! Who a model knows: profiles as they were given, and what everybody bought.

use std::sync::Arc;

use crate::domain::{
    Catalogue, DataError, PackedProfile, ParticipantId, Participants, Profile, Purchases, Schema, Timestamp,
    TrainingSet, ValueRef,
};
use crate::rank::History;

/// All participants, with or without purchases.
#[derive(Debug, Clone)]
pub(crate) enum People {
    /// As they were fitted, in columns.
    Columns(Columns),
    /// One by one, so that one can change, or go, without a copy of the others.
    Entries {
        by_id: imbl::HashMap<ParticipantId, Arc<Person>>,
        /// The sets of their purchases, but for the changes since.
        history: Arc<History>,
    },
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
            Self::Entries { by_id, .. } => by_id.get(id).map(|person| Found::Entry(person)),
        }
    }

    /// How many there are.
    pub(crate) fn len(&self) -> usize {
        match self {
            Self::Columns(columns) => columns.participants.len(),
            Self::Entries { by_id, .. } => by_id.len(),
        }
    }

    /// Ids and people, in the order of the data, or by id where they came and went.
    pub(crate) fn iter(&self) -> Box<dyn Iterator<Item = (&str, Found<'_>)> + '_> {
        match self {
            Self::Columns(columns) => {
                Box::new(columns.participants.ids().zip((0..).map(|n| Found::Column(columns, n))))
            }
            Self::Entries { by_id, .. } => {
                let mut sorted: Vec<_> = by_id.iter().collect();
                sorted.sort_unstable_by_key(|&(id, _)| id);
                Box::new(sorted.into_iter().map(|(id, person)| (id.as_str(), Found::Entry(person))))
            }
        }
    }

    /// The sets of purchases of all, or those before the changes where they are kept up to date.
    pub(crate) fn history(&self) -> Arc<History> {
        match self {
            Self::Columns(Columns { purchases, .. }) => {
                let past = purchases.past();
                let sets = past.iter().map(|&participant| (purchases.of(participant), 1));
                Arc::new(History::new(purchases.catalogue().len(), sets))
            }
            Self::Entries { history, .. } => Arc::clone(history),
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
