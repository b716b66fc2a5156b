//! What a service needs for its forms: the values and labels of each attribute, all errors of a profile at once, conversions
//! of what a form or a database holds, and reading back what was entered.

#![allow(clippy::unwrap_used, reason = "a test may panic")]

use std::borrow::Cow;
use std::collections::BTreeMap;

use sebaya::prelude::*;
use sebaya::{AmountError, AttributeValues, CourseId, DataError, ParticipantId, Purchase, Timestamp, Value};

fn schema() -> Schema {
    let education = Attribute::ordinal("education", ["SD", "SMP", "SMA"])
        .with_label("en", "Education")
        .with_label("id", "Pendidikan")
        .with_value_label("SMA", "en", "Senior high school")
        .with_value_label("SMA", "id", "Sekolah menengah atas");
    Schema::new()
        .attribute(Attribute::numeric("age").with_label("en", "Age").with_label("id", "Umur"))
        .attribute(education)
        .categorical("province")
        .attribute(Attribute::tags("interests").with_value_label("sewing", "id", "menjahit"))
        .attribute(Attribute::numeric("wage").with_rank_scale())
}

fn data() -> TrainingSet {
    let mut data = TrainingSet::builder(schema());
    data.course(Course::new("sewing", Amount(400_000))).unwrap().course(Course::new("excel", Amount(250_000))).unwrap();
    let ani = Profile::new().with("age", 24).with("province", "Jawa Barat").with("interests", ["sewing", "music"]);
    let budi = Profile::new().with("age", 31).with("province", "Bali").with("interests", ["chess"]).with("wage", 5);
    data.participant("ani", ani).unwrap().participant("budi", budi).unwrap();
    data.participant("cici", Profile::new().with("province", "Aceh").with("age", 99)).unwrap();
    data.purchase_at("ani", "excel", "2024-02-29".parse().unwrap()).unwrap();
    data.purchase("budi", "excel").unwrap().purchase("budi", "sewing").unwrap();
    data.build().unwrap()
}

/// A page shows each field with its label, its choices, and what is wrong with it.
#[test]
fn a_form_shows_choices_and_labels_in_indonesian_and_an_error_beside_each_field() {
    let model = Recommender::params().fit(&data()).unwrap();
    let schema = model.encoder().schema();
    let fields: Vec<(&str, Vec<&str>)> = schema
        .attributes()
        .iter()
        .map(|attribute| {
            let values = match model.encoder().values(attribute.name()).unwrap() {
                AttributeValues::Ordinal { levels: values }
                | AttributeValues::Categorical { categories: values }
                | AttributeValues::Tags { tags: values } => values,
                _ => Vec::new(),
            };
            (attribute.label("id-ID"), values.iter().map(|value| attribute.value_label(value, "id-ID")).collect())
        })
        .collect();
    let expected = [
        ("Umur", vec![]),
        ("Pendidikan", vec!["SD", "SMP", "Sekolah menengah atas"]),
        // Nobody from Aceh has bought anything.
        ("province", vec!["Bali", "Jawa Barat"]),
        ("interests", vec!["chess", "music", "menjahit"]),
        ("wage", vec![]),
    ];
    assert_eq!(fields, expected);
    assert_eq!(model.encoder().values("age"), Some(AttributeValues::Numeric { lo: 24.0, hi: 31.0 }));
    assert_eq!(model.encoder().values("wage"), Some(AttributeValues::Numeric { lo: 5.0, hi: 5.0 }));

    let sent: Profile = serde_json::from_str(
        r#"{"age": "old", "education": "S3", "province": 7, "interests": ["music"], "wage": null, "shoe": 42, "hat": 1}"#,
    )
    .unwrap();
    let errors = schema.check_profile(&sent).unwrap_err();
    let shown: Vec<(&str, Option<&str>)> = errors.iter().map(|error| (error.attribute(), error.value())).collect();
    let expected =
        [("age", Some("old")), ("education", Some("S3")), ("province", Some("7")), ("hat", None), ("shoe", None)];
    assert_eq!(shown, expected);
    assert_eq!(
        errors.of("education").unwrap().to_string(),
        r#"education: "S3" is none of the levels ["SD", "SMP", "SMA"]"#
    );
    assert!(errors.of("interests").is_none());
}

#[test]
fn a_profile_passes_the_form_exactly_where_the_model_takes_it() {
    let model = Recommender::params().fit(&data()).unwrap();
    let values: [Value; 8] = [
        Value::Missing,
        Value::from(3),
        Value::from(f64::NAN),
        Value::from("SMA"),
        Value::from("S3"),
        Value::from(""),
        Value::from(["SMA"]),
        Value::from(Vec::<String>::new()),
    ];
    let mut taken = 0;
    for attribute in ["age", "education", "province", "interests", "nothing"] {
        for value in &values {
            let profile = Profile::new().with(attribute, value.clone());
            let form = model.encoder().schema().check_profile(&profile).map_err(|errors| errors.to_string());
            let asked = model.encoder().transform(&profile).map(drop).map_err(|error| error.to_string());
            assert_eq!(form, asked, "{attribute}: {value:?}");
            taken += u32::from(form.is_ok());
        }
    }
    assert!((10..30).contains(&taken), "{taken}");
}

