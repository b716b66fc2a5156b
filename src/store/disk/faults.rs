//! System calls that fail when a test wants them to, and what a power cut may leave of those that did not.

#![allow(clippy::unwrap_used, reason = "a test may panic")]

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io;
use std::os::unix::fs::{FileExt, MetadataExt};
use std::path::{Path, PathBuf};

thread_local!(static FAULTS: RefCell<Option<Faults>> = const { RefCell::new(None) });

/// The files of a folder, by name.
pub(crate) type Image = BTreeMap<String, Vec<u8>>;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Mode {
    /// One call fails.
    Once,
    /// From one call on all fail, as when the process is killed there: it does nothing any more.
    Kill,
}

#[derive(Debug)]
struct Faults {
    folder: PathBuf,
    at: usize,
    mode: Mode,
    calls: Vec<(&'static str, PathBuf)>,
    /// What the folder's last sync left on the disk: names and numbers of files.
    names: BTreeMap<String, u64>,
    /// What each file's last sync left.
    synced: BTreeMap<u64, Vec<u8>>,
    /// Keeps files that have no name any more, and their numbers.
    files: BTreeMap<u64, fs::File>,
}

/// From now on the system calls of this thread are counted. That with the number `at`, from 0 on, fails.
pub(crate) fn start(folder: &Path, at: usize, mode: Mode) {
    let empty = Faults {
        folder: folder.to_owned(),
        at,
        mode,
        calls: vec![],
        names: BTreeMap::new(),
        synced: BTreeMap::new(),
        files: BTreeMap::new(),
    };
    let mut faults = empty;
    faults.names = faults.list();
    faults.synced = faults.names.values().map(|&number| (number, faults.contents(number))).collect();
    FAULTS.set(Some(faults));
}

/// No more call fails. Answers with the calls so far, and the path of each that had one.
pub(crate) fn disarm() -> Vec<(&'static str, PathBuf)> {
    FAULTS.with_borrow_mut(|faults| {
        let faults = faults.as_mut().unwrap();
        faults.at = usize::MAX;
        faults.calls.clone()
    })
}

pub(crate) fn stop() {
    FAULTS.set(None);
}

/// Does something of which nothing is counted.
pub(crate) fn paused<T>(act: impl FnOnce() -> T) -> T {
    let faults = FAULTS.take();
    let done = act();
    FAULTS.set(faults);
    done
}

/// What the folder may hold after a power cut now, and what it holds without one.
pub(crate) fn images() -> BTreeSet<Image> {
    FAULTS.with_borrow_mut(|faults| {
        let faults = faults.as_mut().unwrap();
        let mut images = BTreeSet::new();
        for names in [faults.list(), faults.names.clone()] {
            for variant in 0..6 {
                let left = |&number: &u64| faults.left(number, variant);
                images.insert(names.iter().map(|(name, number)| (name.clone(), left(number))).collect());
            }
        }
        images
    })
}

/// Short writes, so that a write can fail at many places.
pub(super) fn longest_write() -> usize {
    if FAULTS.with_borrow(Option::is_some) { 50 } else { usize::MAX }
}

pub(super) fn call<T>(
    name: &'static str,
    path: Option<&Path>,
    file: Option<&fs::File>,
    act: impl FnOnce() -> io::Result<T>,
) -> io::Result<T> {
    let fails = FAULTS.with_borrow_mut(|faults| {
        faults.as_mut().is_some_and(|faults| {
            let n = faults.calls.len();
            faults.calls.push((name, path.unwrap_or(Path::new("")).to_owned()));
            n == faults.at || n > faults.at && faults.mode == Mode::Kill
        })
    });
    if fails {
        return Err(io::Error::other(format!("a test lets {name} fail")));
    }
    let done = act()?;
    FAULTS.with_borrow_mut(|faults| faults.as_mut().map(|faults| faults.note(name, path, file)));
    Ok(done)
}

impl Faults {
    fn note(&mut self, name: &str, path: Option<&Path>, file: Option<&fs::File>) {
        match (name, path, file) {
            ("create", Some(path), _) => {
                let number = self.keep(path);
                self.synced.insert(number, Vec::new());
            }
            ("sync", _, Some(file)) => {
                let number = file.metadata().unwrap().ino();
                self.synced.insert(number, self.contents(number));
            }
            ("sync folder", Some(path), _) if path == self.folder => self.names = self.list(),
            _ => {}
        }
    }

    fn list(&mut self) -> BTreeMap<String, u64> {
        let Ok(entries) = fs::read_dir(&self.folder) else { return BTreeMap::new() };
        let entries: Vec<_> = entries.map(Result::unwrap).collect();
        entries.iter().map(|e| (e.file_name().into_string().unwrap(), self.keep(&e.path()))).collect()
    }

    fn keep(&mut self, path: &Path) -> u64 {
        let file = fs::File::open(path).unwrap();
        let number = file.metadata().unwrap().ino();
        self.files.insert(number, file);
        number
    }

    fn contents(&self, number: u64) -> Vec<u8> {
        let file = &self.files[&number];
        let mut bytes = vec![0; usize::try_from(file.metadata().unwrap().len()).unwrap()];
        file.read_exact_at(&mut bytes, 0).unwrap();
        bytes
    }

    /// A file as it is, or with more or less of what was not synced.
    fn left(&self, number: u64, variant: u8) -> Vec<u8> {
        let (now, synced) = (self.contents(number), self.synced.get(&number).cloned().unwrap_or_default());
        let added = if now.starts_with(&synced) { now.len() - synced.len() } else { 0 };
        let mut left = now;
        let half = left.len() - added / 2;
        match variant {
            0 => {}
            1 => return synced,
            _ if added == 0 => {}
            2 => left.truncate(half),
            3 => left[synced.len()..half].fill(0),
            4 => left[synced.len()..].fill(0),
            _ => left[half.saturating_sub(1)] ^= 4,
        }
        left
    }
}
