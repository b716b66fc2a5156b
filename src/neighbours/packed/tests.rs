//! The index against the plain scan, on random schemas, rows and queries, in all instructions that this processor has.
//!
//! `SEBAYA_INDEX_WORLDS` says how many worlds there are; a few without it.

use std::sync::Arc;

use super::PackedIndex;
use super::bytes::Instructions;
use crate::domain::{Amount, Attribute, AttributeKind, Course, Profile, Schema, TrainingSet};
use crate::encode::{EncodedProfile, Encoder, Profiles};
use crate::neighbours::{Appended, Moved, NeighbourIndex, Neighbourhood, ScanIndex, Search, SearchScratch};
use crate::store::Random;

/// How the values of one attribute are drawn.
struct Variety {
    n_values: u32,
    missing_percent: u32,
    /// Small values more often.
    skewed: bool,
}

struct World {
    schema: Schema,
    varieties: Vec<Variety>,
    random: Random,
}

impl World {
    fn new(number: u64) -> Self {
        let mut random = Random::stream(number, 7);
        let n_attributes = if random.below(8) == 0 { 10 + random.below(20) } else { 1 + random.below(9) };
        // Many long lines are laid out in another way than few.
        let numbers_only = random.below(6) == 0;
        let mut schema = Schema::new();
        let mut varieties = Vec::new();
        for i in 0..n_attributes {
            let name = format!("a{i}");
            let kind = if numbers_only { random.below(2) } else { random.below(6) };
            let attribute = match kind {
                0 => Attribute::numeric(name),
                1 => Attribute::numeric(name).with_rank_scale(),
                2 => Attribute::ordinal(name, (0..2 + random.below(20)).map(|level| format!("l{level}"))),
                3 | 4 => Attribute::categorical(name),
                _ => Attribute::tags(name),
            };
            let weights = [1.0, 1.0, 1.0, 0.5, 3.0, 0.0, 1e-9, 0.02, 1e6];
            // The first one always counts.
            let weight = if i == 0 { 1.0 } else { weights[random.below(9) as usize] };
            schema = schema.attribute(attribute.with_weight(weight));
            varieties.push(Variety {
                n_values: [1, 2, 3, 10, 40, 70, 300, 100_000][random.below(8) as usize],
                missing_percent: [0, 0, 5, 90][random.below(4) as usize],
                skewed: random.below(2) == 0,
            });
        }
        Self { schema, varieties, random }
    }

    fn value(&mut self, i: usize) -> u32 {
        let (n, skewed) = (self.varieties[i].n_values, self.varieties[i].skewed);
        let value = self.random.below(n);
        if skewed { self.random.below(value + 1) } else { value }
    }

    fn profile(&mut self) -> Profile {
        let mut profile = Profile::new();
        for i in 0..self.varieties.len() {
            if self.random.below(100) < self.varieties[i].missing_percent {
                continue;
            }
            let value = self.value(i);
            let attribute = self.schema.attributes()[i].clone();
            match attribute.kind() {
                AttributeKind::Numeric(_) => profile.set(attribute.name(), value),
                AttributeKind::Ordinal(levels) => {
                    profile.set(attribute.name(), levels[value as usize % levels.len()].as_str());
                }
                AttributeKind::Categorical => profile.set(attribute.name(), format!("c{value}")),
                AttributeKind::Tags => {
                    let n = self.random.below(5);
                    let tags: Vec<String> = (0..n).map(|_| format!("t{}", self.value(i))).collect();
                    profile.set(attribute.name(), tags);
                }
            }
        }
        profile
    }

    /// Profiles, some of which are shared by many.
    fn people(&mut self) -> Vec<Profile> {
        let n = [30, 200, 700, 700, 2_000, 9_000][self.random.below(6) as usize];
        let n = 1 + self.random.below(n);
        let mut people: Vec<Profile> = (0..n).map(|_| self.profile()).collect();
        for (i, so_far) in (0..people.len() / 3).zip(1..) {
            people[i] = people[self.random.below(1 + so_far / 20) as usize].clone();
        }
        people
    }
}

fn grouped(schema: Schema, people: &[Profile]) -> (Arc<Encoder>, Profiles) {
    let mut data = TrainingSet::builder(schema);
    data.course(Course::new("c", Amount(1))).unwrap();
    for (i, profile) in people.iter().enumerate() {
        let id = format!("p{i}");
        data.participant(&id, profile.clone()).unwrap().purchase(&id, "c").unwrap();
    }
    let data = data.build().unwrap();
    let encoder = Arc::new(Encoder::fit(&data).unwrap());
    let profiles = Profiles::group(&encoder, data.participants(), &data.past()).unwrap().0;
    (encoder, profiles)
}

