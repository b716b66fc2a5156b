//! The file of a live model: opened, continued, replaced.

use std::io::{BufReader, Read, Seek, SeekFrom, Write};
use std::path::Path;

use super::batch::{self, Batch};
use super::record::Records;
use crate::live::{Change, JournalError, LiveError};
use crate::query::Recommender;
use crate::snapshot::bytes::{Put, Take};
use crate::snapshot::{self, Snapshot, SnapshotError};
use crate::store::NewFile;
use crate::store::disk::{self, File};

const VERSION: u64 = 1;

/// A file that is open for more batches.
#[derive(Debug)]
pub(super) struct Journal {
    file: File,
    records: Records,
    end: Position,
    last_sequence: Option<u64>,
    broken: bool,
}

/// Where a record begins.
#[derive(Debug, Clone, Copy)]
pub(super) struct Position {
    offset: u64,
    pub(super) number: u64,
}

/// What an opened file holds.
pub(super) struct Contents {
    pub(super) model: Recommender,
    /// The batches that the model does not have, and the number of the record of each.
    pub(super) batches: Vec<(u64, Batch)>,
    /// How many bytes of a damaged last record were dropped.
    pub(super) dropped: u64,
}

impl Journal {
    pub(super) fn open(path: &Path) -> Result<(Self, Contents), LiveError> {
        let in_file = |error: SnapshotError| error.of_file(path);
        let mut file = File::open(path).map_err(|error| in_file(error.into()))?;
        let mut input = BufReader::new(&mut file);
        let snapshot::Loaded { model, fingerprint, length } = snapshot::load_first(&mut input).map_err(in_file)?;
        let mut bytes = Vec::new();
        input.read_to_end(&mut bytes).map_err(JournalError::Io)?;

        let records = Records::of(fingerprint);
        let (payloads, whole) = records.read(0, &bytes)?;
        let wrong = |record, reason| JournalError::Record { record, reason };
        let (base, rest) = payloads.split_first().ok_or_else(|| wrong(0, "it is missing".to_owned()))?;
        let mut last_sequence = read_base(base).map_err(|reason| wrong(0, reason))?;
        let mut batches = Vec::with_capacity(rest.len());
        for (number, payload) in (1..).zip(rest) {
            let batch = batch::decode(number, payload)?;
            last_sequence = batch.sequence.or(last_sequence);
            batches.push((number, batch));
        }

        let end = Position { offset: length + whole as u64, number: payloads.len() as u64 };
        let dropped = (bytes.len() - whole) as u64;
        // What the last process wrote may not be on the disk yet, and from now on it counts as acknowledged.
        let cut = if dropped > 0 { file.set_len(end.offset) } else { Ok(()) };
        cut.and_then(|()| file.sync()).map_err(JournalError::Io)?;
        disk::sync_folder(disk::parent(path)).map_err(JournalError::Io)?;
        Ok((Self { file, records, end, last_sequence, broken: false }, Contents { model, batches, dropped }))
    }

    /// Writes a batch to the disk.
    pub(super) fn append(&mut self, sequence: Option<u64>, changes: &[Change]) -> Result<(), JournalError> {
        self.check()?;
        let mut bytes = Vec::new();
        self.records.encode(self.end.number, &batch::encode(sequence, changes), &mut bytes);
        let offset = self.end.offset;
        let written = self.file.seek(SeekFrom::Start(offset)).and_then(|_| self.file.write_all(&bytes));
        if let Err(error) = written {
            // A part of a record must not stay before the next one.
            self.broken = self.file.set_len(offset).and_then(|()| self.file.sync()).is_err();
            return Err(error.into());
        }
        if let Err(error) = self.file.sync() {
            // After that nobody knows what is on the disk.
            self.broken = true;
            return Err(error.into());
        }
        match self.file.has_name() {
            Ok(true) => {}
            // Somebody removed or replaced the file: a reopened folder would not have this batch.
            other => {
                self.broken = true;
                return Err(other.err().map_or(JournalError::Broken, JournalError::Io));
            }
        }
        self.end = Position { offset: offset + bytes.len() as u64, number: self.end.number + 1 };
        self.last_sequence = sequence.or(self.last_sequence);
        Ok(())
    }

    /// The payloads of the batches from a position on.
    pub(super) fn since(&mut self, from: Position) -> Result<Vec<Vec<u8>>, JournalError> {
        let mut bytes = Vec::new();
        self.file.seek(SeekFrom::Start(from.offset))?;
        (&mut self.file).take(self.end.offset - from.offset).read_to_end(&mut bytes)?;
        let (payloads, whole) = self.records.read(from.number, &bytes)?;
        let number = from.number + payloads.len() as u64;
        if number == self.end.number && whole == bytes.len() {
            Ok(payloads.into_iter().map(<[u8]>::to_vec).collect())
        } else {
            Err(JournalError::Record { record: number, reason: "it does not read back as it was written".to_owned() })
        }
    }

    /// An error when nothing may be acknowledged.
    pub(super) fn check(&self) -> Result<(), JournalError> {
        if self.broken { Err(JournalError::Broken) } else { Ok(()) }
    }

    /// Until the file is opened again.
    pub(super) fn set_broken(&mut self) {
        self.broken = true;
    }

    /// Where the next record begins.
    pub(super) fn end(&self) -> Position {
        self.end
    }

    pub(super) fn last_sequence(&self) -> Option<u64> {
        self.last_sequence
    }
}

/// The next file of a live model, which has a snapshot already.
#[derive(Debug)]
pub(super) struct NextFile {
    new: NewFile,
    records: Records,
}

impl NextFile {
    /// Writes a snapshot beside the file that it will replace.
    pub(super) fn create(path: &Path, model: &Recommender) -> Result<Self, SnapshotError> {
        let snapshot = Snapshot::of(model);
        let new = NewFile::create(path, |out| snapshot.write(out)).map_err(|error| error.of_file(path))?;
        Ok(Self { new, records: Records::of(snapshot.fingerprint) })
    }

    /// Begins the journal, with batches that the snapshot does not have, and puts the file in its place. `broken` is called where an
    /// error is one after which nobody knows which file is there.
    pub(super) fn put_in_place(
        mut self,
        last_sequence: Option<u64>,
        batches: &[Vec<u8>],
        broken: impl FnOnce(),
    ) -> Result<Journal, JournalError> {
        let mut bytes = Vec::new();
        self.records.encode(0, &write_base(last_sequence), &mut bytes);
        for (number, payload) in (1..).zip(batches) {
            self.records.encode(number, payload, &mut bytes);
        }
        let file = self.new.file();
        file.write_all(&bytes)?;
        file.sync()?;
        let offset = file.stream_position()?;
        self.new.rename()?;
        let settled = self.new.settle();
        if settled.is_err() {
            broken();
        }
        let end = Position { offset, number: batches.len() as u64 + 1 };
        Ok(Journal { file: settled?, records: self.records, end, last_sequence, broken: false })
    }
}

fn write_base(last_sequence: Option<u64>) -> Vec<u8> {
    let mut put = Put::default();
    put.number(VERSION);
    put.option(last_sequence, Put::number);
    put.0
}

fn read_base(payload: &[u8]) -> Result<Option<u64>, String> {
    let mut take = Take::new(payload, "the first record");
    let version = take.number().map_err(batch::reason)?;
    if version != VERSION {
        return Err(format!("version {version} of the journal is not {VERSION}, which this release reads"));
    }
    let last_sequence = take.option(Take::number).map_err(batch::reason)?;
    take.end().map_err(batch::reason)?;
    Ok(last_sequence)
}
