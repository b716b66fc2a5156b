//! Changes as bytes. The encoding is the journal's own, so it does not depend on what features the embedding program switches on
//! in a library, and every float reads back bit for bit.

use crate::domain::{Profile, Value};
use crate::live::{Change, JournalError};
use crate::snapshot::SnapshotError;
use crate::snapshot::bytes::{Put, Take};
use crate::snapshot::model::{put_course, put_time, take_course, take_time};

/// Changes that were made together.
#[derive(Debug, PartialEq)]
pub(super) struct Batch {
    /// The number that the caller gave it.
    pub(super) sequence: Option<u64>,
    pub(super) changes: Vec<Change>,
}

pub(super) fn encode(sequence: Option<u64>, changes: &[Change]) -> Vec<u8> {
    let mut put = Put::default();
    put.option(sequence, Put::number);
    put.count(changes.len());
    for change in changes {
        put_change(&mut put, change);
    }
    put.0
}

/// Reads the batch of a record.
pub(super) fn decode(record: u64, payload: &[u8]) -> Result<Batch, JournalError> {
    let batch = take_batch(&mut Take::new(payload, "a batch"));
    batch.map_err(|error| JournalError::Record { record, reason: reason(error) })
}

/// The section and the place of an error are the caller's to tell.
pub(super) fn reason(error: SnapshotError) -> String {
    match error {
        SnapshotError::Invalid { reason, .. } => reason.to_owned(),
        other => other.to_string(),
    }
}

fn take_batch(take: &mut Take<'_>) -> Result<Batch, SnapshotError> {
    let sequence = take.option(Take::number)?;
    let changes = (0..take.count()?).map(|_| take_change(take)).collect::<Result<_, _>>()?;
    take.end()?;
    Ok(Batch { sequence, changes })
}

fn put_change(put: &mut Put, change: &Change) {
    match change {
        Change::AddParticipant { id, profile } => {
            put.byte(0);
            put.text(id.as_str());
            put_profile(put, profile);
        }
        Change::UpdateProfile { id, profile } => {
            put.byte(1);
            put.text(id.as_str());
            put_profile(put, profile);
        }
        Change::RecordPurchase { participant, course, at } => {
            put.byte(2);
            put.text(participant.as_str());
            put.text(course.as_str());
            put.option(*at, put_time);
        }
        Change::UpsertCourse { course } => {
            put.byte(3);
            put_course(put, course);
        }
        Change::CloseCourse { id } => {
            put.byte(4);
            put.text(id.as_str());
        }
        Change::ForgetParticipant { id } => {
            put.byte(5);
            put.text(id.as_str());
        }
        Change::CancelPurchase { participant, course } => {
            put.byte(6);
            put.text(participant.as_str());
            put.text(course.as_str());
        }
    }
}

fn take_change(take: &mut Take<'_>) -> Result<Change, SnapshotError> {
    Ok(match take.byte()? {
        0 => Change::AddParticipant { id: take.text()?.into(), profile: take_profile(take)? },
        1 => Change::UpdateProfile { id: take.text()?.into(), profile: take_profile(take)? },
        2 => Change::RecordPurchase {
            participant: take.text()?.into(),
            course: take.text()?.into(),
            at: take.option(take_time)?,
        },
        3 => Change::UpsertCourse { course: take_course(take)? },
        4 => Change::CloseCourse { id: take.text()?.into() },
        5 => Change::ForgetParticipant { id: take.text()?.into() },
        6 => Change::CancelPurchase { participant: take.text()?.into(), course: take.text()?.into() },
        _ => return Err(take.invalid("there is no such change")),
    })
}

fn put_profile(put: &mut Put, profile: &Profile) {
    put.count(profile.iter().count());
    for (name, value) in profile.iter() {
        put.text(name);
        match value {
            Value::Number(number) => {
                put.byte(0);
                put.float(*number);
            }
            Value::Text(text) => {
                put.byte(1);
                put.text(text);
            }
            Value::Tags(tags) => {
                put.byte(2);
                put.texts(tags);
            }
            Value::Missing => put.byte(3),
        }
    }
}

fn take_profile(take: &mut Take<'_>) -> Result<Profile, SnapshotError> {
    let mut profile = Profile::new();
    for _ in 0..take.count()? {
        let name = take.text()?;
        let value = match take.byte()? {
            0 => Value::Number(take.float()?),
            1 => Value::Text(take.text()?.to_owned()),
            2 => {
                let tags = (0..take.count()?).map(|_| take.text().map(str::to_owned));
                Value::Tags(tags.collect::<Result<_, _>>()?)
            }
            3 => Value::Missing,
            _ => return Err(take.invalid("there is no such kind of value")),
        };
        profile.set(name, value);
    }
    Ok(profile)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{Amount, Course, Timestamp};

    #[test]
    fn every_change_reads_back_as_it_was_to_the_last_bit() {
        let floats = [0.1 + 0.2, -0.0, f64::MIN_POSITIVE / 3.0, f64::MAX, 1e21, 1.0 / 3.0, 9_007_199_254_740_993.0];
        let mut changes: Vec<Change> = floats
            .iter()
            .map(|&x| Change::AddParticipant { id: "ani".into(), profile: Profile::new().with("age", x) })
            .collect();
        let profile = Profile::new().with("province", "Jawa\0\n\u{1F600}").with("interests", ["a", "", "a"]);
        let course = Course::new("excel", Amount(1 << 53)).with_title("Excel").with_provider("Ü").with_category("");
        changes.extend([
            Change::UpdateProfile {
                id: "ani".into(),
                profile: profile.with("none", Value::Tags(vec![])).with("nothing", Value::Missing),
            },
            Change::RecordPurchase { participant: "ani".into(), course: "excel".into(), at: Some(Timestamp::MIN) },
            Change::RecordPurchase { participant: "ani".into(), course: "excel".into(), at: None },
            Change::UpsertCourse { course: course.clone() },
            Change::UpsertCourse { course: Course::new("sewing", Amount(0)).with_open(false) },
            Change::CloseCourse { id: "excel".into() },
            Change::ForgetParticipant { id: "ani".into() },
            Change::CancelPurchase { participant: "ani".into(), course: "excel".into() },
        ]);
        for sequence in [None, Some(0), Some(u64::MAX)] {
            let bytes = encode(sequence, &changes);
            let batch = decode(1, &bytes).unwrap();
            assert_eq!((batch.sequence, &batch.changes), (sequence, &changes));
            // Equality of floats takes 0 and -0 for the same.
            assert_eq!(encode(batch.sequence, &batch.changes), bytes);
            for end in 0..bytes.len() {
                assert!(decode(1, &bytes[..end]).is_err(), "{end}");
            }
        }
    }
}
