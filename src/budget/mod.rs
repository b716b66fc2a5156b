//! What the balance pays for.
//!
//! | file | |
//! | --- | --- |
//! | `eligibility.rs` | which courses may be recommended at all |
//! | `value.rs` | what a course is worth to a plan |
//! | `solver/` | the best set of courses for the balance: an exact knapsack solver |

mod eligibility;
mod solver;
mod value;

pub use solver::Infeasible;

pub(crate) use eligibility::{Eligibility, Owned, affordable};
pub(crate) use solver::{Chosen, Item, Problem, Solved, solve};
pub(crate) use value::{mean_of_ten_best, value, value_units};
