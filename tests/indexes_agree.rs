//! Every index finds the neighbourhood that the plain scan finds, whatever the schema.

#![allow(clippy::unwrap_used, clippy::cast_possible_truncation, reason = "a test may panic, and its numbers are small")]

mod numbers;

use std::sync::Arc;

use numbers::Numbers;
use proptest::prelude::*;
use sebaya::internals::{
    Appended, EncodedProfile, Moved, NeighbourIndex, Neighbourhood, Profiles, Search, SearchScratch,
};
use sebaya::prelude::*;
use sebaya::{AttributeKind, IndexKind};

/// How many different values an attribute takes, and how often it is missing in a hundred.
#[derive(Clone, Copy, Debug)]
struct Variety {
    values: u32,
    missing: u32,
}

fn schema(numbers: &mut Numbers, n_attributes: u32) -> (Schema, Vec<Variety>) {
    let mut schema = Schema::new();
    let mut varieties = Vec::new();
    for i in 0..n_attributes {
        let name = format!("a{i}");
        let attribute = match numbers.below(6) {
            0 => Attribute::numeric(name),
            1 => Attribute::numeric(name).with_rank_scale(),
            2 => Attribute::ordinal(name, (0..2 + numbers.below(12)).map(|l| l.to_string())),
            3 | 4 => Attribute::categorical(name),
            _ => Attribute::tags(name),
        };
        // The first one always counts.
        let weight = if i == 0 { 1.0 } else { numbers.one_of(&[1.0, 1.0, 1.0, 0.0, 1e-9, 0.02, 30.0]) };
        schema = schema.attribute(attribute.with_weight(weight));
        let values = numbers.one_of(&[1, 2, 3, 10, 40, 600, 100_000]);
        varieties.push(Variety { values, missing: numbers.one_of(&[0, 0, 5, 50]) });
    }
    (schema, varieties)
}

fn profile(schema: &Schema, varieties: &[Variety], numbers: &mut Numbers) -> Profile {
    let mut profile = Profile::new();
    for (attribute, variety) in schema.attributes().iter().zip(varieties) {
        if numbers.below(100) < variety.missing {
            continue;
        }
        // The product of two draws is skewed, so that some values are frequent.
        let drawn = u64::from(numbers.below(variety.values)) * u64::from(numbers.below(variety.values));
        let value = u32::try_from(drawn / u64::from(variety.values)).unwrap();
        match attribute.kind() {
            AttributeKind::Numeric(_) => profile.set(attribute.name(), value),
            AttributeKind::Ordinal(levels) => {
                profile.set(attribute.name(), levels[value as usize % levels.len()].as_str());
            }
            AttributeKind::Categorical => profile.set(attribute.name(), format!("c{value}")),
            AttributeKind::Tags => {
                let tag = |numbers: &mut Numbers| format!("t{}", numbers.below(variety.values));
                let tags: Vec<String> = (0..numbers.below(5)).map(|_| tag(numbers)).collect();
                profile.set(attribute.name(), tags);
            }
            other => panic!("{other:?}"),
        }
    }
    profile
}

fn model(schema: Schema, profiles: &[Profile]) -> Recommender {
    let mut data = TrainingSet::builder(schema);
    data.course(Course::new("c", Amount(1))).unwrap();
    for (i, profile) in profiles.iter().enumerate() {
        data.participant(format!("p{i}"), profile.clone()).unwrap().purchase(&format!("p{i}"), "c").unwrap();
    }
    Recommender::params().index(IndexKind::Scan).fit(&data.build().unwrap()).unwrap()
}

fn sorted_rows(rows: &[u32]) -> Vec<u32> {
    let mut rows = rows.to_vec();
    rows.sort_unstable();
    rows
}

/// A neighbourhood without the order of its rows.
fn sorted(found: &Neighbourhood) -> (u64, u32, u64, u64, Vec<u32>, Vec<u32>) {
    let (inside, boundary) = (sorted_rows(found.inside()), sorted_rows(found.boundary()));
    (found.k(), found.radius(), found.n_inside(), found.n_boundary(), inside, boundary)
}

