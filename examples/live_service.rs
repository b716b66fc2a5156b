//! Readers and a writer in one process: how long queries take with and without changes going on, how long changes take, also
//! while the model learns anew, and whether all answers are those of a model fitted anew in the end.
//!
//! ```text
//! cargo run --release --example live_service
//! cargo run --release --example live_service -- --participants 1000000 --seconds 20
//! ```

#![allow(clippy::print_stdout, reason = "an example talks to its user")]

use std::collections::BTreeMap;
use std::process::ExitCode;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};
use clap::Parser;
use sebaya::prelude::*;
use sebaya::synthetic::Programme;
use sebaya::{Catalogue, Change, ParticipantId, Timestamp};
use support::{exit, progress};

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
    let alone = ask(&live, &queries, args.readers, || thread::sleep(time))?;
    title("readers alone");
    row("query", alone);
    let pace = Duration::from_secs(1) / args.rate;
    let slowly = (1, pace, format!("{} changes a second", args.rate));
    for (round, pace, what) in [slowly, (2, Duration::ZERO, "full speed".to_owned())] {
        let mut latencies = BTreeMap::new();
        let until = Instant::now() + time;
        let asked = ask(&live, &queries, args.readers, || {
            latencies = change(&live, &data, round, pace, || Instant::now() < until);
        })?;
        title(&format!("with a writer at {what}"));
        row("query", asked);
        for (name, all) in latencies {
            row(name, all);
        }
    }

    let unseen = live.unseen();
    let mut latencies = BTreeMap::new();
    let (mut refitted, mut seconds) = (Ok(()), 0.0);
    let asked = ask(&live, &queries, args.readers, || {
        let done = AtomicBool::new(false);
        thread::scope(|scope| {
            scope.spawn(|| {
                let start = Instant::now();
                refitted = live.refit();
                seconds = start.elapsed().as_secs_f64();
                done.store(true, Ordering::Relaxed);
            });
            latencies = change(&live, &data, 3, pace, || !done.load(Ordering::Relaxed));
        });
    })?;
    refitted?;
    title(&format!("during a refit of {seconds:.1} s, which learns {unseen} categories and tags"));
    row("query", asked);
    for (name, all) in latencies {
        row(name, all);
    }

    let prices: Vec<Change> = reprice(live.current().catalogue());
    let start = Instant::now();
    live.apply(&prices)?;
    println!("\n{} courses are repriced in one batch in {:.1} ms", prices.len(), start.elapsed().as_secs_f64() * 1e3);

    let state = live.current();
    let remaining = state.training_set()?;
    let anew = Recommender::params().fit_with_encoder(&remaining, state.encoder())?;
    for query in queries.iter().take(COMPARED) {
        ensure!(serde_json::to_string(&state.recommend(query)?)? == serde_json::to_string(&anew.recommend(query)?)?);
    }
    println!("\n{COMPARED} answers are those of a model fitted anew, to the last bit.");
    Ok(())
}

/// Profiles of participants; whoever asks has bought nothing.
fn queries(data: &TrainingSet) -> Vec<Query<'static>> {
    let people = data.participants();
    let profiles = people.ids().take(2_000).filter_map(|id| people.profile(id));
    profiles.zip((100_000..).step_by(1_000)).map(|(profile, balance)| Query::new(profile, Amount(balance))).collect()
}

/// How long the queries of `readers` threads take while something is done. A query takes the state as it is by then.
fn ask(live: &LiveRecommender, queries: &[Query], readers: u16, meanwhile: impl FnOnce()) -> Result<Vec<Duration>> {
    let stop = AtomicBool::new(false);
    thread::scope(|scope| {
        let reader = |offset: usize| {
            let stop = &stop;
            thread::Builder::new().spawn_scoped(scope, move || {
                let mut latencies = Vec::new();
                for query in queries.iter().cycle().skip(offset) {
                    let start = Instant::now();
                    let answered = live.current().recommend(query).is_ok();
                    latencies.extend(answered.then(|| start.elapsed()));
                    if stop.load(Ordering::Relaxed) {
                        break;
                    }
                }
                latencies
            })
        };
        let readers = (0..readers).map(|i| reader(usize::from(i) * 37)).collect::<Result<Vec<_>, _>>();
        if readers.is_ok() {
            meanwhile();
        }
        stop.store(true, Ordering::Relaxed);
        Ok(readers.context("readers")?.into_iter().flat_map(|reader| reader.join().unwrap_or_default()).collect())
    })
}

/// Makes changes, one each `pace`, as long as it is to go on; answers with how long each kind of change took.
fn change(
    live: &LiveRecommender,
    data: &TrainingSet,
    round: u64,
    pace: Duration,
    go_on: impl Fn() -> bool,
) -> BTreeMap<&'static str, Vec<Duration>> {
    let ids: Vec<&str> = data.participants().ids().collect();
    let courses: Vec<&Course> = data.catalogue().iter().collect();
    let mut latencies: BTreeMap<_, Vec<Duration>> = BTreeMap::new();
    let start = Instant::now();
    let mut random = round;
    let mut draw = |n: usize| {
        random = random.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(random >> 33).unwrap_or(0) % n
    };
    let mut last = None;
    for i in 0..u32::MAX {
        thread::sleep((pace * i).saturating_sub(start.elapsed()));
        if !go_on() {
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
                Change::AddParticipant { id: format!("new {round} {i}").into(), profile: profile() },
            ),
            4 => {
                let price = Amount(course.price().0 / 2 + 1_000);
                ("upsert course", Change::UpsertCourse { course: Course::new(course.id().clone().as_str(), price) })
            }
            5 if last.is_some() => {
                let (participant, course) = last.take().unwrap_or_else(|| (id.into(), course.id().clone()));
                ("cancel purchase", Change::CancelPurchase { participant, course })
            }
            _ => {
                let (participant, course) = (ParticipantId::from(id), course.id().clone());
                last = Some((participant.clone(), course.clone()));
                ("record purchase", Change::RecordPurchase { participant, course, at })
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

/// Every course at another price.
fn reprice(catalogue: &Catalogue) -> Vec<Change> {
    let repriced = |course: &Course| Course::new(course.id().clone().as_str(), Amount(course.price().0 + 1_000));
    catalogue.iter().map(|course| Change::UpsertCourse { course: repriced(course) }).collect()
}

fn title(what: &str) {
    println!("\n{what:<50}{:>9}{:>11}{:>11}{:>11}{:>11}", "times", "p50", "p99", "p99.9", "worst");
}

/// Percentiles in microseconds.
fn row(name: &str, mut all: Vec<Duration>) {
    all.sort_unstable();
    let at = |share: usize| {
        let latency = all.get(all.len().saturating_sub(1) * share / 1_000);
        format!("{:.0} us", latency.copied().unwrap_or_default().as_secs_f64() * 1e6)
    };
    println!("{name:<50}{:>9}{:>11}{:>11}{:>11}{:>11}", all.len(), at(500), at(990), at(999), at(1_000));
}
