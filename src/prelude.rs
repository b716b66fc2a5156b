//! What most programs need: `use sebaya::prelude::*;`.

pub use crate::domain::{Amount, Attribute, Course, Profile, Schema, TrainingSet};
pub use crate::live::{LiveModel, LiveRecommender};
pub use crate::query::{Query, Recommender};
