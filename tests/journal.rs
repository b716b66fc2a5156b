//! A model in a folder: whatever happens, what was acknowledged is there.

#![cfg(all(feature = "journal", unix))]
#![allow(clippy::unwrap_used, clippy::print_stdout, reason = "a test may panic, and one of them is a child that talks")]

mod numbers;

use std::collections::BTreeSet;
use std::fs;
use std::io::{BufRead, BufReader, Write};
use std::ops::Range;
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::Duration;

use sebaya::prelude::*;
use sebaya::{Change, DurableRecommender, Fingerprint, JournalError, LiveError};

use numbers::Numbers;

fn model() -> Recommender {
    let mut data = TrainingSet::builder(Schema::new().numeric("age").categorical("province"));
    for course in ["excel", "sewing", "baking"] {
        data.course(Course::new(course, Amount(100))).unwrap();
    }
    for i in 0..30 {
        let province = ["Bali", "Aceh"][i % 2];
        data.participant(format!("p{i}"), Profile::new().with("age", 20.5).with("province", province)).unwrap();
        data.purchase(&format!("p{i}"), ["excel", "sewing"][i / 2 % 2]).unwrap();
    }
    Recommender::params().n_neighbours(5).fit(&data.build().unwrap()).unwrap()
}

fn other_model() -> Recommender {
    Recommender::params().n_neighbours(6).fit(&model().training_set().unwrap()).unwrap()
}

/// The changes of batch `i`: somebody comes and buys, and somebody may be forgotten.
fn batch(i: u64) -> Vec<Change> {
    let id = format!("n{i}");
    let profile = Profile::new()
        .with("age", f64::from(u32::try_from(i).unwrap()) / 3.0)
        .with("province", format!("province {}", i % 7));
    let mut batch = vec![
        Change::AddParticipant { id: id.as_str().into(), profile },
        Change::RecordPurchase { participant: id.as_str().into(), course: "baking".into(), at: None },
    ];
    if i % 3 == 2 {
        batch.push(Change::ForgetParticipant { id: format!("n{}", i - 1).into() });
    }
    batch
}

/// The fingerprint after the first `n` batches.
fn after(n: u64) -> Fingerprint {
    let live = LiveRecommender::new(model()).unwrap();
    (0..n).for_each(|i| live.apply(&batch(i)).unwrap());
    live.current().fingerprint()
}

fn filled(folder: &Path, n: u64) {
    let durable = DurableRecommender::create(folder, model()).unwrap();
    (0..n).for_each(|i| durable.apply(&batch(i)).unwrap());
}

fn refused(folder: &Path) -> String {
    DurableRecommender::open(folder).unwrap_err().to_string()
}

#[test]
fn what_was_applied_is_there_again_with_and_without_a_checkpoint() {
    let folder = tempfile::tempdir().unwrap();
    filled(folder.path(), 5);
    let (durable, recovered) = DurableRecommender::open(folder.path()).unwrap();
    assert_eq!((recovered.batches, durable.current().fingerprint()), (5, after(5)));
    durable.checkpoint().unwrap();
    (5..7).for_each(|i| durable.apply(&batch(i)).unwrap());
    assert!(durable.apply(&[Change::CloseCourse { id: "karate".into() }]).is_err());
    drop(durable);
    let (durable, recovered) = DurableRecommender::open(folder.path()).unwrap();
    assert_eq!((recovered.batches, durable.current().fingerprint()), (2, after(7)));
    durable.refit().unwrap();
    let refitted = durable.current().fingerprint();
    drop(durable);
    let (durable, recovered) = DurableRecommender::open(folder.path()).unwrap();
    assert_eq!((recovered.batches, durable.current().fingerprint()), (0, refitted));
}

