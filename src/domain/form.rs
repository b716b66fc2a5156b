//! Checking a profile against the schema, as a form does: all that is wrong at once.

use std::fmt;

use super::{Attribute, Profile, ProfileError, Schema, TypedValue, Value};

impl Schema {
    /// Checks a profile and reports everything that is wrong with it, so that a form can show an error beside each field.
    ///
    /// A model checks profiles by the same rules and reports the first error. A missing value fits any attribute, and so
    /// does a category or a tag that no past participant has.
    ///
    /// # Errors
    ///
    /// [`ProfileErrors`], at most one for each attribute.
    ///
    /// ```
    /// use sebaya::{Profile, Schema};
    ///
    /// let schema = Schema::new().numeric("age").ordinal("education", ["SD", "SMP", "SMA"]).categorical("province");
    /// let form = Profile::new().with("age", "twenty").with("education", "S3").with("province", "Bali");
    ///
    /// let errors = schema.check_profile(&form).unwrap_err();
    /// let fields: Vec<&str> = errors.iter().map(|error| error.attribute()).collect();
    /// assert_eq!(fields, ["age", "education"]);
    /// assert_eq!(errors.of("age").unwrap().to_string(), r#"age: "twenty" is not a finite number"#);
    /// assert!(schema.check_profile(&form.with("age", 20).with("education", "SMA")).is_ok());
    /// ```
    pub fn check_profile(&self, profile: &Profile) -> Result<(), ProfileErrors> {
        let values = self.attributes().iter().filter_map(|attribute| Some((attribute, profile.get(attribute.name())?)));
        let misfits = values.filter_map(|(attribute, value)| attribute.check_value(value).err());
        let errors: Vec<ProfileError> = misfits.chain(self.unknown_names(profile)).collect();
        if errors.is_empty() { Ok(()) } else { Err(ProfileErrors(errors)) }
    }

    /// Refuses a profile with a name that is no attribute.
    pub(crate) fn check_names(&self, profile: &Profile) -> Result<(), ProfileError> {
        self.unknown_names(profile).next().map_or(Ok(()), Err)
    }

    fn unknown_names(&self, profile: &Profile) -> impl Iterator<Item = ProfileError> {
        let unknown = profile.iter().map(|(name, _)| name).filter(|name| self.get(name).is_none());
        unknown.map(|name| ProfileError::UnknownAttribute { attribute: name.to_owned() })
    }
}

impl Attribute {
    /// Checks one value.
    ///
    /// # Errors
    ///
    /// A [`ProfileError`] when the value does not fit this attribute.
    ///
    /// ```
    /// use sebaya::{Attribute, Value};
    ///
    /// let education = Attribute::ordinal("education", ["SD", "SMP", "SMA"]);
    /// assert!(education.check_value(&Value::from("SMA")).is_ok());
    /// let error = education.check_value(&Value::from("S3")).unwrap_err();
    /// assert_eq!(error.to_string(), r#"education: "S3" is none of the levels ["SD", "SMP", "SMA"]"#);
    /// ```
    pub fn check_value(&self, value: &Value) -> Result<(), ProfileError> {
        match self.read(value)? {
            TypedValue::Text(text) => self.check_level(text),
            TypedValue::Missing | TypedValue::Number(_) | TypedValue::Tags(_) => Ok(()),
        }
    }
}

/// Everything that is wrong with a profile: at least one error, and at most one for each attribute.
///
/// Errors of attributes come in the order of the schema, then names that the schema does not have, in byte order.
///
/// ```
/// use sebaya::{Profile, Schema};
///
/// let schema = Schema::new().numeric("age");
/// let errors = schema.check_profile(&Profile::new().with("age", "x").with("wage", 3)).unwrap_err();
/// assert_eq!(
///     errors.to_string(),
///     r#"age: "x" is not a finite number; wage: the schema has no such attribute"#
/// );
/// assert_eq!(errors.into_iter().count(), 2);
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct ProfileErrors(Vec<ProfileError>);

impl ProfileErrors {
    /// All errors.
    pub fn iter(&self) -> std::slice::Iter<'_, ProfileError> {
        self.0.iter()
    }

    /// The error of one attribute.
    ///
    /// ```
    /// use sebaya::{Profile, Schema};
    ///
    /// let schema = Schema::new().numeric("age").numeric("wage");
    /// let errors = schema.check_profile(&Profile::new().with("age", "x").with("wage", 3)).unwrap_err();
    /// assert_eq!(errors.of("age").unwrap().value(), Some("x"));
    /// assert!(errors.of("wage").is_none());
    /// ```
    pub fn of(&self, attribute: &str) -> Option<&ProfileError> {
        self.iter().find(|error| error.attribute() == attribute)
    }
}

/// One line, with a semicolon between errors.
impl fmt::Display for ProfileErrors {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (i, error) in self.iter().enumerate() {
            write!(f, "{}{error}", if i == 0 { "" } else { "; " })?;
        }
        Ok(())
    }
}

impl std::error::Error for ProfileErrors {}

impl IntoIterator for ProfileErrors {
    type Item = ProfileError;
    type IntoIter = std::vec::IntoIter<ProfileError>;

    fn into_iter(self) -> Self::IntoIter {
        self.0.into_iter()
    }
}

impl<'e> IntoIterator for &'e ProfileErrors {
    type Item = &'e ProfileError;
    type IntoIter = std::slice::Iter<'e, ProfileError>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}
