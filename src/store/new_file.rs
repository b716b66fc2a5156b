//! Files that replace old ones as a whole or not at all.

use std::fs::{self, File, OpenOptions};
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};

/// A complete file beside its place, to be put there or else removed.
#[derive(Debug)]
pub(crate) struct NewFile {
    temporary: PathBuf,
    target: PathBuf,
}

impl NewFile {
    /// Writes and syncs the contents.
    pub(crate) fn create<E: From<io::Error>>(
        target: &Path,
        contents: impl FnOnce(&mut BufWriter<File>) -> Result<(), E>,
    ) -> Result<Self, E> {
        static COUNT: AtomicU64 = AtomicU64::new(0);
        let unique = format!("{}-{}", std::process::id(), COUNT.fetch_add(1, Ordering::Relaxed));
        let name = target.file_name().unwrap_or_default().to_string_lossy();
        let temporary = target.with_file_name(format!(".{name}.{unique}.tmp"));
        let file = OpenOptions::new().write(true).create_new(true).open(&temporary)?;
        // From here on, dropping it removes what was written.
        let new = Self { temporary, target: target.to_owned() };
        let mut out = BufWriter::with_capacity(1 << 16, file);
        contents(&mut out)?;
        out.flush()?;
        out.get_ref().sync_all()?;
        Ok(new)
    }

    /// Gives it its name, in the place of any file that had it, and syncs the folder, so that it stays through a power cut.
    pub(crate) fn put_in_place(self) -> io::Result<()> {
        fs::rename(&self.temporary, &self.target)?;
        let folder = self.target.parent().filter(|folder| !folder.as_os_str().is_empty());
        sync_folder(folder.unwrap_or(Path::new(".")))
    }
}

/// Elsewhere a folder is no file that could be synced.
fn sync_folder(folder: &Path) -> io::Result<()> {
    if cfg!(unix) { File::open(folder)?.sync_all() } else { Ok(()) }
}

/// After a successful rename there is nothing left to remove.
impl Drop for NewFile {
    fn drop(&mut self) {
        let _ = fs::remove_file(&self.temporary);
    }
}
