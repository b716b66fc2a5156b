//! The evaluation from outside: worlds whose answer is known, and what must not matter.

#![cfg(feature = "evaluate")]
#![allow(clippy::unwrap_used, reason = "a test may panic")]

use approx::assert_relative_eq;
use sebaya::Distance;
use sebaya::evaluate::{Ask, Contender, Decision, Evaluation, Fitted, Report, Split};
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
    let decision = &report.summary()[0];
    assert!(decision.starts_with("Best sellers by town do as well: "), "{decision}");
    assert_eq!(report.decision(), &Decision::BestSellersDoAsWell { by: Some("town".to_owned()) });
    assert!(report.to_string().contains("the lift vanished"), "{report}");
}

#[test]
fn profiles_that_tell_nothing_make_no_significant_difference_in_words() {
    let report = evaluate(&towns(400, false));
    let text = report.to_string();
    assert!(text.starts_with("Best sellers do as well: "), "{text}");
    assert_eq!(report.decision(), &Decision::BestSellersDoAsWell { by: None });
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

/// What people buy depends on the branch and on the gender together, and from the participant `turned` on the other way round;
/// colours and shoes say nothing. `at` is when a participant bought.
fn two_attributes(n: u32, turned: u32, at: impl Fn(u32) -> Option<String>) -> TrainingSet {
    let mut data = TrainingSet::builder(
        Schema::new().categorical("branch").categorical("gender").categorical("colour").categorical("shoe"),
    );
    for course in 0..8 {
        data.course(Course::new(format!("c{course}"), Amount(100))).unwrap();
    }
    for person in 0..n {
        // Digits of the number, so that attributes are independent of each other.
        let [branch, gender, colour, shoe] = [person % 2, person / 2 % 2, person / 4 % 5, person / 20 % 5];
        let taste = if person < turned { branch } else { 1 - branch };
        let course = 2 * (2 * taste + gender) + u32::from(person % 7 == 0);
        let profile = Profile::new()
            .with("branch", format!("b{branch}"))
            .with("gender", format!("g{gender}"))
            .with("colour", format!("o{colour}"))
            .with("shoe", format!("s{shoe}"));
        let (id, course) = (person.to_string(), format!("c{course}"));
        data.participant(&id, profile).unwrap();
        match at(person) {
            Some(at) => data.purchase_at(&id, &course, at.parse().unwrap()).unwrap(),
            None => data.purchase(&id, &course).unwrap(),
        };
    }
    data.build().unwrap()
}

#[test]
fn where_two_attributes_decide_the_learned_distance_is_to_be_switched_on() {
    let report =
        Evaluation::new(Recommender::params().n_neighbours(60)).run(&two_attributes(1000, 1000, |_| None)).unwrap();
    assert_eq!(report.decision(), &Decision::SwitchOn);
    assert_eq!(report.configuration().distance, Distance::Learned);
    assert_eq!(report.configuration().half_life, None);
    let first = &report.summary()[0];
    assert!(first.starts_with("Switch it on with `distance = learned`: "), "{first}");
    // Colours and shoes make neighbours of Gower's distance in part strangers, and drop out of the learned one.
    assert!(report.value("sebaya as recommended", "NDCG@3") > report.value("sebaya", "NDCG@3"));
    let learned = report.learned_distances().unwrap();
    let shares: Vec<f64> = learned.attributes().iter().map(sebaya::LearnedAttribute::share).collect();
    assert!(shares[0] > 0.4 && shares[1] > 0.4 && shares[2] < 0.05 && shares[3] < 0.05, "{shares:?}");
    assert_relative_eq!(shares.iter().sum::<f64>(), 1.0, epsilon = 1e-4);
    assert!(report.to_string().contains("no promise"));
    let json = serde_json::to_value(&report).unwrap();
    assert_eq!(json["decision"]["what"], "switch-on");
    assert_eq!(json["configuration"]["distance"], "learned");
    assert!(json["choice"]["tried"].as_array().unwrap().len() > 5);
}

/// Each course sells for two months; the town says nothing.
#[test]
fn where_courses_come_and_go_a_half_life_is_recommended_and_newcomers_of_the_newest_tenth_are_tested() {
    let months = ["2023-09-01", "2023-10-01", "2023-11-01", "2023-12-01", "2024-01-01", "2024-02-01"];
    let mut data = TrainingSet::builder(Schema::new().categorical("town"));
    for course in 0..4 {
        data.course(Course::new(format!("c{course}"), Amount(100))).unwrap();
    }
    for person in 0..600_u32 {
        let month = person as usize / 100;
        let course = if person % 10 == 0 { 3 } else { month / 2 };
        let id = person.to_string();
        data.participant(&id, Profile::new().with("town", if person % 2 == 0 { "a" } else { "b" })).unwrap();
        data.purchase_at(&id, &format!("c{course}"), months[month].parse().unwrap()).unwrap();
    }
    let data = data.build().unwrap();
    let report = Evaluation::new(Recommender::params().n_neighbours(100)).cutoffs([1]).run(&data).unwrap();
    let json = serde_json::to_value(&report).unwrap();
    assert_eq!(json["split"], "newcomers from 2024-02-01T00:00:00Z on, by purchases before");
    assert_eq!((json["tested"].as_u64(), json["learned_from"].as_u64()), (Some(100), Some(500)));
    // Of a month's 90 purchases 30 days leave a half and 60 a quarter, so 90 new ones outweigh 2 * 90 older ones; with 90 days
    // they do not.
    assert_eq!(report.configuration().half_life, Some(30.0));
    assert!(report.to_string().contains("`--half-life 30`"), "{report}");
    assert!(report.value("sebaya as recommended", "NDCG@1") > report.value("sebaya", "NDCG@1"));
    // A list of what sells now would do the same, so it is not the profile that gains.
    assert_ne!(report.decision(), &Decision::SwitchOn);
}

#[test]
fn where_time_turns_the_sign_the_report_says_so_and_does_not_switch_it_on() {
    // One participant a minute, so that no half-life forgets what was; from the 820th on they buy what the other branch did.
    let minute = |person: u32| Some(format!("2024-01-01T{:02}:{:02}:00Z", person / 60, person % 60));
    let data = two_attributes(1000, 820, minute);
    let evaluation = || Evaluation::new(Recommender::params().n_neighbours(60));
    let report = evaluation().run(&data).unwrap();
    // In folds it was better, so it is the configuration chosen; the newest were not asked in that.
    assert_eq!(report.configuration().distance, Distance::Learned);
    assert!(report.to_string().contains("Here its sign is another on the newest participants too."), "{report}");
    // The gender still counts as before.
    assert_eq!(report.decision(), &Decision::BestSellersDoAsWell { by: Some("gender".to_owned()) });
    // But the first place is always taken by the wrong course.
    let report = evaluation().cutoffs([1]).run(&data).unwrap();
    assert_eq!(report.decision(), &Decision::LeaveOff);
    assert!(report.summary()[0].starts_with("Leave it off: "), "{report}");
}

#[test]
fn whoever_has_a_rare_value_is_a_group_of_their_own() {
    let mut data = TrainingSet::builder(Schema::new().categorical("town").categorical("gender"));
    for course in ["x", "y"] {
        data.course(Course::new(course, Amount(1))).unwrap();
    }
    for person in 0..300_u32 {
        // Sixty people of twelve small towns.
        let town = if person % 5 == 0 { format!("small {}", person / 5 % 12) } else { "large".to_owned() };
        let profile = Profile::new().with("town", town).with("gender", if person % 2 == 0 { "f" } else { "m" });
        data.participant(person.to_string(), profile).unwrap();
        data.purchase(&person.to_string(), if person % 3 == 0 { "x" } else { "y" }).unwrap();
    }
    let data = data.build().unwrap();
    let rare = |k| {
        let evaluation = Evaluation::new(Recommender::params().n_neighbours(k)).as_configured();
        let json = serde_json::to_value(evaluation.run(&data).unwrap()).unwrap();
        let groups = json["groups"].as_array().unwrap().clone();
        let rare = groups.into_iter().filter(|g| g["value"].as_str().unwrap().starts_with("(rare"));
        rare.map(|g| (g["attribute"].as_str().unwrap().to_owned(), g["participants"].as_u64().unwrap()))
            .collect::<Vec<_>>()
    };
    assert_eq!(rare(20), [("town".to_owned(), 60)]);
    // Four of five participants of a small town are too many to be fewer than 2; and 300 are more than all who are learned from.
    assert_eq!((rare(2), rare(300)), (vec![], vec![]));
}

/// The best sellers, by somebody else's code: it sees the purchases of the training part.
struct ForeignBestSellers;

struct FittedForeign<'d>(Vec<&'d Course>);

