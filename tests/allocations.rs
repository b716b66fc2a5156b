//! Nothing is allocated for a query once the first ones are answered.

#![cfg(feature = "synthetic")]
#![allow(clippy::unwrap_used, reason = "a test may panic")]

use std::alloc::System;

use sebaya::prelude::*;
use sebaya::synthetic::Programme;
use stats_alloc::{INSTRUMENTED_SYSTEM, Region, StatsAlloc};

#[global_allocator]
static ALLOCATOR: &StatsAlloc<System> = &INSTRUMENTED_SYSTEM;

#[test]
fn a_searcher_that_has_warmed_up_allocates_nothing() {
    let data = Programme::new(3_000).courses(300).training_set().unwrap();
    let people = data.participants();
    let queries: Vec<Query> = people
        .ids()
        .zip(1..=400_u64)
        .map(|(id, i)| {
            let query = Query::new(people.profile(id).unwrap(), Amount(1_000 * i)).owned(["c1", "c2", "c3"]);
            let query = if i % 4 == 0 { query.use_history(true) } else { query };
            if i % 3 == 0 { query.as_participant(id) } else { query.filter(|course| course.category().is_some()) }
        })
        .collect();
    for k in [1, 50, 300, 5_000] {
        let model = Recommender::params().n_neighbours(k).fit(&data).unwrap();
        let mut searcher = model.searcher();
        let mut answer_all = || queries.iter().map(|query| searcher.recommend(query).unwrap().len()).sum::<usize>();
        let warm = answer_all();
        let region = Region::new(ALLOCATOR);
        assert_eq!(answer_all(), warm);
        let change = region.change();
        assert_eq!((change.allocations, change.reallocations), (0, 0), "k = {k}");
    }
}
