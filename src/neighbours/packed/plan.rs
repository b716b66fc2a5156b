//! Which piece of a profile goes into which plane.

use super::postings::Postings;
use crate::encode::classes::{self, Classes};
use crate::encode::{DictionaryColumn, FittedAttribute, Profiles, Values, part_units};
use crate::store::CodeColumn;

/// A joint number is below this, as a byte shuffle looks up one of so many bytes.
pub(super) const JOINT: usize = 16;

/// With more lines than this, each is put into 16 ranges: half the bytes to read, which is what bounds a search that can
/// leave no block out.
const MAX_POSITIONS: usize = 8;

/// The pieces of a row. Its planes are bytes of two joint numbers each, then classes, categories and positions.
#[derive(Debug, Clone)]
pub(super) struct Plan {
    pub(super) joints: Vec<Joint>,
    pub(super) classed: Vec<Classed>,
    pub(super) categories: Vec<Category>,
    pub(super) positions: Vec<Position>,
    /// Lines that are ranges in a joint number: their positions in the rest of a block.
    pub(super) ranged: Vec<Ranged>,
    pub(super) n_planes: usize,
    pub(super) n_rest: usize,
    pub(super) n_summary: usize,
}

/// A number below 16 made of small attributes.
#[derive(Debug, Clone, Default)]
pub(super) struct Joint {
    pub(super) parts: Vec<JointPart>,
    pub(super) radix: usize,
}

/// One attribute of a joint number: `number / stride % radix`.
#[derive(Debug, Clone)]
pub(super) struct JointPart {
    pub(super) attribute: usize,
    pub(super) stride: usize,
    pub(super) radix: usize,
    pub(super) places: Places,
}

/// What the place of a value in its part tells.
#[derive(Debug, Clone)]
pub(super) enum Places {
    /// The value.
    Values,
    /// A range of a line: the least and the largest code of each.
    Ranges(Vec<(u32, u32)>),
    /// Which of four groups of tags a set has, of which these are one in [`SIGNATURE`].
    Tags(usize),
}

impl Places {
    /// Whether a place tells the distance, and not only how large it is at the least.
    pub(super) fn are_exact(&self) -> bool {
        matches!(self, Self::Values)
    }
}

/// Tags are in so many groups of four, where there are too many sets for classes.
pub(super) const SIGNATURE: usize = 4;

/// The bit of a tag in a group of four, if it has one there.
pub(super) fn bit_of_tag(tag: u32, four: usize) -> Option<u32> {
    let group = tag as usize % (4 * SIGNATURE);
    (group / 4 == four).then_some(1 << (group % 4))
}

impl JointPart {
    /// The part of the joint number that a value of the dictionary makes.
    pub(super) fn of(&self, values: &Values, number: usize) -> usize {
        let place = match (&self.places, values) {
            (Places::Ranges(ranges), Values::Codes(codes)) => ranges.partition_point(|&(_, last)| last < codes[number]),
            // A missing value is near all.
            (Places::Tags(_), Values::Sets(sets)) if sets.get(number).is_empty() => JOINT - 1,
            (Places::Tags(four), Values::Sets(sets)) => {
                let bits = sets.get(number).iter().filter_map(|&(tag, _)| bit_of_tag(tag, *four));
                bits.fold(0, |all, bit| all | bit as usize)
            }
            _ => number,
        };
        place * self.stride
    }
}

/// Numbers of values in the rest of a block, from the lowest byte on.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Rest {
    pub(super) first: usize,
    pub(super) n: usize,
}

/// An attribute of many values and tables of any form: a class of its values in a byte, the number in the rest.
#[derive(Debug, Clone)]
pub(super) struct Classed {
    pub(super) attribute: usize,
    pub(super) classes: Classes,
    /// Of sets of tags that are few enough for a table of all their distances.
    pub(super) postings: Option<Postings>,
    /// The least units of a set that is not empty.
    pub(super) least_units: u32,
    pub(super) number: Rest,
}

