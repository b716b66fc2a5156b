//! A model that is asked by many while it changes.
//!
//! | file | |
//! | --- | --- |
//! | `change.rs` | [`Change`]: what can happen |
//! | `draft.rs` | the next state, before anybody sees it; what a change does to counts and rows |
//! | `names.rs` | who holds which category or tag |

mod change;
mod draft;
mod names;

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use arc_swap::ArcSwap;

pub use change::{Change, ChangeError};

use crate::Error;
use crate::domain::{Course, CourseId, PackedProfile, ParticipantId, Profile, Timestamp, TrainingSet};
use crate::model::{Columns, People, Person};
use crate::query::Recommender;
use draft::Draft;
use names::Names;

/// A fitted model that takes purchases and participants, and forgets them, while any number of threads ask it.
///
/// Readers take the [`current`](Self::current) state and never wait; a state never changes, and they see what was before a
/// batch of changes or what is after it. Writers wait for each other.
///
/// After any changes the answers are, to the last bit, those of a model fitted anew on what is there, with the same encoder
/// ([`RecommenderParams::fit_with_encoder`](crate::RecommenderParams::fit_with_encoder)). A category or tag that the encoder
/// does not know is accepted and is one of the "others" until [`refit`](Self::refit); [`unseen`](Self::unseen) counts them. Any state can be
/// [saved](Recommender::save).
///
/// # Forgetting
///
/// Once somebody is forgotten, no state has the id, the profile or the purchases, and no count has a part of them; a category
/// or tag that nobody else holds is gone from the encoder too, and a query with it has an unknown one. Two things stay:
///
/// * until [`refit`](Self::refit), numbers that the encoder has learned from all: ranges, and positions in the order of values;
/// * until the next merge, which is at most a few thousand changes away, or [`merge`](Self::merge), the place of the profile
///   among the rows of the index and what was bought there, without an id, and counted as nobody's.
///
/// Readers who keep an older state keep what is in it.
///
/// ```
/// use sebaya::prelude::*;
///
/// # let mut data = TrainingSet::builder(Schema::new().numeric("age"));
/// # data.course(Course::new("excel", Amount(250_000)))?.course(Course::new("sewing", Amount(100_000)))?;
/// # data.participant("ani", Profile::new().with("age", 24))?.purchase("ani", "excel")?;
/// let live = LiveRecommender::new(Recommender::params().fit(&data.build()?)?)?;
/// live.add_participant("budi", Profile::new().with("age", 31))?;
/// live.record_purchase("budi", "sewing", None)?;
///
/// let newcomer = Query::new(Profile::new().with("age", 30), Amount(300_000));
/// let before = live.current();
/// assert_eq!(before.recommend(&newcomer)?.len(), 2);
/// live.forget_participant("budi")?;
/// assert_eq!(live.current().recommend(&newcomer)?.len(), 1);
/// assert_eq!(before.recommend(&newcomer)?.len(), 2);
/// # Ok::<(), sebaya::Error>(())
/// ```
#[derive(Debug)]
pub struct LiveRecommender {
    current: ArcSwap<Recommender>,
    writer: Mutex<Writer>,
    unseen: AtomicU64,
}

/// What only the writer needs.
#[derive(Debug, Default)]
struct Writer {
    names: Names,
    /// States that readers may still hold. Readers come and go quickly, and it is not for them to take a state apart.
    retired: Vec<Arc<Recommender>>,
}

/// A reader that keeps a state for longer takes it apart itself.
const MOST_RETIRED: usize = 64;

impl LiveRecommender {
    /// Makes a model live: participants are stored one by one from now on, which takes some hundred bytes for each.
    ///
    /// # Errors
    ///
    /// [`Error::Profile`] when a profile does not fit the schema, which those of a fitted model do.
    pub fn new(model: Recommender) -> Result<Self, Error> {
        let mut writer = Writer::default();
        let state = one_by_one(model, &mut writer.names)?;
        let unseen = AtomicU64::new(n_unseen(&state));
        Ok(Self { current: ArcSwap::from_pointee(state), writer: Mutex::new(writer), unseen })
    }

    /// The state as it is now. It stays as it is, so that several queries can be asked of the same state.
    pub fn current(&self) -> Arc<Recommender> {
        self.current.load_full()
    }

