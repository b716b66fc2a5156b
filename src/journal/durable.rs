//! A folder with a snapshot and a journal, and the live model that they are.

use std::fs::{File, OpenOptions};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use super::JournalError;
use super::file::Journal;
use crate::Error;
use crate::live::{Change, LiveRecommender};
use crate::query::Recommender;
use crate::snapshot::{self, Snapshot};

const SNAPSHOT: &str = "model.sebaya";
const JOURNAL: &str = "journal";
const LOCK: &str = "lock";

/// A [`LiveRecommender`] in a folder: a snapshot, and a journal of the changes since. A batch is on the disk before
/// [`apply`](Self::apply) returns and before any reader sees it, so that whatever the process dies of, no batch is lost that
/// was acknowledged, and at most the one that was being written comes back besides.
///
/// # Forgetting
///
/// The journal has the ids, profiles and purchases of those who were forgotten until the next
/// [`checkpoint`](Self::checkpoint), which wants to follow soon.
///
/// ```
/// use sebaya::prelude::*;
/// use sebaya::{Change, DurableRecommender};
///
/// # let mut data = TrainingSet::builder(Schema::new().numeric("age"));
/// # data.course(Course::new("excel", Amount(250_000)))?;
/// # data.participant("ani", Profile::new().with("age", 24))?.purchase("ani", "excel")?;
/// # let model = Recommender::params().fit(&data.build()?)?;
/// # let folder = tempfile::tempdir()?;
/// # let folder = folder.path();
/// let durable = DurableRecommender::create(folder, model)?;
/// durable.apply(&[Change::AddParticipant { id: "budi".into(), profile: Profile::new().with("age", 31) }])?;
/// drop(durable);
///
/// let (durable, recovered) = DurableRecommender::open(folder)?;
/// assert_eq!((recovered.batches, recovered.dropped_bytes), (1, 0));
/// assert!(durable.current().contains("budi"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug)]
pub struct DurableRecommender {
    live: LiveRecommender,
    journal: Mutex<Journal>,
    folder: PathBuf,
    /// Held for as long as the folder is open.
    lock: File,
}

/// What was found in a folder.
///
/// ```
/// let recovered = sebaya::Recovered { batches: 3, dropped_bytes: 40 };
/// if recovered.dropped_bytes > 0 {
///     eprintln!("warning: a change of {} bytes was cut off by a crash", recovered.dropped_bytes);
/// }
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Recovered {
    /// How many batches came after the snapshot.
    pub batches: usize,
    /// How long the last line of the journal was, when its end was missing: a batch that was never acknowledged, and is
    /// gone. A reason for a warning, as it shows a crash.
    pub dropped_bytes: u64,
}

impl DurableRecommender {
    /// Saves a model in a folder, in the place of any that is there, and goes on from it.
    ///
    /// # Errors
    ///
    /// [`Error::Snapshot`] or [`Error::Journal`] when the system refuses, or another process has the folder open.
    pub fn create(folder: impl AsRef<Path>, model: Recommender) -> Result<Self, Error> {
        let folder = folder.as_ref();
        std::fs::create_dir_all(folder).map_err(JournalError::Io)?;
        let lock = lock(folder)?;
        // Without a journal the old snapshot is none that could be continued.
        match std::fs::remove_file(folder.join(JOURNAL)) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => return Err(JournalError::Io(error).into()),
            _ => {}
        }
        let snapshot = Snapshot::of(&model);
        snapshot.save(&folder.join(SNAPSHOT))?;
        let journal = Journal::create(&folder.join(JOURNAL), snapshot.fingerprint)?;
        Ok(Self::new(LiveRecommender::new(model)?, journal, folder, lock))
    }

    /// Loads the snapshot of a folder and makes the changes of its journal.
    ///
    /// # Errors
    ///
    /// * [`Error::Snapshot`] and [`Error::Journal`] with what is damaged, or when the system refuses, or another process has
    ///   the folder open;
    /// * [`Error::Change`] when a change of the journal is not possible.
    pub fn open(folder: impl AsRef<Path>) -> Result<(Self, Recovered), Error> {
        let folder = folder.as_ref();
        let lock = lock(folder)?;
        let (model, fingerprint) = snapshot::load(&folder.join(SNAPSHOT))?;
        let (journal, contents) = Journal::open(&folder.join(JOURNAL), fingerprint)?;
        let live = LiveRecommender::new(model)?;
        for batch in &contents.batches {
            live.apply(batch)?;
        }
        let recovered = Recovered { batches: contents.batches.len(), dropped_bytes: contents.dropped };
        Ok((Self::new(live, journal, folder, lock), recovered))
    }

    fn new(live: LiveRecommender, journal: Journal, folder: &Path, lock: File) -> Self {
        Self { live, journal: Mutex::new(journal), folder: folder.to_owned(), lock }
    }

    /// The state as it is now; see [`LiveRecommender::current`].
    pub fn current(&self) -> Arc<Recommender> {
        self.live.current()
    }

    /// How many categories and tags the encoder does not know; see [`LiveRecommender::unseen`].
    pub fn unseen(&self) -> u64 {
        self.live.unseen()
    }

    /// Makes all changes, or none: writes them to the disk once they are known to be possible, and then lets readers see them.
    ///
    /// # Errors
    ///
    /// * [`Error::Change`] when one of them is refused;
    /// * [`Error::Journal`] when they cannot be written.
    pub fn apply(&self, changes: &[Change]) -> Result<(), Error> {
        let mut journal = self.lock();
        self.live.apply_after(changes, || Ok(journal.append(changes)?))
    }

    /// Saves the state as the new snapshot, and begins a new journal. Readers go on meanwhile, writers wait.
    ///
    /// # Errors
    ///
    /// [`Error::Snapshot`] or [`Error::Journal`] when the system refuses; what is in the folder then still is the state.
    pub fn checkpoint(&self) -> Result<(), Error> {
        self.checkpoint_with(&mut self.lock())
    }

    fn checkpoint_with(&self, journal: &mut Journal) -> Result<(), Error> {
        let snapshot = Snapshot::of(&self.live.current());
        journal.checkpoint(snapshot.fingerprint)?;
        snapshot.save(&self.folder.join(SNAPSHOT))?;
        *journal = Journal::create(&self.folder.join(JOURNAL), snapshot.fingerprint)?;
        Ok(())
    }

    /// Learns ranges, ranks, categories and tags anew, and saves the state as the new snapshot.
    ///
    /// # Errors
    ///
    /// As [`LiveRecommender::refit`] and [`checkpoint`](Self::checkpoint).
    pub fn refit(&self) -> Result<(), Error> {
        let mut journal = self.lock();
        self.live.refit()?;
        self.checkpoint_with(&mut journal)
    }

    /// A panic while the lock is held leaves a journal that knows where its last whole line ends.
    fn lock(&self) -> MutexGuard<'_, Journal> {
        self.journal.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Closing the file is not enough where a process that is being started has it still.
impl Drop for DurableRecommender {
    fn drop(&mut self) {
        let _ = self.lock.unlock();
    }
}

fn lock(folder: &Path) -> Result<File, JournalError> {
    let file = OpenOptions::new().create(true).truncate(false).write(true).open(folder.join(LOCK))?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(std::fs::TryLockError::WouldBlock) => Err(JournalError::Locked),
        Err(std::fs::TryLockError::Error(error)) => Err(error.into()),
    }
}
