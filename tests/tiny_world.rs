//! A world small enough to be worked out by hand.
//!
//! Age counts from 20 to 40 and the two attributes weigh the same, so each has 2^18 units for half of its weight and
//! 2^20 is the largest distance. For a participant of 25 from Bali:
//!
//! | past participant | age | province | distance / 2^20 | bought |
//! | --- | --- | --- | --- | --- |
//! | ani | 20 | Bali | 1/8 | excel, sewing |
//! | budi | 30 | Bali | 1/8 | excel |
//! | cici | 40 | Aceh | 3/8 + 1/2 | baking |
//! | dewi | 30 | missing | 1/8 + 1/4 | sewing |

#![allow(clippy::unwrap_used, reason = "a test may panic")]

use sebaya::linfa::ParamGuard;
use sebaya::prelude::*;
use sebaya::{EmptyReason, IndexKind, ParamError, Recommendation, Recommendations, Recommender};

fn world() -> TrainingSet {
    let schema = Schema::new().attribute(Attribute::numeric("age").with_range(20.0, 40.0)).categorical("province");
    let mut data = TrainingSet::builder(schema);
    for (id, price) in [("excel", 250), ("sewing", 300), ("baking", 100), ("pottery", 50)] {
        data.course(Course::new(id, Amount(price)).with_category(if price < 200 { "home" } else { "work" })).unwrap();
    }
    data.course(Course::new("closed", Amount(1)).with_open(false)).unwrap();
    for (id, profile, courses) in [
        ("eka", profile(20, "Bali"), vec![]),
        ("ani", profile(20, "Bali"), vec!["excel", "sewing", "closed"]),
        ("budi", profile(30, "Bali"), vec!["excel"]),
        ("cici", profile(40, "Aceh"), vec!["baking"]),
        ("dewi", Profile::new().with("age", 30), vec!["sewing"]),
    ] {
        data.participant(id, profile).unwrap();
        for course in courses {
            data.purchase(id, course).unwrap();
        }
    }
    data.build().unwrap()
}

fn profile(age: u8, province: &str) -> Profile {
    Profile::new().with("age", age).with("province", province)
}

fn model(k: u64, prior: f64) -> Recommender {
    Recommender::params().n_neighbours(k).prior(prior).fit(&world()).unwrap()
}

fn asker(balance: u64) -> Query<'static> {
    Query::new(profile(25, "Bali"), Amount(balance))
}

fn ids(answer: &Recommendations) -> Vec<&str> {
    answer.iter().map(|r| r.course().id().as_str()).collect()
}

fn bits(r: &Recommendation) -> (&str, u64, u64, u32, u32) {
    (r.course().id().as_str(), r.score().to_bits(), r.votes().to_bits(), r.supporters(), r.buyers())
}

#[test]
fn the_two_nearest_share_the_one_vote_that_there_is() {
    let model = model(1, 2.0);
    let answer = model.recommend(&asker(300)).unwrap();
    assert_eq!((answer.k(), answer.n_inside(), answer.n_boundary()), (1, 0, 2));
    assert_eq!(answer.radius().to_bits(), 0.125_f64.to_bits());
    // excel: (1 + 2 * 2/4) / 3, sewing: (1/2 + 2 * 2/4) / 3, baking: (0 + 2 * 1/4) / 3
    let expected = [("excel", 2.0 / 3.0, 1.0, 2, 2), ("sewing", 0.5, 0.5, 1, 2), ("baking", 0.5 / 3.0, 0.0, 0, 1)];
    let expected = expected.map(|(id, score, votes, s, b)| (id, f64::to_bits(score), f64::to_bits(votes), s, b));
    assert_eq!(answer.iter().map(bits).collect::<Vec<_>>(), expected);
}

#[test]
fn those_inside_the_radius_vote_in_full() {
    let model = model(3, 0.0);
    let answer = model.recommend(&asker(300)).unwrap();
    assert_eq!((answer.k(), answer.n_inside(), answer.n_boundary()), (3, 2, 1));
    assert_eq!(answer.radius().to_bits(), 0.375_f64.to_bits());
    // Two votes each; equally popular; excel is cheaper. Without a prior baking has a score of 0.
    assert_eq!(ids(&answer), ["excel", "sewing"]);
    assert_eq!(answer.iter().map(|r| r.votes().to_bits()).collect::<Vec<_>>(), [2.0_f64.to_bits(); 2]);
}

