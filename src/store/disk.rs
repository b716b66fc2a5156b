//! The system calls behind files that must survive a crash, each in one place, so that a test can make any of them fail.

#[cfg(all(test, unix))]
pub(crate) mod faults;

use std::fs::{self, OpenOptions, TryLockError};
use std::io::{self, Read, Write};
use std::path::Path;

#[cfg(all(test, unix))]
use faults::{call, longest_write};

/// Makes a system call on a path or an open file. Tests have another one, which counts calls and can refuse them.
#[cfg(not(all(test, unix)))]
fn call<T>(
    _name: &'static str,
    _path: Option<&Path>,
    _file: Option<&fs::File>,
    act: impl FnOnce() -> io::Result<T>,
) -> io::Result<T> {
    act()
}

#[cfg(not(all(test, unix)))]
fn longest_write() -> usize {
    usize::MAX
}

/// An open file.
#[derive(Debug)]
pub(crate) struct File(fs::File);

impl File {
    /// A file that was not there, for reading and writing.
    pub(crate) fn create_new(path: &Path) -> io::Result<Self> {
        let mut options = OpenOptions::new();
        call("create", Some(path), None, || options.read(true).write(true).create_new(true).open(path)).map(Self)
    }

    /// Opens what is there for writing: a device or a pipe.
    pub(crate) fn write_through(path: &Path) -> io::Result<Self> {
        call("open", Some(path), None, || OpenOptions::new().write(true).open(path)).map(Self)
    }

    pub(crate) fn set_permissions(&self, permissions: fs::Permissions) -> io::Result<()> {
        call("set permissions", None, Some(&self.0), || self.0.set_permissions(permissions))
    }

    /// A file that is there, for reading and writing.
    pub(crate) fn open(path: &Path) -> io::Result<Self> {
        call("open", Some(path), None, || OpenOptions::new().read(true).write(true).open(path)).map(Self)
    }

    /// A file that only one holder has at a time, or `None` while another holder has it.
    pub(crate) fn lock(path: &Path) -> io::Result<Option<Self>> {
        let mut options = OpenOptions::new();
        let file = call("open lock", Some(path), None, || options.create(true).truncate(false).write(true).open(path))?;
        call("lock", Some(path), None, || match file.try_lock() {
            Ok(()) => Ok(true),
            Err(TryLockError::WouldBlock) => Ok(false),
            Err(TryLockError::Error(error)) => Err(error),
        })
        .map(|free| free.then_some(Self(file)))
    }

    /// Closing a file does not unlock it while a process that is being started still has a copy of the handle.
    pub(crate) fn unlock(&self) {
        let _ = self.0.unlock();
    }

    /// Everything written so far is on the disk when this returns.
    pub(crate) fn sync(&self) -> io::Result<()> {
        call("sync", None, Some(&self.0), || self.0.sync_all())
    }

    /// Whether a folder still has the file. Only Unix removes a file that is open.
    #[cfg(unix)]
    pub(crate) fn has_name(&self) -> io::Result<bool> {
        use std::os::unix::fs::MetadataExt;
        call("count names", None, Some(&self.0), || Ok(self.0.metadata()?.nlink() > 0))
    }

    #[cfg(not(unix))]
    #[expect(clippy::unnecessary_wraps, clippy::unused_self, reason = "it can fail elsewhere")]
    pub(crate) fn has_name(&self) -> io::Result<bool> {
        Ok(true)
    }

    pub(crate) fn set_len(&self, len: u64) -> io::Result<()> {
        call("set length", None, Some(&self.0), || self.0.set_len(len))
    }
}

impl Read for File {
    fn read(&mut self, bytes: &mut [u8]) -> io::Result<usize> {
        call("read", None, Some(&self.0), || (&self.0).read(bytes))
    }
}

impl Write for File {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let bytes = &bytes[..bytes.len().min(longest_write())];
        call("write", None, Some(&self.0), || (&self.0).write(bytes))
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl io::Seek for File {
    fn seek(&mut self, to: io::SeekFrom) -> io::Result<u64> {
        call("seek", None, Some(&self.0), || (&self.0).seek(to))
    }
}

/// Gives a file another name, in the place of any file that had it.
pub(crate) fn rename(from: &Path, to: &Path) -> io::Result<()> {
    call("rename", Some(to), None, || fs::rename(from, to))
}

pub(crate) fn remove(path: &Path) -> io::Result<()> {
    call("remove", Some(path), None, || fs::remove_file(path))
}

/// The names in a folder, but for those that are not Unicode.
pub(crate) fn list(folder: &Path) -> io::Result<Vec<String>> {
    call("list", Some(folder), None, || {
        let names = fs::read_dir(folder)?.map(|entry| Ok(entry?.file_name().into_string().ok()));
        names.filter_map(Result::transpose).collect()
    })
}

/// The names in a folder are on the disk when this returns. Only Unix can open a folder to sync it.
pub(crate) fn sync_folder(folder: &Path) -> io::Result<()> {
    call("sync folder", Some(folder), None, || if cfg!(unix) { fs::File::open(folder)?.sync_all() } else { Ok(()) })
}

/// The folder that holds a file or folder.
pub(crate) fn parent(path: &Path) -> &Path {
    path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."))
}

/// Creates a folder and those above it, as far as they are missing, so that a power cut leaves none of them out.
pub(crate) fn create_folders(path: &Path) -> io::Result<()> {
    let above = path.ancestors().filter(|folder| !folder.as_os_str().is_empty());
    let missing: Vec<&Path> = above.take_while(|folder| !folder.exists()).collect();
    // An earlier attempt may have ended between the creation of the lowest one that is there and its sync.
    let lowest = missing.last().map_or(path, |&folder| parent(folder));
    match sync_folder(parent(lowest)) {
        Err(error) if error.kind() != io::ErrorKind::PermissionDenied => return Err(error),
        _ => {}
    }
    for folder in missing.into_iter().rev() {
        match call("create folder", Some(folder), None, || fs::create_dir(folder)) {
            Err(error) if error.kind() != io::ErrorKind::AlreadyExists => return Err(error),
            _ => sync_folder(parent(folder))?,
        }
    }
    // What is there already may be a file.
    call("create folder", Some(path), None, || fs::create_dir_all(path))
}
