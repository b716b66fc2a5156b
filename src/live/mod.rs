//! A model that is asked by many while it changes.
//!
//! | file | |
//! | --- | --- |
//! | `live_model.rs` | [`LiveModel`]: what every live model can do |
//! | `change.rs` | [`Change`]: what can happen |
//! | `draft.rs` | the next state, before anybody sees it: what a change does, step by step |
//! | `holders.rs` | who holds which category or tag |
//! | `shared.rs` | what readers, writers and the worker share; states that are no longer wanted |
//! | `error.rs` | what can go wrong |
//! | `rebuild.rs` | a new base, built beside the writers: merge and refit |

mod change;
mod draft;
mod error;
mod holders;
mod live_model;
mod rebuild;
mod shared;
#[cfg(test)]
mod tests;

use std::sync::Arc;

use linfa::ParamGuard;

pub use change::{Change, ChangeError};
#[cfg(feature = "journal")]
pub use error::JournalError;
pub use error::LiveError;
pub use live_model::LiveModel;

use crate::domain::{Catalogue, DataError, Schema, TrainingSet};
use crate::model::{FitError, RecommenderParams};
use crate::query::Recommender;
use draft::Draft;
use rebuild::{Logged, Rebuild};
use shared::Shared;

/// A fitted model that takes purchases and participants, and forgets them, while any number of threads ask it.
///
/// Readers take the [`current`](Self::current) state and never wait; a state never changes, and they see what was before a
/// batch of changes or what is after it. Writers wait for each other.
///
/// After any changes the answers are, to the last bit, those of a model fitted anew on what is there, with the same encoder
/// ([`RecommenderParams::fit_with_encoder`]). A category or tag that the encoder does not know is accepted and is one of the
/// "others" until [`refit`](Self::refit); [`unseen`](LiveModel::unseen) counts them. Any state can be [saved](Recommender::save).
///
/// # Merges
///
/// Changes are kept beside the index. When there are some thousands of them, or more than a hundred profiles that the index
/// does not have, a thread of the model builds profiles and index anew, on one core. Changes go on meanwhile, and the thread
/// makes them in the new index too before readers see it. Where changes come faster than they can be merged, each batch waits
/// for up to two milliseconds, so that no more than some hundreds a second are added until the merge is done. A merge that
/// fails changes nothing and is tried again after twice as many changes; [`merge`](Self::merge) says why. The thread starts
/// when it is needed first and ends after the model is dropped.
///
/// # Forgetting
///
/// Once somebody is forgotten, no state that is published later has the id, the profile or the purchases, and no count has a
/// part of them. A category or tag goes from the encoder when nobody holds it any more, whether its last holder was forgotten
/// or changed; whoever comes with it later has an unknown one. Two things stay:
///
/// * until [`refit`](Self::refit), numbers that the encoder has learned from all: ranges, and positions in the order of values;
/// * until the next merge, or [`merge`](Self::merge), the place of the profile among the rows of the index and what was bought
///   there, without an id or a text, and counted as nobody's.
///
/// Readers who keep an older state keep what is in it. While a merge or a refit goes on, the changes since it began wait in
/// memory to be made again.
///
/// ```
/// use sebaya::prelude::*;
///
/// # let model = sebaya::example_world::model()?;
/// let live = LiveRecommender::new(model)?;
/// live.upsert_course(Course::new("karate", Amount(90_000)))?;
/// live.add_participant("fitri", Profile::new().with("age", 31))?;
/// live.record_purchase("fitri", "karate", None)?;
///
/// let newcomer = Query::new(Profile::new().with("age", 30), Amount(300_000));
/// let before = live.current();
/// assert_eq!(before.recommend(&newcomer)?.len(), 4);
/// live.forget_participant("fitri")?;
/// assert_eq!(live.current().recommend(&newcomer)?.len(), 3);
/// assert_eq!(before.recommend(&newcomer)?.len(), 4);
/// # Ok::<(), sebaya::Error>(())
/// ```
#[derive(Debug)]
pub struct LiveRecommender(Arc<Shared>);

