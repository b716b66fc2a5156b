//! Readers and a writer in one process: how many queries are answered with and without changes going on, how long changes
//! take, and whether all answers are those of a model fitted anew in the end.
//!
//! ```text
//! cargo run --release --example live_service
//! cargo run --release --example live_service -- --participants 1000000 --seconds 20
//! ```

#![allow(clippy::print_stdout, reason = "an example talks to its user")]

#[path = "support/exit.rs"]
mod exit;
#[path = "support/progress.rs"]
mod progress;

use std::collections::BTreeMap;
use std::process::ExitCode;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Result, ensure};
use clap::Parser;
use sebaya::prelude::*;
use sebaya::synthetic::Programme;
use sebaya::{Change, Timestamp};

/// Asks a model while it changes.
#[derive(Debug, Parser)]
struct Args {
    /// How many participants the synthetic programme has
    #[arg(long, value_name = "N", default_value_t = 100_000)]
    participants: u32,
    /// How long to ask without changes, and then with them
    #[arg(long, value_name = "N", default_value_t = 3, value_parser = clap::value_parser!(u64).range(1..))]
    seconds: u64,
    /// How many threads ask; one more changes
    #[arg(long, value_name = "N", default_value_t = 1, value_parser = clap::value_parser!(u16).range(1..))]
    readers: u16,
    /// How many changes a second, first; then as many as can be made
    #[arg(long, value_name = "N", default_value_t = 1_000, value_parser = clap::value_parser!(u32).range(1..))]
    rate: u32,
}

/// Queries that are compared with a model fitted anew.
const COMPARED: usize = 500;

fn main() -> ExitCode {
    exit::status(run(&Args::parse()))
}

fn run(args: &Args) -> Result<()> {
    let data = progress::step("Building a synthetic programme", || Programme::new(args.participants).training_set())?;
    let model = progress::step("Fitting", || Recommender::params().fit(&data))?;
    let live = progress::step("Making it live", || LiveRecommender::new(model))?;
    let queries = queries(&data);

    let time = Duration::from_secs(args.seconds);
    let alone = ask(&live, &queries, args.readers, || thread::sleep(time));
    println!("readers alone ({}): {:.0} queries a second", args.readers, rate(alone, time));
    let pace = Duration::from_secs(1) / args.rate;
    for (pace, what) in [(pace, format!("{} changes a second", args.rate)), (Duration::ZERO, "full speed".to_owned())] {
        let mut latencies = BTreeMap::new();
        let together = ask(&live, &queries, args.readers, || latencies = change(&live, &data, time, pace));
        println!(
            "\nwith a writer at {what}: {:.0} queries a second, {:.0} % of those alone",
            rate(together, time),
            100.0 * rate(together, time) / rate(alone, time)
        );
        println!("{:<22}{:>9}{:>14}{:>14}{:>14}", "change", "times", "median", "p99", "longest");
        for (name, mut all) in latencies {
            all.sort_unstable();
            let at = |share: usize| format!("{:.1} us", all[(all.len() - 1) * share / 100].as_secs_f64() * 1e6);
            println!("{name:<22}{:>9}{:>14}{:>14}{:>14}", all.len(), at(50), at(99), at(100));
        }
    }

    let state = live.current();
    let remaining = state.training_set()?;
    let anew = Recommender::params().fit_with_encoder(&remaining, state.encoder())?;
    for query in queries.iter().take(COMPARED) {
        ensure!(serde_json::to_string(&state.recommend(query)?)? == serde_json::to_string(&anew.recommend(query)?)?);
    }
    println!("\n{COMPARED} answers are those of a model fitted anew, to the last bit.");
    println!("{} categories and tags were never seen before; learning them: refit.", live.unseen());
    progress::step("Refitting", || live.refit())?;
    ensure!(live.unseen() == 0);
    Ok(())
}

/// Profiles of participants; whoever asks has bought nothing.
fn queries(data: &TrainingSet) -> Vec<Query<'static>> {
    let people = data.participants();
    let profiles = people.ids().take(2_000).filter_map(|id| people.profile(id));
    profiles.zip((100_000..).step_by(1_000)).map(|(profile, balance)| Query::new(profile, Amount(balance))).collect()
}

/// How many queries `readers` threads answer while something is done. A query takes the state as it is by then.
fn ask(live: &LiveRecommender, queries: &[Query], readers: u16, meanwhile: impl FnOnce()) -> u64 {
    let stop = AtomicBool::new(false);
    thread::scope(|scope| {
        let reader = |offset: usize| {
            let stop = &stop;
            scope.spawn(move || {
                let mut answered = 0;
                for query in queries.iter().cycle().skip(offset) {
                    let state = live.current();
                    answered += u64::from(state.recommend(query).is_ok());
                    if stop.load(Ordering::Relaxed) {
                        break;
                    }
                }
                answered
            })
        };
        let readers: Vec<_> = (0..readers).map(|i| reader(usize::from(i) * 37)).collect();
        meanwhile();
        stop.store(true, Ordering::Relaxed);
        readers.into_iter().map(|reader| reader.join().unwrap_or_default()).sum()
    })
}

/// Changes for so long, one each `pace`; answers with how long each kind of change took.
fn change(
    live: &LiveRecommender,
    data: &TrainingSet,
    time: Duration,
    pace: Duration,
) -> BTreeMap<&'static str, Vec<Duration>> {
    let ids: Vec<&str> = data.participants().ids().collect();
    let courses: Vec<&Course> = data.catalogue().iter().collect();
    let mut latencies: BTreeMap<_, Vec<Duration>> = BTreeMap::new();
    let start = Instant::now();
    let mut random = 1_u64;
    let mut draw = |n: usize| {
        random = random.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(random >> 33).unwrap_or(0) % n
    };
    for i in 0..u32::MAX {
        thread::sleep((pace * i).saturating_sub(start.elapsed()));
        if start.elapsed() >= time {
            break;
        }
        let id = ids[draw(ids.len())];
        let other = ids[draw(ids.len())];
        let profile = || data.participants().profile(other).unwrap_or_default();
        let course = courses[draw(courses.len())];
        let at = Timestamp::from_seconds(1_750_000_000 + i64::from(i)).ok();
        let (name, change) = match i % 20 {
            0 => ("forget participant", Change::ForgetParticipant { id: id.into() }),
            1 => ("update profile", Change::UpdateProfile { id: id.into(), profile: profile() }),
            2 | 3 => (
                "add participant",
                Change::AddParticipant { id: format!("new {pace:?} {i}").into(), profile: profile() },
            ),
            4 => {
                let price = Amount(course.price().0 / 2 + 1_000);
                ("upsert course", Change::UpsertCourse { course: Course::new(course.id().clone().as_str(), price) })
            }
            _ => {
                let course = course.id().clone();
                ("record purchase", Change::RecordPurchase { participant: id.into(), course, at })
            }
        };
        let started = Instant::now();
        // Whoever was forgotten already cannot change any more.
        if live.apply(&[change]).is_ok() {
            latencies.entry(name).or_default().push(started.elapsed());
        }
    }
    latencies
}

#[expect(clippy::cast_precision_loss, reason = "a rate for people to read")]
fn rate(count: u64, time: Duration) -> f64 {
    count as f64 / time.as_secs_f64()
}
