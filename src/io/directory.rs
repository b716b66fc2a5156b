//! Reading a data directory.

use std::path::Path;

use super::csv_table::CsvTable;
use super::{ReadError, ReadProblem, read_schema};
use crate::domain::{Course, TrainingSet, TrainingSetBuilder};

pub(super) const SCHEMA: &str = "schema.toml";
pub(super) const COURSES: &str = "courses.csv";
pub(super) const PARTICIPANTS: &str = "participants.csv";
pub(super) const PURCHASES: &str = "purchases.csv";

/// How far the reading of a directory has got.
///
/// ```
/// # let dir = tempfile::tempdir()?;
/// # for (file, text) in [
/// #     ("schema.toml", "[[attribute]]\nname = \"age\"\nkind = \"numeric\"\n"),
/// #     ("courses.csv", "id,title,price\nexcel,,250000\n"),
/// #     ("participants.csv", "id,age\nani,24\n"),
/// #     ("purchases.csv", "participant,course\nani,excel\n"),
/// # ] {
/// #     std::fs::write(dir.path().join(file), text)?;
/// # }
/// let mut last = None;
/// sebaya::io::read_dir_with(dir.path(), |progress| last = Some(progress))?;
/// let last = last.unwrap();
/// assert_eq!((last.file, last.bytes), ("purchases.csv", last.total_bytes));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ReadProgress {
    /// The file being read, without its directory.
    pub file: &'static str,
    /// How many bytes of all three CSV files were read.
    pub bytes: u64,
    /// How many bytes all three CSV files had when they were opened.
    pub total_bytes: u64,
}

/// Reads a data directory.
///
/// # Errors
///
/// [`ReadError`] with file, line, column and value for the first thing that is wrong, whether it concerns a past
/// participant or not.
///
/// ```
/// # let dir = tempfile::tempdir()?;
/// # let dir = dir.path();
/// std::fs::write(dir.join("schema.toml"), "[[attribute]]\nname = \"age\"\nkind = \"numeric\"\n")?;
/// std::fs::write(dir.join("courses.csv"), "id,title,price\nexcel,Excel for the office,250000\n")?;
/// std::fs::write(dir.join("purchases.csv"), "participant,course\nani,excel\n")?;
///
/// std::fs::write(dir.join("participants.csv"), "id,age\nani,24\nbudi,31\n")?;
/// assert_eq!(sebaya::io::read_dir(dir)?.participants().len(), 2);
///
/// std::fs::write(dir.join("participants.csv"), "id,age\nani,24\nbudi,abc\n")?;
/// let error = sebaya::io::read_dir(dir).unwrap_err();
/// assert_eq!(error.to_string(), r#"participants.csv:3: age: "abc" is not a finite number"#);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn read_dir(path: impl AsRef<Path>) -> Result<TrainingSet, ReadError> {
    read_dir_with(path, |_| ())
}

/// Reads a data directory and tells every few MB, and after each file, how far it has got.
///
/// # Errors
///
/// As [`read_dir`].
///
/// ```
/// let nowhere = sebaya::io::read_dir_with("no/such/directory", |progress| {
///     eprintln!("{}: {} of {} bytes", progress.file, progress.bytes, progress.total_bytes);
/// });
/// assert_eq!(
///     nowhere.unwrap_err().to_string(),
///     r#"schema.toml: "no/such/directory/schema.toml" does not exist"#
/// );
/// ```
pub fn read_dir_with(path: impl AsRef<Path>, progress: impl FnMut(ReadProgress)) -> Result<TrainingSet, ReadError> {
    let directory = path.as_ref();
    let schema = read_schema(directory.join(SCHEMA))?;
    // All are opened before the first is read, so that a missing one is reported at once.
    let mut courses = CsvTable::open(&directory.join(COURSES))?;
    let mut participants = CsvTable::open(&directory.join(PARTICIPANTS))?;
    let mut purchases = CsvTable::open(&directory.join(PURCHASES))?;
    let total_bytes = courses.size() + participants.size() + purchases.size();
    let mut meter =
        Meter { report: progress, total_bytes, earlier_files: 0, next_report: Meter::<fn(ReadProgress)>::STEP };

    let mut data = TrainingSet::builder(schema);
    read_courses(&mut courses, &mut data, |table| meter.row(COURSES, table))?;
    meter.end_of_file(COURSES, &courses);
    read_participants(&mut participants, &mut data, |table| meter.row(PARTICIPANTS, table))?;
    meter.end_of_file(PARTICIPANTS, &participants);
    read_purchases(&mut purchases, &mut data, |table| meter.row(PURCHASES, table))?;
    meter.end_of_file(PURCHASES, &purchases);
    data.build().map_err(|error| ReadError::new(Path::new(PURCHASES), None, error))
}

