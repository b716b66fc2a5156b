//! A folder with a snapshot and a journal, and the live model that they are.

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use super::batch;
use super::file::{Journal, NextFile};
use crate::live::{Change, JournalError, LiveError, LiveModel, LiveRecommender};
use crate::query::Recommender;
use crate::store::disk::{self, File};
use crate::store::remove_left_overs;

const MODEL: &str = "model.sebaya";
const LOCK: &str = "lock";
/// So many batches are added to a new file while changes wait.
const FEW: usize = 64;

/// A [`LiveRecommender`] in a folder: a snapshot, and a journal of the changes since. A batch is on the disk before
/// [`apply`](Self::apply) returns and before any reader sees it. Whatever the process dies of, no batch is lost that was
/// acknowledged, and at most the one that was being written comes back besides.
///
/// # Errors that last
///
/// After an error either nothing has changed, in memory and in the folder, or nobody knows what is on the disk. In the second case
/// readers go on with what was acknowledged, and everything that writes is refused with [`JournalError::Broken`], until
/// [`reopen`](Self::reopen) succeeds.
///
/// # A database beside it
///
/// When the changes come from a database or a message queue, number them and use [`apply_at`](Self::apply_at). The folder holds the number of
/// the last change, so after a restart the caller asks for [`last_sequence`](Self::last_sequence) and goes on from there; what
/// is sent twice is made once.
///
/// # Forgetting
///
/// The file has the ids, profiles and purchases of those who were forgotten until a
/// [`checkpoint`](Self::checkpoint) that begins afterwards, which should follow soon.
///
/// ```
/// use sebaya::prelude::*;
/// use sebaya::{Change, DurableRecommender};
///
/// # let (model, folder) = (sebaya::example_world::model()?, tempfile::tempdir()?);
/// # let folder = folder.path();
/// let durable = DurableRecommender::create(folder, model)?;
/// durable.apply(&[Change::AddParticipant { id: "fitri".into(), profile: Profile::new().with("age", 31) }])?;
/// drop(durable);
///
/// let (durable, recovered) = DurableRecommender::open(folder)?;
/// assert_eq!((recovered.batches, recovered.dropped_bytes), (1, 0));
/// assert!(durable.current().contains("fitri"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug)]
pub struct DurableRecommender {
    live: LiveRecommender,
    journal: Mutex<Journal>,
    folder: PathBuf,
    /// One file is prepared at a time. Locked before the journal.
    upkeep: Mutex<Option<FolderLock>>,
}

/// What was found in a folder.
///
/// ```
/// let recovered = sebaya::Recovered { batches: 3, dropped_bytes: 40 };
/// if recovered.dropped_bytes > 0 {
///     eprintln!("warning: a crash damaged a change of {} bytes", recovered.dropped_bytes);
/// }
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Recovered {
    /// How many batches came after the snapshot.
    pub batches: usize,
    /// How many bytes of the journal's last record were there, when it was not whole: a batch that a crash cut off before it was
    /// acknowledged, and that is gone.
    pub dropped_bytes: u64,
}

impl DurableRecommender {
    /// Saves a model in a folder, in the place of any that is there, and goes on from it. The old one stays until the new one
    /// is complete.
    ///
    /// # Errors
    ///
    /// [`LiveError::Snapshot`] or [`LiveError::Journal`] when the system refuses, or the folder is open already.
    pub fn create(folder: impl AsRef<Path>, model: Recommender) -> Result<Self, LiveError> {
        let folder = folder.as_ref();
        disk::create_folders(folder).map_err(JournalError::Io)?;
        let lock = FolderLock::new(folder)?;
        let live = LiveRecommender::new(model)?;
        let next = NextFile::create(&folder.join(MODEL), &live.current())?;
        let journal = next.put_in_place(None, &[], || ())?;
        Ok(Self::new(live, journal, folder, lock))
    }

    /// Loads the snapshot of a folder and makes the changes of its journal.
    ///
    /// # Errors
    ///
    /// * [`LiveError::Snapshot`] with what is damaged;
    /// * [`LiveError::Journal`] with the record that is damaged or whose changes are not possible; when the system refuses; or when the folder
    ///   is open already.
    pub fn open(folder: impl AsRef<Path>) -> Result<(Self, Recovered), LiveError> {
        let folder = folder.as_ref();
        let lock = FolderLock::new(folder)?;
        let (live, journal, recovered) = load(folder)?;
        Ok((Self::new(live, journal, folder, lock), recovered))
    }

    fn new(live: LiveRecommender, journal: Journal, folder: &Path, lock: FolderLock) -> Self {
        Self { live, journal: Mutex::new(journal), folder: folder.to_owned(), upkeep: Mutex::new(Some(lock)) }
    }

