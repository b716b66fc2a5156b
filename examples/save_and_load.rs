//! Saves a fitted model, loads it, and shows that nothing differs:
//!
//! ```text
//! cargo run --release --example save_and_load
//! cargo run --release --example save_and_load -- --participants 1000000 --keep model.sebaya
//! ```

#![allow(clippy::print_stdout, reason = "an example talks to its user")]

use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Instant;

use anyhow::{Result, ensure};
use clap::Parser;
use sebaya::prelude::*;
use sebaya::synthetic::Programme;
use support::{exit, progress};

/// Saves a model and loads it again.
#[derive(Debug, Parser)]
struct Args {
    /// How many participants the synthetic programme has
    #[arg(long, value_name = "N", default_value_t = 100_000)]
    participants: u32,
    /// Where to save the model and leave it; without, it goes when all is shown
    #[arg(long, value_name = "FILE")]
    keep: Option<PathBuf>,
}

fn main() -> ExitCode {
    exit::status(run(&Args::parse()))
}

fn run(args: &Args) -> Result<()> {
    let data = progress::step("Building a synthetic programme", || Programme::new(args.participants).training_set())?;
    let started = Instant::now();
    let model = Recommender::params().fit(&data)?;
    println!("fitted {} participants in {:.2} s", args.participants, started.elapsed().as_secs_f64());

    let folder = tempfile::tempdir()?;
    let path = args.keep.clone().unwrap_or_else(|| folder.path().join("model.sebaya"));
    let started = Instant::now();
    model.save(&path)?;
    let kilobytes = std::fs::metadata(&path)?.len() / 1_000;
    println!("saved {kilobytes} kB in {:.2} s", started.elapsed().as_secs_f64());

    let started = Instant::now();
    let loaded = Recommender::load(&path)?;
    println!("loaded and checked it in {:.2} s", started.elapsed().as_secs_f64());

    ensure!(model.fingerprint() == loaded.fingerprint());
    println!("both have the fingerprint {}", model.fingerprint());
    let mut compared = 0;
    for id in data.participants().ids().take(500) {
        let query = Query::participant(id, Amount(300_000));
        ensure!(model.recommend(&query)? == loaded.recommend(&query)?);
        compared += 1;
    }
    println!("and the same answers to {compared} queries");
    Ok(())
}
