//! Questions to a model, and their answers. Start with `pipeline.rs`: one query, from profile to list.
//!
//! | file | |
//! | --- | --- |
//! | `recommender.rs` | [`Recommender`]: the fitted model |
//! | `participant.rs` | [`Participant`]: what a model knows of somebody |
//! | `query.rs` | [`Query`], and what can be wrong with one |
//! | `pipeline.rs` | the whole way from a query to its list |
//! | `scratch.rs` | the memory of a query |
//! | `recommendations.rs` | [`Recommendations`], the list |
//! | `empty_reason.rs` | [`EmptyReason`]: why a list is empty |
//! | `plan.rs` | [`Plan`]: the best set of courses for the balance |
//! | `neighbours.rs` | [`Neighbours`]: who voted, and how similar they are |
//! | `answer.rs` | [`Answer`]: list, plan and neighbours from one search |
//! | `searcher.rs` | [`Searcher`]: queries one after another in the same memory |
//! | `batch.rs` | many queries at once |

mod answer;
mod batch;
mod empty_reason;
mod neighbours;
mod participant;
mod pipeline;
mod plan;
#[expect(clippy::module_inception, reason = "the file that holds `Query`")]
mod query;
mod recommendations;
mod recommender;
mod scratch;
mod searcher;

pub use answer::Answer;
pub use empty_reason::EmptyReason;
pub use neighbours::{Neighbours, Similarity};
pub use participant::Participant;
pub use plan::Plan;
pub use query::{Query, QueryError};
pub use recommendations::{Recommendation, Recommendations, UnknownIds};
pub use recommender::Recommender;
pub use searcher::Searcher;

pub(crate) use scratch::ScratchPool;
