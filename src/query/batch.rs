//! Many queries at once.

#[cfg(feature = "rayon")]
use rayon::iter::{IntoParallelRefIterator, ParallelIterator};

use super::{Query, QueryError, Recommendations, Recommender};

impl Recommender {
    /// Answers many queries, in their order, one result each. With the feature `rayon` it works on all cores of the current
    /// thread pool; the answers are the same.
    ///
    /// ```
    /// # use sebaya::prelude::*;
    /// # let model = sebaya::example_world::model()?;
    /// let queries = ["eko", "fitri"].map(|id| Query::participant(id, Amount(300_000)));
    /// let answers = model.recommend_batch(&queries);
    /// assert_eq!(answers[0].as_ref().unwrap().len(), 3);
    /// assert_eq!(answers[1].as_ref().unwrap_err().to_string(), "participant: \"fitri\" is unknown");
    /// # Ok::<(), sebaya::Error>(())
    /// ```
    pub fn recommend_batch(&self, queries: &[Query<'_>]) -> Vec<Result<Recommendations, QueryError>> {
        #[cfg(feature = "rayon")]
        let queries = queries.par_iter();
        #[cfg(not(feature = "rayon"))]
        let queries = queries.iter();
        queries.map(|query| self.recommend(query)).collect()
    }
}
