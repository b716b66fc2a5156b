//! How the holders of baskets have changed.

use std::sync::Arc;

/// By how many the holders of baskets are more, or fewer. A copy shares all that does not change afterwards, and a change
/// costs as much as its basket is long.
#[derive(Debug, Clone, Default)]
pub(super) struct HolderChanges {
    /// In the order in which they came. None is taken out before a merge, so numbers stay.
    changed: imbl::Vector<(Arc<[u32]>, i64)>,
    numbers: imbl::OrdMap<Arc<[u32]>, usize>,
    /// The numbers of the changed baskets that hold a course.
    with: imbl::OrdMap<u32, imbl::Vector<usize>>,
}

impl HolderChanges {
    /// So many holders more, or fewer, of a basket, courses ascending.
    pub(super) fn add(&mut self, basket: Arc<[u32]>, holders: i64) {
        if let Some(&number) = self.numbers.get(&*basket) {
            self.changed[number].1 += holders;
            return;
        }
        let number = self.changed.len();
        for &course in &*basket {
            self.with.entry(course).or_default().push_back(number);
        }
        self.numbers.insert(Arc::clone(&basket), number);
        self.changed.push_back((basket, holders));
    }

    /// How many baskets have changed, or have changed and changed back.
    pub(super) fn len(&self) -> usize {
        self.changed.len()
    }

    pub(super) fn is_empty(&self) -> bool {
        self.changed.is_empty()
    }

    /// One more than the largest number of a course.
    pub(super) fn n_courses(&self) -> usize {
        self.with.get_max().map_or(0, |&(course, _)| course as usize + 1)
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = (&Arc<[u32]>, i64)> {
        self.changed.iter().map(|(basket, holders)| (basket, *holders))
    }

    /// The changed baskets that hold a course.
    pub(super) fn with(&self, course: u32) -> impl Iterator<Item = (&Arc<[u32]>, i64)> {
        let numbers = self.with.get(&course);
        // By position, as the iterators of a persistent map allocate.
        let n = numbers.map_or(0, imbl::Vector::len);
        (0..n).filter_map(move |at| {
            let (basket, holders) = self.changed.get(*numbers?.get(at)?)?;
            Some((basket, *holders))
        })
    }

    /// What changed after `earlier`, a copy that was taken of these changes before.
    #[cfg_attr(not(test), allow(dead_code, reason = "for merges that end after further changes"))]
    pub(super) fn since(&self, earlier: &Self) -> Self {
        let mut since = Self::default();
        for (number, (basket, holders)) in self.iter().enumerate() {
            let before = earlier.changed.get(number).map_or(0, |&(_, holders)| holders);
            if holders != before {
                since.add(Arc::clone(basket), holders - before);
            }
        }
        since
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read<'c>(changes: impl Iterator<Item = (&'c Arc<[u32]>, i64)>) -> Vec<(Vec<u32>, i64)> {
        changes.map(|(basket, holders)| (basket.to_vec(), holders)).collect()
    }

    #[test]
    fn changes_are_found_by_each_of_their_courses() {
        let mut changes = HolderChanges::default();
        changes.add([1, 4].into(), 1);
        let earlier = changes.clone();
        changes.add([4].into(), -1);
        changes.add([1, 4].into(), 1);
        assert_eq!(read(changes.with(4)), [(vec![1, 4], 2), (vec![4], -1)]);
        assert_eq!(read(changes.with(1)), [(vec![1, 4], 2)]);
        assert_eq!((read(changes.with(2)), changes.len(), changes.n_courses()), (vec![], 2, 5));
        // The copy is as it was.
        assert_eq!(read(earlier.iter()), [(vec![1, 4], 1)]);
        assert_eq!(read(changes.since(&earlier).iter()), [(vec![1, 4], 1), (vec![4], -1)]);
        assert!(changes.since(&changes).is_empty());
    }
}
