//! Files that replace old ones as a whole or not at all.

use std::fs::{self, File, OpenOptions};
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};

use super::WriteError;
use super::error::file_name;

/// A complete file beside its place, to be put there or else removed.
pub(super) struct NewFile {
    temporary: PathBuf,
    target: PathBuf,
}

/// Why the contents of a file could not be written.
pub(super) enum Failure {
    Io(io::Error),
    Value { column: String, value: String, reason: &'static str },
}

impl From<io::Error> for Failure {
    fn from(error: io::Error) -> Self {
        Self::Io(error)
    }
}

impl NewFile {
    pub(super) fn write(
        target: &Path,
        contents: impl FnOnce(&mut BufWriter<File>) -> Result<(), Failure>,
    ) -> Result<Self, WriteError> {
        Self::create(target, contents).map_err(|failure| match failure {
            Failure::Io(source) => WriteError::Io { file: file_name(target), source },
            Failure::Value { column, value, reason } => {
                WriteError::Value { file: file_name(target), column, value, reason }
            }
        })
    }

    fn create(
        target: &Path,
        contents: impl FnOnce(&mut BufWriter<File>) -> Result<(), Failure>,
    ) -> Result<Self, Failure> {
        static COUNT: AtomicU64 = AtomicU64::new(0);
        let unique = format!("{}-{}", std::process::id(), COUNT.fetch_add(1, Ordering::Relaxed));
        let temporary = target.with_file_name(format!(".{}.{unique}.tmp", file_name(target)));
        let file = OpenOptions::new().write(true).create_new(true).open(&temporary)?;
        // From here on, dropping it removes what was written.
        let new = Self { temporary, target: target.to_owned() };
        let mut out = BufWriter::with_capacity(1 << 16, file);
        contents(&mut out)?;
        out.flush()?;
        out.get_ref().sync_all()?;
        Ok(new)
    }

    pub(super) fn put_in_place(self) -> Result<(), WriteError> {
        let renamed = fs::rename(&self.temporary, &self.target);
        renamed.map_err(|source| WriteError::Io { file: file_name(&self.target), source })
    }
}

/// After a successful rename there is nothing left to remove.
impl Drop for NewFile {
    fn drop(&mut self) {
        let _ = fs::remove_file(&self.temporary);
    }
}
