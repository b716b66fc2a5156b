//! What a programme knows: courses and their prices, participants and their attributes, purchases.
//!
//! Everything here is checked when it is built, so the modules after it need not check again.

mod amount;
mod catalogue;
mod column;
mod course;
mod id;
mod packed_profile;
mod participants;
mod profile;
mod profile_serializer;
mod purchase_times;
mod purchases;
mod schema;
mod schema_serde;
mod timestamp;
mod training_set;
mod typed_value;
mod weight_units;

pub use amount::{Amount, Currency};
pub use catalogue::Catalogue;
pub use course::Course;
pub use id::{CourseId, ParticipantId};
pub use participants::Participants;
pub use profile::{Profile, ProfileError, Value};
pub use purchases::{Purchase, Purchases};
pub use schema::{Attribute, AttributeKind, Scale, Schema, SchemaError};
pub use timestamp::Timestamp;
pub use training_set::{DataError, TrainingSet, TrainingSetBuilder};

pub(crate) use column::Column;
pub(crate) use packed_profile::PackedProfile;
#[cfg(feature = "csv")]
pub(crate) use schema_serde::RawSchema;
pub(crate) use typed_value::{TagList, TypedValue, ValueRef};
pub(crate) use weight_units::half_weight;
