//! What a caller can do about an error. Every match here names all variants, so that a new one cannot be forgotten.

use crate::budget::Infeasible;
use crate::domain::{AmountError, DataError, ProfileError, ProfileErrors, SchemaError};
#[cfg(feature = "evaluate")]
use crate::evaluate::EvaluateError;
#[cfg(feature = "csv")]
use crate::io::{CsvFault, ReadError, ReadProblem, WriteError};
#[cfg(feature = "journal")]
use crate::live::JournalError;
use crate::live::{ChangeError, LiveError};
use crate::model::{FitError, ParamError};
use crate::neighbours::IndexError;
use crate::query::QueryError;
use crate::snapshot::SnapshotError;

use super::Error;

/// What a caller can do about an error, whatever caused it. Every error of this crate has a `kind`, so that a service maps
/// errors to statuses in one place.
///
/// ```
/// use sebaya::{Error, ErrorKind};
///
/// fn http_status(error: &Error) -> u16 {
///     match error.kind() {
///         ErrorKind::NotFound => 404,
///         ErrorKind::Invalid => 422,
///         ErrorKind::Conflict => 409,
///         ErrorKind::Unavailable => 503,
///         _ => 500,
///     }
/// }
///
/// let error = "300.000".parse::<sebaya::Amount>().unwrap_err();
/// assert_eq!(http_status(&error.into()), 422);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ErrorKind {
    /// Something that was named does not exist: a participant, a course, a file. Name another one.
    NotFound,
    /// What was given breaks a rule by itself. Correct it.
    Invalid,
    /// What was given is right by itself and contradicts what is there: an id is taken, a limit leaves no plan. Ask for
    /// something else, or change what is there.
    Conflict,
    /// What was given is right, and the system cannot do it now: a disk, a lock or a capacity stands in the way. An
    /// operator can help, or a later attempt.
    Unavailable,
    /// The cause lies in files that this crate wrote and that were damaged since, or within a library.
    Internal,
}

macro_rules! kind {
    ($error:ty, |$this:ident| $kind:expr) => {
        impl $error {
            /// What a caller can do about it.
            pub fn kind(&self) -> ErrorKind {
                let $this = self;
                $kind
            }
        }
    };
}

kind!(Error, |error| match error {
    Error::Schema(error) => error.kind(),
    Error::Data(error) => error.kind(),
    Error::Profile(error) => error.kind(),
    Error::Form(error) => error.kind(),
    Error::Amount(error) => error.kind(),
    Error::Params(error) => error.kind(),
    Error::Query(error) => error.kind(),
    Error::Change(error) => error.kind(),
    #[cfg(feature = "journal")]
    Error::Journal(error) => error.kind(),
    Error::Snapshot(error) => error.kind(),
    Error::Index(error) => error.kind(),
    #[cfg(feature = "csv")]
    Error::Read(error) => error.kind(),
    #[cfg(feature = "csv")]
    Error::Write(error) => error.kind(),
    #[cfg(feature = "evaluate")]
    Error::Evaluate(error) => error.kind(),
    Error::Linfa(_) => ErrorKind::Internal,
});

kind!(SchemaError, |error| match error {
    SchemaError::UnknownDistance { .. }
    | SchemaError::NoAttribute
    | SchemaError::BadAttribute { .. }
    | SchemaError::AllWeightsZero
    | SchemaError::WeightsTooLarge { .. }
    | SchemaError::TooManyAttributes { .. } => ErrorKind::Invalid,
});

kind!(DataError, |error| match error {
    DataError::UnknownParticipant { .. } | DataError::UnknownCourse { .. } | DataError::NotBought { .. } => {
        ErrorKind::NotFound
    }
    DataError::DuplicateId { .. } => ErrorKind::Conflict,
    DataError::EmptyId { .. }
    | DataError::AmountTooLarge { .. }
    | DataError::TooManyGroups { .. }
    | DataError::DistancesTooLarge { .. }
    | DataError::NoPurchase
    | DataError::OtherParticipants { .. }
    | DataError::BadTimestamp { .. }
    | DataError::TimestampOutOfRange { .. } => ErrorKind::Invalid,
    #[cfg(feature = "synthetic")]
    DataError::ProgrammeTooLarge { .. } => ErrorKind::Invalid,
    DataError::Profile { source, .. } => source.kind(),
    DataError::Schema(error) => error.kind(),
    DataError::TooManyNames | DataError::TooManyPurchases => ErrorKind::Unavailable,
});

kind!(ProfileError, |error| match error {
    ProfileError::UnknownAttribute { .. }
    | ProfileError::NotANumber { .. }
    | ProfileError::UnknownLevel { .. }
    | ProfileError::WrongKind { .. }
    | ProfileError::Unsupported { .. } => ErrorKind::Invalid,
});

kind!(ProfileErrors, |_error| ErrorKind::Invalid);

kind!(AmountError, |error| match error {
    AmountError::NotWhole { .. } | AmountError::TooLarge { .. } | AmountError::Negative { .. } => ErrorKind::Invalid,
});

kind!(ParamError, |error| match error {
    ParamError::NoNeighbours | ParamError::BadPrior { .. } | ParamError::BadHalfLife { .. } | ParamError::NoDate => {
        ErrorKind::Invalid
    }
    ParamError::OtherSchema | ParamError::NothingFades => ErrorKind::Conflict,
});

