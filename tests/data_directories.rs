//! What is written in different ways reads the same, and what is written reads back.

#![cfg(feature = "csv")]
#![allow(clippy::unwrap_used, reason = "a test may panic")]

mod directories;

use directories::{Directory, FILES, text_of};
use proptest::prelude::*;
use sebaya::io::{WriteError, read_dir, read_dir_with, read_schema, write_dir, write_schema};
use sebaya::prelude::*;
use sebaya::{AttributeKind, Catalogue, Timestamp, TrainingSetBuilder, Value};

#[test]
fn cells_become_values() {
    let (data, queries) = Directory::new().read().unwrap();
    let participants = data.participants();
    let ani = Profile::new().with("age", 24).with("wage", 1_500_000).with("education", "SMA").with("province", "Bali");
    assert_eq!(participants.profile("ani"), Some(ani.clone().with("interests", ["excel", "sewing"])));
    let budi = Profile::new().with("age", 31.5).with("education", "SD").with("province", "Jawa Barat");
    assert_eq!(participants.profile("budi"), Some(budi));
    assert_eq!(participants.profile("cici"), Some(Profile::new()));
    let courses: Vec<_> = data.catalogue().iter().cloned().collect();
    assert_eq!(
        courses,
        [
            Course::new("excel", Amount(250_000)).with_title("Excel").with_provider("Pijar").with_category("office"),
            Course::new("sewing", Amount(100_000)).with_title("Sewing, basics").with_category("craft"),
            Course::new("welding", Amount(900_000)).with_title("Welding").with_open(false),
        ]
    );
    assert_eq!(data.purchases().len(), 3);
    assert_eq!(participants.schema().currency().code(), "IDR");

    let ids: Vec<_> = queries.iter().map(|q| (q.id.as_str(), q.balance.0)).collect();
    assert_eq!(ids, [("ani", 300_000), ("x", 0)]);
    assert_eq!(queries[0].owned, [""; 0]);
    assert_eq!(queries[1].owned, ["excel", "sewing"]);
    assert_eq!(queries[1].profile, Profile::new());
    let asked = Profile::new().with("age", 24).with("education", "SMA").with("province", "Bali");
    assert_eq!(queries[0].profile, asked.with("interests", ["excel"]));
}

#[test]
fn the_same_tables_written_in_another_way_read_the_same() {
    let plain = Directory::new();
    let other = Directory::new();
    other.put("schema.toml", format!("\u{feff}{}", FILES[0].1.replace('\n', "\r\n")));
    other.put(
        "courses.csv",
        "\u{feff}\r\n\"price\",note,id,title,open,category,provider\r\n\r\n0250000,\"a\nb\",excel,\"Excel\",\"\",office,\
         Pijar\r\n\r\n100000,,sewing,\"Sewing, basics\",true,craft,\"\"\r\n900000,,welding,Welding,false,,",
    );
    other.put(
        "participants.csv",
        "\u{feff}\"interests\",province,,education,wage,age,\"id\"\r\n\r\n\
         |sewing||excel|sewing,Bali,,SMA,1.5e6,+24.0,ani\r\n,\"Jawa Barat\",\"\r\n\"\"\",SD,,3150E-2,\"budi\"\r\n\
         ||,,x,,,,cici\r\n\r\n",
    );
    other.put(
        "purchases.csv",
        "\u{feff}at,course,participant\n,sewing,ani\n2024-03-05,excel,ani\n\n2024-03-01t03:00:00.25z,sewing,budi\n\
         2024-02-29T17:00:00-07:00,excel,ani\n",
    );
    other.put(
        "queries.csv",
        "\u{feff}note,owned,id,interests,province,education,wage,age,balance\r\n\r\n,,ani,|excel,Bali,SMA,,24,300000\r\n\
         ,excel|sewing,x,,,,,,000\r\n",
    );
    let ((plain, plain_queries), (other, other_queries)) = (plain.read().unwrap(), other.read().unwrap());
    assert_eq!(text_of(&other), text_of(&plain));
    assert_eq!(other_queries, plain_queries);
}

#[test]
fn optional_columns_may_be_absent() {
    let directory = Directory::new();
    directory.put("courses.csv", "id,title,price\nexcel,,1\nsewing,,2\n");
    directory.put("purchases.csv", "participant,course\nani,excel\n");
    directory.put("queries.csv", "id,balance,age,wage,education,province,interests\nani,1,,,,,\nani,2,,,,,\n");
    let (data, queries) = directory.read().unwrap();
    assert!(data.catalogue().iter().all(Course::is_open));
    assert_eq!(queries.iter().map(|q| q.balance.0).collect::<Vec<_>>(), [1, 2]);
}

