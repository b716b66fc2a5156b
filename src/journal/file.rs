//! The lines of a journal.

use std::fs::{File, OpenOptions};
use std::io::{Read, Seek, SeekFrom, Write};
use std::path::Path;

use serde::{Deserialize, Serialize};

use super::JournalError;
use crate::live::Change;
use crate::snapshot::Fingerprint;
use crate::store::NewFile;

const VERSION: u32 = 1;

#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Line<B> {
    Base { version: u32, fingerprint: Fingerprint },
    Batch(B),
    Checkpoint(Fingerprint),
}

/// A journal that is open for more.
#[derive(Debug)]
pub(super) struct Journal {
    file: File,
    /// Where the next line begins.
    end: u64,
    sequence: u64,
    broken: bool,
}

/// What an opened journal holds.
#[derive(Debug)]
pub(super) struct Contents {
    pub(super) batches: Vec<Vec<Change>>,
    /// How many bytes of an unfinished last line were dropped.
    pub(super) dropped: u64,
}

impl Journal {
    /// Puts a new journal in the place of any that is there.
    pub(super) fn create(path: &Path, base: Fingerprint) -> Result<Self, JournalError> {
        let line: Line<()> = Line::Base { version: VERSION, fingerprint: base };
        let bytes = encode(0, &line);
        NewFile::create(path, |out| Ok::<_, JournalError>(out.write_all(&bytes)?))?.put_in_place()?;
        let file = OpenOptions::new().read(true).write(true).open(path)?;
        Ok(Self { file, end: bytes.len() as u64, sequence: 1, broken: false })
    }

    /// Opens a journal for a snapshot, and answers with the batches that are not in it.
    pub(super) fn open(path: &Path, snapshot: Fingerprint) -> Result<(Self, Contents), JournalError> {
        let mut file = OpenOptions::new().read(true).write(true).open(path)?;
        let mut bytes = Vec::new();
        file.read_to_end(&mut bytes)?;
        let end = bytes.iter().rposition(|&byte| byte == b'\n').map_or(0, |at| at + 1);
        let dropped = (bytes.len() - end) as u64;
        let (mut batches, mut last_base, mut ours) = (Vec::new(), None, false);
        let mut sequence = 0;
        for line in bytes[..end].split_inclusive(|&byte| byte == b'\n') {
            let wrong = |reason: String| JournalError::Line { line: sequence + 1, reason };
            let line: Line<Vec<Change>> = decode(sequence, &line[..line.len() - 1]).map_err(wrong)?;
            match (sequence, line) {
                (0, Line::Base { version: 1..=VERSION, fingerprint }) => {
                    last_base = Some(fingerprint);
                    ours = fingerprint == snapshot;
                }
                (0, Line::Base { version, .. }) => {
                    return Err(wrong(format!("version {version} is not 1 to {VERSION}, which this release reads")));
                }
                (0, _) => return Err(wrong("the first line must name the snapshot".to_owned())),
                (_, Line::Base { .. }) => return Err(wrong("only the first line may name the snapshot".to_owned())),
                (_, Line::Batch(batch)) => batches.push(batch),
                (_, Line::Checkpoint(fingerprint)) => {
                    last_base = Some(fingerprint);
                    if fingerprint == snapshot {
                        batches.clear();
                        ours = true;
                    }
                }
            }
            sequence += 1;
        }
        match last_base {
            None => Err(JournalError::Line { line: 1, reason: "the first line must name the snapshot".to_owned() }),
            Some(journal) if !ours => Err(JournalError::OtherSnapshot { journal, snapshot }),
            Some(_) => {
                if dropped > 0 {
                    file.set_len(end as u64)?;
                    file.sync_all()?;
                }
                Ok((Self { file, end: end as u64, sequence, broken: false }, Contents { batches, dropped }))
            }
        }
    }

    /// Writes a batch to the disk.
    pub(super) fn append(&mut self, batch: &[Change]) -> Result<(), JournalError> {
        self.write(&Line::Batch(batch))
    }

    /// Writes to the disk that a snapshot of all batches so far is about to be saved.
    pub(super) fn checkpoint(&mut self, snapshot: Fingerprint) -> Result<(), JournalError> {
        self.write(&Line::<()>::Checkpoint(snapshot))
    }

    fn write<B: Serialize>(&mut self, line: &Line<B>) -> Result<(), JournalError> {
        if self.broken {
            return Err(JournalError::Broken);
        }
        let bytes = encode(self.sequence, line);
        let written = self.file.seek(SeekFrom::Start(self.end)).and_then(|_| self.file.write_all(&bytes));
        if let Err(error) = written {
            // Half a line must not stay before the next one.
            self.broken = self.file.set_len(self.end).and_then(|()| self.file.sync_all()).is_err();
            return Err(error.into());
        }
        if let Err(error) = self.file.sync_data() {
            // After that nobody knows what is on the disk.
            self.broken = true;
            return Err(error.into());
        }
        self.end += bytes.len() as u64;
        self.sequence += 1;
        Ok(())
    }
}

fn encode<B: Serialize>(sequence: u64, line: &Line<B>) -> Vec<u8> {
    // Changes have text keys and no values that JSON has not.
    let json = serde_json::to_string(line).unwrap_or_default();
    let rest = format!("{sequence} {json}");
    format!("{:08x} {rest}\n", crc32fast::hash(rest.as_bytes())).into_bytes()
}

fn decode(sequence: u64, line: &[u8]) -> Result<Line<Vec<Change>>, String> {
    let text = std::str::from_utf8(line).map_err(|_| "it is not UTF-8".to_owned())?;
    let (sum, rest) = text.split_once(' ').ok_or("it has no checksum")?;
    if sum != format!("{:08x}", crc32fast::hash(rest.as_bytes())) {
        return Err("its checksum does not match".to_owned());
    }
    let (number, json) = rest.split_once(' ').ok_or("it has no number")?;
    if number != sequence.to_string() {
        return Err(format!("its number is {number}, and {sequence} should come here"));
    }
    serde_json::from_str(json).map_err(|error| error.to_string())
}
