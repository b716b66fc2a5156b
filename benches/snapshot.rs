//! Saving and loading a model, beside fitting it, and the memory that loading takes:
//!
//! ```text
//! cargo bench --bench snapshot                 # 1,000,000 participants
//! cargo bench --bench snapshot -- 100000
//! ```

#![allow(clippy::print_stdout, clippy::unwrap_used, reason = "a benchmark that prints")]
#![allow(clippy::cast_precision_loss, reason = "for people to read")]

use std::alloc::System;
use std::time::Instant;

use sebaya::prelude::*;
use sebaya::synthetic::Programme;
use stats_alloc::{INSTRUMENTED_SYSTEM, Region, StatsAlloc};

#[global_allocator]
static ALLOCATOR: &StatsAlloc<System> = &INSTRUMENTED_SYSTEM;

const ROUNDS: usize = 5;

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let test = arguments.iter().any(|argument| argument == "--test");
    let sizes: Vec<u32> = arguments.iter().filter_map(|argument| argument.parse().ok()).collect();
    let size = sizes.first().copied().unwrap_or(if test { 2_000 } else { 1_000_000 });

    let data = Programme::new(size).training_set().unwrap();
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("model.sebaya");
    let [fit, save, load, fingerprint] = [0, 1, 2, 3].map(|what| {
        let model = Recommender::params().fit(&data).unwrap();
        model.save(&path).unwrap();
        median(|| match what {
            0 => drop(Recommender::params().fit(&data).unwrap()),
            1 => model.save(&path).unwrap(),
            2 => drop(Recommender::load(&path).unwrap()),
            _ => assert!(!model.fingerprint().to_string().is_empty()),
        })
    });
    let bytes = std::fs::metadata(&path).unwrap().len() as f64;
    let region = Region::new(ALLOCATOR);
    let loaded = Recommender::load(&path).unwrap();
    let change = region.change();
    let kept = (change.bytes_allocated + change.bytes_reallocated.max(0).unsigned_abs())
        .saturating_sub(change.bytes_deallocated) as f64;
    assert!(loaded.contains("p1"));

    println!("{size} participants, medians of {ROUNDS} rounds");
    println!("file: {:.1} MB, {:.0} bytes a participant", bytes / 1e6, bytes / f64::from(size));
    println!(
        "fit {fit:.3} s; save {save:.3} s, {:.1} times as long; load {load:.3} s, {:.1} times as long;",
        save / fit,
        load / fit
    );
    println!("fingerprint {fingerprint:.3} s, {:.1} times as long", fingerprint / fit);
    println!("a loaded model takes {:.1} times the size of the file", kept / bytes);
}

fn median(mut run: impl FnMut()) -> f64 {
    let mut times: Vec<f64> = (0..ROUNDS)
        .map(|_| {
            let started = Instant::now();
            run();
            started.elapsed().as_secs_f64()
        })
        .collect();
    times.sort_unstable_by(f64::total_cmp);
    times[ROUNDS / 2]
}
