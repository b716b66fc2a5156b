//! Writes a synthetic voucher programme as a data directory.
//!
//! ```text
//! cargo run --release --example generate -- --out programme --participants 10000
//! ```

use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Duration;

use anyhow::{Context, Result, bail};
use clap::Parser;
use indicatif::{ProgressBar, ProgressStyle};
use sebaya::{io, synthetic::Programme};

/// Writes a synthetic voucher programme as a data directory: schema.toml, participants.csv, courses.csv, purchases.csv.
#[derive(Debug, Parser)]
struct Args {
    /// Directory to write
    #[arg(long, value_name = "DIR")]
    out: PathBuf,
    /// How many participants
    #[arg(long, value_name = "N", allow_hyphen_values = true)]
    participants: i128,
    /// How many courses
    #[arg(long, value_name = "N", default_value = "3000", allow_hyphen_values = true)]
    courses: i128,
    /// Another seed gives another programme
    #[arg(long, value_name = "S", default_value = "0", allow_hyphen_values = true)]
    seed: i128,
}

fn main() -> ExitCode {
    let args = match Args::try_parse() {
        Ok(args) => args,
        Err(usage) => {
            // Help goes to standard output and is no error. Nothing helps when printing fails.
            let _ = usage.print();
            return ExitCode::from(if usage.use_stderr() { 2 } else { 0 });
        }
    };
    match run(&args) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error:#}");
            ExitCode::FAILURE
        }
    }
}

fn run(args: &Args) -> Result<()> {
    let participants = count("--participants", args.participants)?;
    let courses = count("--courses", args.courses)?;
    let Ok(seed) = u64::try_from(args.seed) else {
        bail!("--seed: {} is not within 0..={}", args.seed, u64::MAX);
    };
    let programme = Programme::new(participants).courses(courses).seed(seed);
    let data = step(format!("Making {participants} participants"), || programme.training_set())?;
    step(format!("Writing {}", args.out.display()), || io::write_dir(&args.out, &data))
        .with_context(|| args.out.display().to_string())
}

fn count(option: &str, value: i128) -> Result<u32> {
    match u32::try_from(value) {
        Ok(count) if count > 0 => Ok(count),
        _ => bail!("{option}: {value} is not within 1..={}", u32::MAX),
    }
}

/// Does something that takes a while, with a sign of life on standard error where that is a terminal.
fn step<T>(what: String, work: impl FnOnce() -> T) -> T {
    let style = ProgressStyle::with_template("{spinner} {msg} {elapsed}");
    let spinner = ProgressBar::no_length().with_style(style.unwrap_or_else(|_| ProgressStyle::default_spinner()));
    spinner.set_message(what);
    spinner.enable_steady_tick(Duration::from_millis(100));
    let done = work();
    spinner.finish_and_clear();
    done
}
