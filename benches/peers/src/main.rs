//! sebaya's index beside searches of other crates, on the same vectors:
//!
//! ```text
//! cargo run --release -p sebaya-peers                    # 100,000 participants
//! cargo run --release -p sebaya-peers -- 300000
//! cargo run --release -p sebaya-peers -- 300000 rich    # another workload of the bench `ratios`
//! ```
//!
//! The data are participants of a workload with distinct profiles, so that everyone searches the same vectors
//! and nobody gains from grouping equal ones. All run on one thread, and each query is asked of everyone before the next.
//! Recall is the share of the returned vectors that are no farther away than the true k-th one, so ties cost nobody
//! anything. Approximate indexes are asked with the smallest of a few search widths that reaches a recall of 0.95.
//!
//! usearch has no L1 distance; it searches by L2, and its recall is against the exact L2 neighbours.

#[path = "../../ratios/workloads.rs"]
#[allow(dead_code, reason = "names that the bench `ratios` lists")]
mod workloads;

use std::collections::HashSet;
use std::sync::Arc;
use std::time::{Duration, Instant};

use hnsw_rs::prelude::{DistL1, Hnsw};
use kiddo::{ImmutableKdTree, Manhattan};
use sebaya::internals::{Moved, NeighbourIndex, Neighbourhood, PackedIndex, Search, SearchScratch};
use sebaya::prelude::*;
use usearch::{Index, IndexOptions, MetricKind, ScalarKind};
use workloads::workload;

const K: usize = 100;
const QUERIES: usize = 200;
const WIDTHS: [usize; 5] = [100, 200, 400, 800, 1_600];
/// kiddo wants the number of columns at compile time; unused ones are zero.
const COLUMNS: usize = 96;

/// One participant for each distinct profile.
fn distinct(data: &TrainingSet) -> TrainingSet {
    let mut copy = TrainingSet::builder(data.participants().schema().clone());
    copy.course(Course::new("c", Amount(1))).unwrap();
    let people = data.participants();
    let mut seen = HashSet::new();
    for id in people.ids() {
        let profile = people.profile(id).unwrap();
        if seen.insert(format!("{profile:?}")) {
            copy.participant(id, profile).unwrap().purchase(id, "c").unwrap();
        }
    }
    copy.build().unwrap()
}

type Distance = fn(&[f32], &[f32]) -> f32;

fn l1(a: &[f32], b: &[f32]) -> f32 {
    a.iter().zip(b).map(|(a, b)| (a - b).abs()).sum()
}

fn l2(a: &[f32], b: &[f32]) -> f32 {
    a.iter().zip(b).map(|(a, b)| (a - b) * (a - b)).sum()
}

/// How a search method did: times, and recall.
struct Method<'a> {
    name: String,
    distance: Distance,
    search: Box<dyn FnMut(&[f32]) -> Vec<usize> + 'a>,
    times: Vec<Duration>,
    good: usize,
    found: usize,
}

fn method<'a>(
    name: impl Into<String>,
    distance: Distance,
    search: impl FnMut(&[f32]) -> Vec<usize> + 'a,
) -> Method<'a> {
    Method { name: name.into(), distance, search: Box::new(search), times: Vec::new(), good: 0, found: 0 }
}

impl Method<'_> {
    fn ask(&mut self, query: &[f32], vectors: &[Vec<f32>]) {
        let start = Instant::now();
        let found = (self.search)(query);
        self.times.push(start.elapsed());
        let mut all: Vec<f32> = vectors.iter().map(|v| (self.distance)(v, query)).collect();
        let radius = *all.clone().select_nth_unstable_by(K - 1, f32::total_cmp).1;
        self.good += found.iter().filter(|&&row| all[row] <= radius * 1.000_01).count().min(K);
        self.found += K;
        all.clear();
    }

    fn recall(&self) -> f64 {
        self.good as f64 / self.found.max(1) as f64
    }

    fn median(&mut self) -> f64 {
        self.times.sort_unstable();
        self.times[self.times.len() / 2].as_secs_f64() * 1e6
    }
}

