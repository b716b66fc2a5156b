//! What examples share: how they end, what they show and write, and the options of a model.

#![allow(missing_docs, clippy::missing_errors_doc, reason = "nobody but the examples reads it")]
#![cfg(all(feature = "csv", feature = "synthetic"))]

pub mod exit;
pub mod model_args;
pub mod output;
pub mod progress;
pub mod terminal;
pub mod whole;
