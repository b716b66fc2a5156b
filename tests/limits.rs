//! Files that never end, that are no files, or that hold far too much: an error that says so, in bounded time and memory.

#![cfg(feature = "csv")]
#![allow(clippy::unwrap_used, reason = "a test may panic")]

mod directories;

use std::fs;

use directories::Directory;

const MIB: usize = 1 << 20;

#[test]
fn a_cell_of_a_mebibyte_is_read_and_a_longer_one_is_refused_without_being_echoed() {
    let directory = Directory::new();
    let title =
        |bytes: usize| format!("id,title,price\nexcel,{},1\nsewing,\"{}\",1\n", "x".repeat(9), "y".repeat(bytes));
    directory.put("courses.csv", title(MIB));
    assert_eq!(directory.message(), "read without an error");
    directory.put("courses.csv", title(MIB + 1));
    let begins = format!("{}…", "y".repeat(40));
    let message = format!("courses.csv:3: title: \"{begins}\" begins a cell of 1048577 bytes, and the most is 1048576");
    assert_eq!(directory.message(), message);
}

#[test]
fn a_record_of_more_than_16_mebibytes_is_refused_whether_or_not_it_has_quotes() {
    let directory = Directory::new();
    let columns: Vec<String> = (0..17).map(|n| format!("extra{n}")).collect();
    let cells = |quote: &str, size: usize| vec![format!("{quote}{}{quote}", "z".repeat(size)); 17].join(",");
    for quote in ["", "\""] {
        let table = |size| {
            format!(
                "id,title,price,{}\nexcel,,1,{}\nsewing,,1{}\n",
                columns.join(","),
                cells(quote, size),
                ",".repeat(17)
            )
        };
        directory.put("courses.csv", table(900_000));
        assert_eq!(directory.message(), "read without an error");
        directory.put("courses.csv", table(MIB));
        assert_eq!(directory.message(), "courses.csv:2: record: it has more than 16777216 bytes");
    }
    // A quote that stays open swallows the lines after it.
    directory.put("courses.csv", format!("id,title,price\nexcel,\"{}", "a line\n".repeat(3 * MIB)));
    assert_eq!(directory.message(), "courses.csv:2: record: it has more than 16777216 bytes");
}

#[test]
fn a_long_value_is_echoed_by_its_beginning_and_its_length() {
    let directory = Directory::new();
    let long = "w".repeat(500_000);
    let begin = format!("\"{}\"... (500000 bytes)", "w".repeat(100));
    for (file, from, message) in [
        ("participants.csv", "24", format!("participants.csv:2: age: {begin} is not a finite number")),
        (
            "participants.csv",
            "SMA",
            format!("participants.csv:2: education: {begin} is none of the levels [\"SD\", \"SMP\", \"SMA\"]"),
        ),
        ("courses.csv", "250000", format!("courses.csv:2: price: {begin} is not a whole number in digits only")),
        ("courses.csv", "false", format!("courses.csv:4: open: {begin} is neither \"true\" nor \"false\"")),
        ("purchases.csv", "budi", format!("purchases.csv:3: participant: {begin} is unknown")),
        ("purchases.csv", "excel", format!("purchases.csv:2: course: {begin} is unknown")),
        ("purchases.csv", "2024-03-01", format!("purchases.csv:2: at: {begin} is not an RFC 3339 date or date-time")),
        ("queries.csv", "||sewing", format!("queries.csv:3: owned: {begin} is not a course")),
    ] {
        let text = directory.text(file);
        directory
            .put(file, text.replacen(from, &if from == "||sewing" { format!("|{long}") } else { long.clone() }, 1));
        assert_eq!(directory.message(), message);
        directory.put(file, text);
    }
    // Names of columns are not quoted, and a message is of a readable length all the same.
    directory.put("schema.toml", format!("[[attribute]]\nname = \"{long}\"\nkind = \"numeric\"\n"));
    assert!(directory.message().len() < 1_200, "{}", directory.message());
}

#[test]
fn a_schema_of_more_than_16_mebibytes_is_refused() {
    let directory = Directory::new();
    directory.put("schema.toml", "#".repeat(16 * MIB + 1));
    assert_eq!(directory.message(), "schema.toml: it has more than 16777216 bytes");
}

#[test]
fn what_a_terminal_obeys_is_escaped_in_messages() {
    let directory = Directory::new();
    directory.put("courses.csv", "\u{202e}\u{1b}[2J,\u{202e}\u{1b}[2J\n");
    assert_eq!(directory.message(), "courses.csv:1: \\u{202e}\\u{1b}[2J: the header has this column twice");
}

#[cfg(unix)]
mod unix {
    use std::os::unix::fs::symlink;
    use std::process::Command;

    use super::*;

    #[test]
    fn a_device_in_a_data_directory_is_no_file() {
        for (file, _) in directories::FILES.into_iter().take(4) {
            for device in ["/dev/zero", "/dev/null"] {
                let directory = Directory::new();
                let path = directory.path().join(file);
                fs::remove_file(&path).unwrap();
                symlink(device, &path).unwrap();
                assert_eq!(
                    directory.message(),
                    format!("{file}: {path:?} is no file but a device, a pipe or a socket")
                );
            }
        }
    }

    #[test]
    fn a_pipe_that_nobody_writes_to_is_refused_instead_of_waited_for() {
        for (file, _) in directories::FILES {
            let directory = Directory::new();
            let path = directory.path().join(file);
            fs::remove_file(&path).unwrap();
            assert!(Command::new("mkfifo").arg(&path).status().unwrap().success());
            let message = directory.message();
            assert!(message.starts_with(&format!("{file}: {path:?} is ")) && message.contains("pipe"), "{message}");
        }
    }

    #[test]
    fn queries_without_an_end_are_refused() {
        let directory = Directory::new();
        let data = sebaya::io::read_dir(directory.path()).unwrap();
        let read = sebaya::io::read_queries("/dev/zero", data.participants().schema(), data.catalogue());
        assert_eq!(read.unwrap_err().to_string(), "zero:1: record: it has more than 16777216 bytes");
    }
}