/// A category: its number in a byte, or the last eight bits of it and all of it in the rest.
#[derive(Debug, Clone)]
pub(super) struct Category {
    pub(super) attribute: usize,
    /// Whether the first value is a missing one.
    pub(super) has_missing: bool,
    pub(super) n_values: usize,
    pub(super) number: Rest,
}

impl Category {
    /// Two bits that tell values apart in a summary, one of each byte. A missing value has the highest bit.
    pub(super) fn digits(&self, number: usize) -> (u8, u8) {
        if self.has_missing && number == 0 {
            return (0x80, 0);
        }
        let (number, base) = if self.has_missing { (number - 1, 7) } else { (number, 8) };
        let groups = self.n_values.div_ceil(base);
        (1 << (number % base), 1 << (number / base * 8 / groups.max(8)))
    }
}

/// A position on a line in a byte, `((code - 1) >> shift) + 1`, and 0 for a missing one.
#[derive(Debug, Clone)]
pub(super) struct Position {
    pub(super) attribute: usize,
    pub(super) shift: u32,
    pub(super) has_missing: bool,
    /// The code of each byte, where no byte has two.
    pub(super) unique: Option<Vec<u32>>,
    /// Otherwise the bits of `code - 1` that the byte lacks.
    pub(super) low: Rest,
}

impl Position {
    #[inline(always)]
    pub(super) fn byte(&self, code: u32) -> u8 {
        if code == 0 { 0 } else { (((code - 1) >> self.shift) + 1).min(255) as u8 }
    }
}

/// The code of a line in the rest.
#[derive(Debug, Clone)]
pub(super) struct Ranged {
    pub(super) attribute: usize,
    pub(super) code: Rest,
}

impl Plan {
    pub(super) fn new(profiles: &Profiles) -> Self {
        let attributes = profiles.encoder().attributes();
        let columns = profiles.columns();
        let is_long_line = |(attribute, column): (&FittedAttribute, &DictionaryColumn)| {
            attribute.is_line() && column.values().len() > JOINT
        };
        let n_lines = attributes.iter().zip(columns).filter(|&pair| is_long_line(pair)).count();
        let (mut small, mut plan) = (Vec::new(), Self::empty());
        for (i, (attribute, column)) in attributes.iter().zip(columns).enumerate() {
            let values = column.values();
            match values {
                _ if values.len() <= JOINT => small.push(part(i, values.len().max(1), Places::Values)),
                Values::Codes(codes) if attribute.is_line() => {
                    if n_lines <= MAX_POSITIONS {
                        plan.positions.push(position(i, codes));
                    } else {
                        let ranges = classes::ranges(codes, &column.counts(), JOINT);
                        small.push(part(i, ranges.len(), Places::Ranges(ranges)));
                        let largest = codes.last().map_or(0, |&code| code as usize);
                        plan.ranged.push(Ranged { attribute: i, code: Rest { first: 0, n: bytes(largest + 1) } });
                    }
                }
                _ if attribute.has_any_table(values) => {
                    let classes = Classes::of(attribute, column);
                    let mut units = Vec::new();
                    if let Values::Sets(sets) = values {
                        units.extend((0..sets.len()).map(|number| part_units(sets.get(number))).filter(|&u| u > 0));
                        if classes.all().is_empty() {
                            small.extend((0..SIGNATURE).map(|four| part(i, JOINT, Places::Tags(four))));
                        }
                    }
                    plan.classed.push(Classed {
                        attribute: i,
                        least_units: units.into_iter().min().unwrap_or(0),
                        postings: Postings::of(values).filter(|_| !classes.all().is_empty()),
                        classes,
                        number: Rest { first: 0, n: bytes(values.len()) },
                    });
                }
                // Sets have been seen to.
                Values::Sets(_) => {}
                Values::Codes(codes) => plan.categories.push(Category {
                    attribute: i,
                    has_missing: codes.first() == Some(&0),
                    n_values: codes.len(),
                    number: Rest { first: 0, n: if codes.len() <= 1 << 8 { 0 } else { bytes(codes.len()) } },
                }),
            }
        }
        plan.joints = joined(small);
        plan.place();
        plan
    }

