//! The `recommend` example as a user meets it: exit status, standard output and standard error.

#![cfg(all(feature = "csv", feature = "synthetic"))]
#![allow(clippy::unwrap_used, reason = "a test may panic")]

mod example;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::sync::OnceLock;

use serde_json::Value;

/// Built once.
fn example() -> &'static Path {
    static EXAMPLE: OnceLock<PathBuf> = OnceLock::new();
    EXAMPLE.get_or_init(|| example::example("recommend"))
}

fn fixture() -> String {
    format!("{}/tests/fixtures/every-kind", env!("CARGO_MANIFEST_DIR"))
}

fn run(args: &[&str]) -> Output {
    Command::new(example()).args(args).output().unwrap()
}

/// Runs on the fixture.
fn ask(args: &[&str]) -> Output {
    run(&[&["--data", &fixture()], args].concat())
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).unwrap()
}

fn json(output: &Output) -> Vec<Value> {
    assert_eq!(output.status.code(), Some(0), "{}", text(&output.stderr));
    text(&output.stdout).lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

#[test]
fn wrong_usage_ends_with_status_2_and_nothing_on_standard_output() {
    let queries = format!("{}/queries.csv", fixture());
    let cases: &[&[&str]] = &[
        &["--participant", "p1"],
        &["--profile", "{}"],
        &["--balance", "5"],
        &[],
        &["--participant", "p1", "--balance"],
        &["--participant", "p1", "--balance", "5", "--profile", "{}"],
        &["--participant", "p1", "--balance", "5", "--queries", &queries],
        &["--participant", "p1", "--balance", "five"],
        &["--participant", "p1", "--balance", "5.5"],
        &["--participant", "p1", "--balance", ""],
        &["--participant", "p1", "--balance", "5", "--k", "many"],
        &["--participant", "p1", "--balance", "5", "--k", "1e2"],
        &["--participant", "p1", "--balance", "5", "--prior", "much"],
        &["--participant", "p1", "--balance", "5", "--prior"],
        &["--participant", "p1", "--balance", "5", "--top", "x"],
        &["--participant", "p1", "--balance", "5", "--index", "balltree"],
        &["--participant", "p1", "--balance", "5", "--use-up", "x", "--plan"],
        &["--participant", "p1", "--balance", "5", "--half-life", "long"],
        &["--participant", "p1", "--balance", "5", "--at", "2024-01-01"],
        &["--participant", "p1", "--balance", "5", "--half-life", "9", "--at", "yesterday"],
        &["--history"],
        &["--participant", "p1", "--balance", "5", "--colour"],
        &["--participant", "p1", "--balance", "5", "--owned", "k0"],
        &["p1"],
    ];
    for args in cases {
        let output = ask(args);
        let (status, out) = (output.status.code(), text(&output.stdout));
        assert_eq!((status, out.as_str()), (Some(2), ""), "{args:?}: {}", text(&output.stderr));
        assert!(!output.stderr.is_empty());
    }
    assert_eq!(run(&["--participant", "p1", "--balance", "5"]).status.code(), Some(2), "a query needs data");
}

#[test]
fn bad_data_and_values_out_of_range_end_with_status_1_and_a_message_of_one_line() {
    let known = ["--participant", "p1", "--balance", "5"];
    let with = |more: &[&str]| [&known, more].concat().iter().map(|&s| s.to_owned()).collect::<Vec<_>>();
    let cases: Vec<(Vec<String>, &str)> = vec![
        (with(&["--k", "0"]), "k: 0 neighbours are too few, at least 1 must vote"),
        (with(&["--k", "-3"]), "k: -3 is less than 0"),
        (with(&["--prior", "-1"]), "prior: -1 is not a finite number of 0 or more"),
        (with(&["--prior", "nan"]), "prior: NaN is not a finite number of 0 or more"),
        (with(&["--prior", "-inf"]), "prior: -inf is not a finite number of 0 or more"),
        (with(&["--half-life", "0"]), "half-life: 0 is not a finite number of days above 0"),
        (with(&["--half-life", "-inf"]), "half-life: -inf is not a finite number of days above 0"),
        (with(&["--half-life", "30"]), "half-life: no purchase has a time, so none can fade"),
        (with(&["--top", "-1"]), "top: -1 is less than 0"),
        (with(&["--plan", "--use-up", "-0.5"]), "use-up: -0.5 is not a number from 0 to 1000000"),
        (with(&["--plan", "--use-up", "1e7"]), "use-up: 10000000 is not a number from 0 to 1000000"),
        (with(&["--plan", "--max-courses", "-1"]), "max-courses: -1 is less than 0"),
        (with(&["--out", "no/such/directory/answers"]), "no/such/directory/answers: "),
        (["--participant", "zaki", "--balance", "5"].map(str::to_owned).to_vec(), "participant: \"zaki\" is unknown"),
        (["--participant", "p1", "--balance", "-5"].map(str::to_owned).to_vec(), "balance: -5 is less than 0"),
        (
            ["--participant", "p1", "--balance", "9007199254740993"].map(str::to_owned).to_vec(),
            "balance: \"9007199254740993\"",
        ),
        (["--profile", "{\"a1\": 3", "--balance", "5"].map(str::to_owned).to_vec(), "profile: {\"a1\": 3: "),
        (
            ["--profile", "{\"age\": 3}", "--balance", "5"].map(str::to_owned).to_vec(),
            "age: the schema has no such attribute",
        ),
        (
            ["--profile", "{\"a1\": \"x\"}", "--balance", "5"].map(str::to_owned).to_vec(),
            "a1: \"x\" is not a finite number",
        ),
        (["--profile", "{\"a1\": [[]]}", "--balance", "5"].map(str::to_owned).to_vec(), "profile: "),
        (["--profile", "{\"a1\": 1, \"a1\": 2}", "--balance", "5"].map(str::to_owned).to_vec(), "profile: "),
        (
            ["--profile", "{}", "--balance", "5", "--owned", "karate"].map(str::to_owned).to_vec(),
            "owned: \"karate\" is not a course",
        ),
        (["--queries", "no/such/file.csv"].map(str::to_owned).to_vec(), "file.csv: "),
    ];
    for (args, message) in cases {
        let output = ask(&args.iter().map(String::as_str).collect::<Vec<_>>());
        let error = text(&output.stderr);
        assert_eq!((output.status.code(), text(&output.stdout).as_str()), (Some(1), ""), "{args:?}: {error}");
        assert!(error.starts_with(message), "{args:?}: {error}");
        assert_eq!(error.trim_end().lines().count(), 1, "{error}");
    }
    let output = run(&["--data", "no/such/directory", "--participant", "p1", "--balance", "5"]);
    assert_eq!((output.status.code(), text(&output.stdout).as_str()), (Some(1), ""));
}

#[test]
fn a_history_is_what_is_owned_however_the_question_is_put() {
    let profile = r#"{"a0": "t7"}"#;
    let scores = |args: &[&str]| -> Vec<Value> {
        let answer = json(&ask(&[args, &["--json", "--balance", "1000000000"]].concat())).swap_remove(0);
        answer["recommendations"].as_array().unwrap().iter().map(|r| r["score"].clone()).collect()
    };
    let by_profile = scores(&["--profile", profile, "--owned", "k3"]);
    let by_history = scores(&["--profile", profile, "--owned", "k3", "--history"]);
    assert_ne!(by_profile, by_history);
    // Without a purchase there is no history.
    assert_eq!(scores(&["--profile", profile, "--history"]), scores(&["--profile", profile]));

    let directory = tempfile::tempdir().unwrap();
    let queries = directory.path().join("queries.csv");
    fs::write(&queries, "id,balance,owned,a0,a1,a2,a3,a4,a5\nq,1000000000,k3,t7,,,,,\n").unwrap();
    let of_file = json(&ask(&["--queries", queries.to_str().unwrap(), "--history", "--json"])).swap_remove(0);
    let of_file: Vec<_> = of_file["recommendations"].as_array().unwrap().iter().map(|r| r["score"].clone()).collect();
    assert_eq!(of_file, by_history);
    // p67 bought k3.
    assert_ne!(scores(&["--participant", "p67", "--history"]), scores(&["--participant", "p67"]));
}

#[test]
fn one_bad_query_keeps_all_answers_back() {
    let directory = tempfile::tempdir().unwrap();
    let queries = directory.path().join("queries.csv");
    let good = fs::read_to_string(format!("{}/queries.csv", fixture())).unwrap();
    fs::write(&queries, format!("{good}{}\n", good.lines().nth(1).unwrap().replacen(',', ",x", 1))).unwrap();
    let output = ask(&["--queries", queries.to_str().unwrap(), "--json"]);
    assert_eq!((output.status.code(), text(&output.stdout).as_str()), (Some(1), ""));
    let line = good.lines().count() + 1;
    assert!(text(&output.stderr).starts_with(&format!("queries.csv:{line}: balance: ")), "{}", text(&output.stderr));
}

#[test]
fn the_three_kinds_of_query_answer_alike() {
    let directory = tempfile::tempdir().unwrap();
    let people = fs::read_to_string(format!("{}/participants.csv", fixture())).unwrap();
    let (head, row) = (people.lines().next().unwrap(), people.lines().nth(3).unwrap());
    let id = row.split(',').next().unwrap();
    let queries = directory.path().join("queries.csv");
    fs::write(&queries, format!("{head},balance\n{row},600\n")).unwrap();

    let by_file = json(&ask(&["--queries", queries.to_str().unwrap(), "--json", "--plan"]));
    let by_id = json(&ask(&["--participant", id, "--balance", "600", "--json", "--plan"]));
    assert_eq!(by_file, by_id);
    assert_eq!(by_id[0]["query"], id);
    assert!(by_id[0]["plan"]["courses"].is_array());

    let anyone = json(&ask(&["--profile", "{\"a1\": null}", "--balance", "600", "--json"]));
    assert_eq!((&anyone[0]["query"], &anyone[0]["balance"]), (&Value::from("profile"), &Value::from(600)));
    assert!(anyone[0].get("plan").is_none());
    let first = anyone[0]["recommendations"][0]["course"].as_str().unwrap();
    let owned = json(&ask(&["--profile", "{}", "--balance", "600", "--owned", first, "--json"]));
    assert_ne!(owned[0]["recommendations"][0]["course"], first);
}

#[test]
fn answers_go_to_a_file_when_all_are_written() {
    let directory = tempfile::tempdir().unwrap();
    let answers = directory.path().join("answers.jsonl");
    let (queries, out) = (format!("{}/queries.csv", fixture()), answers.to_str().unwrap());
    let printed = ask(&["--queries", &queries, "--json"]);
    let written = ask(&["--queries", &queries, "--json", "--out", out]);
    assert_eq!((written.status.code(), text(&written.stdout).as_str()), (Some(0), ""));
    assert_eq!(fs::read(&answers).unwrap(), printed.stdout);

    let failed = ask(&["--queries", "no/such/file.csv", "--out", out]);
    assert_eq!(failed.status.code(), Some(1));
    assert_eq!(fs::read(&answers).unwrap(), printed.stdout, "a failed run leaves the old file");
    assert_eq!(fs::read_dir(directory.path()).unwrap().count(), 1, "and no other");
}

#[test]
fn numbers_of_any_size_are_accepted_where_more_changes_nothing() {
    let huge = "99999999999999999999999999";
    let all = json(&ask(&["--profile", "{}", "--balance", "600", "--json", "--k", huge, "--top", huge]));
    let same = json(&ask(&["--profile", "{}", "--balance", "600", "--json", "--k", "1000000", "--top", "1000000"]));
    assert_eq!(all, same);
}

#[test]
fn help_is_no_error() {
    let output = run(&["--help"]);
    assert_eq!(output.status.code(), Some(0));
    assert!(text(&output.stdout).contains("--participant"));
}

#[test]
fn a_table_says_who_voted_and_why_a_list_is_empty() {
    let table = text(&ask(&["--profile", "{}", "--balance", "600", "--plan"]).stdout);
    assert!(table.contains("similar past participants have") && table.contains("Plan: "), "{table}");
    assert!(table.contains("Rp600"), "{table}");
    let empty = text(&ask(&["--profile", "{}", "--balance", "600", "--top", "0"]).stdout);
    assert!(empty.contains("No course: at most 0 courses were asked for."), "{empty}");
}
