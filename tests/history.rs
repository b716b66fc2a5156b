//! Recommendations by what somebody bought before, and votes that fade, against plain implementations of both.

#![allow(clippy::unwrap_used, clippy::cast_precision_loss, reason = "a test may panic, and its numbers are small")]

use approx::assert_relative_eq;
use proptest::prelude::*;
use sebaya::prelude::*;
use sebaya::{IndexKind, ParamError, Timestamp};

/// `c0`, `c1` and so on, and one participant for each basket, all of the same profile.
fn programme(n_courses: usize, baskets: &[Vec<usize>]) -> TrainingSet {
    let mut data = TrainingSet::builder(Schema::new().numeric("age"));
    for course in 0..n_courses {
        data.course(Course::new(format!("c{course}"), Amount(1))).unwrap();
    }
    for (person, basket) in baskets.iter().enumerate() {
        data.participant(format!("p{person}"), Profile::new().with("age", (person % 3) as f64)).unwrap();
        for course in basket {
            data.purchase(&format!("p{person}"), &format!("c{course}")).unwrap();
        }
    }
    data.build().unwrap()
}

fn query(history: &[usize]) -> Query<'static> {
    let history = history.iter().map(|course| format!("c{course}"));
    Query::new(Profile::new().with("age", 1), Amount(1)).top(usize::MAX).history(history)
}

fn scores(model: &Recommender, query: &Query) -> Vec<(String, f64)> {
    model.recommend(query).unwrap().iter().map(|r| (r.course().id().to_string(), r.score())).collect()
}

/// The shares of courses among the nearest by history, one participant after another; `None` when there are none.
fn shares(n_courses: usize, baskets: &[Vec<usize>], history: &[usize]) -> Option<Vec<f64>> {
    let past: Vec<&Vec<usize>> = baskets.iter().filter(|basket| !basket.is_empty()).collect();
    let buyers = |course: usize| past.iter().filter(|basket| basket.contains(&course)).count() as f64;
    let square = |&course: &usize| match buyers(course) {
        0.0 => 0.0,
        buyers => (4096.0 * (past.len() as f64 / buyers).ln()).round().powi(2),
    };
    let norm = |set: &[usize]| set.iter().map(square).sum::<f64>();
    let alike = |basket: &&&Vec<usize>| basket.iter().any(|course| !history.contains(course));
    let mut similar: Vec<(f64, &Vec<usize>)> = Vec::new();
    for basket in past.iter().filter(alike) {
        let dot: f64 = basket.iter().filter(|course| history.contains(course)).map(square).sum();
        if dot > 0.0 {
            similar.push(((dot / (norm(basket) * norm(history)).sqrt() * 1_048_576.0).round(), basket));
        }
    }
    similar.sort_by(|a, b| b.0.total_cmp(&a.0));
    let radius = similar.iter().take(300).next_back()?.0;
    let inside = similar.iter().filter(|(similarity, _)| *similarity > radius).count();
    let boundary = similar.iter().filter(|(similarity, _)| *similarity >= radius).count() - inside;
    let share = if inside + boundary <= 300 { 1.0 } else { (300 - inside) as f64 / boundary as f64 };
    let (mut votes, mut all) = (vec![0.0; n_courses], 0.0);
    for (similarity, basket) in similar.into_iter().take(inside + boundary) {
        let vote = similarity / 1_048_576.0 * if similarity > radius { 1.0 } else { share };
        for &course in basket {
            votes[course] += vote;
        }
        all += vote;
    }
    Some((0..n_courses).map(|c| (votes[c] + 0.1 * buyers(c) / past.len() as f64) / (all + 0.1)).collect())
}

#[test]
fn a_history_worked_by_hand() {
    // ln(4 / 2) for c0 and c1, ln(4 / 1) for c2 and c3: the latter weigh twice as much.
    let baskets = [vec![0, 1], vec![0, 2], vec![1], vec![3]];
    let model = Recommender::params().prior(0.0).fit(&programme(4, &baskets)).unwrap();
    let found = scores(&model, &query(&[0]));
    // p0 is 1 / sqrt(2) away, p1 is 1 / sqrt(5); p2 and p3 have nothing in common with the history.
    let (p0, p1) = (0.5_f64.sqrt(), 0.2_f64.sqrt());
    let all = p0 + p1 + 0.1;
    // All four are neighbours by profile, so votes are what everyone bought, and the lift is 1.
    let by_hand = [("c1", (p0 + 0.05) / all), ("c2", (p1 + 0.025) / all), ("c3", 0.025 / all)];
    assert_eq!(found.len(), 3);
    for ((id, score), (expected, by_hand)) in found.iter().zip(by_hand) {
        assert_eq!(id, expected);
        // Weights are rounded to 1/4096, similarities to 2^-20.
        assert_relative_eq!(*score, by_hand, max_relative = 1e-4);
    }
    let answer = model.recommend(&query(&[0])).unwrap();
    let why = answer.iter().next().unwrap().explanation();
    assert_relative_eq!(why.by_history().unwrap(), p0 / (p0 + p1), max_relative = 1e-4);
    assert!(why.to_string().starts_with("of those who bought the same 61.3 % bought it; so did 2 "), "{why}");
}

