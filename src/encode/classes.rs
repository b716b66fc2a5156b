//! Values put into few classes of values near each other: rows are ordered by them, and a query has few distances to look
//! up.

use super::attribute::FittedAttribute;
use super::dictionary::{DictionaryColumn, Values};
use super::encoded_value::Part;

/// So many groups of values.
pub(crate) const GROUPS: usize = 16;
/// So many classes in each group.
pub(crate) const IN_GROUP: usize = 8;
/// So many classes in all; the group of a class is `class / IN_GROUP`.
pub(crate) const CLASSES: usize = GROUPS * IN_GROUP;

/// With more values than this one class holds all: telling them apart would cost a query more than it spares.
const MAX_VALUES: usize = 4096;

/// The class of each value; empty where one class holds all. Classes of like numbers are near each other.
#[derive(Debug, Clone)]
pub(crate) struct Classes(Vec<u8>);

impl Classes {
    pub(crate) fn of(attribute: &FittedAttribute, column: &DictionaryColumn) -> Self {
        let values = column.values();
        if values.len() > MAX_VALUES {
            return Self(Vec::new());
        }
        let counts = column.counts();
        let all: Vec<usize> = (0..values.len()).collect();
        let splitter = Splitter { attribute, values, counts: &counts };
        let mut classes = vec![0; values.len()];
        for (group, members) in splitter.split(all, GROUPS).into_iter().enumerate() {
            for (class, members) in splitter.split(members, IN_GROUP).into_iter().enumerate() {
                // There are at most 128.
                let class = u8::try_from(group * IN_GROUP + class).unwrap_or(0);
                for number in members {
                    classes[number] = class;
                }
            }
        }
        Self(classes)
    }

    #[inline]
    pub(crate) fn class(&self, number: usize) -> u8 {
        self.0.get(number).copied().unwrap_or(0)
    }

    /// The class of each value; empty where one class holds all.
    pub(crate) fn all(&self) -> &[u8] {
        &self.0
    }
}

/// Splits values into groups of values that are near each other.
struct Splitter<'a> {
    attribute: &'a FittedAttribute,
    values: &'a Values,
    counts: &'a [u64],
}

/// Values, the distance of each to the most frequent one, and the sum of these over all rows.
struct Group {
    members: Vec<usize>,
    distances: Vec<u32>,
    cost: u64,
}

impl Splitter<'_> {
    /// At most `wanted` groups: the one that costs most is split, again and again.
    fn split(&self, members: Vec<usize>, wanted: usize) -> Vec<Vec<usize>> {
        let mut groups = vec![self.group(members)];
        while groups.len() < wanted {
            let Some(worst) = (0..groups.len()).max_by_key(|&i| (groups[i].cost, std::cmp::Reverse(i))) else { break };
            if groups[worst].cost == 0 {
                break;
            }
            let group = groups.remove(worst);
            let far = (0..group.members.len())
                .max_by_key(|&i| (self.counts[group.members[i]] * u64::from(group.distances[i]), std::cmp::Reverse(i)));
            let far = self.distances(group.members[far.unwrap_or(0)], &group.members);
            let (mut near, mut others) = (Vec::new(), Vec::new());
            for ((member, here), there) in group.members.into_iter().zip(group.distances).zip(far) {
                if there < here { others.push(member) } else { near.push(member) }
            }
            groups.splice(worst..worst, [self.group(near), self.group(others)]);
        }
        groups.into_iter().map(|group| group.members).collect()
    }

    fn group(&self, members: Vec<usize>) -> Group {
        let centre = members.iter().copied().max_by_key(|&number| (self.counts[number], std::cmp::Reverse(number)));
        let distances = centre.map_or_else(Vec::new, |centre| self.distances(centre, &members));
        let costs = members.iter().zip(&distances).map(|(&number, &d)| self.counts[number] * u64::from(d));
        Group { cost: costs.sum(), members, distances }
    }

    fn distances(&self, from: usize, to: &[usize]) -> Vec<u32> {
        let mut part = Part::default();
        self.values.read(from, &mut part);
        to.iter().map(|&number| self.attribute.distance_to(&part, self.values, number)).collect()
    }
}

/// Puts the codes of a line into at most `n` ranges of about equally many rows, given by their first and last code. A
/// missing value is a range of its own, as its distances are unlike those of its neighbours.
pub(crate) fn ranges(codes: &[u32], counts: &[u64], n: usize) -> Vec<(u32, u32)> {
    let (mut left, mut filled) = (counts.iter().sum::<u64>(), 0);
    let mut ranges: Vec<(u32, u32)> = Vec::with_capacity(n);
    let mut full = 0;
    for (&code, &count) in codes.iter().zip(counts) {
        let after_missing = ranges.last() == Some(&(0, 0));
        if ranges.is_empty() || after_missing || (filled >= full && ranges.len() < n) {
            full = left.div_ceil((n - ranges.len()) as u64);
            filled = 0;
            ranges.push((code, code));
        }
        if let Some(last) = ranges.last_mut() {
            last.1 = code;
        }
        filled += count;
        left -= count;
    }
    ranges
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranges_hold_about_equally_many_rows_and_a_missing_value_stands_alone() {
        let counts = [5, 1, 1, 1, 1, 600, 1, 1];
        // Of 611 rows, 5 lack a value. The first range of three is full at once, and one frequent value fills the next.
        assert_eq!(ranges(&[0, 1, 2, 3, 4, 5, 8, 9], &counts, 4), [(0, 0), (1, 5), (8, 8), (9, 9)]);
        assert_eq!(ranges(&[1, 2, 3, 4], &[1, 1, 1, 1], 2), [(1, 2), (3, 4)]);
        assert_eq!(ranges(&[3], &[9], 16), [(3, 3)]);
    }
}
