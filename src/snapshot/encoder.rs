//! The section of the encoder: what was learned from the past participants.

use super::SnapshotError;
use super::bytes::{Put, Take};
use super::model::ENCODER;
use crate::domain::{Attribute, AttributeKind, Scale, Schema};
use crate::encode::{BINS, BinStart, Encoder, GroupDistances, Learned, MOST};

/// What each attribute has learned, and the tables of the learned distance.
pub(super) fn write_encoder(encoder: &Encoder) -> Vec<u8> {
    let mut put = Put::default();
    for learned in encoder.learned() {
        match learned {
            Learned::Range(lo, hi) => {
                put.float(lo);
                put.float(hi);
            }
            Learned::Values(values) => {
                put.count(values.len());
                for value in values {
                    put.float(value);
                }
            }
            Learned::Nothing => {}
            Learned::Names(names) => {
                put.texts(&names);
            }
        }
    }
    put.byte(encoder.is_learned().into());
    for learned in encoder.group_distances() {
        match learned {
            GroupDistances::Codes { bins, n, distances } => {
                put.count(bins.len());
                for bin in bins {
                    put.float(bin.value);
                    put.byte(bin.inclusive.into());
                }
                put.count(*n);
                for &distance in distances {
                    put.number(distance.into());
                }
            }
            GroupDistances::Tags(distances) => {
                put.count(distances.len());
                for &distance in distances {
                    put.number(distance.into());
                }
            }
        }
    }
    put.0
}

fn take_group_distances(
    take: &mut Take<'_>,
    attribute: &Attribute,
    learned: &Learned,
) -> Result<GroupDistances, SnapshotError> {
    let names = if let Learned::Names(names) = learned { names.len() } else { 0 };
    // One more for a missing value, and of categories one for those never seen.
    let n_groups = match attribute.kind() {
        AttributeKind::Numeric(_) => BINS as usize + 1,
        AttributeKind::Ordinal(levels) => levels.len() + 1,
        AttributeKind::Categorical => names + 2,
        AttributeKind::Tags => names,
    };
    let mut bins = Vec::new();
    if *attribute.kind() != AttributeKind::Tags {
        for _ in 0..take.count()? {
            bins.push(BinStart { value: take.finite()?, inclusive: take.flag()? });
        }
    }
    if take.count()? != n_groups || bins.len() >= BINS as usize || !bins.is_sorted_by(|a, b| a.value <= b.value) {
        return Err(take.invalid("learned distances are not of these values"));
    }
    let n = if *attribute.kind() == AttributeKind::Tags { n_groups } else { n_groups * n_groups };
    let mut distances = Vec::new();
    for _ in 0..n {
        let distance = u32::try_from(take.number()?).ok().filter(|&distance| distance <= MOST);
        distances.push(distance.ok_or_else(|| take.invalid("a learned distance is too large"))?);
    }
    Ok(match attribute.kind() {
        AttributeKind::Tags => GroupDistances::Tags(distances),
        _ => GroupDistances::Codes { bins, n: n_groups, distances },
    })
}

pub(super) fn read_encoder(bytes: &[u8], schema: &Schema) -> Result<Encoder, SnapshotError> {
    let mut take = Take::new(bytes, ENCODER.name);
    let mut all = Vec::new();
    for attribute in schema.attributes() {
        all.push(match attribute.kind() {
            AttributeKind::Numeric(Scale::Linear(_)) => {
                let (lo, hi) = (take.finite()?, take.finite()?);
                if lo > hi {
                    return Err(take.invalid("a range ends before it begins"));
                }
                Learned::Range(lo, hi)
            }
            AttributeKind::Numeric(Scale::Rank) => {
                let values = (0..take.count()?).map(|_| take.finite()).collect::<Result<Vec<_>, _>>()?;
                if !values.is_sorted_by(|a, b| a.total_cmp(b).is_le()) {
                    return Err(take.invalid("values are not in order"));
                }
                Learned::Values(values)
            }
            AttributeKind::Ordinal(_) => Learned::Nothing,
            AttributeKind::Categorical | AttributeKind::Tags => {
                Learned::Names((0..take.count()?).map(|_| take.text().map(str::to_owned)).collect::<Result<_, _>>()?)
            }
        });
    }
    let mut learned = Vec::new();
    if take.flag()? {
        for (attribute, fitted) in schema.attributes().iter().zip(&all) {
            learned.push(take_group_distances(&mut take, attribute, fitted)?);
        }
    }
    take.end()?;
    let encoder = Encoder::from_learned(schema, all).ok_or_else(|| take.invalid("a name comes twice"))?;
    if learned.is_empty() {
        return Ok(encoder);
    }
    encoder.with_group_distances(learned).map_err(|error| SnapshotError::Model(Box::new(error.into())))
}
