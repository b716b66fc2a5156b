//! What can go wrong with a live model.

#[cfg(feature = "journal")]
use std::io;

use thiserror::Error;

use super::ChangeError;
use crate::domain::DataError;
use crate::model::FitError;
use crate::snapshot::SnapshotError;

/// Why a call of a [`LiveModel`](crate::LiveModel) failed.
///
/// ```
/// use sebaya::{LiveError, LiveModel};
///
/// // A service answers a refused change in another way than a full disk.
/// fn leave(model: &dyn LiveModel, id: &str) -> Result<bool, LiveError> {
///     match model.forget_participant(id) {
///         Ok(()) => Ok(true),
///         Err(LiveError::Change(_)) => Ok(false),
///         Err(error) => Err(error),
///     }
/// }
/// ```
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum LiveError {
    /// A change was refused, and with it its batch.
    #[error(transparent)]
    Change(#[from] ChangeError),
    /// A model cannot be fitted, or cannot be made live.
    #[error(transparent)]
    Fit(#[from] FitError),
    /// The snapshot of a durable model was refused, or cannot be written.
    #[error(transparent)]
    Snapshot(#[from] SnapshotError),
    /// The journal of a durable model was refused, or cannot be written.
    #[cfg(feature = "journal")]
    #[error(transparent)]
    Journal(#[from] JournalError),
}

/// A model whose data are refused cannot be fitted.
impl From<DataError> for LiveError {
    fn from(error: DataError) -> Self {
        Self::Fit(error.into())
    }
}

/// Why a journal cannot be read or written.
///
/// ```
/// let error = sebaya::DurableRecommender::open("no/such/folder").unwrap_err();
/// assert!(error.to_string().starts_with("journal: "));
/// ```
#[cfg(feature = "journal")]
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
    /// An earlier write failed, or the file was removed or replaced, and nobody knows what is on the disk.
    #[error("journal: an earlier write failed, or the file was removed or replaced; reopen the folder")]
    Broken,
}

/// Its text is part of the message, so it is no source.
#[cfg(feature = "journal")]
impl From<io::Error> for JournalError {
    fn from(error: io::Error) -> Self {
        Self::Io(error)
    }
}
