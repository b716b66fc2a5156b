//! What can be wrong with a journal.

use std::io;

use thiserror::Error;

use crate::snapshot::Fingerprint;

/// Why a journal cannot be read or written.
///
/// ```
/// let error = sebaya::DurableRecommender::open("no/such/folder").unwrap_err();
/// assert!(error.to_string().starts_with("journal: "));
/// ```
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum JournalError {
    /// The system refused to read or write.
    #[error("journal: {0}")]
    Io(io::Error),
    /// Another process has the folder open.
    #[error("journal: another process has the folder open")]
    Locked,
    /// A line is not as it was written.
    #[error("journal:{line}: {reason}")]
    Line {
        /// The line, from 1 on.
        line: u64,
        /// What is wrong with it.
        reason: String,
    },
    /// The changes come after another snapshot.
    #[error("journal: the changes come after snapshot {journal}, and the snapshot is {snapshot}")]
    OtherSnapshot {
        /// The snapshot that the journal names last.
        journal: Fingerprint,
        /// The snapshot that is there.
        snapshot: Fingerprint,
    },
    /// An earlier write failed and could not be taken back.
    #[error("journal: a write failed and could not be taken back; open the folder again")]
    Broken,
}

/// Its text is part of the message, so it is no source.
impl From<io::Error> for JournalError {
    fn from(error: io::Error) -> Self {
        Self::Io(error)
    }
}