#[test]
fn labels_stand_in_schema_files_and_in_json_and_change_no_answer() {
    let text = r#"
        {"currency": "IDR", "attribute": [
            {"name": "age", "kind": "numeric", "label": {"en": "Age", "id": "Umur"}},
            {"name": "province", "kind": "categorical", "values": {"Bali": {"de": "Bali, Indonesien"}}}
        ]}"#;
    let schema: Schema = serde_json::from_str(text).unwrap();
    assert_eq!(schema.get("age").unwrap().label("id"), "Umur");
    assert_eq!(schema.get("province").unwrap().value_label("Bali", "de-AT"), "Bali, Indonesien");
    let copy: Schema = serde_json::from_str(&serde_json::to_string(&schema).unwrap()).unwrap();
    assert_eq!(copy, schema);

    #[cfg(feature = "csv")]
    {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("schema.toml");
        sebaya::io::write_schema(&file, &self::schema()).unwrap();
        assert_eq!(sebaya::io::read_schema(&file).unwrap(), self::schema());

        let text = r#"
            [[attribute]]
            name = "education"
            kind = "ordinal"
            levels = ["SD", "SMA"]
            label = { en = "Education", id = "Pendidikan" }

            [attribute.values.SMA]
            id = "Sekolah menengah atas"
            "#;
        std::fs::write(&file, text).unwrap();
        let education = Attribute::ordinal("education", ["SD", "SMA"])
            .with_label("en", "Education")
            .with_label("id", "Pendidikan")
            .with_value_label("SMA", "id", "Sekolah menengah atas");
        assert_eq!(sebaya::io::read_schema(&file).unwrap(), Schema::new().attribute(education));
    }

    let labelled = Recommender::params().fit(&data()).unwrap();
    // Another translation of the same attributes, for an encoder that is kept.
    let mut relabelled = serde_json::to_value(data()).unwrap();
    relabelled["schema"]["attribute"][0]["label"] = serde_json::json!({"en": "Years"});
    let relabelled: TrainingSet = serde_json::from_value(relabelled).unwrap();
    let kept = Recommender::params().fit_with_encoder(&relabelled, labelled.encoder()).unwrap();
    assert_eq!(kept.encoder().schema().get("age").unwrap().label("en"), "Years");
    assert_eq!(kept.fingerprint(), labelled.fingerprint());
    let answer = |model: &Recommender| {
        let query = Query::new(Profile::new().with("age", 30).with("province", "Bali"), Amount(500_000));
        serde_json::to_string(&model.recommend(&query).unwrap()).unwrap()
    };
    assert_eq!(answer(&kept), answer(&labelled));
}

#[test]
fn what_was_entered_reads_back_by_name() {
    let data = data();
    let bought = |participant: &str, course: &str, at: Option<&str>| Purchase {
        participant: participant.into(),
        course: course.into(),
        at: at.map(|at| at.parse().unwrap()),
    };
    let all =
        [bought("ani", "excel", Some("2024-02-29")), bought("budi", "sewing", None), bought("budi", "excel", None)];
    assert_eq!(data.iter_purchases().collect::<Vec<_>>(), all);
    assert_eq!(data.purchases_of("budi").unwrap().collect::<Vec<_>>(), all[1..]);
    assert_eq!(data.purchases_of("cici").unwrap().count(), 0);
    assert!(data.purchases_of("zaki").is_none());
    let rows: Vec<_> = data.purchases().iter().map(|(row, course, _)| (row, course.price())).collect();
    assert_eq!(rows, [(0, Amount(250_000)), (1, Amount(400_000)), (1, Amount(250_000))]);

    let people: BTreeMap<&str, Profile> = data.participants().iter().collect();
    assert_eq!(people.keys().copied().collect::<Vec<_>>(), ["ani", "budi", "cici"]);
    assert_eq!(people["cici"], Profile::new().with("age", 99).with("province", "Aceh"));
}

