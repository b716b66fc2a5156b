//! In which order rows lie, so that rows alike lie together and every block of the index is narrow in every attribute.
//!
//! Rows are halved by the attribute in which two of them differ most, and so are the halves, down to blocks of 64. The left
//! half is a power of two of blocks, so a node over 64 blocks is such a part too.

use super::attribute::FittedAttribute;
use super::classes::Classes;
use super::dictionary::DictionaryColumn;
use super::encoded_value::Part;
use crate::store::Random;

const BLOCK: usize = 64;

/// So many pairs of rows tell how much an attribute differs.
const PAIRS: usize = 24;

/// Keys of sets are classes, and numbers below these; there are classes only where numbers are small enough.
const CLASS_SHIFT: u32 = 16;

/// Halves of fewer blocks than this are no work for another thread.
#[cfg(feature = "rayon")]
const MIN_TASK: usize = 64;

/// The rows `0..n_rows` in their order.
pub(super) fn order(attributes: &[FittedAttribute], columns: &[DictionaryColumn], n_rows: u32) -> Vec<u32> {
    let mut rows: Vec<(u32, u32)> = (0..n_rows).map(|row| (0, row)).collect();
    Cluster::new(attributes, columns).split(&mut rows);
    rows.into_iter().map(|(_, row)| row).collect()
}

/// The attributes by the mean distance of two rows, largest first.
pub(super) fn by_spread(attributes: &[FittedAttribute], columns: &[DictionaryColumn], n_rows: u32) -> Vec<usize> {
    let rows: Vec<(u32, u32)> = (0..n_rows).map(|row| (0, row)).collect();
    let spreads = Cluster { attributes, columns, classes: Vec::new() }.spreads(&rows, 40 * PAIRS);
    let mut order: Vec<usize> = (0..attributes.len()).collect();
    order.sort_by_key(|&attribute| std::cmp::Reverse(spreads[attribute]));
    order
}

struct Cluster<'a> {
    attributes: &'a [FittedAttribute],
    columns: &'a [DictionaryColumn],
    /// For each column whose values that follow each other need not be similar, their classes.
    classes: Vec<Option<Classes>>,
}

impl<'a> Cluster<'a> {
    fn new(attributes: &'a [FittedAttribute], columns: &'a [DictionaryColumn]) -> Self {
        let classes = attributes.iter().zip(columns).map(|(attribute, column)| {
            attribute.has_any_table(column.values()).then(|| Classes::of(attribute, column))
        });
        Self { attributes, columns, classes: classes.collect() }
    }

    /// Sorts rows, each with room for a key.
    fn split(&self, rows: &mut [(u32, u32)]) {
        let blocks = rows.len().div_ceil(BLOCK);
        if blocks <= 1 {
            return;
        }
        let half = blocks.next_power_of_two() / 2 * BLOCK;
        let spreads = self.spreads(rows, PAIRS);
        let widest = (0..spreads.len()).max_by_key(|&attribute| (spreads[attribute], std::cmp::Reverse(attribute)));
        if let Some(attribute) = widest.filter(|&attribute| spreads[attribute] > 0) {
            let codes = self.columns[attribute].codes();
            for (key, row) in &mut *rows {
                *key = codes.get(*row as usize);
            }
            if let Some(classes) = &self.classes[attribute] {
                for (key, _) in &mut *rows {
                    *key |= u32::from(classes.class(*key as usize)) << CLASS_SHIFT;
                }
            }
            rows.select_nth_unstable(half);
        }
        let (left, right) = rows.split_at_mut(half);
        #[cfg(feature = "rayon")]
        if blocks >= MIN_TASK {
            rayon::join(|| self.split(left), || self.split(right));
            return;
        }
        self.split(left);
        self.split(right);
    }

    /// The sum of the distances of some pairs of these rows, for each attribute.
    fn spreads(&self, rows: &[(u32, u32)], n_pairs: usize) -> Vec<u64> {
        let mut sums = vec![0; self.attributes.len()];
        let mut random = Random::stream(rows.len() as u64, 0);
        let n = u32::try_from(rows.len()).unwrap_or(u32::MAX);
        let mut part = Part::default();
        for _ in 0..if n == 0 { 0 } else { n_pairs } {
            let [a, b] = [(); 2].map(|()| rows[random.below(n) as usize].1 as usize);
            for ((sum, attribute), column) in sums.iter_mut().zip(self.attributes).zip(self.columns) {
                let (a, b) = (column.codes().get(a), column.codes().get(b));
                if a != b {
                    column.values().read(a as usize, &mut part);
                    *sum += u64::from(attribute.distance_to(&part, column.values(), b as usize));
                }
            }
        }
        sums
    }
}
