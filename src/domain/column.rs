//! The values of one attribute for all participants, in one array.

use super::codes::Codes;
use super::span::span;
use super::{Attribute, AttributeKind, DataError, IdTable, Profile, ProfileError, Value};
use crate::echo::{Echo, EchoList};

/// A value as an attribute reads it: of the right kind, but not yet looked up among levels or names.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Reading<'v> {
    Missing,
    Number(f64),
    Text(&'v str),
    Tags(Tags<'v>),
}

/// A value where it lies.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum ValueRef<'v> {
    Number(f64),
    Text(&'v str),
    Tags(Vec<&'v str>),
}

#[derive(Debug, Clone, Copy)]
pub(crate) enum Tags<'v> {
    Cell(&'v str),
    List(&'v [String]),
    Names(&'v [&'v str]),
}

impl<'v> Tags<'v> {
    /// Calls `take` with every tag that is not empty; repeated ones come repeatedly.
    pub(crate) fn for_each(self, mut take: impl FnMut(&'v str)) {
        match self {
            Self::Cell(cell) => cell.split('|').filter(|t| !t.is_empty()).for_each(take),
            Self::Names(list) => list.iter().filter(|t| !t.is_empty()).for_each(|t| take(t)),
            Self::List(list) => list.iter().filter(|t| !t.is_empty()).for_each(|t| take(t)),
        }
    }
}

impl Attribute {
    /// Reads a caller's value.
    pub(crate) fn read<'v>(&self, value: &'v Value) -> Result<Reading<'v>, ProfileError> {
        if value.is_missing() {
            return Ok(Reading::Missing);
        }
        match (&self.kind, value) {
            (AttributeKind::Numeric(_), Value::Number(x)) if x.is_finite() => Ok(Reading::Number(*x)),
            (AttributeKind::Numeric(_), Value::Number(x)) => Err(self.not_a_number(&x.to_string())),
            (AttributeKind::Numeric(_), Value::Text(text)) => Err(self.not_a_number(text)),
            (AttributeKind::Ordinal(_) | AttributeKind::Categorical, Value::Text(text)) => Ok(Reading::Text(text)),
            (AttributeKind::Tags, Value::Text(cell)) => Ok(Reading::Tags(Tags::Cell(cell))),
            (AttributeKind::Tags, Value::Tags(list)) => Ok(Reading::Tags(Tags::List(list))),
            (kind, value) => Err(ProfileError::WrongKind {
                attribute: self.name.clone(),
                value: match value {
                    Value::Number(x) => x.to_string(),
                    Value::Text(text) => Echo(text).to_string(),
                    Value::Tags(tags) => EchoList(tags).to_string(),
                },
                expected: match kind {
                    AttributeKind::Numeric(_) => "a number",
                    AttributeKind::Ordinal(_) | AttributeKind::Categorical => "a string",
                    AttributeKind::Tags => "a list of strings",
                },
            }),
        }
    }

    /// Reads a cell of a file.
    #[cfg(any(test, feature = "csv"))]
    pub(crate) fn read_cell<'v>(&self, cell: &'v str) -> Result<Reading<'v>, ProfileError> {
        if cell.is_empty() {
            return Ok(Reading::Missing);
        }
        match self.kind {
            AttributeKind::Numeric(_) => parse_number(cell).map(Reading::Number).ok_or_else(|| self.not_a_number(cell)),
            AttributeKind::Ordinal(_) | AttributeKind::Categorical => Ok(Reading::Text(cell)),
            AttributeKind::Tags if cell.bytes().all(|b| b == b'|') => Ok(Reading::Missing),
            AttributeKind::Tags => Ok(Reading::Tags(Tags::Cell(cell))),
        }
    }

    /// Refuses a level that an ordinal attribute does not have.
    pub(super) fn check_level(&self, value: &str) -> Result<(), ProfileError> {
        match &self.kind {
            AttributeKind::Ordinal(levels) if !levels.iter().any(|level| level == value) => {
                Err(self.unknown_level(value))
            }
            _ => Ok(()),
        }
    }

    pub(crate) fn unknown_level(&self, value: &str) -> ProfileError {
        let levels = if let AttributeKind::Ordinal(levels) = &self.kind { levels.clone() } else { Vec::new() };
        ProfileError::UnknownLevel { attribute: self.name.clone(), value: value.to_owned(), levels }
    }

    fn not_a_number(&self, value: &str) -> ProfileError {
        ProfileError::NotANumber { attribute: self.name.clone(), value: value.to_owned() }
    }
}

