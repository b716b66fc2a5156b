//! The distinct baskets of past participants.

use std::hash::BuildHasher;

use hashbrown::{DefaultHashBuilder, HashTable, hash_table::Entry};

use super::holders::HolderChanges;
use crate::store::Ragged;

/// Distinct baskets with their holders, of whom each has one at least, and which baskets hold each course.
#[derive(Debug, Default)]
pub(super) struct DistinctBaskets {
    table: CountedBaskets,
    /// For each course, the numbers of the baskets that hold it.
    with_course: Ragged<u32>,
}

/// Distinct baskets, numbered as they came.
#[derive(Debug, Default)]
struct CountedBaskets {
    /// The courses of each basket, ascending.
    baskets: Ragged<u32>,
    holders: Vec<u32>,
    /// Numbers of baskets by what they hold.
    numbers: HashTable<u32>,
    hasher: DefaultHashBuilder,
}

impl DistinctBaskets {
    /// The baskets of people, as they were before `changes`. `each` calls its argument with every basket, courses ascending.
    pub(super) fn before(changes: &HolderChanges, n_courses: usize, each: impl FnOnce(&mut dyn FnMut(&[u32]))) -> Self {
        let mut now = CountedBaskets::default();
        each(&mut |basket| now.add(basket, 1));
        let before = if changes.is_empty() { now } else { now.changed(changes, -1) };
        Self::indexed(before, n_courses)
    }

    /// The baskets as they are after the changes. Of a basket without holders nothing stays.
    pub(super) fn merged(&self, changes: &HolderChanges) -> Self {
        let n_courses = self.with_course.len().max(changes.n_courses());
        Self::indexed(self.table.changed(changes, 1), n_courses)
    }

    fn indexed(table: CountedBaskets, n_courses: usize) -> Self {
        Self { with_course: transposed(n_courses, &table.baskets), table }
    }

    /// How many there are.
    pub(super) fn len(&self) -> usize {
        self.table.holders.len()
    }

    /// The number of a basket with just these courses.
    pub(super) fn number(&self, basket: &[u32]) -> Option<u32> {
        self.table.number(basket)
    }

    /// The courses of a basket, ascending.
    pub(super) fn basket(&self, number: u32) -> &[u32] {
        self.table.basket(number)
    }

    /// How many past participants bought just this.
    pub(super) fn holders(&self, number: u32) -> u32 {
        self.table.holders[number as usize]
    }

    /// The numbers of the baskets that hold a course.
    pub(super) fn with(&self, course: u32) -> &[u32] {
        // A course may be newer than the baskets.
        if course as usize >= self.with_course.len() { &[] } else { self.with_course.row(course as usize) }
    }
}

impl CountedBaskets {
    fn add(&mut self, basket: &[u32], holders: u32) {
        let Self { baskets, holders: counts, numbers, hasher } = self;
        let get = |number: u32| baskets.row(number as usize);
        let same = |&number: &u32| get(number) == basket;
        match numbers.entry(hasher.hash_one(basket), same, |&number| hasher.hash_one(get(number))) {
            Entry::Occupied(known) => counts[*known.get() as usize] += holders,
            Entry::Vacant(place) => {
                place.insert(u32_of(counts.len()));
                // There are fewer purchases than 2^32.
                let _ = baskets.push_row(basket);
                counts.push(holders);
            }
        }
    }

    /// The same after changes, or with a `sign` of -1 before them.
    fn changed(&self, changes: &HolderChanges, sign: i64) -> Self {
        let mut holders = self.holders.clone();
        let mut more = Self::default();
        for (basket, change) in changes.iter() {
            let number = self.number(basket);
            let now = number.map_or(0, |number| i64::from(self.holders[number as usize])) + sign * change;
            let now = u32::try_from(now).unwrap_or(0);
            match number {
                Some(number) => holders[number as usize] = now,
                None => more.add(basket, now),
            }
        }
        let mut all = Self::default();
        for (table, holders) in [(self, &holders), (&more, &more.holders)] {
            for (number, &holders) in (0..).zip(holders).filter(|&(_, &holders)| holders > 0) {
                all.add(table.basket(number), holders);
            }
        }
        all
    }

