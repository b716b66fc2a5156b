//! The parameters of a recommender on a command line.

use anyhow::Result;
use clap::Args;
use sebaya::linfa::ParamGuard;
use sebaya::prelude::*;
use sebaya::{Distance, RecommenderParams, Timestamp};

use super::whole::{Whole, date, whole};

#[derive(Debug, Args)]
pub struct ModelArgs {
    /// How many similar past participants vote
    #[arg(long, value_name = "N", default_value = "300", value_parser = whole, allow_hyphen_values = true)]
    k: Whole,
    /// Strength of the prior: how many votes of everyone are mixed in
    #[arg(long, value_name = "M", default_value_t = 10.0, allow_hyphen_values = true)]
    prior: f64,
    /// How profiles are compared, gower or learned; as schema.toml says by default
    #[arg(long, value_name = "NAME")]
    distance: Option<Distance>,
    /// Let votes fade: a neighbour's purchase counts half after so many days
    #[arg(long, value_name = "DAYS", allow_hyphen_values = true)]
    half_life: Option<f64>,
    /// The date to which purchases have aged: RFC 3339; that of the newest purchase by default
    #[arg(long, value_name = "DATE", value_parser = date, requires = "half_life")]
    at: Option<Timestamp>,
}

impl ModelArgs {
    /// The parameters, which keep to their rules but for the date of a half-life, which may have to come from the data.
    pub fn params(&self) -> Result<RecommenderParams> {
        let params = Recommender::params().n_neighbours(self.k.at_least_zero("k")?).prior(self.prior);
        let params = params.distance(self.distance).half_life(self.half_life);
        params.at(self.at.or(Timestamp::from_seconds(0).ok())).check()?;
        Ok(params.at(self.at))
    }
}
