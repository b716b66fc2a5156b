//! Every error by its kind, and no text twice: what an error says, its source does not repeat.

#![allow(clippy::unwrap_used, reason = "a test may panic")]

use std::error::Error as StdError;
use std::io;

use sebaya::ErrorKind::{self, Conflict, Internal, Invalid, NotFound, Unavailable};
use sebaya::prelude::*;
use sebaya::{
    AmountError, ChangeError, DataError, Error, FitError, IndexError, IndexKind, Infeasible, ParamError, ProfileError,
    QueryError, SchemaError, SnapshotError,
};

fn text() -> String {
    "zaki".to_owned()
}

fn refused() -> io::Error {
    io::Error::other("the disk is full")
}

fn check(expected: ErrorKind, error: impl Into<Error>) {
    let error = error.into();
    assert_eq!(error.kind(), expected, "{error}");
    check_source(&error);
}

/// A reader who prints an error and all its sources reads nothing twice.
fn check_source(error: &dyn StdError) {
    if let Some(source) = error.source() {
        assert!(!error.to_string().contains(&source.to_string()), "{error} repeats {source}");
        check_source(source);
    }
}

fn profile_errors() -> [ProfileError; 5] {
    [
        ProfileError::UnknownAttribute { attribute: text() },
        ProfileError::NotANumber { attribute: text(), value: text() },
        ProfileError::UnknownLevel { attribute: text(), value: text(), levels: vec![] },
        ProfileError::WrongKind { attribute: text(), value: text(), expected: "a number" },
        ProfileError::Unsupported { field: text(), found: text() },
    ]
}

fn schema_errors() -> [SchemaError; 6] {
    [
        SchemaError::UnknownDistance { name: text() },
        SchemaError::NoAttribute,
        SchemaError::BadAttribute { attribute: 0, name: text(), key: "weight", problem: text() },
        SchemaError::AllWeightsZero,
        SchemaError::WeightsTooLarge { largest: 1e300 },
        SchemaError::TooManyAttributes { attributes: 2 },
    ]
}

fn data_errors() -> [(ErrorKind, DataError); 15] {
    let profile = ProfileError::NotANumber { attribute: text(), value: text() };
    [
        (Invalid, DataError::EmptyId { what: "course" }),
        (Conflict, DataError::DuplicateId { what: "course", id: text() }),
        (Invalid, DataError::AmountTooLarge { what: "price", amount: Amount(u64::MAX) }),
        (NotFound, DataError::UnknownParticipant { id: text() }),
        (NotFound, DataError::UnknownCourse { id: text() }),
        (Invalid, DataError::NoPurchase),
        (Invalid, DataError::OtherParticipants { participants: 3, baskets: 4 }),
        (Invalid, DataError::TooManyGroups { attribute: text(), groups: 9, most: 8 }),
        (Invalid, DataError::DistancesTooLarge { largest: u64::MAX }),
        (Invalid, DataError::BadTimestamp { text: text() }),
        (Invalid, DataError::TimestampOutOfRange { text: text() }),
        (Invalid, DataError::Profile { participant: text(), source: profile }),
        (Invalid, DataError::Schema(SchemaError::NoAttribute)),
        (Unavailable, DataError::TooManyNames),
        (Unavailable, DataError::TooManyPurchases),
    ]
}

#[test]
fn errors_of_data_have_kinds() {
    for error in schema_errors() {
        check(Invalid, error);
    }
    for error in profile_errors() {
        check(Invalid, error);
    }
    for (kind, error) in data_errors() {
        check(kind, ChangeError { position: 3, source: error.clone() });
        check(kind, error);
    }
    let form = Schema::new().numeric("age").check_profile(&Profile::new().with("age", "x").with("wage", 1));
    check(Invalid, form.unwrap_err());
    for error in [
        AmountError::NotWhole { text: text() },
        AmountError::TooLarge { text: text() },
        AmountError::Negative { number: -1 },
    ] {
        check(Invalid, error);
    }
}

