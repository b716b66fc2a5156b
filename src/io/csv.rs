//! A strict and streaming reader of RFC 4180 records.

use std::io::{self, BufRead, Read};
use std::mem;

use thiserror::Error;

const BYTE_ORDER_MARK: &[u8] = b"\xef\xbb\xbf";

/// The most bytes that a cell may have; a file that is no table has nothing but one cell.
pub(super) const MAX_CELL: usize = 1 << 20;
/// The most bytes that a record may have, line breaks and quotes included.
pub(super) const MAX_RECORD: usize = 16 << 20;

/// Reads one record after the other. Memory is that of the largest record, and a record allocates only when it is larger
/// than those before it.
pub(super) struct CsvReader<R> {
    input: R,
    /// The cells of the current record, unquoted, with a comma between them.
    text: String,
    /// Where each cell ends in `text`; the next one starts one byte, the comma, later.
    ends: Vec<usize>,
    lines_read: u64,
    bytes_read: u64,
    line: u64,
}

/// What is wrong with a record, where it starts and in which of its cells, counted from 0.
#[derive(Debug)]
pub(super) struct CsvError {
    pub(super) line: u64,
    pub(super) cell: usize,
    pub(super) failure: CsvFailure,
}

#[derive(Debug)]
pub(super) enum CsvFailure {
    Io(io::Error),
    LongRecord,
    Fault(CsvFault),
}

/// How a cell of a CSV file breaks the format.
///
/// ```
/// let fault = sebaya::io::CsvFault::TextAfterQuote { text: "x".to_owned() };
/// assert_eq!(fault.to_string(), r#""x" follows a closing quote"#);
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum CsvFault {
    /// A cell that does not start with a quote holds one.
    #[error("{text:?} holds a quote but does not start with one")]
    StrayQuote {
        /// The cell.
        text: String,
    },
    /// A quoted cell goes on after its closing quote.
    #[error("{text:?} follows a closing quote")]
    TextAfterQuote {
        /// What follows.
        text: String,
    },
    /// The file ends within a quoted cell.
    #[error("the quote before {text:?} is never closed")]
    UnclosedQuote {
        /// How the cell begins.
        text: String,
    },
    /// A carriage return outside quotes is not followed by a line feed.
    #[error("{text:?} holds a carriage return without a line feed")]
    BareCarriageReturn {
        /// The cell.
        text: String,
    },
    /// A cell has more than 2^20 bytes.
    #[error("{text:?} begins a cell of {bytes} bytes, and the most is {MAX_CELL}")]
    LongCell {
        /// How the cell begins.
        text: String,
        /// How many bytes it has.
        bytes: usize,
    },
    /// The bytes are not UTF-8.
    #[error("byte 0x{byte:02x} is not UTF-8")]
    NotUtf8 {
        /// The first byte that is wrong.
        byte: u8,
    },
}

impl<R: BufRead> CsvReader<R> {
    pub(super) fn new(input: R) -> Self {
        Self { input, text: String::new(), ends: Vec::new(), lines_read: 0, bytes_read: 0, line: 0 }
    }

    /// Goes to the next record; false at the end. After an error the reader is of no more use.
    pub(super) fn advance(&mut self) -> Result<bool, CsvError> {
        let mut raw = mem::take(&mut self.text).into_bytes();
        self.ends.clear();
        loop {
            raw.clear();
            self.line = self.lines_read + 1;
            if !self.read_line(&mut raw)? {
                return Ok(false);
            }
            if self.lines_read == 1 && raw.starts_with(BYTE_ORDER_MARK) {
                raw.drain(..BYTE_ORDER_MARK.len());
            }
            if !matches!(raw.as_slice(), b"" | b"\n" | b"\r\n") {
                break;
            }
        }
        if !self.split_plain(&mut raw) {
            self.ends.clear();
            self.split_quoted(&mut raw)?;
        }
        self.text = String::from_utf8(raw).map_err(|error| {
            let at = error.utf8_error().valid_up_to();
            let cell = self.ends.partition_point(|&end| end <= at);
            self.fault(cell, CsvFault::NotUtf8 { byte: error.as_bytes()[at] })
        })?;
        if self.text.len() > MAX_CELL
            && let Some(cell) = (0..self.len()).find(|&cell| self.cell(cell).len() > MAX_CELL)
        {
            let (text, bytes) = (excerpt(self.cell(cell).as_bytes()), self.cell(cell).len());
            return Err(self.fault(cell, CsvFault::LongCell { text, bytes }));
        }
        Ok(true)
    }

    /// Splits a line without quotes at its commas; false when it holds a quote or a carriage return.
    fn split_plain(&mut self, raw: &mut Vec<u8>) -> bool {
        let line = raw.strip_suffix(b"\n").map_or(raw.as_slice(), |line| line.strip_suffix(b"\r").unwrap_or(line));
        for (i, byte) in line.iter().enumerate() {
            match byte {
                b',' => self.ends.push(i),
                b'"' | b'\r' => return false,
                _ => {}
            }
        }
        let end = line.len();
        self.ends.push(end);
        raw.truncate(end);
        true
    }

