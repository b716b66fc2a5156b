//! Course recommendations for training vouchers.
//!
//! A voucher programme gives each participant a balance that can only be spent on courses; what is left is forfeited.
//! This crate finds past participants with a similar profile and answers with the courses most popular among them, of
//! those that the remaining balance still pays for. Participants need no history: the profile is enough.
//!
//! ```
//! use sebaya::prelude::*;
//!
//! let schema = Schema::new()
//!     .with_currency("IDR")
//!     .numeric("age")
//!     .ordinal("education", ["SD", "SMP", "SMA", "Diploma", "S1", "S2"])
//!     .categorical("province");
//! let mut data = TrainingSet::builder(schema);
//! data.course(Course::new("excel", Amount(250_000)))?;
//! data.participant("ani", Profile::new().with("age", 24).with("province", "Jawa Barat"))?;
//! data.purchase("ani", "excel")?;
//! let model = Recommender::params().n_neighbours(300).fit(&data.build()?)?;
//!
//! let budi = Profile::new().with("age", 31).with("education", "SMA");
//! for best in &model.recommend(&Query::new(budi, Amount(300_000)).top_n(5))? {
//!     println!("{} for {}: {}", best.course().id(), best.course().price(), best.explanation());
//! }
//! # Ok::<(), sebaya::Error>(())
//! ```
//!
//! # What it promises
//!
//! * **Exact.** Every index finds all neighbours, ties included, and the answers do not depend on the order of rows, the
//!   index, the number of threads, the enabled features or the platform, to the last bit.
//! * **Total.** Whatever data, files and queries a caller gives, the answer is a value or an error that names the place
//!   and the value; nothing is half done.
//! * **Whole numbers for money.** No float ever holds an amount.
//!
//! # How a score comes about
//!
//! 1. Each attribute is encoded as half of a probability distribution, on a whole-number grid; a missing value is the
//!    zero vector, half-way from every value. The distance of two profiles is the L1 distance, which for numbers and
//!    categories is [Gower's](https://doi.org/10.2307/2528823).
//! 2. The `k` nearest past participants have a vote each; those at exactly the k-th distance share what is left.
//! 3. `score = (votes + m * share among everyone) / (k + m)`, with a prior of `m` votes.
//! 4. Courses that are closed, owned, too expensive or filtered out never enter the list; then the best come first.
//!
//! # Where to find what
//!
//! | | |
//! | --- | --- |
//! | data in memory | [`Schema`], [`Profile`], [`Course`], [`TrainingSet`] |
//! | data in files | [`io`] |
//! | fit and query | [`Recommender`], [`Query`], [`Recommendations`], [`Plan`], [`Answer`], [`Searcher`] |
//! | a file | [`Recommender::save`], [`Recommender::load`], [`Fingerprint`] |
//! | changes while others query | [`LiveModel`], [`LiveRecommender`], [`DurableRecommender`], [`Change`] |
//! | why | [`Explanation`], [`HistoryExplanation`], [`EmptyReason`], [`Neighbours`] |
//! | profile vectors, distances | [`Encoder`] |
//! | neighbour search | [`IndexKind`] |
//! | what can go wrong | [`Error`], [`ErrorKind`], [`errors`] |
//! | does it help | [`evaluate`] |
//! | data to try it on | [`synthetic`] |
//!
//! # Features
//!
//! All are on by default, and none changes an answer.
//!
//! | feature | |
//! | --- | --- |
//! | `csv` | data directories: [`io`] |
//! | `evaluate` | whether it helps: [`evaluate`] |
//! | `journal` | a live model that survives a crash: [`DurableRecommender`] |
//! | `linfa-nn` | the indexes `linear` and `kdtree`; without it they are an error |
//! | `rayon` | batches and fitting on all cores |
//! | `synthetic` | a seeded voucher programme of any size: [`synthetic`] |

/// Runs the README's Rust code as a test.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;

/// Runs the code of the pages in `docs/` as tests.
#[cfg(doctest)]
mod pages {
    #[doc = include_str!("../docs/live.md")]
    struct Live;
    #[doc = include_str!("../docs/scores.md")]
    struct Scores;
}

pub mod prelude;

mod budget;
mod domain;
mod encode;
mod error;
#[cfg(feature = "evaluate")]
pub mod evaluate;
#[doc(hidden)]
pub mod example_world;
#[cfg(feature = "csv")]
pub mod io;
#[cfg(feature = "journal")]
mod journal;
mod live;
mod model;
mod neighbours;
mod query;
mod rank;
mod snapshot;
mod store;
#[cfg(feature = "synthetic")]
pub mod synthetic;

pub use linfa;
pub use ndarray;

pub use domain::{
    Amount, Attribute, AttributeKind, Catalogue, Course, CourseId, Currency, Distance, ParticipantId, Participants,
    Profile, Purchase, Purchases, Scale, Schema, Timestamp, TrainingSet, TrainingSetBuilder, Value,
};
pub use encode::{AttributeValues, Encoder, LearnedAttribute, LearnedDistances, LearnedTable};
pub use error::{Error, ErrorKind, Result};
#[cfg(feature = "journal")]
pub use journal::{DurableRecommender, Recovered};
pub use live::{Change, LiveModel, LiveRecommender};
pub use model::{RecommenderParams, RecommenderValidParams};
pub use neighbours::IndexKind;
pub use query::{
    Answer, EmptyReason, Neighbours, Participant, Plan, Query, Recommendation, Recommendations, Recommender, Searcher,
    Similarity, UnknownIds,
};
pub use rank::{Explanation, HistoryExplanation};
pub use snapshot::Fingerprint;

/// The errors of each area. A call returns the smallest one that it can, and `?` makes an [`Error`](enum@Error) of any. They
/// can be named without this module too: `sebaya::QueryError`.
pub mod errors {
    pub use crate::budget::Infeasible;
    pub use crate::domain::{AmountError, DataError, ProfileError, ProfileErrors, SchemaError};
    #[cfg(feature = "journal")]
    pub use crate::live::JournalError;
    pub use crate::live::{ChangeError, LiveError};
    pub use crate::model::{FitError, ParamError};
    pub use crate::neighbours::IndexError;
    pub use crate::query::QueryError;
    pub use crate::snapshot::SnapshotError;
}
#[doc(hidden)]
pub use errors::*;

/// Parts of the search that this crate's own benches and tests use. They are no part of the public interface and change without
/// notice.
#[doc(hidden)]
pub mod internals {
    pub use crate::encode::{EncodedProfile, Profiles};
    #[cfg(feature = "linfa-nn")]
    pub use crate::neighbours::LinfaIndex;
    pub use crate::neighbours::{
        Appended, Moved, NeighbourIndex, Neighbourhood, PackedIndex, ScanIndex, Search, SearchScratch,
    };
}
