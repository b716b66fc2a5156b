//! What a programme knows: courses and their prices, participants and their attributes, purchases.
//!
//! Everything here is checked when it is built, so the modules after it need not check again.

mod amount;
mod catalogue;
mod codes;
mod column;
mod course;
mod id;
mod participants;
mod profile;
mod profile_serializer;
mod purchases;
mod raw_profile;
mod schema;
mod schema_serde;
mod times;
mod timestamp;
mod training_set;

pub use amount::{Amount, Currency};
pub use catalogue::Catalogue;
pub use course::Course;
pub use id::{CourseId, ParticipantId};
pub use participants::Participants;
pub use profile::{Profile, ProfileError, Value};
pub use purchases::{Purchase, Purchases};
pub use schema::{Attribute, AttributeKind, Distance, Scale, Schema, SchemaError};
pub use timestamp::Timestamp;
pub use training_set::{DataError, TrainingSet, TrainingSetBuilder};

pub(crate) use codes::Codes;
pub(crate) use column::{Column, Reading, Tags, ValueRef};
pub(crate) use id::IdTable;
pub(crate) use raw_profile::RawProfile;
#[cfg(feature = "csv")]
pub(crate) use schema_serde::RawSchema;
