//! One attribute of many profiles: the distinct encoded values, and for each row the number of its value.

use hashbrown::{DefaultHashBuilder, HashTable, hash_table::Entry};
use std::hash::BuildHasher;

use super::encoded_value::Part;
use crate::domain::DataError;
use crate::store::{CodeColumn, Ragged};

/// A column of encoded values. Rows hold numbers of values, in as few bytes as they fit.
#[derive(Debug, Clone)]
pub(crate) struct DictionaryColumn {
    values: Values,
    codes: CodeColumn,
}

/// Distinct encoded values, ascending.
#[derive(Debug, Clone)]
pub(crate) enum Values {
    /// Values of a line or categories, as in [`Part::code`].
    Codes(Vec<u32>),
    /// Sets of tags, as in [`Part::set`].
    Sets(SetTable),
}

impl DictionaryColumn {
    /// A column of values that are codes.
    pub(super) fn of_codes(mut rows: Vec<u32>) -> Self {
        let largest = rows.iter().max().map_or(0, |&max| max as usize + 1);
        let mut numbers = vec![0; largest];
        for &code in &rows {
            numbers[code as usize] = 1;
        }
        let values: Vec<u32> = (0..).zip(&numbers).filter(|&(_, &used)| used == 1).map(|(code, _)| code).collect();
        (0..).zip(&values).for_each(|(number, &code)| numbers[code as usize] = number);
        for code in &mut rows {
            *code = numbers[*code as usize];
        }
        Self { codes: CodeColumn::narrow(rows, values.len()), values: Values::Codes(values) }
    }

    /// A column of sets of tags; `rows` are numbers of sets, every one of them used.
    pub(super) fn of_sets(sets: &SetTable, mut rows: Vec<u32>) -> Self {
        let (sets, numbers) = sets.sorted();
        for number in &mut rows {
            *number = numbers[*number as usize];
        }
        Self { codes: CodeColumn::narrow(rows, sets.len()), values: Values::Sets(sets) }
    }

    pub(crate) fn values(&self) -> &Values {
        &self.values
    }

    pub(crate) fn codes(&self) -> &CodeColumn {
        &self.codes
    }

    pub(super) fn bytes(&self) -> usize {
        let values = match &self.values {
            Values::Codes(codes) => 4 * codes.len(),
            Values::Sets(sets) => 4 * sets.len() + 8 * sets.sets.items().len(),
        };
        values + self.codes.bytes()
    }

    /// How many rows hold each value.
    pub(crate) fn counts(&self) -> Vec<u64> {
        let mut counts = vec![0; self.values.len()];
        self.codes.for_each(|code| counts[code as usize] += 1);
        counts
    }

    /// The column of these rows, over the same values.
    pub(super) fn select(&self, rows: &[u32]) -> Self {
        Self { values: self.values.clone(), codes: self.codes.select(rows) }
    }

    /// The column of these rows, and then of some more values.
    pub(super) fn extended<'p>(&self, rows: &[u32], more: impl Iterator<Item = &'p Part>) -> Result<Self, DataError> {
        let numbers = rows.iter().map(|&row| self.codes.get(row as usize) as usize);
        Ok(match &self.values {
            Values::Codes(codes) => {
                Self::of_codes(numbers.map(|number| codes[number]).chain(more.map(|part| part.code)).collect())
            }
            Values::Sets(sets) => {
                let mut table = SetTable::default();
                let mut new_numbers = Vec::new();
                let mut known = vec![None; sets.len()];
                for number in numbers {
                    let new = known[number].map_or_else(|| table.insert(sets.get(number)), Ok)?;
                    known[number] = Some(new);
                    new_numbers.push(new);
                }
                for part in more {
                    new_numbers.push(table.insert(&part.set)?);
                }
                Self::of_sets(&table, new_numbers)
            }
        })
    }

    /// The value of a row.
    pub(crate) fn read(&self, row: usize, part: &mut Part) {
        self.values.read(self.codes.get(row) as usize, part);
    }
}