#[test]
fn progress_grows_from_file_to_file_and_ends_at_the_total() {
    let directory = Directory::new();
    let mut seen = Vec::new();
    read_dir_with(directory.path(), |p| seen.push((p.file, p.bytes, p.total_bytes))).unwrap();
    let [courses, participants, purchases] = [1, 2, 3].map(|i| FILES[i].1.len() as u64);
    let total = courses + participants + purchases;
    assert_eq!(
        seen,
        [
            ("courses.csv", courses, total),
            ("participants.csv", courses + participants, total),
            ("purchases.csv", total, total),
        ]
    );
}

#[test]
fn a_written_directory_is_plain_text() {
    let (data, _) = Directory::new().read().unwrap();
    let written = tempfile::tempdir().unwrap();
    let path = written.path().join("not/yet/there");
    write_dir(&path, &data).unwrap();
    let text = |file| std::fs::read_to_string(path.join(file)).unwrap();
    assert_eq!(text("courses.csv"), FILES[1].1.replace(",craft,\n", ",craft,true\n"));
    assert_eq!(text("participants.csv"), FILES[2].1.replace("\"Jawa Barat\"", "Jawa Barat"));
    assert_eq!(
        text("purchases.csv"),
        "participant,course,at\nani,excel,2024-03-01\nani,sewing,\nbudi,sewing,2024-03-01T03:00:00Z\n"
    );
    assert_eq!(read_schema(path.join("schema.toml")).unwrap(), *data.participants().schema());
    let names = std::fs::read_dir(&path).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap());
    let mut names: Vec<_> = names.collect();
    names.sort();
    assert_eq!(names, ["courses.csv", "participants.csv", "purchases.csv", "schema.toml"]);
}

fn set_with(interests: &[&str], at: Timestamp) -> TrainingSet {
    let mut data = TrainingSet::builder(Schema::new().tags("interests"));
    data.course(Course::new("excel", Amount(1))).unwrap();
    data.participant("ani", Profile::new().with("interests", interests.to_vec())).unwrap();
    data.purchase_at("ani", "excel", at).unwrap();
    data.build().unwrap()
}

#[test]
fn what_has_no_form_in_a_file_is_refused_and_the_old_files_stay() {
    let directory = Directory::new();
    let before = FILES.map(|(file, _)| directory.text(file));
    let error = write_dir(directory.path(), &set_with(&["a|b"], Timestamp::MIN)).unwrap_err();
    let message = r#"participants.csv: interests: "a|b" cannot be written: a "|" separates tags"#;
    assert_eq!(error.to_string(), message);
    assert_eq!(FILES.map(|(file, _)| directory.text(file)), before);
    assert_eq!(std::fs::read_dir(directory.path()).unwrap().count(), FILES.len());
}

#[test]
fn the_first_and_the_last_moment_are_written_and_read() {
    let directory = tempfile::tempdir().unwrap();
    for at in [Timestamp::MIN.as_seconds(), -1, 0, 86_400, 253_402_214_400, Timestamp::MAX.as_seconds()] {
        let data = set_with(&["a"], Timestamp::from_seconds(at).unwrap());
        write_dir(directory.path(), &data).unwrap();
        assert_eq!(text_of(&read_dir(directory.path()).unwrap()), text_of(&data), "{at}");
    }
}