/// Checks all indexes against the plain scan, with memory that is reused.
fn check(profiles: &Arc<Profiles>, queries: &[EncodedProfile], ks: &[u64]) {
    let indexes: Vec<(IndexKind, Box<dyn NeighbourIndex>)> =
        IndexKind::ALL.into_iter().filter_map(|kind| Some((kind, kind.build(profiles).ok()?))).collect();
    assert!(indexes.iter().any(|(kind, _)| *kind == IndexKind::Packed));
    let scan = IndexKind::Scan.build(profiles).unwrap();
    let (mut scratch, mut expected, mut found) =
        (SearchScratch::default(), Neighbourhood::default(), Neighbourhood::default());
    let rows = profiles.n_rows() as u32;
    for (query, i) in queries.iter().zip(0..) {
        for &k in ks {
            let (mut moved, one) = (Moved::default(), i % rows);
            moved.leave((i + 7) % rows);
            moved.join((i + 3) % rows);
            let other = Some(one).filter(|_| moved.of(one) == 0);
            for (left_out, moved) in [(None, &Moved::default()), (Some(one), &Moved::default()), (other, &moved)] {
                let search = Search { query, k, left_out, moved, appended: &[] };
                scan.search(&search, &mut scratch, &mut expected);
                for (kind, index) in &indexes {
                    index.search(&search, &mut scratch, &mut found);
                    assert_eq!(
                        sorted(&found),
                        sorted(&expected),
                        "{kind}, k = {k}, leaving out {left_out:?} and {moved:?}"
                    );
                }
            }
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(32))]

    #[test]
    fn every_index_returns_the_same_neighbourhood(seed in any::<u64>(), n in 1..700_u32, n_attributes in 1..9_u32) {
        let mut numbers = Numbers(seed);
        let (schema, varieties) = schema(&mut numbers, n_attributes);
        let mut profiles: Vec<Profile> = (0..n).map(|_| profile(&schema, &varieties, &mut numbers)).collect();
        // Some are shared by many.
        for i in 0..profiles.len() / 3 {
            profiles[i] = profiles[numbers.below(1 + i as u32 / 20) as usize].clone();
        }
        let model = model(schema.clone(), &profiles);
        let mut queries: Vec<Profile> = (0..3).map(|_| profile(&schema, &varieties, &mut numbers)).collect();
        queries.push(profiles[0].clone());
        queries.push(Profile::new());
        let queries: Vec<EncodedProfile> = queries.iter().map(|q| model.encoder().encode(q).unwrap()).collect();
        let n = u64::from(n);
        check(model.profiles(), &queries, &[1, 2, 7, n / 5 + 1, n.max(2) - 1, n, n + 1, u64::MAX]);
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn rows_that_are_left_out_and_appended_again_are_found_as_before(seed in any::<u64>(), n in 2..400_u32, k in 1..450_u64) {
        let mut numbers = Numbers(seed);
        let (schema, varieties) = schema(&mut numbers, 4);
        let profiles: Vec<Profile> = (0..n).map(|_| profile(&schema, &varieties, &mut numbers)).collect();
        let model = model(schema.clone(), &profiles);
        let query = model.encoder().encode(&profile(&schema, &varieties, &mut numbers)).unwrap();
        // Some participants go and come back: the first of every seven.
        let moved: Vec<EncodedProfile> = encoded(&model, &profiles).into_iter().step_by(7).collect();
        let row_of = |wanted: &EncodedProfile| {
            let mut rows = 0..model.profiles().n_rows() as u32;
            rows.find(|&row| model.profiles().profile(row) == *wanted).unwrap()
        };
        let mut moved_away = Moved::default();
        for profile in &moved {
            moved_away.leave(row_of(profile));
        }
        let appended = moved.into_iter().map(|profile| Appended { profile: profile.into(), members: 1 });
        let mut appended: Vec<Appended> = appended.collect();
        // One came and went again.
        appended.insert(0, Appended { profile: Arc::default(), members: 0 });
        let (mut scratch, mut before, mut after) =
            (SearchScratch::default(), Neighbourhood::default(), Neighbourhood::default());
        for kind in IndexKind::ALL {
            let index = kind.build(model.profiles()).unwrap();
            index.search(&Search { query: &query, k, left_out: None, moved: &Moved::default(), appended: &[] }, &mut scratch, &mut before);
            index.search(&Search { query: &query, k, left_out: None, moved: &moved_away, appended: &appended }, &mut scratch, &mut after);
            let counts = |found: &Neighbourhood| (found.k(), found.radius(), found.n_inside(), found.n_boundary());
            prop_assert_eq!(counts(&before), counts(&after), "{}", kind);
        }
    }
}

fn encoded(model: &Recommender, profiles: &[Profile]) -> Vec<EncodedProfile> {
    profiles.iter().map(|profile| model.encoder().encode(profile).unwrap()).collect()
}

#[test]
fn one_profile_shared_by_all_and_one_shared_by_half() {
    let one = Profile::new().with("a", 3);
    let all = model(Schema::new().numeric("a"), &vec![one.clone(); 500]);
    check(all.profiles(), &encoded(&all, &[one.clone(), Profile::new()]), &[1, 499, 500, 501]);

    let mut half = vec![one.clone(); 1_000];
    half.extend((0..1_000).map(|i| Profile::new().with("a", i)));
    let half = model(Schema::new().numeric("a"), &half);
    check(half.profiles(), &encoded(&half, &[one, Profile::new().with("a", 500)]), &[1, 10, 999, 1_001, 1_500]);
}

#[test]
fn all_at_the_same_distance_are_all_on_the_boundary() {
    let people: Vec<Profile> = (0..600).map(|i| Profile::new().with("a", format!("c{i}"))).collect();
    let model = model(Schema::new().categorical("a"), &people);
    let query = encoded(&model, &[Profile::new().with("a", "nobody's"), people[7].clone()]);
    check(model.profiles(), &query, &[1, 5, 300]);
    let mut found = Neighbourhood::default();
    let index = IndexKind::Packed.build(model.profiles()).unwrap();
    index.search(
        &Search { query: &query[0], k: 5, left_out: None, moved: &Moved::default(), appended: &[] },
        &mut SearchScratch::default(),
        &mut found,
    );
    assert_eq!((found.n_inside(), found.n_boundary(), found.boundary_share()), (0, 600, (5, 600)));
}

#[test]
fn more_values_than_two_bytes_hold_and_thousands_of_tags() {
    // linfa-nn's indexes refuse such a matrix, so this compares the packed index with the scan.
    let mut numbers = Numbers(5);
    let schema = Schema::new()
        .attribute(Attribute::numeric("wage").with_weight(3.0))
        .categorical("employer")
        .tags("skills")
        .ordinal("level", ["a", "b", "c"]);
    let people: Vec<Profile> = (0..70_000_u32)
        .map(|i| {
            let skills: Vec<String> = (0..numbers.below(4)).map(|_| format!("t{}", numbers.below(3_000))).collect();
            Profile::new()
                .with("wage", f64::from(i) * 1.5)
                .with("employer", format!("e{}", numbers.below(20_000)))
                .with("skills", skills)
                .with("level", numbers.one_of(&["a", "b", "c"]))
        })
        .collect();
    let model = model(schema, &people);
    let queries =
        encoded(&model, &[people[1].clone(), people[69_999].clone(), Profile::new().with("skills", ["t1", "new"])]);
    check(model.profiles(), &queries, &[1, 100, 3_000]);
    #[cfg(feature = "linfa-nn")]
    assert!(
        IndexKind::KdTree
            .build(model.profiles())
            .unwrap_err()
            .to_string()
            .starts_with("the kdtree index wants a matrix")
    );
}

#[cfg(not(feature = "linfa-nn"))]
#[test]
fn an_index_that_is_not_built_in_has_a_name_and_is_refused_by_the_feature_that_it_wants() {
    let mut data = TrainingSet::builder(Schema::new().numeric("age"));
    data.course(Course::new("excel", Amount(1))).unwrap();
    data.participant("ani", Profile::new()).unwrap().purchase("ani", "excel").unwrap();
    let data = data.build().unwrap();
    for name in ["linear", "kdtree"] {
        let index: IndexKind = name.parse().unwrap();
        assert!(!IndexKind::ALL.contains(&index));
        let error = Recommender::params().index(index).fit(&data).unwrap_err();
        let message = format!("the {name} index is linfa-nn's, and the crate was built without its feature linfa-nn");
        assert_eq!(error.to_string(), message);
    }
}
