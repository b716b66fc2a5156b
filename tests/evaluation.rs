//! The evaluation from outside: worlds whose answer is known, and what must not matter.

#![cfg(feature = "evaluate")]
#![allow(clippy::unwrap_used, reason = "a test may panic")]

use approx::assert_relative_eq;
use sebaya::evaluate::{Evaluation, Report, Split};
use sebaya::prelude::*;

/// `n` participants of two towns; whoever is of town `a` bought `x0` or `x1`, of town `b` `y0` or `y1`, when `by_town`;
/// else the towns do not matter.
fn towns(n: u32, by_town: bool) -> TrainingSet {
    let mut data = TrainingSet::builder(Schema::new().categorical("town"));
    let ids = ["x0", "x1", "y0", "y1"];
    for id in ids {
        data.course(Course::new(id, Amount(100)).with_provider(&id[..1])).unwrap();
    }
    for person in 0..n {
        let town = if person % 2 == 0 { "a" } else { "b" };
        let half = if by_town { person % 2 } else { person / 2 % 2 };
        let course = ids[(2 * half + u32::from(person % 5 == 0)) as usize];
        data.participant(person.to_string(), Profile::new().with("town", town)).unwrap();
        data.purchase(&person.to_string(), course).unwrap();
    }
    data.build().unwrap()
}

fn evaluate(data: &TrainingSet) -> Report {
    let params = Recommender::params().n_neighbours(40);
    Evaluation::new(params).cutoffs([2, 1]).segment(["town"]).run(data).unwrap()
}

#[test]
fn profiles_that_tell_everything_win_and_permuted_ones_tell_nothing() {
    let report = evaluate(&towns(400, true));
    assert_relative_eq!(report.value("sebaya", "hit rate@2").unwrap(), 1.0);
    assert_relative_eq!(
        report.value("popularity by town", "NDCG@2").unwrap(),
        report.value("sebaya", "NDCG@2").unwrap()
    );
    assert!(report.value("popularity", "NDCG@2").unwrap() < 0.7);
    let [decision, .., control] = report.summary() else { panic!("no summary") };
    assert!(decision.starts_with("Switch it on"), "{decision}");
    assert!(control.contains("the lift vanished"), "{control}");
}

#[test]
fn profiles_that_tell_nothing_make_no_significant_difference_in_words() {
    let report = evaluate(&towns(400, false));
    let text = report.to_string();
    assert!(!text.starts_with("Switch it on"), "{text}");
    assert!(text.contains("no significant difference") || text.starts_with("Leave it off"), "{text}");
    let json = serde_json::to_value(&report).unwrap();
    let verdict = |c: &serde_json::Value| {
        c["contender"] == "sebaya" && c["baseline"] == "popularity by town" && c["metric"] == "NDCG@2"
    };
    let found = json["comparisons"].as_array().unwrap().iter().find(|c| verdict(c)).unwrap();
    assert_eq!(found["verdict"], "no significant difference");
}

/// Two past participants and a newcomer who buys the second best seller, which costs less than the first.
#[test]
fn one_newcomer_worked_by_hand() {
    let mut data = TrainingSet::builder(Schema::new().categorical("town"));
    for (course, price) in [("best", 300), ("second", 200), ("third", 100)] {
        data.course(Course::new(course, Amount(price))).unwrap();
    }
    let early = "2024-01-01".parse().unwrap();
    for (id, courses) in [("ani", &["best"][..]), ("budi", &["best", "second"]), ("cici", &["best", "second", "third"])]
    {
        data.participant(id, Profile::new().with("town", "a")).unwrap();
        for course in courses {
            data.purchase_at(id, course, early).unwrap();
        }
    }
    let after = "2024-02-01".parse().unwrap();
    // A town that nobody came from before.
    data.participant("newcomer", Profile::new().with("town", "z")).unwrap();
    data.purchase_at("newcomer", "second", after).unwrap();
    // Purchases of past participants after the date are not learned from.
    data.purchase_at("ani", "third", after).unwrap().purchase_at("budi", "third", after).unwrap();

    let evaluation = Evaluation::new(Recommender::params()).split(Split::Newcomers { after }).cutoffs([1, 2]);
    let report = evaluation.run(&data.build().unwrap()).unwrap();
    for contender in ["sebaya", "popularity"] {
        let value = |metric| report.value(contender, metric).unwrap();
        for (metric, by_hand) in [
            ("hit rate@1", 0.0),
            ("hit rate@2", 1.0),
            ("precision@2", 0.5),
            ("recall@2", 1.0),
            ("NDCG@2", 1.0 / 3.0_f64.log2()),
            ("MRR@2", 0.5),
            ("MAP@2", 0.5),
            // Three of three and two of three bought them.
            ("novelty@2", 1.5_f64.log2() / 2.0),
            // With 200 to spend, the best seller is too dear.
            ("affordable hit rate@1", 1.0),
            ("plan: share of balance spent", 1.0),
            ("plan: share of true purchases", 1.0),
            ("coverage@2", 2.0 / 3.0),
            // (-2 * 0 + 0 * 1 + 2 * 1) / (3 * 2)
            ("Gini of courses@2", 1.0 / 3.0),
        ] {
            assert_relative_eq!(value(metric), by_hand, max_relative = 1e-12);
        }
    }
    assert!(report.summary()[0].contains("too few"), "{}", report.summary()[0]);
    assert_eq!(report.value("sebaya", "Gini of providers@1"), None);
}

