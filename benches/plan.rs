//! Plans at real size: time against catalogue size, number of courses and `spend_weight`, and what the optimum gains over taking
//! courses greedily by score, and by score per rupiah.
//!
//! ```text
//! cargo bench --bench plan
//! ```

#![allow(missing_docs, reason = "a program")]
#![allow(clippy::unwrap_used, clippy::print_stdout, reason = "a benchmark prints, and may panic")]
#![allow(clippy::cast_precision_loss, reason = "amounts and counts are small")]

use std::time::Instant;

use sebaya::prelude::*;
use sebaya::synthetic::Programme;
use sebaya::{Plan, Recommendation};

const BALANCE: Amount = Amount(3_500_000);

/// The same programme with prices that share no grid; most of its own are multiples of Rp1.000.
fn off_grid(data: &TrainingSet) -> TrainingSet {
    let mut raw = serde_json::to_value(data).unwrap();
    for (course, i) in raw["courses"].as_array_mut().unwrap().iter_mut().zip(0_u64..) {
        let price = course["price"].as_u64().unwrap();
        course["price"] = (price + (i * 7_919 + 137) % 997).into();
    }
    serde_json::from_value(raw).unwrap()
}

/// Score and leftover of taking courses in order, as many as fit.
fn greedy<'a>(order: impl Iterator<Item = &'a Recommendation>, max_courses: usize) -> (f64, u64) {
    let (mut score, mut left, mut count) = (0.0, BALANCE.0, 0);
    for r in order {
        let price = r.course().price().0;
        if count < max_courses && price <= left {
            (score, left, count) = (score + r.score(), left - price, count + 1);
        }
    }
    (score, left)
}

fn mean(values: impl ExactSizeIterator<Item = f64>) -> f64 {
    let n = values.len().max(1) as f64;
    values.sum::<f64>() / n
}

fn measure(name: &str, data: &TrainingSet, queries: usize) {
    let model = Recommender::params().fit(data).unwrap();
    let ids: Vec<&str> = data.participants().ids().step_by(data.participants().len() / queries).take(queries).collect();
    for max_courses in [5, 20] {
        for spend_weight in [0.0, 1.0, 3.0] {
            let (mut times, mut optimum, mut by_score, mut by_ratio) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
            let mut unproven = 0;
            for id in &ids {
                let query = Query::participant(*id, BALANCE)
                    .top_n(usize::MAX)
                    .max_courses(max_courses)
                    .spend_weight(spend_weight);
                let start = Instant::now();
                let plan: Plan = model.plan(&query).unwrap();
                times.push(start.elapsed().as_secs_f64() * 1e3);
                unproven += usize::from(!plan.is_proven());
                optimum.push((plan.score(), plan.leftover().0));
                let ranked = model.recommend(&query).unwrap();
                let mut ratio: Vec<&Recommendation> = ranked.iter().collect();
                ratio.sort_by(|a, b| {
                    let of = |r: &Recommendation| r.score() / r.course().price().0 as f64;
                    of(b).total_cmp(&of(a))
                });
                by_score.push(greedy(ranked.iter(), max_courses));
                by_ratio.push(greedy(ratio.into_iter(), max_courses));
            }
            times.sort_by(f64::total_cmp);
            let (median, worst) = (times[times.len() / 2], times[times.len() - 1]);
            println!(
                "{name}, up to {max_courses} courses, spend weight {spend_weight}: median {median:.2} ms, worst {worst:.2} ms, {unproven} unproven"
            );
            for (how, found) in
                [("optimum", &optimum), ("greedy by score", &by_score), ("greedy by score per rupiah", &by_ratio)]
            {
                let score = mean(found.iter().map(|f| f.0));
                let left = mean(found.iter().map(|f| f.1 as f64)) / BALANCE.0 as f64;
                println!("    {how:<28} score {score:.4}, {:.1} % left", left * 100.0);
            }
        }
    }
}

fn main() {
    let test = std::env::args().any(|arg| arg == "--test");
    let (participants, queries) = if test { (2_000, 3) } else { (30_000, 200) };
    for courses in if test { vec![300] } else { vec![1_000, 3_000, 7_500] } {
        let data = Programme::new(participants).courses(courses).training_set().unwrap();
        measure(&format!("{courses} courses"), &data, queries);
        if courses == 3_000 || test {
            measure(&format!("{courses} courses off the grid"), &off_grid(&data), queries);
        }
    }
}