#[test]
fn whatever_a_database_row_holds_becomes_a_value() {
    let number = |number: f64| Value::Number(number);
    let numbers: [Value; 12] = [
        (-1_i8).into(),
        (-1_i16).into(),
        (-1_i32).into(),
        (-1_i64).into(),
        (-1_isize).into(),
        7_u8.into(),
        7_u16.into(),
        7_u32.into(),
        7_u64.into(),
        7_usize.into(),
        0.5_f32.into(),
        0.5_f64.into(),
    ];
    let expected = [-1.0, -1.0, -1.0, -1.0, -1.0, 7.0, 7.0, 7.0, 7.0, 7.0, 0.5, 0.5].map(number);
    assert_eq!(numbers, expected);
    // The nearest f64, as in JSON: 2^53 + 1 is no f64 and ties to the even one, 2^53.
    let beyond: Profile = serde_json::from_str(r#"{"n": 9007199254740993}"#).unwrap();
    assert_eq!(Some(&Value::from(9_007_199_254_740_993_i64)), beyond.get("n"));
    assert_eq!(Value::from(9_007_199_254_740_993_u64), number(9_007_199_254_740_992.0));

    let text = Value::Text("Bali".to_owned());
    let texts = [Value::from("Bali"), String::from("Bali").into(), (&String::from("Bali")).into()];
    assert!(texts.iter().all(|value| *value == text));
    assert_eq!([Value::from(Cow::Borrowed("Bali")), Box::<str>::from("Bali").into()], [text.clone(), text]);
    assert_eq!([Value::from('x'), true.into()], [Value::Text("x".into()), Value::Text("true".into())]);

    let tags = Value::Tags(vec!["a".to_owned(), "b".to_owned()]);
    let owned = ["a".to_owned(), "b".to_owned()];
    let all = [Value::from(["a", "b"]), vec!["a", "b"].into(), owned[..].into(), ["a", "b"].into_iter().collect()];
    assert!(all.iter().all(|value| *value == tags));

    let (age, wage): (Option<u8>, Option<i64>) = (Some(24), None);
    let profile = Profile::new().with("age", age).with("wage", wage);
    assert_eq!(profile, Profile::new().with("age", 24));
    assert_eq!(profile.with("age", None::<f64>), Profile::new());
}

#[test]
fn amounts_come_from_integers_and_text_and_never_wrap() {
    let unsigned: [Amount; 4] = [1_u8.into(), 1_u16.into(), 1_u32.into(), 1_u64.into()];
    assert_eq!(unsigned, [Amount(1); 4]);
    let signed: [Result<Amount, AmountError>; 4] =
        [1_i8.try_into(), 1_i16.try_into(), 1_i32.try_into(), 1_i64.try_into()];
    assert!(signed.iter().all(|amount| *amount == Ok(Amount(1))));
    let negative: Result<Amount, AmountError> = i64::MIN.try_into();
    assert_eq!(negative.unwrap_err().to_string(), "-9223372036854775808 is below 0");
    assert_eq!("300000".parse(), Ok(Amount(300_000)));
    assert_eq!("Rp5".parse::<Amount>().unwrap_err().to_string(), r#""Rp5" is not a whole number in digits only"#);
    let sums =
        [Amount(u64::MAX).checked_add(Amount(1)), Amount(1).checked_sub(Amount(2)), Amount(1 << 63).checked_mul(2)];
    assert_eq!(sums, [None; 3]);
}

#[test]
fn times_are_rfc_3339_wherever_they_are_read_or_written() {
    let last: Timestamp = "9999-12-31".parse().unwrap();
    assert_eq!(serde_json::to_string(&last).unwrap(), r#""9999-12-31T00:00:00Z""#);
    let change = r#"{"op":"record_purchase","participant":"ani","course":"excel","at":"2024-02-29T07:00:00+07:00"}"#;
    let change: sebaya::Change = serde_json::from_str(change).unwrap();
    assert!(serde_json::to_string(&change).unwrap().contains(r#""at":"2024-02-29T00:00:00Z""#));
    for wrong in ["86400", r#""2024-02-30""#, r#""-000001-12-31T00:00:00Z""#] {
        assert!(serde_json::from_str::<Timestamp>(wrong).is_err(), "{wrong}");
    }
    let beyond = Timestamp::from_seconds(Timestamp::MAX.as_seconds() + 1).unwrap_err();
    assert_eq!(beyond, DataError::TimestampOutOfRange { text: "253402300800 seconds after 1970".to_owned() });
}

#[test]
fn ids_convert_from_and_to_text() {
    let id: CourseId = "excel".parse().unwrap();
    assert_eq!(
        [CourseId::from(&id), "excel".into(), String::from("excel").into()],
        [id.clone(), id.clone(), id.clone()]
    );
    let (text, other) = (String::from("excel"), CourseId::from("Excel"));
    assert_eq!((id == text, "excel" == id, *"excel" == id, id == *"excel"), (true, true, true, true));
    assert_eq!((other == text, "excel" == other, *"excel" == other, other == *"excel"), (false, false, false, false));
    assert_eq!(String::from(id), "excel");
    assert_eq!(String::from(ParticipantId::from(Cow::Borrowed("ani"))), "ani");
}
