//! Search methods side by side, in one run: full queries (neighbours, votes, filter, top 10) and the index alone, on one
//! thread, with medians, 99th percentiles and ratios.
//!
//! ```text
//! cargo bench --bench ratios                     # 30,000, 300,000 and 1,000,000 participants
//! cargo bench --bench ratios -- 3000000          # these sizes
//! ```
//!
//! Each query is asked of every method before the next one, so that a machine whose speed drifts drifts for all. Slow
//! methods are asked fewer queries. `flat` computes every distance over the dense `f32` matrix of all participants and
//! selects the k nearest; it answers no query, so it stands in the index table only.

#![allow(missing_docs, reason = "a program")]
#![allow(clippy::unwrap_used, clippy::print_stdout, reason = "a benchmark prints, and may panic")]

use std::sync::Arc;
use std::time::{Duration, Instant};

use sebaya::ndarray::{Array1, ArrayView2};
use sebaya::prelude::*;
use sebaya::synthetic::Programme;
use sebaya::{IndexKind, Moved, NeighbourIndex, Neighbourhood, PackedIndex, Profiles, Search, SearchScratch};

const BALANCE: Amount = Amount(300_000);
const METHODS: [IndexKind; 4] = [IndexKind::Packed, IndexKind::KdTree, IndexKind::Linear, IndexKind::Scan];

/// How many queries each method is asked: fewer, the more work one is.
fn queries_of(kind: IndexKind, n: u32, test: bool) -> usize {
    match kind {
        _ if test => 2,
        IndexKind::Packed => 1_000,
        IndexKind::KdTree => 300,
        _ => (6_000_000 / n as usize).clamp(5, 100),
    }
}

struct World {
    name: &'static str,
    n: u32,
    data: TrainingSet,
    queries: Vec<Profile>,
}

/// Profiles of participants spread over the data, each with the age of the one before, so that few stand in the data as they
/// are.
fn queries(data: &TrainingSet, count: usize) -> Vec<Profile> {
    let people = data.participants();
    let ids: Vec<&str> = people.ids().collect();
    let profile = |i: usize| people.profile(ids[(i * 7_919) % ids.len()]).unwrap();
    let aged = |mut one: Profile, other: &Profile| {
        other.get("age").into_iter().for_each(|age| one.set("age", age.clone()));
        one
    };
    (0..count).map(|i| aged(profile(i), &profile(i + 1))).collect()
}

/// The same participants and purchases with other attributes.
fn reweighted(data: &TrainingSet, schema: Schema) -> TrainingSet {
    let names: Vec<String> = schema.attributes().iter().map(|a| a.name().to_owned()).collect();
    let mut copy = TrainingSet::builder(schema);
    for course in data.catalogue() {
        copy.course(course.clone()).unwrap();
    }
    for id in data.participants().ids() {
        let profile = data.participants().profile(id).unwrap();
        let kept = profile.iter().filter(|(name, _)| names.iter().any(|n| n == name));
        copy.participant(id, kept.map(|(name, value)| (name.to_owned(), value.clone())).collect()).unwrap();
        // One purchase each is enough to make it a past participant.
        copy.purchase(id, data.catalogue().iter().next().unwrap().id().as_str()).unwrap();
    }
    copy.build().unwrap()
}

/// The programme with a wage, and a district of the province: nearly every profile is distinct.
fn with_wage_and_district(profile: &Profile, number: u64) -> Profile {
    let mut random = number.wrapping_add(1).wrapping_mul(0x9E37_79B9_7F4A_7C15);
    let mut uniform = || {
        random = (random ^ (random >> 29)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        u32::try_from(random >> 40).unwrap_or(0)
    };
    let mut profile = profile.clone();
    if let Some(sebaya::Value::Text(province)) = profile.get("province").cloned() {
        profile.set("district", format!("{province} {}", uniform() % 3));
    }
    // A product of uniforms is as skewed as wages are.
    let share = |n: u32| 0.2 + f64::from(n) / f64::from(1 << 24);
    profile.set("wage", 4e6 * share(uniform()) * share(uniform()) * share(uniform()));
    profile
}

fn rich(data: &TrainingSet, scale: fn(Attribute) -> Attribute) -> TrainingSet {
    let schema = Programme::schema().categorical("district").attribute(scale(Attribute::numeric("wage")));
    let mut copy = TrainingSet::builder(schema);
    for course in data.catalogue() {
        copy.course(course.clone()).unwrap();
    }
    let course = data.catalogue().iter().next().unwrap().id().to_string();
    for (id, number) in data.participants().ids().zip(0..) {
        let profile = data.participants().profile(id).unwrap();
        copy.participant(id, with_wage_and_district(&profile, number)).unwrap().purchase(id, &course).unwrap();
    }
    copy.build().unwrap()
}

fn time<T>(work: impl FnOnce() -> T) -> (Duration, T) {
    let start = Instant::now();
    let done = work();
    (start.elapsed(), done)
}

/// Median and 99th percentile in microseconds.
fn summary(mut times: Vec<Duration>) -> (f64, f64) {
    times.sort_unstable();
    let micros = |share: f64| {
        #[expect(
            clippy::cast_precision_loss,
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "small"
        )]
        let at = (times.len() as f64 * share) as usize;
        times[at.min(times.len() - 1)].as_secs_f64() * 1e6
    };
    (micros(0.5), micros(0.99))
}