/// A finite ASCII decimal. Rust also reads "inf" and "nan", which are words and not decimals.
#[cfg(any(test, feature = "csv"))]
pub(crate) fn parse_number(text: &str) -> Option<f64> {
    let decimal = text.bytes().all(|b| matches!(b, b'0'..=b'9' | b'+' | b'-' | b'.' | b'e' | b'E'));
    if decimal { text.parse().ok().filter(|x: &f64| x.is_finite()) } else { None }
}

/// One attribute of all participants. Codes are numbers of levels or names plus one; 0 is a missing value.
#[derive(Debug, Clone)]
pub(crate) enum Column {
    /// Not a number where missing.
    Numeric(Vec<f64>),
    Ordinal {
        levels: IdTable,
        codes: Codes,
    },
    Categorical {
        names: IdTable,
        codes: Codes,
    },
    Tags(TagColumn),
}

/// Rows of tags: row `i` holds `codes[ends[i - 1]..ends[i]]`, numbers of names, ascending and distinct.
#[derive(Debug, Clone, Default)]
pub(crate) struct TagColumn {
    pub(crate) names: IdTable,
    ends: Vec<u32>,
    codes: Vec<u32>,
}

impl TagColumn {
    pub(crate) fn row(&self, row: usize) -> &[u32] {
        &self.codes[span(&self.ends, row)]
    }

    pub(crate) fn len(&self) -> usize {
        self.ends.len()
    }

    fn push(&mut self, tags: Option<Tags<'_>>) -> Result<(), DataError> {
        let start = self.codes.len();
        let mut failed = None;
        if let Some(tags) = tags {
            tags.for_each(|tag| match self.names.insert(tag) {
                Ok((code, _)) => self.codes.push(code),
                Err(error) => failed = Some(error),
            });
        }
        self.codes[start..].sort_unstable();
        let mut kept = start;
        for i in start..self.codes.len() {
            if kept == start || self.codes[kept - 1] != self.codes[i] {
                self.codes[kept] = self.codes[i];
                kept += 1;
            }
        }
        self.codes.truncate(kept);
        match (failed, u32::try_from(kept)) {
            (None, Ok(end)) => self.ends.push(end),
            (Some(error), _) => return Err(error),
            (None, Err(_)) => return Err(DataError::TooManyNames),
        }
        Ok(())
    }
}

impl Column {
    pub(crate) fn new(kind: &AttributeKind) -> Result<Self, DataError> {
        Ok(match kind {
            AttributeKind::Numeric(_) => Self::Numeric(Vec::new()),
            AttributeKind::Ordinal(levels) => {
                let mut table = IdTable::default();
                for level in levels {
                    table.insert(level)?;
                }
                Self::Ordinal { levels: table, codes: Codes::default() }
            }
            AttributeKind::Categorical => Self::Categorical { names: IdTable::default(), codes: Codes::default() },
            AttributeKind::Tags => Self::Tags(TagColumn::default()),
        })
    }

    /// Appends a value. After an error, [`Column::truncate`] takes back what may have been added.
    pub(crate) fn push(&mut self, attribute: &Attribute, value: Reading<'_>) -> Result<(), PushError> {
        match (self, value) {
            (Self::Numeric(values), Reading::Number(x)) => values.push(x),
            (Self::Numeric(values), _) => values.push(f64::NAN),
            (Self::Ordinal { levels, codes }, Reading::Text(level)) => {
                let rank = levels.get(level).ok_or_else(|| attribute.unknown_level(level))?;
                codes.push(rank + 1);
            }
            (Self::Categorical { names, codes }, Reading::Text(name)) => codes.push(names.insert(name)?.0 + 1),
            (Self::Ordinal { codes, .. } | Self::Categorical { codes, .. }, _) => codes.push(0),
            (Self::Tags(column), Reading::Tags(tags)) => column.push(Some(tags))?,
            (Self::Tags(column), _) => column.push(None)?,
        }
        Ok(())
    }

