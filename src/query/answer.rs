//! All that one page shows, from one search.

use serde::Serialize;

use super::scratch::Scratch;
use super::{Neighbours, Plan, Query, QueryError, Recommendations, Recommender};
use crate::model::Model;

impl Recommender {
    /// The list, the plan and the neighbours of a query, from one neighbourhood search: what
    /// [`recommend`](Self::recommend), [`plan`](Self::plan) and [`neighbours`](Self::neighbours) give one by one.
    ///
    /// # Errors
    ///
    /// As [`Recommender::plan`].
    ///
    /// ```
    /// # use sebaya::prelude::*;
    /// # let model = sebaya::example_world::model()?;
    /// let answer = model.answer(&Query::participant("eko", Amount(300_000)))?;
    /// assert_eq!(answer.recommendations.iter().next().unwrap().course().title(), "Excel for the office");
    /// assert_eq!(answer.plan.to_string(), "1 course for Rp250.000, Rp50.000 left");
    /// assert_eq!(answer.neighbours.n_inside() + answer.neighbours.n_boundary(), 2);
    /// # Ok::<(), sebaya::Error>(())
    /// ```
    pub fn answer(&self, query: &Query<'_>) -> Result<Answer, QueryError> {
        self.scratch.with(&self.model, |scratch| Answer::new(&self.model, query, scratch))
    }
}

/// The answer to a query for one page: see [`Recommender::answer`]. It owns what it says.
///
/// ```
/// # use sebaya::prelude::*;
/// # let model = sebaya::example_world::model()?;
/// let answer = model.answer(&Query::participant("eko", Amount(300_000)))?;
/// let json = serde_json::to_value(&answer).unwrap();
/// assert_eq!(json["recommendations"]["list"][0]["course"]["title"], "Excel for the office");
/// assert_eq!(json["plan"]["leftover"], 50_000);
/// assert_eq!(json["neighbours"]["similarities"][0]["attribute"], "age");
/// # Ok::<(), sebaya::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Serialize)]
#[non_exhaustive]
pub struct Answer {
    /// The courses one by one, best first.
    pub recommendations: Recommendations,
    /// The best set of courses for the balance.
    pub plan: Plan,
    /// Who voted, and how similar they are.
    pub neighbours: Neighbours,
}

impl Answer {
    pub(super) fn new(model: &Model, query: &Query<'_>, scratch: &mut Scratch) -> Result<Self, QueryError> {
        query.check_plan()?;
        // A plan chooses among all courses, of which the list shows the best.
        scratch.recommend(model, query, usize::MAX)?;
        Ok(Self {
            recommendations: Recommendations::new(model, query, scratch),
            neighbours: Neighbours::new(model, scratch),
            plan: Plan::best(model, query, scratch)?,
        })
    }
}