#[test]
fn errors_of_models_and_queries_have_kinds() {
    for (kind, error) in [
        (Invalid, ParamError::NoNeighbours),
        (Invalid, ParamError::BadPrior { prior: -1.0 }),
        (Invalid, ParamError::BadHalfLife { days: 0.0 }),
        (Conflict, ParamError::OtherSchema),
        (Conflict, ParamError::NothingFades),
    ] {
        check(kind, error);
    }
    let too_large =
        IndexError::TooLarge { index: IndexKind::Linear, rows: 1, columns: 2, max_columns: 1, max_entries: 1 };
    check(Invalid, IndexError::NoMetric { index: IndexKind::KdTree });
    check(Invalid, IndexError::NotBuiltIn { index: IndexKind::KdTree });
    check(Invalid, IndexError::UnknownName { name: text() });
    check(Invalid, too_large);
    for (kind, error) in [
        (NotFound, QueryError::UnknownParticipant { id: "zaki".into() }),
        (NotFound, QueryError::UnknownCourse { id: "karate".into() }),
        (NotFound, QueryError::UnknownIncluded { id: "karate".into() }),
        (Conflict, QueryError::NotEligible { id: "karate".into() }),
        (Conflict, QueryError::Infeasible(Infeasible::TooDear { total: 2, balance: 1 })),
        (Conflict, QueryError::Infeasible(Infeasible::TooMany { count: 2, max: 1 })),
        (Conflict, QueryError::Infeasible(Infeasible::TooManyOfCategory { count: 2, max: 1 })),
        (Conflict, QueryError::Infeasible(Infeasible::TooManyOfProvider { count: 2, max: 1 })),
        (Invalid, QueryError::BadSpendWeight { spend_weight: -1.0 }),
        (Invalid, QueryError::BalanceTooLarge { balance: Amount(u64::MAX) }),
        (Invalid, QueryError::Profile(ProfileError::UnknownAttribute { attribute: text() })),
    ] {
        check(kind, error);
    }
    for (kind, error) in [
        (Conflict, FitError::Params(ParamError::OtherSchema)),
        (Unavailable, FitError::Data(DataError::TooManyNames)),
        (Invalid, FitError::Index(IndexError::NoMetric { index: IndexKind::Linear })),
        (Internal, FitError::Linfa(sebaya::linfa::Error::Parameters(text()))),
    ] {
        assert_eq!(error.kind(), kind, "{error}");
        check(kind, error);
    }
    check(Internal, sebaya::linfa::Error::Parameters(text()));
}

#[cfg(feature = "evaluate")]
#[test]
fn errors_of_evaluations_have_kinds() {
    use sebaya::evaluate::EvaluateError;

    for (kind, error) in [
        (Invalid, EvaluateError::BadFolds { folds: 1, participants: 2 }),
        (Conflict, EvaluateError::NothingBefore { after: text(), earliest: text() }),
        (Conflict, EvaluateError::NobodyToTest { why: text() }),
        (Invalid, EvaluateError::BadCutoffs { cutoffs: vec![] }),
        (Invalid, EvaluateError::TooManyCutoffs { most: 1 }),
        (Invalid, EvaluateError::EmptySample),
        (Invalid, EvaluateError::BadShare { share: 2.0 }),
        (NotFound, EvaluateError::UnknownAttribute { attribute: text() }),
        (NotFound, EvaluateError::UnknownParticipant { id: text() }),
        (Invalid, EvaluateError::BalanceTooLarge { id: text(), balance: Amount(u64::MAX) }),
    ] {
        check(kind, error);
    }
}

