//! One encoded value, and the distance between two of them.

use std::cmp::Ordering;

/// One attribute's value of one profile.
///
/// `code` is 0 for a missing value. On a line (numeric, ordinal) it is the position plus one; of a category it is the
/// slot plus one. Tags leave it 0 and fill `set` with slots and their units, ascending by slot, none of 0 units.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Part {
    pub(crate) code: u32,
    pub(crate) set: Vec<(u32, u32)>,
}

impl Part {
    pub(crate) fn clear(&mut self) {
        self.code = 0;
        self.set.clear();
    }

    pub(crate) fn is_missing(&self) -> bool {
        self.code == 0 && self.set.is_empty()
    }
}

/// Distance in units between two positions on a line: `|p - q| + |(half - p) - (half - q)|`.
pub(crate) fn line_distance(a: u32, b: u32, half: u32) -> u32 {
    match (a, b) {
        (0, 0) => 0,
        (0, _) | (_, 0) => half,
        _ => 2 * a.abs_diff(b),
    }
}

/// Distance in units between two categories.
pub(crate) fn category_distance(a: u32, b: u32, half: u32) -> u32 {
    match (a, b) {
        _ if a == b => 0,
        (0, _) | (_, 0) => half,
        _ => 2 * half,
    }
}

/// Distance in units between two sets of tags, both ascending by column.
pub(crate) fn set_distance(a: &[(u32, u32)], b: &[(u32, u32)]) -> u32 {
    let (mut i, mut j, mut sum) = (0, 0, 0);
    while i < a.len() && j < b.len() {
        let ((ca, ua), (cb, ub)) = (a[i], b[j]);
        sum += match ca.cmp(&cb) {
            Ordering::Less => ua,
            Ordering::Equal => ua.abs_diff(ub),
            Ordering::Greater => ub,
        };
        i += usize::from(ca <= cb);
        j += usize::from(cb <= ca);
    }
    sum + units(&a[i..]) + units(&b[j..])
}

/// All units of a set.
pub(crate) fn units(set: &[(u32, u32)]) -> u32 {
    set.iter().map(|&(_, units)| units).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_missing_value_is_half_way_from_every_value() {
        assert_eq!([(0, 0), (0, 5), (5, 0), (5, 8)].map(|(a, b)| line_distance(a, b, 10)), [0, 10, 10, 6]);
        assert_eq!([(0, 0), (0, 5), (5, 5), (5, 8)].map(|(a, b)| category_distance(a, b, 10)), [0, 10, 0, 20]);
    }

    #[test]
    fn sets_are_compared_column_by_column() {
        let (a, b) = ([(0, 5), (3, 5)], [(1, 4), (3, 3), (7, 3)]);
        assert_eq!(set_distance(&a, &b), 5 + 4 + 2 + 3);
        assert_eq!((set_distance(&a, &[]), set_distance(&[], &b), set_distance(&b, &b)), (10, 10, 0));
    }
}
