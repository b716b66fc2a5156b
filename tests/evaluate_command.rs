//! The `evaluate` example as a user meets it: exit status, standard output and standard error.

#![cfg(all(feature = "csv", feature = "evaluate", feature = "synthetic"))]
#![allow(clippy::unwrap_used, reason = "a test may panic")]

mod example;

use std::fmt::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::sync::OnceLock;

use serde_json::Value;

/// Built once.
fn example() -> &'static Path {
    static EXAMPLE: OnceLock<PathBuf> = OnceLock::new();
    EXAMPLE.get_or_init(|| example::example("evaluate"))
}

fn run(args: &[&str]) -> Output {
    let fixture = format!("{}/tests/fixtures/every-kind", env!("CARGO_MANIFEST_DIR"));
    Command::new(example()).args(["--data", &fixture]).args(args).output().unwrap()
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).unwrap()
}

#[test]
fn wrong_usage_ends_with_status_2_and_nothing_on_standard_output() {
    let cases: &[&[&str]] = &[
        &["--split", "random"],
        &["--split", "temporal"],
        &["--split", "temporal", "--after", "yesterday"],
        &["--folds", "many"],
        &["--cutoffs", "1,x"],
        &["--k", "1.5"],
        &["--colour"],
        &["--html"],
        &["--at", "2024-01-01"],
        &["--half-life", "x"],
        &["--fit-weights", "out.toml"],
    ];
    for args in cases {
        let output = run(args);
        assert_eq!((output.status.code(), text(&output.stdout).as_str()), (Some(2), ""), "{args:?}");
        assert!(!output.stderr.is_empty(), "{args:?}");
    }
}

#[test]
fn bad_data_and_values_out_of_range_end_with_status_1_and_a_message_of_one_line() {
    let cases: &[(&[&str], &str)] = &[
        (&["--k", "0"], "k: 0 neighbours are too few, at least 1 must vote"),
        (&["--prior", "-1"], "prior: -1 is not a finite number of 0 or more"),
        (&["--folds", "1"], "folds: 1 is not within 2 to the number of past participants, "),
        (&["--cutoffs", "0"], "cutoffs: [0] is not a list of lengths of 1 or more"),
        (&["--max-share", "2"], "max share: 2 is not within 0 to 1"),
        (&["--segment", "height"], "height: the schema has no such attribute"),
        (
            &["--split", "temporal", "--after", "1900-01-01"],
            "after: no purchase is known to be earlier than 1900-01-01",
        ),
        (
            &["--split", "temporal", "--after", "2024-01-01", "--known", "1"],
            "known: 1 purchases can be known in folds only",
        ),
        (&["--html", "no/such/directory/report.html"], "no/such/directory/report.html: "),
        (&["--half-life", "0"], "half-life: 0 is not a finite number of days above 0"),
        (&["--write-config", "no/such/directory/schema.toml"], "no/such/directory/schema.toml: "),
        (&["--folds", "3", "--after", "2024-01-01"], "after: folds have no date"),
        (&["--balance-column", "voucher"], "participants.csv:1: voucher: the header lacks this column"),
        (&["--sample", "0"], "sample: 0 participants are too few to test"),
    ];
    for &(args, message) in cases {
        let output = run(args);
        let error = text(&output.stderr);
        assert_eq!((output.status.code(), text(&output.stdout).as_str()), (Some(1), ""), "{args:?}: {error}");
        assert!(error.starts_with(message), "{args:?}: {error}");
        assert_eq!(error.trim_end().lines().count(), 1, "{error}");
    }
}

#[test]
fn the_table_the_json_and_the_page_tell_the_same() {
    let directory = tempfile::tempdir().unwrap();
    let page = directory.path().join("report.html");
    let options = ["--cutoffs", "2,4", "--k", "20", "--sweep", "--html", page.to_str().unwrap()];
    let table = run(&options);
    let json: Value = serde_json::from_slice(&run(&[&options[..], &["--json"]].concat()).stdout).unwrap();
    assert_eq!(json["cutoffs"], serde_json::json!([2, 4]));
    let ndcg = json["contenders"][0]["metrics"]["NDCG@4"].as_f64().unwrap();
    let ndcg = format!("{ndcg:.4}");
    let (table, page) = (text(&table.stdout), std::fs::read_to_string(page).unwrap());
    assert!(table.contains(&ndcg) && page.contains(&ndcg), "{ndcg}: {table}");
    let summary = json["summary"][0].as_str().unwrap();
    let headline = page.replace("<code>", "`").replace("</code>", "`");
    assert!(table.starts_with(summary) && headline.contains(summary), "{summary}: {table}");
    assert!(json["sweep"]["by_neighbours"].as_array().is_some_and(|curve| curve.len() > 1));
}

