//! What the examples do with the files that they are told to write, and with what they show on a terminal.

#![cfg(all(feature = "csv", feature = "evaluate", feature = "synthetic", unix))]
#![allow(clippy::unwrap_used, reason = "a test may panic")]

mod example;

use std::fs::{self, Permissions};
use std::os::unix::fs::{FileTypeExt, PermissionsExt, symlink};
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::thread;

use sebaya::prelude::*;
use tempfile::TempDir;

/// A data directory and whatever a test writes.
struct Folder(TempDir);

impl Folder {
    /// Thirty people of two towns, with these titles and names where a title, an id and a category can stand.
    fn new(text: &str) -> Self {
        let mut data = TrainingSet::builder(Schema::new().numeric("age").categorical("town").with_currency(text));
        let other = format!("s{text}");
        for (id, price) in [("excel", 250), (&*other, 100)] {
            let course = Course::new(id, Amount(price)).with_title(text).with_provider(text).with_category(text);
            data.course(course).unwrap();
        }
        for person in 0..30 {
            let id = format!("p{person}");
            let town = if person % 2 == 0 { "a".to_owned() } else { format!("b{text}") };
            data.participant(&id, Profile::new().with("age", person).with("town", town)).unwrap();
            data.purchase(&id, if person < 20 { "excel" } else { &other }).unwrap();
        }
        let folder = tempfile::tempdir().unwrap();
        sebaya::io::write_dir(folder.path().join("data"), &data.build().unwrap()).unwrap();
        Self(folder)
    }

    fn at(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    fn data(&self) -> String {
        self.at("data").to_str().unwrap().to_owned()
    }

    /// Runs an example on the data.
    fn run(&self, name: &str, args: &[&str], out: (&str, &Path)) -> Output {
        let mut command = Command::new(example::example(name));
        command.args(["--data", &self.data()]).args(args).arg(out.0).arg(out.1);
        command.stdin(Stdio::null()).output().unwrap()
    }

    fn recommend(&self, out: &Path) -> Output {
        self.run("recommend", &["--participant", "p1", "--balance", "300", "--json"], ("--out", out))
    }
}

/// The options that name an output, with what else their examples ask for.
const OUTPUTS: [(&str, &[&str], &str); 4] = [
    ("recommend", &["--participant", "p1", "--balance", "300"], "--out"),
    ("evaluate", &["--k", "5"], "--html"),
    ("evaluate", &["--k", "5"], "--write-config"),
    ("plan", &["--participant", "p1", "--balance", "300"], "--svg"),
];

fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).unwrap()
}

fn mode(path: &Path) -> u32 {
    fs::metadata(path).unwrap().permissions().mode() & 0o777
}

#[test]
fn no_output_takes_the_place_of_an_input_under_whatever_name() {
    let folder = Folder::new("Excel");
    let queries = folder.at("queries.csv");
    fs::write(&queries, "id,balance,age,town\nq,300,1,a\n").unwrap();
    let people = folder.at("data/participants.csv");
    symlink(&people, folder.at("link")).unwrap();
    fs::hard_link(&people, folder.at("twin")).unwrap();
    let before = fs::read(&people).unwrap();
    for (name, args, option) in OUTPUTS {
        for output in ["data/participants.csv", "data/schema.toml", "data/../data/courses.csv", "link", "twin"] {
            let output = folder.run(name, args, (option, &folder.at(output)));
            let error = text(&output.stderr);
            assert_eq!(
                (output.status.code(), text(&output.stdout).as_str()),
                (Some(1), ""),
                "{name} {option}: {error}"
            );
            assert!(error.contains("it is the input ") && error.trim_end().lines().count() == 1, "{error}");
        }
    }
    let output = folder.run("recommend", &["--queries", queries.to_str().unwrap()], ("--out", &queries));
    assert!(text(&output.stderr).contains("queries.csv, which would be lost"), "{}", text(&output.stderr));
    assert_eq!(fs::read(&people).unwrap(), before);
    assert!(fs::read_to_string(&queries).unwrap().starts_with("id,balance"));
}