fn print_row(name: &str, times: Vec<Duration>, first: &mut Option<(f64, f64)>) {
    let (median, p99) = summary(times);
    let (best_median, best_p99) = *first.get_or_insert((median, p99));
    println!("    {name:<8} {median:>12.1} {p99:>12.1} {:>10.1} x {:>10.1} x", median / best_median, p99 / best_p99);
}

fn head(what: &str, k: u64) {
    println!("  {what}, k = {k}");
    println!("    {:<8} {:>12} {:>12} {:>12} {:>12}", "", "median us", "p99 us", "median /", "p99 /");
}

fn full_queries(world: &World, k: u64, test: bool) {
    head("full query", k);
    let fit = |kind| Recommender::params().n_neighbours(k).index(kind).fit(&world.data).unwrap();
    let models: Vec<(IndexKind, Recommender)> = METHODS.into_iter().map(|kind| (kind, fit(kind))).collect();
    let mut searchers: Vec<_> = models.iter().map(|(_, model)| model.searcher()).collect();
    let mut times = vec![Vec::new(); models.len()];
    for (i, profile) in world.queries.iter().enumerate() {
        let query = Query::new(profile.clone(), BALANCE);
        for ((searcher, times), (kind, _)) in searchers.iter_mut().zip(&mut times).zip(&models) {
            if i < queries_of(*kind, world.n, test) {
                times.push(time(|| searcher.recommend(&query).unwrap().len()).0);
            }
        }
    }
    let mut first = None;
    for ((kind, _), times) in models.iter().zip(times) {
        print_row(kind.name(), times, &mut first);
    }
}

/// The k nearest rows of a dense matrix, for comparison.
fn flat(matrix: ArrayView2<f32>, vector: &Array1<f32>, k: u64) -> f32 {
    let vector = vector.as_slice().unwrap();
    let mut distances: Vec<f32> = matrix
        .rows()
        .into_iter()
        .map(|row| row.as_slice().unwrap().iter().zip(vector).map(|(a, b)| (a - b).abs()).sum())
        .collect();
    let k = usize::try_from(k).unwrap().min(distances.len());
    *distances.select_nth_unstable_by(k - 1, f32::total_cmp).1
}

fn index_alone(world: &World, k: u64, test: bool) {
    head("index alone", k);
    let model = Recommender::params().index(IndexKind::Scan).fit(&world.data).unwrap();
    let profiles: &Arc<Profiles> = model.profiles();
    let indexes: Vec<(IndexKind, Box<dyn NeighbourIndex>)> =
        METHODS.into_iter().map(|kind| (kind, kind.build(profiles).unwrap())).collect();
    let (mut scratch, mut found) = (SearchScratch::default(), Neighbourhood::default());
    let mut times = vec![Vec::new(); indexes.len() + 1];
    let matrix = model.matrix();
    for (i, profile) in world.queries.iter().enumerate() {
        let query = model.encoder().encode(profile).unwrap();
        let mut radius = None;
        for ((kind, index), times) in indexes.iter().zip(&mut times) {
            if i < queries_of(*kind, world.n, test) {
                let search = Search { query: &query, k, left_out: None, moved: &Moved::default(), appended: &[] };
                times.push(time(|| index.search(&search, &mut scratch, &mut found)).0);
                assert_eq!(*radius.get_or_insert(found.radius()), found.radius(), "{kind}");
            }
        }
        if i < queries_of(IndexKind::Scan, world.n, test) {
            let vector = model.encoder().transform(profile).unwrap();
            let (elapsed, kth) = time(|| flat(matrix, &vector, k));
            assert!((f64::from(kth) - f64::from(radius.unwrap_or(0))).abs() < 0.5);
            times[indexes.len()].push(elapsed);
        }
    }
    let mut first = None;
    for (name, times) in indexes.iter().map(|(kind, _)| kind.name()).chain(["flat"]).zip(times) {
        print_row(name, times, &mut first);
    }
}