#[test]
fn with_no_more_participants_than_votes_all_vote() {
    for k in [4, 5, u64::MAX] {
        let model = model(k, 10.0);
        let answer = model.recommend(&asker(300)).unwrap();
        assert_eq!((answer.k(), answer.n_inside(), answer.n_boundary()), (4, 4, 0));
        assert_eq!(answer.radius().to_bits(), 0.875_f64.to_bits());
    }
}

#[test]
fn a_participant_is_left_out_of_their_own_neighbourhood_and_owns_what_they_bought() {
    let model = model(1, 10.0);
    let answer = model.recommend(&Query::participant("ani", Amount(300))).unwrap();
    // budi is 1/4 away, dewi 1/4 + 1/4.
    assert_eq!((answer.radius().to_bits(), answer.n_inside(), answer.n_boundary()), (0.25_f64.to_bits(), 0, 1));
    assert_eq!(ids(&answer), ["baking"]);
    let elsewhere = model.recommend(&Query::new(profile(40, "Aceh"), Amount(300)).as_participant("ani")).unwrap();
    assert_eq!((elsewhere.radius().to_bits(), ids(&elsewhere)), (0.0_f64.to_bits(), vec!["baking"]));
}

#[test]
fn a_participant_without_purchases_is_nobodys_neighbour_and_may_ask() {
    let model = model(1, 10.0);
    let answer = model.recommend(&Query::participant("eka", Amount(300))).unwrap();
    assert_eq!((answer.radius().to_bits(), answer.n_boundary()), (0.0_f64.to_bits(), 1));
    assert_eq!(ids(&answer)[..2], ["excel", "sewing"]);
}

#[test]
fn a_course_priced_exactly_at_the_balance_is_affordable() {
    let model = model(1, 10.0);
    assert!(ids(&model.recommend(&asker(250)).unwrap()).contains(&"excel"));
    assert!(!ids(&model.recommend(&asker(249)).unwrap()).contains(&"excel"));
}

#[test]
fn filtering_happens_before_truncation() {
    let model = model(1, 10.0);
    let query = asker(300).top_n(1).filter(|course| course.category() == Some("home"));
    assert_eq!(ids(&model.recommend(&query).unwrap()), ["baking"]);
    assert_eq!(ids(&model.recommend(&asker(300).top_n(1).owned(["excel"])).unwrap()), ["sewing"]);
}

#[test]
fn closed_and_unsold_courses_are_never_recommended() {
    let answer = model(300, 10.0);
    let answer = answer.recommend(&asker(u64::from(u32::MAX)).top_n(usize::MAX)).unwrap();
    assert_eq!(ids(&answer), ["excel", "sewing", "baking"]);
}

#[test]
fn an_empty_answer_says_why() {
    let model = model(1, 0.0);
    let why = |query: Query| model.recommend(&query).unwrap().empty_reason();
    assert_eq!(why(asker(300)), None);
    assert_eq!(why(asker(300).top_n(0)), Some(EmptyReason::NothingAskedFor));
    assert_eq!(why(asker(49)), Some(EmptyReason::NothingAffordable { cheapest: Amount(50) }));
    assert_eq!(why(asker(300).owned(["excel", "sewing", "baking", "pottery"])), Some(EmptyReason::AllOwned));
    assert_eq!(why(asker(300).filter(|_| false)), Some(EmptyReason::FilteredOut));
    assert_eq!(why(asker(99)), Some(EmptyReason::NothingBought));
}

#[test]
fn unknown_province_goes_to_other() {
    let model = model(1, 10.0);
    let unknown = model.encoder().transform(&profile(20, "Jambi")).unwrap();
    let half = 262_144.0;
    assert_eq!(
        model.encoder().feature_names(),
        ["age: high", "age: low", "province = Aceh", "province = Bali", "province: other"]
    );
    assert_eq!(unknown.to_vec(), [0.0, half, 0.0, 0.0, half]);
}

#[test]
fn the_matrix_holds_the_past_participants_in_the_order_of_the_data() {
    let model = model(1, 10.0);
    let half = 262_144.0;
    let expected = [
        [0.0, half, 0.0, half, 0.0],
        [half / 2.0, half / 2.0, 0.0, half, 0.0],
        [half, 0.0, half, 0.0, 0.0],
        [half / 2.0, half / 2.0, 0.0, 0.0, 0.0],
    ];
    assert_eq!(model.matrix(), sebaya::ndarray::arr2(&expected));
}