#[test]
fn without_a_history_or_anybody_like_it_the_profile_decides() {
    let data = programme(4, &[vec![0, 1], vec![0], vec![2]]);
    let model = Recommender::params().fit(&data).unwrap();
    let profile_alone =
        |owned: &[&str]| Query::new(Profile::new().with("age", 1), Amount(1)).owned(owned.iter().copied());
    assert_eq!(scores(&model, &query(&[])), scores(&model, &profile_alone(&[])));
    // Nobody bought c3; and whoever bought c2 bought nothing else.
    for (history, owned) in [(3, "c3"), (2, "c2")] {
        assert_eq!(scores(&model, &query(&[history])), scores(&model, &profile_alone(&[owned])));
    }
    // What a participant of the data bought is its history.
    let of_data = Query::participant("p1", Amount(1)).history([""; 0]);
    let told = Query::new(Profile::new().with("age", 1), Amount(1)).known_as("p1").history(["c0"]);
    assert_eq!(scores(&model, &of_data), scores(&model, &told));
    assert_ne!(scores(&model, &of_data), scores(&model, &Query::participant("p1", Amount(1))));
    assert!(model.recommend(&query(&[9])).is_err());
}

#[test]
fn those_who_own_nothing_else_are_left_out_before_the_nearest_are_taken() {
    // 400 own what the query owns and no more; they would be the 300 nearest.
    let mut baskets = vec![vec![0]; 400];
    baskets.extend([vec![0, 1], vec![2], vec![2], vec![2], vec![2]]);
    let model = Recommender::params().fit(&programme(3, &baskets)).unwrap();
    assert_eq!(scores(&model, &query(&[0]))[0].0, "c1");
}

#[test]
fn a_course_that_must_be_in_a_plan_may_be_one_that_nobody_bought() {
    let model = Recommender::params().fit(&programme(4, &[vec![0, 1], vec![0, 2]])).unwrap();
    let query = Query::new(Profile::new(), Amount(5)).history(["c0"]).must_include(["c3"]).use_up(1e6);
    let plan = model.plan(&query).unwrap();
    let ids: Vec<_> = plan.courses().iter().map(|c| c.course().id().as_str()).collect();
    assert_eq!(ids, ["c1", "c2", "c3"]);
    assert!(plan.score().is_finite() && plan.courses()[2].score() == 0.0);
}

