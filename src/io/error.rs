//! Why files could not be read or written.

use std::io;
use std::path::{Path, PathBuf};

use thiserror::Error;

use super::CsvFault;
use crate::domain::{AmountError, DataError, ProfileError, SchemaError};
use crate::store::{Echo, is_obeyed};

/// Why a file was refused, and where.
///
/// Displayed as one line: `FILE:LINE: ` where a line exists, else `FILE: `, then the problem.
///
/// ```
/// # let dir = tempfile::tempdir()?;
/// let path = dir.path().join("schema.toml");
/// std::fs::write(&path, "[[attribute]]\nname = \"age\"\nkind = \"number\"\n")?;
///
/// let error = sebaya::io::read_schema(&path).unwrap_err();
/// assert_eq!((error.file.as_str(), error.line), ("schema.toml", Some(3)));
/// assert!(error.to_string().starts_with("schema.toml:3: attribute \"age\": kind: \"number\" is none of "));
/// # Ok::<(), std::io::Error>(())
/// ```
#[derive(Debug, Error)]
#[error("{}", one_line(&match line {
    Some(line) => format!("{file}:{line}: {problem}"),
    None => format!("{file}: {problem}"),
}))]
#[non_exhaustive]
pub struct ReadError {
    /// The file's name without its directory.
    pub file: String,
    /// The physical line, counted from 1, on which the record or the key starts.
    pub line: Option<u64>,
    /// What is wrong there.
    pub problem: Box<ReadProblem>,
}

