//! Writes a synthetic voucher programme as a data directory:
//!
//! ```text
//! cargo run --release --example generate -- --out DIR --participants 10000
//! ```

#[path = "support/progress.rs"]
mod progress;

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::Result;
use clap::Parser;
use sebaya::{io, synthetic::Programme};

/// Writes schema.toml, participants.csv, courses.csv and purchases.csv of a synthetic voucher programme.
#[derive(Debug, Parser)]
struct Args {
    /// The directory, which is made where there is none
    #[arg(long, value_name = "DIR")]
    out: PathBuf,
    /// How many participants
    #[arg(long, value_name = "N", default_value_t = 10_000)]
    participants: u32,
    /// How many courses
    #[arg(long, value_name = "N", default_value_t = 3_000)]
    courses: u32,
    /// The same seed makes the same programme
    #[arg(long, value_name = "N", default_value_t = 1)]
    seed: u64,
}

fn main() -> ExitCode {
    match run(&Args::parse()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error:#}");
            ExitCode::FAILURE
        }
    }
}

fn run(args: &Args) -> Result<()> {
    let programme = Programme::new(args.participants).courses(args.courses).seed(args.seed);
    let data = progress::step("Building", || programme.training_set())?;
    progress::step("Writing", || io::write_dir(&args.out, &data))?;
    eprintln!("{} participants, {} purchases in {}", args.participants, data.purchases().len(), args.out.display());
    Ok(())
}
