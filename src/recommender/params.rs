//! The hyperparameters and their rules.

use linfa::ParamGuard;
use thiserror::Error;

use super::Recommender;
use crate::neighbours::IndexKind;

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

    /// The search method.
    pub fn index(&self) -> IndexKind {
        self.index
    }
}

/// Unchecked hyperparameters, started with [`Recommender::params`]; linfa's `fit` checks them.
///
/// ```
/// use sebaya::{ParamError, Recommender, linfa::ParamGuard};
///
/// assert_eq!(Recommender::params().n_neighbours(0).check(), Err(ParamError::NoNeighbours));
/// assert_eq!(Recommender::params().prior(-1.0).check(), Err(ParamError::BadPrior { prior: -1.0 }));
/// ```
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct RecommenderParams(RecommenderValidParams);

impl Recommender {
    /// The default parameters: 300 neighbours, a prior of 10 votes, the fastest index.
    pub fn params() -> RecommenderParams {
        RecommenderParams(RecommenderValidParams { n_neighbours: 300, prior: 10.0, index: IndexKind::Auto })
    }
}

impl RecommenderParams {
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

    /// The number of neighbours and the prior, checked or not.
    pub(crate) fn values(&self) -> (u64, f64) {
        (self.0.n_neighbours, self.0.prior)
    }

    /// Sets the search method, which changes the speed and nothing else.
    #[must_use]
    pub fn index(mut self, index: IndexKind) -> Self {
        self.0.index = index;
        self
    }
}

impl ParamGuard for RecommenderParams {
    type Checked = RecommenderValidParams;
    type Error = ParamError;

    fn check_ref(&self) -> Result<&RecommenderValidParams, ParamError> {
        let RecommenderValidParams { n_neighbours, prior, .. } = self.0;
        if n_neighbours == 0 {
            return Err(ParamError::NoNeighbours);
        }
        if !prior.is_finite() || prior < 0.0 {
            return Err(ParamError::BadPrior { prior });
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
}
