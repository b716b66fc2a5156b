//! What the neighbours bought: votes, scores, and one total order.
//!
//! | file | |
//! | --- | --- |
//! | `baskets.rs` | the purchases of each row of profiles |
//! | `popularity.rs` | the purchases of all past participants, and the order among equal scores |
//! | `votes.rs` | the purchases of a neighbourhood |
//! | `vote_weights.rs` | nearer neighbours have more of a vote under the learned distance |
//! | `fade.rs` | purchases that count for less the older they are |
//! | `history/` | what past participants bought together |
//! | `score.rs` | the formula |
//! | `ranking.rs` | the best courses, in order |
//! | `explanation.rs` | why a course stands where it stands |

mod baskets;
mod explanation;
mod fade;
mod history;
mod popularity;
mod ranking;
mod score;
mod vote_weights;
mod votes;

pub use explanation::{Explanation, HistoryExplanation};

pub(crate) use baskets::{BasketChanges, Baskets};
pub(crate) use fade::{FULL, Fade};
pub(crate) use history::{CourseVotes, History, HistoryVotes};
pub(crate) use popularity::Popularity;
pub(crate) use ranking::{Evidence, Ranked};
pub(crate) use score::Scoring;
pub(crate) use vote_weights::VoteWeights;
pub(crate) use votes::Votes;
