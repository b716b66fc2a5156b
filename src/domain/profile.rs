//! What is known of one participant.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use thiserror::Error;

use super::profile_serializer::ProfileSerializer;
use crate::echo::{Echo, EchoList};

/// The value of one attribute.
///
/// Numbers serve numeric attributes, text serves ordinal and categorical ones, a list of texts serves tags. A text for
/// a tags attribute is read as a cell of a file: tags separated by `|`. Empty text and an empty list are missing values.
///
/// ```
/// use sebaya::Value;
///
/// assert_eq!(Value::from(24), Value::Number(24.0));
/// assert_eq!(Value::from(["sewing", "excel"]), Value::Tags(vec!["sewing".into(), "excel".into()]));
/// ```
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Value {
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

impl From<&str> for Value {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

impl From<String> for Value {
    fn from(text: String) -> Self {
        Self::Text(text)
    }
}

impl<T: Into<String>> From<Vec<T>> for Value {
    fn from(tags: Vec<T>) -> Self {
        Self::Tags(tags.into_iter().map(Into::into).collect())
    }
}

impl<T: Into<String>, const N: usize> From<[T; N]> for Value {
    fn from(tags: [T; N]) -> Self {
        Self::Tags(tags.into_iter().map(Into::into).collect())
    }
}

/// What is known of one participant: attribute names and values. What is absent is missing.
///
/// It is checked against a [`Schema`](crate::Schema) where it is used, and a name that the schema lacks is an error there.
///
/// ```
/// use sebaya::Profile;
///
/// let budi = Profile::new().with("age", 31).with("province", "Jawa Barat").with("interests", ["excel"]);
/// let same: Profile = serde_json::from_str(r#"{"age": 31, "province": "Jawa Barat", "interests": ["excel"]}"#)?;
/// assert_eq!(budi, same);
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
#[serde(transparent)]
pub struct Profile {
    values: BTreeMap<String, Value>,
}

impl Profile {
    /// A profile of which nothing is known.
    pub fn new() -> Self {
        Self::default()
    }

    /// Sets an attribute.
    #[must_use]
    pub fn with(mut self, attribute: impl Into<String>, value: impl Into<Value>) -> Self {
        self.set(attribute, value);
        self
    }

    /// Sets an attribute.
    ///
    /// ```
    /// let mut profile = sebaya::Profile::new();
    /// profile.set("age", 24);
    /// assert_eq!(profile.get("age"), Some(&sebaya::Value::Number(24.0)));
    /// ```
    pub fn set(&mut self, attribute: impl Into<String>, value: impl Into<Value>) {
        self.values.insert(attribute.into(), value.into());
    }

    /// The value of an attribute.
    pub fn get(&self, attribute: &str) -> Option<&Value> {
        self.values.get(attribute)
    }

    /// Names and values, sorted by name.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &Value)> {
        self.values.iter().map(|(name, value)| (name.as_str(), value))
    }

    /// Reads the fields of a struct, or a map with text keys, as a profile.
    ///
    /// Numbers become numbers; strings, characters, booleans and unit variants become text; sequences of those become
    /// tags; `None` and `()` are missing; newtypes are what they hold. A field that is no attribute wants
    /// `#[serde(skip)]`.
    ///
    /// # Errors
    ///
    /// [`ProfileError::Unsupported`] with the name of the field when it holds anything else.
    ///
    /// ```
    /// use serde::Serialize;
    /// use sebaya::Profile;
    ///
    /// #[derive(Serialize)]
    /// enum Education { Sma }
    ///
    /// #[derive(Serialize)]
    /// struct Applicant { age: u8, education: Education, province: Option<String> }
    ///
    /// let profile = Profile::from_serialize(&Applicant { age: 24, education: Education::Sma, province: None })?;
    /// assert_eq!(profile, Profile::new().with("age", 24).with("education", "Sma"));
    /// # Ok::<(), sebaya::ProfileError>(())
    /// ```
    pub fn from_serialize<T: Serialize + ?Sized>(value: &T) -> Result<Self, ProfileError> {
        value.serialize(ProfileSerializer)
    }
}

impl FromIterator<(String, Value)> for Profile {
    fn from_iter<I: IntoIterator<Item = (String, Value)>>(values: I) -> Self {
        Self { values: values.into_iter().collect() }
    }
}

/// `null` is a missing value.
impl<'de> Deserialize<'de> for Profile {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(ProfileVisitor)
    }
}

struct ProfileVisitor;

impl<'de> serde::de::Visitor<'de> for ProfileVisitor {
    type Value = Profile;

    fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("an object of attribute names and values")
    }

    fn visit_map<A: serde::de::MapAccess<'de>>(self, mut map: A) -> Result<Profile, A::Error> {
        use serde::de::Error;
        let mut profile = Profile::new();
        let mut names = std::collections::BTreeSet::new();
        while let Some(name) = map.next_key::<String>()? {
            let value = map.next_value::<Option<Value>>().map_err(|_| {
                A::Error::custom(format_args!(
                    "{name}: only a number, a string, a list of strings or null can be a value"
                ))
            })?;
            if !names.insert(name.clone()) {
                return Err(A::Error::custom(format_args!("{name}: given twice")));
            }
            if let Some(value) = value {
                profile.values.insert(name, value);
            }
        }
        Ok(profile)
    }
}

/// Why a profile does not fit its schema.
///
/// ```
/// use sebaya::{Participants, Profile, Schema};
///
/// let mut participants = Participants::new(Schema::new().ordinal("size", ["S", "M"]))?;
/// let error = participants.add("ani", &Profile::new().with("size", "L")).unwrap_err();
/// assert_eq!(error.to_string(), r#"participant "ani": size: "L" is none of the levels ["S", "M"]"#);
/// # Ok::<(), sebaya::DataError>(())
/// ```
#[derive(Debug, Clone, PartialEq, Error)]
#[non_exhaustive]
pub enum ProfileError {
    /// The schema has no such attribute.
    #[error("{attribute}: the schema has no such attribute")]
    UnknownAttribute {
        /// The name that was given.
        attribute: String,
    },
    /// A numeric attribute holds something else than a number.
    #[error("{attribute}: {} is not a finite number", Echo(value))]
    NotANumber {
        /// The attribute.
        attribute: String,
        /// What was given.
        value: String,
    },
    /// An ordinal attribute holds a text that is none of its levels.
    #[error("{attribute}: {} is none of the levels {}", Echo(value), EchoList(levels))]
    UnknownLevel {
        /// The attribute.
        attribute: String,
        /// What was given.
        value: String,
        /// The attribute's levels, lowest first.
        levels: Vec<String>,
    },
    /// The value is of the wrong kind.
    #[error("{attribute}: {value} is not {expected}")]
    WrongKind {
        /// The attribute.
        attribute: String,
        /// What was given.
        value: String,
        /// What the attribute takes.
        expected: &'static str,
    },
    /// A field that cannot be an attribute's value.
    #[error("{field}: {found} cannot be a value of a profile")]
    Unsupported {
        /// The field's name; empty for the whole value.
        field: String,
        /// What was found.
        found: String,
    },
}
