//! Which attributes make a profile.

use std::collections::HashSet;

use serde::{Deserialize, Serialize};
use thiserror::Error;

use super::Currency;
use super::schema_serde::RawSchema;
use crate::echo::{Echo, EchoList};

/// The attributes of a programme's participants, in order, and its currency.
///
/// A schema is checked as a whole by [`Schema::check`], which everything that takes a schema calls.
///
/// ```
/// use sebaya::{Attribute, Schema};
///
/// let schema = Schema::new()
///     .currency("IDR")
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
    pub(super) attributes: Vec<Attribute>,
}

/// One attribute of a profile.
///
/// ```
/// use sebaya::{Attribute, AttributeKind, Scale};
///
/// let wage = Attribute::numeric("wage").with_rank_scale();
/// assert_eq!(wage.kind(), &AttributeKind::Numeric(Scale::Rank));
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct Attribute {
    pub(super) name: String,
    pub(super) weight: f64,
    pub(super) kind: AttributeKind,
}

/// What values an attribute has, and so how two of them are compared.
///
/// ```
/// use sebaya::{Attribute, AttributeKind};
///
/// assert_eq!(Attribute::tags("interests").kind(), &AttributeKind::Tags);
/// ```
#[derive(Debug, Clone, PartialEq)]
pub enum AttributeKind {
    /// A number.
    Numeric(Scale),
    /// One of these levels, lowest first.
    Ordinal(Vec<String>),
    /// One of any set of names.
    Categorical,
    /// Any number of names.
    Tags,
}

/// How a numeric attribute is measured.
///
/// ```
/// use sebaya::{Attribute, AttributeKind, Scale};
///
/// let age = Attribute::numeric("age").with_range(18.0, 64.0);
/// assert_eq!(age.kind(), &AttributeKind::Numeric(Scale::Linear(Some((18.0, 64.0)))));
/// ```
#[derive(Debug, Clone, PartialEq)]
pub enum Scale {
    /// By its value between the ends of a range, both inclusive; beyond them it counts as the end. Without a range, the
    /// smallest and the largest value of the past participants.
    Linear(Option<(f64, f64)>),
    /// By its position among the values of the past participants.
    Rank,
}

impl Schema {
    /// A schema without attributes.
    pub fn new() -> Self {
        Self::default()
    }

    /// Sets the currency in which amounts are written for people.
    #[must_use]
    pub fn currency(mut self, code: impl Into<String>) -> Self {
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

    /// The same attributes with other weights, beside them in order.
    #[cfg(feature = "evaluate")]
    pub(crate) fn with_weights(mut self, weights: &[f64]) -> Self {
        let weighted = self.attributes.into_iter().zip(weights);
        self.attributes = weighted.map(|(attribute, &weight)| attribute.with_weight(weight)).collect();
        self
    }

    /// The attributes, in order.
    pub fn attributes(&self) -> &[Attribute] {
        &self.attributes
    }

    /// The currency.
    pub fn money(&self) -> &Currency {
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
            if !names.insert(attribute.name.as_str()) {
                return Err(SchemaError::bad(
                    at,
                    &attribute.name,
                    "name",
                    format!("{} is used twice", Echo(&attribute.name)),
                ));
            }
        }
        let sum: f64 = self.attributes.iter().map(|a| a.weight).sum();
        if sum <= 0.0 {
            return Err(SchemaError::AllWeightsZero);
        }
        // Half-weights are computed as 2^19 * weight / sum, so neither may leave the range of f64.
        let largest = self.attributes.iter().map(|a| a.weight).fold(0.0, f64::max);
        if !sum.is_finite() || !(crate::encode::HALF_UNITS * largest).is_finite() {
            return Err(SchemaError::WeightsTooLarge { largest });
        }
        if crate::encode::half_weight(largest, sum) == 0 {
            return Err(SchemaError::TooManyAttributes { attributes: self.attributes.len() });
        }
        Ok(())
    }
}

impl Attribute {
    fn new(name: impl Into<String>, kind: AttributeKind) -> Self {
        Self { name: name.into(), weight: 1.0, kind }
    }

