//! Money as whole numbers.

use std::fmt;

use serde::{Deserialize, Serialize};

/// A whole number of the programme's smallest unit of money in use: rupiah, cents.
///
/// ```
/// use sebaya::Amount;
///
/// let balance = Amount(1_000_000);
/// assert_eq!(balance.checked_sub(Amount(250_000)), Some(Amount(750_000)));
/// assert_eq!(Amount(5).checked_sub(Amount(6)), None);
/// ```
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Amount(pub u64);

impl Amount {
    /// The largest price or balance that is accepted, 2^53 units: up to here an `f64` holds every whole number.
    ///
    /// ```
    /// assert_eq!(sebaya::Amount::MAX.0 as f64 as u64, 1 << 53);
    /// ```
    pub const MAX: Self = Self(1 << 53);

    /// The sum, or `None` where it does not fit.
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
