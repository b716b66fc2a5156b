//! One error for everything the crate does. The rooms do not know it; each has an error of its own.

mod kind;

use thiserror::Error;

use crate::domain::{AmountError, DataError, ProfileError, ProfileErrors, SchemaError};
#[cfg(feature = "evaluate")]
use crate::evaluate::EvaluateError;
#[cfg(feature = "csv")]
use crate::io::{ReadError, WriteError};
#[cfg(feature = "journal")]
use crate::live::JournalError;
use crate::live::{ChangeError, LiveError};
use crate::model::{FitError, ParamError};
use crate::neighbours::IndexError;
use crate::query::QueryError;
use crate::snapshot::SnapshotError;

pub use kind::ErrorKind;

/// What can go wrong, by area. Each area has its own enum, and [`kind`](Error::kind) says of each what a caller can do.
///
/// The text of an error says all that is known, in one line. So no error returns as its `source` what its text repeats.
///
/// ```
/// use sebaya::{Error, prelude::*};
///
/// let mut data = TrainingSet::builder(Schema::new().numeric("age"));
/// let error = data.purchase("ani", "excel").unwrap_err();
/// assert_eq!(Error::from(error).to_string(), "participant: \"ani\" is unknown");
/// ```
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum Error {
    /// The schema breaks a rule.
    #[error(transparent)]
    Schema(#[from] SchemaError),
    /// Data were refused.
    #[error(transparent)]
    Data(#[from] DataError),
    /// A profile does not fit the schema.
    #[error(transparent)]
    Profile(#[from] ProfileError),
    /// A profile does not fit the schema, in one or more places.
    #[error(transparent)]
    Form(#[from] ProfileErrors),
    /// A text or a number is no amount.
    #[error(transparent)]
    Amount(#[from] AmountError),
    /// A hyperparameter breaks its rule.
    #[error(transparent)]
    Params(#[from] ParamError),
    /// A query cannot be answered.
    #[error(transparent)]
    Query(#[from] QueryError),
    /// A change of a live model was refused, and with it its batch.
    #[error(transparent)]
    Change(#[from] ChangeError),
    /// A journal was refused, or cannot be written.
    #[cfg(feature = "journal")]
    #[error(transparent)]
    Journal(#[from] JournalError),
    /// A snapshot was refused, or cannot be written.
    #[error(transparent)]
    Snapshot(#[from] SnapshotError),
    /// There is no such index.
    #[error(transparent)]
    Index(#[from] IndexError),
    /// A file was refused.
    #[cfg(feature = "csv")]
    #[error(transparent)]
    Read(#[from] ReadError),
    /// A file cannot be written.
    #[cfg(feature = "csv")]
    #[error(transparent)]
    Write(#[from] WriteError),
    /// An evaluation cannot be made.
    #[cfg(feature = "evaluate")]
    #[error(transparent)]
    Evaluate(#[from] EvaluateError),
    /// linfa refused something; its traits ask for this variant.
    #[error(transparent)]
    Linfa(#[from] linfa::Error),
}

/// Its parts are variants here too.
impl From<FitError> for Error {
    fn from(error: FitError) -> Self {
        match error {
            FitError::Params(error) => error.into(),
            FitError::Data(error) => error.into(),
            FitError::Index(error) => error.into(),
            FitError::Linfa(error) => error.into(),
        }
    }
}

/// Its parts are variants here too.
impl From<LiveError> for Error {
    fn from(error: LiveError) -> Self {
        match error {
            LiveError::Change(error) => error.into(),
            LiveError::Fit(error) => error.into(),
            LiveError::Snapshot(error) => error.into(),
            #[cfg(feature = "journal")]
            LiveError::Journal(error) => error.into(),
        }
    }
}

/// A result with this crate's [`Error`](enum@Error).
///
/// ```
/// fn newcomer(model: &sebaya::Recommender) -> sebaya::Result<usize> {
///     Ok(model.recommend(&sebaya::Query::participant("ani", sebaya::Amount(300_000)))?.len())
/// }
/// ```
pub type Result<T, E = Error> = std::result::Result<T, E>;
