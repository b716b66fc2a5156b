//! The purchases of each row of profiles, beside each other.

use std::ops::Range;

use super::Fade;
use super::fade::FULL;
use crate::domain::Purchases;
use crate::store::{Bloom, Ragged};

/// A course, how many members of a row bought it, and the sum of the weights of their purchases.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Bought {
    pub(crate) course: u32,
    pub(crate) buyers: u32,
    pub(crate) weight: u64,
}

/// For each row with members, the courses they bought: a compressed sparse row matrix.
#[derive(Debug, Clone)]
pub(crate) struct Baskets {
    /// Courses, ascending, and how many members bought each.
    bought: Ragged<(u32, u32)>,
    /// Beside the items of `bought` where purchases fade: the sum of the weights of the members' purchases.
    weights: Option<Vec<u64>>,
}

impl Baskets {
    /// `row_of` gives the row of each participant; `past` lists those with purchases, who are the members of `n_rows` rows.
    pub(crate) fn new(purchases: &Purchases, row_of: &[u32], past: &[u32], n_rows: usize, fade: Option<Fade>) -> Self {
        let mut members: Vec<(u32, u32)> = past.iter().map(|&p| (row_of[p as usize], p)).collect();
        members.sort_unstable();
        Self::gather(purchases.catalogue().len(), n_rows, fade.is_some(), &members, |participant, take| match fade {
            None => purchases.of(participant).iter().for_each(|&course| take(Bought { course, buyers: 1, weight: 0 })),
            Some(fade) => purchases.times_of(participant as usize).for_each(|(course, at)| {
                take(Bought { course, buyers: 1, weight: fade.weight(at).into() });
            }),
        })
    }

    /// The same purchases and what changed, of rows that were numbered anew: `rows` gives pairs of new and old row,
    /// ascending.
    pub(crate) fn merged(&self, changes: &BasketChanges, n_courses: usize, n_rows: usize, rows: &[(u32, u32)]) -> Self {
        Self::gather(n_courses, n_rows, self.weights.is_some(), rows, |old, take| self.each(old, changes, take))
    }

    /// `members` gives pairs of row and whatever has purchases, ascending; every row below `n_rows` is among them.
    fn gather(
        n_courses: usize,
        n_rows: usize,
        fade: bool,
        members: &[(u32, u32)],
        purchases_of: impl Fn(u32, &mut dyn FnMut(Bought)),
    ) -> Self {
        let mut sums = vec![(0_u32, 0_u64); n_courses];
        let mut courses = Vec::new();
        let (mut ends, mut all) = (Vec::with_capacity(n_rows), Vec::new());
        let mut weights = fade.then(Vec::new);
        for same_row in members.chunk_by(|a, b| a.0 == b.0) {
            for &(_, member) in same_row {
                purchases_of(member, &mut |bought| {
                    let sum = &mut sums[bought.course as usize];
                    if sum.0 == 0 {
                        courses.push(bought.course);
                    }
                    sum.0 += bought.buyers;
                    sum.1 += bought.weight;
                });
            }
            courses.sort_unstable();
            for course in courses.drain(..) {
                let (buyers, weight) = std::mem::take(&mut sums[course as usize]);
                all.push((course, buyers));
                if let Some(weights) = &mut weights {
                    weights.push(weight);
                }
            }
            #[expect(
                clippy::cast_possible_truncation,
                reason = "at most as many as there are purchases, which are below 2^32"
            )]
            ends.push(all.len() as u32);
        }
        all.shrink_to_fit();
        Self { bought: Ragged::from_ends(ends, all), weights }
    }

    /// Whether purchases fade.
    pub(crate) fn fade(&self) -> bool {
        self.weights.is_some()
    }

    /// Calls `take` with what members of a row bought, as it is now.
    pub(crate) fn each(&self, row: u32, changes: &BasketChanges, mut take: impl FnMut(Bought)) {
        let range = self.range(row as usize);
        let before = range.map(|i| {
            let (course, buyers) = self.bought.items()[i];
            let weight = self.weights.as_ref().map_or(u64::from(buyers) * u64::from(FULL), |weights| weights[i]);
            Bought { course, buyers, weight }
        });
        if !changes.marks.may_contain(row) {
            before.for_each(take);
            return;
        }
        let mut deltas = changes.of(row).peekable();
        for bought in before {
            while let Some((course, delta)) = deltas.next_if(|&(course, _)| course < bought.course) {
                delta.apply(Bought { course, buyers: 0, weight: 0 }, &mut take);
            }
            match deltas.next_if(|&(course, _)| course == bought.course) {
                Some((_, delta)) => delta.apply(bought, &mut take),
                None => take(bought),
            }
        }
        deltas.for_each(|(course, delta)| delta.apply(Bought { course, buyers: 0, weight: 0 }, &mut take));
    }

    /// Loads the memory of these rows at once, so that the loop that reads them waits for it once, and not at every row.
    pub(crate) fn touch(&self, rows: &[u32]) {
        let mut sum = 0;
        for &row in rows {
            let start = self.range(row as usize).start;
            sum ^= self.bought.items().get(start).map_or(0, |&(course, _)| course);
        }
        std::hint::black_box(sum);
    }

    fn range(&self, row: usize) -> Range<usize> {
        // Rows that came later have nothing here.
        if row < self.bought.len() { self.bought.range(row) } else { 0..0 }
    }
}

