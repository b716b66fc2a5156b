//! Opening files, with errors that tell the common cases apart.

use std::fs::{self, File, Metadata};
use std::io::{self, ErrorKind, Read};
use std::path::Path;

use super::{ReadError, ReadProblem};

/// The most bytes of a text that is read into memory as a whole.
const MAX_TEXT: u64 = 16 << 20;
/// The most bytes that are read of what may have no end. The shortest queries take a hundred times that in memory.
const MAX_STREAM: u64 = 16 << 20;

/// What was opened.
pub(super) struct Opened {
    pub(super) file: File,
    /// How many bytes it has, where that is known.
    pub(super) size: u64,
    /// The most bytes that are read of it.
    pub(super) most: u64,
}

/// Opens a regular file.
pub(super) fn open(path: &Path) -> Result<Opened, ReadError> {
    // Asked before it is opened, as opening a pipe waits for somebody who writes.
    if !about(path)?.is_file() {
        return Err(ReadError::new(path, None, ReadProblem::NotAFile { path: path.to_owned() }));
    }
    opened(path, File::open(path), u64::MAX - 1)
}

/// Opens a regular file, a device, or a pipe that is open already.
pub(super) fn open_stream(path: &Path) -> Result<Opened, ReadError> {
    let about = about(path)?;
    if about.is_file() {
        return open(path);
    }
    // The pipes of a shell have no other names; of any other nobody knows whether anything will ever come.
    if is_pipe(&about) && !["/dev", "/proc"].iter().any(|folder| path.starts_with(folder)) {
        return Err(ReadError::new(path, None, ReadProblem::NamedPipe { path: path.to_owned() }));
    }
    let file = if path == Path::new("/dev/stdin") { standard_input(path) } else { File::open(path) };
    opened(path, file, MAX_STREAM)
}

pub(super) fn read_all(path: &Path) -> Result<Vec<u8>, ReadError> {
    let mut bytes = Vec::new();
    let file = open(path)?.file;
    file.take(MAX_TEXT + 1).read_to_end(&mut bytes).map_err(|source| failed(path, source))?;
    if bytes.len() as u64 > MAX_TEXT {
        return Err(ReadError::new(path, None, ReadProblem::TooLong { most: MAX_TEXT }));
    }
    Ok(bytes)
}

fn about(path: &Path) -> Result<Metadata, ReadError> {
    let about = fs::metadata(path).map_err(|source| failed(path, source))?;
    // Unix opens a directory like a file and fails only when it is read, other systems refuse it as a file.
    if about.is_dir() {
        return Err(ReadError::new(path, None, ReadProblem::IsDirectory { path: path.to_owned() }));
    }
    Ok(about)
}

fn opened(path: &Path, file: io::Result<File>, most: u64) -> Result<Opened, ReadError> {
    let opened = file.and_then(|file| file.metadata().map(|about| Opened { file, size: about.len(), most }));
    opened.map_err(|source| failed(path, source))
}

fn failed(path: &Path, source: io::Error) -> ReadError {
    let problem = match source.kind() {
        ErrorKind::NotFound => ReadProblem::NotFound { path: path.to_owned() },
        _ => ReadProblem::Io { source },
    };
    ReadError::new(path, None, problem)
}

#[cfg(unix)]
fn is_pipe(about: &Metadata) -> bool {
    std::os::unix::fs::FileTypeExt::is_fifo(&about.file_type())
}

#[cfg(not(unix))]
fn is_pipe(_: &Metadata) -> bool {
    false
}

/// As it is open: opened anew by its name, a named pipe whose writer is done would wait for another one.
#[cfg(unix)]
fn standard_input(_: &Path) -> io::Result<File> {
    use std::os::fd::AsFd;
    Ok(io::stdin().as_fd().try_clone_to_owned()?.into())
}

#[cfg(not(unix))]
fn standard_input(path: &Path) -> io::Result<File> {
    File::open(path)
}
