//! Measures whether recommendations beat the best sellers, on a data directory or on a built-in synthetic programme:
//!
//! ```text
//! cargo run --release --example evaluate
//! cargo run --release --example evaluate -- --data DIR --html report.html
//! cargo run --release --example evaluate -- --data DIR --split temporal --after 2024-01-01 --segment gender,age
//! ```
//!
//! Exit status: 0; 1 for bad data and for values out of range; 2 for usage.

#![allow(clippy::print_stdout, reason = "an example talks to its user")]

#[path = "support/evaluate_args.rs"]
mod args;

use std::fmt::Display;
use std::io::{self, Write};
use std::process::ExitCode;

use anyhow::{Context, Result};
use clap::Parser;
use indicatif::ProgressBar;
use sebaya::evaluate::Progress;
use sebaya::synthetic::Programme;
use serde::Serialize;
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
    for path in args.fit_weights.iter().chain(&args.html) {
        output::check(path, &inputs)?;
    }
    let evaluation = args.evaluation()?;
    let data = match &args.data {
        Some(directory) => progress::read_dir(directory)?,
        None => progress::step("Building a synthetic programme", || Programme::new(PARTICIPANTS).training_set())?,
    };
    if let Some(path) = &args.fit_weights {
        let bar = progress::bar("Learning weights");
        let learned = evaluation.fit_weights_with(&data, |progress| show(&bar, progress));
        bar.finish_and_clear();
        let learned = learned?;
        sebaya::io::write_schema(path, learned.schema())?;
        return write(args, &learned);
    }
    let bar = progress::bar("Evaluating");
    let report = evaluation.run_with(&data, |progress| show(&bar, progress));
    bar.finish_and_clear();
    let report = report?;
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

/// Writes what came out, as JSON or to be read.
fn write(args: &Args, outcome: &(impl Serialize + Display)) -> Result<()> {
    let mut out = io::stdout().lock();
    if args.json {
        serde_json::to_writer_pretty(&mut out, outcome)?;
        writeln!(out)?;
    } else {
        if args.data.is_none() {
            writeln!(out, "A synthetic voucher programme with {PARTICIPANTS} participants.\n")?;
        }
        write!(out, "{}", terminal::lines(&outcome.to_string()))?;
    }
    Ok(out.flush()?)
}
