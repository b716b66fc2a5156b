//! Answers equal to the reference implementation's, every field and every bit.

#![cfg(feature = "csv")]
#![allow(clippy::unwrap_used, reason = "a test may panic")]

#[path = "../examples/support/json_line.rs"]
mod json_line;

use std::io::Write;
use std::path::{Path, PathBuf};

use json_line::Line;
use sebaya::prelude::*;
use sebaya::{Distance, FitError, IndexError, IndexKind, io};
use serde::Deserialize;
use serde_json::Value;

/// How the queries of a fixture were asked.
#[derive(Deserialize)]
struct Case {
    k: u64,
    prior: f64,
    top: usize,
    plan: bool,
    #[serde(default)]
    max_courses: usize,
    #[serde(default)]
    use_up: f64,
    #[serde(default)]
    history: bool,
    #[serde(default)]
    distance: Distance,
    answers: String,
}

fn fixture(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures").join(name)
}

fn lines(path: &Path) -> Vec<Value> {
    let text = std::fs::read_to_string(path).unwrap();
    text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

/// Asks all queries of a fixture of a model of these data, in every case and with every index.
fn check(name: &str, data: &TrainingSet, indexes: &[IndexKind]) {
    let directory = fixture(name);
    let schema = data.participants().schema();
    let rows = io::read_queries(directory.join("queries.csv"), schema, data.catalogue()).unwrap();
    let cases: Vec<Case> =
        serde_json::from_str(&std::fs::read_to_string(directory.join("cases.json")).unwrap()).unwrap();
    for case in cases {
        let expected = lines(&directory.join(&case.answers));
        assert_eq!(expected.len(), rows.len());
        for &index in indexes {
            let params = Recommender::params().n_neighbours(case.k).prior(case.prior).index(index);
            let fitted = params.distance(case.distance).fit(data);
            if case.distance == Distance::Learned && matches!(index, IndexKind::Linear | IndexKind::KdTree) {
                assert!(matches!(fitted, Err(FitError::Index(IndexError::NoMetric { .. }))));
                continue;
            }
            let model = fitted.unwrap();
            for (row, expected) in rows.iter().zip(&expected) {
                let query = Query::new(row.profile.clone(), row.balance)
                    .owned(row.owned.clone())
                    .use_history(case.history)
                    .top_n(case.top);
                let query = if model.contains(&row.id) { query.as_participant(row.id.as_str()) } else { query };
                let query = query.max_courses(case.max_courses).spend_weight(case.use_up);
                let answer = model.recommend(&query).unwrap();
                let plan = case.plan.then(|| model.plan(&query).unwrap());
                let line = Line::new(&row.id, row.balance, &answer, plan.as_ref());
                assert_eq!(
                    &serde_json::to_value(line).unwrap(),
                    expected,
                    "{name}, k = {}, {index}, query {}",
                    case.k,
                    row.id
                );
            }
        }
    }
}

#[test]
fn answers_on_small_awkward_data_equal_the_reference() {
    let names = ["one-participant", "few-profiles", "every-kind", "two-tag-attributes", "zero-weight", "ten-courses"];
    for name in names.into_iter().chain(["many-baskets"]) {
        check(name, &io::read_dir(fixture(name)).unwrap(), &IndexKind::ALL);
    }
}

#[test]
fn answers_on_real_data_equal_the_reference() {
    // The matrices of linfa-nn's indexes are slow to search in a debug build.
    let indexes: Vec<IndexKind> =
        IndexKind::ALL.into_iter().filter(|kind| !matches!(kind, IndexKind::Linear)).collect();
    for name in ["oulad", "completejourney"] {
        let directory = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/data").join(name);
        if directory.is_dir() {
            check(name, &io::read_dir(directory).unwrap(), &indexes);
        } else {
            // Past the test harness, which would keep this to itself.
            let _ = writeln!(
                std::io::stderr(),
                "SKIPPED: there is no {}, so its answers are not compared",
                directory.display()
            );
        }
    }
}

#[test]
fn a_line_has_its_keys_in_the_fixed_order() {
    let mut data = TrainingSet::builder(Schema::new().numeric("age"));
    data.course(Course::new("excel", Amount(250_000))).unwrap();
    data.participant("ani", Profile::new().with("age", 24)).unwrap().purchase("ani", "excel").unwrap();
    let model = Recommender::params().prior(0.0).fit(&data.build().unwrap()).unwrap();
    let page = model.answer(&Query::new(Profile::new().with("age", 24), Amount(300_000))).unwrap();
    let line = Line::new("q", Amount(300_000), &page.recommendations, Some(&page.plan));
    assert_eq!(
        serde_json::to_string(&line).unwrap(),
        concat!(
            r#"{"query":"q","balance":300000,"k":1,"radius":0.0,"inside":1,"boundary":0,"#,
            r#""recommendations":[{"course":"excel","price":250000,"score":1.0,"votes":1.0,"supporters":1,"buyers":1}],"#,
            r#""plan":{"courses":["excel"],"total":250000,"leftover":50000,"score":1.0}}"#
        )
    );
}