impl LiveRecommender {
    /// Makes a model live: participants are stored one by one from now on, which takes some hundred bytes for each.
    ///
    /// # Errors
    ///
    /// [`DataError::Profile`] when a profile does not fit the schema, which those of a fitted model do.
    pub fn new(model: Recommender) -> Result<Self, DataError> {
        Ok(Self(Arc::new(Shared::new(with_entries(model)?))))
    }

    /// Starts a programme on its first day, when nobody has bought anything. Answers are empty and say so until somebody buys.
    /// Ranges, categories and tags are learned by a [`refit`](Self::refit), so one is due soon after: until then every
    /// number without a given range counts as the same one, and every category and tag is one of the "others".
    ///
    /// # Errors
    ///
    /// * [`FitError::Params`] when a parameter breaks its rule;
    /// * [`FitError::Data`] when the schema breaks a rule.
    ///
    /// ```
    /// use sebaya::{Catalogue, EmptyReason, prelude::*};
    ///
    /// let mut courses = Catalogue::new();
    /// courses.add(Course::new("excel", Amount(250_000)))?;
    /// let schema = Schema::new().numeric("age").categorical("province");
    /// let live = LiveRecommender::start(schema, &courses, Recommender::params())?;
    ///
    /// let query = Query::new(Profile::new().with("age", 24), Amount(300_000));
    /// assert_eq!(live.current().recommend(&query)?.empty_reason(), Some(EmptyReason::NoPurchases));
    /// live.add_participant("ani", Profile::new().with("age", 24))?;
    /// live.record_purchase("ani", "excel", None)?;
    /// live.refit()?;
    /// assert_eq!(live.current().recommend(&query)?.len(), 1);
    /// # Ok::<(), sebaya::Error>(())
    /// ```
    pub fn start(schema: Schema, catalogue: &Catalogue, params: RecommenderParams) -> Result<Self, FitError> {
        let params = params.check()?;
        let mut data = TrainingSet::builder(schema);
        for course in catalogue {
            data.course(course.clone())?;
        }
        let data = data.build_even_without_purchases()?;
        Ok(Self::new(params.build(data.participants(), data.purchases(), None)?.into())?)
    }

    /// The state as it is now. It stays as it is, so that several queries can be asked of the same state.
    pub fn current(&self) -> Arc<Recommender> {
        self.0.current.load_full()
    }

    /// Makes all changes, or none when one of them is refused. Readers see the state before or after all of them.
    ///
    /// # Errors
    ///
    /// The position of the one that was refused, and what is wrong with it.
    ///
    /// ```
    /// # use sebaya::prelude::*;
    /// # let live = LiveRecommender::new(sebaya::example_world::model()?)?;
    /// use sebaya::Change;
    ///
    /// let fitri = Change::AddParticipant { id: "fitri".into(), profile: Profile::new() };
    /// let bought = Change::RecordPurchase { participant: "fitri".into(), course: "karate".into(), at: None };
    /// let error = live.apply(&[fitri, bought]).unwrap_err();
    /// assert_eq!(error.to_string(), "change 2: course: \"karate\" is unknown");
    /// assert!(!live.current().contains("fitri"));
    /// # Ok::<(), sebaya::Error>(())
    /// ```
    pub fn apply(&self, changes: &[Change]) -> Result<(), ChangeError> {
        self.apply_after(changes, || Ok(()))
    }

