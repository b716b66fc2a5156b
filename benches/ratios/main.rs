//! Search methods side by side, in one run: full queries (neighbours, votes, filter, top 10) and the index alone, on one
//! thread, with medians, 99th percentiles and ratios.
//!
//! ```text
//! cargo bench --bench ratios                            # the published workloads at 1,000,000 participants
//! cargo bench --bench ratios -- rich wide8 30000 3000000  # these workloads at these sizes
//! cargo bench --bench ratios -- extremes packed 300000  # unusual schemas, with this method alone
//! cargo bench --bench ratios -- --data DIR              # a data directory with a queries.csv
//! ```
//!
//! Each query is asked of every method before the next one, so that a machine whose speed drifts drifts for all. Slow
//! methods are asked fewer queries. `flat` computes every distance over the dense `f32` matrix of all participants and
//! selects the k nearest; it answers no query, so it stands in the index table only. `read` is the time that reading all
//! bytes of the index once takes.

#![allow(missing_docs, reason = "a program")]
#![allow(clippy::unwrap_used, clippy::print_stdout, reason = "a benchmark prints, and may panic")]
#![allow(
    clippy::cast_precision_loss,
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "numbers are small"
)]

mod workloads;

use std::sync::Arc;
use std::time::{Duration, Instant};

use sebaya::IndexKind;
use sebaya::internals::{Moved, NeighbourIndex, Neighbourhood, PackedIndex, Profiles, Search, SearchScratch};
use sebaya::ndarray::{Array1, ArrayView2};
use sebaya::prelude::*;
use workloads::{EXTREMES, NAMES, Workload, workload};

const METHODS: [IndexKind; 4] = [IndexKind::Packed, IndexKind::KdTree, IndexKind::Linear, IndexKind::Scan];

/// What was asked for on the command line.
struct Options {
    workloads: Vec<String>,
    sizes: Vec<u32>,
    methods: Vec<IndexKind>,
    data: Option<String>,
    test: bool,
}

impl Options {
    fn read() -> Self {
        let mut options = Self { workloads: vec![], sizes: vec![], methods: vec![], data: None, test: false };
        let mut args = std::env::args().skip(1);
        while let Some(arg) = args.next() {
            match (arg.as_str(), arg.parse::<u32>(), arg.parse::<IndexKind>()) {
                ("--test", ..) => options.test = true,
                ("--data", ..) => options.data = args.next(),
                ("extremes", ..) => options.workloads.extend(EXTREMES.map(str::to_owned)),
                (_, Ok(size), _) => options.sizes.push(size),
                (_, _, Ok(method)) => options.methods.push(method),
                (name, ..) if name.starts_with("--") => {}
                (name, ..) => options.workloads.push(name.to_owned()),
            }
        }
        if options.workloads.is_empty() {
            options.workloads.extend(NAMES.map(str::to_owned));
        }
        if options.methods.is_empty() {
            options.methods.extend(METHODS);
        }
        match (options.test, options.sizes.is_empty()) {
            (true, _) => options.sizes = vec![2_000],
            (false, true) => options.sizes = vec![1_000_000],
            (false, false) => {}
        }
        options
    }

    /// How many queries each method is asked: fewer, the more work one is.
    fn n_queries(&self, kind: IndexKind, n: usize) -> usize {
        match kind {
            _ if self.test => 2,
            IndexKind::Packed => 1_000,
            IndexKind::KdTree => (30_000_000 / n.max(1)).clamp(10, 300),
            _ => (6_000_000 / n.max(1)).clamp(5, 100),
        }
    }
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
        let at = (times.len() as f64 * share) as usize;
        times[at.min(times.len() - 1)].as_secs_f64() * 1e6
    };
    (micros(0.5), micros(0.99))
}

/// Prints medians and 99th percentiles, each as a multiple of the first one.
struct Table {
    first: Option<(f64, f64)>,
}

impl Table {
    fn new(what: &str, k: u64) -> Self {
        println!("  {what}, k = {k}");
        println!("    {:<8} {:>12} {:>12} {:>12} {:>12}", "", "median us", "p99 us", "median /", "p99 /");
        Self { first: None }
    }

    fn row(&mut self, name: &str, times: Vec<Duration>) {
        let (median, p99) = summary(times);
        let (first, first_p99) = *self.first.get_or_insert((median, p99));
        println!("    {name:<8} {median:>12.1} {p99:>12.1} {:>10.1} x {:>10.1} x", median / first, p99 / first_p99);
    }
}