#[test]
fn numbers_read_back_bit_for_bit() {
    let folder = tempfile::tempdir().unwrap();
    let durable = DurableRecommender::create(folder.path(), model()).unwrap();
    let ages = [0.1 + 0.2, 1.0 / 3.0, f64::MIN_POSITIVE / 3.0, f64::MAX, 5e-324, 9_007_199_254_740_993.0, 1e21];
    for (i, age) in ages.into_iter().enumerate() {
        let profile = Profile::new().with("age", age);
        durable.apply(&[Change::AddParticipant { id: format!("a{i}").into(), profile }]).unwrap();
    }
    drop(durable);
    let data = DurableRecommender::open(folder.path()).unwrap().0.current().training_set().unwrap();
    for (i, age) in ages.into_iter().enumerate() {
        let profile = data.participants().profile(&format!("a{i}")).unwrap();
        let Some(sebaya::Value::Number(found)) = profile.get("age") else { panic!("{profile:?}") };
        assert_eq!(found.to_bits(), age.to_bits());
    }
}

/// The places of the records after the snapshot in a folder's file.
fn records(file: &[u8]) -> Vec<Range<usize>> {
    let mut snapshot = Vec::new();
    model().save_to(&mut snapshot).unwrap();
    let (mut records, mut at) = (Vec::new(), snapshot.len());
    while at < file.len() {
        let length = u64::from_le_bytes(file[at + 8..at + 16].try_into().unwrap());
        let end = at + 20 + usize::try_from(length).unwrap() + 4;
        records.push(at..end);
        at = end;
    }
    records
}

#[test]
fn a_last_record_that_is_not_whole_is_dropped_and_the_folder_goes_on() {
    let folder = tempfile::tempdir().unwrap();
    filled(folder.path(), 2);
    let path = folder.path().join("model.sebaya");
    let whole = fs::read(&path).unwrap();
    let last = records(&whole).pop().unwrap();
    let cut_off = (last.start + 1..last.end).map(|end| whole[..end].to_vec());
    let zeros_first = (last.start + 8..=last.end).map(|end| {
        let mut file = whole.clone();
        file[last.start..end].fill(0);
        file
    });
    let flipped = last.clone().map(|at| {
        let mut file = whole.clone();
        file[at] ^= 1 << (at % 8);
        file
    });
    let (one, two) = (after(1), after(2));
    for (i, file) in cut_off.chain(zeros_first).chain(flipped).enumerate() {
        fs::write(&path, &file).unwrap();
        let (durable, recovered) = DurableRecommender::open(folder.path()).unwrap();
        assert_eq!((recovered.batches, recovered.dropped_bytes), (1, (file.len() - last.start) as u64));
        assert_eq!(durable.current().fingerprint(), one);
        durable.apply(&batch(1)).unwrap();
        drop(durable);
        assert_eq!(fs::read(&path).unwrap(), whole);
        if i % 50 == 0 {
            let (durable, recovered) = DurableRecommender::open(folder.path()).unwrap();
            assert_eq!((recovered.dropped_bytes, durable.current().fingerprint()), (0, two));
        }
    }
}

/// A record as the format describes it.
fn record(snapshot: Fingerprint, number: u64, payload: &[u8]) -> Vec<u8> {
    let snapshot: Vec<u8> =
        (0..16).rev().map(|i| u8::from_str_radix(&snapshot.to_string()[2 * i..2 * i + 2], 16).unwrap()).collect();
    let sum = |bytes: &[u8]| crc32fast::hash(&[&snapshot, bytes].concat()).to_le_bytes();
    let header = [number.to_le_bytes(), (payload.len() as u64).to_le_bytes()].concat();
    [&header, &sum(&header)[..], payload, &sum(&[&header, payload].concat())].concat()
}

