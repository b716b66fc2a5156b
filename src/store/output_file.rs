//! Where a caller wants something written: a new file, an old one that is replaced as a whole, or a device or a pipe that
//! is written through to.

use std::fs;
use std::io::{self, BufWriter, ErrorKind, Write};
use std::path::{Path, PathBuf};

use super::NewFile;
use super::disk::File;

/// What was written: complete and beside its place, or gone through.
#[derive(Debug)]
pub(crate) enum OutputFile {
    New(NewFile),
    Through,
}

impl OutputFile {
    /// Writes the contents. A link is followed: what it leads to is replaced, and the link stays. An old file's permissions
    /// are those of the new one.
    pub(crate) fn create<E: From<io::Error>>(
        path: &Path,
        contents: impl FnOnce(&mut BufWriter<File>) -> Result<(), E>,
    ) -> Result<Self, E> {
        let permissions = match fs::metadata(path) {
            Ok(old) if old.is_file() => Some(old.permissions()),
            Ok(old) if old.is_dir() => return Err(io::Error::from(ErrorKind::IsADirectory).into()),
            Ok(_) => {
                let mut out = BufWriter::new(File::write_through(path)?);
                contents(&mut out)?;
                out.flush()?;
                return Ok(Self::Through);
            }
            Err(_) => None,
        };
        let new = NewFile::create(&target(path)?, |out| {
            if let Some(permissions) = permissions {
                out.get_ref().set_permissions(permissions)?;
            }
            contents(out)
        });
        new.map(Self::New)
    }

    /// Gives a new file its name.
    pub(crate) fn put_in_place(self) -> io::Result<()> {
        match self {
            Self::New(file) => file.put_in_place(),
            Self::Through => Ok(()),
        }
    }
}

/// The file that a path leads to, whether or not it exists.
fn target(path: &Path) -> io::Result<PathBuf> {
    /// As many as Linux follows.
    const LINKS: usize = 40;
    let mut path = path.to_owned();
    for _ in 0..LINKS {
        match fs::read_link(&path) {
            Ok(next) => path = path.parent().unwrap_or(Path::new("")).join(next),
            Err(_) => return Ok(path),
        }
    }
    Err(io::Error::other("too many links lead on from it"))
}
