//! One course.

use std::sync::Arc;

use serde::{Deserialize, Deserializer, Serialize};

use super::{Amount, CourseId};

/// A course of the catalogue. Clones share their texts.
///
/// ```
/// use sebaya::{Amount, Course};
///
/// let course = Course::new("excel", Amount(250_000)).with_title("Excel for the office").with_open(false);
/// assert_eq!(course.price(), Amount(250_000));
/// assert!(!course.is_open());
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Course {
    id: CourseId,
    #[serde(default)]
    title: Arc<str>,
    price: Amount,
    #[serde(default, deserialize_with = "filled", skip_serializing_if = "Option::is_none")]
    provider: Option<Arc<str>>,
    #[serde(default, deserialize_with = "filled", skip_serializing_if = "Option::is_none")]
    category: Option<Arc<str>>,
    #[serde(default = "yes")]
    open: bool,
}

fn yes() -> bool {
    true
}

fn filled<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Arc<str>>, D::Error> {
    Ok(Option::<Arc<str>>::deserialize(deserializer)?.filter(|text| !text.is_empty()))
}

impl Course {
    /// An open course without title, provider or category. Id and price are checked when it enters a catalogue.
    pub fn new(id: impl Into<CourseId>, price: Amount) -> Self {
        Self { id: id.into(), title: Arc::default(), price, provider: None, category: None, open: true }
    }

    /// Sets the title.
    #[must_use]
    pub fn with_title(mut self, title: impl Into<Arc<str>>) -> Self {
        self.title = title.into();
        self
    }

    /// Sets the provider, who teaches the course. An empty text is none, as an empty cell of a file is.
    #[must_use]
    pub fn with_provider(mut self, provider: impl Into<Arc<str>>) -> Self {
        self.provider = Some(provider.into()).filter(|text| !text.is_empty());
        self
    }

    /// Sets the category, what the course is about. An empty text is none, as an empty cell of a file is.
    #[must_use]
    pub fn with_category(mut self, category: impl Into<Arc<str>>) -> Self {
        self.category = Some(category.into()).filter(|text| !text.is_empty());
        self
    }

    /// Sets whether it can be bought now. A closed course is never recommended; its purchases still count.
    #[must_use]
    pub fn with_open(mut self, open: bool) -> Self {
        self.open = open;
        self
    }

    /// Its id.
    pub fn id(&self) -> &CourseId {
        &self.id
    }

    /// Its title, which may be empty.
    pub fn title(&self) -> &str {
        &self.title
    }

    /// Its price.
    pub fn price(&self) -> Amount {
        self.price
    }

    /// Its provider, who teaches it.
    pub fn provider(&self) -> Option<&str> {
        self.provider.as_deref()
    }

    /// Its category, what it is about.
    pub fn category(&self) -> Option<&str> {
        self.category.as_deref()
    }

    /// Whether it can be bought now.
    pub fn is_open(&self) -> bool {
        self.open
    }
}
