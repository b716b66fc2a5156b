//! How profiles are compared.

use std::str::FromStr;

use serde::{Deserialize, Serialize};

use super::SchemaError;

/// How two profiles are compared.
///
/// ```
/// use sebaya::{Distance, Schema};
///
/// let schema = Schema::new().categorical("branch").with_distance(Distance::Learned);
/// assert_eq!(schema.distance(), "learned".parse::<Distance>()?);
/// # Ok::<(), sebaya::SchemaError>(())
/// ```
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
#[non_exhaustive]
pub enum Distance {
    /// Gower's: the sum of the attributes' differences, each within 0..=1, times their weights.
    #[default]
    Gower,
    /// Learned from the purchases of the past participants: two values are near when participants who have them buy similar courses. An attribute that
    /// tells nothing about purchases drops out. It is a squared distance and no metric.
    Learned,
}

impl Distance {
    /// Its name in `schema.toml` and on a command line.
    ///
    /// ```
    /// assert_eq!(sebaya::Distance::Gower.name(), "gower");
    /// ```
    pub fn name(self) -> &'static str {
        match self {
            Self::Gower => "gower",
            Self::Learned => "learned",
        }
    }
}

impl FromStr for Distance {
    type Err = SchemaError;

    fn from_str(name: &str) -> Result<Self, SchemaError> {
        let kind = [Self::Gower, Self::Learned].into_iter().find(|kind| kind.name() == name);
        kind.ok_or_else(|| SchemaError::UnknownDistance { name: name.to_owned() })
    }
}
