//! What readers, writers and the worker of a live model share.

use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::Duration;

use arc_swap::ArcSwap;

use super::holders::Holders;
use super::rebuild::{Logged, Rebuild};
use crate::model::FitError;
use crate::query::Recommender;

/// With so many times the changes with which a merge is due, writers are held back while it goes on.
const TOO_FULL: usize = 8;
/// For how long a batch is held back at the most.
const HOLD_BACK: Duration = Duration::from_millis(2);
/// How often the worker looks whether readers have left old states.
const TICK: Duration = Duration::from_millis(20);

#[derive(Debug)]
pub(super) struct Shared {
    pub(super) current: ArcSwap<Recommender>,
    writer: Mutex<Writer>,
    /// Held by whoever builds a new base.
    pub(super) building: Mutex<()>,
    /// There is work for the worker.
    wake: Condvar,
    /// A rebuild is over, for writers who are held back.
    pub(super) rebuilt: Condvar,
}

/// What only the writer needs.
#[derive(Debug, Default)]
pub(super) struct Writer {
    pub(super) holders: Holders,
    /// How often another model was put in the place of this one.
    pub(super) model: u64,
    /// The changes since a rebuild began, while there is one.
    pub(super) log: Option<Vec<Logged>>,
    /// Whether a rebuild cannot keep up.
    pub(super) hold_back: bool,
    /// How many rebuilds in a row were not published.
    pub(super) failed_merges: u32,
    /// States that readers may still have. They share the current base, so what is taken apart with them is small.
    retired: Vec<Arc<Recommender>>,
    pub(super) work: Work,
}

/// What the worker is to do.
#[derive(Debug, Default)]
pub(super) struct Work {
    pub(super) merge_is_due: bool,
    /// States to be taken apart once readers have left them: those with another base, or somebody forgotten.
    doomed: Vec<Arc<Recommender>>,
    has_worker: bool,
    closed: bool,
}

impl Shared {
    pub(super) fn new(state: Recommender) -> Self {
        let writer = Writer { holders: Holders::of(&state.model.people), ..Default::default() };
        Self {
            current: ArcSwap::from_pointee(state),
            writer: Mutex::new(writer),
            building: Mutex::new(()),
            wake: Condvar::new(),
            rebuilt: Condvar::new(),
        }
    }

    /// What a panic leaves behind while the lock is held is whole: a batch that was not kept takes its names back.
    pub(super) fn lock(&self) -> MutexGuard<'_, Writer> {
        self.writer.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The state, and who holds which names in it, for another model to go on with.
    pub(super) fn give_up(&self) -> (Holders, Arc<Recommender>) {
        let mut writer = self.lock();
        (std::mem::take(&mut writer.holders), self.current.load_full())
    }

    /// Lets readers see a state. With `doomed`, no older one is kept longer than readers have it.
    pub(super) fn publish(&self, state: &Arc<Recommender>, writer: &mut Writer, doomed: bool) {
        let before = self.current.swap(Arc::clone(state));
        let same_base = Arc::ptr_eq(&before.model.base, &state.model.base);
        writer.retired.push(before);
        if same_base {
            writer.retired.retain(|state| Arc::strong_count(state) > 1);
        }
        if doomed || !same_base {
            writer.work.doomed.append(&mut writer.retired);
        }
    }

    /// Wakes the worker where there is something to be done, and holds writers back where merges cannot keep up.
    pub(super) fn after_batch(self: &Arc<Self>, mut writer: MutexGuard<'_, Writer>) {
        let is_full = |times| self.current.load().model.overlay.is_full(times);
        // After a rebuild that failed, the next one is due with twice the changes.
        let patience = 1_usize.checked_shl(writer.failed_merges).unwrap_or(usize::MAX);
        let building = writer.log.is_some();
        let is_due = || is_full(patience) || self.current.load().model.history.is_merge_due();
        writer.work.merge_is_due |= !building && is_due();
        let has_work = writer.work.merge_is_due || !writer.work.doomed.is_empty();
        if has_work && !writer.work.has_worker {
            let shared = Arc::clone(self);
            let started = thread::Builder::new().name("sebaya-merge".to_owned()).spawn(move || Worker(&shared).run());
            // Without a thread the overlay grows until the next try.
            writer.work.has_worker = started.is_ok();
        }
        if writer.hold_back || building && is_full(TOO_FULL.saturating_mul(patience)) {
            writer = self.rebuilt.wait_timeout(writer, HOLD_BACK).unwrap_or_else(PoisonError::into_inner).0;
        }
        drop(writer);
        if has_work {
            // It finds the lock free.
            self.wake.notify_one();
        }
    }

    /// Ends the worker, at the latest when it has built what it is building, which nobody will see.
    pub(super) fn close(&self) {
        self.lock().work.closed = true;
        self.wake.notify_one();
    }
}

/// A thread that merges changes into a new base and takes old states apart.
struct Worker<'s>(&'s Shared);

impl Worker<'_> {
    fn run(&self) {
        let mut writer = self.0.lock();
        while !writer.work.closed {
            let (left, kept) = writer.work.doomed.drain(..).partition(|state| Arc::strong_count(state) == 1);
            writer.work.doomed = kept;
            let left: Vec<Arc<Recommender>> = left;
            if !left.is_empty() || writer.work.merge_is_due {
                let merge = writer.work.merge_is_due;
                drop(writer);
                drop(left);
                if merge {
                    // The changes stay where they are when it fails.
                    let _ = self.0.merge(true);
                }
                writer = self.0.lock();
            } else if writer.work.doomed.is_empty() {
                writer = self.0.wake.wait(writer).unwrap_or_else(PoisonError::into_inner);
            } else {
                writer = self.0.wake.wait_timeout(writer, TICK).unwrap_or_else(PoisonError::into_inner).0;
            }
        }
    }
}

/// After a panic, the next batch that wants a worker starts another one.
impl Drop for Worker<'_> {
    fn drop(&mut self) {
        self.0.lock().work.has_worker = false;
    }
}

impl Shared {
    /// Merges all changes, or only what a merge is due for.
    pub(super) fn merge(&self, where_due: bool) -> Result<(), FitError> {
        let rebuild = Rebuild::begin(self);
        let merged = rebuild.merged(where_due)?;
        rebuild.publish(merged, |_| Ok(()))
    }
}
