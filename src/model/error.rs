//! Why no model can be fitted.

use thiserror::Error;

use super::ParamError;
use crate::domain::DataError;
use crate::neighbours::IndexError;

/// Why no model can be fitted.
///
/// ```
/// use sebaya::{FitError, ParamError, Recommender};
///
/// # let data = sebaya::example_world::training_set()?;
/// let error = Recommender::params().n_neighbours(0).fit(&data).unwrap_err();
/// assert!(matches!(error, FitError::Params(ParamError::NoNeighbours)));
/// # Ok::<(), sebaya::Error>(())
/// ```
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum FitError {
    /// A hyperparameter breaks its rule.
    #[error(transparent)]
    Params(#[from] ParamError),
    /// Data were refused.
    #[error(transparent)]
    Data(#[from] DataError),
    /// The chosen index cannot be built.
    #[error(transparent)]
    Index(#[from] IndexError),
    /// linfa refused something; its traits ask for this variant.
    #[error(transparent)]
    Linfa(#[from] linfa::Error),
}
