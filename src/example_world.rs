//! The small programme that the examples in the documentation use. It is no part of the public interface.
//!
//! | participant | age | province | bought | | course | price | category |
//! | --- | --- | --- | --- | --- | --- | --- | --- |
//! | ani | 24 | Bali | excel, python | | excel | 250,000 | office |
//! | budi | 31 | Bali | sewing | | python | 100,000 | office |
//! | cici | 31 | Aceh | excel | | sewing | 400,000 | crafts |
//! | dewi | 40 | Bali | baking | | baking | 195,000 | food |
//! | eko | 27 | Aceh | | | | | |
//!
//! eko's nearest neighbours are cici (1/8 of the largest distance away) and ani (19/32). With a prior of 10 votes the scores of
//! his courses are excel 7/12, python 7/24, baking 5/24 and sewing 5/24.

use crate::FitError;
use crate::domain::{Amount, Course, DataError, Profile, Schema, TrainingSet};
use crate::query::Recommender;

/// Participants, courses and purchases.
#[doc(hidden)]
pub fn training_set() -> Result<TrainingSet, DataError> {
    let mut data = TrainingSet::builder(Schema::new().with_currency("IDR").numeric("age").categorical("province"));
    for (id, title, price, category) in [
        ("excel", "Excel for the office", 250_000, "office"),
        ("python", "First steps in Python", 100_000, "office"),
        ("sewing", "Sewing at home", 400_000, "crafts"),
        ("baking", "Bread and cakes", 195_000, "food"),
    ] {
        data.course(Course::new(id, Amount(price)).with_title(title).with_category(category).with_provider("Pintar"))?;
    }
    for (id, age, province, bought) in [
        ("ani", 24, "Bali", &["excel", "python"][..]),
        ("budi", 31, "Bali", &["sewing"]),
        ("cici", 31, "Aceh", &["excel"]),
        ("dewi", 40, "Bali", &["baking"]),
        ("eko", 27, "Aceh", &[]),
    ] {
        data.participant(id, Profile::new().with("age", age).with("province", province))?;
        for course in bought {
            data.purchase(id, course)?;
        }
    }
    data.build()
}

/// A model of it with two neighbours.
#[doc(hidden)]
pub fn model() -> Result<Recommender, FitError> {
    Recommender::params().n_neighbours(2).fit(&training_set()?)
}
