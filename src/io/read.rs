//! Opening files, with errors that tell the common cases apart.

use std::fs::File;
use std::io::{self, ErrorKind, Read};
use std::path::Path;

use super::{ReadError, ReadProblem};

/// A file and its size in bytes.
pub(super) fn open(path: &Path) -> Result<(File, u64), ReadError> {
    // Unix opens a directory like a file and fails only when it is read, other systems refuse it as a file.
    if path.is_dir() {
        return Err(ReadError::new(path, None, ReadProblem::IsDirectory { path: path.to_owned() }));
    }
    let opened = File::open(path).and_then(|file| file.metadata().map(|about| (file, about.len())));
    opened.map_err(|source| failed(path, source))
}

pub(super) fn read_all(path: &Path) -> Result<Vec<u8>, ReadError> {
    let mut bytes = Vec::new();
    open(path)?.0.read_to_end(&mut bytes).map_err(|source| failed(path, source))?;
    Ok(bytes)
}

fn failed(path: &Path, source: io::Error) -> ReadError {
    let problem = match source.kind() {
        ErrorKind::NotFound => ReadProblem::NotFound { path: path.to_owned() },
        _ => ReadProblem::Io { source },
    };
    ReadError::new(path, None, problem)
}
