//! What a programme knows: courses and their prices, participants and their attributes, purchases.
//!
//! Everything here is checked when it is built, so the modules after it need not check again.

mod amount;
mod attribute;
mod catalogue;
mod column;
mod course;
mod distance;
mod form;
mod id;
mod labels;
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
mod value;
mod weight_units;

pub use amount::{Amount, AmountError, Currency};
pub use attribute::{Attribute, AttributeKind, Scale};
pub use catalogue::Catalogue;
pub use course::Course;
pub use distance::Distance;
pub use form::ProfileErrors;
pub use id::{CourseId, ParticipantId};
pub use participants::Participants;
pub use profile::{Profile, ProfileError};
pub use purchases::{Purchase, Purchases};
pub use schema::{Schema, SchemaError};
pub use timestamp::Timestamp;
pub use training_set::{DataError, TrainingSet, TrainingSetBuilder};
pub use value::Value;

pub(crate) use column::Column;
pub(crate) use labels::Label;
pub(crate) use packed_profile::PackedProfile;
#[cfg(feature = "csv")]
pub(crate) use schema_serde::RawSchema;
pub(crate) use typed_value::{TagList, TypedValue, ValueRef};
pub(crate) use weight_units::half_weight;