#[test]
fn an_output_follows_a_link_keeps_the_permissions_and_has_those_of_any_new_file() {
    let folder = Folder::new("Excel");
    fs::write(folder.at("usual"), "").unwrap();
    for (name, args, option) in OUTPUTS {
        for (old, link) in [("old", "link"), ("not yet", "dangling")] {
            let _ = (fs::remove_file(folder.at(link)), fs::remove_file(folder.at(old)));
            symlink(old, folder.at(link)).unwrap();
        }
        fs::write(folder.at("old"), "old").unwrap();
        fs::set_permissions(folder.at("old"), Permissions::from_mode(0o440)).unwrap();
        for link in ["link", "dangling"] {
            let output = folder.run(name, args, (option, &folder.at(link)));
            assert_eq!(output.status.code(), Some(0), "{name} {option}: {}", text(&output.stderr));
            assert!(fs::symlink_metadata(folder.at(link)).unwrap().is_symlink());
        }
        assert_eq!((mode(&folder.at("old")), mode(&folder.at("not yet"))), (0o440, mode(&folder.at("usual"))));
        let (old, new) = (fs::read(folder.at("old")).unwrap(), fs::read(folder.at("not yet")).unwrap());
        assert!(old == new && !old.is_empty(), "{name} {option}");
    }
    assert_eq!(fs::read_dir(folder.0.path()).unwrap().count(), 6, "nothing is left over");
}