#[test]
fn nan_age_names_the_column() {
    let error = model(1, 10.0).recommend(&Query::new(Profile::new().with("age", f64::NAN), Amount(1))).unwrap_err();
    assert_eq!(error.to_string(), "age: \"NaN\" is not a finite number");
}

#[test]
fn bad_queries_are_refused_with_the_offending_value() {
    let model = model(1, 10.0);
    let message = |query: Query| model.recommend(&query).unwrap_err().to_string();
    assert_eq!(message(Query::participant("zaki", Amount(1))), "participant: \"zaki\" is unknown");
    assert_eq!(message(asker(1).owned(["karate"])), "owned: \"karate\" is not a course");
    assert_eq!(message(asker((1 << 53) + 1)), "balance: 9007199254740993 is larger than 9007199254740992");
    let misspelt = Query::new(Profile::new().with("provinse", "Bali"), Amount(1));
    assert_eq!(message(misspelt), "provinse: the schema has no such attribute");
    let number = Query::new(Profile::new().with("province", 3), Amount(1));
    assert_eq!(message(number), "province: 3 is not a string");
}

#[test]
fn bad_parameters_are_refused() {
    assert_eq!(Recommender::params().n_neighbours(0).check(), Err(ParamError::NoNeighbours));
    for prior in [-1.0, f64::NAN, f64::INFINITY] {
        assert!(matches!(Recommender::params().prior(prior).check(), Err(ParamError::BadPrior { .. })));
    }
}

#[test]
fn a_participant_that_is_refused_leaves_nothing_behind() {
    let mut data = TrainingSet::builder(Schema::new().tags("interests").categorical("province").numeric("age"));
    data.course(Course::new("excel", Amount(1))).unwrap();
    let bad = Profile::new().with("interests", ["a"]).with("province", "Bali").with("age", "old");
    let error = data.participant("ani", bad).unwrap_err();
    assert_eq!(error.to_string(), "participant \"ani\": age: \"old\" is not a finite number");
    let good = Profile::new().with("interests", ["b"]).with("age", 3);
    data.participant("ani", good.clone()).unwrap().purchase("ani", "excel").unwrap();
    let data = data.build().unwrap();
    assert_eq!((data.participants().len(), data.participants().profile("ani")), (1, Some(good)));
}

#[test]
fn ties_are_broken_by_buyers_then_price_then_id() {
    let mut data = TrainingSet::builder(Schema::new().categorical("province"));
    for (id, price) in [("b", 5), ("a", 5), ("cheap", 4), ("popular", 9)] {
        data.course(Course::new(id, Amount(price))).unwrap();
    }
    for (id, province, courses) in
        [("near", "Bali", vec!["a", "b", "cheap", "popular"]), ("far", "Aceh", vec!["popular"])]
    {
        data.participant(id, Profile::new().with("province", province)).unwrap();
        for course in courses {
            data.purchase(id, course).unwrap();
        }
    }
    let model = Recommender::params().n_neighbours(1).prior(0.0).fit(&data.build().unwrap()).unwrap();
    let answer = model.recommend(&Query::new(Profile::new().with("province", "Bali"), Amount(9))).unwrap();
    assert_eq!(ids(&answer), ["popular", "cheap", "a", "b"]);
}

#[test]
fn the_neighbourhood_tells_how_similar_it_is_by_attribute() {
    let model = model(3, 10.0);
    let neighbours = model.neighbours(&asker(300)).unwrap();
    // ani, budi and dewi have a vote each. Ages are 1/8 of 1/2 away from 25 in all three; two of three are from Bali and
    // one is half-way.
    let [age, province] = neighbours.similarities() else { panic!("two attributes have a weight") };
    approx::assert_relative_eq!(age.mean(), 0.75);
    approx::assert_relative_eq!(province.same_share(), 2.0 / 3.0);
    approx::assert_relative_eq!(province.mean(), 1.0 - 0.5 / 3.0);
    assert_eq!((age.to_string(), province.to_string()), ("age: 75 % similar".into(), "same province: 67 %".into()));
}

#[test]
fn one_who_is_left_out_does_not_count_as_similar() {
    let mut data = TrainingSet::builder(Schema::new().categorical("province"));
    data.course(Course::new("excel", Amount(1))).unwrap();
    for (id, province) in [("ani", "Bali"), ("budi", "Bali"), ("cici", "Aceh")] {
        data.participant(id, Profile::new().with("province", province)).unwrap().purchase(id, "excel").unwrap();
    }
    let model = Recommender::params().fit(&data.build().unwrap()).unwrap();
    let neighbours = model.neighbours(&Query::participant("ani", Amount(1))).unwrap();
    assert_eq!(neighbours.similarities()[0].same_share().to_bits(), 0.5_f64.to_bits());
}

