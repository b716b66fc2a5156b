//! The files that an example writes.

use std::fs::{self, File, OpenOptions};
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use tempfile::TempPath;

/// A file that appears when it is complete. A link is followed, and an old file's permissions are kept; a device or a pipe is
/// written to as it is.
#[derive(Debug)]
pub struct OutputFile {
    out: BufWriter<File>,
    /// The complete file, and the place where it belongs.
    place: Option<(TempPath, PathBuf)>,
    /// As the user named it.
    path: PathBuf,
}

/// The files of a data directory.
pub fn data_files(directory: Option<&Path>) -> Vec<PathBuf> {
    const FILES: [&str; 4] = ["schema.toml", "participants.csv", "courses.csv", "purchases.csv"];
    directory.into_iter().flat_map(|directory| FILES.map(|file| directory.join(file))).collect()
}

/// Refuses an output that is an input, or that cannot be written: before the work, not after it.
pub fn check(path: &Path, inputs: &[PathBuf]) -> Result<()> {
    let name = path.display();
    if let Some(input) = inputs.iter().find(|input| is_same_file(path, input)) {
        bail!("{name}: it is the input {}, which would be lost", input.display());
    }
    if path.is_dir() {
        bail!("{name}: it is a directory");
    }
    let target = target(path).with_context(|| name.to_string())?;
    let folder = target.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    fs::metadata(folder).with_context(|| name.to_string())?;
    Ok(())
}

impl OutputFile {
    pub fn create(path: &Path, inputs: &[PathBuf]) -> Result<Self> {
        check(path, inputs)?;
        Self::open(path).with_context(|| path.display().to_string())
    }

    fn open(path: &Path) -> io::Result<Self> {
        let opened = |file, place| Self { out: BufWriter::new(file), place, path: path.to_owned() };
        // Not by its name: a file that it was redirected to would be replaced, or written to from its start on.
        if path == Path::new("/dev/stdout") {
            return Ok(opened(standard_output()?, None));
        }
        let old = fs::metadata(path).ok();
        if old.as_ref().is_some_and(|old| !old.is_file()) {
            return Ok(opened(OpenOptions::new().write(true).open(path)?, None));
        }
        let target = target(path)?;
        let beside = target.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
        let (file, temporary) = new_file(beside)?.into_parts();
        if let Some(old) = old {
            file.set_permissions(old.permissions())?;
        }
        Ok(opened(file, Some((temporary, target))))
    }

    /// Gives the file its name.
    pub fn finish(mut self) -> Result<()> {
        self.out.flush()?;
        if let Some((temporary, target)) = self.place {
            self.out.get_ref().sync_all()?;
            temporary.persist(target).with_context(|| self.path.display().to_string())?;
        }
        Ok(())
    }
}

impl Write for OutputFile {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.out.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.out.flush()
    }
}

/// The file that a path leads to, whether or not it exists.
fn target(path: &Path) -> io::Result<PathBuf> {
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

/// With the permissions of any new file; tempfile's own are for secrets.
fn new_file(folder: &Path) -> io::Result<tempfile::NamedTempFile> {
    let mut new = tempfile::Builder::new();
    new.prefix(".").suffix(".tmp");
    #[cfg(unix)]
    new.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o666));
    new.tempfile_in(folder)
}

#[cfg(unix)]
fn standard_output() -> io::Result<File> {
    use std::os::fd::AsFd;
    Ok(io::stdout().as_fd().try_clone_to_owned()?.into())
}

#[cfg(not(unix))]
fn standard_output() -> io::Result<File> {
    OpenOptions::new().write(true).open("/dev/stdout")
}

/// Whether both are the same regular file, by whatever names. A terminal may be read and written.
#[cfg(unix)]
fn is_same_file(one: &Path, other: &Path) -> bool {
    use std::os::unix::fs::MetadataExt;
    let id = |path| fs::metadata(path).ok().filter(fs::Metadata::is_file).map(|about| (about.dev(), about.ino()));
    id(one).is_some_and(|one| Some(one) == id(other))
}

#[cfg(not(unix))]
fn is_same_file(one: &Path, other: &Path) -> bool {
    let id = |path| fs::canonicalize(path).ok();
    id(one).is_some_and(|one| Some(one) == id(other))
}