impl Values {
    pub(crate) fn len(&self) -> usize {
        match self {
            Self::Codes(codes) => codes.len(),
            Self::Sets(sets) => sets.len(),
        }
    }

    /// The value of a number.
    pub(crate) fn read(&self, number: usize, part: &mut Part) {
        part.clear();
        match self {
            Self::Codes(codes) => part.code = codes[number],
            Self::Sets(sets) => part.set.extend_from_slice(sets.get(number)),
        }
    }
}

/// Distinct sets of tags, numbered in order of appearance until they are sorted.
#[derive(Debug, Clone, Default)]
pub(crate) struct SetTable {
    sets: Ragged<(u32, u32)>,
    numbers: HashTable<u32>,
    hasher: DefaultHashBuilder,
}

impl SetTable {
    pub(crate) fn len(&self) -> usize {
        self.sets.len()
    }

    pub(crate) fn get(&self, number: usize) -> &[(u32, u32)] {
        self.sets.row(number)
    }

    /// The number of a set, which is new or known.
    pub(super) fn insert(&mut self, set: &[(u32, u32)]) -> Result<u32, DataError> {
        let Self { sets, numbers, hasher } = self;
        let get = |number: u32| sets.row(number as usize);
        match numbers.entry(hasher.hash_one(set), |&n| get(n) == set, |&n| hasher.hash_one(get(n))) {
            Entry::Occupied(known) => Ok(*known.get()),
            Entry::Vacant(place) => {
                let number = u32::try_from(sets.len()).map_err(|_| DataError::TooManyNames)?;
                sets.push_row(set)?;
                place.insert(number);
                Ok(number)
            }
        }
    }

    /// The sets in ascending order, and the new number of each old one. The order makes the numbers independent of the
    /// order of rows.
    fn sorted(&self) -> (Self, Vec<u32>) {
        let mut order: Vec<usize> = (0..self.len()).collect();
        order.sort_unstable_by_key(|&number| self.get(number));
        let mut sorted = Self::default();
        let mut numbers = vec![0; self.len()];
        for (&old, new) in order.iter().zip(0..) {
            // As many entries as before, which fitted.
            let _ = sorted.sets.push_row(self.get(old));
            numbers[old] = new;
        }
        (sorted, numbers)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(column: &DictionaryColumn, row: usize) -> Part {
        let mut part = Part::default();
        column.read(row, &mut part);
        part
    }

    #[test]
    fn codes_are_numbered_in_ascending_order_and_read_back() {
        let rows = [70_000, 0, 9, 70_000];
        let column = DictionaryColumn::of_codes(rows.to_vec());
        assert!(matches!(column.values(), Values::Codes(v) if *v == [0, 9, 70_000]));
        assert_eq!([0, 1, 2, 3].map(|r| read(&column, r).code), rows);
        assert_eq!(read(&column.select(&[2]), 0).code, 9);
    }

    #[test]
    fn sets_are_numbered_independently_of_the_order_of_rows() {
        let sets: [&[(u32, u32)]; 4] = [&[(2, 5)], &[], &[(1, 3), (2, 3)], &[(2, 5)]];
        let column = |order: [usize; 4]| {
            let mut table = SetTable::default();
            let rows = order.map(|i| table.insert(sets[i]).unwrap()).to_vec();
            DictionaryColumn::of_sets(&table, rows)
        };
        let (a, b) = (column([0, 1, 2, 3]), column([2, 3, 1, 0]));
        assert_eq!([0, 1, 2, 3].map(|r| read(&a, r).set), sets.map(<[_]>::to_vec));
        assert_eq!([2, 3, 1].map(|r| b.codes.get(r)), [a.codes.get(1), a.codes.get(0), a.codes.get(3)]);
        assert_eq!(a.values().len(), 3);
    }
}
