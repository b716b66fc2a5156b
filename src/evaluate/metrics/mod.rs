//! What a list of recommendations is worth: one file for each metric, all of them plain functions.
//!
//! Lists are given as relevance: `relevant[i]` says whether the course at place `i + 1` was really bought. A list may be
//! shorter than the cut-off `k`; the missing places count as misses.
//!
//! | file | | better |
//! | --- | --- | --- |
//! | `hit_rate.rs` | [`hit_rate()`]: is any of the first `k` right | larger |
//! | `precision.rs` | [`precision()`]: the share of the first `k` that is right | larger |
//! | `recall.rs` | [`recall()`]: the share of the true purchases among the first `k` | larger |
//! | `ndcg.rs` | [`ndcg()`]: the same, early places counting more | larger |
//! | `mrr.rs` | [`mrr()`]: one through the place of the first that is right | larger |
//! | `map.rs` | [`map()`]: the mean precision at the places that are right | larger |
//! | `novelty.rs` | [`novelty()`]: how little known the courses of a list are | |
//! | `coverage.rs` | [`coverage()`]: the share of the catalogue that anybody is shown | larger |
//! | `gini.rs` | [`gini()`]: how unequally courses or providers are shown | smaller |
//! | `budget.rs` | [`share_spent()`]: how much of a balance a plan spends | larger |
//!
//! Two metrics need no function of their own: the *affordable hit rate* is the hit rate of the list that is cut after the
//! balance has filtered it, and the share of true purchases that a plan holds is its recall.

mod budget;
mod coverage;
mod gini;
mod hit_rate;
mod map;
mod mrr;
mod ndcg;
mod novelty;
mod precision;
mod recall;

pub use budget::share_spent;
pub use coverage::coverage;
pub use gini::gini;
pub use hit_rate::hit_rate;
pub use map::map;
pub use mrr::mrr;
pub use ndcg::ndcg;
pub use novelty::novelty;
pub use precision::precision;
pub use recall::recall;

/// A metric of one list: relevance, the number of true purchases, the cut-off.
pub(super) type ListMetric = fn(&[bool], usize, usize) -> f64;

/// The metrics of lists, with their names.
pub(super) const LIST_METRICS: [(&str, ListMetric); 6] = [
    ("NDCG", ndcg),
    ("hit rate", |relevant, _, k| hit_rate(relevant, k)),
    ("precision", |relevant, _, k| precision(relevant, k)),
    ("recall", recall),
    ("MRR", |relevant, _, k| mrr(relevant, k)),
    ("MAP", map),
];

/// The relevance of the first `k` places.
fn first(relevant: &[bool], k: usize) -> &[bool] {
    &relevant[..relevant.len().min(k)]
}

/// How many of the first `k` places are right.
fn hits(relevant: &[bool], k: usize) -> usize {
    first(relevant, k).iter().filter(|&&hit| hit).count()
}

#[expect(clippy::cast_precision_loss, reason = "counts are far below 2^53")]
fn ratio(part: usize, whole: usize) -> f64 {
    if whole == 0 { 0.0 } else { part as f64 / whole as f64 }
}
