//! When something was bought.

use std::fmt;
use std::str::FromStr;

use jiff::SignedDuration;
use jiff::civil::DateTime;
use serde::{Deserialize, Serialize};

use super::DataError;

/// A moment in whole seconds since 1970-01-01T00:00:00Z.
///
/// Reads RFC 3339 dates, which mean midnight UTC, and date-times; fractions of a second are dropped.
///
/// ```
/// use sebaya::Timestamp;
///
/// let date: Timestamp = "2024-02-29".parse()?;
/// assert_eq!(date, "2024-02-29T07:00:00+07:00".parse()?);
/// assert!("2023-02-29".parse::<Timestamp>().is_err());
/// # Ok::<(), sebaya::DataError>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Timestamp(pub i64);

impl FromStr for Timestamp {
    type Err = DataError;

    fn from_str(text: &str) -> Result<Self, DataError> {
        parse(text).map(Self).ok_or_else(|| DataError::BadTimestamp { text: text.to_owned() })
    }
}

/// RFC 3339, in UTC.
impl fmt::Display for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match EPOCH.checked_add(SignedDuration::from_secs(self.0)) {
            Ok(moment) => write!(f, "{moment}Z"),
            Err(_) => write!(f, "{} s since 1970", self.0),
        }
    }
}

const EPOCH: DateTime = DateTime::constant(1970, 1, 1, 0, 0, 0, 0);

/// jiff reads more forms than RFC 3339 has (weeks, no hyphens, no offset), so the form is checked first.
fn parse(text: &str) -> Option<i64> {
    let shape: String = text.chars().map(|c| if c.is_ascii_digit() { '0' } else { c.to_ascii_uppercase() }).collect();
    let rest = shape.strip_prefix("0000-00-00")?;
    if rest.is_empty() {
        return seconds(&format!("{text}T00:00:00"));
    }
    let rest = rest.strip_prefix('T').or_else(|| rest.strip_prefix(' '))?.strip_prefix("00:00:00")?;
    let offset = match rest.strip_prefix('.') {
        Some(fraction) if fraction.starts_with('0') => fraction.trim_start_matches('0'),
        Some(_) => return None,
        None => rest,
    };
    if !matches!(offset, "Z" | "+00:00" | "-00:00") {
        return None;
    }
    let local = seconds(&text[.."0000-00-00T00:00:00".len()])?;
    match text[text.len() - offset.len()..].split_at(1) {
        (sign, offset) if !offset.is_empty() => {
            let (hours, minutes) = (offset[..2].parse::<i64>().ok()?, offset[3..].parse::<i64>().ok()?);
            let ahead = (hours < 24 && minutes < 60).then_some(3600 * hours + 60 * minutes)?;
            Some(if sign == "-" { local + ahead } else { local - ahead })
        }
        _ => Some(local),
    }
}

/// Of a date and a time of day, as if they were in UTC. jiff's `Timestamp` ends a day early, so that any offset fits.
fn seconds(date_time: &str) -> Option<i64> {
    Some(date_time.parse::<DateTime>().ok()?.duration_since(EPOCH).as_secs())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_and_date_times_are_read() {
        for (text, seconds) in [
            ("1970-01-01", 0),
            ("1970-01-02", 86_400),
            ("1970-01-01T00:00:01Z", 1),
            ("1970-01-01t07:00:01+07:00", 1),
            ("1970-01-01 00:00:01.999999999999z", 1),
            ("1969-12-31T23:59:59.5Z", -1),
            ("9999-12-31", 2_932_896 * 86_400),
            ("9999-12-31T23:59:59Z", 2_932_897 * 86_400 - 1),
            ("9999-12-31T23:59:59-23:59", 2_932_897 * 86_400 - 1 + 86_340),
            ("0000-01-01", -719_528 * 86_400),
        ] {
            assert_eq!(text.parse::<Timestamp>().ok(), Some(Timestamp(seconds)), "{text}");
        }
    }

    #[test]
    fn every_second_of_the_years_0_to_9999_is_written_as_it_is_read() {
        for text in ["0000-01-01T00:00:00Z", "1969-12-31T23:59:59Z", "9999-12-31T00:00:00Z", "9999-12-31T23:59:59Z"] {
            assert_eq!(text.parse::<Timestamp>().map(|at| at.to_string()).as_deref(), Ok(text));
        }
        for beyond in [i64::MIN, i64::MAX] {
            assert_eq!(Timestamp(beyond).to_string(), format!("{beyond} s since 1970"));
        }
    }

    #[test]
    fn other_forms_are_refused() {
        for text in [
            "",
            "yesterday",
            "20240115",
            "2024-1-15",
            "2024-13-01",
            "2024-02-30",
            "15/01/2024",
            "2024-01-15T10:00:00",
            "2024-01-15T10:00Z",
            "2024-01-15T25:00:00Z",
            "2024-01-15T10:00:00.Z",
            "2024-01-15T10:00:00+0700",
            "2024-01-15T10:00:00+24:00",
            "2024-01-15T10:00:00-07:60",
            "2024-01-15T10:00:00Z[UTC]",
            " 2024-01-15",
            "٢٠٢٤-٠١-١٥",
        ] {
            assert!(text.parse::<Timestamp>().is_err(), "{text}");
        }
    }
}