    /// Adds somebody who has bought nothing yet.
    ///
    /// # Errors
    ///
    /// [`Error::Change`] when the id is empty or taken, or the profile does not fit the schema.
    pub fn add_participant(&self, id: impl Into<ParticipantId>, profile: Profile) -> Result<(), Error> {
        self.apply(&[Change::AddParticipant { id: id.into(), profile }])
    }

    /// Replaces somebody's profile.
    ///
    /// # Errors
    ///
    /// [`Error::Change`] when the participant is unknown or the profile does not fit the schema.
    pub fn update_profile(&self, id: impl Into<ParticipantId>, profile: Profile) -> Result<(), Error> {
        self.apply(&[Change::UpdateProfile { id: id.into(), profile }])
    }

    /// Counts a purchase. The same pair again changes nothing but the time, of which the earliest stays.
    ///
    /// # Errors
    ///
    /// [`Error::Change`] when the participant or the course is unknown.
    pub fn record_purchase(
        &self,
        participant: impl Into<ParticipantId>,
        course: impl Into<CourseId>,
        at: Option<Timestamp>,
    ) -> Result<(), Error> {
        self.apply(&[Change::RecordPurchase { participant: participant.into(), course: course.into(), at }])
    }

    /// Adds a course, or changes its price, its title, or whether it is open.
    ///
    /// # Errors
    ///
    /// [`Error::Change`] when the id is empty or the price too large.
    pub fn upsert_course(&self, course: Course) -> Result<(), Error> {
        self.apply(&[Change::UpsertCourse { course }])
    }

    /// Stops recommending a course. Purchases of it still count.
    ///
    /// # Errors
    ///
    /// [`Error::Change`] when the course is unknown.
    pub fn close_course(&self, id: impl Into<CourseId>) -> Result<(), Error> {
        self.apply(&[Change::CloseCourse { id: id.into() }])
    }

    /// Forgets somebody, with all purchases; see [above](Self#forgetting).
    ///
    /// # Errors
    ///
    /// [`Error::Change`] when the participant is unknown.
    pub fn forget_participant(&self, id: impl Into<ParticipantId>) -> Result<(), Error> {
        self.apply(&[Change::ForgetParticipant { id: id.into() }])
    }

    /// Makes all changes, or none when one of them is refused. Readers see the state before or after all of them.
    ///
    /// # Errors
    ///
    /// [`Error::Change`] with the position of the one that was refused.
    ///
    /// ```
    /// # use sebaya::prelude::*;
    /// # let mut data = TrainingSet::builder(Schema::new().numeric("age"));
    /// # data.course(Course::new("excel", Amount(250_000)))?;
    /// # data.participant("ani", Profile::new())?.purchase("ani", "excel")?;
    /// # let live = LiveRecommender::new(Recommender::params().fit(&data.build()?)?)?;
    /// use sebaya::Change;
    ///
    /// let budi = Change::AddParticipant { id: "budi".into(), profile: Profile::new() };
    /// let bought = Change::RecordPurchase { participant: "budi".into(), course: "karate".into(), at: None };
    /// let error = live.apply(&[budi, bought]).unwrap_err();
    /// assert_eq!(error.to_string(), "change 2: course: \"karate\" is unknown");
    /// assert!(!live.current().contains("budi"));
    /// # Ok::<(), sebaya::Error>(())
    /// ```
    pub fn apply(&self, changes: &[Change]) -> Result<(), Error> {
        self.apply_after(changes, || Ok(()))
    }

    /// As [`apply`](Self::apply), when `first` succeeds, which is called once the changes are known to be possible.
    pub(crate) fn apply_after(
        &self,
        changes: &[Change],
        first: impl FnOnce() -> Result<(), Error>,
    ) -> Result<(), Error> {
        let mut writer = self.lock();
        let mut draft = Draft::new(&self.current.load(), &mut writer.names);
        for (position, change) in changes.iter().enumerate() {
            if let Err(source) = draft.apply(change) {
                draft.undo_names();
                return Err(ChangeError { position, source }.into());
            }
        }
        let (unseen, forgot) = (draft.unseen, draft.forgot);
        let state = draft.finish(first)?;
        self.publish(state, &mut writer, forgot);
        // It wraps, so that a negative number is one too.
        self.unseen.fetch_add(unseen.cast_unsigned(), Ordering::Relaxed);
        Ok(())
    }

