//! A CSV file with a header: cells by column, errors with the file's name and line.

use std::collections::HashSet;
use std::fs::File;
use std::io::{BufReader, Read, Take};
use std::path::{Path, PathBuf};

use super::csv::{CsvError, CsvFailure, CsvReader, MAX_RECORD};
use super::read::{Opened, open, open_stream};
use super::{ReadError, ReadProblem};

pub(super) struct CsvTable {
    path: PathBuf,
    size: u64,
    /// The most bytes that it may have.
    most: u64,
    records: CsvReader<BufReader<Take<File>>>,
    columns: Vec<String>,
}

impl CsvTable {
    /// Opens a file and reads its header.
    pub(super) fn open(path: &Path) -> Result<Self, ReadError> {
        Self::of_opened(path, open(path)?)
    }

    /// The same of what may also be a pipe, as standard input is.
    pub(super) fn open_stream(path: &Path) -> Result<Self, ReadError> {
        Self::of_opened(path, open_stream(path)?)
    }

    fn of_opened(path: &Path, Opened { file, size, most }: Opened) -> Result<Self, ReadError> {
        const BUFFER: usize = 1 << 16;
        let records = CsvReader::new(BufReader::with_capacity(BUFFER, file.take(most + 1)));
        let mut table = Self { path: path.to_owned(), size, most, records, columns: Vec::new() };
        if !table.advance()? {
            return Err(ReadError::new(path, None, ReadProblem::NoHeader));
        }
        table.columns = table.records.cells().map(str::to_owned).collect();
        let mut seen = HashSet::new();
        match table.columns.iter().find(|&column| !seen.insert(column)) {
            Some(column) => Err(table.error(ReadProblem::RepeatedColumn { column: column.clone() })),
            None => Ok(table),
        }
    }

    /// The number of a column that may be absent.
    pub(super) fn find(&self, column: &str) -> Option<usize> {
        self.columns.iter().position(|c| c == column)
    }

    /// The number of a column that must be there. To be asked before the first row, so that the error has the header's line.
    pub(super) fn column(&self, column: &str) -> Result<usize, ReadError> {
        self.find(column).ok_or_else(|| self.error(ReadProblem::MissingColumn { column: column.to_owned() }))
    }

    /// Goes to the next row; false at the end.
    pub(super) fn next_row(&mut self) -> Result<bool, ReadError> {
        if !self.advance()? {
            return Ok(false);
        }
        let (found, expected) = (self.records.len(), self.columns.len());
        if found == expected { Ok(true) } else { Err(self.error(ReadProblem::CellCount { found, expected })) }
    }

    /// The current row's cell in the column with this number.
    pub(super) fn cell(&self, column: usize) -> &str {
        self.records.cell(column)
    }

    /// Something is wrong with the current row.
    pub(super) fn error(&self, problem: impl Into<ReadProblem>) -> ReadError {
        ReadError::new(&self.path, Some(self.records.line()), problem)
    }

    pub(super) fn size(&self) -> u64 {
        self.size
    }

    pub(super) fn bytes_read(&self) -> u64 {
        self.records.bytes_read()
    }

    fn advance(&mut self) -> Result<bool, ReadError> {
        let advanced = self.records.advance();
        if self.records.bytes_read() > self.most {
            return Err(ReadError::new(&self.path, None, ReadProblem::TooLong { most: self.most }));
        }
        advanced.map_err(|CsvError { line, cell, failure }| match failure {
            CsvFailure::LongRecord => {
                ReadError::new(&self.path, Some(line), ReadProblem::LongRecord { most: MAX_RECORD })
            }
            CsvFailure::Io(source) => ReadError::new(&self.path, Some(line), ReadProblem::Io { source }),
            CsvFailure::Fault(fault) => {
                let column = match self.columns.get(cell) {
                    Some(column) => column.clone(),
                    None if self.columns.is_empty() => "header".to_owned(),
                    None => format!("cell {}", cell + 1),
                };
                ReadError::new(&self.path, Some(line), ReadProblem::Csv { column, fault })
            }
        })
    }
}
