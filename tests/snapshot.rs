//! Models in files: the same answers, the same bytes, and no damage that passes.

#![allow(clippy::unwrap_used, reason = "a test may panic")]

mod numbers;
mod worlds;

use std::fs;

use numbers::Numbers;
use proptest::prelude::*;
use sebaya::prelude::*;
use sebaya::{SnapshotError, Timestamp};
use worlds::{questions, worlds};

fn bytes(model: &Recommender) -> Vec<u8> {
    let mut bytes = Vec::new();
    model.save_to(&mut bytes).unwrap();
    bytes
}

fn answers(model: &Recommender, profile: &Profile) -> Vec<String> {
    let query = || Query::new(profile.clone(), Amount(400)).top_n(usize::MAX);
    let queries = [
        query(),
        query().as_participant("p0"),
        query().owned(["c0"]).use_history(true),
        Query::participant("p0", Amount(250)),
    ];
    queries.iter().map(|query| serde_json::to_string(&model.recommend(query).unwrap()).unwrap()).collect()
}

/// Every kind of attribute, labels, a missing value, times, and a course of each sort.
fn small() -> Recommender {
    let education = Attribute::ordinal("education", ["SD", "SMP", "SMA"]).with_label("id", "Pendidikan");
    small_with(education.with_value_label("SMA", "id", "Sekolah menengah atas").with_value_label(
        "SMA",
        "en",
        "High school",
    ))
}

fn small_with(education: Attribute) -> Recommender {
    let schema = Schema::new()
        .with_currency("IDR")
        .attribute(Attribute::numeric("age").with_range(18.0, 64.0).with_weight(2.0))
        .attribute(Attribute::numeric("wage").with_rank_scale())
        .numeric("children")
        .attribute(education)
        .categorical("province")
        .tags("interests");
    let mut data = TrainingSet::builder(schema);
    data.course(Course::new("excel", Amount(250_000)).with_title("Excel").with_provider("Ü").with_category("office"))
        .unwrap();
    data.course(Course::new("sewing", Amount(0)).with_open(false)).unwrap();
    let ani = Profile::new().with("age", 24).with("wage", 3.5).with("education", "SMA").with("province", "Bali");
    data.participant("ani", ani.with("interests", ["music", "chess"])).unwrap();
    data.participant("budi", Profile::new().with("children", -2).with("province", "Aceh")).unwrap();
    data.participant("cici", Profile::new()).unwrap();
    data.purchase_at("ani", "excel", Timestamp::from_seconds(1_700_000_000).unwrap()).unwrap();
    data.purchase("ani", "sewing").unwrap().purchase_at("budi", "excel", Timestamp::from_seconds(-5).unwrap()).unwrap();
    let params = Recommender::params().n_neighbours(2).half_life(365.0);
    let params = params.at(Timestamp::from_seconds(1_700_000_000).unwrap());
    params.fit(&data.build().unwrap()).unwrap()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(100))]

    #[test]
    fn a_loaded_model_answers_to_the_last_bit_and_is_saved_as_the_same_bytes((world, profile, k) in questions()) {
        let model = Recommender::params().n_neighbours(k).prior(2.5).fit(&world.build()).unwrap();
        let saved = bytes(&model);
        prop_assert_eq!(&saved, &bytes(&model));
        let loaded = Recommender::load_from(&saved[..]).unwrap();
        prop_assert_eq!(answers(&model, &profile), answers(&loaded, &profile));
        prop_assert_eq!(&saved, &bytes(&loaded));
        prop_assert_eq!(model.encoder().feature_names(), loaded.encoder().feature_names());
    }

    #[test]
    fn fingerprints_do_not_depend_on_the_order_of_rows_and_show_every_change(world in worlds()) {
        let fit = |world: &worlds::World, order: Vec<usize>| {
            Recommender::params().fit(&world.build_in_order(&order)).unwrap().fingerprint()
        };
        let n = world.people.len();
        let fingerprint = fit(&world, (0..n).collect());
        prop_assert_eq!(fingerprint, fit(&world, (0..n).rev().collect()));
        let mut other = world.clone();
        other.prices[0] += 1;
        prop_assert_ne!(fingerprint, fit(&other, (0..n).collect()));
        let mut other = world.clone();
        other.people.push((Profile::new(), vec![]));
        prop_assert_ne!(fingerprint, fit(&other, (0..=n).collect()));
    }
}

