//! Participants, courses and purchases together: what a model is fitted on.

use std::ops::Deref;
use std::sync::Arc;

use linfa::DatasetBase;
use serde::{Deserialize, Serialize};

use super::participants::Row;
use super::purchases::PurchaseList;
use super::{
    Catalogue, Course, DataError, ParticipantId, Participants, Profile, Purchase, Purchases, Schema, Timestamp,
};

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
#[serde(try_from = "RawTrainingSet", into = "RawTrainingSet")]
pub struct TrainingSet(DatasetBase<Participants, Purchases>);

impl TrainingSet {
    /// Starts a set whose participants have the attributes of this schema.
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

    /// All purchases with the ids of participants and courses: participant by participant, and in the order of the catalogue for
    /// each.
    ///
    /// ```
    /// use sebaya::prelude::*;
    ///
    /// let mut data = TrainingSet::builder(Schema::new().numeric("age"));
    /// data.course(Course::new("excel", Amount(250_000)))?;
    /// data.participant("ani", Profile::new())?.purchase_at("ani", "excel", "2024-02-29".parse()?)?;
    /// for purchase in data.build()?.iter_purchases() {
    ///     assert_eq!((purchase.participant, purchase.course), ("ani".into(), "excel".into()));
    ///     assert_eq!(purchase.at, Some("2024-02-29".parse()?));
    /// }
    /// # Ok::<(), sebaya::DataError>(())
    /// ```
    pub fn iter_purchases(&self) -> impl Iterator<Item = Purchase> {
        self.participants().ids().enumerate().flat_map(|(row, id)| self.purchases_of_row(row, id))
    }

    /// The purchases of one participant, in the order of the catalogue; `None` where nobody has this id.
    ///
    /// ```
    /// use sebaya::prelude::*;
    ///
    /// let mut data = TrainingSet::builder(Schema::new().numeric("age"));
    /// data.course(Course::new("excel", Amount(250_000)))?.participant("budi", Profile::new())?;
    /// data.participant("ani", Profile::new())?.purchase("ani", "excel")?;
    /// let data = data.build()?;
    /// let bought: Vec<_> = data.purchases_of("ani").unwrap().map(|purchase| purchase.course).collect();
    /// assert_eq!(bought, ["excel"]);
    /// assert_eq!(data.purchases_of("budi").unwrap().count(), 0);
    /// assert!(data.purchases_of("zaki").is_none());
    /// # Ok::<(), sebaya::DataError>(())
    /// ```
    pub fn purchases_of(&self, participant: &str) -> Option<impl Iterator<Item = Purchase>> {
        let row = self.participants().id_table().get(participant)?;
        Some(self.purchases_of_row(row as usize, participant))
    }

    fn purchases_of_row(&self, row: usize, id: &str) -> impl Iterator<Item = Purchase> + use<'_> {
        let participant = ParticipantId::from(id);
        self.purchases().times_of(row).map(move |(course, at)| {
            let course = self.catalogue().course(course).id().clone();
            Purchase { participant: participant.clone(), course, at }
        })
    }

    /// The same participants with other purchases; see [`Purchases::rearranged`]. A participant who is left without
    /// purchases is no past participant, so nothing is learned from them.
    #[cfg(feature = "evaluate")]
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

/// linfa's `fit` takes the dataset that it wraps.
impl Deref for TrainingSet {
    type Target = DatasetBase<Participants, Purchases>;

    fn deref(&self) -> &Self::Target {
        &self.0
    }
}

/// Builds a [`TrainingSet`]. Add courses and participants before the purchases that name them. A call that fails changes
/// nothing.
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

    /// Adds a purchase without a time. Adding the same pair again changes nothing.
    ///
    /// # Errors
    ///
    /// [`DataError::UnknownParticipant`] or [`DataError::UnknownCourse`].
    pub fn purchase(&mut self, participant: &str, course: &str) -> Result<&mut Self, DataError> {
        self.add_purchase(participant, course, None)
    }

    /// Adds a purchase with its time. Where the same pair is added again, the earliest time is kept.
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

    /// Adds a purchase by the numbers of a participant and a course that were added.
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

    /// Finishes the set, also without purchases.
    pub(crate) fn build_even_without_purchases(self) -> Result<TrainingSet, DataError> {
        let mut participants = self.participants?;
        participants.shrink_to_fit();
        let purchases = self.purchases.build(participants.len(), Arc::new(self.catalogue))?;
        Ok(TrainingSet(DatasetBase::new(participants, purchases)))
    }
}

#[derive(Serialize, Deserialize)]
struct RawTrainingSet {
    schema: Schema,
    courses: Catalogue,
    participants: Vec<Row>,
    purchases: Vec<Purchase>,
}

impl From<TrainingSet> for RawTrainingSet {
    fn from(data: TrainingSet) -> Self {
        Self {
            schema: data.participants().schema().clone(),
            courses: data.catalogue().clone(),
            participants: data.participants().rows(),
            purchases: data.iter_purchases().collect(),
        }
    }
}

impl TryFrom<RawTrainingSet> for TrainingSet {
    type Error = DataError;

    fn try_from(raw: RawTrainingSet) -> Result<Self, DataError> {
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