#[test]
fn records_are_as_the_format_says_and_one_that_is_not_possible_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("model.sebaya");
    let mut file = Vec::new();
    model().save_to(&mut file).unwrap();
    let (snapshot, begin) = (model().fingerprint(), file.len());
    // Version 1 and no number; then change 300, of one change, which adds n0 with an age of 1.5.
    file.extend(record(snapshot, 0, &[1, 0]));
    let age = [&b"\x01\xAC\x02\x01\x00\x02n0\x01\x03age\x00"[..], &1.5_f64.to_le_bytes()].concat();
    let without = file.len();
    file.extend(record(snapshot, 1, &age));

    let durable = DurableRecommender::create(folder.path(), model()).unwrap();
    let add = Change::AddParticipant { id: "n0".into(), profile: Profile::new().with("age", 1.5) };
    durable.apply_at(300, &[add]).unwrap();
    drop(durable);
    assert_eq!(fs::read(&path).unwrap()[begin..], file[begin..]);
    fs::write(&path, &file).unwrap();
    let (durable, recovered) = DurableRecommender::open(folder.path()).unwrap();
    assert_eq!((recovered.batches, durable.last_sequence()), (1, Some(300)));
    assert!(durable.current().contains("n0"));
    drop(durable);

    for (payload, reason) in [
        (&b"\x00\x01\x05\x04zaki"[..], "change 1: participant: \"zaki\" is unknown"),
        (b"\x00\x01\x77", "there is no such change"),
        (b"\x00\x00\x00", "it is longer than what it says"),
        (b"\x00\x01", "there are fewer than it says"),
    ] {
        fs::write(&path, [&file[..without], &record(snapshot, 1, payload)].concat()).unwrap();
        assert_eq!(refused(folder.path()), format!("journal: record 1: {reason}"));
    }
    fs::write(&path, [&file[..begin], &record(snapshot, 0, &[2, 0])].concat()).unwrap();
    let message = "journal: record 0: version 2 of the journal is not 1, which this release reads";
    assert_eq!(refused(folder.path()), message);
}

#[test]
fn damage_before_the_last_record_is_an_error_that_names_the_record() {
    let folder = tempfile::tempdir().unwrap();
    filled(folder.path(), 3);
    let path = folder.path().join("model.sebaya");
    let whole = fs::read(&path).unwrap();
    let records = records(&whole);
    assert_eq!(records.len(), 4);
    for (number, record) in records[..3].iter().enumerate() {
        for bit in record.start * 8..record.end * 8 {
            let mut flipped = whole.clone();
            flipped[bit / 8] ^= 1 << (bit % 8);
            fs::write(&path, &flipped).unwrap();
            let expected = format!("journal: record {number}: its checksum does not match");
            assert_eq!(refused(folder.path()), expected, "bit {bit}");
        }
    }
    let [base, first, second, third] = [0, 1, 2, 3].map(|n: usize| &whole[records[n].clone()]);
    let snapshot = &whole[..records[0].start];
    let other = tempfile::tempdir().unwrap();
    drop(DurableRecommender::create(other.path(), other_model()).unwrap());
    let other = fs::read(other.path().join("model.sebaya")).unwrap();
    let cut = &third[..third.len() - 1];
    let mut damaged = third.to_vec();
    damaged[25] ^= 1;
    let cases: [(Vec<&[u8]>, &str); 8] = [
        (vec![snapshot, base, second], "journal: record 1: its number is 2, and 1 should come here"),
        (vec![snapshot, base, first, first], "journal: record 2: its number is 1, and 2 should come here"),
        (vec![snapshot, first, second], "journal: record 0: its number is 1, and 0 should come here"),
        (vec![snapshot, base, &second[1..], third], "journal: record 1: its checksum does not match"),
        // Something was written after it, however little of it is there, so it was acknowledged.
        (vec![snapshot, base, first, second, &damaged, b"x"], "journal: record 3: its checksum does not match"),
        (vec![snapshot], "journal: record 0: it is missing"),
        (vec![snapshot, &base[..base.len() - 1]], "journal: record 0: its checksum does not match"),
        // Records of another snapshot.
        (vec![&other[..other.len() - base.len()], base, first, cut], "journal: record 0: its checksum does not match"),
    ];
    for (parts, message) in cases {
        fs::write(&path, parts.concat()).unwrap();
        assert_eq!(refused(folder.path()), message);
    }
    fs::write(&path, &whole[..records[0].start - 1]).unwrap();
    assert!(refused(folder.path()).starts_with("snapshot: the file ends at byte "));
}