#[test]
fn the_parts_of_an_explanation_add_up_to_the_score() {
    for (k, prior) in [(1_u32, 2.0), (2, 0.1), (3, 10.0), (4, 1e9), (1, 0.0)] {
        for r in &model(k.into(), prior).recommend(&asker(300)).unwrap() {
            let why = r.explanation();
            assert_eq!((why.from_neighbours() + why.from_everyone()).to_bits(), r.score().to_bits());
            approx::assert_relative_eq!(
                why.from_neighbours(),
                why.votes() / (f64::from(k) + prior),
                max_relative = 1e-12
            );
        }
    }
}

#[test]
fn every_index_answers_alike() {
    for index in IndexKind::ALL {
        let model = Recommender::params().n_neighbours(1).prior(2.0).index(index).fit(&world()).unwrap();
        assert_eq!(ids(&model.recommend(&asker(300)).unwrap()), ["excel", "sewing", "baking"], "{index}");
    }
}

#[test]
fn a_plan_spends_the_balance_on_the_best_set_and_says_so() {
    // With one vote and a prior of 2 the scores are excel 2/3, sewing 1/2, baking 1/6; they cost 250, 300 and 100.
    let model = model(1, 2.0);
    let plan = |query: Query| model.plan(&query).unwrap().to_string();
    assert_eq!(plan(asker(550)), "2 courses for 550, 0 left");
    assert_eq!(plan(asker(549)), "2 courses for 350, 199 left");
    assert_eq!(plan(asker(549).max_courses(1)), "1 course for 250, 299 left");
    assert_eq!(plan(asker(99)), "no course, 99 left");
    assert_eq!(plan(asker(0)), "no course, 0 left");
    assert_eq!(plan(asker(300).max_courses(0)), "no course, 300 left");
    // Spending is worth the mean score, 4/9, for all of the balance: sewing 1/2 + 4/9 beats excel 2/3 + 4/9 * 250/300.
    assert_eq!(plan(asker(300).max_courses(1)), "1 course for 250, 50 left");
    assert_eq!(plan(asker(300).max_courses(1).spend_weight(3.0)), "1 course for 300, 0 left");
}

#[test]
fn the_next_best_plans_follow_in_order() {
    let model = model(1, 2.0);
    let plans = model.top_plans(&asker(400), 20).unwrap();
    let totals: Vec<(u64, usize)> = plans.iter().map(|p| (p.total().0, p.courses().len())).collect();
    // excel + baking 5/6; then excel and sewing + baking, both 2/3, of which the latter leaves less; sewing; baking; none.
    assert_eq!(totals, [(350, 2), (400, 2), (250, 1), (300, 1), (100, 1), (0, 0)]);
}

#[test]
fn a_plan_keeps_to_what_it_must_hold_and_to_limits_by_category() {
    let model = model(1, 2.0);
    let ids = |query: Query| {
        let plan = model.plan(&query).unwrap();
        plan.courses().iter().map(|c| c.course().id().to_string()).collect::<Vec<_>>()
    };
    assert_eq!(ids(asker(650)), ["excel", "sewing", "baking"]);
    assert_eq!(ids(asker(650).max_per_category(1)), ["excel", "baking"]);
    assert_eq!(ids(asker(350).must_include(["baking"])), ["excel", "baking"]);
    // Nobody bought pottery, so it has no score; it is in the plan because it must be.
    assert_eq!(ids(asker(350).must_include(["pottery"])), ["excel", "pottery"]);
    let message = |query: Query| model.plan(&query).unwrap_err().to_string();
    assert_eq!(
        message(asker(350).must_include(["excel", "sewing"])),
        "must_include: they cost 550 together, more than the balance of 350"
    );
    assert_eq!(message(asker(350).must_include(["karate"])), "must_include: \"karate\" is not a course");
    assert_eq!(
        message(asker(350).must_include(["closed"])),
        "must_include: \"closed\" is closed, owned, dearer than the balance, or refused by the filter"
    );
    assert_eq!(message(asker(350).spend_weight(-1.0)), "spend_weight: -1 is not a number from 0 to 1000000");
    assert_eq!(message(asker(350).spend_weight(f64::NAN)), "spend_weight: NaN is not a number from 0 to 1000000");
}
