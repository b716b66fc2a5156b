//! A whole national programme on one machine: builds it, fits a model, recommends for every participant and writes the answers
//! to disk as it goes.
//!
//! ```text
//! cargo run --release --example national -- --out answers.csv
//! cargo run --release --example national -- --out answers.csv --participants 100000
//! ```

#![allow(clippy::print_stdout, reason = "an example talks to its user")]

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::Instant;

use anyhow::{Context, Result};
use clap::Parser;
use indicatif::{ProgressBar, ProgressStyle};
use sebaya::{prelude::*, synthetic::Programme};
use support::exit;
use support::output::OutputFile;

/// What everyone has left to spend.
const BALANCE: Amount = Amount(300_000);

/// Participants answered at a time.
const CHUNK: u32 = 16_384;

/// Recommends for every participant of a synthetic programme.
#[derive(Debug, Parser)]
struct Args {
    /// Where the answers go: one line a participant, an id and the recommended courses, best first
    #[arg(long, value_name = "FILE")]
    out: PathBuf,
    /// How many participants; by October 2024 the real programme had had 18.9 million
    #[arg(long, value_name = "N", default_value_t = 18_900_000)]
    participants: u32,
    /// How many courses each
    #[arg(long, value_name = "N", default_value_t = 5)]
    top: usize,
}

fn main() -> ExitCode {
    exit::status(run(&Args::parse()))
}

fn run(args: &Args) -> Result<()> {
    let n = args.participants;
    // Fails before the long work, not after it.
    let mut out = OutputFile::create(&args.out, &[])?;

    let start = Instant::now();
    let data = Programme::new(n).training_set()?;
    report("build", n, start);
    println!("{} purchases", data.purchases().len());

    let start = Instant::now();
    let model = Recommender::params().fit(&data)?;
    drop(data);
    report("fit", n, start);
    println!("{} distinct profiles", model.n_distinct_profiles());

    let start = Instant::now();
    recommend_for_all(&model, args, &mut out).with_context(|| args.out.display().to_string())?;
    out.finish()?;
    report("recommend", n, start);
    println!("answers in {}", args.out.display());
    Ok(())
}

fn recommend_for_all(model: &Recommender, args: &Args, mut out: impl Write) -> Result<()> {
    let style = ProgressStyle::with_template("{wide_bar} {pos} of {len}, {per_sec}, {eta} left")?;
    let bar = ProgressBar::new(args.participants.into()).with_style(style);
    for first in (0..args.participants).step_by(CHUNK as usize) {
        let chunk = first..args.participants.min(first.saturating_add(CHUNK));
        let query = |i| Query::participant(format!("p{i}"), BALANCE).top_n(args.top);
        let answers = model.recommend_batch(&chunk.clone().map(query).collect::<Vec<_>>());
        for (i, answer) in chunk.zip(answers) {
            write!(out, "p{i}")?;
            for best in &answer? {
                write!(out, ",{}", best.course().id())?;
            }
            writeln!(out)?;
        }
        bar.set_position((first + CHUNK).min(args.participants).into());
    }
    bar.finish_and_clear();
    Ok(())
}

fn report(step: &str, n: u32, start: Instant) {
    let seconds = start.elapsed().as_secs_f64();
    let memory = peak_memory().map_or(String::new(), |mib| format!(", peak memory {mib} MiB so far"));
    println!("{step}: {seconds:.1} s, {:.0} participants a second{memory}", f64::from(n) / seconds);
}

/// The most memory that the process had, where the system tells it as Linux does.
fn peak_memory() -> Option<u64> {
    let status = std::fs::read_to_string(Path::new("/proc/self/status")).ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    Some(line.split_whitespace().next()?.parse::<u64>().ok()? / 1024)
}
