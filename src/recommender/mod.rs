//! One object to fit and to query. Start with `recommend.rs`: one query, from profile to list.
//!
//! | file | |
//! | --- | --- |
//! | `params.rs` | [`RecommenderParams`] and their rules |
//! | `fit.rs` | [`Recommender`], the fitted model, and how it is fitted |
//! | `people.rs` | who a model knows, and what they bought |
//! | `changes.rs` | what changed since a model was built |
//! | `query.rs` | [`Query`] |
//! | `recommend.rs` | [`Searcher`]: the pipeline |
//! | `answer.rs` | [`Recommendations`], the list; [`WhyEmpty`] |
//! | `neighbours.rs` | [`Neighbours`]: who voted, and how alike they are |
//! | `batch.rs` | many queries at once |
//! | `live/` | [`LiveRecommender`]: changes under readers |
//! | `plan.rs` | [`Plan`]: the best set of courses for the balance |

mod answer;
mod batch;
mod changes;
mod fit;
mod live;
mod neighbours;
mod params;
mod people;
mod plan;
mod query;
mod recommend;

pub use answer::{Recommendation, Recommendations, WhyEmpty};
pub use fit::Recommender;
pub use live::{Change, ChangeError, LiveRecommender};
pub use neighbours::{Likeness, Neighbours};
pub use params::{ParamError, RecommenderParams, RecommenderValidParams};
pub use plan::Plan;
pub use query::{Query, QueryError};
pub use recommend::Searcher;

pub(crate) use people::People;
