//! Data directories: `schema.toml` and three CSV files, read and written.
//!
//! ```text
//! schema.toml        which participant columns make the profile, in which order
//! participants.csv   id, one column per attribute
//! courses.csv        id, title, price; optional provider, category, open
//! purchases.csv      participant, course; optional at
//! ```
//!
//! [`read_dir`] reads one, [`write_dir`] writes one, and [`read_queries`] reads a file of many questions. Nothing is built
//! from bad input: each [`ReadError`] names the file, the line, the column and the value. Tables are UTF-8 and RFC 4180
//! with a header row, columns in any order, LF or CRLF; a leading byte order mark is dropped, blank lines are skipped,
//! cells are not trimmed, an empty cell is a missing value, and columns that nothing asks for are ignored.
//!
//! # Limits
//!
//! A cell has at most 2^20 bytes, a record 2^24, and a `schema.toml` 2^24. The files of a data directory are regular files,
//! or links to such. Queries may also come from a device or from a pipe that is open already, as `/dev/stdin` is, and have
//! at most 2^24 bytes then.
//!
//! # Why not the csv crate
//!
//! It is made to read whatever it can: a quote inside an unquoted cell, text after a closing quote, a quote that is never
//! closed and a lone carriage return all pass without a word, and each of them moves values into the wrong cell. So there
//! is a strict reader here, which keeps one record in memory, lends out its cells and knows the line it started on.

mod csv;
mod csv_table;
mod data_file;
mod directory;
mod error;
mod queries;
mod read;
mod schema;
mod write;

pub use csv::CsvFault;
pub use directory::{ReadProgress, read_dir, read_dir_with};
pub use error::{ReadError, ReadProblem, WriteError};
pub use queries::{QueryRow, read_amounts, read_queries};
pub use schema::{read_schema, write_schema};
pub use write::write_dir;
