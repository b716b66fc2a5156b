//! Profile vectors on a whole-number grid.
//!
//! A value is encoded as half of a probability distribution, so that the L1 distance between two encoded values is the
//! total variation distance between two distributions, times the attribute's weight in *units*. A missing value is the
//! zero vector. Every entry is a whole number that `f32` holds exactly, so sums do not depend on their order.
//!
//! | file | |
//! | --- | --- |
//! | `attribute.rs` | the one place that knows all kinds: to add a kind, add a file and an arm in each match there |
//! | `numeric.rs`, `ordinal.rs`, `names.rs`, `tags.rs` | what an attribute learns and how it encodes a value; `names.rs` is for categories and for tags |
//! | `rounding.rs` | to the nearest whole unit |
//! | `encoder.rs` | all attributes of a schema: [`Encoder`] |
//! | `values.rs` | what values an attribute may have: [`AttributeValues`] |
//! | `encoded_value.rs` | one encoded value, and the distance between two of them |
//! | `dictionary.rs` | one attribute of many profiles: distinct values, and a narrow code for each row |
//! | `learned.rs` | the learned distance: how far apart values are by what those who have them buy |
//! | `learned_distances.rs` | the same for people to read: [`LearnedDistances`] |
//! | `classes.rs` | values put into classes of values near each other |
//! | `cluster.rs` | in which order distinct profiles lie |
//! | `members.rs` | how many participants share each |
//! | `profiles.rs` | distinct profiles with the number of participants who share each: [`Profiles`] |

mod attribute;
pub(crate) mod classes;
mod cluster;
mod dictionary;
mod encoded_value;
mod encoder;
mod learned;
mod learned_distances;
mod members;
mod names;
mod numeric;
mod ordinal;
mod profiles;
mod rounding;
mod tags;
mod values;

pub use encoder::{EncodedProfile, Encoder};
pub use learned_distances::{LearnedAttribute, LearnedDistances, LearnedTable};
pub use profiles::Profiles;
pub use values::AttributeValues;

pub(crate) use attribute::{FittedAttribute, Learned};
pub(crate) use dictionary::{DictionaryColumn, Values};
pub(crate) use encoded_value::{Part, set_distance, units as part_units};
pub(crate) use learned::{BINS, BinStart, GroupDistances, MOST};