    fn empty() -> Self {
        Self {
            joints: Vec::new(),
            classed: Vec::new(),
            categories: Vec::new(),
            positions: Vec::new(),
            ranged: Vec::new(),
            n_planes: 0,
            n_rest: 0,
            n_summary: 0,
        }
    }

    /// How many planes hold joint numbers, two in each.
    pub(super) fn n_pairs(&self) -> usize {
        self.joints.len().div_ceil(2)
    }

    /// How many planes of a summary hold bits of what occurs. Those after them are least and largest positions.
    pub(super) fn n_bits(&self) -> usize {
        2 * (self.joints.len() + self.classed.len() + self.categories.len())
    }

    /// Gives each piece its place in the rest of a block, and counts planes.
    fn place(&mut self) {
        let numbers = self.classed.iter_mut().map(|classed| &mut classed.number);
        let numbers = numbers.chain(self.categories.iter_mut().map(|category| &mut category.number));
        let codes = self.positions.iter_mut().map(|position| &mut position.low);
        let codes = codes.chain(self.ranged.iter_mut().map(|ranged| &mut ranged.code));
        let mut n_rest = 0;
        for rest in numbers.chain(codes) {
            rest.first = n_rest;
            n_rest += rest.n;
        }
        self.n_rest = n_rest;
        self.n_planes = self.n_pairs() + self.classed.len() + self.categories.len() + self.positions.len();
        self.n_summary = self.n_bits() + 2 * self.positions.len();
    }
}

fn part(attribute: usize, radix: usize, places: Places) -> JointPart {
    JointPart { attribute, stride: 1, radix, places }
}

/// Puts attributes together as long as their joint number stays below 16, the larger ones first.
fn joined(mut parts: Vec<JointPart>) -> Vec<Joint> {
    parts.sort_by_key(|part| std::cmp::Reverse(part.radix));
    let mut joints: Vec<Joint> = Vec::new();
    for mut part in parts {
        if let Some(joint) = joints.iter_mut().find(|joint| joint.radix * part.radix <= JOINT) {
            part.stride = joint.radix;
            joint.radix *= part.radix;
            joint.parts.push(part);
        } else {
            joints.push(Joint { radix: part.radix, parts: vec![part] });
        }
    }
    joints
}

fn position(attribute: usize, codes: &[u32]) -> Position {
    let largest = codes.last().map_or(0, |&code| code.saturating_sub(1));
    let shift = (0..u32::BITS).find(|shift| largest >> shift <= 253).unwrap_or(0);
    let has_missing = codes.first() == Some(&0);
    let mut position = Position { attribute, shift, has_missing, unique: None, low: Rest::default() };
    let mut unique = vec![0; 1 << 8];
    let mut is_unique = true;
    for &code in codes {
        let slot = &mut unique[usize::from(position.byte(code))];
        is_unique &= *slot == 0;
        *slot = code;
    }
    if is_unique {
        position.unique = Some(unique);
    } else {
        position.low.n = shift.div_ceil(8) as usize;
    }
    position
}

/// How many bytes hold numbers below `n`.
fn bytes(n: usize) -> usize {
    (usize::BITS - n.saturating_sub(1).leading_zeros()).div_ceil(8) as usize
}

/// The codes of a column of codes.
pub(super) fn codes_of(column: &DictionaryColumn) -> &[u32] {
    match column.values() {
        Values::Codes(codes) => codes,
        Values::Sets(_) => &[],
    }
}

/// Calls `take` with lane and number of each row of a block.
#[inline(always)]
pub(super) fn each_number(codes: &CodeColumn, rows: std::ops::Range<usize>, mut take: impl FnMut(usize, usize)) {
    match codes {
        CodeColumn::U8(codes) => codes[rows].iter().enumerate().for_each(|(lane, &n)| take(lane, n.into())),
        CodeColumn::U16(codes) => codes[rows].iter().enumerate().for_each(|(lane, &n)| take(lane, n.into())),
        CodeColumn::U32(codes) => codes[rows].iter().enumerate().for_each(|(lane, &n)| take(lane, n as usize)),
    }
}
