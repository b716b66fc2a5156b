//! Settings and data of any size, where a panic, an overflow or an abort would be the easy answer.

#![allow(clippy::unwrap_used, reason = "a test may panic")]

use sebaya::linfa::traits::Fit;
use sebaya::linfa::{DatasetBase, ParamGuard};
use sebaya::prelude::*;
use sebaya::{FitError, Purchases, Timestamp};

/// As many people as asked for, who bought one of two courses.
fn data(people: u32) -> TrainingSet {
    let mut data = TrainingSet::builder(Schema::new().numeric("age").categorical("town"));
    data.course(Course::new("excel", Amount::MAX)).unwrap().course(Course::new("sewing", Amount(0))).unwrap();
    for person in 0..people {
        let id = format!("p{person}");
        data.participant(&id, Profile::new().with("age", person).with("town", "a")).unwrap();
        data.purchase(&id, if person % 3 == 0 { "excel" } else { "sewing" }).unwrap();
    }
    data.build().unwrap()
}

fn purchases(json: &str) -> Purchases {
    serde_json::from_str(json).unwrap()
}

#[test]
fn participants_and_purchases_of_different_numbers_are_refused_with_both_numbers() {
    let params = Recommender::params().check().unwrap();
    let courses = r#""courses": [{"id": "excel", "price": 1}]"#;
    for (baskets, number) in [(r"[]", 0), (r#"[[["excel", null]]]"#, 1), (r#"[[], [], [], [["excel", null]]]"#, 4)] {
        let purchases = purchases(&format!("{{{courses}, \"baskets\": {baskets}}}"));
        let dataset = DatasetBase::new(data(3).participants().clone(), purchases);
        for params in [params, Recommender::params().half_life(9.0).at(Timestamp::MIN).check().unwrap()] {
            let error = params.fit(&dataset).unwrap_err();
            assert!(matches!(error, FitError::Data(_)), "{error}");
            let message = format!("purchases: they are those of {number} participants, and there are 3");
            assert_eq!(error.to_string(), message);
        }
    }
}

#[test]
fn parameters_and_queries_of_any_size_are_answered_or_refused() {
    let data = data(30);
    for (k, prior) in [(1, 0.0), (u64::MAX, f64::MAX), (u64::MAX, f64::MIN_POSITIVE)] {
        let model = Recommender::params().n_neighbours(k).prior(prior).fit(&data).unwrap();
        for top in [0, 1, usize::MAX] {
            for max in [0, 1, usize::MAX] {
                for spend_weight in [0.0, 1e6] {
                    for balance in [Amount(0), Amount::MAX] {
                        let limit = u32::try_from(max).unwrap_or(u32::MAX);
                        let query =
                            Query::new(Profile::new().with("age", f64::MAX), balance).top_n(top).max_courses(max);
                        let query = query.spend_weight(spend_weight).max_per_category(limit).max_per_provider(limit);
                        assert!(model.recommend(&query).unwrap().iter().all(|r| r.score().is_finite()));
                        assert!(model.plan(&query).unwrap().score().is_finite());
                        model.top_plans(&query, usize::MAX).unwrap();
                        model.neighbours(&query).unwrap();
                    }
                }
            }
        }
        for spend_weight in [f64::NAN, f64::INFINITY, -f64::MIN_POSITIVE, 1e7] {
            assert!(model.plan(&Query::participant("p1", Amount(1)).spend_weight(spend_weight)).is_err());
        }
        assert!(model.recommend(&Query::participant("p1", Amount(u64::MAX))).is_err());
        assert!(model.recommend(&Query::new(Profile::new().with("age", f64::NAN), Amount(1))).is_err());
    }
}

#[test]
fn half_lives_and_dates_of_any_size_are_used_or_refused() {
    let mut data = TrainingSet::builder(Schema::new().numeric("age"));
    data.course(Course::new("excel", Amount(1))).unwrap();
    for (id, at) in [("a", Timestamp::MIN), ("b", Timestamp::MAX), ("c", Timestamp::from_seconds(0).unwrap())] {
        data.participant(id, Profile::new()).unwrap().purchase_at(id, "excel", at).unwrap();
    }
    let data = data.build().unwrap();
    assert!(Recommender::params().half_life(1.0).fit(&data).is_err());
    for at in [Timestamp::MIN, Timestamp::MAX] {
        for days in [f64::MIN_POSITIVE, f64::from_bits(1), 1.0, f64::MAX] {
            let model = Recommender::params().half_life(days).at(at).fit(&data).unwrap();
            let answer = model.recommend(&Query::participant("c", Amount(1)).top_n(1)).unwrap();
            assert!(answer.iter().all(|r| r.score().is_finite()));
            let stranger = model.recommend(&Query::new(Profile::new(), Amount(1))).unwrap();
            assert!(stranger.iter().all(|r| r.score().is_finite() && r.votes() <= 3.0));
        }
        for days in [0.0, -1.0, f64::NAN, f64::INFINITY] {
            assert!(Recommender::params().half_life(days).at(at).fit(&data).is_err());
        }
    }
}

#[test]
fn schemas_of_any_numbers_are_used_or_refused() {
    let schema = |attribute: Attribute| Schema::new().attribute(attribute).check();
    for weight in [f64::NAN, f64::INFINITY, -1.0] {
        schema(Attribute::numeric("age").with_weight(weight)).unwrap_err();
    }
    for (lo, hi) in [(f64::NAN, 1.0), (0.0, f64::INFINITY), (2.0, 1.0)] {
        schema(Attribute::numeric("age").with_range(lo, hi)).unwrap_err();
    }
    let extreme = Schema::new()
        .attribute(Attribute::numeric("age").with_range(f64::MIN, f64::MAX).with_weight(1e200))
        .attribute(Attribute::numeric("wage").with_weight(f64::MIN_POSITIVE));
    let mut data = TrainingSet::builder(extreme);
    data.course(Course::new("excel", Amount(1))).unwrap();
    for (id, age) in [("a", f64::MIN), ("b", f64::MAX), ("c", -0.0)] {
        data.participant(id, Profile::new().with("age", age).with("wage", age)).unwrap().purchase(id, "excel").unwrap();
    }
    let model = Recommender::params().n_neighbours(1).fit(&data.build().unwrap()).unwrap();
    for id in ["a", "b", "c"] {
        assert!(model.recommend(&Query::participant(id, Amount(1))).is_ok());
    }
}

#[cfg(feature = "synthetic")]
#[test]
fn a_made_up_programme_of_an_absurd_size_is_refused_before_it_takes_all_memory() {
    use sebaya::synthetic::Programme;

    let message = |programme: Programme| programme.training_set().unwrap_err().to_string();
    assert_eq!(
        message(Programme::new(u32::MAX)),
        "participants: 4294967295 are more than a made-up programme can have, 100000000"
    );
    assert_eq!(
        message(Programme::new(9).courses(u32::MAX)),
        "courses: 4294967295 are more than a made-up programme can have, 1000000"
    );
    for courses in 1..9 {
        assert!(Programme::new(9).courses(courses).seed(u64::MAX).training_set().is_ok());
    }
}

#[cfg(feature = "evaluate")]
mod evaluation {
    use sebaya::evaluate::{Ask, Contender, Evaluation, Fitted, Split, metrics};

    use super::*;

    #[test]
    fn a_cut_off_of_any_size_measures_whole_lists() {
        let data = data(30);
        let report = |cutoffs: &[usize]| {
            Evaluation::new(Recommender::params().n_neighbours(5)).cutoffs(cutoffs.iter().copied()).run(&data).unwrap()
        };
        let whole = report(&[2]);
        for huge in [1 << 32, usize::MAX] {
            let report = report(&[1, huge]);
            for metric in ["NDCG", "hit rate", "recall", "MRR", "MAP", "affordable hit rate"] {
                let (at, same) = (format!("{metric}@{huge}"), format!("{metric}@2"));
                let value =
                    |report: &sebaya::evaluate::Report, name: &str| report.value("sebaya", name).unwrap().to_bits();
                assert_eq!(value(&report, &at), value(&whole, &same), "{metric}");
            }
            assert!(report.to_string().contains(&huge.to_string()) && !report.to_html().is_empty());
        }
    }

    #[test]
    fn more_cut_offs_than_can_be_kept_are_refused_even_without_an_end() {
        let evaluation = Evaluation::new(Recommender::params()).cutoffs(1..);
        assert_eq!(evaluation.run(&data(30)).unwrap_err().to_string(), "cutoffs: they are more than 32");
        assert!(Evaluation::new(Recommender::params()).cutoffs(1..=32).run(&data(30)).is_ok());
    }

    #[test]
    fn settings_of_an_evaluation_of_any_size_are_used_or_refused() {
        let data = data(30);
        let run = |evaluation: Evaluation<'_>| evaluation.sweep().run(&data).map(|_| ());
        let of = || Evaluation::new(Recommender::params().n_neighbours(u64::MAX).prior(f64::MAX));
        run(of().sample(usize::MAX).seed(u64::MAX).max_share(0.0)).unwrap_err();
        run(of().sample(usize::MAX).seed(u64::MAX)).unwrap();
        run(of().split(Split::KFold { folds: u32::MAX })).unwrap_err();
        run(of().split(Split::NextPurchases { folds: 2, known: usize::MAX })).unwrap_err();
        for after in [Timestamp::MIN, Timestamp::MAX] {
            run(of().split(Split::Newcomers { after })).unwrap_err();
        }
        for share in [f64::NAN, -1.0, f64::INFINITY] {
            run(of().max_share(share)).unwrap_err();
        }
        run(of().balances([("p1", Amount(u64::MAX))])).unwrap_err();
        run(of().balances([("p1", Amount::MAX), ("p2", Amount(0))])).unwrap();
        run(of().segment(["age", "town", "age"])).unwrap();
        assert!(of().cutoffs([usize::MAX]).run(&data).is_ok());
    }

    /// Answers with courses of nobody's catalogue, at prices that no catalogue takes.
    struct Foreign(Vec<Course>);

    impl Contender for Foreign {
        fn name(&self) -> String {
            "f".repeat(70_000)
        }

        fn fit<'d>(&self, _: &'d TrainingSet) -> Result<Box<dyn Fitted + 'd>, sebaya::Error> {
            Ok(Box::new(Self(self.0.clone())))
        }
    }

    impl Fitted for Foreign {
        fn recommend(&self, _: &Ask<'_>) -> Result<Vec<&Course>, sebaya::Error> {
            Ok(self.0.iter().chain(&self.0).collect())
        }

        fn plan(&self, _: &Ask<'_>, _: usize) -> Result<Vec<&Course>, sebaya::Error> {
            Ok(self.0.iter().collect())
        }
    }

    #[test]
    fn a_contender_with_a_long_name_and_absurd_courses_does_no_harm() {
        let foreign = Foreign(["excel", "karate", "chess"].map(|id| Course::new(id, Amount(u64::MAX))).to_vec());
        let report = Evaluation::new(Recommender::params()).against(foreign).run(&data(30)).unwrap();
        assert!(report.to_string().contains("fff..."));
    }

    #[test]
    fn a_report_about_an_attribute_with_a_long_name_and_long_values_is_written() {
        let long = "é".repeat(70_000);
        let mut data = TrainingSet::builder(Schema::new().categorical(&*long));
        data.course(Course::new("excel", Amount(1))).unwrap();
        for person in 0..90 {
            let id = person.to_string();
            data.participant(&id, Profile::new().with(&*long, format!("{long}{}", person % 2))).unwrap();
            data.purchase(&id, "excel").unwrap();
        }
        let data = data.build().unwrap();
        let evaluation = Evaluation::new(Recommender::params());
        assert!(!evaluation.run(&data).unwrap().to_string().is_empty());
    }

    #[test]
    fn metrics_of_any_numbers_end() {
        let list = [true, false, true];
        for size in [1 << 32, usize::MAX] {
            for value in
                [metrics::ndcg(&list, size, size), metrics::map(&list, size, size), metrics::recall(&list, size, size)]
            {
                assert!((0.0..=1.0).contains(&value));
            }
        }
        assert!(metrics::gini(&[u64::MAX, u64::MAX, 0]).is_finite());
        assert!(metrics::novelty(&[u32::MAX, 0], 0).is_finite());
    }
}
