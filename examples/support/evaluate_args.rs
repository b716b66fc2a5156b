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

    /// Who is tested: participants in random folds, or whoever bought first at the date --after or later
    #[arg(long, value_enum, default_value_t = Kind::Kfold)]
    split: Kind,
    /// How many folds
    #[arg(long, value_name = "N", default_value = "5", value_parser = whole, allow_hyphen_values = true)]
    folds: Whole,
    /// The date from which on participants are new: RFC 3339
    #[arg(long, value_name = "DATE", value_parser = date, required_if_eq("split", "temporal"))]
    after: Option<Timestamp>,
    /// In folds: how many purchases of each test participant are known; the rest is foretold
    #[arg(long, value_name = "N", default_value = "0", value_parser = whole, allow_hyphen_values = true)]
    known: Whole,

    /// Lengths of lists; the longest decides
    #[arg(long, value_name = "N,...", value_delimiter = ',', default_value = "1,3,5,10", value_parser = whole)]
    cutoffs: Vec<Whole>,
    /// One more baseline: the best sellers among those with the same values of these attributes
    #[arg(long, value_name = "NAME,...", value_delimiter = ',')]
    segment: Vec<String>,
    /// Leave out courses that a larger share of the training participants bought
    #[arg(long, value_name = "SHARE", default_value_t = 1.0, allow_hyphen_values = true)]
    max_share: f64,

    /// A column of participants.csv: what each has to spend; by default what was really spent on what is foretold
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

    /// Also measure weights of attributes that are learned from each training part
    #[arg(long)]
    learned_weights: bool,
    /// Instead of a report: learn weights of attributes, from the purchases before --after or else all, and write a schema.toml
    #[arg(long, value_name = "OUT.toml", conflicts_with_all = ["html", "sweep", "learned_weights"])]
    pub(crate) fit_weights: Option<PathBuf>,

    /// Write the report as JSON
    #[arg(long)]
    pub(crate) json: bool,
    /// Also write the report as one page with plots, which opens without a network
    #[arg(long, value_name = "FILE")]
    pub(crate) html: Option<PathBuf>,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum Kind {
    Kfold,
    Temporal,
}

impl Args {
    pub(crate) fn evaluation(&self) -> Result<Evaluation<'static>> {
        let params = self.model.params()?;
        let folds = u32::try_from(self.folds.at_least_zero("folds")?).unwrap_or(u32::MAX);
        let known = size(&self.known, "known")?;
        let split = match (self.split, self.after) {
            (Kind::Temporal, Some(_)) if known > 0 => bail!("known: {known} purchases can be known in folds only"),
            (Kind::Temporal, Some(after)) => Split::Newcomers { after },
            // clap sees to it that a temporal split comes with a date.
            _ if known > 0 => Split::NextPurchases { folds, known },
            _ => Split::KFold { folds },
        };
        let cutoffs = self.cutoffs.iter().map(|k| size(k, "cutoffs")).collect::<Result<Vec<_>>>()?;
        let sample = size(&self.sample, "sample")?;
        let evaluation = Evaluation::new(params)
            .split(split)
            .cutoffs(cutoffs)
            .segment(self.segment.iter().map(String::as_str))
            .max_share(self.max_share)
            .sample(sample)
            .seed(self.seed.at_least_zero("seed")?);
        let evaluation = match self.data.as_ref().zip(self.balance_column.as_ref()) {
            Some((directory, column)) => evaluation.balances(read_amounts(directory.join("participants.csv"), column)?),
            None => evaluation,
        };
        let evaluation = if self.learned_weights { evaluation.learned_weights() } else { evaluation };
        Ok(if self.sweep || self.html.is_some() { evaluation.sweep() } else { evaluation })
    }
}

fn size(number: &Whole, name: &str) -> Result<usize> {
    Ok(usize::try_from(number.at_least_zero(name)?).unwrap_or(usize::MAX))
}
