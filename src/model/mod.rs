//! A model, and what changed since it was built.
//!
//! | file | |
//! | --- | --- |
//! | `params.rs` | [`RecommenderParams`] and their rules |
//! | `model.rs` | [`Model`]: everything that an answer is made of |
//! | `people.rs` | who a model knows, and what they bought |
//! | `error.rs` | [`FitError`] |
//! | `build.rs` | a model from participants and purchases |
//! | `overlay.rs` | what changed since a model was built |
//! | `merge.rs` | a new base out of the old one and what changed since |

mod build;
mod error;
mod merge;
#[expect(clippy::module_inception, reason = "the file that holds `Model`")]
mod model;
mod overlay;
mod params;
mod people;

pub use error::FitError;
pub use params::{ParamError, RecommenderParams, RecommenderValidParams};

pub(crate) use model::Model;
pub(crate) use people::{Found, People, Person};
