//! The command line of the `recommend` example.
//!
//! A text that is no number is wrong usage (status 2); a number out of range is a wrong value (status 1). So numbers are
//! read in two steps: their form by clap, their range here.

use std::path::PathBuf;

use anyhow::{Context, Result, bail};
use clap::{ArgGroup, Parser};
use sebaya::prelude::*;
use sebaya::{Amount, IndexKind, RecommenderParams};

use support::model_args::ModelArgs;
use support::output::data_files;
use support::terminal::cell;
use support::whole::{Whole, whole};

/// Recommends the courses that similar past participants took, of those that the balance still pays for.
///
/// Without arguments it builds a synthetic programme with 300,000 participants and recommends for one of them who has
/// Rp300.000 left.
#[derive(Debug, Parser)]
#[command(group(ArgGroup::new("query").args(["participant", "profile", "queries"]).requires("data")))]
pub(crate) struct Args {
    /// Directory with schema.toml, participants.csv, courses.csv and purchases.csv
    #[arg(long, value_name = "DIR", requires = "query")]
    pub(crate) data: Option<PathBuf>,

    /// Ask for a participant of the data; what they bought is owned
    #[arg(long, value_name = "ID", requires = "balance")]
    participant: Option<String>,
    /// Ask for anyone: a JSON object of attribute names and values; absent or null is missing
    #[arg(long, value_name = "JSON", requires = "balance")]
    profile: Option<String>,
    /// Ask for many: a CSV file with the columns id, balance, every attribute, and optionally owned
    #[arg(long, value_name = "FILE.csv", conflicts_with = "balance")]
    queries: Option<PathBuf>,

    /// What is left to spend, in the currency's smallest unit in use
    #[arg(long, value_name = "N", value_parser = whole, allow_hyphen_values = true, requires = "query")]
    balance: Option<Whole>,
    /// Courses that the profile's owner has already, separated by commas
    #[arg(long, value_name = "ID,...", value_delimiter = ',', requires = "profile", conflicts_with_all = ["participant", "queries"])]
    owned: Vec<String>,

    /// Recommend by what is owned already as well as by the profile
    #[arg(long, requires = "query")]
    history: bool,

    #[command(flatten)]
    model: ModelArgs,
    /// How many courses at the most
    #[arg(long, value_name = "N", default_value = "10", value_parser = whole, allow_hyphen_values = true)]
    top: Whole,
    /// Search method; the answers are the same
    #[arg(long, value_name = "NAME", default_value_t = IndexKind::Auto, help = index_help())]
    index: IndexKind,

    /// Also answer with the best set of courses for the balance
    #[arg(long)]
    pub(crate) plan: bool,
    /// How many courses the set has at the most
    #[arg(long, value_name = "N", default_value = "5", value_parser = whole, allow_hyphen_values = true)]
    max_courses: Whole,
    /// What it is worth to spend the whole balance, in mean scores of the ten best courses: 0 to 1000000
    #[arg(long, value_name = "X", default_value_t = 0.0, allow_hyphen_values = true)]
    use_up: f64,

    /// Write the answers to a file, which appears when all are written
    #[arg(long, value_name = "FILE")]
    pub(crate) out: Option<PathBuf>,
    /// Write one JSON object a line
    #[arg(long)]
    pub(crate) json: bool,
}

fn index_help() -> String {
    format!("Search method, which changes the speed only: {}", IndexKind::ALL.map(IndexKind::name).join(", "))
}

/// What is asked.
pub(crate) enum Question {
    BuiltIn,
    Participant { id: String, balance: Amount },
    Profile { profile: Profile, balance: Amount, owned: Vec<String> },
    File(PathBuf),
}

/// The options of a query.
#[derive(Clone, Copy)]
pub(crate) struct Options {
    pub(crate) history: bool,
    pub(crate) top_n: usize,
    pub(crate) max_courses: usize,
    pub(crate) spend_weight: f64,
}

impl Args {
    pub(crate) fn params(&self) -> Result<RecommenderParams> {
        Ok(self.model.params()?.index(self.index))
    }

    /// The files that are read.
    pub(crate) fn inputs(&self) -> Vec<PathBuf> {
        data_files(self.data.as_deref()).into_iter().chain(self.queries.clone()).collect()
    }

    /// What all queries have in common.
    pub(crate) fn options(&self) -> Result<Options> {
        if !(0.0..=1e6).contains(&self.use_up) {
            bail!("use-up: {} is not a number from 0 to 1000000", self.use_up);
        }
        let size = |number: u64| usize::try_from(number).unwrap_or(usize::MAX);
        Ok(Options {
            history: self.history,
            top_n: size(self.top.at_least_zero("top")?),
            max_courses: size(self.max_courses.at_least_zero("max-courses")?),
            spend_weight: self.use_up,
        })
    }

    pub(crate) fn question(&self) -> Result<Question> {
        if let Some(path) = &self.queries {
            return Ok(Question::File(path.clone()));
        }
        // clap sees to it that a participant or a profile comes with a balance.
        let Some(balance) = &self.balance else { return Ok(Question::BuiltIn) };
        balance.at_least_zero("balance")?;
        let balance = balance.digits.parse::<Amount>().context("balance")?;
        if let Some(id) = &self.participant {
            return Ok(Question::Participant { id: id.clone(), balance });
        }
        let json = self.profile.as_deref().unwrap_or_default();
        let profile = serde_json::from_str(json).with_context(|| format!("profile: {}", cell(json)))?;
        let owned = self.owned.iter().filter(|id| !id.is_empty()).cloned().collect();
        Ok(Question::Profile { profile, balance, owned })
    }
}