/// A neighbourhood without the order of its rows.
fn sorted(found: &Neighbourhood) -> (u64, u32, u64, u64, Vec<u32>, Vec<u32>) {
    let [mut inside, mut boundary] = [found.inside(), found.boundary()].map(<[u32]>::to_vec);
    inside.sort_unstable();
    boundary.sort_unstable();
    (found.k(), found.radius(), found.n_inside(), found.n_boundary(), inside, boundary)
}

/// Asks the scan and the index in all instructions; how many answers were compared.
struct Judge {
    scan: ScanIndex,
    indexes: Vec<PackedIndex>,
    scratch: SearchScratch,
    expected: Neighbourhood,
    found: Neighbourhood,
}

impl Judge {
    fn new(profiles: Profiles) -> Self {
        let profiles = Arc::new(profiles);
        let with = |instructions| PackedIndex::with(Arc::clone(&profiles), instructions);
        let indexes = Instructions::all().into_iter().map(with).collect();
        let (expected, found) = (Neighbourhood::default(), Neighbourhood::default());
        Self { scan: ScanIndex::new(profiles), indexes, scratch: SearchScratch::default(), expected, found }
    }

    fn check(&mut self, search: &Search<'_>, world: u64) {
        self.scan.search(search, &mut self.scratch, &mut self.expected);
        for index in &self.indexes {
            index.search(search, &mut self.scratch, &mut self.found);
            let instructions = index.instructions;
            assert_eq!(
                sorted(&self.found),
                sorted(&self.expected),
                "world {world}, {instructions:?}, k = {}, leaving out {:?}, {:?} moved",
                search.k,
                search.left_out,
                search.moved
            );
        }
    }
}

/// Some members who came and went, of those rows that are there.
fn moved(profiles: &Profiles, random: &mut Random) -> Moved {
    let mut moved = Moved::default();
    let n_rows = u32::try_from(profiles.n_rows()).unwrap();
    for _ in 0..random.below(12) {
        let row = random.below(n_rows);
        let members = i64::from(profiles.members_of(row)) + moved.of(row);
        if members > 0 && moved.net() + i64::try_from(profiles.n_members()).unwrap() > 1 && random.below(3) > 0 {
            moved.leave(row);
        } else {
            moved.join(row);
        }
    }
    moved
}

fn check_world(number: u64) {
    let mut world = World::new(number);
    let people = world.people();
    let (encoder, mut profiles) = grouped(world.schema.clone(), &people);
    let strangers: Vec<Profile> = (0..12).map(|_| world.profile()).collect();
    let encode = |profile: &Profile| encoder.encode(profile).unwrap();
    let appended = |profile: &Profile| Appended { profile: Arc::new(encode(profile)), members: 1 };
    let mut random = Random::stream(number, 8);
    if random.below(3) == 0 {
        // As a live model does: some rows go, some profiles come.
        let kept: Vec<(u32, u32)> = (0..).zip(profiles.members()).filter(|_| random.below(10) > 0).collect();
        let more: Vec<(Arc<EncodedProfile>, u32)> = strangers.iter().map(|p| (appended(p).profile, 2)).collect();
        profiles = profiles.merged(&encoder, &kept, &more).unwrap().0;
    }
    let first_free = profiles.first_free_row();
    let n = profiles.n_members();
    let n_rows = u32::try_from(profiles.n_rows()).unwrap();
    let mut queries = vec![encode(&Profile::new()), encode(&people[0]), encode(&strangers[0])];
    queries.extend((0..2).map(|_| encode(&world.profile())));
    let some_moved = moved(&profiles, &mut random);
    let some_appended: Vec<Appended> = strangers.iter().take(random.below(6) as usize).map(appended).collect();
    let mut judge = Judge::new(profiles);
    let ks = [1, 2, 7, 30, n / 20 + 1, n / 5 + 1, n.max(2) - 1, n, n + 1, u64::MAX];
    for query in &queries {
        for _ in 0..3 {
            let k = ks[random.below(10) as usize];
            let row = random.below(n_rows);
            judge.check(&search(query, k, None, &Moved::default(), &[]), number);
            judge.check(&search(query, k, Some(row), &Moved::default(), &[]), number);
            let of_appended = (!some_appended.is_empty()).then_some(first_free);
            judge.check(&search(query, k, of_appended, &some_moved, &some_appended), number);
            let row = Some(row).filter(|&row| some_moved.of(row) == 0);
            judge.check(&search(query, k, row, &some_moved, &[]), number);
        }
    }
}

fn search<'q>(
    query: &'q EncodedProfile,
    k: u64,
    left_out: Option<u32>,
    moved: &'q Moved,
    appended: &'q [Appended],
) -> Search<'q> {
    Search { query, k, left_out, moved, appended }
}

#[test]
fn every_instruction_set_finds_what_the_plain_scan_finds() {
    let worlds = std::env::var("SEBAYA_INDEX_WORLDS").map_or(60, |worlds| worlds.parse().unwrap());
    for world in 0..worlds {
        check_world(world);
    }
}
