//! Every system call of every operation fails once, and the process is killed at every one; after each, every image that a
//! power cut may leave of the folder is opened.

#![allow(clippy::unwrap_used, clippy::print_stdout, reason = "a test may panic, and says what it tried")]

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use super::DurableRecommender;
use crate::live::{JournalError, LiveError};
use crate::prelude::*;
use crate::store::disk::faults::{self, Image, Mode};
use crate::{Change, Fingerprint};

/// What is open after an operation, and how it went.
type Outcome = (Option<DurableRecommender>, Result<(), LiveError>);
/// What a model is known by here: what it answers from, and its last number.
type State = (Fingerprint, Option<u64>);

fn model(prior: f64) -> Recommender {
    let mut data = TrainingSet::builder(Schema::new().numeric("age").categorical("province"));
    for course in ["excel", "sewing"] {
        data.course(Course::new(course, Amount(100))).unwrap();
    }
    for i in 0..6_u8 {
        let profile = Profile::new().with("age", 20 + i).with("province", if i % 2 == 0 { "Bali" } else { "Aceh" });
        data.participant(format!("p{i}"), profile).unwrap();
        data.purchase(&format!("p{i}"), if i / 2 % 2 == 0 { "excel" } else { "sewing" }).unwrap();
    }
    Recommender::params().n_neighbours(3).prior(prior).fit(&data.build().unwrap()).unwrap()
}

/// Somebody comes, buys, and the one before is forgotten.
fn batch(i: u32) -> Vec<Change> {
    let id = format!("n{i}");
    let profile = Profile::new().with("age", f64::from(i) / 3.0).with("province", format!("province {i}"));
    let mut batch = vec![
        Change::AddParticipant { id: id.as_str().into(), profile },
        Change::RecordPurchase { participant: id.into(), course: "excel".into(), at: None },
    ];
    if i == 1 {
        batch.push(Change::ForgetParticipant { id: "n0".into() });
    }
    batch
}

/// A folder with two batches, the second with a number.
fn filled(folder: &Path) -> DurableRecommender {
    let durable = DurableRecommender::create(folder, model(3.0)).unwrap();
    durable.apply(&batch(0)).unwrap();
    assert!(durable.apply_at(5, &batch(1)).unwrap());
    durable
}

fn state(durable: &DurableRecommender) -> State {
    (durable.current().fingerprint(), durable.last_sequence())
}

struct Case {
    name: &'static str,
    /// Makes the folder.
    before: fn(&Path) -> Option<DurableRecommender>,
    operation: fn(&Path, Option<DurableRecommender>) -> Outcome,
}

/// An operation on what is open.
fn on(durable: Option<DurableRecommender>, act: fn(&DurableRecommender) -> Result<(), LiveError>) -> Outcome {
    let durable = durable.unwrap();
    let done = act(&durable);
    (Some(durable), done)
}

/// An operation that opens something.
fn opened(opened: Result<DurableRecommender, LiveError>) -> Outcome {
    match opened {
        Ok(durable) => (Some(durable), Ok(())),
        Err(error) => (None, Err(error)),
    }
}

fn closed(durable: DurableRecommender) -> Option<DurableRecommender> {
    drop(durable);
    None
}

const CASES: [Case; 11] = [
    Case {
        name: "create",
        before: |_| None,
        operation: |folder, _| opened(DurableRecommender::create(folder, model(3.0))),
    },
    Case {
        name: "create over another",
        before: |folder| closed(filled(folder)),
        operation: |folder, _| opened(DurableRecommender::create(folder, model(9.0))),
    },
    Case {
        name: "open",
        before: |folder| closed(filled(folder)),
        operation: |folder, _| opened(DurableRecommender::open(folder).map(|(durable, _)| durable)),
    },
    Case {
        name: "open after a crash",
        before: |folder| {
            drop(filled(folder));
            let file = folder.join("model.sebaya");
            let mut bytes = fs::read(&file).unwrap();
            bytes.extend(vec![0; 70]);
            fs::write(file, bytes).unwrap();
            fs::write(folder.join(".sebaya-0123.tmp"), "left over").unwrap();
            None
        },
        operation: |folder, _| opened(DurableRecommender::open(folder).map(|(durable, _)| durable)),
    },
    Case {
        name: "apply",
        before: |folder| Some(filled(folder)),
        operation: |_, durable| on(durable, |durable| durable.apply(&batch(2))),
    },
    Case {
        name: "apply_at",
        before: |folder| Some(filled(folder)),
        operation: |_, durable| on(durable, |durable| durable.apply_at(6, &batch(2)).map(|made| assert!(made))),
    },
    Case {
        name: "checkpoint",
        before: |folder| Some(filled(folder)),
        operation: |_, durable| on(durable, DurableRecommender::checkpoint),
    },
    Case {
        name: "refit",
        before: |folder| Some(filled(folder)),
        operation: |_, durable| on(durable, DurableRecommender::refit),
    },
    Case {
        name: "replace",
        before: |folder| Some(filled(folder)),
        operation: |_, durable| on(durable, |durable| durable.replace(model(9.0))),
    },
    Case {
        name: "replace_at",
        before: |folder| Some(filled(folder)),
        operation: |_, durable| on(durable, |durable| durable.replace_at(3, model(9.0))),
    },
    Case {
        name: "reopen",
        before: |folder| Some(filled(folder)),
        operation: |_, durable| on(durable, |durable| durable.reopen().map(drop)),
    },
];

