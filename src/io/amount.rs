//! Money as it stands in a file or on a command line.

use thiserror::Error;

use crate::Amount;
use crate::echo::Echo;

/// Reads a price or a balance: ASCII digits only, at most [`Amount::MAX`].
///
/// # Errors
///
/// * [`AmountError::NotWhole`] when there is anything but digits, or nothing;
/// * [`AmountError::TooLarge`] when the number exceeds [`Amount::MAX`].
///
/// ```
/// use sebaya::Amount;
/// use sebaya::io::{AmountError, parse_amount};
///
/// assert_eq!(parse_amount("300000"), Ok(Amount(300_000)));
/// assert_eq!(parse_amount("-1").unwrap_err().to_string(), r#""-1" is not a whole number in digits only"#);
/// assert!(matches!(parse_amount("9007199254740993"), Err(AmountError::TooLarge { .. })));
/// ```
pub fn parse_amount(text: &str) -> Result<Amount, AmountError> {
    if text.is_empty() || !text.bytes().all(|b| b.is_ascii_digit()) {
        return Err(AmountError::NotWhole { text: text.to_owned() });
    }
    // Only digits are left, so what does not parse is beyond u64.
    let amount = text.parse().ok().map(Amount).filter(|&amount| amount <= Amount::MAX);
    amount.ok_or_else(|| AmountError::TooLarge { text: text.to_owned() })
}

/// Why a text is no amount.
///
/// ```
/// let error = sebaya::io::parse_amount("2.5").unwrap_err();
/// assert_eq!(error, sebaya::io::AmountError::NotWhole { text: "2.5".to_owned() });
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum AmountError {
    /// It has something else than digits, or nothing.
    #[error("{} is not a whole number in digits only", Echo(text))]
    NotWhole {
        /// What was given.
        text: String,
    },
    /// It exceeds [`Amount::MAX`].
    #[error("{} is larger than {}", Echo(text), Amount::MAX)]
    TooLarge {
        /// What was given.
        text: String,
    },
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_to_the_53_is_the_largest_amount() {
        assert_eq!(parse_amount("9007199254740992"), Ok(Amount::MAX));
        for text in ["9007199254740993", "18446744073709551616", "99999999999999999999999999"] {
            assert_eq!(parse_amount(text), Err(AmountError::TooLarge { text: text.to_owned() }));
        }
    }

    #[test]
    fn only_ascii_digits_are_an_amount() {
        for (text, number) in [("0", 0), ("007", 7), ("000000000000000000000000000001", 1)] {
            assert_eq!(parse_amount(text), Ok(Amount(number)));
        }
        for text in ["", " 1", "1 ", "+1", "-0", "1e3", "1.0", "1_000", "1.000", "Rp5", "١", "nan"] {
            assert_eq!(parse_amount(text), Err(AmountError::NotWhole { text: text.to_owned() }));
        }
    }
}
