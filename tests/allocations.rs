//! Nothing is allocated for a query once the first ones are answered.

#![cfg(feature = "synthetic")]
#![allow(clippy::unwrap_used, reason = "a test may panic")]

use std::alloc::System;

use sebaya::prelude::*;
use sebaya::synthetic::Programme;
use stats_alloc::{INSTRUMENTED_SYSTEM, Region, StatsAlloc};

#[global_allocator]
static ALLOCATOR: &StatsAlloc<System> = &INSTRUMENTED_SYSTEM;

/// Asks everything twice, as the first time memory may be taken; how often it was taken the second time.
fn allocations(model: &Recommender, queries: &[Query]) -> usize {
    let mut searcher = model.searcher();
    let mut answer_all = || queries.iter().map(|query| searcher.recommend(query).unwrap().len()).sum::<usize>();
    let warm = answer_all();
    let region = Region::new(ALLOCATOR);
    assert_eq!(answer_all(), warm);
    let change = region.change();
    change.allocations + change.reallocations
}

// One test, as what others allocate at the same time would be counted too.
#[test]
fn a_searcher_that_has_warmed_up_allocates_nothing() {
    let data = Programme::new(3_000).courses(300).training_set().unwrap();
    let people = data.participants();
    let queries = |history: bool| -> Vec<Query> {
        let query = |(id, i): (_, u64)| {
            let query = Query::new(people.profile(id).unwrap(), Amount(1_000 * i)).owned(["c1", "c2"]);
            let query = if history && i % 4 == 0 { query.owned(["c3"]).use_history(true) } else { query };
            if i % 3 == 0 { query.as_participant(id) } else { query.filter(|course| course.category().is_some()) }
        };
        people.ids().zip(1..=400).map(query).collect()
    };
    for k in [1, 50, 300, 5_000] {
        let model = Recommender::params().n_neighbours(k).fit(&data).unwrap();
        assert_eq!(allocations(&model, &queries(true)), 0, "k = {k}");
    }

    // A state of a live model may allocate for rows that have changed, but not for baskets that have.
    let live = LiveRecommender::new(Recommender::params().fit(&data).unwrap()).unwrap();
    for (id, i) in people.ids().zip(0..1_000) {
        live.record_purchase(id, &format!("c{}", i % 300), None).unwrap();
    }
    assert_eq!(allocations(&live.current(), &queries(true)), allocations(&live.current(), &queries(false)));
}
