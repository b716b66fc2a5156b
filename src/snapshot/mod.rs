//! A model in a file.
//!
//! A snapshot holds what cannot be derived: parameters, schema, what the encoder has learned, courses, participants and
//! purchases. Profiles, counts and the index are built anew when it is loaded, in less time than reading them would take.
//! The same model always gives the same bytes.
//!
//! # Format, version 1
//!
//! All numbers are little-endian.
//!
//! | bytes | what |
//! | --- | --- |
//! | 8 | magic; a byte above 127, CR LF and Ctrl-Z show files that went through a text mode |
//! | 4 | format version |
//! | 4 + n | crate version that wrote the file: length, UTF-8 |
//! | 4 | CRC-32 of all bytes so far, checksums left out |
//! | 4 + 8 + n + 4 | for each section: tag, length, payload, CRC-32 of all bytes of the file so far, checksums left out |
//!
//! The checksums run on from section to section, so that sections left out, swapped or repeated are seen. The last
//! section has the tag `END.` and no payload, and nothing follows it.
//!
//! Within a section a *number* is whole, seven bits a byte, the lowest first, with the high bit set in all bytes but the last;
//! a *float* is an IEEE 754 double; a *text* is its number of bytes and UTF-8; a *list* is its length and its members; an
//! *option* is a byte of 0, or of 1 and the value; a *time* is a signed 64-bit number of seconds since 1970.
//!
//! | tag | payload |
//! | --- | --- |
//! | `INDX` | name of the index, UTF-8 |
//! | `LABL` | for each attribute: labels; list of values with labels: text value, labels. Labels are a list of text language, text label. All are in byte order |
//! | `PARM` | number of neighbours; float prior; byte distance; options: float half-life, time to which purchases have aged |
//! | `SCHM` | text currency; list of attributes: text name, float weight, byte kind (0 linear: option of two floats, the range; 1 rank; 2 ordinal: list of texts; 3 categorical; 4 tags) |
//! | `CRSE` | list of courses by id: text id, text title, number price, options text provider and category, byte open |
//! | `ENCD` | for each attribute what was learned: linear two floats; rank a list of floats; categorical and tags a list of texts, empty where a name is gone |
//! | `NAME` | for each attribute the list of texts that participants have, in byte order |
//! | `PEOP` | list of participants: text id; for each attribute a value; list of purchases: number place in `CRSE`, option time |
//! | `FPRT` | 16 bytes: the [`Fingerprint`] |
//!
//! A value is an option of a float for a numeric attribute; for one of texts a number, 0 where missing, else the place in
//! `NAME` from 1 on; for tags a list of such places, ascending.
//!
//! | file | |
//! | --- | --- |
//! | `format.rs` | the frame: magic, versions, sections, checksums |
//! | `bytes.rs` | numbers and texts as bytes |
//! | `model.rs` | the sections |
//! | `encoder.rs` | the section of the encoder |
//! | `fingerprint.rs` | [`Fingerprint`] |
//! | `error.rs` | what can be wrong with a file |

pub(crate) mod bytes;
mod encoder;
mod error;
mod fingerprint;
mod format;
pub(crate) mod model;

use std::fs::File;
use std::io::{BufReader, Read, Write};
use std::path::Path;

pub use error::SnapshotError;
pub use fingerprint::Fingerprint;

use crate::query::Recommender;
use crate::store::OutputFile;
use format::{Reader, Writer};
use model::{COURSES, ENCODER, FINGERPRINT, INDEX, LABELS, NAMES, PARAMS, PEOPLE, SCHEMA, Sections};

impl Recommender {
    /// Saves the model. The file appears when it is complete, or the old one stays. An old file's permissions are kept, a link
    /// is followed, and a device or a pipe is written to.
    ///
    /// # Errors
    ///
    /// [`SnapshotError::Io`] or [`SnapshotError::File`] when the system refuses.
    ///
    /// ```
    /// # use sebaya::Recommender;
    /// # let model = sebaya::example_world::model()?;
    /// # let dir = tempfile::tempdir()?;
    /// let path = dir.path().join("model.sebaya");
    /// model.save(&path)?;
    /// let same = Recommender::load(&path)?;
    /// assert_eq!(same.fingerprint(), model.fingerprint());
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn save(&self, path: impl AsRef<Path>) -> Result<(), SnapshotError> {
        let path = path.as_ref();
        let new = OutputFile::create(path, |out| Snapshot::of(self).write(out));
        let saved = new.and_then(|new| Ok(new.put_in_place()?));
        saved.map_err(|error| error.of_file(path))
    }

