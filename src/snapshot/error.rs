//! What can be wrong with a snapshot.

use std::io;
use std::path::Path;

use thiserror::Error;

use crate::model::FitError;

/// Why a snapshot cannot be read or written.
///
/// ```
/// let error = sebaya::SnapshotError::Version { found: 2, newest: 1 };
/// assert_eq!(error.to_string(), "snapshot: format version 2 is newer than 1, the newest that this release reads");
/// ```
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum SnapshotError {
    /// The system refused to read or write.
    #[error("snapshot: {0}")]
    Io(io::Error),
    /// The system refused to read or write this file.
    #[error("snapshot {file:?}: {source}")]
    File {
        /// Its name without its directory.
        file: String,
        /// What the system says.
        r#source: io::Error,
    },
    /// The first bytes are not those of a snapshot.
    #[error("snapshot: this is no snapshot, or a text mode changed its bytes")]
    Magic,
    /// A later release wrote the file.
    #[error("snapshot: format version {found} is newer than {newest}, the newest that this release reads")]
    Version {
        /// The version in the file.
        found: u32,
        /// The newest version this release reads.
        newest: u32,
    },
    /// The file ends early.
    #[error("snapshot: the file ends at byte {offset}, within {section}")]
    Truncated {
        /// How many bytes there are.
        offset: u64,
        /// What was being read.
        section: &'static str,
    },
    /// The bytes before `offset` are not those that were written.
    #[error("snapshot: checksum of {section}, at byte {offset}, does not match")]
    Checksum {
        /// Where the checksum stands.
        offset: u64,
        /// What was being read.
        section: &'static str,
    },
    /// The contents are whole and make no model.
    #[error("snapshot: {0}")]
    Model(Box<FitError>),
    /// The contents are not those that were written.
    #[error("snapshot: the contents are not those of the fingerprint")]
    Fingerprint,
    /// A text is no fingerprint.
    #[error("snapshot: {text:?} is no fingerprint, which has 32 hexadecimal digits")]
    NoFingerprint {
        /// The text.
        text: String,
    },
    /// Something that a rule of the format does not allow.
    #[error("snapshot: {section}, at byte {offset}: {reason}")]
    Invalid {
        /// Where it stands.
        offset: u64,
        /// What was being read.
        section: &'static str,
        /// The rule.
        reason: &'static str,
    },
}

/// Its text is part of the message, so it is no source.
impl From<io::Error> for SnapshotError {
    fn from(error: io::Error) -> Self {
        Self::Io(error)
    }
}

impl SnapshotError {
    /// Says of which file the system spoke.
    pub(crate) fn of_file(self, path: &Path) -> Self {
        match self {
            Self::Io(source) => {
                Self::File { file: path.file_name().unwrap_or(path.as_os_str()).to_string_lossy().into_owned(), source }
            }
            other => other,
        }
    }
}
