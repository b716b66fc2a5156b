//! Values of the kind that their attribute takes.

use super::{Attribute, AttributeKind, ProfileError, Value};
use crate::store::{Echo, EchoList};

/// A value of the kind that its attribute takes, but not yet looked up among levels or names.
#[derive(Debug, Clone, Copy)]
pub(crate) enum TypedValue<'v> {
    Missing,
    Number(f64),
    Text(&'v str),
    Tags(TagList<'v>),
}

/// A value that is known, borrowed from where it is stored.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum ValueRef<'v> {
    Number(f64),
    Text(&'v str),
    Tags(Vec<&'v str>),
}

/// The tags of a value, in whatever form they came.
#[derive(Debug, Clone, Copy)]
pub(crate) enum TagList<'v> {
    Cell(&'v str),
    List(&'v [String]),
    Names(&'v [&'v str]),
}

impl<'v> TagList<'v> {
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
    pub(crate) fn read<'v>(&self, value: &'v Value) -> Result<TypedValue<'v>, ProfileError> {
        if value.is_missing() {
            return Ok(TypedValue::Missing);
        }
        match (self.kind(), value) {
            (AttributeKind::Numeric(_), Value::Number(x)) if x.is_finite() => Ok(TypedValue::Number(*x)),
            (AttributeKind::Numeric(_), Value::Number(x)) => Err(self.not_a_number(&x.to_string())),
            (AttributeKind::Numeric(_), Value::Text(text)) => Err(self.not_a_number(text)),
            (AttributeKind::Ordinal(_) | AttributeKind::Categorical, Value::Text(text)) => Ok(TypedValue::Text(text)),
            (AttributeKind::Tags, Value::Text(cell)) => Ok(TypedValue::Tags(TagList::Cell(cell))),
            (AttributeKind::Tags, Value::Tags(list)) => Ok(TypedValue::Tags(TagList::List(list))),
            (kind, value) => Err(ProfileError::WrongKind {
                attribute: self.name().to_owned(),
                value: match value {
                    Value::Missing => "nothing".to_owned(),
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
    pub(crate) fn read_cell<'v>(&self, cell: &'v str) -> Result<TypedValue<'v>, ProfileError> {
        if cell.is_empty() {
            return Ok(TypedValue::Missing);
        }
        match self.kind() {
            AttributeKind::Numeric(_) => {
                parse_number(cell).map(TypedValue::Number).ok_or_else(|| self.not_a_number(cell))
            }
            AttributeKind::Ordinal(_) | AttributeKind::Categorical => Ok(TypedValue::Text(cell)),
            AttributeKind::Tags if cell.bytes().all(|b| b == b'|') => Ok(TypedValue::Missing),
            AttributeKind::Tags => Ok(TypedValue::Tags(TagList::Cell(cell))),
        }
    }

    /// Refuses a level that an ordinal attribute does not have.
    pub(crate) fn check_level(&self, value: &str) -> Result<(), ProfileError> {
        match self.kind() {
            AttributeKind::Ordinal(levels) if !levels.iter().any(|level| level == value) => {
                Err(self.unknown_level(value))
            }
            _ => Ok(()),
        }
    }

    pub(crate) fn unknown_level(&self, value: &str) -> ProfileError {
        let levels = if let AttributeKind::Ordinal(levels) = self.kind() { levels.clone() } else { Vec::new() };
        ProfileError::UnknownLevel { attribute: self.name().to_owned(), value: value.to_owned(), levels }
    }

    fn not_a_number(&self, value: &str) -> ProfileError {
        ProfileError::NotANumber { attribute: self.name().to_owned(), value: value.to_owned() }
    }
}

/// A finite ASCII decimal. Rust also reads "inf" and "nan", which are words and not decimals.
#[cfg(any(test, feature = "csv"))]
pub(crate) fn parse_number(text: &str) -> Option<f64> {
    let decimal = text.bytes().all(|b| matches!(b, b'0'..=b'9' | b'+' | b'-' | b'.' | b'e' | b'E'));
    if decimal { text.parse().ok().filter(|x: &f64| x.is_finite()) } else { None }
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
}
