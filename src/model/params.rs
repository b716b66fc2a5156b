//! The hyperparameters and their rules.

use linfa::ParamGuard;
use thiserror::Error;

use crate::domain::{Distance, Purchases, Timestamp};
use crate::neighbours::IndexKind;
use crate::rank::Fade;

/// Checked hyperparameters, made by linfa's [`ParamGuard`] from [`RecommenderParams`].
///
/// ```
/// use sebaya::{Recommender, linfa::ParamGuard};
///
/// let params = Recommender::params().n_neighbours(100).check()?;
/// assert_eq!((params.n_neighbours(), params.prior()), (100, 10.0));
/// # Ok::<(), sebaya::ParamError>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct RecommenderValidParams {
    n_neighbours: u64,
    prior: f64,
    index: IndexKind,
    distance: Option<Distance>,
    half_life: Option<f64>,
    at: Option<Timestamp>,
}

impl RecommenderValidParams {
    /// How many past participants vote, at least 1.
    pub fn n_neighbours(&self) -> u64 {
        self.n_neighbours
    }

    /// The strength of the prior in votes: finite, 0 or more.
    pub fn prior(&self) -> f64 {
        self.prior
    }

    /// How profiles are compared; `None` where the schema decides.
    pub fn distance(&self) -> Option<Distance> {
        self.distance
    }

    /// The search method.
    pub fn index(&self) -> IndexKind {
        self.index
    }

    /// The number of days in which a purchase loses half of its vote: finite, more than 0. `None`: purchases do not fade.
    pub fn half_life(&self) -> Option<f64> {
        self.half_life
    }

    /// The date to which purchases have aged; there is one wherever there is a half-life.
    pub fn at(&self) -> Option<Timestamp> {
        self.at
    }
}

/// Unchecked hyperparameters, started with [`Recommender::params`](crate::Recommender::params); linfa's `fit` checks them.
///
/// ```
/// use sebaya::{ParamError, Recommender, linfa::ParamGuard};
///
/// assert_eq!(Recommender::params().n_neighbours(0).check(), Err(ParamError::NoNeighbours));
/// assert_eq!(Recommender::params().prior(-1.0).check(), Err(ParamError::BadPrior { prior: -1.0 }));
/// ```
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct RecommenderParams(RecommenderValidParams);

impl Default for RecommenderParams {
    fn default() -> Self {
        Self(RecommenderValidParams {
            n_neighbours: 300,
            prior: 10.0,
            index: IndexKind::Auto,
            distance: None,
            half_life: None,
            at: None,
        })
    }
}

impl RecommenderValidParams {
    /// How purchases fade.
    pub(crate) fn fade(&self) -> Option<Fade> {
        self.half_life.zip(self.at).map(|(half_life, at)| Fade { half_life, at })
    }

    /// Refuses a half-life when no purchase has a time.
    pub(crate) fn check_times(&self, purchases: &Purchases) -> Result<(), ParamError> {
        let fails = self.half_life.is_some() && !purchases.is_empty() && purchases.newest().is_none();
        if fails { Err(ParamError::NothingFades) } else { Ok(()) }
    }
}

impl RecommenderParams {
    /// Sets the date to which purchases have aged to that of the newest of these, where there is a half-life without a
    /// date. An [evaluation](crate::evaluate) does so with each training part.
    ///
    /// ```
    /// use sebaya::prelude::*;
    ///
    /// let mut data = TrainingSet::builder(Schema::new().numeric("age"));
    /// data.course(Course::new("excel", Amount(250_000)))?.participant("ani", Profile::new())?;
    /// data.purchase_at("ani", "excel", "2025-06-30".parse()?)?;
    /// let params = Recommender::params().half_life(365.0).aged_to_newest(data.build()?.purchases());
    /// assert_eq!(params, Recommender::params().half_life(365.0).at("2025-06-30".parse::<sebaya::Timestamp>()?));
    /// # Ok::<(), sebaya::DataError>(())
    /// ```
    #[must_use]
    pub fn aged_to_newest(self, purchases: &Purchases) -> Self {
        if self.0.half_life.is_none() || self.0.at.is_some() {
            return self;
        }
        // Where no purchase has a time, fitting fails whatever the date is.
        self.at(purchases.newest().unwrap_or(Timestamp(0)))
    }

    /// Sets how many past participants vote: at least 1. With fewer than that in the data, all vote.
    #[must_use]
    pub fn n_neighbours(mut self, n_neighbours: u64) -> Self {
        self.0.n_neighbours = n_neighbours;
        self
    }

    /// Sets the strength of the prior in votes: how many votes of everyone are mixed into the neighbours' votes. Finite, 0
    /// or more; with 0 only courses that a neighbour bought are recommended.
    #[must_use]
    pub fn prior(mut self, prior: f64) -> Self {
        self.0.prior = prior;
        self
    }

