//! One object to fit and to ask. Start with `pipeline.rs`: one query, from profile to list.
//!
//! | file | |
//! | --- | --- |
//! | `recommender.rs` | [`Recommender`]: the fitted model |
//! | `query.rs` | [`Query`] |
//! | `pipeline.rs` | [`Searcher`]: the whole way from a query to its list |
//! | `answer.rs` | [`Recommendations`], the list; [`WhyEmpty`] |
//! | `neighbours.rs` | [`Neighbours`]: who voted, and how similar they are |
//! | `batch.rs` | many queries at once |
//! | `plan.rs` | [`Plan`]: the best set of courses for the balance |

mod answer;
mod batch;
mod neighbours;
mod pipeline;
mod plan;
#[expect(clippy::module_inception, reason = "the file that holds `Query`")]
mod query;
mod recommender;

pub use answer::{Recommendation, Recommendations, WhyEmpty};
pub use neighbours::{Likeness, Neighbours};
pub use pipeline::Searcher;
pub use plan::Plan;
pub use query::{Query, QueryError};
pub use recommender::Recommender;

pub(crate) use pipeline::ScratchPool;