/// What is wrong with a file.
///
/// ```
/// use sebaya::io::{ReadProblem, read_dir};
///
/// let error = read_dir("no/such/directory").unwrap_err();
/// assert!(matches!(*error.problem, ReadProblem::NotFound { .. }));
/// ```
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum ReadProblem {
    /// There is no such file.
    #[error("{path:?} does not exist")]
    NotFound {
        /// The whole path.
        path: PathBuf,
    },
    /// It is a directory.
    #[error("{path:?} is a directory")]
    IsDirectory {
        /// The whole path.
        path: PathBuf,
    },
    /// It is a device, a pipe or a socket.
    #[error("{path:?} is no file but a device, a pipe or a socket")]
    NotAFile {
        /// The whole path.
        path: PathBuf,
    },
    /// It is a pipe with a name, and nobody may ever write to it.
    #[error(
        "{path:?} is a named pipe, and reading waits until somebody writes; name /dev/stdin and redirect it from there"
    )]
    NamedPipe {
        /// The whole path.
        path: PathBuf,
    },
    /// It has more bytes than such a file may have.
    #[error("it has more than {most} bytes")]
    TooLong {
        /// The most bytes that it may have.
        most: u64,
    },
    /// A record of a CSV file has more bytes than one may have; a quote may be open.
    #[error("record: it has more than {most} bytes")]
    LongRecord {
        /// The most bytes that it may have.
        most: usize,
    },
    /// The system cannot read it.
    #[error("cannot be read: {source}")]
    Io {
        /// What the system says.
        r#source: io::Error,
    },
    /// A CSV file has not even a header.
    #[error("the file is empty; its first row must name the columns")]
    NoHeader,
    /// A cell breaks the CSV format.
    #[error("{column}: {fault}")]
    Csv {
        /// The column; `header` in the header, `cell N` beyond the last column.
        column: String,
        /// How.
        fault: CsvFault,
    },
    /// The header names a column twice.
    #[error("{column}: the header has this column twice")]
    RepeatedColumn {
        /// The column.
        column: String,
    },
    /// The header lacks a column.
    #[error("{column}: the header lacks this column")]
    MissingColumn {
        /// The column.
        column: String,
    },
    /// A row has too few or too many cells.
    #[error("cells: the row has {found}, the header {expected}")]
    CellCount {
        /// How many cells the row has.
        found: usize,
        /// How many columns the header names.
        expected: usize,
    },
    /// A price or a balance is empty.
    #[error("{column}: \"\" is empty; a {what} needs one")]
    NoAmount {
        /// `price` or `balance`.
        column: &'static str,
        /// "course" or "query".
        what: &'static str,
    },
    /// A price or a balance is no amount.
    #[error("{column}: {source}")]
    Amount {
        /// `price`, `balance` or another column of amounts.
        column: String,
        /// What is wrong with it.
        r#source: AmountError,
    },
    /// The `open` of a course is neither `true` nor `false`.
    #[error("open: {} is neither \"true\" nor \"false\"", Echo(text))]
    Open {
        /// What was given.
        text: String,
    },
    /// The `at` of a purchase is no time.
    #[error("at: {source}")]
    At {
        /// What is wrong with it.
        r#source: DataError,
    },
    /// A query owns a course that is not in the catalogue.
    #[error("owned: {} is not a course", Echo(course))]
    UnknownOwned {
        /// The course.
        course: String,
    },
    /// A cell does not fit its attribute.
    #[error(transparent)]
    Profile(#[from] ProfileError),
    /// The data break a rule.
    #[error(transparent)]
    Data(DataError),
    /// The text is not TOML, or a key or the type of a value is wrong.
    #[error("{key}{message}")]
    Toml {
        /// Where it was found, as `attribute "age": weight: `, or empty.
        key: String,
        /// What is wrong there.
        message: String,
    },
    /// The schema breaks a rule.
    #[error(transparent)]
    Schema(#[from] SchemaError),
}

/// Beside a line number, whose profile it is says nothing new.
impl From<DataError> for ReadProblem {
    fn from(error: DataError) -> Self {
        match error {
            DataError::Profile { source, .. } => Self::Profile(source),
            DataError::Schema(source) => Self::Schema(source),
            other => Self::Data(other),
        }
    }
}

impl ReadError {
    pub(super) fn new(path: &Path, line: Option<u64>, problem: impl Into<ReadProblem>) -> Self {
        Self { file: file_name(path), line, problem: Box::new(problem.into()) }
    }
}

/// Why files could not be written. No old file has changed, unless it was the last step, renaming, that failed.
///
/// ```
/// use sebaya::Schema;
/// use sebaya::io::{WriteError, write_schema};
///
/// let error = write_schema("no/such/directory/schema.toml", &Schema::new().numeric("age")).unwrap_err();
/// assert!(matches!(error, WriteError::Io { .. }));
/// assert!(error.to_string().starts_with("schema.toml: cannot be written: "));
/// ```
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum WriteError {
    /// The system cannot write a file.
    #[error("{file}: cannot be written: {source}")]
    Io {
        /// The file's name without its directory.
        file: String,
        /// What the system says.
        r#source: io::Error,
    },
    /// A value has no form that would read back as the same value.
    #[error("{}", one_line(&format!("{file}: {column}: {} cannot be written: {reason}", Echo(value))))]
    Value {
        /// The file's name without its directory.
        file: String,
        /// The column.
        column: String,
        /// The value.
        value: String,
        /// Why not.
        reason: &'static str,
    },
    /// The schema breaks a rule, or cannot be written as TOML.
    #[error("{}", one_line(&format!("{file}: {problem}")))]
    Schema {
        /// The file's name without its directory.
        file: String,
        /// What is wrong with it.
        problem: SchemaError,
    },
}

pub(super) fn file_name(path: &Path) -> String {
    path.file_name().unwrap_or(path.as_os_str()).to_string_lossy().into_owned()
}

/// Names of columns and files may hold line breaks and whatever else a terminal obeys, and be of any length; a message is one
/// line of a readable length.
fn one_line(text: &str) -> String {
    const CHARS: usize = 1000;
    let rest = text.chars().nth(CHARS).map_or("", |_| "...");
    let escape = |c: char| if is_obeyed(c) { c.escape_default().to_string() } else { c.to_string() };
    text.chars().take(CHARS).map(escape).chain([rest.to_owned()]).collect()
}
