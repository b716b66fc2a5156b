//! Why a list is empty.

use std::fmt;

use serde::Serialize;

use super::Query;
use super::pipeline::eligibility;
use super::scratch::Scratch;
use crate::budget::affordable;
use crate::domain::Amount;
use crate::model::Model;

/// Why no course is recommended: the first rule, in this order, that leaves none.
///
/// ```
/// use sebaya::{EmptyReason, prelude::*};
///
/// # let model = sebaya::example_world::model()?;
/// let answer = model.recommend(&Query::participant("eko", Amount(50_000)))?;
/// let reason = EmptyReason::NothingAffordable { cheapest: Amount(100_000) };
/// assert_eq!(answer.empty_reason(), Some(reason));
/// assert_eq!(reason.to_string(), "the balance does not pay for any course; the cheapest one costs 100000");
/// # Ok::<(), sebaya::Error>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(tag = "reason", rename_all = "snake_case")]
#[non_exhaustive]
pub enum EmptyReason {
    /// The query asks for at most 0 courses.
    NothingAskedFor,
    /// No course is open.
    NothingOpen,
    /// All open courses are owned.
    AllOwned,
    /// The query's filter accepts none of the others.
    FilteredOut,
    /// The balance pays for none of the others.
    NothingAffordable {
        /// The price of the cheapest of them.
        cheapest: Amount,
    },
    /// Nobody has bought anything yet, so there is nobody to learn from.
    NoPurchases,
    /// Nobody bought any of the others; without a prior: no neighbour did.
    NothingBought,
}

impl EmptyReason {
    pub(super) fn find(model: &Model, query: &Query<'_>, scratch: &Scratch) -> Self {
        let rules = eligibility(model, query, &scratch.owned);
        // Which rules leave a course, and the cheapest of those that only the balance may keep out.
        let (mut any_open, mut any_not_owned, mut cheapest) = (false, false, None);
        for (course, number) in model.catalogue.iter().zip(0..).filter(|(course, _)| course.is_open()) {
            any_open = true;
            if !scratch.owned.contains(number) {
                any_not_owned = true;
                if rules.accepts(course) {
                    cheapest = Some(cheapest.map_or(course.price(), |price: Amount| price.min(course.price())));
                }
            }
        }
        match cheapest {
            _ if query.top_n == 0 => Self::NothingAskedFor,
            None if !any_open => Self::NothingOpen,
            None if !any_not_owned => Self::AllOwned,
            None => Self::FilteredOut,
            Some(cheapest) if !affordable(cheapest, query.balance) => Self::NothingAffordable { cheapest },
            Some(_) if model.n_past == 0 => Self::NoPurchases,
            Some(_) => Self::NothingBought,
        }
    }
}

impl fmt::Display for EmptyReason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NothingAskedFor => f.write_str("at most 0 courses were asked for"),
            Self::NothingOpen => f.write_str("no course is open"),
            Self::AllOwned => f.write_str("every open course is owned already"),
            Self::FilteredOut => f.write_str("the filter accepts no course"),
            Self::NothingAffordable { cheapest } => {
                write!(f, "the balance does not pay for any course; the cheapest one costs {cheapest}")
            }
            Self::NoPurchases => f.write_str("nobody has bought anything yet"),
            Self::NothingBought => f.write_str("no neighbour bought any of the courses that the balance pays for"),
        }
    }
}
