//! A service's own types as profiles: `cargo run --release --example own_struct`.
//!
//! Any struct that derives `Serialize` is a profile: fields are attributes, enums without content are levels or
//! categories, `Option` is a value that may be missing, `Vec` holds tags. What is no attribute is skipped.

#![allow(clippy::print_stdout, reason = "an example talks to its user")]

use sebaya::prelude::*;
use serde::Serialize;

#[derive(Serialize)]
struct Applicant {
    #[serde(skip)]
    name: &'static str,
    age: u8,
    education: Education,
    province: Option<&'static str>,
    interests: Vec<Interest>,
}

#[derive(Serialize)]
enum Education {
    #[serde(rename = "SMA/SMK")]
    Secondary,
    Diploma,
    Bachelor,
}

#[derive(Serialize)]
#[serde(rename_all = "lowercase")]
enum Interest {
    Office,
    Sewing,
    Cooking,
}

fn main() -> sebaya::Result<()> {
    let schema = Schema::new()
        .with_currency("IDR")
        .numeric("age")
        .ordinal("education", ["SMA/SMK", "Diploma", "Bachelor"])
        .categorical("province")
        .tags("interests");
    let mut data = TrainingSet::builder(schema);
    for (id, price) in [("excel", 250_000), ("dressmaking", 275_000), ("baking", 180_000)] {
        data.course(Course::new(id, Amount(price)))?;
    }
    let past = [
        (applicant("ani", 24, Education::Secondary, Some("Bali"), vec![Interest::Sewing]), "dressmaking"),
        (applicant("budi", 31, Education::Bachelor, None, vec![Interest::Office]), "excel"),
        (applicant("cici", 27, Education::Diploma, Some("Bali"), vec![Interest::Cooking, Interest::Sewing]), "baking"),
    ];
    for (person, course) in &past {
        data.participant(person.name, Profile::from_serialize(person)?)?.purchase(person.name, course)?;
    }
    let model = Recommender::params().n_neighbours(2).fit(&data.build()?)?;

    let dewi = applicant("dewi", 25, Education::Secondary, Some("Bali"), vec![Interest::Sewing]);
    let query = Query::new(Profile::from_serialize(&dewi)?, Amount(300_000));
    println!("For {}, from the 2 most similar of {} past participants:", dewi.name, past.len());
    for best in &model.recommend(&query)? {
        println!("  {:<12} {:.2}", best.course().id(), best.score());
    }
    for similarity in model.neighbours(&query)?.similarities() {
        println!("  {similarity}");
    }
    Ok(())
}

fn applicant(
    name: &'static str,
    age: u8,
    education: Education,
    province: Option<&'static str>,
    interests: Vec<Interest>,
) -> Applicant {
    Applicant { name, age, education, province, interests }
}
