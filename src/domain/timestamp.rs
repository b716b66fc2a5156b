//! When something was bought.

use std::borrow::Cow;
use std::fmt;
use std::str::FromStr;

use jiff::SignedDuration;
use jiff::civil::DateTime;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::DataError;

/// A moment in UTC, to the second, within the years 0 to 9999.
///
/// It is read and written as RFC 3339, by serde too. A date alone means its midnight in UTC, and fractions of a second are
/// dropped. Every timestamp has such a form, and reads back from it as the same moment.
///
/// ```
/// use sebaya::Timestamp;
///
/// let leap_day: Timestamp = "2024-02-29".parse()?;
/// assert_eq!(leap_day, "2024-02-29T07:00:00+07:00".parse()?);
/// assert_eq!(leap_day.to_string(), "2024-02-29T00:00:00Z");
/// assert_eq!(leap_day.as_seconds(), 1_709_164_800);
/// assert!("2023-02-29".parse::<Timestamp>().is_err());
/// # Ok::<(), sebaya::DataError>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Timestamp(pub(crate) i64);

impl Timestamp {
    /// The first second of the year 0.
    ///
    /// ```
    /// assert_eq!(sebaya::Timestamp::MIN.to_string(), "0000-01-01T00:00:00Z");
    /// ```
    pub const MIN: Self = Self(-62_167_219_200);

    /// The last second of the year 9999.
    ///
    /// ```
    /// assert_eq!(sebaya::Timestamp::MAX.to_string(), "9999-12-31T23:59:59Z");
    /// ```
    pub const MAX: Self = Self(253_402_300_799);

    /// The moment so many seconds after 1970-01-01T00:00:00Z, or before it where they are negative.
    ///
    /// # Errors
    ///
    /// [`DataError::TimestampOutOfRange`] when it lies outside the years 0 to 9999.
    ///
    /// ```
    /// use sebaya::Timestamp;
    ///
    /// assert_eq!(Timestamp::from_seconds(86_400)?, "1970-01-02".parse()?);
    /// assert!(Timestamp::from_seconds(i64::MAX).is_err());
    /// # Ok::<(), sebaya::DataError>(())
    /// ```
    pub fn from_seconds(seconds: i64) -> Result<Self, DataError> {
        let out_of_range = || DataError::TimestampOutOfRange { text: format!("{seconds} seconds after 1970") };
        Self::checked(seconds).ok_or_else(out_of_range)
    }

    /// How many seconds after 1970-01-01T00:00:00Z it is; negative before.
    pub fn as_seconds(self) -> i64 {
        self.0
    }

    fn checked(seconds: i64) -> Option<Self> {
        Some(Self(seconds)).filter(|at| (Self::MIN..=Self::MAX).contains(at))
    }
}

impl FromStr for Timestamp {
    type Err = DataError;

    fn from_str(text: &str) -> Result<Self, DataError> {
        let seconds = parse(text).ok_or_else(|| DataError::BadTimestamp { text: text.to_owned() })?;
        // An offset can lead out of the years that RFC 3339 has.
        Self::checked(seconds).ok_or_else(|| DataError::TimestampOutOfRange { text: text.to_owned() })
    }
}

/// RFC 3339, in UTC.
impl fmt::Display for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let moment = EPOCH.saturating_add(SignedDuration::from_secs(self.0));
        f.pad(&format!("{moment}Z"))
    }
}

impl Serialize for Timestamp {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Timestamp {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Cow::<str>::deserialize(deserializer)?.parse().map_err(serde::de::Error::custom)
    }
}

const EPOCH: DateTime = DateTime::constant(1970, 1, 1, 0, 0, 0, 0);

/// jiff reads more forms than RFC 3339 has (weeks, no hyphens, no offset), so the form is checked first. Its civil date-times
/// reach to the end of the year 9999; its timestamps end a day earlier, so that any offset fits.
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
    let local = seconds(&text[.."0000-00-00T00:00:00".len()])?;
    let (sign, hours, minutes) = match offset {
        "Z" => return Some(local),
        "+00:00" | "-00:00" => {
            let offset = &text[text.len() - offset.len()..];
            (&offset[..1], offset[1..3].parse::<i64>().ok()?, offset[4..].parse::<i64>().ok()?)
        }
        _ => return None,
    };
    let ahead = (hours < 24 && minutes < 60).then_some(3600 * hours + 60 * minutes)?;
    Some(if sign == "-" { local + ahead } else { local - ahead })
}

/// The seconds since 1970 of a date and a time of day in UTC.
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
            ("1969-12-31T20:30:01-03:30", 1),
            ("1970-01-01 00:00:01.999999999999z", 1),
            ("1969-12-31T23:59:59.5Z", -1),
            // 719,528 days before 1970 and 2,932,896 after: 146,097 days are 400 years.
            ("0000-01-01", -719_528 * 86_400),
            ("9999-12-31", 2_932_896 * 86_400),
            ("9999-12-31T23:59:59Z", 2_932_897 * 86_400 - 1),
        ] {
            assert_eq!(text.parse::<Timestamp>().ok(), Some(Timestamp(seconds)), "{text}");
        }
    }

    #[test]
    fn every_moment_of_the_range_reads_back_from_its_text() {
        let (Timestamp(first), Timestamp(last)) = (Timestamp::MIN, Timestamp::MAX);
        // A step that is no whole number of days meets every time of day.
        let moments = (first..=last).step_by(12_345_677).chain([first, -1, 0, last - 1, last]);
        for seconds in moments {
            let at = Timestamp::from_seconds(seconds).unwrap();
            assert_eq!(at.to_string().parse(), Ok(at));
            assert_eq!(serde_json::from_str::<Timestamp>(&format!("\"{at}\"")).unwrap(), at);
        }
        for seconds in [i64::MIN, first - 1, last + 1, i64::MAX] {
            assert!(matches!(Timestamp::from_seconds(seconds), Err(DataError::TimestampOutOfRange { .. })));
        }
    }

    #[test]
    fn an_offset_that_leads_out_of_the_range_is_refused() {
        for text in ["0000-01-01T00:00:00+00:01", "9999-12-31T23:59:59-00:01"] {
            let error = text.parse::<Timestamp>().unwrap_err();
            assert_eq!(error, DataError::TimestampOutOfRange { text: text.to_owned() });
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
