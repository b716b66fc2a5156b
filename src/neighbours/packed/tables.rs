//! The distances of one query, attribute by attribute, in units.

use super::plan::{JOINT, Joint, JointPart, Places, Plan, bit_of_tag, codes_of};
use crate::encode::classes::CLASSES;
use crate::encode::{EncodedProfile, FittedAttribute, Part, Profiles, Values, set_distance};

/// What a query is compared by, in memory that the next one reuses; each list has an entry for each piece of the plan.
#[derive(Debug, Clone, Default)]
pub(super) struct Tables {
    pub(super) joints: Vec<JointTable>,
    pub(super) classed: Vec<ClassedTable>,
    pub(super) categories: Vec<CategoryTest>,
    pub(super) positions: Vec<PositionTest>,
    pub(super) ranged: Vec<PositionTest>,
}

/// Distances by joint number.
#[derive(Debug, Clone, Copy)]
pub(super) struct JointTable {
    /// At the least, as ranges of a line have no single distance.
    pub(super) least: [u32; JOINT],
    /// Those of whole values alone.
    pub(super) exact: [u32; JOINT],
}

/// Distances by class, at the least, and by number.
#[derive(Debug, Clone)]
pub(super) struct ClassedTable {
    pub(super) least: [u32; CLASSES],
    /// Empty where there are too many; then the query's set is compared with each that is wanted.
    pub(super) all: Vec<u32>,
    pub(super) set: Vec<(u32, u32)>,
}

impl ClassedTable {
    #[inline(always)]
    pub(super) fn distance(&self, values: &Values, number: u32) -> u32 {
        match (self.all.get(number as usize), values) {
            (None, Values::Sets(sets)) => set_distance(&self.set, sets.get(number as usize)),
            (distance, _) => distance.copied().unwrap_or(0),
        }
    }
}

/// One value of a category is nearer than all others.
#[derive(Debug, Clone, Copy)]
pub(super) struct CategoryTest {
    /// The number of the query's value, if any row has it; its distance is 0.
    pub(super) number: Option<u32>,
    /// The distance of a missing value.
    pub(super) missing: u32,
    /// That of any other.
    pub(super) differs: u32,
}

/// Distances grow with the difference of codes; a missing value, code 0, is `half` away from all others.
#[derive(Debug, Clone, Copy)]
pub(super) struct PositionTest {
    pub(super) code: u32,
    pub(super) half: u32,
}

impl CategoryTest {
    fn new(attribute: &FittedAttribute, query: &Part, codes: &[u32]) -> Self {
        let half = attribute.half();
        let (missing, differs) = if query.code == 0 { (0, half) } else { (half, 2 * half) };
        let number = codes.binary_search(&query.code).ok().and_then(|number| u32::try_from(number).ok());
        Self { number, missing, differs }
    }

    #[inline(always)]
    pub(super) fn distance(&self, number: u32, has_missing: bool) -> u32 {
        if self.number == Some(number) {
            0
        } else if has_missing && number == 0 {
            self.missing
        } else {
            self.differs
        }
    }
}

impl PositionTest {
    fn new(attribute: &FittedAttribute, query: &Part) -> Self {
        Self { code: query.code, half: attribute.half() }
    }

    #[inline(always)]
    pub(super) fn distance(self, code: u32) -> u32 {
        match (code, self.code) {
            (0, 0) => 0,
            (0, _) | (_, 0) => self.half,
            (a, b) => 2 * a.abs_diff(b),
        }
    }

    /// The distance to the nearest code of a range.
    fn least(self, (first, last): (u32, u32)) -> u32 {
        self.distance(if self.code == 0 { first } else { self.code.clamp(first, last) })
    }
}

impl Tables {
    pub(super) fn fill(&mut self, plan: &Plan, profiles: &Profiles, query: &EncodedProfile) {
        let attributes = profiles.encoder().attributes();
        let columns = profiles.columns();
        let position = |attribute: usize| PositionTest::new(&attributes[attribute], &query.parts[attribute]);

        self.joints.clear();
        self.joints.extend(plan.joints.iter().map(|joint| {
            JointTable::new(joint, |part, place| {
                let (values, of_query) = (columns[part.attribute].values(), &query.parts[part.attribute]);
                match &part.places {
                    Places::Ranges(ranges) => position(part.attribute).least(ranges[place]),
                    Places::Tags(four) => least_of_tags(plan, part.attribute, *four, &of_query.set, place),
                    Places::Values if place < values.len() => {
                        attributes[part.attribute].distance_to(of_query, values, place)
                    }
                    Places::Values => 0,
                }
            })
        }));
        self.classed.resize_with(plan.classed.len(), || ClassedTable {
            least: [0; CLASSES],
            all: Vec::new(),
            set: Vec::new(),
        });
        for (classed, table) in plan.classed.iter().zip(&mut self.classed) {
            let (i, classes) = (classed.attribute, classed.classes.all());
            table.all.clear();
            table.set.clone_from(&query.parts[i].set);
            match &classed.postings {
                Some(postings) => postings.distances(&table.set, &mut table.all),
                None if classes.is_empty() => {}
                None => attributes[i].distances(&query.parts[i], columns[i].values(), &mut table.all),
            }
            table.least.fill(if classes.is_empty() { 0 } else { u32::MAX });
            for (&class, &distance) in classes.iter().zip(&table.all) {
                let least = &mut table.least[usize::from(class) % CLASSES];
                *least = distance.min(*least);
            }
        }
        self.categories.clear();
        self.categories.extend(plan.categories.iter().map(|category| {
            let i = category.attribute;
            CategoryTest::new(&attributes[i], &query.parts[i], codes_of(&columns[i]))
        }));
        self.positions.clear();
        self.positions.extend(plan.positions.iter().map(|piece| position(piece.attribute)));
        self.ranged.clear();
        self.ranged.extend(plan.ranged.iter().map(|piece| position(piece.attribute)));
    }
}

/// How far the query's set is at the least from one that has just these of four groups of tags.
///
/// With `a` units of the query's tags that the other set lacks, it is `2 a`, less what the query's units are more than the
/// other's: what the query lacks of the other one then makes up for the rest.
fn least_of_tags(plan: &Plan, attribute: usize, four: usize, query: &[(u32, u32)], place: usize) -> u32 {
    let classed = plan.classed.iter().find(|classed| classed.attribute == attribute);
    let least_units = classed.map_or(0, |classed| classed.least_units);
    let more = query.iter().map(|&(_, units)| units).sum::<u32>().saturating_sub(least_units);
    let lacks = |tag: u32| bit_of_tag(tag, four).is_some_and(|bit| place & bit as usize == 0);
    let lacking: u32 = query.iter().filter(|&&(tag, _)| lacks(tag)).map(|&(_, units)| units).sum();
    (2 * lacking).saturating_sub(more)
}

impl JointTable {
    fn new(joint: &Joint, distance: impl Fn(&JointPart, usize) -> u32) -> Self {
        let mut table = Self { least: [0; JOINT], exact: [0; JOINT] };
        let mut n = 1;
        for part in &joint.parts {
            // The numbers so far are repeated for each value of the part; those of the first one stay where they are.
            for place in (0..part.radix).rev() {
                let distance = distance(part, place);
                let whole = if part.places.are_exact() { distance } else { 0 };
                for number in 0..n {
                    let at = (place * n + number) % JOINT;
                    table.least[at] = table.least[number] + distance;
                    table.exact[at] = table.exact[number] + whole;
                }
            }
            n *= part.radix;
        }
        table
    }
}