#[test]
fn what_a_killed_process_left_is_removed_and_does_not_get_in_the_way() {
    let folder = tempfile::tempdir().unwrap();
    filled(folder.path(), 1);
    let names = || {
        let mut names: Vec<_> = fs::read_dir(folder.path()).unwrap().map(|e| e.unwrap().file_name()).collect();
        names.sort();
        names
    };
    let left_over = folder.path().join(".sebaya-0123456789abcdef.tmp");
    fs::write(&left_over, "somebody who was forgotten").unwrap();
    let (durable, _) = DurableRecommender::open(folder.path()).unwrap();
    assert_eq!(names(), ["lock", "model.sebaya"]);
    durable.checkpoint().unwrap();
    drop(durable);
    fs::write(&left_over, "somebody who was forgotten").unwrap();
    drop(DurableRecommender::create(folder.path(), model()).unwrap());
    assert_eq!(names(), ["lock", "model.sebaya"]);
}

type Step = fn(&DurableRecommender) -> Result<(), LiveError>;

#[test]
fn a_batch_is_made_once_however_often_it_is_sent() {
    let folder = tempfile::tempdir().unwrap();
    let durable = DurableRecommender::create(folder.path(), model()).unwrap();
    assert_eq!(durable.last_sequence(), None);
    assert!(durable.apply_at(0, &batch(0)).unwrap());
    assert!(durable.apply_at(10, &batch(1)).unwrap());
    for again in [0, 9, 10] {
        assert!(!durable.apply_at(again, &batch(2)).unwrap());
    }
    // What is refused moves nothing, and what has no number neither.
    assert!(durable.apply_at(11, &batch(1)).is_err());
    durable.apply(&batch(2)).unwrap();
    assert_eq!(durable.last_sequence(), Some(10));
    let steps: [Step; 4] = [
        |_| Ok(()),
        DurableRecommender::checkpoint,
        DurableRecommender::refit,
        |durable| {
            assert!(durable.apply_at(12, &[])?);
            durable.reopen().map(drop)
        },
    ];
    let mut durable = durable;
    for (step, last) in steps.into_iter().zip([10, 10, 10, 12]) {
        step(&durable).unwrap();
        assert_eq!(durable.last_sequence(), Some(last));
        drop(durable);
        durable = DurableRecommender::open(folder.path()).unwrap().0;
        assert_eq!(durable.last_sequence(), Some(last));
        assert!(!durable.apply_at(last, &batch(3)).unwrap());
    }
    // A model that is as of an earlier change gets those after it again.
    durable.replace_at(10, model()).unwrap();
    assert!(durable.apply_at(11, &batch(0)).unwrap());
    durable.replace(model()).unwrap();
    drop(durable);
    assert_eq!(DurableRecommender::open(folder.path()).unwrap().0.last_sequence(), Some(11));
}

#[test]
fn a_model_is_replaced_under_its_readers() {
    let folder = tempfile::tempdir().unwrap();
    filled(folder.path(), 3);
    let (durable, _) = DurableRecommender::open(folder.path()).unwrap();
    let before = durable.current();
    durable.replace(model()).unwrap();
    assert_eq!(before.fingerprint(), after(3));
    assert_eq!(durable.current().fingerprint(), after(0));
    durable.apply(&batch(0)).unwrap();
    drop(durable);
    let (durable, recovered) = DurableRecommender::open(folder.path()).unwrap();
    assert_eq!((recovered.batches, durable.current().fingerprint()), (1, after(1)));
}

