//! Queries one after another in the same memory.

use super::scratch::Scratch;
use super::{Answer, Query, QueryError, Recommendations, Recommender};

/// Answers queries one after another and reuses its memory and that of the list.
///
/// After the first few queries, [`recommend`](Self::recommend) allocates nothing, unless an index of linfa-nn is searched or
/// a query holds tags never seen before.
///
/// ```
/// # use sebaya::prelude::*;
/// # let model = sebaya::example_world::model()?;
/// let mut searcher = model.searcher();
/// for age in [24, 31, 45] {
///     let query = Query::new(Profile::new().with("age", age), Amount(300_000));
///     assert_eq!(searcher.recommend(&query)?.len(), 3);
/// }
/// # Ok::<(), sebaya::Error>(())
/// ```
#[derive(Debug)]
pub struct Searcher<'m> {
    model: &'m Recommender,
    scratch: Scratch,
    list: Recommendations,
}

impl<'m> Searcher<'m> {
    pub(super) fn new(model: &'m Recommender) -> Self {
        Self { model, scratch: Scratch::new(&model.model), list: Recommendations::default() }
    }

    /// As [`Recommender::recommend`], into the list of the last call.
    ///
    /// # Errors
    ///
    /// As [`Recommender::recommend`].
    pub fn recommend(&mut self, query: &Query<'_>) -> Result<&Recommendations, QueryError> {
        self.scratch.recommend(&self.model.model, query, query.top_n)?;
        self.list.fill(&self.model.model, query, &self.scratch);
        Ok(&self.list)
    }

    /// As [`Recommender::answer`], with the search memory of the last call. The answer itself is allocated.
    ///
    /// # Errors
    ///
    /// As [`Recommender::answer`].
    pub fn answer(&mut self, query: &Query<'_>) -> Result<Answer, QueryError> {
        Answer::new(&self.model.model, query, &mut self.scratch)
    }
}
