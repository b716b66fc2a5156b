//! The vocabulary of a programme: courses and their prices, participants and their attributes, purchases.
//!
//! Everything is checked when it is built, so that the other rooms need not check it again.
//!
//! | file | |
//! | --- | --- |
//! | `amount.rs`, `timestamp.rs`, `id.rs` | amounts and currencies, times, ids |
//! | `course.rs`, `catalogue.rs` | courses |
//! | `attribute.rs`, `labels.rs`, `schema.rs`, `schema_serde.rs` | attributes, their labels, the schema and its written form |
//! | `value.rs`, `profile.rs`, `profile_serializer.rs` | values and profiles, and any struct as a profile |
//! | `form.rs` | all that is wrong with a profile at once |
//! | `typed_value.rs` | a value of the kind that its attribute takes |
//! | `participants.rs`, `column.rs`, `packed_profile.rs` | profiles in columns, and one profile in few bytes |
//! | `purchases.rs`, `purchase_times.rs` | who bought what, and when |
//! | `training_set.rs` | participants, courses and purchases together |
//! | `weight_units.rs` | weights in whole units |
//! | `data_error.rs` | why data were refused |

mod amount;
mod attribute;
mod catalogue;
mod column;
mod course;
mod data_error;
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
pub use data_error::DataError;
pub use distance::Distance;
pub use form::ProfileErrors;
pub use id::{CourseId, ParticipantId};
pub use participants::Participants;
pub use profile::{Profile, ProfileError};
pub use purchases::{Purchase, Purchases};
pub use schema::{Schema, SchemaError};
pub use timestamp::Timestamp;
pub use training_set::{TrainingSet, TrainingSetBuilder};
pub use value::Value;

pub(crate) use column::Column;
pub(crate) use labels::Label;
pub(crate) use packed_profile::PackedProfile;
#[cfg(feature = "csv")]
pub(crate) use schema_serde::RawSchema;
pub(crate) use typed_value::{TagList, TypedValue, ValueRef};
pub(crate) use weight_units::half_weight;
