//! The distances of one query in bytes: divided by a power of two and rounded down.
//!
//! A sum of numbers rounded down is never more than their sum rounded down. So where a sum of bytes, which saturates, is
//! above `bound >> shift`, the distance is above the bound.

use super::bytes::TABLES;
use super::plan::{JOINT, Plan};
use super::tables::Tables;
use super::{LANES, Plane};
use crate::encode::classes::{GROUPS, IN_GROUP};

/// The tables that the kernels read.
#[derive(Debug, Clone, Default)]
pub(super) struct Scaled {
    /// Bytes are distances divided by `2^shift`.
    pub(super) shift: u32,
    /// For each plane of joint numbers the distances of the first and of the second one.
    pub(super) pairs: Vec<[Plane; 2]>,
    /// For each joint number and each group of classes the least distance of every set of four of 16.
    pub(super) sets: Vec<[Plane; 4]>,
    pub(super) classed: Vec<[Plane; TABLES]>,
    pub(super) categories: Vec<CategoryBytes>,
    pub(super) positions: Vec<PositionBytes>,
}

/// A test for one category.
#[derive(Debug, Clone)]
pub(super) struct CategoryBytes {
    /// The last byte of the query's value.
    pub(super) byte: Plane,
    pub(super) differs: Plane,
    /// How much nearer than that the query's value is.
    pub(super) nearer: Plane,
    /// How much nearer a missing value is; nothing where no row lacks one.
    pub(super) missing_nearer: Option<Plane>,
    /// The query's bits in the two bytes of a summary.
    pub(super) digits: [Plane; 2],
    /// The bit of a missing value in the first of these.
    pub(super) missing_digit: Plane,
}

/// A test for a position.
#[derive(Debug, Clone)]
pub(super) struct PositionBytes {
    /// The query's byte; the query lacks a value where this is 0.
    pub(super) byte: Plane,
    pub(super) is_missing: bool,
    /// Whether rows lack a value.
    pub(super) has_missing: bool,
    /// The distance between a missing value and any other.
    pub(super) half: Plane,
    /// A step of a byte is `2^left` units of the bytes, or `2^-right`.
    pub(super) left: u32,
    pub(super) right: u32,
}

fn splat(byte: u8) -> Plane {
    Plane([byte; LANES])
}

fn repeated(table: &[u8; JOINT]) -> Plane {
    let mut plane = Plane::ZERO;
    plane.0.as_chunks_mut::<JOINT>().0.fill(*table);
    plane
}

impl Scaled {
    /// By how much to shift distances up to `bound` to make them bytes, of which one is left for those beyond.
    pub(super) fn shift_of(bound: u32) -> u32 {
        let shift = (u32::BITS - bound.leading_zeros()).saturating_sub(8);
        shift + u32::from(bound >> shift > 254)
    }

    /// The tables for bounds up to about `bound`.
    pub(super) fn fill(&mut self, plan: &Plan, tables: &Tables, bound: u32) {
        let shift = Self::shift_of(bound);
        let byte = |distance: u32| (distance >> shift).min(255).to_le_bytes()[0];
        self.shift = shift;
        self.pairs.clear();
        self.sets.clear();
        for pair in tables.joints.chunks(2) {
            let mut planes = [Plane::ZERO; 2];
            for (plane, table) in planes.iter_mut().zip(pair) {
                let bytes = table.least.map(byte);
                *plane = repeated(&bytes);
                self.sets.push(least_of_sets(&bytes));
            }
            self.pairs.push(planes);
        }
        self.classed.clear();
        for table in &tables.classed {
            let bytes = table.least.map(byte);
            let mut planes = [Plane::ZERO; TABLES];
            for (plane, classes) in planes.iter_mut().zip(bytes.as_chunks().0) {
                *plane = repeated(classes);
            }
            self.classed.push(planes);
            let mut least = [u8::MAX; GROUPS];
            for (least, classes) in least.iter_mut().zip(bytes.as_chunks::<IN_GROUP>().0) {
                *least = classes.iter().copied().fold(u8::MAX, u8::min);
            }
            self.sets.push(least_of_sets(&least));
        }
        self.categories.clear();
        for (test, category) in tables.categories.iter().zip(&plan.categories) {
            let (differs, missing) = (byte(test.differs), byte(test.missing));
            let digits = test.number.map_or((0, 0), |number| category.digits(number as usize));
            let missing_nearer = splat(differs.saturating_sub(missing));
            self.categories.push(CategoryBytes {
                byte: splat(test.number.unwrap_or(0).to_le_bytes()[0]),
                differs: splat(differs),
                nearer: splat(if test.number.is_some() { differs } else { 0 }),
                missing_nearer: category.has_missing.then_some(missing_nearer),
                // A missing value has no second bit.
                digits: [splat(digits.0), splat(digits.1)],
                missing_digit: splat(0x80),
            });
        }
        self.positions.clear();
        for (test, position) in tables.positions.iter().zip(&plan.positions) {
            // A step of a position is two units of distance.
            let step = position.shift + 1;
            self.positions.push(PositionBytes {
                byte: splat(position.byte(test.code)),
                is_missing: test.code == 0,
                has_missing: position.has_missing,
                half: splat(byte(test.half)),
                left: step.saturating_sub(shift).min(8),
                right: shift.saturating_sub(step).min(8),
            });
        }
    }
}

/// For each four of 16 entries the least one of each set of them; the largest byte of none.
fn least_of_sets(bytes: &[u8; JOINT]) -> [Plane; 4] {
    // For each of four elements, all bits where a set lacks it.
    const LACKS: [[u8; JOINT]; 4] = {
        let mut lacks = [[0; JOINT]; 4];
        let mut i = 0;
        while i < 4 * JOINT {
            lacks[i / JOINT][i % JOINT] = if (i % JOINT) >> (i / JOINT) & 1 == 0 { u8::MAX } else { 0 };
            i += 1;
        }
        lacks
    };
    let mut planes = [Plane::ZERO; 4];
    for (plane, four) in planes.iter_mut().zip(bytes.as_chunks::<4>().0) {
        let mut least = [u8::MAX; JOINT];
        for (byte, lacks) in four.iter().zip(&LACKS) {
            for (least, lack) in least.iter_mut().zip(lacks) {
                *least = (*least).min(byte | lack);
            }
        }
        *plane = repeated(&least);
    }
    planes
}