/// Opens an image, which must go on from there. `None` when there is no model in it.
fn opens(image: &Image) -> Option<State> {
    let folder = tempfile::tempdir().unwrap();
    for (name, bytes) in image {
        fs::write(folder.path().join(name), bytes).unwrap();
    }
    if !image.contains_key("model.sebaya") {
        assert!(DurableRecommender::open(folder.path()).is_err());
        return None;
    }
    let (durable, _) = DurableRecommender::open(folder.path()).unwrap();
    let found = state(&durable);
    durable.checkpoint().unwrap();
    assert_eq!(state(&durable), found);
    drop(durable);
    assert_eq!(listing(folder.path()), ["lock", "model.sebaya"]);
    Some(found)
}

fn listing(folder: &Path) -> Vec<String> {
    let mut names: Vec<_> =
        fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    names
}

/// Images that were opened, but for the random part of temporary names, and what was found.
type Opened = BTreeMap<Vec<(String, Vec<u8>)>, Option<State>>;

/// All images must be one of these states; answers with how many there are.
fn all_open(opened: &mut Opened, allowed: &[Option<State>], what: &str) -> usize {
    let images = faults::images();
    for image in &images {
        let names = image.keys().map(|name| if name.starts_with('.') { "temporary" } else { name }.to_owned());
        let found = opened.entry(names.zip(image.values().cloned()).collect());
        let found = found.or_insert_with(|| faults::paused(|| opens(image)));
        assert!(allowed.contains(found), "{what}: {found:?} is none of {allowed:?}");
    }
    images.len()
}

/// What is there before and after an operation that succeeds, and its calls.
fn without_fault(case: &Case, opened: &mut Opened) -> (Option<State>, State, Vec<String>) {
    let folder = tempfile::tempdir().unwrap();
    let durable = (case.before)(folder.path());
    faults::start(folder.path(), usize::MAX, Mode::Once);
    let image = faults::images().into_iter().next().unwrap();
    let before = faults::paused(|| opens(&image));
    let (durable, done) = (case.operation)(folder.path(), durable);
    done.unwrap();
    let calls = faults::disarm().iter().map(|(name, _)| (*name).to_owned()).collect();
    let after = state(&durable.unwrap());
    all_open(opened, &[Some(after)], case.name);
    faults::stop();
    (before, after, calls)
}

