//! Money as whole numbers.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use thiserror::Error;

use crate::store::Echo;

/// An amount of money, as a whole number of the smallest unit that the programme uses: rupiah, or cents.
///
/// ```
/// use sebaya::Amount;
///
/// let balance = Amount(1_000_000);
/// assert_eq!(balance.checked_sub(Amount(250_000)), Some(Amount(750_000)));
/// assert_eq!(Amount(5).checked_sub(Amount(6)), None);
/// ```
///
/// Every unsigned integer converts into an amount. The conversion of signed integers and of text can fail. Text must be ASCII digits only, without sign, spaces or separators.
///
/// ```
/// use sebaya::{Amount, AmountError};
///
/// assert_eq!(Amount::from(300_000_u32), Amount(300_000));
/// assert_eq!(Amount::try_from(-1_i64), Err(AmountError::Negative { number: -1 }));
/// assert_eq!("300000".parse(), Ok(Amount(300_000)));
/// assert!("300.000".parse::<Amount>().is_err());
/// ```
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Amount(pub u64);

impl Amount {
    /// The largest price or balance that is accepted, 2^53 units: an `f64` holds every whole number up to here. A larger
    /// price or balance is an error where it is used.
    ///
    /// ```
    /// assert_eq!(sebaya::Amount::MAX.0 as f64 as u64, 1 << 53);
    /// ```
    pub const MAX: Self = Self(1 << 53);

    /// The sum, or `None` where it exceeds `u64`.
    ///
    /// ```
    /// use sebaya::Amount;
    /// assert_eq!(Amount(1).checked_add(Amount(2)), Some(Amount(3)));
    /// ```
    pub fn checked_add(self, other: Self) -> Option<Self> {
        self.0.checked_add(other.0).map(Self)
    }

    /// The difference, or `None` where it would be negative.
    ///
    /// ```
    /// use sebaya::Amount;
    /// assert_eq!(Amount(3).checked_sub(Amount(2)), Some(Amount(1)));
    /// ```
    pub fn checked_sub(self, other: Self) -> Option<Self> {
        self.0.checked_sub(other.0).map(Self)
    }

    /// The product, or `None` where it exceeds `u64`.
    ///
    /// ```
    /// use sebaya::Amount;
    /// assert_eq!(Amount(250_000).checked_mul(3), Some(Amount(750_000)));
    /// ```
    pub fn checked_mul(self, times: u64) -> Option<Self> {
        self.0.checked_mul(times).map(Self)
    }
}

macro_rules! amount_from_unsigned {
    ($($number:ty),*) => {
        $(impl From<$number> for Amount {
            fn from(number: $number) -> Self {
                Self(number.into())
            }
        })*
    };
}

amount_from_unsigned!(u8, u16, u32, u64);

macro_rules! amount_from_signed {
    ($($number:ty),*) => {
        $(impl TryFrom<$number> for Amount {
            type Error = AmountError;

            fn try_from(number: $number) -> Result<Self, AmountError> {
                let amount = u64::try_from(number).map_err(|_| AmountError::Negative { number: number.into() })?;
                let too_large = || AmountError::TooLarge { text: number.to_string() };
                Some(Self(amount)).filter(|&amount| amount <= Self::MAX).ok_or_else(too_large)
            }
        })*
    };
}

amount_from_signed!(i8, i16, i32, i64);

impl FromStr for Amount {
    type Err = AmountError;

    fn from_str(text: &str) -> Result<Self, AmountError> {
        if text.is_empty() || !text.bytes().all(|b| b.is_ascii_digit()) {
            return Err(AmountError::NotWhole { text: text.to_owned() });
        }
        // Only digits are left, so what does not parse is beyond u64.
        let amount = text.parse().ok().map(Self).filter(|&amount| amount <= Self::MAX);
        amount.ok_or_else(|| AmountError::TooLarge { text: text.to_owned() })
    }
}

/// Why a text or a number is no amount.
///
/// ```
/// use sebaya::{Amount, AmountError};
///
/// let error = "2.5".parse::<Amount>().unwrap_err();
/// assert_eq!(error, AmountError::NotWhole { text: "2.5".to_owned() });
/// assert_eq!(error.to_string(), r#""2.5" is not a whole number in digits only"#);
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum AmountError {
    /// The text is empty, or holds anything but digits.
    #[error("{} is not a whole number in digits only", Echo(text))]
    NotWhole {
        /// What was given.
        text: String,
    },
    /// The number exceeds [`Amount::MAX`].
    #[error("{} is larger than {}", Echo(text), Amount::MAX)]
    TooLarge {
        /// What was given.
        text: String,
    },
    /// The number is below 0.
    #[error("{number} is below 0")]
    Negative {
        /// What was given.
        number: i64,
    },
}

/// The bare number, without separators; [`Currency::format`] writes it for people.
impl fmt::Display for Amount {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.0, f)
    }
}

