//! A model in a folder: whatever happens, what was acknowledged is there.

#![cfg(all(feature = "journal", unix))]
#![allow(clippy::unwrap_used, clippy::print_stdout, reason = "a test may panic, and one of them is a child that talks")]

mod numbers;

use std::fs;
use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Command, Stdio};
use std::thread;
use std::time::Duration;

use sebaya::prelude::*;
use sebaya::{Change, DurableRecommender, Error, JournalError};

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
fn after(n: u64) -> sebaya::Fingerprint {
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
fn a_torn_last_line_is_dropped_at_every_length_and_the_folder_goes_on() {
    let folder = tempfile::tempdir().unwrap();
    filled(folder.path(), 2);
    let journal = folder.path().join("journal");
    let whole = fs::read(&journal).unwrap();
    let last = whole[..whole.len() - 1].iter().rposition(|&byte| byte == b'\n').unwrap() + 1;
    let (one, two) = (after(1), after(2));
    for end in last..whole.len() {
        fs::write(&journal, &whole[..end]).unwrap();
        let (durable, recovered) = DurableRecommender::open(folder.path()).unwrap();
        assert_eq!((recovered.batches, recovered.dropped_bytes), (1, (end - last) as u64));
        assert_eq!(durable.current().fingerprint(), one);
        durable.apply(&batch(1)).unwrap();
        drop(durable);
        assert_eq!(fs::read(&journal).unwrap(), whole);
        let (durable, recovered) = DurableRecommender::open(folder.path()).unwrap();
        assert_eq!((recovered.dropped_bytes, durable.current().fingerprint()), (0, two));
    }
}

#[test]
fn any_other_damage_is_an_error_that_names_its_line() {
    let folder = tempfile::tempdir().unwrap();
    filled(folder.path(), 3);
    let journal = folder.path().join("journal");
    let whole = fs::read(&journal).unwrap();
    // The very last byte ends the last line: without it the line is one that was being written.
    for bit in 0..(whole.len() - 1) * 8 {
        let mut flipped = whole.clone();
        flipped[bit / 8] ^= 1 << (bit % 8);
        fs::write(&journal, &flipped).unwrap();
        assert!(refused(folder.path()).starts_with("journal:"), "bit {bit}");
    }
    let lines: Vec<&[u8]> = whole.split_inclusive(|&byte| byte == b'\n').collect();
    let cases: [(Vec<&[u8]>, &str); 6] = [
        (vec![lines[0], lines[2]], "journal:2: its number is 2, and 1 should come here"),
        (vec![lines[0], lines[1], lines[1]], "journal:3: its number is 1, and 2 should come here"),
        (vec![lines[1], lines[2]], "journal:1: its number is 1, and 0 should come here"),
        (vec![lines[0], b"\n"], "journal:2: it has no checksum"),
        (vec![lines[0], b"00000000 1 {}\n"], "journal:2: its checksum does not match"),
        (vec![], "journal:1: the first line must name the snapshot"),
    ];
    for (lines, message) in cases {
        fs::write(&journal, lines.concat()).unwrap();
        assert_eq!(refused(folder.path()), message);
    }
}

#[test]
fn a_journal_goes_with_its_snapshot_wherever_a_checkpoint_was_cut_off() {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name);
    filled(folder.path(), 2);
    let (old_snapshot, old_journal) = (fs::read(path("model.sebaya")).unwrap(), fs::read(path("journal")).unwrap());
    let (durable, _) = DurableRecommender::open(folder.path()).unwrap();
    durable.checkpoint().unwrap();
    let new_snapshot = fs::read(path("model.sebaya")).unwrap();
    let fingerprint = durable.current().fingerprint();
    drop(durable);
    // The journal as it was when the snapshot was about to be saved.
    let rest = format!("3 {{\"checkpoint\":\"{fingerprint}\"}}");
    let marked = [&old_journal[..], format!("{:08x} {rest}\n", crc32fast::hash(rest.as_bytes())).as_bytes()].concat();
    for (snapshot, batches) in [(&old_snapshot, 2), (&new_snapshot, 0)] {
        fs::write(path("model.sebaya"), snapshot).unwrap();
        fs::write(path("journal"), &marked).unwrap();
        let (durable, recovered) = DurableRecommender::open(folder.path()).unwrap();
        assert_eq!((recovered.batches, durable.current().fingerprint()), (batches, after(2)));
        // And the journal goes on after it.
        durable.apply(&batch(2)).unwrap();
        drop(durable);
        let (durable, _) = DurableRecommender::open(folder.path()).unwrap();
        assert_eq!(durable.current().fingerprint(), after(3));
    }
    // Without the mark, nobody knows what the snapshot has.
    fs::write(path("journal"), &old_journal).unwrap();
    assert!(refused(folder.path()).starts_with("journal: the changes come after snapshot "));
}

#[test]
fn a_folder_is_open_once() {
    let folder = tempfile::tempdir().unwrap();
    let durable = DurableRecommender::create(folder.path(), model()).unwrap();
    let error = DurableRecommender::open(folder.path()).unwrap_err();
    assert!(matches!(error, Error::Journal(JournalError::Locked)), "{error}");
    drop(durable);
    assert!(DurableRecommender::open(folder.path()).is_ok());
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
    assert!(killed_at_work > 20, "{killed_at_work} of 100 had begun");
}
