//! The modules of the crate stand in an order, and each uses only those before it.

#![allow(clippy::unwrap_used, reason = "a test may panic")]

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

const ORDER: [&str; 14] = [
    "store",
    "domain",
    "encode",
    "neighbours",
    "rank",
    "budget",
    "model",
    "query",
    "snapshot",
    "live",
    "journal",
    "evaluate",
    "io",
    "synthetic",
];
/// What stands after all of them: the list of public items, and what sums them up.
const ROOT: [&str; 5] = ["lib", "error", "error/kind", "prelude", "example_world"];
/// Uses that are not allowed and are there: the room, and what it uses.
const EXCEPTIONS: [(&str, &str); 1] = [("evaluate", "Error")];

fn sources(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            sources(&path, found);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            found.push(path);
        }
    }
}

/// The code of a file: no comments, and nothing that is compiled only for tests or documentation.
fn code(text: &str) -> String {
    let mut code = String::new();
    let mut lines = text.lines().filter(|line| !line.trim_start().starts_with("//")).peekable();
    while let Some(line) = lines.next() {
        if !["#[cfg(test)]", "#[cfg(all(test, unix))]", "#[cfg(doc)]"].contains(&line.trim()) {
            code.push_str(line);
            code.push('\n');
            continue;
        }
        // The item ends where its own braces do, or with a semicolon.
        let mut depth = 0_i32;
        for line in lines.by_ref() {
            let count = |c| i32::try_from(line.matches(c).count()).unwrap();
            depth += count('{') - count('}');
            if depth == 0 && (line.ends_with(';') || line.ends_with('}')) {
                break;
            }
        }
    }
    code
}

/// The first names of all paths that begin with `crate::`, those in braces one by one.
fn uses(code: &str) -> BTreeSet<String> {
    let name = |text: &str| text.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect::<String>();
    let mut used = BTreeSet::new();
    for path in code.split("crate::").skip(1) {
        let Some(list) = path.strip_prefix('{') else {
            used.insert(name(path));
            continue;
        };
        let mut depth = 0;
        let mut item = String::new();
        for c in list.chars() {
            match c {
                '}' if depth == 0 => break,
                ',' if depth == 0 => used.insert(name(std::mem::take(&mut item).trim())),
                _ => {
                    depth += i32::from(c == '{') - i32::from(c == '}');
                    item.push(c);
                    true
                }
            };
        }
        used.insert(name(item.trim()));
    }
    used.remove("");
    used
}

/// Whether code of this file may use a name of the root. A name that is no room is one of all of them.
fn may_use(file: &str, used: &str) -> bool {
    let room = file.split('/').next().unwrap();
    let place = |name: &str| ORDER.iter().position(|room| *room == name);
    match (place(room), place(used)) {
        (Some(room), Some(used)) => used <= room,
        (Some(_), None) => false,
        (None, _) => ROOT.contains(&file),
    }
}

#[test]
fn each_room_uses_only_rooms_before_it() {
    let src = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut files = Vec::new();
    sources(&src, &mut files);
    let mut wrong = BTreeSet::new();
    let mut rooms = BTreeSet::new();
    for path in files {
        let file = path.strip_prefix(&src).unwrap().with_extension("");
        let file = file.to_str().unwrap().replace('\\', "/");
        // These are modules of tests, without an attribute of their own.
        if file.ends_with("/tests") || file.ends_with("/faults") {
            continue;
        }
        let room = file.split('/').next().unwrap();
        rooms.insert(room.to_owned());
        for used in uses(&code(&fs::read_to_string(path).unwrap())) {
            if !may_use(&file, &used) && !EXCEPTIONS.contains(&(room, &*used)) {
                wrong.insert(format!("{file} uses {used}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
    let known: BTreeSet<String> =
        ORDER.into_iter().chain(ROOT).map(|room| room.split('/').next().unwrap().to_owned()).collect();
    assert_eq!(rooms, known);
}

#[test]
fn an_arrow_upwards_is_seen_wherever_it_stands() {
    let source = "
        //! [`Up`](crate::journal::Up)
        use crate::{domain::{Amount, Course}, Error};
        use crate::store::Ragged;
        fn f() -> Result<(), crate::live::Up> {}
        #[cfg(test)]
        mod tests {
            use crate::synthetic::Programme;
        }
        #[cfg(doc)]
        use crate::io;
        fn after() { crate::encode::f() }
    ";
    let used = uses(&code(source));
    assert_eq!(Vec::from_iter(&used), ["Error", "domain", "encode", "live", "store"]);
    let wrong: Vec<_> = used.iter().filter(|used| !may_use("encode/part", used)).collect();
    assert_eq!(wrong, ["Error", "live"]);
}
