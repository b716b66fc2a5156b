//! Participants, courses and purchases together: what a model is fitted on.

use std::ops::Deref;
use std::sync::Arc;

use linfa::DatasetBase;
use serde::{Deserialize, Serialize};
use thiserror::Error;

use super::participants::Row;
use super::purchases::PurchaseList;
use super::{
    Amount, Catalogue, Course, Participants, Profile, ProfileError, Purchase, Purchases, Schema, SchemaError, Timestamp,
};
use crate::store::TooMany;

/// What a model is fitted on: a linfa dataset of [`Participants`] as records and [`Purchases`] as targets.
///
/// ```
/// use sebaya::{Amount, Course, Profile, Schema, TrainingSet};
///
/// let mut data = TrainingSet::builder(Schema::new().numeric("age").categorical("province"));
/// data.course(Course::new("excel", Amount(250_000)))?;
/// data.participant("ani", Profile::new().with("age", 24).with("province", "Jawa Barat"))?;
/// data.purchase("ani", "excel")?;
/// let data = data.build()?;
/// assert_eq!((data.participants().len(), data.catalogue().len(), data.purchases().len()), (1, 1, 1));
/// # Ok::<(), sebaya::DataError>(())
/// ```
#[derive(Debug, Serialize, Deserialize)]
#[serde(try_from = "Raw", into = "Raw")]
pub struct TrainingSet(DatasetBase<Participants, Purchases>);

impl TrainingSet {
    /// An empty set of participants with this schema, to be filled.
    pub fn builder(schema: Schema) -> TrainingSetBuilder {
        TrainingSetBuilder {
            participants: Participants::new(schema),
            catalogue: Catalogue::new(),
            purchases: PurchaseList::default(),
        }
    }

    /// All participants, with or without purchases.
    pub fn participants(&self) -> &Participants {
        self.0.records()
    }

    /// All purchases.
    pub fn purchases(&self) -> &Purchases {
        self.0.targets()
    }

    /// The same participants with other purchases; see [`Purchases::rearranged`]. Whoever is left with none is no past
    /// participant, so nothing is learned from it.
    pub(crate) fn rearranged(
        &self,
        catalogue: Arc<Catalogue>,
        basket: impl Fn(u32) -> Option<u32>,
        keep: impl Fn(u32, Option<Timestamp>) -> bool,
    ) -> Self {
        let purchases = self.purchases().rearranged(catalogue, basket, keep);
        Self(DatasetBase::new(self.participants().clone(), purchases))
    }

    pub(crate) fn from_parts(participants: Participants, purchases: Purchases) -> Self {
        Self(DatasetBase::new(participants, purchases))
    }

    /// The same purchases of other participants, which must be as many.
    pub(crate) fn with_participants(&self, participants: Participants) -> Self {
        Self(DatasetBase::new(participants, self.purchases().clone()))
    }

    /// The numbers of the participants with at least one purchase, ascending.
    pub(crate) fn past(&self) -> Vec<u32> {
        self.purchases().past()
    }

    /// All courses.
    pub fn catalogue(&self) -> &Catalogue {
        self.purchases().catalogue()
    }
}

impl Clone for TrainingSet {
    fn clone(&self) -> Self {
        Self(DatasetBase::new(self.participants().clone(), self.purchases().clone()))
    }
}

/// linfa's `fit` takes the dataset inside.
impl Deref for TrainingSet {
    type Target = DatasetBase<Participants, Purchases>;

    fn deref(&self) -> &Self::Target {
        &self.0
    }
}

/// Gathers a [`TrainingSet`]. Courses and participants come before the purchases that name them. A call that fails
/// changes nothing.
///
/// ```
/// use sebaya::prelude::*;
///
/// let mut data = TrainingSet::builder(Schema::new().numeric("age"));
/// data.course(Course::new("excel", Amount(250_000)))?;
/// data.participant("ani", Profile::new().with("age", 24))?.purchase("ani", "excel")?;
/// assert!(data.purchase("ani", "karate").is_err());
/// assert_eq!(data.build()?.purchases().len(), 1);
/// # Ok::<(), sebaya::DataError>(())
/// ```
#[derive(Debug, Clone)]
pub struct TrainingSetBuilder {
    /// A bad schema is reported by the first call that can fail.
    participants: Result<Participants, DataError>,
    catalogue: Catalogue,
    purchases: PurchaseList,
}

