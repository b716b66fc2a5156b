//! Writes a synthetic voucher programme as a data directory.
//!
//! ```text
//! cargo run --release --example generate -- --out programme --participants 10000
//! ```

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::{Result, bail};
use clap::Parser;
use sebaya::{io, synthetic::Programme};
use support::{exit, progress};

/// Writes a synthetic voucher programme as a data directory: schema.toml, participants.csv, courses.csv, purchases.csv.
#[derive(Debug, Parser)]
struct Args {
    /// Directory to write
    #[arg(long, value_name = "DIR")]
    out: PathBuf,
    /// How many participants
    #[arg(long, value_name = "N", default_value = "10000", allow_hyphen_values = true)]
    participants: i128,
    /// How many courses
    #[arg(long, value_name = "N", default_value = "3000", allow_hyphen_values = true)]
    courses: i128,
    /// The same seed makes the same programme
    #[arg(long, value_name = "S", default_value = "1", allow_hyphen_values = true)]
    seed: i128,
}

fn main() -> ExitCode {
    exit::status(run(&Args::parse()))
}

fn run(args: &Args) -> Result<()> {
    let participants = count("--participants", args.participants)?;
    let courses = count("--courses", args.courses)?;
    let Ok(seed) = u64::try_from(args.seed) else {
        bail!("--seed: {} is not within 0..={}", args.seed, u64::MAX);
    };
    let programme = Programme::new(participants).courses(courses).seed(seed);
    let data = progress::step("Making participants, courses and purchases", || programme.training_set())?;
    progress::step("Writing the files", || io::write_dir(&args.out, &data))?;
    eprintln!("{participants} participants, {} purchases in {}", data.purchases().len(), args.out.display());
    Ok(())
}

fn count(option: &str, value: i128) -> Result<u32> {
    match u32::try_from(value) {
        Ok(count) if count > 0 => Ok(count),
        _ => bail!("{option}: {value} is not within 1..={}", u32::MAX),
    }
}
