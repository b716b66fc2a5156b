//! One object to fit and to query. Start with `recommend.rs`: one query, from profile to list.
//!
//! | file | |
//! | --- | --- |
//! | `params.rs` | [`RecommenderParams`] and their rules |
//! | `fit.rs` | [`Recommender`], the fitted model, and how it is fitted |
//! | `query.rs` | [`Query`] |
//! | `recommend.rs` | [`Searcher`]: the pipeline |
//! | `answer.rs` | [`Recommendations`], the list; [`WhyEmpty`] |
//! | `neighbours.rs` | [`Neighbours`]: who voted, and how alike they are |
//! | `batch.rs` | many queries at once |
//! | `plan.rs` | [`Plan`]: the best set of courses for the balance |

mod answer;
mod batch;
mod fit;
mod neighbours;
mod params;
mod plan;
mod query;
mod recommend;

pub use answer::{Recommendation, Recommendations, WhyEmpty};
pub use fit::Recommender;
pub use neighbours::{Likeness, Neighbours};
pub use params::{ParamError, RecommenderParams, RecommenderValidParams};
pub use plan::Plan;
pub use query::{Query, QueryError};
pub use recommend::Searcher;
