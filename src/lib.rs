//! sebaya
pub mod prelude;

mod budget;
mod domain;
mod encode;
mod error;
mod neighbours;
mod rank;
mod recommender;

pub use linfa;
pub use ndarray;

pub use domain::{
    Amount, Attribute, AttributeKind, Catalogue, Course, CourseId, Currency, DataError, ParticipantId, Participants,
    Profile, ProfileError, Purchase, Purchases, Scale, Schema, SchemaError, Timestamp, TrainingSet, TrainingSetBuilder,
    Value,
};
pub use encode::{EncodedProfile, Encoder, Profiles};
pub use error::{Error, Result};
pub use neighbours::{
    IndexError, IndexKind, LinfaIndex, NeighbourIndex, Neighbourhood, ScanIndex, Search, SearchScratch,
};
pub use rank::Explanation;
pub use recommender::{
    Likeness, Neighbours, ParamError, Query, QueryError, Recommendation, Recommendations, Recommender,
    RecommenderParams, RecommenderValidParams, Searcher, WhyEmpty,
};