fn full_queries(workload: &Workload, k: u64, options: &Options) {
    let fit = |kind| Recommender::params().n_neighbours(k).index(kind).fit(&workload.data).ok();
    let models: Vec<(IndexKind, Recommender)> =
        options.methods.iter().filter_map(|&kind| Some((kind, fit(kind)?))).collect();
    let mut searchers: Vec<_> = models.iter().map(|(_, model)| model.searcher()).collect();
    let mut times = vec![Vec::new(); models.len()];
    let n = workload.data.participants().len();
    for (i, (profile, balance)) in workload.queries.iter().enumerate() {
        let query = Query::new(profile.clone(), *balance);
        for ((searcher, times), (kind, _)) in searchers.iter_mut().zip(&mut times).zip(&models) {
            if i < options.n_queries(*kind, n) {
                times.push(time(|| searcher.recommend(&query).unwrap().len()).0);
            }
        }
    }
    let mut table = Table::new("full query", k);
    for ((kind, _), times) in models.iter().zip(times) {
        table.row(kind.name(), times);
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

fn index_alone(workload: &Workload, model: &Recommender, k: u64, options: &Options) {
    let profiles: &Arc<Profiles> = model.profiles();
    let indexes: Vec<(IndexKind, Box<dyn NeighbourIndex>)> =
        options.methods.iter().filter_map(|&kind| Some((kind, kind.build(profiles).ok()?))).collect();
    let (mut scratch, mut found) = (SearchScratch::default(), Neighbourhood::default());
    let mut times = vec![Vec::new(); indexes.len()];
    let mut flat_times = Vec::new();
    let n = workload.data.participants().len();
    // Without other methods to compare with, and where it would not fit into memory, there is no matrix.
    let columns = model.encoder().n_columns();
    let matrix = (options.methods.len() > 1 && n * columns < 1 << 28).then(|| model.matrix());
    for (i, (profile, _)) in workload.queries.iter().enumerate() {
        let query = model.encoder().encode(profile).unwrap();
        let mut radius = None;
        for ((kind, index), times) in indexes.iter().zip(&mut times) {
            if i < options.n_queries(*kind, n) {
                let search = Search { query: &query, k, left_out: None, moved: &Moved::default(), appended: &[] };
                times.push(time(|| index.search(&search, &mut scratch, &mut found)).0);
                assert_eq!(*radius.get_or_insert(found.radius()), found.radius(), "{kind}");
            }
        }
        if let Some(matrix) = matrix.filter(|_| i < options.n_queries(IndexKind::Scan, n)) {
            let vector = model.encoder().transform(profile).unwrap();
            let (elapsed, kth) = time(|| flat(matrix, &vector, k));
            assert!((f64::from(kth) - f64::from(radius.unwrap_or(0))).abs() < 0.5);
            flat_times.push(elapsed);
        }
    }
    let mut table = Table::new("index alone", k);
    for ((kind, _), times) in indexes.iter().zip(times) {
        table.row(kind.name(), times);
    }
    if !flat_times.is_empty() {
        table.row("flat", flat_times);
    }
}

/// One batch on one thread and on two, in turn.
fn batch(workload: &Workload, model: &Recommender) {
    let queries: Vec<Query> = workload.queries.iter().map(|(p, balance)| Query::new(p.clone(), *balance)).collect();
    let pools = [1, 2].map(|n| rayon::ThreadPoolBuilder::new().num_threads(n).build().unwrap());
    let mut times = [Vec::new(), Vec::new()];
    for _ in 0..7 {
        for (pool, times) in pools.iter().zip(&mut times) {
            times.push(time(|| pool.install(|| model.recommend_batch(&queries).len())).0);
        }
    }
    let [(one, _), (two, _)] = times.map(summary);
    println!("  batch of {}, k = 300: two threads are {:.2} times as fast as one", queries.len(), one / two);
}

/// How long reading so many bytes takes, in microseconds.
fn read(bytes: usize) -> f64 {
    let words = vec![1_u64; bytes.div_ceil(8)];
    let times = (0..15)
        .map(|_| time(|| std::hint::black_box(std::hint::black_box(&words).iter().fold(0, |sum, word| sum ^ word))).0);
    summary(times.collect()).0
}

fn build(workload: &Workload) -> Recommender {
    let n = workload.data.participants().len();
    let (fit, model) = time(|| Recommender::params().fit(&workload.data).unwrap());
    let (of_index, index) = time(|| PackedIndex::new(Arc::clone(model.profiles())));
    let bytes = index.bytes() + model.profiles().bytes();
    println!(
        "\n{}: {n} participants, {} distinct profiles; fit {:.0} ms, of the index {:.0} ms; profiles and index {:.1} bytes a \
         participant; read {:.0} us",
        workload.name,
        model.profiles().n_rows(),
        fit.as_secs_f64() * 1e3,
        of_index.as_secs_f64() * 1e3,
        bytes as f64 / n as f64,
        read(index.bytes()),
    );
    model
}

fn measure(workload: &Workload, options: &Options) {
    let model = build(workload);
    for k in [100, 300] {
        full_queries(workload, k, options);
    }
    index_alone(workload, &model, 100, options);
    batch(workload, &model);
}

#[cfg(feature = "csv")]
fn directory(path: &str) -> Workload {
    let data = sebaya::io::read_dir(path).unwrap();
    let file = std::path::Path::new(path).join("queries.csv");
    let queries = sebaya::io::read_queries(file, data.participants().schema(), data.catalogue()).unwrap();
    let queries = queries.into_iter().map(|query| (query.profile, query.balance)).collect();
    Workload { name: path.to_owned(), data, queries }
}

#[cfg(not(feature = "csv"))]
fn directory(path: &str) -> Workload {
    panic!("{path} is read with the feature csv")
}

fn main() {
    let options = Options::read();
    if let Some(path) = &options.data {
        return measure(&directory(path), &options);
    }
    for &n in &options.sizes {
        for name in &options.workloads {
            measure(&workload(name, n), &options);
        }
    }
}
