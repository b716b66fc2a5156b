//! What a fuzzer calls: bytes in, and nothing may panic, hang or pass that is wrong.

use sebaya::Recommender;

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
    if let Ok(schema) = sebaya::io::read_schema(&path) {
        assert!(sebaya::io::write_schema(&path, &schema).is_ok());
        assert!(sebaya::io::read_schema(&path).is_ok_and(|same| same == schema));
    }
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
    if let Ok(data) = sebaya::io::read_dir(folder) {
        assert!(Recommender::params().fit(&data).is_ok());
    }
}

/// Queries that are read have balances and courses that can be.
pub fn queries(bytes: &[u8], folder: &std::path::Path) {
    let schema = sebaya::Schema::new().numeric("age").categorical("town").ordinal("size", ["S", "M"]).tags("likes");
    let courses = ["excel", "sewing"].map(|id| sebaya::Course::new(id, sebaya::Amount(1))).to_vec();
    let catalogue = sebaya::Catalogue::try_from(courses).unwrap_or_default();
    let path = folder.join("queries.csv");
    assert!(std::fs::write(&path, bytes).is_ok());
    for row in sebaya::io::read_queries(&path, &schema, &catalogue).unwrap_or_default() {
        assert!(row.balance <= sebaya::Amount::MAX && !row.id.is_empty());
        assert!(row.owned.iter().all(|course| catalogue.get(course.as_str()).is_some()));
    }
}

/// A folder of a durable model, made by the caller, whose journal holds whatever it may: it is opened, and opened again as the
/// same, or refused.
#[cfg(feature = "journal")]
pub fn journal(bytes: &[u8], folder: &std::path::Path) {
    assert!(std::fs::write(folder.join("journal"), bytes).is_ok());
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
