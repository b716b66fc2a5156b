//! A new base, built beside the writers: changes go on in the old one, and are made in the new one afterwards.

use std::sync::{Arc, MutexGuard, PoisonError};

use super::Change;
use super::draft::Draft;
use super::holders::Name;
use super::shared::Shared;
use crate::model::FitError;
use crate::query::Recommender;

/// With no more changes to be made in the new base, they are made while the writers wait.
const FEW: usize = 4;
/// From so many rounds of catching up on, writers are held back.
const PATIENT_ROUNDS: usize = 2;

/// A change that was made in the old base while the new one was being built.
#[derive(Debug)]
pub(super) struct Logged {
    pub(super) change: Change,
    /// The names that nobody held after it.
    pub(super) gone: Vec<Name>,
}

/// A base that is being built, one at a time. Dropped before it is published, it has changed nothing.
#[derive(Debug)]
pub(super) struct Rebuild<'l> {
    shared: &'l Shared,
    /// What it is built from. All changes after it are written down.
    pub(super) from: Arc<Recommender>,
    /// The number of the model that it is built from.
    model: u64,
    published: bool,
    _one_at_a_time: MutexGuard<'l, ()>,
}

impl<'l> Rebuild<'l> {
    pub(super) fn begin(shared: &'l Shared) -> Self {
        let one_at_a_time = shared.building.lock().unwrap_or_else(PoisonError::into_inner);
        let mut writer = shared.lock();
        writer.work.merge_is_due = false;
        writer.log = Some(Vec::new());
        let (from, model) = (shared.current.load_full(), writer.model);
        drop(writer);
        Self { shared, from, model, published: false, _one_at_a_time: one_at_a_time }
    }

    /// The same model without changes since its base, or with as few as make no merge due.
    pub(super) fn merged(&self, where_due: bool) -> Result<Draft, FitError> {
        let mut state = self.from.model.next_state();
        if where_due && !state.overlay.is_full(1) {
            state.merge_history();
        } else {
            on_one_thread(|| state.merge())?;
        }
        Ok(Draft::of(state, Arc::clone(&self.from.scratch)))
    }

    /// A model that has learned anew from the same participants.
    pub(super) fn refitted(&self) -> Result<Draft, FitError> {
        let state = on_one_thread(|| Ok::<_, FitError>(self.from.refitted()?.model.with_entries()?))?;
        if self.from.model.history.is_built() {
            state.build_history();
        }
        Ok(Draft::of(state, Arc::clone(&self.from.scratch)))
    }

    /// Makes the changes in the new base that were made meanwhile, and lets readers see it. While writers wait, a few are
    /// left, and `first` is called with the new state, which is not published when it fails.
    pub(super) fn publish(
        mut self,
        mut next: Draft,
        first: impl FnOnce(&Recommender) -> Result<(), FitError>,
    ) -> Result<(), FitError> {
        for round in 0.. {
            let mut writer = self.shared.lock();
            if writer.model != self.model {
                // Another model is there now, and nothing of this one.
                self.published = true;
                break;
            }
            let log = writer.log.replace(Vec::new()).unwrap_or_default();
            if log.len() <= FEW {
                replay(&mut next, &log)?;
                let state = next.finish();
                first(&state)?;
                writer.log = None;
                writer.failed_merges = 0;
                self.shared.publish(&Arc::new(state), &mut writer, true);
                self.published = true;
                break;
            }
            writer.hold_back = round >= PATIENT_ROUNDS;
            drop(writer);
            replay(&mut next, &log)?;
        }
        Ok(())
    }
}

/// Whatever ends it, an error or a panic: the old base has all changes.
impl Drop for Rebuild<'_> {
    fn drop(&mut self) {
        let mut writer = self.shared.lock();
        writer.log = None;
        writer.hold_back = false;
        if !self.published {
            writer.failed_merges += 1;
        }
        self.shared.rebuilt.notify_all();
    }
}

impl Recommender {
    /// The same people and purchases, and everything learned from them anew.
    pub(crate) fn refitted(&self) -> Result<Self, FitError> {
        let data = self.training_set()?;
        Ok(self.model.params.build(data.participants(), data.purchases(), None)?.into())
    }
}

fn replay(next: &mut Draft, log: &[Logged]) -> Result<(), FitError> {
    for Logged { change, gone } in log {
        next.make(change, |_, _| gone.clone())?;
    }
    next.place_courses();
    Ok(())
}

/// Readers and writers keep the other cores.
fn on_one_thread<T: Send>(build: impl FnOnce() -> T + Send) -> T {
    #[cfg(feature = "rayon")]
    if let Ok(pool) = rayon::ThreadPoolBuilder::new().num_threads(1).build() {
        return pool.install(build);
    }
    build()
}