#[test]
fn known_purchases_are_not_predicted() {
    let json = |known: &str| -> Value {
        serde_json::from_slice(&run(&["--split", "kfold", "--known", known, "--json"]).stdout).unwrap()
    };
    let (cold, warm) = (json("0"), json("1"));
    assert!(warm["testable"].as_u64() < cold["testable"].as_u64());
    assert!(warm["split"].as_str().unwrap().contains("1 purchases of each known"));
}

/// Courses depend on the town; the colour says nothing, and the shoe size is not wanted.
fn shop(directory: &Path) {
    let schema = "[[attribute]]\nname = \"town\"\nkind = \"categorical\"\n\n[[attribute]]\nname = \"colour\"\n\
                  kind = \"categorical\"\n\n[[attribute]]\nname = \"shoe\"\nkind = \"numeric\"\nweight = 0.0\n";
    std::fs::write(directory.join("schema.toml"), schema).unwrap();
    std::fs::write(directory.join("courses.csv"), "id,title,price\nx,,10\ny,,20\n").unwrap();
    let (mut people, mut purchases) =
        ("id,town,colour,shoe,voucher\n".to_owned(), "participant,course,at\n".to_owned());
    for i in 0..200 {
        let (town, colour) = (["a", "b"][i % 2], ["red", "blue"][i / 2 % 2]);
        writeln!(people, "p{i},{town},{colour},40,15").unwrap();
        writeln!(purchases, "p{i},{},2024-01-{:02}", ["x", "y"][i % 2], 1 + i % 28).unwrap();
    }
    std::fs::write(directory.join("participants.csv"), people).unwrap();
    std::fs::write(directory.join("purchases.csv"), purchases).unwrap();
}

fn evaluate(directory: &Path, args: &[&str]) -> Output {
    Command::new(example()).arg("--data").arg(directory).args(["--k", "40"]).args(args).output().unwrap()
}

#[test]
fn the_recommended_configuration_is_written_as_a_schema_that_reads_back() {
    let directory = tempfile::tempdir().unwrap();
    shop(directory.path());
    let out = directory.path().join("recommended.toml");
    let options = ["--split", "kfold", "--cutoffs", "1", "--json", "--write-config", out.to_str().unwrap()];
    let output = evaluate(directory.path(), &options);
    assert!(output.status.success(), "{}", text(&output.stderr));
    let report: Value = serde_json::from_slice(&output.stdout).unwrap();
    let schema = sebaya::io::read_schema(&out).unwrap();
    assert_eq!(report["configuration"]["distance"], schema.distance().name());
    let weights: Vec<_> = schema.attributes().iter().map(|a| (a.name(), a.weight())).collect();
    assert_eq!(weights, [("town", 1.0), ("colour", 1.0), ("shoe", 0.0)]);
}

#[test]
fn dated_purchases_are_split_by_date_unless_folds_are_asked_for() {
    let directory = tempfile::tempdir().unwrap();
    shop(directory.path());
    let report = |args: &[&str]| -> Value {
        serde_json::from_slice(&evaluate(directory.path(), &[args, &["--json", "--sweep"]].concat()).stdout).unwrap()
    };
    let by_date = report(&["--half-life", "7", "--at", "2024-02-01"]);
    // Seven participants a day, on 28 days, and one more on the first four: the last tenth of 200 begins on the 26th.
    assert_eq!(by_date["split"], "newcomers from 2024-01-26T00:00:00Z on, by purchases before");
    assert_eq!(by_date["tested"], 21);
    let half_lives = by_date["sweep"]["by_half_life"].as_array().unwrap();
    assert_eq!(half_lives.last().unwrap()["half_life"], Value::Null);
    assert!(half_lives.iter().any(|point| point["half_life"] == 7.0));
    assert_eq!(report(&["--folds", "4"])["split"], "4 folds over participants, by the profile alone");
    assert_eq!(report(&["--split", "kfold"])["split"], "5 folds over participants, by the profile alone");
}

#[test]
fn a_balance_may_be_a_column() {
    let directory = tempfile::tempdir().unwrap();
    shop(directory.path());
    let affordable = |args: &[&str]| {
        let json =
            evaluate(directory.path(), &[args, &["--split", "kfold", "--json", "--cutoffs", "1"]].concat()).stdout;
        let json: Value = serde_json::from_slice(&json).unwrap();
        json["contenders"][0]["metrics"]["affordable hit rate@1"].as_f64().unwrap()
    };
    // Everybody gets what he bought for what it cost; but 15 do not pay for y.
    assert_eq!((affordable(&[]), affordable(&["--balance-column", "voucher"])), (1.0, 0.5));
}
