//! The command line of the `evaluate` example.

use std::path::PathBuf;

use anyhow::{Result, bail};
use clap::{Parser, ValueEnum};
use sebaya::Timestamp;
use sebaya::evaluate::{Evaluation, Split};
use sebaya::io::read_amounts;

use support::model_args::ModelArgs;
use support::whole::{Whole, date, whole};

/// Measures whether recommendations beat the best sellers on a programme's own purchases.
///
/// Without arguments it evaluates on a synthetic programme with 300,000 participants.
#[derive(Debug, Parser)]
pub(crate) struct Args {
    /// Directory with schema.toml, participants.csv, courses.csv and purchases.csv
    #[arg(long, value_name = "DIR")]
    pub(crate) data: Option<PathBuf>,

    /// Who is tested: participants in random folds, or whoever bought first at the date --after or later. By default it is the newest
    /// tenth by first purchase where purchases have dates, else folds
    #[arg(long, value_enum)]
    split: Option<Kind>,
    /// How many folds; asks for them
    #[arg(long, value_name = "N", value_parser = whole, allow_hyphen_values = true)]
    folds: Option<Whole>,
    /// The date from which on participants are new: RFC 3339
    #[arg(long, value_name = "DATE", value_parser = date, required_if_eq("split", "temporal"))]
    after: Option<Timestamp>,
    /// In folds: how many purchases of each test participant are known; the rest is predicted
    #[arg(long, value_name = "N", default_value = "0", value_parser = whole, allow_hyphen_values = true)]
    known: Whole,

    /// Lengths of lists; the longest decides. By default 1,3 where the catalogue has fewer than 100 courses, else 1,3,5,10
    #[arg(long, value_name = "N,...", value_delimiter = ',', value_parser = whole)]
    cutoffs: Option<Vec<Whole>>,
    /// One more baseline: the best sellers among those with the same values of these attributes
    #[arg(long, value_name = "NAME,...", value_delimiter = ',')]
    segment: Vec<String>,
    /// Leave out courses that a larger share of the training participants bought
    #[arg(long, value_name = "SHARE", default_value_t = 1.0, allow_hyphen_values = true)]
    max_share: f64,

    /// A column of participants.csv: what each has to spend; by default what was really spent on what is predicted
    #[arg(long, value_name = "COLUMN", requires = "data")]
    balance_column: Option<String>,

    #[command(flatten)]
    model: ModelArgs,

    /// What all random numbers are derived from
    #[arg(long, value_name = "N", default_value = "0", value_parser = whole, allow_hyphen_values = true)]
    seed: Whole,
    /// Test at most so many participants, drawn at random
    #[arg(long, value_name = "N", default_value = "20000", value_parser = whole, allow_hyphen_values = true)]
    sample: Whole,
    /// Also measure other numbers of neighbours, priors and half-lives; the page always has them
    #[arg(long)]
    sweep: bool,

    /// Measure the recommender as it is configured, and choose no other configuration; takes less time
    #[arg(long)]
    as_configured: bool,
    /// Also write the recommended configuration as a schema.toml; the report says what a schema cannot hold
    #[arg(long, value_name = "OUT.toml")]
    pub(crate) write_config: Option<PathBuf>,

    /// Write the report as JSON
    #[arg(long)]
    pub(crate) json: bool,
    /// Also write the report as one page with plots, which opens without a network
    #[arg(long, value_name = "FILE")]
    pub(crate) html: Option<PathBuf>,
}

/// Where folds are asked for and their number is not.
const FOLDS: u64 = 5;

#[derive(Debug, Clone, Copy, PartialEq, ValueEnum)]
enum Kind {
    Kfold,
    Temporal,
}

impl Args {
    pub(crate) fn evaluation(&self) -> Result<Evaluation<'static>> {
        let params = self.model.params()?;
        let folds = self.folds.as_ref().map_or(Ok(FOLDS), |folds| folds.at_least_zero("folds"))?;
        let folds = u32::try_from(folds).unwrap_or(u32::MAX);
        let known = size(&self.known, "known")?;
        let wants_folds = self.split == Some(Kind::Kfold) || self.folds.is_some();
        let split = match self.after {
            Some(_) if known > 0 => bail!("known: {known} purchases can be known in folds only"),
            Some(_) if wants_folds => bail!("after: folds have no date"),
            Some(after) => Some(Split::Newcomers { after }),
            None if known > 0 => Some(Split::NextPurchases { folds, known }),
            None => wants_folds.then_some(Split::KFold { folds }),
        };
        let sample = size(&self.sample, "sample")?;
        let mut evaluation = Evaluation::new(params);
        if let Some(split) = split {
            evaluation = evaluation.split(split);
        }
        if let Some(cutoffs) = &self.cutoffs {
            evaluation = evaluation.cutoffs(cutoffs.iter().map(|k| size(k, "cutoffs")).collect::<Result<Vec<_>>>()?);
        }
        let evaluation = evaluation
            .segment(self.segment.iter().map(String::as_str))
            .max_share(self.max_share)
            .sample(sample)
            .seed(self.seed.at_least_zero("seed")?);
        let evaluation = match self.data.as_ref().zip(self.balance_column.as_ref()) {
            Some((directory, column)) => evaluation.balances(read_amounts(directory.join("participants.csv"), column)?),
            None => evaluation,
        };
        let evaluation = if self.as_configured { evaluation.as_configured() } else { evaluation };
        Ok(if self.sweep || self.html.is_some() { evaluation.sweep() } else { evaluation })
    }
}

fn size(number: &Whole, name: &str) -> Result<usize> {
    Ok(usize::try_from(number.at_least_zero(name)?).unwrap_or(usize::MAX))
}