    /// As [`apply`](Self::apply), when `first` succeeds, which is called once the changes are known to be possible.
    pub(crate) fn apply_after<E: From<ChangeError>>(
        &self,
        changes: &[Change],
        first: impl FnOnce() -> Result<(), E>,
    ) -> Result<(), E> {
        let mut guard = self.0.lock();
        let writer = &mut *guard;
        let mut draft = Draft::new(&self.0.current.load());
        let mut holders = writer.holders.batch();
        let mut gone = Vec::with_capacity(changes.len());
        for (position, change) in changes.iter().enumerate() {
            let made = draft.make(change, |before, after| holders.exchange(before, after));
            gone.push(made.map_err(|source| ChangeError { position, source })?);
        }
        let state = draft.finish();
        first()?;
        holders.keep();
        if let Some(log) = &mut writer.log {
            log.extend(changes.iter().cloned().zip(gone).map(|(change, gone)| Logged { change, gone }));
        }
        let forgets = changes.iter().any(|change| matches!(change, Change::ForgetParticipant { .. }));
        self.0.publish(&Arc::new(state), writer, forgets);
        self.0.after_batch(guard);
        Ok(())
    }

    /// Builds profiles and index anew over what is there, without learning anything, and returns when readers see it. A thread
    /// of the model does so from time to time. After it nothing is left in the current state of those who were forgotten
    /// before the call. Readers and writers go on meanwhile.
    ///
    /// # Errors
    ///
    /// [`FitError::Data`] or [`FitError::Index`], as fitting.
    pub fn merge(&self) -> Result<(), FitError> {
        self.0.merge(false)
    }

    /// Learns ranges, ranks, categories and tags anew from what is there, and returns when readers see it. Readers and writers
    /// go on meanwhile: changes that come before it is done are made in the new model too.
    ///
    /// # Errors
    ///
    /// [`FitError::Data`] or [`FitError::Index`], as fitting. Nothing has changed then.
    pub fn refit(&self) -> Result<(), FitError> {
        self.refit_after(|_| Ok(()))
    }

    /// As [`refit`](Self::refit), when `first` succeeds with the new state, which is called while writers wait.
    pub(crate) fn refit_after(&self, first: impl FnOnce(&Recommender) -> Result<(), FitError>) -> Result<(), FitError> {
        let rebuild = Rebuild::begin(&self.0);
        let refitted = rebuild.refitted()?;
        rebuild.publish(refitted, first)
    }

    /// Puts a newly fitted model in the place of what is there. Readers see the one or the other. Participants, purchases and
    /// courses that only the old one has are gone, and so are changes that are made before this returns.
    ///
    /// # Errors
    ///
    /// As [`new`](Self::new). Nothing has changed then.
    ///
    /// ```
    /// # use sebaya::prelude::*;
    /// # let (live, data) = (LiveRecommender::new(sebaya::example_world::model()?)?, sebaya::example_world::training_set()?);
    /// let fitted = Recommender::params().n_neighbours(3).fit(&data)?;
    /// let fingerprint = fitted.fingerprint();
    /// assert_ne!(live.current().fingerprint(), fingerprint);
    /// live.replace(fitted)?;
    /// assert_eq!(live.current().fingerprint(), fingerprint);
    /// # Ok::<(), sebaya::Error>(())
    /// ```
    pub fn replace(&self, model: Recommender) -> Result<(), DataError> {
        self.take_over(Self::new(model)?);
        Ok(())
    }

    /// Goes on as another one, whose state readers see from now on. A rebuild that is going on is in vain. Answers with what is
    /// over, for the caller to drop where nobody waits.
    pub(crate) fn take_over(&self, other: Self) -> impl Sized + use<> {
        let (theirs, state) = other.0.give_up();
        let mut writer = self.0.lock();
        let ours = std::mem::replace(&mut writer.holders, theirs);
        writer.model += 1;
        writer.log = None;
        self.0.publish(&state, &mut writer, true);
        self.0.after_batch(writer);
        (ours, other)
    }
}

/// The worker ends by itself.
impl Drop for LiveRecommender {
    fn drop(&mut self) {
        self.0.close();
    }
}

/// The same model with its participants stored one by one.
fn with_entries(model: Recommender) -> Result<Recommender, DataError> {
    let Recommender { model, scratch, .. } = model;
    Ok(Recommender::with_scratch(model.with_entries()?, scratch))
}