impl TrainingSetBuilder {
    /// Adds a course.
    ///
    /// # Errors
    ///
    /// As [`Catalogue::add`].
    pub fn course(&mut self, course: Course) -> Result<&mut Self, DataError> {
        self.catalogue.add(course)?;
        Ok(self)
    }

    /// Adds a participant.
    ///
    /// # Errors
    ///
    /// As [`Participants::add`], and [`DataError::Schema`] when the schema breaks a rule.
    #[expect(clippy::needless_pass_by_value, reason = "callers build the profile in the call")]
    pub fn participant(&mut self, id: impl AsRef<str>, profile: Profile) -> Result<&mut Self, DataError> {
        self.participants_mut()?.add(id.as_ref(), &profile)?;
        Ok(self)
    }

    /// Adds a purchase. The same pair again changes nothing.
    ///
    /// # Errors
    ///
    /// [`DataError::UnknownParticipant`] or [`DataError::UnknownCourse`].
    pub fn purchase(&mut self, participant: &str, course: &str) -> Result<&mut Self, DataError> {
        self.add_purchase(participant, course, None)
    }

    /// Adds a purchase whose time is known. Of the same pair, the earliest time stays.
    ///
    /// # Errors
    ///
    /// As [`TrainingSetBuilder::purchase`].
    ///
    /// ```
    /// use sebaya::{Amount, Course, Profile, Schema, TrainingSet};
    ///
    /// let mut data = TrainingSet::builder(Schema::new().numeric("age"));
    /// data.course(Course::new("excel", Amount(1)))?.participant("ani", Profile::new())?;
    /// data.purchase_at("ani", "excel", "2024-03-01".parse()?)?;
    /// # Ok::<(), sebaya::DataError>(())
    /// ```
    pub fn purchase_at(&mut self, participant: &str, course: &str, at: Timestamp) -> Result<&mut Self, DataError> {
        self.add_purchase(participant, course, Some(at))
    }

    pub(crate) fn add_purchase(
        &mut self,
        participant: &str,
        course: &str,
        at: Option<Timestamp>,
    ) -> Result<&mut Self, DataError> {
        let buyer = self.participants_mut()?.id_table().get(participant);
        let buyer = buyer.ok_or_else(|| DataError::UnknownParticipant { id: participant.to_owned() })?;
        let bought = self.catalogue.number(course);
        let bought = bought.ok_or_else(|| DataError::UnknownCourse { id: course.to_owned() })?;
        self.purchases.push(buyer, bought, at);
        Ok(self)
    }

    /// Adds a purchase by numbers, which must be those of a participant and a course that were added.
    pub(crate) fn push_purchase(&mut self, participant: u32, course: u32, at: Option<Timestamp>) {
        self.purchases.push(participant, course, at);
    }

    pub(crate) fn participants_mut(&mut self) -> Result<&mut Participants, DataError> {
        self.participants.as_mut().map_err(|error| error.clone())
    }

    /// Finishes the set.
    ///
    /// # Errors
    ///
    /// * [`DataError::Schema`] when the schema breaks a rule;
    /// * [`DataError::NoPurchase`] when there is no purchase at all: a programme on its first day starts with
    ///   [`LiveRecommender::start`](crate::LiveRecommender::start).
    pub fn build(self) -> Result<TrainingSet, DataError> {
        if self.participants.is_ok() && self.purchases.is_empty() {
            return Err(DataError::NoPurchase);
        }
        self.build_even_without_purchases()
    }

    /// The same, where there may be nothing to learn from.
    pub(crate) fn build_even_without_purchases(self) -> Result<TrainingSet, DataError> {
        let mut participants = self.participants?;
        participants.shrink_to_fit();
        let purchases = self.purchases.build(participants.len(), Arc::new(self.catalogue))?;
        Ok(TrainingSet(DatasetBase::new(participants, purchases)))
    }
}

#[derive(Serialize, Deserialize)]
struct Raw {
    schema: Schema,
    courses: Catalogue,
    participants: Vec<Row>,
    purchases: Vec<Purchase>,
}

impl From<TrainingSet> for Raw {
    fn from(data: TrainingSet) -> Self {
        let (participants, purchases) = (data.participants(), data.purchases());
        let name = |row: usize, id: &str| {
            let purchase = |(course, at)| {
                let course = purchases.catalogue().course(course).id().clone();
                Purchase { participant: id.into(), course, at }
            };
            purchases.times_of(row).map(purchase).collect::<Vec<_>>()
        };
        Self {
            schema: participants.schema().clone(),
            courses: data.catalogue().clone(),
            participants: participants.rows(),
            purchases: participants.ids().enumerate().flat_map(|(row, id)| name(row, id)).collect(),
        }
    }
}

