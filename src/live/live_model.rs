//! What every live model can do, whether it is in memory or on a disk.

use std::fmt::Debug;
use std::sync::Arc;

use super::{Change, LiveError, LiveRecommender};
use crate::domain::{Course, Profile, Timestamp};
use crate::query::Recommender;

/// A model that changes while it is asked: [`LiveRecommender`], which is in memory, and
/// [`DurableRecommender`](crate::DurableRecommender), which is in a folder too. A service that is written against this trait runs
/// with either. It can be a trait object, such as `Arc<dyn LiveModel>`.
///
/// Whatever the model, readers never wait and see what was before a batch of changes or what is after it, a call that fails
/// changes nothing that readers see, and all calls can be made from any number of threads.
///
/// ```
/// use std::sync::Arc;
///
/// use sebaya::LiveError;
/// use sebaya::prelude::*;
///
/// fn enrol(model: &dyn LiveModel, id: &str, profile: Profile, course: &str) -> Result<(), LiveError> {
///     model.add_participant(id, profile)?;
///     model.record_purchase(id, course, None)
/// }
///
/// # let data = sebaya::example_world::training_set()?;
/// # let course = data.catalogue().iter().next().map(|course| course.id().as_str().to_owned()).unwrap_or_default();
/// let model: Arc<dyn LiveModel> = Arc::new(LiveRecommender::new(Recommender::params().fit(&data)?)?);
/// enrol(&*model, "somebody new", Profile::new(), &course)?;
/// assert!(model.current().contains("somebody new"));
/// # Ok::<(), sebaya::Error>(())
/// ```
pub trait LiveModel: Debug + Send + Sync {
    /// The state as it is now. It stays as it is, so that several queries can be asked of the same state.
    fn current(&self) -> Arc<Recommender>;

    /// Makes all changes, or none when one of them is refused. Readers see the state before or after all of them. A durable
    /// model has written them to its disk before readers see them.
    ///
    /// # Errors
    ///
    /// * [`LiveError::Change`] with the position of the one that was refused;
    /// * [`LiveError::Journal`] when a durable model cannot write them.
    fn apply(&self, changes: &[Change]) -> Result<(), LiveError>;

    /// Learns ranges, ranks, categories and tags anew from what is there, and returns when readers see it. Readers and writers
    /// go on meanwhile: changes that come before it is done are made in the new model too. A durable model saves the result as
    /// its new snapshot before readers see it.
    ///
    /// # Errors
    ///
    /// * [`LiveError::Fit`] as fitting;
    /// * [`LiveError::Snapshot`] or [`LiveError::Journal`] when a durable model cannot write the result.
    fn refit(&self) -> Result<(), LiveError>;

    /// Puts a newly fitted model in the place of what is there. Readers see the one or the other. Participants, purchases and
    /// courses that only the old one has are gone, and so are changes that are made before this returns.
    ///
    /// # Errors
    ///
    /// As [`refit`](Self::refit). Nothing has changed then.
    fn replace(&self, model: Recommender) -> Result<(), LiveError>;

    /// How many categories and tags of past participants the encoder does not know, counted once for each who has one. A
    /// [`refit`](Self::refit) learns them all; when they are many, one is due.
    fn unseen(&self) -> u64 {
        self.current().model.people.n_unseen()
    }

    /// Adds somebody who has bought nothing yet.
    ///
    /// # Errors
    ///
    /// As [`apply`](Self::apply): the id is empty or taken, or the profile does not fit the schema.
    fn add_participant(&self, id: &str, profile: Profile) -> Result<(), LiveError> {
        self.apply(&[Change::AddParticipant { id: id.into(), profile }])
    }

    /// Replaces somebody's profile.
    ///
    /// # Errors
    ///
    /// As [`apply`](Self::apply): the participant is unknown or the profile does not fit the schema.
    fn update_profile(&self, id: &str, profile: Profile) -> Result<(), LiveError> {
        self.apply(&[Change::UpdateProfile { id: id.into(), profile }])
    }

    /// Counts a purchase. The same pair again changes nothing but the time, of which the earliest stays.
    ///
    /// # Errors
    ///
    /// As [`apply`](Self::apply): the participant or the course is unknown.
    fn record_purchase(&self, participant: &str, course: &str, at: Option<Timestamp>) -> Result<(), LiveError> {
        self.apply(&[Change::RecordPurchase { participant: participant.into(), course: course.into(), at }])
    }

    /// Takes a purchase back, whatever its time was. Whoever has no other one is no past participant any more.
    ///
    /// # Errors
    ///
    /// As [`apply`](Self::apply): the participant or the course is unknown, or the purchase was not made.
    ///
    /// ```
    /// # use sebaya::prelude::*;
    /// # let mut data = TrainingSet::builder(Schema::new().numeric("age"));
    /// # data.course(Course::new("excel", Amount(250_000)))?;
    /// # data.participant("ani", Profile::new())?.purchase("ani", "excel")?;
    /// # let live = LiveRecommender::new(Recommender::params().fit(&data.build()?)?)?;
    /// live.cancel_purchase("ani", "excel")?;
    /// let error = live.cancel_purchase("ani", "excel").unwrap_err();
    /// assert_eq!(error.to_string(), "change 1: participant \"ani\": \"excel\" was not bought");
    /// # Ok::<(), sebaya::Error>(())
    /// ```
    fn cancel_purchase(&self, participant: &str, course: &str) -> Result<(), LiveError> {
        self.apply(&[Change::CancelPurchase { participant: participant.into(), course: course.into() }])
    }

    /// Adds a course, or changes its price, its title, or whether it is open.
    ///
    /// # Errors
    ///
    /// As [`apply`](Self::apply): the id is empty or the price too large.
    fn upsert_course(&self, course: Course) -> Result<(), LiveError> {
        self.apply(&[Change::UpsertCourse { course }])
    }

    /// Stops recommending a course. Purchases of it still count.
    ///
    /// # Errors
    ///
    /// As [`apply`](Self::apply): the course is unknown.
    fn close_course(&self, id: &str) -> Result<(), LiveError> {
        self.apply(&[Change::CloseCourse { id: id.into() }])
    }

    /// Forgets somebody, with all purchases; see [`LiveRecommender`](LiveRecommender#forgetting) for what stays for how long.
    ///
    /// # Errors
    ///
    /// As [`apply`](Self::apply): the participant is unknown.
    fn forget_participant(&self, id: &str) -> Result<(), LiveError> {
        self.apply(&[Change::ForgetParticipant { id: id.into() }])
    }
}

/// The methods of the same name, which have smaller errors.
impl LiveModel for LiveRecommender {
    fn current(&self) -> Arc<Recommender> {
        self.current()
    }

    fn apply(&self, changes: &[Change]) -> Result<(), LiveError> {
        Ok(self.apply(changes)?)
    }

    fn refit(&self) -> Result<(), LiveError> {
        Ok(self.refit()?)
    }

    fn replace(&self, model: Recommender) -> Result<(), LiveError> {
        Ok(self.replace(model)?)
    }
}