fn main() {
    let n = std::env::args().nth(1).and_then(|n| n.parse().ok()).unwrap_or(100_000);
    let name = std::env::args().nth(2).unwrap_or_else(|| "default".to_owned());
    let workload = workload(&name, n);
    let data = distinct(&workload.data);
    let model = Recommender::params().fit(&data).unwrap();
    let vectors: Vec<Vec<f32>> = model.matrix().rows().into_iter().map(|row| row.to_vec()).collect();
    let columns = vectors[0].len();
    assert!(columns <= COLUMNS, "{columns} columns");
    println!("{} distinct profiles of {n} participants, {columns} columns, k = {K}", vectors.len());

    let queries: Vec<Profile> = workload.queries.into_iter().take(QUERIES).map(|(profile, _)| profile).collect();

    let index = PackedIndex::new(Arc::clone(model.profiles()));
    let (mut scratch, mut found) = (SearchScratch::default(), Neighbourhood::default());
    let encoded: Vec<_> = queries.iter().map(|q| model.encoder().encode(q).unwrap()).collect();
    let mut ours = Vec::new();
    for query in &encoded {
        let start = Instant::now();
        index.search(
            &Search { query, k: K as u64, left_out: None, moved: &Moved::default(), appended: &[] },
            &mut scratch,
            &mut found,
        );
        ours.push(start.elapsed());
    }
    ours.sort_unstable();
    let ours = ours[QUERIES / 2].as_secs_f64() * 1e6;
    println!("{:<24} median {ours:>8.1} us, recall 1.000 (exact, ties included)", "sebaya packed");

    let start = Instant::now();
    let padded: Vec<[f32; COLUMNS]> = vectors
        .iter()
        .map(|v| {
            let mut row = [0.0; COLUMNS];
            row[..columns].copy_from_slice(v);
            row
        })
        .collect();
    let tree: ImmutableKdTree<f32, COLUMNS> = ImmutableKdTree::new_from_slice(&padded);
    println!("kiddo built in {:.1} s", start.elapsed().as_secs_f64());

    let start = Instant::now();
    let hnsw = Hnsw::<f32, DistL1>::new(16, vectors.len(), 16, 200, DistL1 {});
    vectors.iter().enumerate().for_each(|(row, vector)| hnsw.insert((vector, row)));
    println!("hnsw_rs built in {:.1} s", start.elapsed().as_secs_f64());

    let start = Instant::now();
    let options = IndexOptions {
        dimensions: columns,
        metric: MetricKind::L2sq,
        quantization: ScalarKind::F32,
        connectivity: 16,
        expansion_add: 200,
        ..IndexOptions::default()
    };
    let usearch = Index::new(&options).unwrap();
    usearch.reserve(vectors.len()).unwrap();
    vectors.iter().zip(0..).for_each(|(vector, row)| usearch.add(row, vector).unwrap());
    println!("usearch built in {:.1} s", start.elapsed().as_secs_f64());

    let mut methods = vec![method("kiddo (exact)", l1, |query| {
        let mut row = [0.0; COLUMNS];
        row[..columns].copy_from_slice(query);
        let k = std::num::NonZero::new(K).unwrap();
        tree.nearest_n::<Manhattan>(&row, k).iter().map(|n| n.item as usize).collect()
    })];
    for width in WIDTHS {
        let hnsw = &hnsw;
        methods.push(method(format!("hnsw_rs, ef {width}"), l1, move |query| {
            hnsw.search(query, K, width).iter().map(|n| n.d_id).collect()
        }));
    }
    for profile in &queries {
        let vector = model.encoder().transform(profile).unwrap().to_vec();
        methods.iter_mut().for_each(|m| m.ask(&vector, &vectors));
    }
    for width in WIDTHS {
        usearch.change_expansion_search(width);
        let mut one = method(format!("usearch, ef {width}"), l2, |query| {
            usearch.search(query, K).unwrap().keys.iter().map(|&row| row as usize).collect()
        });
        for profile in &queries {
            one.ask(&model.encoder().transform(profile).unwrap().to_vec(), &vectors);
        }
        let (median, recall) = (one.median(), one.recall());
        println!("{:<24} median {median:>8.1} us, recall {recall:.3}, {:.1} times ours", one.name, median / ours);
        if recall >= 0.95 {
            break;
        }
    }
    for mut one in methods {
        let (median, recall) = (one.median(), one.recall());
        println!("{:<24} median {median:>8.1} us, recall {recall:.3}, {:.1} times ours", one.name, median / ours);
    }
}