    /// Splits a record with quotes, and moves its cells together as they lose their quotes. What is written never
    /// overtakes what is read.
    fn split_quoted(&mut self, raw: &mut Vec<u8>) -> Result<(), CsvError> {
        let (mut from, mut to) = (0, 0);
        loop {
            let start = to;
            let quoted = raw.get(from) == Some(&b'"');
            if quoted {
                (from, to) = self.unquote(raw, from + 1, to)?;
            } else {
                while let Some(&byte) = raw.get(from).filter(|byte| !b",\"\r\n".contains(byte)) {
                    raw[to] = byte;
                    (from, to) = (from + 1, to + 1);
                }
            }
            let whole = || excerpt(&[&raw[start..to], rest_of_cell(&raw[from..])].concat());
            let fault = match &raw[from..] {
                [] | [b'\n', ..] | [b'\r', b'\n', ..] => break,
                [b',', ..] => None,
                [b'\r', ..] => Some(CsvFault::BareCarriageReturn { text: whole() }),
                rest if quoted => Some(CsvFault::TextAfterQuote { text: excerpt(rest_of_cell(rest)) }),
                _ => Some(CsvFault::StrayQuote { text: whole() }),
            };
            if let Some(fault) = fault {
                return Err(self.fault(self.ends.len(), fault));
            }
            self.ends.push(to);
            raw[to] = b',';
            (from, to) = (from + 1, to + 1);
        }
        self.ends.push(to);
        raw.truncate(to);
        Ok(())
    }

    /// Moves a quoted cell that starts at `from` to `to`, with further lines where it has line breaks. Returns both ends.
    fn unquote(&mut self, raw: &mut Vec<u8>, mut from: usize, mut to: usize) -> Result<(usize, usize), CsvError> {
        let start = to;
        loop {
            match raw.get(from) {
                None => {
                    if !self.read_line(raw)? {
                        let text = excerpt(&raw[start..to]);
                        return Err(self.fault(self.ends.len(), CsvFault::UnclosedQuote { text }));
                    }
                }
                Some(b'"') if raw.get(from + 1) != Some(&b'"') => return Ok((from + 1, to)),
                Some(&byte) => {
                    raw[to] = byte;
                    from += if byte == b'"' { 2 } else { 1 };
                    to += 1;
                }
            }
        }
    }

    fn read_line(&mut self, raw: &mut Vec<u8>) -> Result<bool, CsvError> {
        let failed = |failure| CsvError { line: self.line, cell: 0, failure };
        // One byte too many tells a record that is too long.
        let mut input = self.input.by_ref().take((MAX_RECORD + 1 - raw.len()) as u64);
        let read = input.read_until(b'\n', raw).map_err(|error| failed(CsvFailure::Io(error)))?;
        if raw.len() > MAX_RECORD {
            return Err(failed(CsvFailure::LongRecord));
        }
        self.bytes_read += read as u64;
        self.lines_read += u64::from(read > 0);
        Ok(read > 0)
    }

    fn fault(&self, cell: usize, fault: CsvFault) -> CsvError {
        CsvError { line: self.line, cell, failure: CsvFailure::Fault(fault) }
    }
}

impl<R> CsvReader<R> {
    /// The physical line on which the current record starts, counted from 1.
    pub(super) fn line(&self) -> u64 {
        self.line
    }

    pub(super) fn bytes_read(&self) -> u64 {
        self.bytes_read
    }

    /// How many cells the current record has.
    pub(super) fn len(&self) -> usize {
        self.ends.len()
    }

    pub(super) fn cell(&self, i: usize) -> &str {
        let start = if i == 0 { 0 } else { self.ends[i - 1] + 1 };
        &self.text[start..self.ends[i]]
    }

    pub(super) fn cells(&self) -> impl Iterator<Item = &str> {
        (0..self.len()).map(|i| self.cell(i))
    }
}

fn rest_of_cell(raw: &[u8]) -> &[u8] {
    raw.split(|byte| b",\n".contains(byte)).next().unwrap_or_default()
}