#[test]
fn an_output_goes_through_a_pipe_and_a_device() {
    let folder = Folder::new("Excel");
    let pipe = folder.at("pipe");
    assert!(Command::new("mkfifo").arg(&pipe).status().unwrap().success());
    symlink("/dev/null", folder.at("null")).unwrap();
    for (name, args, option) in OUTPUTS {
        let reader = thread::spawn({
            let pipe = pipe.clone();
            move || fs::read(pipe).unwrap()
        });
        let output = folder.run(name, args, (option, &pipe));
        assert_eq!(output.status.code(), Some(0), "{name} {option}: {}", text(&output.stderr));
        assert!(!reader.join().unwrap().is_empty());
        assert!(fs::metadata(&pipe).unwrap().file_type().is_fifo());
        assert_eq!(folder.run(name, args, (option, &folder.at("null"))).status.code(), Some(0));
        assert!(fs::metadata(folder.at("null")).unwrap().file_type().is_char_device());
    }
    let written = folder.recommend(Path::new("/dev/stdout"));
    assert!(text(&written.stdout).starts_with(r#"{"query":"p1""#), "{}", text(&written.stderr));

    // What standard output was redirected to is written on, and not replaced.
    fs::write(folder.at("log"), "before\n").unwrap();
    let log = fs::OpenOptions::new().append(true).open(folder.at("log")).unwrap();
    let mut command = Command::new(example::example("recommend"));
    command.args([
        "--data",
        &folder.data(),
        "--participant",
        "p1",
        "--balance",
        "300",
        "--json",
        "--out",
        "/dev/stdout",
    ]);
    assert!(command.stdout(log).status().unwrap().success());
    assert!(fs::read_to_string(folder.at("log")).unwrap().starts_with("before\n{\"query\":\"p1\""));
}

#[test]
fn an_output_that_cannot_be_written_is_refused() {
    let folder = Folder::new("Excel");
    symlink("loop", folder.at("loop")).unwrap();
    for (name, args, option) in OUTPUTS {
        for output in ["data", "no/such/folder", "loop"] {
            let output = folder.run(name, args, (option, &folder.at(output)));
            assert_eq!(output.status.code(), Some(1), "{name} {option}");
            assert!(output.stdout.is_empty() || name == "evaluate", "{name} {option}");
        }
    }
}

#[test]
fn queries_come_through_a_pipe_of_the_shell() {
    let folder = Folder::new("Excel");
    fs::write(folder.at("queries.csv"), "id,balance,age,town\nq,300,1,a\n").unwrap();
    assert!(Command::new("mkfifo").arg(folder.at("pipe")).status().unwrap().success());
    let recommend = example::example("recommend");
    let recommend = format!("timeout 60 {} --data data --json --queries", recommend.to_str().unwrap());
    for script in [
        format!("{recommend} /dev/stdin < queries.csv"),
        format!("cat queries.csv | {recommend} /dev/stdin"),
        format!("{recommend} <(cat queries.csv)"),
        format!("cat queries.csv > pipe & {recommend} /dev/stdin < pipe"),
    ] {
        let output = Command::new("bash").args(["-c", &script]).current_dir(folder.0.path()).output().unwrap();
        assert!(text(&output.stdout).starts_with(r#"{"query":"q""#), "{script}: {}", text(&output.stderr));
    }
    let endless = format!("(echo id,balance,age,town; yes q,300,1,a) | {recommend} /dev/stdin");
    let output = Command::new("bash").args(["-c", &endless]).current_dir(folder.0.path()).output().unwrap();
    assert_eq!((output.status.code(), text(&output.stdout).as_str()), (Some(1), ""));
    assert_eq!(text(&output.stderr).trim_end(), "stdin: it has more than 16777216 bytes");
    let output = folder.run("recommend", &["--json"], ("--queries", &folder.at("pipe")));
    assert_eq!(output.status.code(), Some(1));
    assert!(text(&output.stderr).contains("is a named pipe"), "{}", text(&output.stderr));
}

#[test]
fn nothing_that_a_terminal_obeys_reaches_it_from_data_or_options() {
    let evil = "\u{1b}[2J\u{7}\u{9b}\u{202e}\u{2066}\r\nx";
    let folder = Folder::new(evil);
    let queries = folder.at("queries.csv");
    fs::write(&queries, format!("id,balance,age,town\n\"{evil}\",300,,\"b{evil}\"\n")).unwrap();
    let known = ["--participant", "p1", "--balance", "300"];
    let (svg, unknown) = (folder.at("plan.svg"), format!("{{\"{}\": 1}}", "\\u001b\\u202e"));
    let runs: [(&str, &[&str], (&str, &Path)); 7] = [
        ("recommend", &[&known[..], &["--plan"]].concat(), ("--top", Path::new("5"))),
        ("recommend", &["--plan"], ("--queries", &queries)),
        ("recommend", &["--profile", &unknown, "--balance", "5"], ("--top", Path::new("5"))),
        ("recommend", &["--balance", "5"], ("--participant", Path::new(evil))),
        ("plan", &known, ("--svg", &svg)),
        ("evaluate", &["--k", "5", "--segment", "town"], ("--folds", Path::new("2"))),
        ("evaluate", &["--k", "5"], ("--segment", Path::new(evil))),
    ];
    for (name, args, last) in runs {
        let output = folder.run(name, args, last);
        let shown = text(&output.stdout) + &text(&output.stderr);
        let obeyed = |c: char| (c.is_control() && c != '\n') || "\u{202e}\u{2066}".contains(c);
        assert!(!shown.contains(obeyed), "{name} {args:?}: {shown:?}");
        assert!(shown.contains("\\u{1b}") && shown.contains("\\u{202e}"), "{name} {args:?}: {shown:?}");
    }
}

#[test]
fn a_table_with_an_id_of_a_mebibyte_is_written() {
    let folder = Folder::new(&"w".repeat((1 << 20) - 1));
    for output in [
        folder.run("recommend", &["--participant", "p29", "--balance", "300"], ("--top", Path::new("5"))),
        folder.run("plan", &["--participant", "p29", "--balance", "300"], ("--svg", &folder.at("plan.svg"))),
    ] {
        assert_eq!(output.status.code(), Some(0), "{}", text(&output.stderr));
        assert!(output.stdout.len() < 1 << 24);
    }
}