    fn number(&self, basket: &[u32]) -> Option<u32> {
        self.numbers.find(self.hasher.hash_one(basket), |&number| self.basket(number) == basket).copied()
    }

    fn basket(&self, number: u32) -> &[u32] {
        self.baskets.row(number as usize)
    }
}

/// The baskets of each course, of the courses of each basket.
fn transposed(n_courses: usize, baskets: &Ragged<u32>) -> Ragged<u32> {
    let mut ends_of_courses = vec![0; n_courses];
    for &course in baskets.items() {
        ends_of_courses[course as usize] += 1;
    }
    // From the number of baskets of each course to where they begin; filling moves that to where they end.
    let mut start = 0;
    for end in &mut ends_of_courses {
        start += std::mem::replace(end, start);
    }
    let mut numbers = vec![0; baskets.items().len()];
    for (basket, number) in (0..baskets.len()).zip(0..) {
        for &course in baskets.row(basket) {
            let free = &mut ends_of_courses[course as usize];
            numbers[*free as usize] = number;
            *free += 1;
        }
    }
    Ragged::from_ends(ends_of_courses, numbers)
}

#[expect(clippy::cast_possible_truncation, reason = "at most as many as there are purchases, which are below 2^32")]
fn u32_of(count: usize) -> u32 {
    count as u32
}

#[cfg(test)]
mod tests {
    use super::*;

    /// All baskets with their holders, sorted, once the lists of each course were compared with them.
    fn read(baskets: &DistinctBaskets, n_courses: u32) -> Vec<(Vec<u32>, u32)> {
        for course in 0..n_courses {
            let with: Vec<u32> = (0..u32_of(baskets.len())).filter(|&n| baskets.basket(n).contains(&course)).collect();
            assert_eq!(baskets.with(course), with);
        }
        let mut all: Vec<_> =
            (0..u32_of(baskets.len())).map(|n| (baskets.basket(n).to_vec(), baskets.holders(n))).collect();
        assert!((0..).zip(&all).all(|(number, (basket, _))| baskets.number(basket) == Some(number)));
        all.sort_unstable();
        all
    }

    fn of(baskets: &[&[u32]], changes: &HolderChanges, n_courses: usize) -> DistinctBaskets {
        DistinctBaskets::before(changes, n_courses, |take| baskets.iter().for_each(|basket| take(basket)))
    }

    #[test]
    fn equal_baskets_are_one_with_several_holders() {
        let baskets = of(&[&[0, 2], &[1], &[0, 2], &[2]], &HolderChanges::default(), 4);
        assert_eq!(read(&baskets, 4), [(vec![0, 2], 2), (vec![1], 1), (vec![2], 1)]);
        assert_eq!((baskets.number(&[0]), baskets.with(9)), (None, &[][..]));
    }

    #[test]
    fn merging_adds_baskets_and_drops_those_without_holders() {
        let base = of(&[&[0, 2], &[1], &[0, 2]], &HolderChanges::default(), 3);
        let mut changes = HolderChanges::default();
        for (basket, holders) in [(&[0, 2][..], -1), (&[1], -1), (&[1, 4], 1), (&[2], 1), (&[2], -1)] {
            changes.add(basket.into(), holders);
        }
        assert_eq!(read(&base.merged(&changes), 5), [(vec![0, 2], 1), (vec![1, 4], 1)]);
    }

    #[test]
    fn what_was_before_changes_is_the_same_whoever_works_it_out() {
        let mut changes = HolderChanges::default();
        changes.add([1].into(), -1);
        changes.add([1, 4].into(), 1);
        // A course of a basket that came later is none of these baskets' courses: older states have no such course.
        assert_eq!(read(&of(&[&[0, 2], &[1, 4]], &changes, 5), 5), [(vec![0, 2], 1), (vec![1], 1)]);
    }
}
