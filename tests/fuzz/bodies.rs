//! What a fuzzer calls: bytes in, and nothing may panic, hang or pass that is wrong.

use sebaya::prelude::*;
use sebaya::{AttributeKind, IndexKind};

/// A snapshot that is read is saved as the same bytes.
pub fn snapshot(bytes: &[u8]) {
    if let Ok(model) = Recommender::load_from(bytes) {
        let mut again = Vec::new();
        assert!(model.save_to(&mut again).is_ok());
        assert!(Recommender::load_from(&again[..]).is_ok_and(|same| same.fingerprint() == model.fingerprint()));
    }
}

/// A schema that is read is written as one that reads the same.
pub fn schema(bytes: &[u8], folder: &std::path::Path) {
    let path = folder.join("schema.toml");
    assert!(std::fs::write(&path, bytes).is_ok());
    match sebaya::io::read_schema(&path) {
        Ok(schema) => {
            assert!(sebaya::io::write_schema(&path, &schema).is_ok());
            assert!(sebaya::io::read_schema(&path).is_ok_and(|same| same == schema));
        }
        Err(error) => names_a_file(&error, &["schema.toml"]),
    }
}

/// The message begins with the name of the file that is wrong, and has nothing in it that a terminal obeys.
fn names_a_file(error: &sebaya::io::ReadError, files: &[&str]) {
    let message = error.to_string();
    assert!(files.iter().any(|file| message.starts_with(&format!("{file}:"))), "{message:?}");
    assert!(!message.contains(char::is_control), "{message:?}");
}

/// Participants, courses and purchases, one after another in one file, divided by lines of `---`.
pub fn tables(bytes: &[u8], folder: &std::path::Path) {
    let schema =
        "[[attribute]]\nname = \"age\"\nkind = \"numeric\"\n\n[[attribute]]\nname = \"town\"\nkind = \"categorical\"\n";
    let mut parts = split(bytes).into_iter().chain(std::iter::repeat(&[][..]));
    let files = ["participants.csv", "courses.csv", "purchases.csv"];
    assert!(std::fs::write(folder.join("schema.toml"), schema).is_ok());
    for file in files {
        assert!(std::fs::write(folder.join(file), parts.next().unwrap_or_default()).is_ok());
    }
    match sebaya::io::read_dir(folder) {
        Ok(data) => assert!(Recommender::params().fit(&data).is_ok()),
        Err(error) => names_a_file(&error, &files),
    }
}

/// Queries that are read have balances and courses that can be.
pub fn queries(bytes: &[u8], folder: &std::path::Path) {
    let schema = sebaya::Schema::new().numeric("age").categorical("town").ordinal("size", ["S", "M"]).tags("likes");
    let courses = ["excel", "sewing"].map(|id| sebaya::Course::new(id, sebaya::Amount(1))).to_vec();
    let catalogue = sebaya::Catalogue::try_from(courses).unwrap_or_default();
    let path = folder.join("queries.csv");
    assert!(std::fs::write(&path, bytes).is_ok());
    let rows = sebaya::io::read_queries(&path, &schema, &catalogue);
    if let Err(error) = &rows {
        names_a_file(error, &["queries.csv"]);
    }
    for row in rows.unwrap_or_default() {
        assert!(row.balance <= sebaya::Amount::MAX && !row.id.is_empty());
        assert!(row.owned.iter().all(|course| catalogue.get(course.as_str()).is_some()));
    }
}

/// Makes a folder of a durable model, and returns its file: a snapshot and a journal of three batches.
#[cfg(feature = "journal")]
pub fn durable_folder(folder: &std::path::Path) -> Result<Vec<u8>, Box<dyn std::error::Error>> {
    use sebaya::{Change, DurableRecommender, ParticipantId};

    let mut data = TrainingSet::builder(Schema::new().numeric("age"));
    data.course(Course::new("excel", Amount(250_000)))?;
    data.participant("ani", Profile::new().with("age", 24))?.purchase("ani", "excel")?;
    let durable = DurableRecommender::create(folder, Recommender::params().fit(&data.build()?)?)?;
    for id in ["budi", "cici", "dewi"].map(ParticipantId::from) {
        let profile = Profile::new().with("age", 31);
        let bought = Change::RecordPurchase { participant: id.clone(), course: "excel".into(), at: None };
        durable.apply(&[Change::AddParticipant { id, profile }, bought])?;
    }
    drop(durable);
    Ok(std::fs::read(folder.join("model.sebaya"))?)
}