impl Contender for ForeignBestSellers {
    fn name(&self) -> String {
        "foreign".into()
    }

    fn fit<'d>(&self, train: &'d TrainingSet) -> Result<Box<dyn Fitted + 'd>, sebaya::Error> {
        let mut buyers = std::collections::HashMap::new();
        for purchase in train.iter_purchases() {
            *buyers.entry(purchase.course.clone()).or_insert(0) += 1;
        }
        let mut courses: Vec<&Course> = train.catalogue().iter().filter(|c| buyers.contains_key(c.id())).collect();
        courses.sort_by_key(|course| (std::cmp::Reverse(buyers[course.id()]), course.price(), course.id()));
        Ok(Box::new(FittedForeign(courses)))
    }
}

impl Fitted for FittedForeign<'_> {
    fn recommend(&self, ask: &Ask<'_>) -> Result<Vec<&Course>, sebaya::Error> {
        Ok(self.0.iter().copied().filter(|course| ask.allows(course)).take(ask.top()).collect())
    }
}

#[test]
fn a_foreign_contender_sees_the_purchases_of_the_training_part() {
    let evaluation = Evaluation::new(Recommender::params()).as_configured().against(ForeignBestSellers);
    let report = evaluation.run(&two_attributes(300, 300, |_| None)).unwrap();
    for metric in ["NDCG@3", "MRR@3", "novelty@3", "affordable hit rate@1"] {
        assert_eq!(report.value("foreign", metric), report.value("popularity", metric), "{metric}");
    }
}