#[test]
fn every_truncation_every_flipped_bit_and_every_addition_is_an_error() {
    let saved = bytes(&small());
    for end in 0..saved.len() {
        let error = Recommender::load_from(&saved[..end]).unwrap_err();
        assert!(matches!(error, SnapshotError::Truncated { .. }), "{end}: {error}");
    }
    for bit in 0..saved.len() * 8 {
        let mut flipped = saved.clone();
        flipped[bit / 8] ^= 1 << (bit % 8);
        assert!(Recommender::load_from(&flipped[..]).is_err(), "bit {bit}");
    }
    let error = Recommender::load_from(&[&saved[..], b"x"].concat()[..]).unwrap_err();
    assert!(error.to_string().contains("bytes follow it"), "{error}");
}

/// The places of the payloads of all sections.
fn payloads(file: &[u8]) -> Vec<std::ops::Range<usize>> {
    let number = |at: usize, n: usize| file[at..at + n].iter().rev().fold(0, |all, &byte| all << 8 | usize::from(byte));
    let mut at = 16 + number(12, 4) + 4;
    let mut all = Vec::new();
    while at < file.len() {
        let start = at + 12;
        all.push(start..start + number(at + 4, 8));
        at = start + number(at + 4, 8) + 4;
    }
    all
}

fn contents_but_labels(file: &[u8]) -> Vec<&[u8]> {
    let mut payloads = payloads(file);
    payloads.remove(1);
    payloads.into_iter().map(|payload| &file[payload]).collect()
}

/// Writes all checksums anew, as somebody would who means harm.
fn repair(file: &mut [u8]) {
    let mut hasher = crc32fast::Hasher::new();
    let mut summed = 0;
    let ends: Vec<usize> = payloads(file).into_iter().map(|payload| payload.end).collect();
    let header = payloads(file)[0].start - 12 - 4;
    for end in [header].into_iter().chain(ends) {
        hasher.update(&file[summed..end]);
        file[end..end + 4].copy_from_slice(&hasher.clone().finalize().to_le_bytes());
        summed = end + 4;
    }
}

#[test]
fn thousands_of_corruptions_with_right_checksums_are_refused_or_harmless() {
    let saved = bytes(&small());
    let mut numbers = Numbers(7);
    let mut reasons = std::collections::BTreeSet::new();
    for _ in 0..20_000 {
        let mut file = saved.clone();
        let payloads = payloads(&file);
        for _ in 0..=numbers.below(3) {
            // The last payload is empty.
            let payload = payloads[numbers.place(payloads.len() - 1)].clone();
            let at = payload.start + numbers.place(payload.len());
            file[at] = numbers.one_of(&[0, 1, 0x7F, 0x80, 0xFF, file[at] ^ 1, file[at].wrapping_add(1)]);
        }
        repair(&mut file);
        match Recommender::load_from(&file[..]) {
            // Nothing was changed after all, or a label, which changes no answer.
            Ok(model) => assert_eq!(contents_but_labels(&bytes(&model)), contents_but_labels(&saved)),
            Err(error) => {
                reasons.insert(error.to_string().split(": ").last().unwrap().to_owned());
            }
        }
    }
    for reason in [
        "the contents are not those of the fingerprint",
        "a parameter breaks its rule",
        "there is no such index",
        "there are fewer than it says",
        "a number is not finite",
        "a text is not UTF-8",
        "there is no such name",
        "purchases are not in order, or of no course",
        "labels are not in order",
    ] {
        assert!(reasons.contains(reason), "{reason} is not among {reasons:#?}");
    }
}

#[test]
fn a_newer_format_is_named_with_both_versions() {
    let mut saved = bytes(&small());
    saved[8] = 9;
    let error = Recommender::load_from(&saved[..]).unwrap_err().to_string();
    assert_eq!(error, "snapshot: format version 9 is newer than 1, the newest that this release reads");
}

#[test]
fn labels_are_saved_and_are_no_part_of_the_fingerprint() {
    let (labelled, plain) = (small(), small_with(Attribute::ordinal("education", ["SD", "SMP", "SMA"])));
    let loaded = Recommender::load_from(&bytes(&labelled)[..]).unwrap();
    assert_eq!(loaded.encoder().schema(), labelled.encoder().schema());
    assert_eq!(loaded.encoder().schema().get("education").unwrap().value_label("SMA", "id"), "Sekolah menengah atas");
    assert_ne!(bytes(&labelled), bytes(&plain));
    assert_eq!(labelled.fingerprint(), plain.fingerprint());
    let profile = Profile::new().with("education", "SMA");
    let answer = |model: &Recommender| {
        serde_json::to_string(&model.recommend(&Query::new(profile.clone(), Amount(300_000))).unwrap()).unwrap()
    };
    assert_eq!(answer(&labelled), answer(&plain));
}