fn read_courses(
    table: &mut CsvTable,
    data: &mut TrainingSetBuilder,
    mut each_row: impl FnMut(&CsvTable),
) -> Result<(), ReadError> {
    let (id, title, price) = (table.column("id")?, table.column("title")?, table.column("price")?);
    let (provider, category, open) = (table.find("provider"), table.find("category"), table.find("open"));
    while table.next_row()? {
        let filled = |column: Option<usize>| column.map(|c| table.cell(c)).filter(|cell| !cell.is_empty());
        if table.cell(price).is_empty() {
            return Err(table.error(ReadProblem::NoAmount { column: "price", what: "course" }));
        }
        let amount = table.cell(price).parse();
        let amount =
            amount.map_err(|source| table.error(ReadProblem::Amount { column: "price".to_owned(), source }))?;
        let mut course = Course::new(table.cell(id), amount).with_title(table.cell(title));
        if let Some(provider) = filled(provider) {
            course = course.with_provider(provider);
        }
        if let Some(category) = filled(category) {
            course = course.with_category(category);
        }
        course = match filled(open) {
            None | Some("true") => course,
            Some("false") => course.with_open(false),
            Some(text) => return Err(table.error(ReadProblem::Open { text: text.to_owned() })),
        };
        data.course(course).map_err(|error| table.error(error))?;
        each_row(table);
    }
    Ok(())
}

fn read_participants(
    table: &mut CsvTable,
    data: &mut TrainingSetBuilder,
    mut each_row: impl FnMut(&CsvTable),
) -> Result<(), ReadError> {
    let participants = data.participants_mut().map_err(|error| table.error(error))?;
    let id = table.column("id")?;
    let attributes = participants.schema().attributes().iter();
    let columns = attributes.map(|a| table.column(a.name())).collect::<Result<Vec<_>, _>>()?;
    while table.next_row()? {
        let added = participants.add_cells(table.cell(id), |attribute| table.cell(columns[attribute]));
        added.map_err(|error| table.error(error))?;
        each_row(table);
    }
    Ok(())
}

fn read_purchases(
    table: &mut CsvTable,
    data: &mut TrainingSetBuilder,
    mut each_row: impl FnMut(&CsvTable),
) -> Result<(), ReadError> {
    let (participant, course, at) = (table.column("participant")?, table.column("course")?, table.find("at"));
    while table.next_row()? {
        let at = match at.map(|column| table.cell(column)) {
            None | Some("") => None,
            Some(text) => Some(text.parse().map_err(|source| table.error(ReadProblem::At { source }))?),
        };
        let added = data.add_purchase(table.cell(participant), table.cell(course), at);
        added.map_err(|error| table.error(error))?;
        each_row(table);
    }
    Ok(())
}

/// Reports now and then.
struct Meter<F> {
    report: F,
    total_bytes: u64,
    earlier_files: u64,
    next_report: u64,
}

impl<F: FnMut(ReadProgress)> Meter<F> {
    const STEP: u64 = 4 << 20;

    fn row(&mut self, file: &'static str, table: &CsvTable) {
        let bytes = self.earlier_files + table.bytes_read();
        if bytes >= self.next_report {
            self.next_report = bytes + Self::STEP;
            (self.report)(ReadProgress { file, bytes, total_bytes: self.total_bytes });
        }
    }

    fn end_of_file(&mut self, file: &'static str, table: &CsvTable) {
        self.earlier_files += table.bytes_read();
        (self.report)(ReadProgress { file, bytes: self.earlier_files, total_bytes: self.total_bytes });
    }
}