#[test]
fn lists_are_as_long_as_the_catalogue_suggests() {
    let cutoffs = |courses: u32| {
        let mut data = TrainingSet::builder(Schema::new().numeric("age"));
        for course in 0..courses {
            data.course(Course::new(format!("c{course}"), Amount(1))).unwrap();
        }
        for person in 0..10 {
            data.participant(person.to_string(), Profile::new().with("age", person)).unwrap();
            data.purchase(&person.to_string(), "c0").unwrap();
        }
        let report = Evaluation::new(Recommender::params()).as_configured().run(&data.build().unwrap()).unwrap();
        serde_json::to_value(&report).unwrap()["cutoffs"].clone()
    };
    assert_eq!(cutoffs(99), serde_json::json!([1, 3]));
    assert_eq!(cutoffs(100), serde_json::json!([1, 3, 5, 10]));
}

#[test]
fn the_page_begins_with_the_decision_and_folds_small_groups() {
    let mut data = TrainingSet::builder(Schema::new().categorical("town"));
    for course in ["x", "y"] {
        data.course(Course::new(course, Amount(1))).unwrap();
    }
    for person in 0..900_u32 {
        // Twenty towns, of which the last are the largest.
        let town = (f64::from(person).sqrt() * 0.66).floor();
        data.participant(person.to_string(), Profile::new().with("town", format!("t{town:02}"))).unwrap();
        data.purchase(&person.to_string(), if person % 3 == 0 { "x" } else { "y" }).unwrap();
    }
    let report = Evaluation::new(Recommender::params()).run(&data.build().unwrap()).unwrap();
    let page = report.to_html();
    let headline = page.split_once("<h1").unwrap().1.split_once("</h1>").unwrap().0;
    // What stands between backticks is code.
    assert_eq!(headline.matches("<code>").count(), 1);
    let text = headline.split_once('>').unwrap().1.replace("<code>", "`").replace("</code>", "`");
    assert_eq!(text, report.summary()[0]);
    assert_eq!(page.matches("<dd>").count(), 4);
    assert!(page.contains("smaller groups</summary>") && !page.contains("<script"));
    let table = page.split_once("by group</h2>").unwrap().1;
    let (shown, folded) = table.split_once("<details>").unwrap();
    // A row for each and one for the head.
    assert_eq!(shown.matches("<tr>").count(), 13);
    assert!(shown.contains("t19") && !shown.contains("t00") && folded.contains("t00"));
    assert!(page.contains("Configurations tried"));
}
