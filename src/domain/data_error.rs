//! Why data were refused.

use thiserror::Error;

use super::{Amount, ProfileError, SchemaError};
use crate::store::{Echo, TooMany};

/// Why data were refused. The text names the column and the value.
///
/// ```
/// use sebaya::{DataError, prelude::*};
///
/// let mut data = TrainingSet::builder(Schema::new().numeric("age"));
/// assert_eq!(data.course(Course::new("", Amount(1))).unwrap_err(), DataError::EmptyId { what: "course" });
/// assert_eq!(data.build().unwrap_err(), DataError::NoPurchase);
/// ```
#[derive(Debug, Clone, PartialEq, Error)]
#[non_exhaustive]
pub enum DataError {
    /// The purchases are those of more or of fewer participants than there are.
    #[error("purchases: they are those of {baskets} participants, and there are {participants}")]
    OtherParticipants {
        /// How many participants there are.
        participants: usize,
        /// Of how many the purchases are.
        baskets: usize,
    },
    /// More was asked of a made-up programme than memory is likely to hold.
    #[cfg(feature = "synthetic")]
    #[error("{what}: {asked} are more than a made-up programme can have, {most}")]
    ProgrammeTooLarge {
        /// "participants" or "courses".
        what: &'static str,
        /// How many were asked for.
        asked: u32,
        /// The most there can be.
        most: u32,
    },
    /// The learned distance compares every pair of an attribute's values, and there are too many.
    #[error("{attribute}: {groups} different values are too many for the learned distance, which takes {most}")]
    TooManyGroups {
        /// The attribute.
        attribute: String,
        /// Its values, with one for "other" and one for a missing value.
        groups: usize,
        /// The most that it takes.
        most: usize,
    },
    /// Distances under the learned distance do not fit into 31 bits.
    #[error("the largest learned distance would be {largest}, and {} is the most", u32::MAX / 2)]
    DistancesTooLarge {
        /// The sum of the largest distance of each attribute and tag, in units.
        largest: u64,
    },
    /// An id is empty.
    #[error("id: \"\" is empty; a {what} needs an id")]
    EmptyId {
        /// "course" or "participant".
        what: &'static str,
    },
    /// An id was added before.
    #[error("id: {} is already the id of a {what}", Echo(id))]
    DuplicateId {
        /// "course" or "participant".
        what: &'static str,
        /// The id.
        id: String,
    },
    /// A price or a balance is larger than [`Amount::MAX`].
    #[error("{what}: {amount} is larger than {}", Amount::MAX)]
    AmountTooLarge {
        /// "price" or "balance".
        what: &'static str,
        /// The amount.
        amount: Amount,
    },
    /// A purchase names a participant that was not added.
    #[error("participant: {} is unknown", Echo(id))]
    UnknownParticipant {
        /// The id.
        id: String,
    },
    /// A purchase names a course that was not added.
    #[error("course: {} is unknown", Echo(id))]
    UnknownCourse {
        /// The id.
        id: String,
    },
    /// A purchase that is to be cancelled was not made.
    #[error("participant {participant:?}: {course:?} was not bought")]
    NotBought {
        /// Who is said to have bought.
        participant: String,
        /// What.
        course: String,
    },
    /// There is no purchase, so there is nothing to learn from.
    #[error("there is no purchase at all")]
    NoPurchase,
    /// A text is no RFC 3339 date or date-time.
    #[error("{} is not an RFC 3339 date or date-time", Echo(text))]
    BadTimestamp {
        /// What was given.
        text: String,
    },
    /// A time lies outside the years 0 to 9999 in UTC, so that RFC 3339 has no form for it.
    #[error("{text:?} is not within the years 0 to 9999 in UTC")]
    TimestampOutOfRange {
        /// What was given.
        text: String,
    },
    /// A profile does not fit the schema.
    #[error("participant {}: {source}", Echo(participant))]
    Profile {
        /// Whose profile.
        participant: String,
        /// What is wrong with it.
        r#source: ProfileError,
    },
    /// The schema breaks a rule.
    #[error(transparent)]
    Schema(#[from] SchemaError),
    /// One column holds more than 2^32 - 2 names, or names of more than 4 GiB.
    #[error("a column holds more than 4294967294 names, or names of more than 4 GiB")]
    TooManyNames,
    /// There are more than 2^32 - 1 purchases.
    #[error("there are more than 4294967295 purchases")]
    TooManyPurchases,
}

impl From<TooMany> for DataError {
    fn from(_: TooMany) -> Self {
        Self::TooManyNames
    }
}

impl DataError {
    pub(crate) fn profile(participant: &str, source: ProfileError) -> Self {
        Self::Profile { participant: participant.to_owned(), source }
    }
}