    /// Builds the index anew over what is there, without learning anything. Changes do it from time to time; after it
    /// nothing of the forgotten is left in the current state.
    ///
    /// # Errors
    ///
    /// [`Error::Data`] or [`Error::Index`], as fitting.
    pub fn merge(&self) -> Result<(), Error> {
        let mut writer = self.lock();
        let mut state = Draft::new(&self.current.load(), &mut writer.names).finish(|| Ok(()))?;
        state.model.merge_all()?;
        self.publish(state, &mut writer, true);
        Ok(())
    }

    /// Learns ranges, ranks, categories and tags anew from what is there. Readers go on meanwhile, writers wait.
    ///
    /// # Errors
    ///
    /// [`Error::Data`] or [`Error::Index`], as fitting.
    pub fn refit(&self) -> Result<(), Error> {
        let mut writer = self.lock();
        let current = self.current();
        let fitted = current.refitted()?;
        if current.model.history.is_built() {
            fitted.model.build_history();
        }
        let mut fresh = Names::default();
        let state = one_by_one(fitted, &mut fresh)?;
        drop(current);
        writer.names = fresh;
        self.publish(state, &mut writer, true);
        self.unseen.store(0, Ordering::Relaxed);
        Ok(())
    }

    /// How many categories and tags of past participants the encoder does not know: those that a [`refit`](Self::refit) would
    /// learn. Each counts once for each past participant who holds it. When they are many, a refit is due; after it there are
    /// none.
    pub fn unseen(&self) -> u64 {
        self.unseen.load(Ordering::Relaxed)
    }

    /// Goes on as another one, whose state readers see from now on. Answers with what is over, for the caller to drop where
    /// nobody waits: it takes a while.
    #[cfg(feature = "journal")]
    pub(crate) fn take_over(&self, other: Self) -> impl Sized + use<> {
        let Self { current, writer: theirs, unseen } = other;
        let mut writer = self.lock();
        let theirs = theirs.into_inner().unwrap_or_else(PoisonError::into_inner);
        let state = self.current.swap(current.into_inner());
        self.unseen.store(unseen.into_inner(), Ordering::Relaxed);
        (std::mem::replace(&mut *writer, theirs), state)
    }

    /// Lets readers see a state. Older ones go when no reader has them any more; `now` keeps none of them for later.
    fn publish(&self, state: Recommender, writer: &mut Writer, now: bool) {
        writer.retired.push(self.current.swap(Arc::new(state)));
        if now || writer.retired.len() > MOST_RETIRED {
            writer.retired.clear();
        } else {
            writer.retired.retain(|state| Arc::strong_count(state) > 1);
        }
    }

    /// A panic while the lock is held leaves names that may be counted wrongly, but no state that is wrong.
    fn lock(&self) -> MutexGuard<'_, Writer> {
        self.writer.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Recommender {
    /// The same people and purchases, and everything learned from them anew.
    pub(crate) fn refitted(&self) -> Result<Self, Error> {
        let data: TrainingSet = self.training_set()?;
        let (params, purchases) = (self.model.params, data.purchases());
        Ok(params.build(data.participants(), purchases, None, params.fade(purchases))?.into())
    }
}

/// How many categories and tags of past participants the encoder does not know.
fn n_unseen(Recommender { model, .. }: &Recommender) -> u64 {
    let People::Entries { by_id, .. } = &model.people else { return 0 };
    let past = by_id.values().filter(|person| !person.bought.is_empty());
    past.map(|person| model.encoder.n_unseen(&person.profile)).sum()
}

/// The same model with its participants stored one by one.
fn one_by_one(mut recommender: Recommender, names: &mut Names) -> Result<Recommender, Error> {
    let model = &mut recommender.model;
    let People::Columns(columns) = &model.people else { return Ok(recommender) };
    let Columns { participants, purchases, row_of } = columns;
    let mut by_id = imbl::HashMap::new();
    for ((id, number), &row) in participants.ids().zip(0_usize..).zip(row_of.iter()) {
        let profile = PackedProfile::pack(model.encoder.schema(), &participants.profile_of(number))?;
        names.add(&profile);
        let bought: Vec<_> = purchases.times_of(number).collect();
        let key = (!bought.is_empty()).then_some(row);
        by_id.insert(ParticipantId::from(id), Arc::new(Person { profile, bought, key }));
    }
    let rows = 0..model.base.profiles.first_free_row();
    model.overlay.row_of_key = Arc::new(rows.collect());
    model.overlay.key_of_row = Arc::clone(&model.overlay.row_of_key);
    model.people = People::Entries { by_id };
    Ok(recommender)
}