#[test]
fn files_of_released_versions_stay_loadable() {
    let path = format!("{}/tests/snapshots/v1.sebaya", env!("CARGO_MANIFEST_DIR"));
    // `small()` as version 0.1.0 saved it.
    let golden = fs::read(&path).unwrap();
    let (loaded, model) = (Recommender::load_from(&golden[..]).unwrap(), small());
    assert_eq!(loaded.fingerprint(), model.fingerprint());
    let ask = |model: &Recommender, province: &str| {
        let query = Query::new(Profile::new().with("age", 30).with("province", province), Amount(300_000));
        serde_json::to_string(&model.recommend(&query).unwrap()).unwrap()
    };
    assert_eq!(["Bali", "Aceh", "?"].map(|p| ask(&loaded, p)), ["Bali", "Aceh", "?"].map(|p| ask(&model, p)));
    // What this version writes differs in its own version at the most.
    let contents = |file: &[u8]| payloads(file).into_iter().map(|payload| file[payload].to_vec()).collect::<Vec<_>>();
    assert_eq!(contents(&golden), contents(&bytes(&model)));
}

#[test]
fn a_failed_save_leaves_everything_as_it_was() {
    let folder = tempfile::tempdir().unwrap();
    let listing = || {
        let mut names: Vec<_> = fs::read_dir(folder.path()).unwrap().map(|e| e.unwrap().file_name()).collect();
        names.sort();
        names
    };
    let model = small();
    let directory = folder.path().join("directory");
    fs::create_dir(&directory).unwrap();
    fs::write(directory.join("file"), "").unwrap();
    let before = listing();
    assert!(model.save(&directory).is_err());
    assert!(model.save(folder.path().join("no such folder/model")).is_err());
    assert_eq!(listing(), before);
    assert!(Recommender::load(folder.path().join("nothing")).is_err());

    // A file that is replaced is always a whole one.
    let path = folder.path().join("model.sebaya");
    model.save(&path).unwrap();
    std::thread::scope(|scope| {
        for _ in 0..3 {
            scope.spawn(|| (0..20).for_each(|_| model.save(&path).unwrap()));
        }
        for _ in 0..50 {
            assert_eq!(Recommender::load(&path).unwrap().fingerprint(), model.fingerprint());
        }
    });
    assert_eq!(listing(), ["directory", "model.sebaya"]);
}

#[test]
fn a_file_name_as_long_as_the_system_allows_is_saved() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("m".repeat(255));
    small().save(&path).unwrap();
    assert_eq!(Recommender::load(&path).unwrap().fingerprint(), small().fingerprint());
}

#[test]
fn nothing_of_the_forgotten_is_in_the_file() {
    let live = LiveRecommender::new(small()).unwrap();
    let profile = Profile::new().with("province", "Atlantis").with("interests", ["alchemy"]);
    live.add_participant("mallory-4711", profile).unwrap();
    live.record_purchase("mallory-4711", "excel", None).unwrap();
    live.refit().unwrap();
    let holds = |word: &str| bytes(&live.current()).windows(word.len()).any(|window| window == word.as_bytes());
    let words = ["mallory-4711", "Atlantis", "alchemy"];
    assert!(words.iter().all(|word| holds(word)));
    live.forget_participant("mallory-4711").unwrap();
    assert!(words.iter().all(|word| !holds(word)));
    // And a state with changes is loaded as it is.
    let loaded = Recommender::load_from(&bytes(&live.current())[..]).unwrap();
    assert_eq!(loaded.fingerprint(), live.current().fingerprint());
    live.record_purchase("cici", "sewing", Some(Timestamp::from_seconds(5).unwrap())).unwrap();
    let state = live.current();
    let loaded = Recommender::load_from(&bytes(&state)[..]).unwrap();
    let query = Query::new(Profile::new(), Amount(300_000)).owned(["sewing"]).use_history(true);
    assert_eq!(state.recommend(&query).unwrap(), loaded.recommend(&query).unwrap());
}
