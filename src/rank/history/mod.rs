//! What past participants bought together, for queries with a history.
//!
//! A *basket* is a set of courses; its *holders* are the past participants who bought exactly that set. A query knows some
//! courses, and baskets that share one of them vote.
//!
//! | file | |
//! | --- | --- |
//! | `distinct.rs` | the distinct baskets of all past participants |
//! | `holders.rs` | how their holders have changed since |
//! | `lazy.rs` | both for one state of a model, made when a query needs them |
//! | `search.rs` | the candidates and their votes |

mod distinct;
mod holders;
mod lazy;
mod search;

pub(crate) use lazy::History;
pub(crate) use search::{CourseVotes, HistoryVotes};