/// One batch on one thread and on two, in turn.
fn batch(world: &World) {
    let model = Recommender::params().fit(&world.data).unwrap();
    let queries: Vec<Query> = world.queries.iter().map(|p| Query::new(p.clone(), BALANCE)).collect();
    let pools = [1, 2].map(|n| rayon::ThreadPoolBuilder::new().num_threads(n).build().unwrap());
    let mut times = [Vec::new(), Vec::new()];
    for _ in 0..11 {
        for (pool, times) in pools.iter().zip(&mut times) {
            times.push(time(|| pool.install(|| model.recommend_batch(&queries).len())).0);
        }
    }
    let [(one, _), (two, _)] = times.map(summary);
    println!("  batch of {}, k = 300: two threads are {:.2} times as fast as one", queries.len(), one / two);
}

#[expect(clippy::cast_precision_loss, reason = "bytes in memory are below 2^53")]
fn build(world: &World) {
    let (fit, model) = time(|| Recommender::params().index(IndexKind::Scan).fit(&world.data).unwrap());
    let (tree, index) = time(|| PackedIndex::new(Arc::clone(model.profiles())));
    let (rows, bytes) = (model.profiles().n_rows(), index.bytes() + model.profiles().bytes());
    println!(
        "\n{}: {} participants, {rows} distinct profiles; fit {:.0} ms, of the index {:.0} ms; profiles and index {:.1} \
         bytes a participant",
        world.name,
        world.n,
        (fit + tree).as_secs_f64() * 1e3,
        tree.as_secs_f64() * 1e3,
        bytes as f64 / f64::from(world.n),
    );
}

fn main() {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let test = args.iter().any(|arg| arg == "--test");
    let sizes: Vec<u32> = args.iter().filter_map(|arg| arg.parse().ok()).collect();
    let sizes = match (test, sizes.is_empty()) {
        (true, _) => vec![2_000],
        (false, true) => vec![30_000, 300_000, 1_000_000],
        (false, false) => sizes,
    };
    for n in sizes {
        let data = Programme::new(n).training_set().unwrap();
        let queries = queries(&data, queries_of(IndexKind::Packed, n, test));
        let heavy_age = Programme::schema().attributes().iter().fold(Schema::new(), |schema, attribute| {
            let weight = if attribute.name() == "age" { 8.0 } else { 1.0 };
            schema.attribute(attribute.clone().with_weight(weight))
        });
        let poor =
            Schema::new().ordinal("education", ["SD", "SMP", "SMA", "Diploma", "S1", "S2"]).categorical("gender");
        let adverse = reweighted(&data, heavy_age);
        let poor = reweighted(&data, poor.categorical("employment"));
        let strip = |profile: &Profile| {
            profile
                .iter()
                .filter(|(name, _)| !["age", "province", "interests"].contains(name))
                .map(|(name, value)| (name.to_owned(), value.clone()))
                .collect()
        };
        let rich_queries: Vec<Profile> =
            queries.iter().zip(1 << 40..).map(|(profile, i)| with_wage_and_district(profile, i)).collect();
        let linear_wage = rich(&data, |wage| wage);
        let dominant_wage = rich(&data, |wage| wage.with_rank_scale().with_weight(8.0));
        let poor_queries = queries.iter().map(strip).collect();
        let world = World { name: "default schema", n, data, queries: queries.clone() };
        build(&world);
        for k in [100, 300] {
            full_queries(&world, k, test);
        }
        index_alone(&world, 100, test);
        batch(&world);
        for world in [
            World { name: "age weighs 8 times as much", n, data: adverse, queries },
            World { name: "with district and wage", n, data: linear_wage, queries: rich_queries.clone() },
            World { name: "the wage's rank weighs 8 times as much", n, data: dominant_wage, queries: rich_queries },
            World { name: "poor schema", n, data: poor, queries: poor_queries },
        ] {
            build(&world);
            index_alone(&world, 100, test);
        }
    }
}
