//! Which attributes make a profile.

use std::collections::HashSet;

use serde::{Deserialize, Serialize};
use thiserror::Error;

use super::schema_serde::RawSchema;
use super::weight_units::{HALF_UNITS, half_weight};
use super::{Attribute, Currency, Distance};
use crate::store::Echo;

/// The attributes of a programme's participants, in order, and its currency.
///
/// The builder methods accept anything. [`Schema::check`] checks the schema as a whole, and so does everything that takes a
/// schema.
///
/// ```
/// use sebaya::{Attribute, Schema};
///
/// let schema = Schema::new()
///     .with_currency("IDR")
///     .attribute(Attribute::numeric("age").with_range(18.0, 64.0).with_weight(2.0))
///     .ordinal("education", ["SD", "SMP", "SMA", "Diploma", "S1", "S2"])
///     .categorical("province")
///     .tags("interests");
/// assert!(schema.check().is_ok());
/// ```
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(try_from = "RawSchema", into = "RawSchema")]
pub struct Schema {
    pub(super) currency: Currency,
    pub(super) distance: Distance,
    pub(super) attributes: Vec<Attribute>,
}

impl Schema {
    /// A schema without attributes.
    pub fn new() -> Self {
        Self::default()
    }

    /// Sets the currency in which amounts are written for people, by its ISO 4217 code or any other name.
    #[must_use]
    pub fn with_currency(mut self, code: impl Into<String>) -> Self {
        self.currency = Currency::new(code);
        self
    }

    /// Adds an attribute.
    #[must_use]
    pub fn attribute(mut self, attribute: Attribute) -> Self {
        self.attributes.push(attribute);
        self
    }

    /// Adds a numeric attribute of linear scale and weight 1.
    #[must_use]
    pub fn numeric(self, name: impl Into<String>) -> Self {
        self.attribute(Attribute::numeric(name))
    }

    /// Adds an ordinal attribute of weight 1; its levels go from the lowest to the highest.
    #[must_use]
    pub fn ordinal<L: Into<String>>(self, name: impl Into<String>, levels: impl IntoIterator<Item = L>) -> Self {
        self.attribute(Attribute::ordinal(name, levels))
    }

    /// Adds a categorical attribute of weight 1.
    #[must_use]
    pub fn categorical(self, name: impl Into<String>) -> Self {
        self.attribute(Attribute::categorical(name))
    }

    /// Adds a tags attribute of weight 1.
    #[must_use]
    pub fn tags(self, name: impl Into<String>) -> Self {
        self.attribute(Attribute::tags(name))
    }

    /// Chooses how profiles are compared; Gower's distance unless called.
    #[must_use]
    pub fn with_distance(mut self, distance: Distance) -> Self {
        self.distance = distance;
        self
    }

    /// How profiles are compared.
    pub fn distance(&self) -> Distance {
        self.distance
    }

    /// Whether both schemas encode a profile to the same vector: labels and currency may differ.
    pub(crate) fn has_same_attributes(&self, other: &Self) -> bool {
        let same = |(a, b): (&Attribute, &Attribute)| a.is_same_but_for_labels(b);
        let as_many = self.attributes.len() == other.attributes.len();
        self.distance == other.distance && as_many && self.attributes.iter().zip(&other.attributes).all(same)
    }

    /// The attributes, in order.
    pub fn attributes(&self) -> &[Attribute] {
        &self.attributes
    }

    /// The attribute of this name.
    ///
    /// ```
    /// let schema = sebaya::Schema::new().numeric("age").categorical("province");
    /// assert_eq!(schema.get("province"), Some(&schema.attributes()[1]));
    /// assert_eq!(schema.get("wage"), None);
    /// ```
    pub fn get(&self, name: &str) -> Option<&Attribute> {
        self.attributes.iter().find(|attribute| attribute.name() == name)
    }

    /// The currency in which amounts are written for people.
    pub fn currency(&self) -> &Currency {
        &self.currency
    }

    /// Checks the schema as a whole.
    ///
    /// # Errors
    ///
    /// The first rule that does not hold, as a [`SchemaError`].
    pub fn check(&self) -> Result<(), SchemaError> {
        if self.attributes.is_empty() {
            return Err(SchemaError::NoAttribute);
        }
        let mut names = HashSet::new();
        for (attribute, at) in self.attributes.iter().zip(0..) {
            attribute.check(at)?;
            if !names.insert(attribute.name()) {
                return Err(SchemaError::bad(
                    at,
                    attribute.name(),
                    "name",
                    format!("{} is used twice", Echo(attribute.name())),
                ));
            }
        }
        let sum: f64 = self.attributes.iter().map(Attribute::weight).sum();
        if sum <= 0.0 {
            return Err(SchemaError::AllWeightsZero);
        }
        // Half-weights are computed as 2^19 * weight / sum, so neither may leave the range of f64.
        let largest = self.attributes.iter().map(Attribute::weight).fold(0.0, f64::max);
        if !sum.is_finite() || !(HALF_UNITS * largest).is_finite() {
            return Err(SchemaError::WeightsTooLarge { largest });
        }
        if half_weight(largest, sum) == 0 {
            return Err(SchemaError::TooManyAttributes { attributes: self.attributes.len() });
        }
        Ok(())
    }
}

/// Why a schema cannot be used.
///
/// ```
/// use sebaya::Schema;
///
/// let error = Schema::new().numeric("age").numeric("age").check().unwrap_err();
/// assert_eq!(error.to_string(), "attribute \"age\": name: \"age\" is used twice");
/// ```
#[derive(Debug, Clone, PartialEq, Error)]
#[non_exhaustive]
pub enum SchemaError {
    /// There is no such distance.
    #[error("distance: {name:?} is neither \"gower\" nor \"learned\"")]
    UnknownDistance {
        /// The name.
        name: String,
    },
    /// The schema has no attribute.
    #[error("attribute: the schema has none, and needs at least one")]
    NoAttribute,
    /// A setting of an attribute breaks a rule.
    #[error("attribute {}: {key}: {problem}", Echo(name))]
    BadAttribute {
        /// Which attribute, counted from 0.
        attribute: usize,
        /// Its name.
        name: String,
        /// Which of its settings.
        key: &'static str,
        /// The value and the rule it breaks.
        problem: String,
    },
    /// Every weight is 0, so that no attribute would count.
    #[error("weight: all weights are 0")]
    AllWeightsZero,
    /// The weights leave the range of `f64` when added up.
    #[error("weight: {largest:e} is too large")]
    WeightsTooLarge {
        /// The largest weight.
        largest: f64,
    },
    /// There are so many attributes that every weight is rounded to 0.
    #[error("attribute: {attributes} attributes are too many")]
    TooManyAttributes {
        /// How many there are.
        attributes: usize,
    },
}

impl SchemaError {
    pub(super) fn bad(attribute: usize, name: &str, key: &'static str, problem: impl Into<String>) -> Self {
        Self::BadAttribute { attribute, name: name.to_owned(), key, problem: problem.into() }
    }
}
