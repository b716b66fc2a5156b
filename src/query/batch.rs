//! Many queries at once.

#[cfg(feature = "rayon")]
use rayon::iter::{IntoParallelRefIterator, ParallelIterator};

use super::{Query, Recommendations, Recommender};
use crate::Error;

impl Recommender {
    /// Answers many queries, in their order, one result each. With the feature `rayon` it works on all cores of the current
    /// thread pool; the answers are the same.
    ///
    /// ```
    /// # use sebaya::prelude::*;
    /// # let mut data = TrainingSet::builder(Schema::new().numeric("age"));
    /// # data.course(Course::new("excel", Amount(250_000)))?;
    /// # data.participant("ani", Profile::new().with("age", 24))?.purchase("ani", "excel")?;
    /// # let model = Recommender::params().fit(&data.build()?)?;
    /// let queries = [
    ///     Query::new(Profile::new().with("age", 30), Amount(300_000)),
    ///     Query::participant("nobody", Amount(300_000)),
    /// ];
    /// let answers = model.recommend_batch(&queries);
    /// assert_eq!(answers[0].as_ref().unwrap().len(), 1);
    /// assert!(answers[1].is_err());
    /// # Ok::<(), sebaya::Error>(())
    /// ```
    pub fn recommend_batch(&self, queries: &[Query<'_>]) -> Vec<Result<Recommendations<'_>, Error>> {
        #[cfg(feature = "rayon")]
        let queries = queries.par_iter();
        #[cfg(not(feature = "rayon"))]
        let queries = queries.iter();
        queries.map(|query| self.recommend(query)).collect()
    }
}