kind!(FitError, |error| match error {
    FitError::Params(error) => error.kind(),
    FitError::Data(error) => error.kind(),
    FitError::Index(error) => error.kind(),
    FitError::Linfa(_) => ErrorKind::Internal,
});

kind!(QueryError, |error| match error {
    QueryError::UnknownParticipant { .. } | QueryError::UnknownCourse { .. } | QueryError::UnknownIncluded { .. } => {
        ErrorKind::NotFound
    }
    QueryError::NotEligible { .. } => ErrorKind::Conflict,
    QueryError::Infeasible(error) => error.kind(),
    QueryError::Profile(error) => error.kind(),
    QueryError::BadSpendWeight { .. } | QueryError::BalanceTooLarge { .. } => ErrorKind::Invalid,
});

kind!(Infeasible, |error| match error {
    Infeasible::TooDear { .. }
    | Infeasible::TooMany { .. }
    | Infeasible::TooManyOfCategory { .. }
    | Infeasible::TooManyOfProvider { .. } => ErrorKind::Conflict,
});

kind!(LiveError, |error| match error {
    LiveError::Change(error) => error.kind(),
    LiveError::Fit(error) => error.kind(),
    LiveError::Snapshot(error) => error.kind(),
    #[cfg(feature = "journal")]
    LiveError::Journal(error) => error.kind(),
});

kind!(ChangeError, |error| error.source.kind());

#[cfg(feature = "journal")]
kind!(JournalError, |error| match error {
    JournalError::Io(_) | JournalError::Locked | JournalError::Broken => ErrorKind::Unavailable,
    JournalError::Record { .. } => ErrorKind::Internal,
});

kind!(SnapshotError, |error| match error {
    SnapshotError::Io(_) | SnapshotError::File { .. } => ErrorKind::Unavailable,
    SnapshotError::Magic
    | SnapshotError::Version { .. }
    | SnapshotError::Truncated { .. }
    | SnapshotError::Checksum { .. }
    | SnapshotError::Model(_)
    | SnapshotError::Fingerprint
    | SnapshotError::Invalid { .. } => ErrorKind::Internal,
    SnapshotError::NoFingerprint { .. } => ErrorKind::Invalid,
});

kind!(IndexError, |error| match error {
    IndexError::UnknownName { .. }
    | IndexError::NoMetric { .. }
    | IndexError::NotBuiltIn { .. }
    | IndexError::TooLarge { .. } => ErrorKind::Invalid,
});

#[cfg(feature = "csv")]
kind!(ReadError, |error| error.problem.kind());

#[cfg(feature = "csv")]
kind!(ReadProblem, |error| match error {
    ReadProblem::NotFound { .. } => ErrorKind::NotFound,
    ReadProblem::Io { .. } => ErrorKind::Unavailable,
    // Whatever a file says that it should not, the file is what must be corrected.
    ReadProblem::IsDirectory { .. }
    | ReadProblem::NotAFile { .. }
    | ReadProblem::NamedPipe { .. }
    | ReadProblem::TooLong { .. }
    | ReadProblem::LongRecord { .. }
    | ReadProblem::NoHeader
    | ReadProblem::Csv { .. }
    | ReadProblem::RepeatedColumn { .. }
    | ReadProblem::MissingColumn { .. }
    | ReadProblem::CellCount { .. }
    | ReadProblem::NoAmount { .. }
    | ReadProblem::Amount { .. }
    | ReadProblem::Open { .. }
    | ReadProblem::At { .. }
    | ReadProblem::UnknownOwned { .. }
    | ReadProblem::Profile(_)
    | ReadProblem::Data(_)
    | ReadProblem::Toml { .. }
    | ReadProblem::Schema(_) => ErrorKind::Invalid,
});

#[cfg(feature = "csv")]
kind!(CsvFault, |error| match error {
    CsvFault::StrayQuote { .. }
    | CsvFault::TextAfterQuote { .. }
    | CsvFault::UnclosedQuote { .. }
    | CsvFault::BareCarriageReturn { .. }
    | CsvFault::LongCell { .. }
    | CsvFault::NotUtf8 { .. } => ErrorKind::Invalid,
});

#[cfg(feature = "csv")]
kind!(WriteError, |error| match error {
    WriteError::Io { .. } => ErrorKind::Unavailable,
    WriteError::Value { .. } | WriteError::Schema { .. } => ErrorKind::Invalid,
});

#[cfg(feature = "evaluate")]
kind!(EvaluateError, |error| match error {
    EvaluateError::UnknownAttribute { .. } | EvaluateError::UnknownParticipant { .. } => ErrorKind::NotFound,
    EvaluateError::NothingBefore { .. } | EvaluateError::NobodyToTest { .. } => ErrorKind::Conflict,
    EvaluateError::BadFolds { .. }
    | EvaluateError::TooManyCutoffs { .. }
    | EvaluateError::BadCutoffs { .. }
    | EvaluateError::EmptySample
    | EvaluateError::BadShare { .. }
    | EvaluateError::BalanceTooLarge { .. } => ErrorKind::Invalid,
});
