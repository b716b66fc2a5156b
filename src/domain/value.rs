//! The value of one attribute.

use std::borrow::Cow;

use serde::{Deserialize, Serialize};

/// The value of one attribute.
///
/// A number is for numeric attributes, text for ordinal and categorical ones, a list of texts for tags. Text is accepted
/// for tags too, and is read as a cell of a file: tags separated by `|`. Empty text and an empty list are missing values.
///
/// Every number type converts into a value. Attributes are measured in `f64`, so an integer beyond 2^53 becomes the nearest
/// `f64`, as it does in [`Profile::from_serialize`](crate::Profile::from_serialize) and in JSON. An `f32` keeps the value
/// that it has, which for `0.1_f32` is 0.10000000149. A `bool` becomes the text `true` or `false`, and `None` is missing.
///
/// ```
/// use sebaya::Value;
///
/// assert_eq!(Value::from(3_500_000_i64), Value::Number(3_500_000.0));
/// assert_eq!(Value::from(true), Value::Text("true".to_owned()));
/// assert_eq!(Value::from(None::<u8>), Value::Missing);
/// assert_eq!(Value::from(["sewing", "excel"]), Value::Tags(vec!["sewing".into(), "excel".into()]));
/// ```
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(untagged)]
#[non_exhaustive]
pub enum Value {
    /// Nothing is known; `null` in JSON.
    Missing,
    /// A number.
    Number(f64),
    /// A level, a category, or tags separated by `|`.
    Text(String),
    /// Tags.
    Tags(Vec<String>),
}

impl Value {
    pub(crate) fn is_missing(&self) -> bool {
        match self {
            Self::Missing => true,
            Self::Number(_) => false,
            Self::Text(text) => text.is_empty(),
            Self::Tags(tags) => tags.iter().all(String::is_empty),
        }
    }
}

macro_rules! value_from_number {
    ($($number:ty),*) => {
        $(impl From<$number> for Value {
            fn from(number: $number) -> Self {
                Self::Number(f64::from(number))
            }
        })*
    };
}

value_from_number!(f64, f32, u8, u16, u32, i8, i16, i32);

macro_rules! value_from_wide_number {
    ($($number:ty),*) => {
        $(impl From<$number> for Value {
            #[expect(clippy::cast_precision_loss, reason = "attributes are f64; beyond 2^53 the nearest one is taken")]
            fn from(number: $number) -> Self {
                Self::Number(number as f64)
            }
        })*
    };
}

value_from_wide_number!(u64, i64, usize, isize);

macro_rules! value_from_text {
    ($($text:ty),*) => {
        $(impl From<$text> for Value {
            fn from(text: $text) -> Self {
                Self::Text(text.into())
            }
        })*
    };
}

value_from_text!(&str, &String, String, char, Box<str>, Cow<'_, str>);

impl From<bool> for Value {
    fn from(flag: bool) -> Self {
        Self::Text(flag.to_string())
    }
}

/// `None` is a missing value.
impl<T: Into<Value>> From<Option<T>> for Value {
    fn from(value: Option<T>) -> Self {
        value.map_or(Self::Missing, Into::into)
    }
}

impl<T: Into<String>> From<Vec<T>> for Value {
    fn from(tags: Vec<T>) -> Self {
        tags.into_iter().collect()
    }
}

impl<T: Into<String>, const N: usize> From<[T; N]> for Value {
    fn from(tags: [T; N]) -> Self {
        tags.into_iter().collect()
    }
}

impl<T: AsRef<str>> From<&[T]> for Value {
    fn from(tags: &[T]) -> Self {
        tags.iter().map(AsRef::as_ref).collect()
    }
}

/// Tags.
impl<T: Into<String>> FromIterator<T> for Value {
    fn from_iter<I: IntoIterator<Item = T>>(tags: I) -> Self {
        Self::Tags(tags.into_iter().map(Into::into).collect())
    }
}