impl TryFrom<Raw> for TrainingSet {
    type Error = DataError;

    fn try_from(raw: Raw) -> Result<Self, DataError> {
        let mut builder = TrainingSetBuilder {
            participants: Participants::from_rows(raw.schema, raw.participants),
            catalogue: raw.courses,
            purchases: PurchaseList::default(),
        };
        for purchase in raw.purchases {
            builder.add_purchase(purchase.participant.as_str(), purchase.course.as_str(), purchase.at)?;
        }
        builder.build()
    }
}

/// Why data were refused.
///
/// ```
/// use sebaya::{DataError, prelude::*};
///
/// let mut data = TrainingSet::builder(Schema::new().numeric("age"));
/// assert_eq!(data.course(Course::new("", Amount(1))).unwrap_err(), DataError::EmptyId { what: "course" });
/// assert_eq!(data.build().unwrap_err(), DataError::NoPurchase);
/// ```
#[derive(Debug, Clone, PartialEq, Error)]
#[non_exhaustive]
pub enum DataError {
    /// The learned distance compares every pair of an attribute's values, and there are too many.
    #[error("{attribute}: {groups} different values are too many for the learned distance, which takes {most}")]
    TooManyGroups {
        /// The attribute.
        attribute: String,
        /// Its values, with one for "other" and one for a missing value.
        groups: usize,
        /// The most that it takes.
        most: usize,
    },
    /// Distances under the learned distance do not fit into 32 bits.
    #[error("the largest learned distance would be {largest}, and {} is the most", u32::MAX)]
    DistancesTooLarge {
        /// The sum of the largest distance of each attribute and tag, in units.
        largest: u64,
    },
    /// An id is empty.
    #[error("id: \"\" is empty; a {what} needs an id")]
    EmptyId {
        /// "course" or "participant".
        what: &'static str,
    },
    /// An id was added before.
    #[error("id: {id:?} is already the id of a {what}")]
    DuplicateId {
        /// "course" or "participant".
        what: &'static str,
        /// The id.
        id: String,
    },
    /// A price is larger than [`Amount::MAX`].
    #[error("{what}: {amount} is larger than {}", Amount::MAX)]
    AmountTooLarge {
        /// "price" or "balance".
        what: &'static str,
        /// The amount.
        amount: Amount,
    },
    /// A purchase names a participant that was not added.
    #[error("participant: {id:?} is unknown")]
    UnknownParticipant {
        /// The id.
        id: String,
    },
    /// A purchase names a course that was not added.
    #[error("course: {id:?} is unknown")]
    UnknownCourse {
        /// The id.
        id: String,
    },
    /// A purchase that is to be cancelled was not made.
    #[error("participant {participant:?}: {course:?} was not bought")]
    NotBought {
        /// Who is said to have bought.
        participant: String,
        /// What.
        course: String,
    },
    /// Nothing was bought, so there is nobody to learn from.
    #[error("there is no purchase at all")]
    NoPurchase,
    /// A time is no RFC 3339 date or date-time.
    #[error("{text:?} is not an RFC 3339 date or date-time")]
    BadTimestamp {
        /// What was given.
        text: String,
    },
    /// A time lies outside the years 0 to 9999 in UTC, so that RFC 3339 has no form for it.
    #[error("{text:?} is not within the years 0 to 9999 in UTC")]
    TimestampOutOfRange {
        /// What was given.
        text: String,
    },
    /// A profile does not fit the schema.
    #[error("participant {participant:?}: {source}")]
    Profile {
        /// Whose profile.
        participant: String,
        /// What is wrong with it.
        r#source: ProfileError,
    },
    /// The schema breaks a rule.
    #[error(transparent)]
    Schema(#[from] SchemaError),
    /// More than 2^32 - 2 names, or names of more than 4 GiB in all, in one column.
    #[error("a column holds more than 4294967294 names, or names of more than 4 GiB")]
    TooManyNames,
    /// More than 2^32 - 1 purchases.
    #[error("there are more than 4294967295 purchases")]
    TooManyPurchases,
}

impl From<TooMany> for DataError {
    fn from(_: TooMany) -> Self {
        Self::TooManyNames
    }
}

impl DataError {
    pub(crate) fn profile(participant: &str, source: ProfileError) -> Self {
        Self::Profile { participant: participant.to_owned(), source }
    }
}