#[test]
fn a_model_whose_folder_cannot_be_read_keeps_its_readers_and_takes_changes_once_it_is_back() {
    let folder = tempfile::tempdir().unwrap();
    filled(folder.path(), 2);
    let (durable, _) = DurableRecommender::open(folder.path()).unwrap();
    let away = folder.path().with_extension("away");
    fs::rename(folder.path(), &away).unwrap();
    assert!(durable.reopen().is_err());
    for refused in [durable.apply(&batch(2)), durable.checkpoint(), durable.refit(), durable.replace(model())] {
        assert!(matches!(refused, Err(LiveError::Journal(JournalError::Broken))), "{refused:?}");
    }
    assert_eq!(durable.current().fingerprint(), after(2));
    fs::rename(&away, folder.path()).unwrap();
    assert_eq!(durable.reopen().unwrap().batches, 2);
    durable.apply(&batch(2)).unwrap();
    assert_eq!(durable.current().fingerprint(), after(3));
    // It has the folder for itself again.
    assert!(matches!(DurableRecommender::open(folder.path()), Err(LiveError::Journal(JournalError::Locked))));
    drop(durable);
    assert_eq!(DurableRecommender::open(folder.path()).unwrap().0.current().fingerprint(), after(3));
}

#[test]
fn nothing_is_acknowledged_after_the_file_was_removed_or_replaced() {
    let folder = tempfile::tempdir().unwrap();
    filled(folder.path(), 2);
    let (durable, _) = DurableRecommender::open(folder.path()).unwrap();
    let (file, backup) = (folder.path().join("model.sebaya"), folder.path().join("backup"));
    fs::copy(&file, &backup).unwrap();
    for replaced in [false, true] {
        if replaced {
            fs::rename(&backup, &file).unwrap();
        } else {
            fs::remove_file(&file).unwrap();
        }
        for _ in 0..2 {
            let refused = durable.apply(&batch(2));
            assert!(matches!(refused, Err(LiveError::Journal(JournalError::Broken))), "{refused:?}");
        }
        assert_eq!(durable.current().fingerprint(), after(2));
        if !replaced {
            assert!(durable.reopen().is_err());
            fs::copy(&backup, &file).unwrap();
        }
        durable.reopen().unwrap();
    }
    durable.apply(&batch(2)).unwrap();
    drop(durable);
    assert_eq!(DurableRecommender::open(folder.path()).unwrap().0.current().fingerprint(), after(3));
}

#[test]
fn changes_beside_checkpoints_and_refits_are_in_the_new_file() {
    let folder = tempfile::tempdir().unwrap();
    let durable = DurableRecommender::create(folder.path(), model()).unwrap();
    let stop = AtomicBool::new(false);
    thread::scope(|scope| {
        let writer = scope.spawn(|| {
            let mut n = 0;
            while !stop.load(Ordering::Relaxed) {
                assert!(durable.apply_at(n, &batch(n)).unwrap());
                n += 1;
            }
            n
        });
        for _ in 0..20 {
            durable.checkpoint().unwrap();
            durable.refit().unwrap();
        }
        stop.store(true, Ordering::Relaxed);
        let n = writer.join().unwrap();
        assert!(n > 0 && durable.last_sequence() == Some(n - 1));
        let people = |model: &Recommender| -> BTreeSet<String> {
            model.training_set().unwrap().participants().ids().map(str::to_owned).collect()
        };
        let reference = LiveRecommender::new(model()).unwrap();
        (0..n).for_each(|i| reference.apply(&batch(i)).unwrap());
        assert_eq!(people(&durable.current()), people(&reference.current()));
        // After a refit of both the encoders are the same too.
        reference.refit().unwrap();
        durable.refit().unwrap();
        assert_eq!(durable.current().fingerprint(), reference.current().fingerprint());
    });
    let (fingerprint, last) = (durable.current().fingerprint(), durable.last_sequence());
    drop(durable);
    let (durable, _) = DurableRecommender::open(folder.path()).unwrap();
    assert_eq!((durable.current().fingerprint(), durable.last_sequence()), (fingerprint, last));
}

