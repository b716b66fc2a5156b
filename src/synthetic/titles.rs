//! What courses are called. No two courses of one provider share a title.

use std::collections::HashMap;

use super::choice::Random;

const LEVELS: [&str; 5] = ["", " untuk pemula", " dasar", " lanjutan", " praktis"];
const HOURS: [u32; 7] = [4, 6, 8, 12, 15, 20, 30];
/// Half of the trainings are online.
const PLACES: [&str; 12] = [
    "online", "online", "online", "online", "online", "online", "Jakarta", "Bandung", "Surabaya", "Medan", "Makassar",
    "Denpasar",
];

/// The stream of random numbers that makes hours and places. It is not that of the courses, whose prices and buyers thus do
/// not depend on what the courses are called.
const TITLES: u64 = 3 << 32;

#[derive(Debug)]
pub(super) struct Titles {
    random: Random,
    /// How many courses of a provider have a title so far.
    batches: HashMap<(String, &'static str), u32>,
}

impl Titles {
    pub(super) fn new(seed: u64) -> Self {
        Self { random: Random::stream(seed, TITLES), batches: HashMap::new() }
    }

    /// Topic, level, hours and place, such as "Python dasar, 15 jam, online". A further course of the same provider with all
    /// of them is a further batch ("angkatan").
    pub(super) fn next(&mut self, topic: &str, provider: &'static str, courses: &mut Random) -> String {
        let level = courses.pick(&LEVELS);
        let (hours, place) = (self.random.pick(&HOURS), self.random.pick(&PLACES));
        let title = format!("{topic}{level}, {hours} jam, {place}");
        let batch = self.batches.entry((title.clone(), provider)).or_insert(0);
        *batch += 1;
        if *batch == 1 { title } else { format!("{title}, angkatan {batch}") }
    }
}
