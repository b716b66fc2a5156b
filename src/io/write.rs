//! Writing a data directory.

use std::io::{self, Write};
use std::path::Path;

use super::WriteError;
use super::csv::{MAX_CELL, MAX_RECORD};
use super::data_file::{WriteFailure, new_file};
use super::directory::{COURSES, PARTICIPANTS, PURCHASES, SCHEMA};
use super::error::file_name;
use super::schema::new_schema;
use crate::domain::{Catalogue, Column, Course, Participants, Purchases, Timestamp, TrainingSet};
use crate::store::disk;

/// Writes a data directory that [`read_dir`](super::read_dir) reads as the same set, and creates the directory if need be.
///
/// The columns `provider`, `category`, `open` and `at` are left out where no course or purchase has something to say
/// there. All files are written beside their places first and then renamed, so that a failure leaves the old ones. An old
/// file's permissions are kept, and a link is followed.
///
/// # Errors
///
/// * [`WriteError::Value`] when a tag holds a `|`, for which files have no form;
/// * [`WriteError::Io`] when the system refuses, or when a cell or a row is larger than what is
///   [read](crate::io#limits) again.
///
/// ```
/// use sebaya::{Amount, Course, Profile, Schema, TrainingSet};
///
/// let mut data = TrainingSet::builder(Schema::new().tags("interests"));
/// data.course(Course::new("excel", Amount(250_000)).with_title("Excel, from \"A\" to Z"))?;
/// data.participant("ani", Profile::new().with("interests", ["sewing", "excel"]))?;
/// data.purchase("ani", "excel")?;
///
/// # let dir = tempfile::tempdir()?;
/// # let dir = dir.path();
/// sebaya::io::write_dir(dir, &data.build()?)?;
/// let courses = std::fs::read_to_string(dir.join("courses.csv"))?;
/// assert_eq!(courses, "id,title,price\nexcel,\"Excel, from \"\"A\"\" to Z\",250000\n");
/// assert_eq!(sebaya::io::read_dir(dir)?.purchases().len(), 1);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn write_dir(path: impl AsRef<Path>, data: &TrainingSet) -> Result<(), WriteError> {
    let directory = path.as_ref();
    let created = disk::create_folders(directory);
    created.map_err(|source| WriteError::Io { file: file_name(directory), source })?;
    let new_files = [
        new_schema(&directory.join(SCHEMA), data.participants().schema())?,
        new_file(&directory.join(COURSES), |out| write_courses(Rows::new(out), data.catalogue()))?,
        new_file(&directory.join(PARTICIPANTS), |out| write_participants(Rows::new(out), data.participants()))?,
        new_file(&directory.join(PURCHASES), |out| {
            write_purchases(Rows::new(out), data.participants(), data.purchases())
        })?,
    ];
    for (name, file) in [SCHEMA, COURSES, PARTICIPANTS, PURCHASES].into_iter().zip(new_files) {
        file.put_in_place().map_err(|source| WriteError::Io { file: name.to_owned(), source })?;
    }
    Ok(())
}

fn write_courses<W: Write>(mut rows: Rows<W>, catalogue: &Catalogue) -> Result<(), WriteFailure> {
    let any = |has: fn(&Course) -> bool| catalogue.iter().any(has);
    let (providers, categories) = (any(|c| c.provider().is_some()), any(|c| c.category().is_some()));
    let open = any(|c| !c.is_open());
    let optional = [(providers, "provider"), (categories, "category"), (open, "open")];
    for column in ["id", "title", "price"].into_iter().chain(optional.into_iter().filter(|o| o.0).map(|o| o.1)) {
        rows.cell(column)?;
    }
    rows.end()?;
    for course in catalogue {
        rows.cell(course.id().as_str())?;
        rows.cell(course.title())?;
        rows.cell(&course.price().to_string())?;
        if providers {
            rows.cell(course.provider().unwrap_or_default())?;
        }
        if categories {
            rows.cell(course.category().unwrap_or_default())?;
        }
        if open {
            rows.cell(if course.is_open() { "true" } else { "false" })?;
        }
        rows.end()?;
    }
    Ok(())
}