/// What members of rows bought, or took with them when they left, since the baskets were made.
#[derive(Debug, Clone, Default)]
pub(crate) struct BasketChanges {
    /// Rows with changes, as almost every row asked for has none.
    marks: Bloom,
    /// By row and course.
    deltas: imbl::OrdMap<(u32, u32), Delta>,
}

/// So many buyers more, or fewer, and weight.
#[derive(Debug, Clone, Copy, Default)]
struct Delta {
    buyers: i64,
    weight: i64,
}

impl Delta {
    /// What somebody of the row bought now, when anybody did.
    fn apply(self, bought: Bought, take: &mut impl FnMut(Bought)) {
        let buyers = i64::from(bought.buyers) + self.buyers;
        let weight = bought.weight.checked_add_signed(self.weight).unwrap_or(0);
        if let (1.., Ok(buyers)) = (buyers, u32::try_from(buyers)) {
            take(Bought { course: bought.course, buyers, weight });
        }
    }
}

impl BasketChanges {
    pub(crate) fn add(&mut self, row: u32, course: u32, buyers: i64, weight: i64) {
        let mut delta = self.deltas.get(&(row, course)).copied().unwrap_or_default();
        delta.buyers += buyers;
        delta.weight += weight;
        if (delta.buyers, delta.weight) == (0, 0) {
            self.deltas.remove(&(row, course));
        } else {
            self.marks.insert(row);
            self.deltas.insert((row, course), delta);
        }
    }

    pub(crate) fn len(&self) -> usize {
        self.deltas.len()
    }

    fn of(&self, row: u32) -> impl Iterator<Item = (u32, Delta)> {
        self.deltas.range((row, 0)..=(row, u32::MAX)).map(|(&(_, course), &delta)| (course, delta))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn baskets() -> Baskets {
        Baskets { bought: Ragged::from_ends(vec![2, 3], vec![(1, 2), (4, 1), (0, 5)]), weights: None }
    }

    fn read(baskets: &Baskets, changes: &BasketChanges, row: u32) -> Vec<(u32, u32)> {
        let mut all = Vec::new();
        baskets.each(row, changes, |bought| all.push((bought.course, bought.buyers)));
        all
    }

    #[test]
    fn changes_add_to_what_was_bought_and_take_from_it() {
        let mut changes = BasketChanges::default();
        for (row, course, buyers) in [(0, 4, -1), (0, 0, 1), (0, 1, 3), (0, 9, 1), (0, 9, -1), (2, 3, 1)] {
            changes.add(row, course, buyers, 0);
        }
        assert_eq!(read(&baskets(), &changes, 0), [(0, 1), (1, 5)]);
        assert_eq!(read(&baskets(), &changes, 1), [(0, 5)]);
        // A row that came later.
        assert_eq!(read(&baskets(), &changes, 2), [(3, 1)]);
    }

    #[test]
    fn merging_writes_changes_down_and_joins_rows() {
        let mut changes = BasketChanges::default();
        changes.add(2, 4, 1, 0);
        let merged = baskets().merged(&changes, 10, 2, &[(0, 1), (1, 0), (1, 2)]);
        let none = BasketChanges::default();
        assert_eq!((read(&merged, &none, 0), read(&merged, &none, 1)), (vec![(0, 5)], vec![(1, 2), (4, 2)]));
    }
}