    /// Writes what [`save`](Self::save) saves.
    ///
    /// # Errors
    ///
    /// As [`save`](Self::save).
    pub fn save_to(&self, out: impl Write) -> Result<(), SnapshotError> {
        Snapshot::of(self).write(out)
    }

    /// Loads a model that was saved by this or an earlier version of the crate. Everything is checked before it returns: a
    /// file with any damage is refused. Memory is at most some times the size of the file, and for linfa-nn's indexes that
    /// of their matrix.
    ///
    /// # Errors
    ///
    /// What is wrong and where.
    pub fn load(path: impl AsRef<Path>) -> Result<Self, SnapshotError> {
        let path = path.as_ref();
        let file = File::open(path).map_err(|error| SnapshotError::Io(error).of_file(path))?;
        read(BufReader::new(file)).map_err(|error| error.of_file(path))
    }

    /// Reads what [`load`](Self::load) loads.
    ///
    /// # Errors
    ///
    /// As [`load`](Self::load).
    ///
    /// ```
    /// let error = sebaya::Recommender::load_from(&b"id,title,price\n"[..]).unwrap_err();
    /// assert_eq!(error.to_string(), "snapshot: this is no snapshot, or a text mode changed its bytes");
    /// ```
    pub fn load_from(input: impl Read) -> Result<Self, SnapshotError> {
        read(input)
    }

    /// What it answers from, in 128 bits. It takes about as long as saving.
    pub fn fingerprint(&self) -> Fingerprint {
        Snapshot::of(self).fingerprint
    }
}

/// A model as it is written.
pub(crate) struct Snapshot {
    sections: Sections,
    pub(crate) fingerprint: Fingerprint,
}

impl Snapshot {
    pub(crate) fn of(model: &Recommender) -> Self {
        let (sections, fingerprint) = Sections::write(model);
        Self { sections, fingerprint }
    }

    pub(crate) fn write(&self, out: impl Write) -> Result<(), SnapshotError> {
        let mut writer = Writer::new(out, env!("CARGO_PKG_VERSION"))?;
        for (section, payload) in self.sections.in_order() {
            writer.section(section, payload)?;
        }
        writer.section(FINGERPRINT, &self.fingerprint.to_bytes())?;
        writer.finish()?;
        Ok(())
    }
}

/// A model that was read, with its fingerprint, which was checked, and the number of bytes that it took.
#[cfg(feature = "journal")]
pub(crate) struct Loaded {
    pub(crate) model: Recommender,
    pub(crate) fingerprint: Fingerprint,
    pub(crate) length: u64,
}

/// Reads a snapshot and leaves what follows it.
#[cfg(feature = "journal")]
pub(crate) fn load_first(input: impl Read) -> Result<Loaded, SnapshotError> {
    let mut reader = Reader::new(input)?;
    let sections = read_sections(&mut reader)?;
    let length = reader.end()?;
    let (model, fingerprint) = check(sections)?;
    Ok(Loaded { model, fingerprint, length })
}

fn read(input: impl Read) -> Result<Recommender, SnapshotError> {
    let mut reader = Reader::new(input)?;
    let sections = read_sections(&mut reader)?;
    reader.finish()?;
    Ok(check(sections)?.0)
}

fn read_sections(reader: &mut Reader<impl Read>) -> Result<(Sections, Vec<u8>), SnapshotError> {
    let sections = Sections {
        index: reader.section(INDEX)?,
        labels: reader.section(LABELS)?,
        params: reader.section(PARAMS)?,
        schema: reader.section(SCHEMA)?,
        courses: reader.section(COURSES)?,
        encoder: reader.section(ENCODER)?,
        names: reader.section(NAMES)?,
        people: reader.section(PEOPLE)?,
    };
    Ok((sections, reader.section(FINGERPRINT)?))
}

fn check((sections, written): (Sections, Vec<u8>)) -> Result<(Recommender, Fingerprint), SnapshotError> {
    let (model, fingerprint) = sections.read()?;
    if written != fingerprint.to_bytes() {
        return Err(SnapshotError::Fingerprint);
    }
    Ok((model, fingerprint))
}