fn write_participants<W: Write>(mut rows: Rows<W>, participants: &Participants) -> Result<(), WriteFailure> {
    rows.cell("id")?;
    for attribute in participants.schema().attributes() {
        rows.cell(attribute.name())?;
    }
    rows.end()?;
    let mut text = String::new();
    for (row, id) in participants.ids().enumerate() {
        rows.cell(id)?;
        for (column, attribute) in participants.columns().iter().zip(participants.schema().attributes()) {
            match column {
                Column::Numeric(values) => rows.cell(&number(values[row]))?,
                Column::Ordinal { levels: names, codes } | Column::Categorical { names, codes } => {
                    rows.cell(codes.get(row).checked_sub(1).map_or("", |code| names.name(code)))?;
                }
                Column::Tags(tags) => {
                    text.clear();
                    for tag in tags.row(row).iter().map(|&code| tags.names.name(code)) {
                        if tag.contains('|') {
                            let reason = "a \"|\" separates tags";
                            return Err(WriteFailure::Value {
                                column: attribute.name().into(),
                                value: tag.into(),
                                reason,
                            });
                        }
                        if !text.is_empty() {
                            text.push('|');
                        }
                        text.push_str(tag);
                    }
                    rows.cell(&text)?;
                }
            }
        }
        rows.end()?;
    }
    Ok(())
}

fn write_purchases<W: Write>(
    mut rows: Rows<W>,
    participants: &Participants,
    purchases: &Purchases,
) -> Result<(), WriteFailure> {
    let times = (0..participants.len()).any(|row| purchases.times_of(row).any(|(_, at)| at.is_some()));
    for column in ["participant", "course"].into_iter().chain(times.then_some("at")) {
        rows.cell(column)?;
    }
    rows.end()?;
    for (row, id) in participants.ids().enumerate() {
        for (course, at) in purchases.times_of(row) {
            rows.cell(id)?;
            rows.cell(purchases.catalogue().course(course).id().as_str())?;
            if times {
                rows.cell(&at.map(time).unwrap_or_default())?;
            }
            rows.end()?;
        }
    }
    Ok(())
}

/// The shortest text that reads as the same number; nothing for a missing one. Very large and very small numbers get an
/// exponent, which spares hundreds of zeros.
fn number(x: f64) -> String {
    if x.is_nan() {
        String::new()
    } else if x.abs() >= 1e21 || (x.abs() < 1e-7 && x != 0.0) {
        format!("{x:e}")
    } else {
        x.to_string()
    }
}

/// Midnight UTC is written as a date.
fn time(at: Timestamp) -> String {
    let mut text = at.to_string();
    if text.ends_with("T00:00:00Z") {
        text.truncate("0000-00-00".len());
    }
    text
}

/// Rows of cells, quoted where RFC 4180 asks for it.
struct Rows<W> {
    out: W,
    at_start: bool,
    /// How many bytes the row has, if every quote is written twice and every cell in quotes.
    bytes: usize,
}

impl<W: Write> Rows<W> {
    fn new(out: W) -> Self {
        Self { out, at_start: true, bytes: 0 }
    }

    fn cell(&mut self, text: &str) -> io::Result<()> {
        self.bytes += text.len() + text.bytes().filter(|&byte| byte == b'"').count() + 3;
        if text.len() > MAX_CELL || self.bytes > MAX_RECORD {
            let reason = format!("a cell of {} bytes makes it longer than what is read again", text.len());
            return Err(io::Error::other(reason));
        }
        if !self.at_start {
            self.out.write_all(b",")?;
        }
        self.at_start = false;
        if !text.bytes().any(|b| b",\"\r\n".contains(&b)) {
            return self.out.write_all(text.as_bytes());
        }
        self.out.write_all(b"\"")?;
        for (i, part) in text.split('"').enumerate() {
            if i > 0 {
                self.out.write_all(b"\"\"")?;
            }
            self.out.write_all(part.as_bytes())?;
        }
        self.out.write_all(b"\"")
    }

    fn end(&mut self) -> io::Result<()> {
        (self.at_start, self.bytes) = (true, 0);
        self.out.write_all(b"\n")
    }
}
