//! The known attributes of one participant.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use thiserror::Error;

use super::Value;
use super::profile_serializer::ProfileSerializer;
use crate::store::{Echo, EchoList};

/// The known attributes of one participant: names and values. An attribute that is absent is missing.
///
/// A profile is checked against the [`Schema`](crate::Schema) where it is used; a name that is no attribute is an error
/// there. [`Schema::check_profile`](crate::Schema::check_profile) checks it beforehand.
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
    /// A profile without values.
    pub fn new() -> Self {
        Self::default()
    }

    /// Sets an attribute, or clears it where the value is missing.
    ///
    /// ```
    /// use sebaya::Profile;
    ///
    /// let (age, wage): (u8, Option<i64>) = (24, None);
    /// assert_eq!(Profile::new().with("age", age).with("wage", wage), Profile::new().with("age", 24));
    /// ```
    #[must_use]
    pub fn with(mut self, attribute: impl Into<String>, value: impl Into<Value>) -> Self {
        self.set(attribute, value);
        self
    }

    /// Sets an attribute, or clears it where the value is missing.
    ///
    /// ```
    /// let mut profile = sebaya::Profile::new();
    /// profile.set("age", 24);
    /// assert_eq!(profile.get("age"), Some(&sebaya::Value::Number(24.0)));
    /// ```
    pub fn set(&mut self, attribute: impl Into<String>, value: impl Into<Value>) {
        match value.into() {
            Value::Missing => self.values.remove(&attribute.into()),
            value => self.values.insert(attribute.into(), value),
        };
    }

    /// The value of an attribute, or `None` where it is missing.
    pub fn get(&self, attribute: &str) -> Option<&Value> {
        self.values.get(attribute)
    }

    /// Names and values, sorted by name.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &Value)> {
        self.values.iter().map(|(name, value)| (name.as_str(), value))
    }

    /// Makes a profile of the fields of a struct, or of a map with text keys.
    ///
    /// Numbers become numbers. Strings, characters, booleans and unit variants become text, and sequences of those become
    /// tags. `None` and `()` are missing values. A newtype counts as the value that it holds. Mark a field that is no
    /// attribute with `#[serde(skip)]`.
    ///
    /// # Errors
    ///
    /// [`ProfileError::Unsupported`] with the name of the field that holds anything else.
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
        let mut profile = Self::new();
        values.into_iter().for_each(|(name, value)| profile.set(name, value));
        profile
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
    /// The value of a numeric attribute is not a finite number.
    #[error("{attribute}: {} is not a finite number", Echo(value))]
    NotANumber {
        /// The attribute.
        attribute: String,
        /// What was given.
        value: String,
    },
    /// The value of an ordinal attribute is none of its levels.
    #[error("{attribute}: {} is none of the levels {}", Echo(value), EchoList(levels))]
    UnknownLevel {
        /// The attribute.
        attribute: String,
        /// What was given.
        value: String,
        /// The attribute's levels, lowest first.
        levels: Vec<String>,
    },
    /// The value is of another kind than its attribute.
    #[error("{attribute}: {value} is not {expected}")]
    WrongKind {
        /// The attribute.
        attribute: String,
        /// What was given.
        value: String,
        /// What the attribute takes.
        expected: &'static str,
    },
    /// A field of a struct holds what cannot be the value of an attribute.
    #[error("{field}: {found} cannot be a value of a profile")]
    Unsupported {
        /// The field's name; empty for the whole value.
        field: String,
        /// What was found.
        found: String,
    },
}

impl ProfileError {
    /// The attribute that it is about, or the name that is no attribute.
    ///
    /// ```
    /// use sebaya::{Attribute, Value};
    ///
    /// let error = Attribute::numeric("age").check_value(&Value::from("x")).unwrap_err();
    /// assert_eq!((error.attribute(), error.value()), ("age", Some("x")));
    /// ```
    pub fn attribute(&self) -> &str {
        match self {
            Self::UnknownAttribute { attribute }
            | Self::NotANumber { attribute, .. }
            | Self::UnknownLevel { attribute, .. }
            | Self::WrongKind { attribute, .. }
            | Self::Unsupported { field: attribute, .. } => attribute,
        }
    }

    /// The value that does not fit, as text; `None` where the name is wrong and not the value.
    pub fn value(&self) -> Option<&str> {
        match self {
            Self::UnknownAttribute { .. } => None,
            Self::NotANumber { value, .. } | Self::UnknownLevel { value, .. } | Self::WrongKind { value, .. } => {
                Some(value)
            }
            Self::Unsupported { found, .. } => Some(found),
        }
    }
}
