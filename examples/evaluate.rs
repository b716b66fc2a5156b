//! Measures whether recommendations beat the best sellers, on a data directory or on a built-in synthetic programme:
//!
//! ```text
//! cargo run --release --example evaluate
//! cargo run --release --example evaluate -- --data DIR --html report.html
//! cargo run --release --example evaluate -- --data DIR --after 2024-01-01 --write-config recommended.toml
//! cargo run --release --example evaluate -- --data DIR --split kfold --segment gender,age
//! ```
//!
//! Exit status: 0; 1 for bad data and for values out of range; 2 for usage.

#![allow(clippy::print_stdout, reason = "an example talks to its user")]

#[path = "support/evaluate_args.rs"]
mod args;

use std::io::{self, Write};
use std::process::ExitCode;

use anyhow::{Context, Result};
use clap::Parser;
use indicatif::ProgressBar;
use sebaya::evaluate::{Progress, Report};
use sebaya::synthetic::Programme;
use support::output::OutputFile;
use support::{exit, output, progress, terminal};

use args::Args;

/// The built-in programme.
const PARTICIPANTS: u32 = 300_000;

fn main() -> ExitCode {
    exit::status(run(&Args::parse()))
}

fn run(args: &Args) -> Result<()> {
    let inputs = output::data_files(args.data.as_deref());
    for path in args.write_config.iter().chain(&args.html) {
        output::check(path, &inputs)?;
    }
    let evaluation = args.evaluation()?;
    let data = match &args.data {
        Some(directory) => progress::read_dir(directory)?,
        None => progress::step("Building a synthetic programme", || Programme::new(PARTICIPANTS).training_set())?,
    };
    let bar = progress::bar("Evaluating");
    let report = evaluation.run_with(&data, |progress| show(&bar, progress));
    bar.finish_and_clear();
    let report = report?;
    if let Some(path) = &args.write_config {
        let schema = data.participants().schema().clone();
        sebaya::io::write_schema(path, &schema.with_distance(report.configuration().distance))?;
    }
    if let Some(path) = &args.html {
        let mut file = OutputFile::create(path, &inputs)?;
        file.write_all(report.to_html().as_bytes()).with_context(|| path.display().to_string())?;
        file.finish()?;
    }
    write(args, &report)
}

fn show(bar: &ProgressBar, progress: Progress) {
    bar.set_length(progress.total as u64);
    bar.set_position(progress.done as u64);
}

/// Writes the report, as JSON or to be read.
fn write(args: &Args, report: &Report) -> Result<()> {
    let mut out = io::stdout().lock();
    if args.json {
        serde_json::to_writer_pretty(&mut out, report)?;
        writeln!(out)?;
    } else {
        if args.data.is_none() {
            writeln!(out, "A synthetic voucher programme with {PARTICIPANTS} participants.\n")?;
        }
        write!(out, "{}", terminal::lines(&report.to_string()))?;
    }
    Ok(out.flush()?)
}