#[test]
fn whatever_system_call_fails_or_is_the_last_one_nothing_acknowledged_is_lost() {
    let (mut n_calls, mut n_images, mut n_broken) = (0, 0, 0);
    let opened = &mut Opened::new();
    for case in &CASES {
        let (before, after, calls) = without_fault(case, opened);
        for (at, call) in calls.iter().enumerate() {
            for mode in [Mode::Once, Mode::Kill] {
                let what = format!("{}, {mode:?} at call {at}, {call}", case.name);
                let folder = tempfile::tempdir().unwrap();
                let durable = (case.before)(folder.path());
                let file = folder.path().join("model.sebaya");
                let bytes_before = fs::read(&file).ok();
                faults::start(folder.path(), at, mode);
                let (durable, done) = (case.operation)(folder.path(), durable);
                // An error that can be passed over, as when a file that is of no use any more cannot be removed.
                let passed_over = done.is_ok();
                let allowed = if passed_over { vec![Some(after)] } else { vec![before, Some(after)] };
                if mode == Mode::Kill {
                    drop(durable);
                    n_images += all_open(opened, &allowed, &what);
                    faults::stop();
                    continue;
                }
                faults::disarm();
                n_images += all_open(opened, &allowed, &what);
                let Some(durable) = durable else {
                    // Whoever tries again succeeds.
                    let (durable, done) = (case.operation)(folder.path(), None);
                    done.unwrap();
                    n_images += all_open(opened, &[Some(state(&durable.unwrap()))], &what);
                    faults::stop();
                    continue;
                };
                let in_memory = if passed_over { Some(after) } else { before };
                assert_eq!(Some(state(&durable)), in_memory, "{what}");
                let same_bytes = fs::read(&file).ok() == bytes_before;
                // Either it goes on, or it says that it is broken and goes on after it was opened anew.
                match durable.apply(&batch(3)) {
                    Ok(()) => {
                        // What could not be synced, a later sync need not bring to the disk.
                        assert!(!(case.name.starts_with("apply") && call == "sync"), "{what}");
                        assert!(passed_over || same_bytes, "{what}");
                    }
                    Err(LiveError::Journal(JournalError::Broken)) => {
                        n_broken += 1;
                        for refused in [durable.checkpoint(), durable.refit(), durable.replace(model(1.0))] {
                            assert!(matches!(refused, Err(LiveError::Journal(JournalError::Broken))), "{what}");
                        }
                        assert!(durable.apply_at(9, &[]).is_err());
                        assert_eq!(Some(state(&durable)), in_memory, "{what}");
                        durable.reopen().unwrap();
                        assert!([before, Some(after)].contains(&Some(state(&durable))), "{what}");
                        n_images += all_open(opened, &[Some(state(&durable))], &what);
                        durable.apply(&batch(3)).unwrap();
                    }
                    Err(error) => panic!("{what}: {error}"),
                }
                assert!(durable.current().contains("n3"));
                n_images += all_open(opened, &[Some(state(&durable))], &what);
                faults::stop();
            }
        }
        n_calls += calls.len();
        println!("{}: {}", case.name, calls.join(", "));
    }
    println!(
        "{n_calls} calls failed, and were the last; {n_broken} broke the model; {n_images} images, {} of them different, were opened",
        opened.len()
    );
    assert!(n_broken > 0);
}

#[test]
fn changes_that_come_while_a_new_file_is_made_are_in_it() {
    for n in [0, 1, 64, 65, 150] {
        for refit in [false, true] {
            let folder = tempfile::tempdir().unwrap();
            let durable = filled(folder.path());
            let meanwhile = |state: &Recommender| {
                let fresh = if refit { Some(LiveRecommender::new(state.refitted()?)?) } else { None };
                for i in 0..n {
                    assert!(durable.apply_at(u64::from(100 + i), &batch(100 + i))?);
                }
                Ok(fresh)
            };
            durable.renew(meanwhile).unwrap();
            assert!((0..n).all(|i| durable.current().contains(&format!("n{}", 100 + i))));
            let expected = (state(&durable), durable.unseen());
            drop(durable);
            let (durable, recovered) = DurableRecommender::open(folder.path()).unwrap();
            assert_eq!(recovered.batches, n as usize);
            assert_eq!((state(&durable), durable.unseen()), expected);
        }
    }
}

#[test]
fn a_snapshot_is_the_old_one_or_the_new_one_whatever_system_call_fails() {
    let (old, new) = (model(3.0), model(9.0));
    let mut at = 0;
    loop {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("saved");
        old.save(&path).unwrap();
        faults::start(folder.path(), at, Mode::Once);
        let saved = new.save(&path);
        let calls = faults::disarm();
        for image in faults::images() {
            let found = Recommender::load_from(&image["saved"][..]).unwrap().fingerprint();
            assert!(found == new.fingerprint() || saved.is_err() && found == old.fingerprint(), "call {at}");
        }
        faults::stop();
        assert_eq!(listing(folder.path()), ["saved"]);
        if at >= calls.len() {
            saved.unwrap();
            break;
        }
        assert!(saved.is_err(), "call {at}");
        at += 1;
    }
    println!("{at} calls failed");
    assert!(at > 5);
}

#[test]
fn a_new_folder_and_those_above_it_are_synced() {
    let top = tempfile::tempdir().unwrap();
    let folder = top.path().join("a/b/c");
    faults::start(&folder, usize::MAX, Mode::Once);
    DurableRecommender::create(&folder, model(3.0)).unwrap();
    let calls = faults::disarm();
    faults::stop();
    for (made, above) in [("a", ""), ("a/b", "a"), ("a/b/c", "a/b")] {
        let place = |name: &str, path: &str| {
            let path = if path.is_empty() { top.path().to_owned() } else { top.path().join(path) };
            calls.iter().position(|call| *call == (name, path.clone())).unwrap()
        };
        let synced = calls.iter().rposition(|call| call.0 == "sync folder" && call.1 == *top.path().join(above));
        assert!(synced.unwrap() > place("create folder", made), "{made}");
    }
}