    /// A numeric attribute of linear scale and weight 1.
    pub fn numeric(name: impl Into<String>) -> Self {
        Self::new(name, AttributeKind::Numeric(Scale::Linear(None)))
    }

    /// An ordinal attribute of weight 1; its levels go from the lowest to the highest.
    pub fn ordinal<L: Into<String>>(name: impl Into<String>, levels: impl IntoIterator<Item = L>) -> Self {
        Self::new(name, AttributeKind::Ordinal(levels.into_iter().map(Into::into).collect()))
    }

    /// A categorical attribute of weight 1.
    pub fn categorical(name: impl Into<String>) -> Self {
        Self::new(name, AttributeKind::Categorical)
    }

    /// A tags attribute of weight 1.
    pub fn tags(name: impl Into<String>) -> Self {
        Self::new(name, AttributeKind::Tags)
    }

    /// Sets how much it counts in the distance relative to the others: finite, 0 or more.
    #[must_use]
    pub fn with_weight(mut self, weight: f64) -> Self {
        self.weight = weight;
        self
    }

    /// Makes it numeric with a fixed range, both ends inclusive.
    #[must_use]
    pub fn with_range(mut self, lo: f64, hi: f64) -> Self {
        self.kind = AttributeKind::Numeric(Scale::Linear(Some((lo, hi))));
        self
    }

    /// Makes it numeric and measured by position among the past participants, for skewed values.
    #[must_use]
    pub fn with_rank_scale(mut self) -> Self {
        self.kind = AttributeKind::Numeric(Scale::Rank);
        self
    }

    /// Its name.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// How much it counts in the distance relative to the others.
    pub fn weight(&self) -> f64 {
        self.weight
    }

    /// Its kind.
    pub fn kind(&self) -> &AttributeKind {
        &self.kind
    }

    fn check(&self, at: usize) -> Result<(), SchemaError> {
        let bad = |key, problem: String| Err(SchemaError::bad(at, &self.name, key, problem));
        if self.name.is_empty() {
            return bad("name", "\"\" is empty".to_owned());
        }
        if ["id", "balance", "owned"].contains(&self.name.as_str()) {
            return bad("name", format!("{:?} is reserved", self.name));
        }
        if !self.weight.is_finite() || self.weight < 0.0 {
            return bad("weight", format!("{} is not a finite number of 0 or more", self.weight));
        }
        match &self.kind {
            AttributeKind::Numeric(Scale::Linear(Some((lo, hi)))) => {
                if !lo.is_finite() || !hi.is_finite() {
                    return bad("range", format!("[{lo}, {hi}] is not finite"));
                }
                if lo > hi {
                    return bad("range", format!("[{lo}, {hi}] has its low end above its high end"));
                }
            }
            AttributeKind::Ordinal(levels) => {
                if let Some(problem) = problem_of_levels(levels) {
                    return bad("levels", problem);
                }
            }
            AttributeKind::Numeric(Scale::Linear(None) | Scale::Rank)
            | AttributeKind::Categorical
            | AttributeKind::Tags => {}
        }
        Ok(())
    }
}

fn problem_of_levels(levels: &[String]) -> Option<String> {
    if levels.len() < 2 {
        return Some(format!("{} has fewer than two levels", EchoList(levels)));
    }
    let mut seen = HashSet::new();
    for level in levels {
        if level.is_empty() {
            return Some("a level is empty: \"\"".to_owned());
        }
        if !seen.insert(level) {
            return Some(format!("{} stands twice", Echo(level)));
        }
    }
    None
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
    /// It has no attribute.
    #[error("attribute: the schema has none, and needs at least one")]
    NoAttribute,
    /// A setting of one attribute breaks a rule.
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
    /// No attribute counts.
    #[error("weight: all weights are 0")]
    AllWeightsZero,
    /// The weights leave the range of `f64` when added up.
    #[error("weight: {largest:e} is too large")]
    WeightsTooLarge {
        /// The largest weight.
        largest: f64,
    },
    /// So many attributes that none has a weight left after rounding.
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
