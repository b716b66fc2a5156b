//! What an evaluation recommends to switch on.

use std::fmt;

use serde::Serialize;

use crate::domain::Distance;
use crate::model::RecommenderParams;

/// The configuration that an evaluation recommends; [`Report::configuration`](super::Report::configuration) returns it.
///
/// ```
/// use sebaya::Distance;
/// use sebaya::evaluate::{Evaluation, Split};
/// use sebaya::prelude::*;
///
/// let data = sebaya::example_world::training_set()?;
/// let report = Evaluation::new(Recommender::params()).split(Split::KFold { folds: 2 }).run(&data)?;
/// let configuration = report.configuration();
/// assert_eq!(configuration.to_string(), "`distance = gower`");
/// // A model with it:
/// let model = configuration.params(Recommender::params()).fit(&data)?;
/// assert_eq!(model.encoder().distance_kind(), Distance::Gower);
/// # Ok::<(), sebaya::Error>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
#[non_exhaustive]
pub struct Configuration {
    /// How profiles are compared.
    pub distance: Distance,
    /// In how many days a purchase loses half of its vote; `None` lets all count alike.
    pub half_life: Option<f64>,
    /// Whether to ask with the history of what is owned; `None` where no test participant had known purchases.
    pub history: Option<bool>,
}

impl Configuration {
    /// These parameters with the configuration in their place.
    #[must_use]
    pub fn params(&self, params: RecommenderParams) -> RecommenderParams {
        params.distance(self.distance).half_life(self.half_life)
    }

    /// What has to be done beside the schema's `distance`, which holds no half-life and no history: flags of the command line
    /// and calls of the library.
    pub(super) fn beside_the_schema(&self) -> Option<String> {
        let half_life = self.half_life.map(|days| {
            format!(
                "a half-life is no part of a schema: `--half-life {days}`, or `.half_life({days:?})` and `.at` with today's date"
            )
        });
        let history = self
            .history
            .filter(|&history| history)
            .map(|_| "a history is part of the question: `--history`, or `Query::use_history(true)`".to_owned());
        let all: Vec<String> = half_life.into_iter().chain(history).collect();
        (!all.is_empty()).then(|| all.join("; "))
    }
}

/// As it stands in a sentence: "`distance = learned` and a half-life of 180 days".
impl fmt::Display for Configuration {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "`distance = {}`", self.distance.name())?;
        if let Some(days) = self.half_life {
            write!(f, " and a half-life of {days} days")?;
        }
        match self.history {
            Some(true) => write!(f, ", with the history of what is owned"),
            Some(false) => write!(f, ", without the history of what is owned"),
            None => Ok(()),
        }
    }
}