#[test]
fn an_empty_provider_or_category_is_none_before_and_after_it_was_written() {
    let mut data = TrainingSet::builder(Schema::new().numeric("age"));
    data.course(Course::new("excel", Amount(1)).with_category("").with_provider("")).unwrap();
    data.participant("ani", Profile::new()).unwrap().purchase("ani", "excel").unwrap();
    let data = data.build().unwrap();
    let directory = tempfile::tempdir().unwrap();
    write_dir(directory.path(), &data).unwrap();
    let read = read_dir(directory.path()).unwrap();
    assert_eq!(read.catalogue().get("excel"), data.catalogue().get("excel"));
    let empty: Course = serde_json::from_str(r#"{"id": "excel", "price": 1, "category": "", "provider": ""}"#).unwrap();
    assert_eq!(data.catalogue().get("excel"), Some(&empty));
}

#[test]
fn what_would_be_too_long_to_be_read_is_not_written() {
    let with_title = |title: String| {
        let mut data = TrainingSet::builder(Schema::new().numeric("age"));
        data.course(Course::new("excel", Amount(1)).with_title(title)).unwrap();
        data.participant("ani", Profile::new()).unwrap().purchase("ani", "excel").unwrap();
        data.build().unwrap()
    };
    let directory = tempfile::tempdir().unwrap();
    for title in ["t".repeat(1 << 20), "\"".repeat(1 << 20)] {
        write_dir(directory.path(), &with_title(title.clone())).unwrap();
        assert_eq!(read_dir(directory.path()).unwrap().catalogue().get("excel").unwrap().title(), title);
    }
    let error = write_dir(directory.path(), &with_title("t".repeat((1 << 20) + 1))).unwrap_err();
    let message = "courses.csv: cannot be written: a cell of 1048577 bytes makes it longer than what is read again";
    assert_eq!(error.to_string(), message);
}

#[cfg(unix)]
#[test]
fn what_is_written_keeps_permissions_follows_links_and_goes_through_devices() {
    use std::fs::{self, Permissions};
    use std::os::unix::fs::{PermissionsExt, symlink};

    let (directory, elsewhere) = (Directory::new(), tempfile::tempdir().unwrap());
    let (data, _) = directory.read().unwrap();
    let model = Recommender::params().fit(&data).unwrap();
    let (at, target) = (|name: &str| directory.path().join(name), elsewhere.path().join("real"));
    let mode = |path: &std::path::Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;

    fs::set_permissions(at("courses.csv"), Permissions::from_mode(0o440)).unwrap();
    fs::remove_file(at("purchases.csv")).unwrap();
    fs::write(&target, "old").unwrap();
    fs::set_permissions(&target, Permissions::from_mode(0o604)).unwrap();
    symlink(&target, at("purchases.csv")).unwrap();
    write_dir(directory.path(), &data).unwrap();
    assert_eq!((mode(&at("courses.csv")), mode(&target)), (0o440, 0o604));
    assert!(fs::symlink_metadata(at("purchases.csv")).unwrap().is_symlink());
    assert_eq!(text_of(&read_dir(directory.path()).unwrap()), text_of(&data));

    // A link that leads on to a link that leads nowhere yet, with names that count from the links' own folder.
    fs::create_dir(at("folder")).unwrap();
    symlink("folder/next", at("model")).unwrap();
    symlink("../new", at("folder/next")).unwrap();
    model.save(at("model")).unwrap();
    assert_eq!(Recommender::load(at("new")).unwrap().fingerprint(), model.fingerprint());
    symlink("loop", at("loop")).unwrap();
    assert!(model.save(at("loop")).is_err() && write_schema(directory.path(), data.participants().schema()).is_err());

    let pipe = at("pipe");
    assert!(std::process::Command::new("mkfifo").arg(&pipe).status().unwrap().success());
    let reader = std::thread::spawn({
        let pipe = pipe.clone();
        move || fs::read(pipe).unwrap()
    });
    model.save(&pipe).unwrap();
    assert_eq!(reader.join().unwrap(), fs::read(at("new")).unwrap());
    symlink("/dev/null", at("null")).unwrap();
    model.save(at("null")).unwrap();
    assert_eq!(fs::metadata(at("null")).unwrap().len(), 0);
    assert_eq!(fs::read_dir(directory.path()).unwrap().count(), FILES.len() + 6, "nothing is left over");
}

#[test]
fn a_schema_that_would_not_be_read_is_not_written() {
    let directory = Directory::new();
    let path = directory.path().join("schema.toml");
    let error = write_schema(&path, &Schema::new().numeric("id")).unwrap_err();
    assert!(matches!(error, WriteError::Schema { .. }));
    assert_eq!(error.to_string(), r#"schema.toml: attribute "id": name: "id" is reserved"#);
    assert_eq!(directory.text("schema.toml"), FILES[0].1);
    let nowhere = write_schema(directory.path().join("courses.csv/schema.toml"), &Schema::new().numeric("age"));
    assert!(matches!(nowhere.unwrap_err(), WriteError::Io { .. }));
}

/// Text that tempts a writer to forget its quotes.
fn awkward() -> impl Strategy<Value = String> {
    prop_oneof![
        "[ab,\"\r\n \t;'é字#\\[\\]\\\\\u{feff}\u{0}\u{7f}\u{2028}]{1,8}",
        prop::sample::select(vec!["\r\n", "\"", "\"\"\"", " ", "'''", "1e5", "id", "true", "\\u0041", "\n\n"])
            .prop_map(str::to_owned),
    ]
}

fn number() -> impl Strategy<Value = f64> {
    use prop::num::f64::{NEGATIVE, NORMAL, POSITIVE, SUBNORMAL, ZERO};
    prop_oneof![POSITIVE | NEGATIVE | NORMAL | SUBNORMAL | ZERO, (-9_999..9_999).prop_map(|n| f64::from(n) / 8.0)]
}

fn attribute() -> impl Strategy<Value = Attribute> {
    let levels = prop::collection::btree_set(awkward(), 2..5);
    let weight = prop_oneof![Just(1.0), Just(0.0), (1..1_000_000).prop_map(|n| f64::from(n) / 7.0)];
    let labels = prop::collection::vec((awkward(), awkward(), prop::option::of(awkward())), 0..4);
    let kinds = (awkward(), 0..6, levels, number(), number(), weight, labels);
    kinds.prop_map(|(name, kind, levels, a, b, weight, labels)| {
        let attribute = match kind {
            0 => Attribute::numeric(name),
            1 => Attribute::numeric(name).with_range(a.min(b), a.max(b)),
            2 => Attribute::numeric(name).with_rank_scale(),
            3 => Attribute::ordinal(name, levels),
            4 => Attribute::categorical(name),
            _ => Attribute::tags(name),
        };
        labels.into_iter().fold(attribute.with_weight(weight), |attribute, (language, text, value)| {
            match (attribute.kind(), value) {
                (AttributeKind::Ordinal(levels), Some(_)) => {
                    let level = levels[0].clone();
                    attribute.with_value_label(level, language, text)
                }
                (AttributeKind::Categorical | AttributeKind::Tags, Some(value)) => {
                    attribute.with_value_label(value, language, text)
                }
                _ => attribute.with_label(language, text),
            }
        })
    })
}

/// A valid schema; what breaks a rule is left out.
fn schema() -> impl Strategy<Value = Schema> {
    (awkward(), prop::collection::vec(attribute(), 1..6)).prop_map(|(currency, attributes)| {
        let start = Schema::new().with_currency(currency).numeric("always");
        attributes.into_iter().fold(start, |schema, attribute| {
            let longer = schema.clone().attribute(attribute);
            if longer.check().is_ok() { longer } else { schema }
        })
    })
}

fn value(attribute: &Attribute) -> BoxedStrategy<Value> {
    use AttributeKind::{Categorical, Numeric, Ordinal, Tags};
    match attribute.kind() {
        Numeric(_) => number().prop_map(Value::from).boxed(),
        Ordinal(levels) => prop::sample::select(levels.clone()).prop_map(Value::from).boxed(),
        Categorical => awkward().prop_map(Value::from).boxed(),
        Tags => prop::collection::vec(awkward(), 0..4).prop_map(Value::from).boxed(),
        other => panic!("{other:?}"),
    }
}

fn profile(schema: &Schema) -> impl Strategy<Value = Profile> + use<> {
    let names: Vec<_> = schema.attributes().iter().map(|a| a.name().to_owned()).collect();
    let values: Vec<_> = schema.attributes().iter().map(|a| prop::option::of(value(a))).collect();
    values.prop_map(move |values| {
        names.iter().cloned().zip(values).filter_map(|(name, value)| Some((name, value?))).collect()
    })
}

fn course() -> impl Strategy<Value = Course> {
    let text = || prop::option::of(prop_oneof![8 => awkward(), 1 => Just(String::new())]);
    let texts = (text(), text(), text());
    (awkward(), texts, 0..=Amount::MAX.0, any::<bool>()).prop_map(|(id, (title, provider, category), price, open)| {
        let course = Course::new(id, Amount(price)).with_title(title.unwrap_or_default()).with_open(open);
        let course = provider.into_iter().fold(course, Course::with_provider);
        category.into_iter().fold(course, Course::with_category)
    })
}

fn training_set() -> impl Strategy<Value = TrainingSet> {
    let moment = prop::option::of(
        (Timestamp::MIN.as_seconds()..=Timestamp::MAX.as_seconds()).prop_map(|at| Timestamp::from_seconds(at).unwrap()),
    );
    let purchase = (any::<prop::sample::Index>(), any::<prop::sample::Index>(), moment);
    let purchases = prop::collection::vec(purchase, 1..12);
    let courses = prop::collection::vec(course(), 1..5);
    let people = schema().prop_flat_map(|schema| {
        let people = prop::collection::vec((awkward(), profile(&schema)), 1..8);
        (Just(schema), people)
    });
    (people, courses, purchases).prop_map(|((schema, people), courses, purchases)| {
        let mut data: TrainingSetBuilder = TrainingSet::builder(schema);
        let mut catalogue = Catalogue::new();
        for course in courses {
            if catalogue.add(course.clone()).is_ok() {
                data.course(course).unwrap();
            }
        }
        let mut ids = Vec::new();
        for (id, profile) in people {
            if !ids.contains(&id) {
                data.participant(&id, profile).unwrap();
                ids.push(id);
            }
        }
        for (participant, course, at) in purchases {
            let course = catalogue.iter().nth(course.index(catalogue.len())).unwrap().id().as_str();
            let participant = &ids[participant.index(ids.len())];
            match at {
                Some(at) => data.purchase_at(participant, course, at).unwrap(),
                None => data.purchase(participant, course).unwrap(),
            };
        }
        data.build().unwrap()
    })
}

proptest! {
    #[test]
    fn what_is_written_reads_back_the_same(data in training_set()) {
        let directory = tempfile::tempdir().unwrap();
        write_dir(directory.path(), &data).unwrap();
        prop_assert_eq!(text_of(&read_dir(directory.path()).unwrap()), text_of(&data));
    }
}
