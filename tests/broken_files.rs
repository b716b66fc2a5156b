//! Every way in which a file can be broken ends with a message that names the place and the value.

#![cfg(feature = "csv")]
#![allow(clippy::unwrap_used, reason = "a test may panic")]

mod directories;

use directories::{Directory, FILES};

/// File, what stands there first, what is put in its place, and the message.
type Change = (&'static str, &'static str, &'static str, &'static str);

fn check(changes: &[Change]) {
    let directory = Directory::new();
    let mut wrong = Vec::new();
    for &(file, from, to, message) in changes {
        let text = directory.text(file);
        assert!(text.contains(from), "{file} has no {from:?}");
        directory.put(file, text.replacen(from, to, 1));
        let found = directory.message();
        if found != message {
            wrong.push(format!("{file}: {from:?} replaced by {to:?}\n    expected {message}\n    found    {found}\n"));
        }
        directory.put(file, text);
    }
    assert!(directory.read().is_ok());
    assert!(wrong.is_empty(), "\n{}", wrong.concat());
}

#[test]
#[rustfmt::skip] // one case a line
fn broken_csv_names_the_line_and_the_column() {
    check(&[
        ("participants.csv", "Bali", "Ba\"li", r#"participants.csv:2: province: "Ba\"li" holds a quote but does not start with one"#),
        ("participants.csv", "SD,\"", "SD, \"", r#"participants.csv:3: province: " \"Jawa Barat\"" holds a quote but does not start with one"#),
        ("participants.csv", "Barat\"", "Barat\"x", r#"participants.csv:3: province: "x" follows a closing quote"#),
        ("participants.csv", "Barat\"", "Barat", r#"participants.csv:3: province: the quote before "Jawa Barat,\ncici,,,,,\n" is never closed"#),
        ("participants.csv", "Bali", "\"Bali", r#"participants.csv:2: province: "Jawa Barat\"" follows a closing quote"#),
        ("participants.csv", "Bali,", "Bali\r", r#"participants.csv:2: province: "Bali\rexcel|sewing" holds a carriage return without a line feed"#),
        ("participants.csv", "ani,", "ani,,", "participants.csv:2: cells: the row has 7, the header 6"),
        ("participants.csv", "cici,", "cici", "participants.csv:4: cells: the row has 5, the header 6"),
        ("participants.csv", "cici,,,,,", "cici,,,,,,\"", r#"participants.csv:4: cell 7: the quote before "\n" is never closed"#),
        ("participants.csv", "cici,,,,,", " ", "participants.csv:4: cells: the row has 1, the header 6"),
        ("purchases.csv", "participant", "\"participant", r#"purchases.csv:1: header: the quote before "participant,course,at\nani,excel,2024-03-…" is never closed"#),
        ("participants.csv", "interests", "age", "participants.csv:1: age: the header has this column twice"),
        ("participants.csv", "id,", "extra,extra,id,", "participants.csv:1: extra: the header has this column twice"),
        ("courses.csv", "250000,Pijar", "250000", "courses.csv:2: cells: the row has 5, the header 6"),
        ("courses.csv", "\"Sewing, basics\"", "Sewing, basics", "courses.csv:3: cells: the row has 7, the header 6"),
        ("purchases.csv", "at\n", "at,course\n", "purchases.csv:1: course: the header has this column twice"),
        ("purchases.csv", "ani,sewing,", "ani,sewing", "purchases.csv:4: cells: the row has 2, the header 3"),
        ("purchases.csv", "\nbudi", "\rbudi", r#"purchases.csv:2: at: "2024-03-01\rbudi" holds a carriage return without a line feed"#),
        ("queries.csv", "x,", "x,,", "queries.csv:3: cells: the row has 9, the header 8"),
        ("queries.csv", "SMA", "SM\"A", r#"queries.csv:2: education: "SM\"A" holds a quote but does not start with one"#),
    ]);
}

#[test]
#[rustfmt::skip] // one case a line
fn missing_columns_are_named() {
    check(&[
        ("participants.csv", "id,", "ID,", "participants.csv:1: id: the header lacks this column"),
        ("participants.csv", "wage", " wage", "participants.csv:1: wage: the header lacks this column"),
        ("courses.csv", "id", "course", "courses.csv:1: id: the header lacks this column"),
        ("courses.csv", "title", "name", "courses.csv:1: title: the header lacks this column"),
        ("courses.csv", "price", "cost", "courses.csv:1: price: the header lacks this column"),
        ("purchases.csv", "participant", "who", "purchases.csv:1: participant: the header lacks this column"),
        ("purchases.csv", "course", "what", "purchases.csv:1: course: the header lacks this column"),
        ("queries.csv", "id", "who", "queries.csv:1: id: the header lacks this column"),
        ("queries.csv", "balance", "left", "queries.csv:1: balance: the header lacks this column"),
        ("queries.csv", "education", "school", "queries.csv:1: education: the header lacks this column"),
        ("queries.csv", "id,", "\n\nid ,", "queries.csv:3: id: the header lacks this column"),
    ]);
}

#[test]
#[rustfmt::skip] // one case a line
fn bad_values_are_named_with_line_and_column() {
    check(&[
        ("participants.csv", "24", "abc", r#"participants.csv:2: age: "abc" is not a finite number"#),
        ("participants.csv", "24", " 24", r#"participants.csv:2: age: " 24" is not a finite number"#),
        ("participants.csv", "24", "nan", r#"participants.csv:2: age: "nan" is not a finite number"#),
        ("participants.csv", "24", "inf", r#"participants.csv:2: age: "inf" is not a finite number"#),
        ("participants.csv", "24", "1e999", r#"participants.csv:2: age: "1e999" is not a finite number"#),
        ("participants.csv", "31.5", "\"31,5\"", r#"participants.csv:3: age: "31,5" is not a finite number"#),
        ("participants.csv", "1500000", "1.500.000", r#"participants.csv:2: wage: "1.500.000" is not a finite number"#),
        ("participants.csv", "cici,,,", "cici,,,S9", r#"participants.csv:4: education: "S9" is none of the levels ["SD", "SMP", "SMA"]"#),
        ("participants.csv", "SMA", "sma", r#"participants.csv:2: education: "sma" is none of the levels ["SD", "SMP", "SMA"]"#),
        ("participants.csv", "cici", "", r#"participants.csv:4: id: "" is empty; a participant needs an id"#),
        ("participants.csv", "cici", "ani", r#"participants.csv:4: id: "ani" is already the id of a participant"#),
        ("participants.csv", "Bali,excel|sewing\nbudi,31.5", "\"\n\",\n\n\nbudi,x", r#"participants.csv:6: age: "x" is not a finite number"#),
        ("courses.csv", "250000", "", r#"courses.csv:2: price: "" is empty; a course needs one"#),
        ("courses.csv", "250000", "2500.5", r#"courses.csv:2: price: "2500.5" is not a whole number in digits only"#),
        ("courses.csv", "250000", "-1", r#"courses.csv:2: price: "-1" is not a whole number in digits only"#),
        ("courses.csv", "250000", "250.000", r#"courses.csv:2: price: "250.000" is not a whole number in digits only"#),
        ("courses.csv", "900000", "1e6", r#"courses.csv:4: price: "1e6" is not a whole number in digits only"#),
        ("courses.csv", "900000", "9007199254740993", r#"courses.csv:4: price: "9007199254740993" is larger than 9007199254740992"#),
        ("courses.csv", "900000", "99999999999999999999", r#"courses.csv:4: price: "99999999999999999999" is larger than 9007199254740992"#),
        ("courses.csv", "false", "no", r#"courses.csv:4: open: "no" is neither "true" nor "false""#),
        ("courses.csv", "true", "True", r#"courses.csv:2: open: "True" is neither "true" nor "false""#),
        ("courses.csv", "true", "1", r#"courses.csv:2: open: "1" is neither "true" nor "false""#),
        ("courses.csv", "welding", "", r#"courses.csv:4: id: "" is empty; a course needs an id"#),
        ("courses.csv", "welding", "excel", r#"courses.csv:4: id: "excel" is already the id of a course"#),
        ("purchases.csv", "budi", "dewi", r#"purchases.csv:3: participant: "dewi" is unknown"#),
        ("purchases.csv", "budi", "", r#"purchases.csv:3: participant: "" is unknown"#),
        ("purchases.csv", "excel", "Excel", r#"purchases.csv:2: course: "Excel" is unknown"#),
        ("purchases.csv", "excel", "", r#"purchases.csv:2: course: "" is unknown"#),
        ("purchases.csv", "2024-03-01", "01/03/2024", r#"purchases.csv:2: at: "01/03/2024" is not an RFC 3339 date or date-time"#),
        ("purchases.csv", "2024-03-01", "2024-02-30", r#"purchases.csv:2: at: "2024-02-30" is not an RFC 3339 date or date-time"#),
        ("purchases.csv", "2024-03-01", "9999-12-31T23:59:59-01:00", r#"purchases.csv:2: at: "9999-12-31T23:59:59-01:00" is not within the years 0 to 9999 in UTC"#),
        ("purchases.csv", "+07:00", "", r#"purchases.csv:3: at: "2024-03-01T10:00:00" is not an RFC 3339 date or date-time"#),
        ("queries.csv", "ani", "", r#"queries.csv:2: id: "" is empty; a query needs an id"#),
        ("queries.csv", "300000", "", r#"queries.csv:2: balance: "" is empty; a query needs one"#),
        ("queries.csv", "300000", "Rp300.000", r#"queries.csv:2: balance: "Rp300.000" is not a whole number in digits only"#),
        ("queries.csv", "300000", "9007199254740993", r#"queries.csv:2: balance: "9007199254740993" is larger than 9007199254740992"#),
        ("queries.csv", "24", "old", r#"queries.csv:2: age: "old" is not a finite number"#),
        ("queries.csv", "SMA", "S9", r#"queries.csv:2: education: "S9" is none of the levels ["SD", "SMP", "SMA"]"#),
        ("queries.csv", "||sewing", "|knitting", r#"queries.csv:3: owned: "knitting" is not a course"#),
    ]);
}

#[test]
#[rustfmt::skip] // one case a line
fn broken_schemas_name_the_line_the_key_and_the_value() {
    check(&[
        ("schema.toml", "currency = \"IDR\"", "currency = IDR", r#"schema.toml:1: "currency = IDR" is not TOML: invalid float, expected `inf`"#),
        ("schema.toml", "kind = \"numeric\"", "kind = \"numeric", r#"schema.toml:5: "kind = \"numeric" is not TOML: invalid basic string, expected `"`"#),
        ("schema.toml", "[[attribute]]", "[[attribute]", r#"schema.toml:3: "[[attribute]" is not TOML: unclosed array table, expected `]`"#),
        ("schema.toml", "name = \"age\"", "name = \"age\"\nname = \"age\"", r#"schema.toml:5: "name = \"age\"" is not TOML: duplicate key"#),
        ("schema.toml", "currency = \"IDR\"", "currency = 5", "schema.toml:1: currency: invalid type: integer `5`, expected a string"),
        ("schema.toml", "currency", "curency", "schema.toml:1: curency: unknown field `curency`, expected one of `currency`, `distance`, `attribute`"),
        ("schema.toml", "weight", "wieght", "schema.toml:6: attribute \"age\": wieght: unknown field `wieght`, expected one of `name`, `kind`, `weight`, `range`, `scale`, `levels`, `label`, `values`"),
        ("schema.toml", "name = \"age\"\n", "", "schema.toml:3: attribute 1: missing field `name`"),
        ("schema.toml", "kind = \"tags\"\n", "", "schema.toml:23: attribute \"interests\": missing field `kind`"),
        ("schema.toml", "name = \"age\"", "name = 7", "schema.toml:4: attribute 1: name: invalid type: integer `7`, expected a string"),
        ("schema.toml", "kind = \"tags\"", "kind = \"tag\"", r#"schema.toml:25: attribute "interests": kind: "tag" is none of "numeric", "ordinal", "categorical", "tags""#),
        ("schema.toml", "kind = \"tags\"", "kind = true", r#"schema.toml:25: attribute "interests": kind: invalid type: boolean `true`, expected a string"#),
        ("schema.toml", "\"rank\"", "\"log\"", r#"schema.toml:12: attribute "wage": scale: "log" is neither "linear" nor "rank""#),
        ("schema.toml", "\"rank\"", "\"rank\"\nrange = [0, 1]", r#"schema.toml:13: attribute "wage": range: [0.0, 1.0] is for linear numeric attributes, not for a numeric one"#),
        ("schema.toml", "\"tags\"", "\"tags\"\nrange = [0, 1]", r#"schema.toml:26: attribute "interests": range: [0.0, 1.0] is for numeric attributes, not for a tags one"#),
        ("schema.toml", "\"tags\"", "\"tags\"\nscale = \"linear\"", r#"schema.toml:26: attribute "interests": scale: "linear" is for numeric attributes, not for a tags one"#),
        ("schema.toml", "\"tags\"", "\"tags\"\nlevels = [\"a\", \"b\"]", r#"schema.toml:26: attribute "interests": levels: ["a", "b"] is for ordinal attributes, not for a tags one"#),
        ("schema.toml", "2.0", "-1", r#"schema.toml:6: attribute "age": weight: -1 is not a finite number of 0 or more"#),
        ("schema.toml", "2.0", "nan", r#"schema.toml:6: attribute "age": weight: NaN is not a finite number of 0 or more"#),
        ("schema.toml", "2.0", "inf", r#"schema.toml:6: attribute "age": weight: inf is not a finite number of 0 or more"#),
        ("schema.toml", "2.0", "1e308", "schema.toml: weight: 1e308 is too large"),
        ("schema.toml", "2.0", "1e999", r#"schema.toml:6: attribute "age": weight: 1e999 is too large"#),
        ("schema.toml", "2.0", "\"heavy\"", r#"schema.toml:6: attribute "age": weight: invalid type: string "heavy", expected f64"#),
        ("schema.toml", "[18, 64]", "[64, 18]", r#"schema.toml:7: attribute "age": range: [64, 18] has its low end above its high end"#),
        ("schema.toml", "[18, 64]", "[18, inf]", r#"schema.toml:7: attribute "age": range: [18, inf] is not finite"#),
        ("schema.toml", "[18, 64]", "[nan, 64]", r#"schema.toml:7: attribute "age": range: [NaN, 64] is not finite"#),
        ("schema.toml", "[18, 64]", "[18]", r#"schema.toml:7: attribute "age": range: [18.0] is not two numbers, the low end and the high end"#),
        ("schema.toml", "[18, 64]", "[18, 40, 64]", r#"schema.toml:7: attribute "age": range: [18.0, 40.0, 64.0] is not two numbers, the low end and the high end"#),
        ("schema.toml", "[18, 64]", "[\n18,\n\"old\"]", r#"schema.toml:9: attribute "age": range: invalid type: string "old", expected f64"#),
        ("schema.toml", "[18, 64]", "18", r#"schema.toml:7: attribute "age": range: invalid type: integer `18`, expected a sequence"#),
        ("schema.toml", "levels = [\"SD\", \"SMP\", \"SMA\"]", "", r#"schema.toml:14: attribute "education": levels: [] has fewer than two levels"#),
        ("schema.toml", "[\"SD\", \"SMP\", \"SMA\"]", "[\"SD\"]", r#"schema.toml:17: attribute "education": levels: ["SD"] has fewer than two levels"#),
        ("schema.toml", "\"SMP\"", "\"SD\"", r#"schema.toml:17: attribute "education": levels: "SD" stands twice"#),
        ("schema.toml", "\"SMP\"", "\"\"", r#"schema.toml:17: attribute "education": levels: a level is empty: """#),
        ("schema.toml", "\"SMP\"", "3", r#"schema.toml:17: attribute "education": levels: invalid type: integer `3`, expected a string"#),
        ("schema.toml", "\"wage\"", "\"age\"", r#"schema.toml:10: attribute "age": name: "age" is used twice"#),
        ("schema.toml", "\"wage\"", "\"\"", r#"schema.toml:10: attribute "": name: "" is empty"#),
        ("schema.toml", "\"wage\"", "\"id\"", r#"schema.toml:10: attribute "id": name: "id" is reserved"#),
        ("schema.toml", "\"wage\"", "\"balance\"", r#"schema.toml:10: attribute "balance": name: "balance" is reserved"#),
        ("schema.toml", "\"wage\"", "\"owned\"", r#"schema.toml:10: attribute "owned": name: "owned" is reserved"#),
        ("schema.toml", "\"tags\"", "\"tags\"\nunits = { of = \"x\" }", "schema.toml:26: attribute \"interests\": units: unknown field `units`, expected one of `name`, `kind`, `weight`, `range`, `scale`, `levels`, `label`, `values`"),
        ("schema.toml", "2.0", "2.0\nlabel = \"Age\"", r#"schema.toml:7: attribute "age": label: invalid type: string "Age", expected a map"#),
        ("schema.toml", "2.0", "2.0\nlabel = { en = 3 }", r#"schema.toml:7: attribute "age": label: invalid type: integer `3`, expected a string"#),
        ("schema.toml", "2.0", "2.0\nlabel = { id = \"\" }", r#"schema.toml:7: attribute "age": label: the text in "id" is empty, """#),
        ("schema.toml", "2.0", "2.0\nlabel = { \"\" = \"Age\" }", r#"schema.toml:7: attribute "age": label: "Age" has an empty language, """#),
        ("schema.toml", "2.0", "2.0\nvalues = { 18 = { en = \"adult\" } }", r#"schema.toml:7: attribute "age": values: "18" has a label, and a number takes none"#),
        ("schema.toml", "\"tags\"", "\"tags\"\n[attribute.values.music]\nid = 3", r#"schema.toml:27: attribute "interests": values: invalid type: integer `3`, expected a string"#),
        ("schema.toml", "\"tags\"", "\"tags\"\n[attribute.values.music]\nid = \"\"", r#"schema.toml:26: attribute "interests": values: music: the text in "id" is empty, """#),
        ("schema.toml", "\"tags\"", "\"tags\"\n[attribute.values.\"\"]\nid = \"x\"", r#"schema.toml:26: attribute "interests": values: "" has a label, and is a missing value"#),
        ("schema.toml", "\"SMA\"]", "\"SMA\"]\nvalues.S9 = { en = \"x\" }", r#"schema.toml:18: attribute "education": values: "S9" has a label, and is none of the levels ["SD", "SMP", "SMA"]"#),
        ("schema.toml", "\"tags\"", "\"tags\"\n\n[attributes]", "schema.toml:27: attributes: unknown field `attributes`, expected one of `currency`, `distance`, `attribute`"),
    ]);
}

#[test]
fn schemas_of_another_shape_are_refused() {
    let directory = Directory::new();
    let numeric = "name = \"a\"\nkind = \"numeric\"\n";
    for (schema, message) in [
        ("", "attribute: the schema has none, and needs at least one"),
        ("attribute = []\n", "attribute: the schema has none, and needs at least one"),
        ("attribute = 3\n", "1: attribute: invalid type: integer `3`, expected a sequence"),
        ("attribute = [\n  \"age\",\n]\n", "2: attribute: \"age\" is not a table"),
        ("attribute = [[\"age\", \"numeric\"]]\n", "1: attribute: [\"age\", \"numeric\"] is not a table"),
        (
            &format!("\n[attribute]\n{numeric}"),
            "2: attribute: is one table; a list of them starts each with [[attribute]]",
        ),
        (&format!("[[attribute]]\n{numeric}weight = 0\n"), "weight: all weights are 0"),
        (
            "attribute = [{ name = \"a\", kind = \"b\" }]",
            "1: attribute \"a\": kind: \"b\" is none of \"numeric\", \"ordinal\", \"categorical\", \"tags\"",
        ),
        ("\0", r#"1: "\0" is not TOML: key with no value, expected `=`"#),
    ] {
        directory.put("schema.toml", schema);
        let separator = if message.starts_with(|c: char| c.is_ascii_digit()) { ":" } else { ": " };
        assert_eq!(directory.message(), format!("schema.toml{separator}{message}"), "{schema:?}");
    }
}

#[test]
fn bytes_that_are_not_utf8_are_named_with_line_and_column() {
    let directory = Directory::new();
    for (file, from, to, message) in [
        ("schema.toml", "IDR", &b"\xff"[..], "schema.toml:1: byte 0xff is not UTF-8"),
        ("schema.toml", "SMP", b"SM\xe9", "schema.toml:17: byte 0xe9 is not UTF-8"),
        ("participants.csv", "Bali", b"Bal\xed", "participants.csv:2: province: byte 0xed is not UTF-8"),
        ("participants.csv", "age", b"\xe2ge", "participants.csv:1: header: byte 0xe2 is not UTF-8"),
        ("participants.csv", "id", b"\xff\xfei", "participants.csv:1: header: byte 0xff is not UTF-8"),
        ("courses.csv", "basics", b"b\xc3sics", "courses.csv:3: title: byte 0xc3 is not UTF-8"),
        ("purchases.csv", "budi", b"\xc3", "purchases.csv:3: participant: byte 0xc3 is not UTF-8"),
        ("queries.csv", "||", b"\x80", "queries.csv:3: owned: byte 0x80 is not UTF-8"),
    ] {
        let text = directory.text(file);
        let (before, after) = text.split_once(from).unwrap();
        directory.put(file, [before.as_bytes(), to, after.as_bytes()].concat());
        assert_eq!(directory.message(), message);
        directory.put(file, text);
    }
}

#[test]
fn missing_and_empty_files_and_directories_are_named() {
    let directory = Directory::new();
    for (file, text) in FILES {
        let path = directory.path().join(file);
        std::fs::remove_file(&path).unwrap();
        assert_eq!(directory.message(), format!("{file}: {path:?} does not exist"));
        std::fs::create_dir(&path).unwrap();
        assert_eq!(directory.message(), format!("{file}: {path:?} is a directory"));
        std::fs::remove_dir(&path).unwrap();
        for empty in ["", "\n", "\u{feff}", "\r\n\r\n"] {
            directory.put(file, empty);
            let problem = match file {
                "schema.toml" => "attribute: the schema has none, and needs at least one",
                _ => "the file is empty; its first row must name the columns",
            };
            assert_eq!(directory.message(), format!("{file}: {problem}"), "{empty:?}");
        }
        directory.put(file, text);
    }
}

#[test]
fn tables_without_rows_lack_what_others_refer_to() {
    for (file, message) in [
        ("courses.csv", r#"purchases.csv:2: course: "excel" is unknown"#),
        ("participants.csv", r#"purchases.csv:2: participant: "ani" is unknown"#),
        ("purchases.csv", "purchases.csv: there is no purchase at all"),
        ("queries.csv", "read without an error"),
    ] {
        let directory = Directory::new();
        let text = directory.text(file);
        directory.put(file, text.lines().next().unwrap());
        assert_eq!(directory.message(), message);
    }
}

#[test]
fn a_message_is_one_line_whatever_the_names_hold() {
    let directory = Directory::new();
    directory.put("schema.toml", "[[attribute]]\nname = \"a\\nb\"\nkind = \"numeric\"\n");
    directory.put("participants.csv", "id,\"a\nb\"\n\nani,1\nbudi,\"x\ny\"\n");
    assert_eq!(directory.message(), r#"participants.csv:5: a\nb: "x\ny" is not a finite number"#);
    directory.put("participants.csv", "id,a\n");
    assert_eq!(directory.message(), r"participants.csv:1: a\nb: the header lacks this column");
}

/// Reading ends well, or with one line that starts with the name of a file.
fn ends_decently(directory: &Directory) -> bool {
    directory.read().map_err(|e| e.to_string()).is_err_and(|message| {
        assert!(FILES.iter().any(|(file, _)| message.starts_with(&format!("{file}:"))), "{message:?}");
        assert!(!message.contains(char::is_control), "{message:?}");
        true
    })
}

#[test]
fn files_cut_off_anywhere_never_panic() {
    let directory = Directory::new();
    for (file, text) in FILES {
        let refused = (0..text.len()).filter(|&end| {
            directory.put(file, &text.as_bytes()[..end]);
            ends_decently(&directory)
        });
        assert!(refused.count() > text.len() / 2, "{file}");
        directory.put(file, text);
    }
}