    /// Reads the folder again, as [`open`](Self::open) does, while readers go on: for a model that is broken, once its disk is back.
    /// Then memory and folder agree again, and changes are taken.
    ///
    /// # Errors
    ///
    /// As [`open`](Self::open). Readers keep the state that they have, and the model is broken until this succeeds.
    ///
    /// ```
    /// # use sebaya::prelude::*;
    /// # use sebaya::{Change, DurableRecommender};
    /// # let (model, folder) = (sebaya::example_world::model()?, tempfile::tempdir()?);
    /// # let durable = DurableRecommender::create(folder.path(), model)?;
    /// # let changes = [Change::CloseCourse { id: "excel".into() }];
    /// use sebaya::{JournalError, LiveError};
    ///
    /// if let Err(LiveError::Journal(JournalError::Broken)) = durable.apply(&changes) {
    ///     durable.reopen()?;
    ///     durable.apply(&changes)?;
    /// }
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn reopen(&self) -> Result<Recovered, LiveError> {
        let mut lock = locked(&self.upkeep);
        let mut journal = locked(&self.journal);
        journal.set_broken();
        // The disk may be another one by now, and the lock with it.
        *lock = None;
        *lock = Some(FolderLock::new(&self.folder)?);
        let (live, fresh, recovered) = load(&self.folder)?;
        *journal = fresh;
        let over = self.live.take_over(live);
        drop(journal);
        drop(over);
        Ok(recovered)
    }

    /// As [`apply`](Self::apply), for changes that have a number where they come from: the number of a row, an event or an
    /// offset, which rises with every batch. Answers with whether they were made; those whose number is not above
    /// [`last_sequence`](Self::last_sequence) were made before, and are skipped.
    ///
    /// Without any changes it only sets the number.
    ///
    /// # Errors
    ///
    /// As [`apply`](Self::apply). The number then stays what it was.
    ///
    /// ```
    /// # use sebaya::prelude::*;
    /// # use sebaya::{Change, DurableRecommender};
    /// # let (model, folder) = (sebaya::example_world::model()?, tempfile::tempdir()?);
    /// # let durable = DurableRecommender::create(folder.path(), model)?;
    /// let fitri = [Change::AddParticipant { id: "fitri".into(), profile: Profile::new().with("age", 31) }];
    /// assert!(durable.apply_at(17, &fitri)?);
    /// assert!(!durable.apply_at(17, &fitri)?);
    /// assert_eq!(durable.last_sequence(), Some(17));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn apply_at(&self, sequence: u64, changes: &[Change]) -> Result<bool, LiveError> {
        let mut journal = locked(&self.journal);
        journal.check()?;
        if journal.last_sequence().is_some_and(|last| sequence <= last) {
            return Ok(false);
        }
        self.live.apply_after(changes, || journal.append(Some(sequence), changes).map_err(LiveError::from))?;
        Ok(true)
    }

    /// The number of the last changes that [`apply_at`](Self::apply_at) made, or that [`replace_at`](Self::replace_at) set; it
    /// survives restarts.
    pub fn last_sequence(&self) -> Option<u64> {
        locked(&self.journal).last_sequence()
    }

    /// Saves the state as the new snapshot, and begins a new journal. Readers go on meanwhile, and so do changes until the
    /// new file takes the place of the old one.
    ///
    /// # Errors
    ///
    /// [`LiveError::Snapshot`] or [`LiveError::Journal`] when the system refuses.
    pub fn checkpoint(&self) -> Result<(), LiveError> {
        self.renew(|_| Ok(None))
    }

    /// As [`replace`](Self::replace), with a model that has the changes up to this number and none after it, which
    /// is then [`last_sequence`](Self::last_sequence). The caller sends those after it again.
    ///
    /// # Errors
    ///
    /// As [`replace`](Self::replace).
    pub fn replace_at(&self, sequence: u64, model: Recommender) -> Result<(), LiveError> {
        self.replace_with(model, |_| Some(sequence))
    }

    fn replace_with(
        &self,
        model: Recommender,
        sequence: impl FnOnce(Option<u64>) -> Option<u64>,
    ) -> Result<(), LiveError> {
        let _one_at_a_time = locked(&self.upkeep);
        locked(&self.journal).check()?;
        let live = LiveRecommender::new(model)?;
        let next = NextFile::create(&self.folder.join(MODEL), &live.current())?;
        let journal = locked(&self.journal);
        let sequence = sequence(journal.last_sequence());
        self.put_in_place(next, sequence, &[], journal, Some(live))
    }

    /// Replaces the file by one of the same model, or of another that is made from it.
    pub(super) fn renew(
        &self,
        make: impl FnOnce(&Recommender) -> Result<Option<LiveRecommender>, LiveError>,
    ) -> Result<(), LiveError> {
        let _one_at_a_time = locked(&self.upkeep);
        let (state, mut position) = {
            let journal = locked(&self.journal);
            journal.check()?;
            (self.live.current(), journal.end())
        };
        let live = make(&state)?;
        let state = live.as_ref().map_or(state, LiveRecommender::current);
        let next = NextFile::create(&self.folder.join(MODEL), &state)?;
        drop(state);

        // Changes wait only for the last few batches.
        let mut batches = Vec::new();
        let journal = loop {
            let mut journal = locked(&self.journal);
            journal.check()?;
            let more = journal.since(position)?;
            let numbers = position.number..;
            position = journal.end();
            let last = (more.len() <= FEW).then_some(journal);
            if let Some(live) = &live {
                for (number, payload) in numbers.zip(&more) {
                    live.apply(&batch::decode(number, payload)?.changes)?;
                }
            }
            batches.extend(more);
            if let Some(journal) = last {
                break journal;
            }
        };
        let last_sequence = journal.last_sequence();
        self.put_in_place(next, last_sequence, &batches, journal, live)
    }

    /// The last steps of a new file; changes wait. Readers see its model once it is there to stay.
    fn put_in_place(
        &self,
        next: NextFile,
        last_sequence: Option<u64>,
        batches: &[Vec<u8>],
        mut journal: MutexGuard<'_, Journal>,
        live: Option<LiveRecommender>,
    ) -> Result<(), LiveError> {
        journal.check()?;
        let next = next.put_in_place(last_sequence, batches, || journal.set_broken())?;
        let old = std::mem::replace(&mut *journal, next);
        let over = live.map(|live| self.live.take_over(live));
        // Changes go on, and then the old model and the old file, which has no name any more, are taken apart.
        drop(journal);
        drop((old, over));
        Ok(())
    }
}

