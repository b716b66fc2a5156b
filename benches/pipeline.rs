//! Every stage of a query, on the synthetic programme at 1,000, 10,000 and 100,000 participants: encoding, each index alone,
//! the full query with each index, a batch, and fitting.
//!
//! Data are built outside the timed code, from a fixed seed; the queries are those of participants spread over the data.

#![allow(missing_docs, reason = "criterion's macros make public functions")]
#![allow(clippy::unwrap_used, reason = "a benchmark may panic")]

use std::hint::black_box;
use std::sync::Arc;

use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use sebaya::internals::{Moved, Neighbourhood, Search, SearchScratch};
use sebaya::prelude::*;
use sebaya::synthetic::Programme;
use sebaya::{IndexKind, Recommender};

const SIZES: [u32; 3] = [1_000, 10_000, 100_000];
const K: u64 = 100;
const BALANCE: Amount = Amount(300_000);
const QUERIES: usize = 64;

fn programme(n: u32) -> TrainingSet {
    Programme::new(n).training_set().unwrap()
}

/// Profiles of participants spread over the data.
fn profiles(data: &TrainingSet) -> Vec<Profile> {
    let ids: Vec<&str> = data.participants().ids().collect();
    let step = ids.len() / QUERIES;
    (0..QUERIES).map(|i| data.participants().profile(ids[i * step]).unwrap()).collect()
}

fn queries(data: &TrainingSet) -> Vec<Query<'static>> {
    profiles(data).into_iter().map(|profile| Query::new(profile, BALANCE)).collect()
}

fn model(data: &TrainingSet, index: IndexKind) -> Recommender {
    Recommender::params().n_neighbours(K).index(index).fit(data).unwrap()
}

fn encode(c: &mut Criterion) {
    let mut group = c.benchmark_group("encode");
    for n in SIZES {
        let data = programme(n);
        let model = model(&data, IndexKind::Scan);
        let mut profiles = profiles(&data).into_iter().cycle();
        group.bench_function(BenchmarkId::from_parameter(n), |b| {
            b.iter_with_setup(|| profiles.next().unwrap(), |profile| black_box(model.encoder().encode(&profile)));
        });
    }
}

fn search(c: &mut Criterion) {
    let mut group = c.benchmark_group("search");
    for n in SIZES {
        let data = programme(n);
        let model = model(&data, IndexKind::Scan);
        let encoded: Vec<_> = profiles(&data).iter().map(|p| model.encoder().encode(p).unwrap()).collect();
        for kind in IndexKind::ALL.into_iter().filter(|&kind| kind != IndexKind::Auto) {
            let index = kind.build(&Arc::clone(model.profiles())).unwrap();
            let (mut scratch, mut found) = (SearchScratch::default(), Neighbourhood::default());
            let mut encoded = encoded.iter().cycle();
            group.bench_function(BenchmarkId::new(kind.name(), n), |b| {
                b.iter(|| {
                    let search = Search {
                        query: encoded.next().unwrap(),
                        k: K,
                        left_out: None,
                        moved: &Moved::default(),
                        appended: &[],
                    };
                    index.search(&search, &mut scratch, &mut found);
                    black_box(found.radius())
                });
            });
        }
    }
}

fn full_query(c: &mut Criterion) {
    let mut group = c.benchmark_group("recommend");
    for n in SIZES {
        let data = programme(n);
        let queries = queries(&data);
        for kind in IndexKind::ALL.into_iter().filter(|&kind| kind != IndexKind::Auto) {
            let model = model(&data, kind);
            let mut searcher = model.searcher();
            let mut queries = queries.iter().cycle();
            group.bench_function(BenchmarkId::new(kind.name(), n), |b| {
                b.iter(|| black_box(searcher.recommend(queries.next().unwrap()).unwrap().len()));
            });
        }
    }
}

fn batch(c: &mut Criterion) {
    let mut group = c.benchmark_group("batch");
    group.throughput(Throughput::Elements(QUERIES as u64));
    for n in SIZES {
        let data = programme(n);
        let queries = queries(&data);
        let model = model(&data, IndexKind::Auto);
        group.bench_function(BenchmarkId::from_parameter(n), |b| {
            b.iter(|| black_box(model.recommend_batch(&queries).len()));
        });
    }
}

fn fit(c: &mut Criterion) {
    let mut group = c.benchmark_group("fit");
    group.sample_size(10);
    for n in SIZES {
        let data = programme(n);
        group.throughput(Throughput::Elements(n.into()));
        group.bench_function(BenchmarkId::from_parameter(n), |b| {
            b.iter(|| black_box(model(&data, IndexKind::Auto)));
        });
    }
}

criterion_group!(pipeline, encode, search, full_query, batch, fit);
criterion_main!(pipeline);