    /// Lets votes fade: a neighbour's purchase counts half after so many days, a quarter after twice as many. Finite, more
    /// than 0. With `None`, the default, purchases do not fade.
    ///
    /// A half-life needs a date to which purchases have aged, see [`at`](Self::at). Whether it helps depends on the programme,
    /// and the [evaluation](crate::evaluate) measures it. A year can help where the offer changes every year. A week is too
    /// short to learn from.
    ///
    /// ```
    /// # use sebaya::prelude::*;
    /// let mut data = TrainingSet::builder(Schema::new().numeric("age"));
    /// for (id, course, at) in [("ani", "excel", "2023-03-01"), ("budi", "sewing", "2024-02-29")] {
    ///     data.course(Course::new(course, Amount(250_000)))?;
    ///     data.participant(id, Profile::new().with("age", 24))?.purchase_at(id, course, at.parse()?)?;
    /// }
    /// let data = data.build()?;
    /// let model = Recommender::params().half_life(365.0).aged_to_newest(data.purchases()).fit(&data)?;
    /// let answer = model.recommend(&Query::new(Profile::new(), Amount(300_000)))?;
    /// let votes: Vec<_> = answer.iter().map(|r| (r.course().id().as_str(), r.votes())).collect();
    /// assert_eq!(votes, [("sewing", 1.0), ("excel", 0.5)]);
    /// # Ok::<(), sebaya::Error>(())
    /// ```
    #[must_use]
    pub fn half_life(mut self, days: impl Into<Option<f64>>) -> Self {
        self.0.half_life = days.into();
        self
    }

    /// Sets the date to which purchases have aged. A half-life needs it, and nothing else uses it. Purchases after this date and
    /// purchases without a time count in full. The date does not move while a [live model](crate::LiveRecommender) changes, so
    /// a new purchase does not change the weights of the others. [`aged_to_newest`](Self::aged_to_newest) takes the date from
    /// the data.
    ///
    /// ```
    /// use sebaya::{ParamError, Recommender, linfa::ParamGuard};
    ///
    /// let params = Recommender::params().half_life(365.0);
    /// assert_eq!(params.check(), Err(ParamError::NoDate));
    /// assert!(params.at("2025-06-30".parse::<sebaya::Timestamp>()?).check().is_ok());
    /// # Ok::<(), sebaya::DataError>(())
    /// ```
    #[must_use]
    pub fn at(mut self, date: impl Into<Option<Timestamp>>) -> Self {
        self.0.at = date.into();
        self
    }

    /// Chooses how profiles are compared. With `None`, the default, the schema decides.
    ///
    /// ```
    /// # let data = sebaya::example_world::training_set()?;
    /// use sebaya::{Distance, Recommender};
    ///
    /// let model = Recommender::params().distance(Distance::Learned).fit(&data)?;
    /// assert_eq!(model.encoder().distance_kind(), Distance::Learned);
    /// # Ok::<(), sebaya::Error>(())
    /// ```
    #[must_use]
    pub fn distance(mut self, distance: impl Into<Option<Distance>>) -> Self {
        self.0.distance = distance.into();
        self
    }

    /// Sets the search method, which changes the speed and nothing else.
    #[must_use]
    pub fn index(mut self, index: IndexKind) -> Self {
        self.0.index = index;
        self
    }
}

/// Starts from checked parameters, to change some of them.
impl From<RecommenderValidParams> for RecommenderParams {
    fn from(checked: RecommenderValidParams) -> Self {
        Self(checked)
    }
}

impl ParamGuard for RecommenderParams {
    type Checked = RecommenderValidParams;
    type Error = ParamError;

    fn check_ref(&self) -> Result<&RecommenderValidParams, ParamError> {
        let RecommenderValidParams { n_neighbours, prior, half_life, at, .. } = self.0;
        if n_neighbours == 0 {
            return Err(ParamError::NoNeighbours);
        }
        if !prior.is_finite() || prior < 0.0 {
            return Err(ParamError::BadPrior { prior });
        }
        if let Some(days) = half_life.filter(|days| !days.is_finite() || *days <= 0.0) {
            return Err(ParamError::BadHalfLife { days });
        }
        if half_life.is_some() && at.is_none() {
            return Err(ParamError::NoDate);
        }
        Ok(&self.0)
    }

    fn check(self) -> Result<RecommenderValidParams, ParamError> {
        self.check_ref().copied()
    }
}

/// Which hyperparameter breaks its rule.
///
/// ```
/// use sebaya::{ParamError, Recommender, linfa::ParamGuard};
///
/// let error = Recommender::params().n_neighbours(0).check().unwrap_err();
/// assert_eq!(error.to_string(), "k: 0 neighbours are too few, at least 1 must vote");
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Error)]
#[non_exhaustive]
pub enum ParamError {
    /// No neighbours are asked for.
    #[error("k: 0 neighbours are too few, at least 1 must vote")]
    NoNeighbours,
    /// The prior is negative or not finite.
    #[error("prior: {prior} is not a finite number of 0 or more")]
    BadPrior {
        /// The prior.
        prior: f64,
    },
    /// The half-life is not a finite number of days above 0.
    #[error("half-life: {days} is not a finite number of days above 0")]
    BadHalfLife {
        /// The number of days.
        days: f64,
    },
    /// A half-life without a date.
    #[error("half-life: the date to which purchases have aged is missing")]
    NoDate,
    /// The encoder has learned from participants of another schema.
    #[error("encoder: it was fitted for another schema")]
    OtherSchema,
    /// There is a half-life, but no purchase has a time.
    #[error("half-life: no purchase has a time, so none can fade")]
    NothingFades,
}