impl LiveModel for DurableRecommender {
    fn current(&self) -> Arc<Recommender> {
        self.live.current()
    }

    /// Makes all changes, or none: writes them to the disk once they are known to be possible, and then lets readers see them.
    ///
    /// # Errors
    ///
    /// * [`LiveError::Change`] when one of them is refused;
    /// * [`LiveError::Journal`] when they cannot be written.
    fn apply(&self, changes: &[Change]) -> Result<(), LiveError> {
        let mut journal = locked(&self.journal);
        self.live.apply_after(changes, || journal.append(None, changes).map_err(LiveError::from))
    }

    /// Learns ranges, ranks, categories and tags anew, and saves the result as the new snapshot, before readers see it. Readers
    /// and changes go on meanwhile; what changed meanwhile is made in the new model too.
    ///
    /// # Errors
    ///
    /// As [`LiveRecommender::refit`] and [`checkpoint`](Self::checkpoint).
    fn refit(&self) -> Result<(), LiveError> {
        self.renew(|state| Ok(Some(LiveRecommender::new(state.refitted()?)?)))
    }

    /// Puts another model in the place of this one, in the folder and then under the readers. The model must have all changes
    /// that were acknowledged before this returns; where it may not have them all, [`replace_at`](Self::replace_at) says so.
    ///
    /// # Errors
    ///
    /// As [`create`](Self::create). The old model then stays.
    fn replace(&self, model: Recommender) -> Result<(), LiveError> {
        self.replace_with(model, |last| last)
    }
}

fn load(folder: &Path) -> Result<(LiveRecommender, Journal, Recovered), LiveError> {
    let (journal, contents) = Journal::open(&folder.join(MODEL))?;
    let live = LiveRecommender::new(contents.model)?;
    for (record, batch) in &contents.batches {
        let made = live.apply(&batch.changes);
        made.map_err(|error| JournalError::Record { record: *record, reason: error.to_string() })?;
    }
    Ok((live, journal, Recovered { batches: contents.batches.len(), dropped_bytes: contents.dropped }))
}

/// A panic while a lock is held leaves a journal that knows where its last whole record ends.
fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Keeps others from a folder while it is open.
#[derive(Debug)]
struct FolderLock(File);

impl FolderLock {
    /// Also removes what those who had the folder have left of files that were never complete.
    fn new(folder: &Path) -> Result<Self, JournalError> {
        let lock = Self(File::lock(&folder.join(LOCK))?.ok_or(JournalError::Locked)?);
        remove_left_overs(folder)?;
        Ok(lock)
    }
}

impl Drop for FolderLock {
    fn drop(&mut self) {
        self.0.unlock();
    }
}