#[test]
fn unseen_survives_a_restart_and_a_checkpoint() {
    let folder = tempfile::tempdir().unwrap();
    filled(folder.path(), 5);
    let live = LiveRecommender::new(model()).unwrap();
    (0..5).for_each(|i| live.apply(&batch(i)).unwrap());
    // Of five who came with a new province, one was forgotten.
    assert_eq!(live.unseen(), 4);
    for _ in 0..2 {
        let (durable, _) = DurableRecommender::open(folder.path()).unwrap();
        assert_eq!(durable.unseen(), 4);
        durable.checkpoint().unwrap();
        assert_eq!(durable.unseen(), 4);
    }
    let (durable, _) = DurableRecommender::open(folder.path()).unwrap();
    durable.refit().unwrap();
    assert_eq!(durable.unseen(), 0);
}

#[test]
fn a_folder_is_open_once() {
    let folder = tempfile::tempdir().unwrap();
    let durable = DurableRecommender::create(folder.path(), model()).unwrap();
    for again in [
        DurableRecommender::open(folder.path()).map(|(open, _)| open),
        DurableRecommender::create(folder.path(), model()),
    ] {
        let error = again.unwrap_err();
        assert!(matches!(error, LiveError::Journal(JournalError::Locked)), "{error}");
    }
    durable.apply(&batch(0)).unwrap();
    drop(durable);
    assert_eq!(DurableRecommender::open(folder.path()).unwrap().0.current().fingerprint(), after(1));
}

const CHILD: &str = "SEBAYA_TEST_FOLDER";

/// Not a test of its own: the process that is killed. Says each batch that is on the disk, and saves a snapshot now and
/// then.
#[test]
fn child() {
    let Ok(folder) = std::env::var(CHILD) else { return };
    let (durable, _) = DurableRecommender::open(&folder).unwrap();
    println!("ready");
    // The last one who came is never forgotten before the next one comes.
    let data = durable.current().training_set().unwrap();
    let next = data.participants().ids().filter_map(|id| id.strip_prefix('n')?.parse::<u64>().ok()).max();
    for i in next.map_or(0, |last| last + 1).. {
        durable.apply(&batch(i)).unwrap();
        let mut out = std::io::stdout().lock();
        writeln!(out, "acknowledged {i}").unwrap();
        out.flush().unwrap();
        drop(out);
        if i % 5 == 0 {
            durable.checkpoint().unwrap();
        }
    }
}

#[test]
fn killed_a_hundred_times_it_loses_nothing_that_was_acknowledged() {
    let folder = tempfile::tempdir().unwrap();
    drop(DurableRecommender::create(folder.path(), model()).unwrap());
    let reference = LiveRecommender::new(model()).unwrap();
    let (mut applied, mut numbers, mut killed_at_work) = (0, Numbers(1), 0);
    for round in 0..100 {
        let mut child = Command::new(std::env::current_exe().unwrap())
            .args(["--exact", "child", "--nocapture"])
            .env(CHILD, folder.path())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
        // Most are killed at work, and some while they start, or load.
        if round % 4 > 0 {
            lines.find(|line| line.as_ref().is_ok_and(|line| line.ends_with("ready"))).unwrap().unwrap();
        }
        thread::sleep(Duration::from_millis(numbers.below(40).into()));
        child.kill().unwrap();
        let acknowledged = lines.filter_map(|line| line.unwrap().strip_prefix("acknowledged ")?.parse().ok()).max();
        child.wait().unwrap();

        let (durable, _) = DurableRecommender::open(folder.path()).unwrap();
        let acknowledged: u64 = acknowledged.map_or(applied, |last: u64| last + 1);
        killed_at_work += u32::from(acknowledged > applied);
        while applied < acknowledged {
            reference.apply(&batch(applied)).unwrap();
            applied += 1;
        }
        // The one that was being written may be there as well.
        let found = durable.current().fingerprint();
        if found != reference.current().fingerprint() {
            reference.apply(&batch(applied)).unwrap();
            applied += 1;
        }
        assert_eq!(found, reference.current().fingerprint());
    }
    println!("100 kills, {killed_at_work} of them at work; {applied} batches are there");
    assert!(killed_at_work > 20, "{killed_at_work} of 100 had begun");
}