/// As much of a cell as a message needs.
fn excerpt(cell: &[u8]) -> String {
    const CHARS: usize = 40;
    let start = String::from_utf8_lossy(&cell[..cell.len().min(4 * CHARS)]);
    let mut text: String = start.chars().take(CHARS).collect();
    if text.len() < cell.len() && text.len() < start.len() {
        text.push('…');
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Lines and cells, or line, cell and message of the first error.
    type Records = Result<Vec<(u64, Vec<String>)>, (u64, usize, String)>;

    /// With the smallest buffers, so that every record crosses one.
    fn read(file: &[u8]) -> Records {
        let mut reader = CsvReader::new(io::BufReader::with_capacity(1, file));
        let mut records = Vec::new();
        loop {
            match reader.advance() {
                Ok(true) => records.push((reader.line(), reader.cells().map(str::to_owned).collect())),
                Ok(false) => return Ok(records),
                Err(CsvError { line, cell, failure: CsvFailure::Fault(fault) }) => {
                    return Err((line, cell, fault.to_string()));
                }
                Err(error) => panic!("{error:?}"),
            }
        }
    }

    #[expect(clippy::unnecessary_wraps, reason = "what it is compared with is a result")]
    fn records(expected: &[(u64, &[&str])]) -> Records {
        Ok(expected.iter().map(|(line, cells)| (*line, cells.iter().map(|&c| c.to_owned()).collect())).collect())
    }

    #[test]
    fn cells_are_not_trimmed_and_may_be_empty() {
        assert_eq!(read(b" a ,b\n,\n, \n"), records(&[(1, &[" a ", "b"]), (2, &["", ""]), (3, &["", " "])]));
    }

    #[test]
    fn quoted_cells_hold_commas_line_breaks_and_doubled_quotes() {
        let file = b"\"a,b\",\"c\"\"d\"\r\n\"e\r\n\n\rf\",\"\"\n\"\"\"\",g\n";
        assert_eq!(read(file), records(&[(1, &["a,b", "c\"d"]), (2, &["e\r\n\n\rf", ""]), (5, &["\"", "g"])]));
    }

    #[test]
    fn a_byte_order_mark_and_blank_lines_are_dropped_and_counted() {
        let expected = records(&[(2, &["a", "b"]), (5, &["c", "d"])]);
        assert_eq!(read(b"\xef\xbb\xbf\r\na,b\n\n\r\nc,d\n\n"), expected);
        assert_eq!(read(b"\xef\xbb\xbf\"a\"\nb"), records(&[(1, &["a"]), (2, &["b"])]));
        assert_eq!(read(b"a\n\xef\xbb\xbfb\n"), records(&[(1, &["a"]), (2, &["\u{feff}b"])]));
    }

    #[test]
    fn a_line_with_a_space_or_empty_quotes_is_not_blank() {
        assert_eq!(read(b" \n\"\"\n"), records(&[(1, &[" "]), (2, &[""])]));
    }

    #[test]
    fn a_file_without_records_has_none() {
        for file in [&b""[..], b"\n", b"\r\n\n", b"\xef\xbb\xbf", b"\xef\xbb\xbf\n"] {
            assert_eq!(read(file), Ok(Vec::new()));
        }
    }

    #[test]
    fn the_last_line_needs_no_line_feed() {
        assert_eq!(read(b"a,b\n\"c\",\"d\""), records(&[(1, &["a", "b"]), (2, &["c", "d"])]));
        assert_eq!(read(b"a,"), records(&[(1, &["a", ""])]));
    }

    #[test]
    fn faults_name_the_line_of_the_record_and_the_cell() {
        let long = [&b"a\n\""[..], &[b'x'; 50]].concat();
        let long_message = format!("the quote before {:?} is never closed", "x".repeat(40) + "…");
        for (file, line, cell, message) in [
            (&b"a\nb\"c\"d,e\n"[..], 2, 0, r#""b\"c\"d" holds a quote but does not start with one"#),
            (b"a, \"b\"\n", 1, 1, r#"" \"b\"" holds a quote but does not start with one"#),
            (b"\"a\n\"b,c", 1, 0, r#""b" follows a closing quote"#),
            (b"x,\"a\" ,c", 1, 1, r#"" " follows a closing quote"#),
            (b"\n\"a\nb,c\n", 2, 0, r#"the quote before "a\nb,c\n" is never closed"#),
            (b"a,\"", 1, 1, r#"the quote before "" is never closed"#),
            (b"a,\"b\"\"", 1, 1, r#"the quote before "b\"" is never closed"#),
            (b"a\n\nb,c\rd,e\n", 3, 1, r#""c\rd" holds a carriage return without a line feed"#),
            (b"a\r", 1, 0, r#""a\r" holds a carriage return without a line feed"#),
            (b"\"a\"\rb", 1, 0, r#""a\rb" holds a carriage return without a line feed"#),
            (b"a\r\r\n", 1, 0, r#""a\r\r" holds a carriage return without a line feed"#),
            (b"a\nb,c\xc3,\xa9d\n", 2, 1, "byte 0xc3 is not UTF-8"),
            (b"\"b\",\"c\xc3\",\"\xa9d\"\n", 1, 1, "byte 0xc3 is not UTF-8"),
            (b"\xff\xfei\0", 1, 0, "byte 0xff is not UTF-8"),
            (&long, 2, 0, &long_message),
        ] {
            assert_eq!(read(file), Err((line, cell, message.to_owned())), "{:?}", String::from_utf8_lossy(file));
        }
    }

    #[test]
    fn zero_bytes_and_very_long_cells_are_cells() {
        let long = "x".repeat(1 << 20);
        assert_eq!(read(format!("\0,{long}\n").as_bytes()), records(&[(1, &["\0", &long])]));
        assert_eq!(read(format!("\"{long}\",\0\n").as_bytes()), records(&[(1, &[&long, "\0"])]));
    }
}
