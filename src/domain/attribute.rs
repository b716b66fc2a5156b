//! One attribute of a schema.

use std::collections::{BTreeMap, HashSet};

use super::SchemaError;
use super::labels::Label;
use crate::store::{Echo, EchoList};

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
    name: String,
    weight: f64,
    kind: AttributeKind,
    label: Label,
    /// The labels of its levels, categories or tags.
    value_labels: BTreeMap<String, Label>,
}

/// What values an attribute takes, which decides how two of them are compared.
///
/// ```
/// use sebaya::{Attribute, AttributeKind};
///
/// assert_eq!(Attribute::tags("interests").kind(), &AttributeKind::Tags);
/// ```
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub enum AttributeKind {
    /// A number.
    Numeric(Scale),
    /// One of these levels, which are given from the lowest to the highest.
    Ordinal(Vec<String>),
    /// A category out of an open set.
    Categorical,
    /// Any number of tags out of an open set.
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
#[non_exhaustive]
pub enum Scale {
    /// By its value within a range, both ends inclusive; a value beyond an end counts as that end. `None` takes the smallest
    /// and the largest value of the past participants.
    Linear(Option<(f64, f64)>),
    /// By its position among the values of the past participants, for skewed values such as wages.
    Rank,
}

impl Attribute {
    pub(super) fn new(name: impl Into<String>, kind: AttributeKind) -> Self {
        Self { name: name.into(), weight: 1.0, kind, label: Label::default(), value_labels: BTreeMap::new() }
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

    /// Sets what it is called in a language, which is given by its BCP 47 tag: `en`, `id`, `zh-Hant`.
    ///
    /// ```
    /// use sebaya::Attribute;
    ///
    /// let age = Attribute::numeric("age").with_label("en", "Age").with_label("id", "Umur");
    /// assert_eq!(age.label("id"), "Umur");
    /// ```
    #[must_use]
    pub fn with_label(mut self, language: impl Into<String>, text: impl Into<String>) -> Self {
        self.label.set(language.into(), text.into());
        self
    }

    /// Sets what one of its levels, categories or tags is called in a language.
    ///
    /// ```
    /// use sebaya::Attribute;
    ///
    /// let education = Attribute::ordinal("education", ["SMP", "SMA"]).with_value_label("SMA", "en", "Senior high school");
    /// assert_eq!(education.value_label("SMA", "en"), "Senior high school");
    /// ```
    #[must_use]
    pub fn with_value_label(
        mut self,
        value: impl Into<String>,
        language: impl Into<String>,
        text: impl Into<String>,
    ) -> Self {
        self.value_labels.entry(value.into()).or_default().set(language.into(), text.into());
        self
    }

    /// What it is called in a language, for people. A label in `id` serves `id-ID` too; without a label it is the name.
    ///
    /// ```
    /// use sebaya::Attribute;
    ///
    /// let age = Attribute::numeric("age").with_label("id", "Umur");
    /// assert_eq!(["id", "id-ID", "en"].map(|language| age.label(language)), ["Umur", "Umur", "age"]);
    /// ```
    pub fn label(&self, language: &str) -> &str {
        self.label.get(language).unwrap_or(&self.name)
    }

    /// What a level, category or tag is called in a language. Without a label it is the value itself.
    ///
    /// ```
    /// use sebaya::Attribute;
    ///
    /// let province = Attribute::categorical("province").with_value_label("Jawa Barat", "en", "West Java");
    /// assert_eq!(["Jawa Barat", "Bali"].map(|value| province.value_label(value, "en")), ["West Java", "Bali"]);
    /// ```
    pub fn value_label<'v>(&'v self, value: &'v str, language: &str) -> &'v str {
        self.value_labels.get(value).and_then(|label| label.get(language)).unwrap_or(value)
    }

    /// Its own labels, and those of its values.
    pub(crate) fn all_labels(&self) -> (&Label, &BTreeMap<String, Label>) {
        (&self.label, &self.value_labels)
    }

    /// With these labels instead.
    pub(crate) fn with_all_labels(self, label: Label, value_labels: BTreeMap<String, Label>) -> Self {
        Self { label, value_labels, ..self }
    }

    pub(super) fn is_same_but_for_labels(&self, other: &Self) -> bool {
        let unlabelled = |attribute: &Self| attribute.clone().with_all_labels(Label::default(), BTreeMap::new());
        unlabelled(self) == unlabelled(other)
    }

    /// Its name, which stands in data and in errors.
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

    pub(super) fn check(&self, at: usize) -> Result<(), SchemaError> {
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
        if let Some(problem) = self.label.problem() {
            return bad("label", problem);
        }
        match self.value_labels.iter().find_map(|(value, label)| self.problem_of_label(value, label)) {
            Some(problem) => bad("values", problem),
            None => Ok(()),
        }
    }

    fn problem_of_label(&self, value: &str, label: &Label) -> Option<String> {
        match &self.kind {
            AttributeKind::Numeric(_) => Some(format!("{} has a label, and a number takes none", Echo(value))),
            AttributeKind::Ordinal(levels) if !levels.iter().any(|level| level == value) => {
                Some(format!("{} has a label, and is none of the levels {}", Echo(value), EchoList(levels)))
            }
            _ if value.is_empty() => Some("\"\" has a label, and is a missing value".to_owned()),
            _ => label.problem().map(|problem| format!("{value}: {problem}")),
        }
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
