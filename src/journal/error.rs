//! What can be wrong with a journal.

use std::io;

use thiserror::Error;

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
    /// Another process, or another handle of this one, has the folder open.
    #[error("journal: another process has the folder open")]
    Locked,
    /// A record is not as it was written, or its changes are not possible.
    #[error("journal: record {record}: {reason}")]
    Record {
        /// The record, from 0 on; record 0 has no changes.
        record: u64,
        /// What is wrong with it.
        reason: String,
    },
    /// An earlier write failed, and nobody knows what is on the disk.
    #[error("journal: an earlier write failed; reopen the folder")]
    Broken,
}

/// Its text is part of the message, so it is no source.
impl From<io::Error> for JournalError {
    fn from(error: io::Error) -> Self {
        Self::Io(error)
    }
}