#[test]
fn errors_of_snapshots_have_kinds() {
    for (kind, error) in [
        (Unavailable, SnapshotError::Io(refused())),
        (Unavailable, SnapshotError::File { file: text(), source: refused() }),
        (Internal, SnapshotError::Magic),
        (Internal, SnapshotError::Version { found: 2, newest: 1 }),
        (Internal, SnapshotError::Truncated { offset: 1, section: "the schema" }),
        (Internal, SnapshotError::Checksum { offset: 1, section: "the schema" }),
        (Internal, SnapshotError::Model(Box::new(DataError::NoPurchase.into()))),
        (Internal, SnapshotError::Fingerprint),
        (Invalid, SnapshotError::NoFingerprint { text: text() }),
        (Internal, SnapshotError::Invalid { offset: 1, section: "the schema", reason: "it is too long" }),
    ] {
        check(kind, error);
    }
}

#[cfg(feature = "journal")]
#[test]
fn errors_of_journals_have_kinds() {
    use sebaya::JournalError;

    for (kind, error) in [
        (Unavailable, JournalError::Io(refused())),
        (Unavailable, JournalError::Locked),
        (Internal, JournalError::Record { record: 1, reason: text() }),
        (Unavailable, JournalError::Broken),
    ] {
        check(kind, error);
    }
}

#[cfg(feature = "csv")]
#[test]
fn errors_of_files_have_kinds() {
    use sebaya::io::{CsvFault, ReadProblem, WriteError, read_dir};

    let amount = AmountError::NotWhole { text: text() };
    let faults = [
        CsvFault::StrayQuote { text: text() },
        CsvFault::TextAfterQuote { text: text() },
        CsvFault::UnclosedQuote { text: text() },
        CsvFault::BareCarriageReturn { text: text() },
        CsvFault::NotUtf8 { byte: 0xFF },
        CsvFault::LongCell { text: text(), bytes: 9 },
    ];
    assert!(faults.iter().all(|fault| fault.kind() == Invalid));
    let problems = [
        (NotFound, ReadProblem::NotFound { path: text().into() }),
        (Unavailable, ReadProblem::Io { source: refused() }),
        (Invalid, ReadProblem::IsDirectory { path: text().into() }),
        (Invalid, ReadProblem::NotAFile { path: text().into() }),
        (Invalid, ReadProblem::NamedPipe { path: text().into() }),
        (Invalid, ReadProblem::TooLong { most: 1 }),
        (Invalid, ReadProblem::LongRecord { most: 1 }),
        (Invalid, ReadProblem::NoHeader),
        (Invalid, ReadProblem::Csv { column: text(), fault: CsvFault::NotUtf8 { byte: 0xFF } }),
        (Invalid, ReadProblem::RepeatedColumn { column: text() }),
        (Invalid, ReadProblem::MissingColumn { column: text() }),
        (Invalid, ReadProblem::CellCount { found: 1, expected: 2 }),
        (Invalid, ReadProblem::NoAmount { column: "price", what: "course" }),
        (Invalid, ReadProblem::Amount { column: text(), source: amount }),
        (Invalid, ReadProblem::Open { text: text() }),
        (Invalid, ReadProblem::At { source: DataError::BadTimestamp { text: text() } }),
        (Invalid, ReadProblem::UnknownOwned { course: text() }),
        (Invalid, ReadProblem::Profile(ProfileError::UnknownAttribute { attribute: text() })),
        // The file is what must be corrected, so that it is not the caller's course that was not found.
        (Invalid, ReadProblem::Data(DataError::UnknownCourse { id: text() })),
        (Invalid, ReadProblem::Toml { key: text(), message: text() }),
        (Invalid, ReadProblem::Schema(SchemaError::NoAttribute)),
    ];
    for (kind, problem) in problems {
        assert_eq!(problem.kind(), kind, "{problem}");
        check_source(&problem);
    }
    check(NotFound, read_dir("no/such/directory").unwrap_err());
    for (kind, error) in [
        (Unavailable, WriteError::Io { file: text(), source: refused() }),
        (Invalid, WriteError::Value { file: text(), column: text(), value: text(), reason: "it is long" }),
        (Invalid, WriteError::Schema { file: text(), problem: SchemaError::NoAttribute }),
    ] {
        check(kind, error);
    }
}
