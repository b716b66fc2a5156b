//! Files that replace old ones as a whole or not at all.

use std::hash::{BuildHasher, RandomState};
use std::io::{self, BufWriter, IntoInnerError};
use std::path::{Path, PathBuf};

use super::disk::{self, File};

/// Temporary names do not depend on the target's, which may be as long as the system allows, nor on the process id, which is
/// the same in every container.
const BEGIN: &str = ".sebaya-";
const END: &str = ".tmp";

/// A complete file beside its place, to be put there or else removed.
#[derive(Debug)]
pub(crate) struct NewFile {
    /// Closed before its name is removed.
    file: File,
    place: Place,
}

#[derive(Debug)]
struct Place {
    /// The name that it has, until it has the right one.
    temporary: Option<PathBuf>,
    target: PathBuf,
}

impl NewFile {
    /// Writes and syncs the contents.
    pub(crate) fn create<E: From<io::Error>>(
        target: &Path,
        contents: impl FnOnce(&mut BufWriter<File>) -> Result<(), E>,
    ) -> Result<Self, E> {
        let unique = RandomState::new().hash_one(target);
        let temporary = target.with_file_name(format!("{BEGIN}{unique:016x}{END}"));
        let file = File::create_new(&temporary)?;
        // From here on, dropping it removes what was written.
        let place = Place { temporary: Some(temporary), target: target.to_owned() };
        let mut out = BufWriter::with_capacity(1 << 16, file);
        contents(&mut out)?;
        let file = out.into_inner().map_err(IntoInnerError::into_error)?;
        file.sync()?;
        Ok(Self { file, place })
    }

    /// The file, to add to it.
    pub(crate) fn file(&mut self) -> &mut File {
        &mut self.file
    }

    /// Gives it its name, in the place of any file that had it. After an error it has not got it.
    pub(crate) fn rename(&mut self) -> io::Result<()> {
        if let Some(temporary) = &self.place.temporary {
            disk::rename(temporary, &self.place.target)?;
            self.place.temporary = None;
        }
        Ok(())
    }

    /// Syncs the folder, so that the name stays through a power cut. After an error a power cut may bring the old file back.
    pub(crate) fn settle(self) -> io::Result<File> {
        disk::sync_folder(disk::parent(&self.place.target))?;
        Ok(self.file)
    }

    /// Both.
    pub(crate) fn put_in_place(mut self) -> io::Result<()> {
        self.rename()?;
        self.settle().map(drop)
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        if let Some(temporary) = &self.temporary {
            let _ = disk::remove(temporary);
        }
    }
}

/// Removes what processes that were killed have left in a folder in which no other process is at work.
pub(crate) fn remove_left_overs(folder: &Path) -> io::Result<()> {
    let names = disk::list(folder)?;
    let mut left_over = names.iter().filter(|name| name.starts_with(BEGIN) && name.ends_with(END));
    left_over.try_for_each(|name| disk::remove(&folder.join(name)))
}
