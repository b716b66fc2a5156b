//! Files of a data directory that are written beside their place, with errors that name them.

use std::io::{self, BufWriter};
use std::path::Path;

use super::WriteError;
use super::error::file_name;
use crate::store::OutputFile;
use crate::store::disk::File;

/// Why the contents of a file could not be written.
pub(super) enum WriteFailure {
    Io(io::Error),
    Value { column: String, value: String, reason: &'static str },
}

impl From<io::Error> for WriteFailure {
    fn from(error: io::Error) -> Self {
        Self::Io(error)
    }
}

pub(super) fn new_file(
    target: &Path,
    contents: impl FnOnce(&mut BufWriter<File>) -> Result<(), WriteFailure>,
) -> Result<OutputFile, WriteError> {
    OutputFile::create(target, contents).map_err(|failure| match failure {
        WriteFailure::Io(source) => WriteError::Io { file: file_name(target), source },
        WriteFailure::Value { column, value, reason } => {
            WriteError::Value { file: file_name(target), column, value, reason }
        }
    })
}