#[test]
fn one_and_four_threads_give_identical_reports_and_another_seed_another_one() {
    let data = towns(300, true);
    let report = |threads, seed| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
        let evaluation = Evaluation::new(Recommender::params().n_neighbours(30)).seed(seed).sweep();
        let report = pool.install(|| evaluation.run(&data)).unwrap();
        (serde_json::to_string(&report).unwrap(), report.to_string(), report.to_html())
    };
    assert_eq!(report(1, 0), report(4, 0));
    assert_ne!(report(1, 0).0, report(1, 1).0);
}

#[test]
fn a_sample_is_said_to_be_one() {
    let report = Evaluation::new(Recommender::params()).sample(50).run(&towns(300, true)).unwrap();
    assert!(report.summary().last().unwrap().contains("a random sample of 50 of 300 participants"));
}

#[test]
fn names_from_the_data_cannot_break_the_page() {
    let mut data = TrainingSet::builder(Schema::new().categorical("town"));
    data.course(Course::new("x", Amount(1))).unwrap();
    for person in 0..40 {
        data.participant(person.to_string(), Profile::new().with("town", "<script>alert(1)</script>")).unwrap();
        data.purchase(&person.to_string(), "x").unwrap();
    }
    let page = Evaluation::new(Recommender::params()).run(&data.build().unwrap()).unwrap().to_html();
    assert!(page.contains("&lt;script&gt;") && !page.contains("<script"));
}

#[test]
fn settings_that_break_a_rule_name_the_value() {
    let data = towns(10, true);
    let error = |evaluation: Evaluation| evaluation.run(&data).unwrap_err().to_string();
    let evaluation = || Evaluation::new(Recommender::params());
    assert_eq!(error(evaluation().cutoffs([])), "cutoffs: [] is not a list of lengths of 1 or more");
    assert_eq!(error(evaluation().cutoffs([3, 0])), "cutoffs: [3, 0] is not a list of lengths of 1 or more");
    assert_eq!(error(evaluation().max_share(1.5)), "max share: 1.5 is not within 0 to 1");
    assert_eq!(error(evaluation().segment(["age"])), "age: the schema has no such attribute");
    let folds = evaluation().split(Split::KFold { folds: 11 });
    assert_eq!(error(folds), "folds: 11 is not within 2 to the number of past participants, 10");
    let after = "2024-01-01".parse().unwrap();
    assert_eq!(
        error(evaluation().split(Split::Newcomers { after })),
        "after: no purchase is known to be earlier than 2024-01-01T00:00:00Z; the earliest is unknown, as no purchase \
         has a time"
    );
    let nothing_left = evaluation().max_share(0.0).run(&towns(400, true)).unwrap_err();
    assert_eq!(nothing_left.to_string(), "nobody is left to test on: none bought a course that may be recommended");
}

#[test]
fn weights_for_newcomers_are_learned_from_what_was_before() {
    let mut data = TrainingSet::builder(Schema::new().categorical("town").categorical("colour"));
    for course in ["x", "y"] {
        data.course(Course::new(course, Amount(1))).unwrap();
    }
    let after = "2024-02-01".parse().unwrap();
    for person in 0..200_usize {
        let (town, colour) = (person % 2, person / 2 % 2);
        let profile = Profile::new().with("town", ["a", "b"][town]).with("colour", ["red", "blue"][colour]);
        // In the first month courses depend on the town, later on the colour.
        let (course, at) = if person < 100 { (town, "2024-01-01") } else { (colour, "2024-02-01") };
        data.participant(person.to_string(), profile).unwrap();
        data.purchase_at(&person.to_string(), ["x", "y"][course], at.parse().unwrap()).unwrap();
    }
    let data = data.build().unwrap();
    let evaluation = || Evaluation::new(Recommender::params().n_neighbours(20)).cutoffs([1]);
    let learned = evaluation().split(Split::Newcomers { after }).fit_weights(&data).unwrap();
    let weights: Vec<f64> = learned.schema().attributes().iter().map(Attribute::weight).collect();
    assert_eq!(weights, [1.0, 0.1]);
    let of_all = evaluation().fit_weights(&data).unwrap();
    assert!(of_all.schema().attributes()[1].weight() > 0.5);
}