/// How amounts are written for people.
///
/// `IDR`, `USD`, `EUR`, `GBP`, `SGD`, `MYR` and `PHP` are written with their sign, separators and decimals. Any other
/// code is written before the whole number of units; `XXX`, the default, is ISO 4217 for "no currency" and adds nothing.
///
/// ```
/// use sebaya::{Amount, Currency};
///
/// assert_eq!(Currency::new("IDR").format(Amount(300_000)), "Rp300.000");
/// assert_eq!(Currency::new("USD").format(Amount(1_234_567)), "$12,345.67");
/// assert_eq!(Currency::new("points").format(Amount(1_500)), "points 1,500");
/// assert_eq!(Currency::default().format(Amount(1_500)), "1,500");
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Currency(String);

/// Sign, thousands separator, decimal separator, decimals.
type Style = (&'static str, char, char, u32);

impl Currency {
    /// A currency by its ISO 4217 code, or any other name.
    ///
    /// ```
    /// assert_eq!(sebaya::Currency::new("GBP").code(), "GBP");
    /// ```
    pub fn new(code: impl Into<String>) -> Self {
        Self(code.into())
    }

    /// The code it was made from.
    ///
    /// ```
    /// assert_eq!(sebaya::Currency::default().code(), "XXX");
    /// ```
    pub fn code(&self) -> &str {
        &self.0
    }

    /// Writes an amount for people: `Rp300.000`.
    ///
    /// ```
    /// use sebaya::{Amount, Currency};
    /// assert_eq!(Currency::new("EUR").format(Amount(5)), "€0.05");
    /// ```
    pub fn format(&self, amount: Amount) -> String {
        let (sign, thousands, point, decimals) = self.style();
        let unit = 10_u64.pow(decimals);
        let mut text = group_thousands(amount.0 / unit, thousands);
        if decimals > 0 {
            text = format!("{text}{point}{:0width$}", amount.0 % unit, width = decimals as usize);
        }
        match sign {
            Some(sign) => format!("{sign}{text}"),
            None => format!("{} {text}", self.0),
        }
    }

    fn style(&self) -> (Option<&'static str>, char, char, u32) {
        let (sign, thousands, point, decimals): Style = match self.0.as_str() {
            "IDR" => ("Rp", '.', ',', 0),
            "USD" => ("$", ',', '.', 2),
            "EUR" => ("€", ',', '.', 2),
            "GBP" => ("£", ',', '.', 2),
            "SGD" => ("S$", ',', '.', 2),
            "MYR" => ("RM", ',', '.', 2),
            "PHP" => ("₱", ',', '.', 2),
            "XXX" => ("", ',', '.', 0),
            _ => return (None, ',', '.', 0),
        };
        (Some(sign), thousands, point, decimals)
    }
}

/// No currency: `XXX`.
impl Default for Currency {
    fn default() -> Self {
        Self::new("XXX")
    }
}

fn group_thousands(number: u64, separator: char) -> String {
    let digits = number.to_string();
    let mut text = String::with_capacity(digits.len() + digits.len() / 3);
    for (i, digit) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) {
            text.push(separator);
        }
        text.push(digit);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_to_the_53_is_the_largest_amount_of_a_text_or_a_signed_number() {
        assert_eq!("9007199254740992".parse(), Ok(Amount::MAX));
        assert_eq!(Amount::try_from(9_007_199_254_740_992_i64), Ok(Amount::MAX));
        for text in ["9007199254740993", "18446744073709551616", "99999999999999999999999999"] {
            assert_eq!(text.parse::<Amount>(), Err(AmountError::TooLarge { text: text.to_owned() }));
        }
        assert!(matches!(Amount::try_from(9_007_199_254_740_993_i64), Err(AmountError::TooLarge { .. })));
    }

    #[test]
    fn only_ascii_digits_are_an_amount() {
        for (text, number) in [("0", 0), ("007", 7), ("000000000000000000000000000001", 1)] {
            assert_eq!(text.parse(), Ok(Amount(number)));
        }
        for text in ["", " 1", "1 ", "+1", "-0", "1e3", "1.0", "1_000", "1.000", "Rp5", "١", "nan"] {
            assert_eq!(text.parse::<Amount>(), Err(AmountError::NotWhole { text: text.to_owned() }));
        }
    }

    #[test]
    fn thousands_are_separated_from_the_right() {
        let rupiah = Currency::new("IDR");
        let texts = [0, 7, 999, 1_000, 24_137, 3_500_000].map(|n| rupiah.format(Amount(n)));
        assert_eq!(texts, ["Rp0", "Rp7", "Rp999", "Rp1.000", "Rp24.137", "Rp3.500.000"]);
    }

    #[test]
    fn the_largest_number_is_formatted() {
        assert_eq!(Currency::new("USD").format(Amount(u64::MAX)), "$184,467,440,737,095,516.15");
    }
}
