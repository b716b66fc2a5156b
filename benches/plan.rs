//! Plans at real size: time against catalogue size, number of courses and `spend_weight`, and what the optimum gains over
//! taking courses greedily by score, and by score per rupiah; then the same times where limits by category, a strong wish to
//! spend all or made-up prices make plans hard.
//!
//! ```text
//! cargo bench --bench plan                   # a made-up programme
//! cargo bench --bench plan -- --data DIR     # and the courses and participants of a data directory
//! ```

#![allow(missing_docs, reason = "a program")]
#![allow(clippy::unwrap_used, clippy::print_stdout, reason = "a benchmark prints, and may panic")]
#![allow(clippy::cast_precision_loss, reason = "amounts and counts are small")]
#![allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "places in a list")]

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

/// Median, 99th percentile and longest time of the plans for these queries, and how many are not proved.
fn time(name: &str, model: &Recommender, queries: &[Query]) {
    for n in [1, 10] {
        let mut unproven = 0;
        let mut times: Vec<f64> = queries
            .iter()
            .map(|query| {
                let start = Instant::now();
                let plans = model.top_plans(query, n).unwrap();
                unproven += usize::from(!plans.iter().all(Plan::is_proven));
                start.elapsed().as_secs_f64() * 1e3
            })
            .collect();
        times.sort_by(f64::total_cmp);
        let at = |share: f64| times[((times.len() - 1) as f64 * share) as usize];
        println!(
            "{name}, best {n}: median {:.2} ms, 99 % {:.2} ms, worst {:.2} ms, {unproven} of {} unproven",
            at(0.5),
            at(0.99),
            at(1.0),
            times.len()
        );
    }
}

/// Plans under all options, for some participants of the data.
fn measure_options(name: &str, data: &TrainingSet, balances: &[u64], queries: usize) {
    let model = Recommender::params().fit(data).unwrap();
    let ids: Vec<&str> = data.participants().ids().step_by(data.participants().len() / queries).take(queries).collect();
    for max_courses in [1, 5, 20, 1_000] {
        for spend_weight in [0.0, 1.0, 3.0, 1_000.0] {
            let plain: Vec<Query> = ids
                .iter()
                .zip(balances.iter().cycle())
                .map(|(id, &balance)| {
                    Query::participant(*id, Amount(balance)).max_courses(max_courses).spend_weight(spend_weight)
                })
                .collect();
            let limited: Vec<Query> = plain.iter().map(|query| query.clone().max_per_category(2)).collect();
            let options = format!("{name}, up to {max_courses} courses, spend weight {spend_weight}");
            time(&options, &model, &plain);
            time(&format!("{options}, two a category"), &model, &limited);
        }
    }
}

/// Prices between which a search finds it hard to choose, with scores of all sizes.
fn measure_made_up_prices(courses: u64) {
    type Price = fn(u64) -> u64;
    let prices: [(&str, Price); 6] = [
        ("powers of two", |i| 1 << (i % 52)),
        ("all equal", |_| 300_000),
        ("two prices", |i| 250_000 + 50_000 * (i % 2)),
        ("on a grid", |i| 24_000 + 1_000 * (i * 7_919 % 977)),
        ("off any grid", |i| 24_000 + i * 7_919_001 % 976_007),
        ("close to the largest", |i| Amount::MAX.0 / 7 - i * 7_919_001 % 976_007),
    ];
    for (name, price) in prices {
        let mut data = TrainingSet::builder(Schema::new().numeric("age"));
        for i in 0..courses {
            let category = (i % 14).to_string();
            data.course(Course::new(format!("c{i}"), Amount(price(i))).with_category(category)).unwrap();
        }
        // The score falls in steps: c0 is bought by all, the last one by one participant.
        for i in 0..30 {
            data.participant(format!("p{i}"), Profile::new()).unwrap();
            for course in 0..courses / (i + 1) {
                data.purchase(&format!("p{i}"), &format!("c{course}")).unwrap();
            }
        }
        let all: u64 = (0..courses).map(price).fold(0, u64::saturating_add);
        let balances = [0, all / 400, all / 40, all / 2, 3_000_000_000_000_000].map(|b: u64| b.min(Amount::MAX.0));
        let model = Recommender::params().fit(&data.build().unwrap()).unwrap();
        let mut queries = Vec::new();
        for balance in balances {
            for (max_courses, spend_weight) in [(5, 0.0), (5, 1e6), (20, 3.0), (1_000, 0.0), (1_000, 1e3), (1_000, 1e6)]
            {
                let query =
                    Query::new(Profile::new(), Amount(balance)).max_courses(max_courses).spend_weight(spend_weight);
                queries.extend([query.clone().max_per_category(2), query]);
            }
        }
        time(&format!("{courses} courses, prices {name}"), &model, &queries);
    }
}

fn main() {
    let args: Vec<String> = std::env::args().collect();
    if let Some(dir) = args.iter().skip_while(|arg| *arg != "--data").nth(1) {
        measure_options("data", &sebaya::io::read_dir(dir).unwrap(), &[2_000, 5_000, 10_000, 30_000, 1_000_000], 20);
    }
    let test = std::env::args().any(|arg| arg == "--test");
    let (participants, queries) = if test { (2_000, 3) } else { (30_000, 200) };
    for courses in if test { vec![300] } else { vec![1_000, 3_000, 7_500] } {
        let data = Programme::new(participants).courses(courses).training_set().unwrap();
        measure(&format!("{courses} courses"), &data, queries);
        if courses == 3_000 || test {
            measure(&format!("{courses} courses off the grid"), &off_grid(&data), queries);
            measure_options(&format!("{courses} courses"), &data, &[BALANCE.0], queries.min(60));
            measure_options(
                &format!("{courses} courses off the grid"),
                &off_grid(&data),
                &[BALANCE.0],
                queries.min(60),
            );
        }
    }
    measure_made_up_prices(if test { 200 } else { 2_000 });
}