    pub(crate) fn truncate(&mut self, rows: usize) {
        match self {
            Self::Numeric(values) => values.truncate(rows),
            Self::Ordinal { codes, .. } | Self::Categorical { codes, .. } => codes.truncate(rows),
            Self::Tags(column) => {
                column.ends.truncate(rows);
                let end = column.ends.last().map_or(0, |&end| end as usize);
                column.codes.truncate(end);
            }
        }
    }

    pub(crate) fn shrink_to_fit(&mut self) {
        match self {
            Self::Numeric(values) => values.shrink_to_fit(),
            Self::Ordinal { codes, .. } => codes.shrink_to_fit(),
            Self::Categorical { names, codes } => {
                names.shrink_to_fit();
                codes.shrink_to_fit();
            }
            Self::Tags(column) => {
                column.names.shrink_to_fit();
                column.ends.shrink_to_fit();
                column.codes.shrink_to_fit();
            }
        }
    }

    /// The value of a row; ordinals and categories are texts.
    pub(crate) fn value(&self, row: usize) -> Option<ValueRef<'_>> {
        match self {
            Self::Numeric(values) => Some(values[row]).filter(|x| !x.is_nan()).map(ValueRef::Number),
            Self::Ordinal { levels: names, codes } | Self::Categorical { names, codes } => {
                codes.get(row).checked_sub(1).map(|name| ValueRef::Text(names.name(name)))
            }
            Self::Tags(column) => {
                let tags: Vec<&str> = column.row(row).iter().map(|&c| column.names.name(c)).collect();
                if tags.is_empty() { None } else { Some(ValueRef::Tags(tags)) }
            }
        }
    }

    /// Writes the value of a row into a profile.
    pub(crate) fn write_to(&self, row: usize, attribute: &Attribute, profile: &mut Profile) {
        match self {
            Self::Numeric(values) if !values[row].is_nan() => profile.set(attribute.name(), values[row]),
            Self::Ordinal { levels: names, codes } | Self::Categorical { names, codes } if codes.get(row) > 0 => {
                profile.set(attribute.name(), names.name(codes.get(row) - 1));
            }
            Self::Tags(column) if !column.row(row).is_empty() => {
                let mut tags: Vec<&str> = column.row(row).iter().map(|&c| column.names.name(c)).collect();
                tags.sort_unstable();
                profile.set(attribute.name(), tags);
            }
            Self::Numeric(_) | Self::Ordinal { .. } | Self::Categorical { .. } | Self::Tags(_) => {}
        }
    }
}

/// Why a value was not appended.
#[derive(Debug)]
pub(crate) enum PushError {
    Profile(ProfileError),
    Data(DataError),
}

impl From<ProfileError> for PushError {
    fn from(error: ProfileError) -> Self {
        Self::Profile(error)
    }
}

impl From<DataError> for PushError {
    fn from(error: DataError) -> Self {
        Self::Data(error)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_ascii_decimals() {
        for (text, number) in [("-3", -3.0), ("2.5", 2.5), ("1e6", 1e6), ("0", 0.0), ("1E-2", 0.01)] {
            assert_eq!(parse_number(text).map(f64::to_bits), Some(f64::to_bits(number)), "{text}");
        }
        for text in ["", "abc", "nan", "inf", "-inf", "1e999", " 1", "1 ", "1,5", "1_000", "0x10", "١", "--1", "1e"] {
            assert_eq!(parse_number(text), None, "{text}");
        }
    }

    #[test]
    fn tags_lose_empty_and_repeated_ones_and_truncation_takes_rows_back() {
        let attribute = Attribute::tags("interests");
        let mut column = Column::new(attribute.kind()).unwrap();
        for cell in ["b|a||b", "", "||", "c"] {
            column.push(&attribute, attribute.read_cell(cell).unwrap()).unwrap();
        }
        column.truncate(3);
        let Column::Tags(tags) = &column else { panic!("not tags") };
        assert_eq!((0..3).map(|r| tags.row(r).to_vec()).collect::<Vec<_>>(), [vec![0, 1], vec![], vec![]]);
        let mut profile = Profile::new();
        column.write_to(0, &attribute, &mut profile);
        assert_eq!(profile, Profile::new().with("interests", ["a", "b"]));
    }
}
