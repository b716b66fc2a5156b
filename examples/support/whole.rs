//! Numbers and dates of a command line. Whole numbers are read in two steps: their form by clap, their range later.

use anyhow::{Result, bail};
use sebaya::{DataError, Timestamp};

/// A whole number as it was written: its digits, and whether a minus stands before them.
#[derive(Debug, Clone)]
pub struct Whole {
    negative: bool,
    pub digits: String,
}

impl Whole {
    /// The number, or 2^64 - 1 for any that is larger: no limit of that size is ever reached.
    pub fn at_least_zero(&self, name: &str) -> Result<u64> {
        if self.negative && self.digits.bytes().any(|b| b != b'0') {
            bail!("{name}: -{} is less than 0", self.digits);
        }
        Ok(self.digits.parse().unwrap_or(u64::MAX))
    }
}

/// For clap: a text that is no number is wrong usage.
pub fn whole(text: &str) -> Result<Whole, String> {
    let digits = text.strip_prefix('-').unwrap_or(text);
    if digits.is_empty() || !digits.bytes().all(|b| b.is_ascii_digit()) {
        return Err(format!("{text:?} is not a whole number"));
    }
    Ok(Whole { negative: digits.len() < text.len(), digits: digits.to_owned() })
}

/// For clap: RFC 3339.
pub fn date(text: &str) -> Result<Timestamp, DataError> {
    text.parse()
}