/// A file of these bytes in a [`durable_folder`] opens, and opens again as the same model, or is refused.
#[cfg(feature = "journal")]
pub fn journal(bytes: &[u8], folder: &std::path::Path) {
    assert!(std::fs::write(folder.join("model.sebaya"), bytes).is_ok());
    if let Ok((durable, _)) = sebaya::DurableRecommender::open(folder) {
        let fingerprint = durable.current().fingerprint();
        drop(durable);
        let again = sebaya::DurableRecommender::open(folder).map(|(durable, _)| durable.current().fingerprint());
        assert!(again.is_ok_and(|again| again == fingerprint));
    }
}

fn split(bytes: &[u8]) -> Vec<&[u8]> {
    let (mut parts, mut rest) = (Vec::new(), bytes);
    while let Some(at) = rest.windows(5).position(|window| window == b"\n---\n") {
        parts.push(&rest[..=at]);
        rest = &rest[at + 5..];
    }
    parts.push(rest);
    parts
}

/// A schema, participants and purchases made of bytes: every index gives the same neighbourhoods and answers as the scan.
pub fn index(bytes: &[u8]) {
    let Some((schema, k, people)) = world(&mut bytes.iter().copied()) else { return };
    let mut data = TrainingSet::builder(schema);
    assert!((0..4).all(|course| data.course(Course::new(format!("c{course}"), Amount(1))).is_ok()));
    for (number, (profile, course)) in people.iter().enumerate() {
        let id = format!("p{number}");
        assert!(data.participant(&id, profile.clone()).is_ok());
        assert!(data.purchase(&id, &format!("c{}", course % 4)).is_ok());
    }
    let Ok(data) = data.build() else { return };
    let model = |index| Recommender::params().n_neighbours(k).prior(0.0).index(index).fit(&data).ok();
    let Some(scan) = model(IndexKind::Scan) else { return };
    for (kind, other) in IndexKind::ALL.into_iter().filter_map(|kind| Some((kind, model(kind)?))) {
        for (number, (profile, _)) in people.iter().enumerate().step_by(people.len() / 8 + 1) {
            let stranger = Query::new(profile.clone(), Amount(1));
            let participant = Query::participant(format!("p{number}"), Amount(1));
            for query in [stranger, participant] {
                assert_eq!(answer(&other, &query), answer(&scan, &query), "{kind}");
            }
        }
    }
}

/// Attributes, how many neighbours, and profiles with a course each.
type World = (Schema, u64, Vec<(Profile, u8)>);

/// A world, as far as the bytes go.
fn world(bytes: &mut impl Iterator<Item = u8>) -> Option<World> {
    let mut schema = Schema::new();
    for number in 0..=bytes.next()? % 24 {
        let name = format!("a{number}");
        let attribute = match bytes.next()? % 5 {
            0 => Attribute::numeric(name),
            1 => Attribute::numeric(name).with_rank_scale(),
            2 => Attribute::ordinal(name, (0..30).map(|level| level.to_string())),
            3 => Attribute::categorical(name),
            _ => Attribute::tags(name),
        };
        let weight = if number == 0 { 1.0 } else { [1.0, 0.3, 0.0, 1e-9, 1e6][bytes.next()? as usize % 5] };
        schema = schema.attribute(attribute.with_weight(weight));
    }
    let k = 1 + u64::from(bytes.next()?);
    let mut people = Vec::new();
    while let Some(course) = bytes.next() {
        let mut profile = Profile::new();
        for attribute in schema.attributes() {
            // A byte of zero is a missing value.
            let Some(value) = bytes.next().and_then(|byte| byte.checked_sub(1)) else { continue };
            match attribute.kind() {
                AttributeKind::Numeric(_) => profile.set(attribute.name(), value),
                AttributeKind::Ordinal(_) => profile.set(attribute.name(), (value % 30).to_string()),
                AttributeKind::Categorical => profile.set(attribute.name(), value.to_string()),
                AttributeKind::Tags => {
                    let tags = (0..8).filter(|bit| value >> bit & 1 == 1).map(|bit| bit.to_string());
                    profile.set(attribute.name(), tags.collect::<Vec<String>>());
                }
                other => unreachable!("{other:?} is a kind without a value here"),
            }
        }
        people.push((profile, course));
    }
    Some((schema, k, people))
}

/// Radius, numbers of neighbours, and courses with their scores.
type Answer = (f64, u64, u64, Vec<(String, f64)>);

fn answer(model: &Recommender, query: &Query) -> Option<Answer> {
    let found = model.neighbours(query).ok()?;
    let answer = model.recommend(query).ok()?;
    let courses = answer.iter().map(|one| (one.course().id().to_string(), one.score()));
    Some((found.radius(), found.n_inside(), found.n_boundary(), courses.collect()))
}