fn baskets(n_courses: usize) -> impl Strategy<Value = (usize, Vec<Vec<usize>>)> {
    (Just(n_courses), prop::collection::vec(prop::collection::btree_set(0..n_courses, 0..4), 1..900)).prop_map(
        |(n_courses, baskets)| {
            let mut baskets: Vec<Vec<usize>> = baskets.into_iter().map(|set| set.into_iter().collect()).collect();
            baskets.push(vec![0]);
            (n_courses, baskets)
        },
    )
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(40))]

    #[test]
    fn scores_are_those_of_the_formula_whatever_the_order_and_the_index(
        (n_courses, baskets) in prop_oneof![baskets(5), baskets(30), baskets(120)],
        history in prop::collection::btree_set(0..5_usize, 0..4),
    ) {
        let history: Vec<usize> = history.into_iter().collect();
        let data = programme(n_courses, &baskets);
        let model = Recommender::params().n_neighbours(50).fit(&data).unwrap();
        let answer = model.recommend(&query(&history)).unwrap();
        let n = baskets.iter().filter(|basket| !basket.is_empty()).count() as f64;
        let found = answer.iter().map(|r| (r.course().id().to_string(), r.score())).collect::<Vec<_>>();
        prop_assert!(found.is_sorted_by(|a, b| a.1 >= b.1));
        if let Some(shares) = shares(n_courses, &baskets, &history) {
            for r in &answer {
                let share = f64::from(r.buyers()) / n;
                let lift = (r.votes() + 20.0) / (answer.k() as f64 * share + 20.0);
                let damping = if n_courses >= 100 { share.powf(0.25) } else { 1.0 };
                let course: usize = r.course().id().as_str()[1..].parse().unwrap();
                assert_relative_eq!(r.score(), shares[course] * lift / damping, max_relative = 1e-9);
            }
        }
        let mut reversed = TrainingSet::builder(Schema::new().numeric("age"));
        for course in (0..n_courses).rev() {
            reversed.course(Course::new(format!("c{course}"), Amount(1))).unwrap();
        }
        for (person, basket) in baskets.iter().enumerate().rev() {
            reversed.participant(format!("q{person}"), Profile::new().with("age", (person % 3) as f64)).unwrap();
            for course in basket.iter().rev() {
                reversed.purchase(&format!("q{person}"), &format!("c{course}")).unwrap();
            }
        }
        let reversed = reversed.build().unwrap();
        for kind in IndexKind::ALL {
            let other = Recommender::params().n_neighbours(50).index(kind).fit(&reversed).unwrap();
            prop_assert_eq!(&scores(&other, &query(&history)), &found);
        }
    }

    #[test]
    fn votes_are_sums_of_faded_purchases(
        ages in prop::collection::vec((0..3_usize, prop::option::of(-50..4000_i64)), 1..40),
        half_life in 0.5..2000.0_f64,
    ) {
        let day = |age: i64| Timestamp(1_700_000_000 - 86_400 * age);
        let mut data = TrainingSet::builder(Schema::new().numeric("age"));
        for course in 0..3 {
            data.course(Course::new(format!("c{course}"), Amount(1))).unwrap();
        }
        for (person, (course, age)) in ages.iter().enumerate() {
            let (id, course) = (person.to_string(), format!("c{course}"));
            data.participant(&id, Profile::new()).unwrap();
            match age {
                Some(age) => data.purchase_at(&id, &course, day(*age)).unwrap(),
                None => data.purchase(&id, &course).unwrap(),
            };
        }
        let data = data.build().unwrap();
        let newest = ages.iter().filter_map(|&(_, age)| age).min();
        for at in [None, Some(0), Some(1000)] {
            let params = Recommender::params().half_life(half_life).at(at.map(day)).aged_to_newest(data.purchases());
            let Some(reference) = newest.map(|newest| at.unwrap_or(newest)) else {
                prop_assert_eq!(params.fit(&data).unwrap_err().to_string(), ParamError::NothingFades.to_string());
                continue;
            };
            let model = params.fit(&data).unwrap();
            let answer = model.recommend(&Query::new(Profile::new(), Amount(1))).unwrap();
            for r in &answer {
                let bought = ages.iter().filter(|(course, _)| format!("c{course}") == r.course().id().as_str());
                let weight = |age: &Option<i64>| {
                    let age = age.map_or(0, |age| (age - reference).max(0)) as f64;
                    (65_536.0 * 0.5_f64.powf(age / half_life)).round() / 65_536.0
                };
                let faded: f64 = bought.clone().map(|(_, age)| weight(age)).sum();
                assert_relative_eq!(r.votes(), faded, epsilon = 1e-4);
                prop_assert_eq!(r.supporters() as usize, bought.count());
            }
        }
    }
}

#[test]
fn a_half_life_that_is_no_number_of_days_is_refused() {
    let data = programme(1, &[vec![0]]);
    for days in [0.0, -1.0, f64::NAN, f64::INFINITY] {
        let error = Recommender::params().half_life(days).fit(&data).unwrap_err().to_string();
        assert_eq!(error, format!("half-life: {days} is not a finite number of days above 0"));
    }
}

#[test]
fn fading_needs_a_date_and_a_purchase_whose_time_is_known() {
    let data = programme(1, &[vec![0]]);
    let encoder = sebaya::Encoder::fit(&data).unwrap();
    for (params, message) in [
        (Recommender::params().half_life(7.0), "half-life: the date to which purchases have aged is missing"),
        (Recommender::params().half_life(7.0).at(Timestamp(0)), "half-life: no purchase has a time, so none can fade"),
    ] {
        assert_eq!(params.fit(&data).unwrap_err().to_string(), message);
        assert_eq!(params.fit_with_encoder(&data, &encoder).unwrap_err().to_string(), message);
    }
}
