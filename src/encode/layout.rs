//! In which order rows are sorted, so that rows alike lie together.
//!
//! Attributes come by *spread*, the mean distance between two participants in that attribute, largest first: the ones in
//! which a stranger most probably differs. A search that goes by them in this order leaves most rows aside early. Each
//! has a *coarse code*: the code itself where there are few, a range of neighbouring values where there are many.

use super::attribute::FittedAttribute;
use super::dictionary::{DictionaryColumn, Values};
use super::part::Part;

/// The most coarse codes of a level.
const MAX_COARSE: usize = 512;

/// How many ranges the values of a long line are put into.
const RANGES: usize = 256;

/// The spread of sets of tags is that of the most frequent ones, of which there are at most so many.
const MAX_SETS: usize = 128;

/// One attribute by which rows are sorted.
#[derive(Debug, Clone)]
pub(crate) struct Level {
    pub(crate) attribute: usize,
    /// The coarse code of each value's number; none where they are the same.
    pub(crate) coarse: Option<Vec<u16>>,
    pub(crate) n_coarse: usize,
}

impl Level {
    pub(crate) fn coarse_code(&self, number: u32) -> u32 {
        self.coarse.as_ref().map_or(number, |coarse| coarse[number as usize].into())
    }
}

/// The levels by which rows are sorted, in order; attributes without coarse codes are left out.
pub(super) fn levels(attributes: &[FittedAttribute], columns: &[DictionaryColumn], n_rows: usize) -> Vec<Level> {
    let mut levels: Vec<(u64, Level)> = Vec::new();
    for (attribute, (fitted, column)) in attributes.iter().zip(columns).enumerate() {
        let n_values = column.values().len();
        let counts = column.counts();
        let level = if n_values <= MAX_COARSE {
            Level { attribute, coarse: None, n_coarse: n_values }
        } else if matches!(column.values(), Values::Codes(_)) && fitted.is_line() {
            let coarse = ranges(&counts, n_rows);
            let n_coarse = coarse.last().map_or(0, |&last| usize::from(last) + 1);
            Level { attribute, coarse: Some(coarse), n_coarse }
        } else {
            continue;
        };
        levels.push((spread(fitted, column.values(), &counts), level));
    }
    // Equal spreads stay in the order of the schema.
    levels.sort_by_key(|&(spread, _)| std::cmp::Reverse(spread));
    levels.into_iter().map(|(_, level)| level).collect()
}

/// Puts values into ranges of about equally many rows. A missing value, the first one if there is any, is a range of its
/// own, as its distances are unlike those of its neighbours.
fn ranges(counts: &[u64], n_rows: usize) -> Vec<u16> {
    let full = (n_rows / RANGES) as u64 + 1;
    let (mut range, mut filled) = (0, 0);
    let mut coarse = Vec::with_capacity(counts.len());
    for (number, &count) in counts.iter().enumerate() {
        if number == 1 || filled >= full {
            range += 1;
            filled = 0;
        }
        coarse.push(range);
        filled += count;
    }
    coarse
}

/// The sum of distances between two rows over pairs of rows, up to a factor that all attributes share.
fn spread(attribute: &FittedAttribute, values: &Values, counts: &[u64]) -> u64 {
    // The most frequent values stand for all; of long lines, evenly spaced ones.
    let mut chosen: Vec<usize> = (0..counts.len()).collect();
    if attribute.is_line() {
        chosen = chosen.into_iter().step_by(counts.len() / MAX_SETS + 1).collect();
    } else {
        chosen.sort_by_key(|&number| std::cmp::Reverse(counts[number]));
        chosen.truncate(MAX_SETS);
    }
    let total: u64 = chosen.iter().map(|&number| counts[number]).sum();
    let part = |number: usize| {
        let mut part = Part::default();
        values.read(number, &mut part);
        part
    };
    let parts: Vec<(Part, u64)> = chosen.iter().map(|&number| (part(number), counts[number])).collect();
    let mut sum = 0_u128;
    for (i, (a, count)) in parts.iter().enumerate() {
        for (b, other) in &parts[..i] {
            sum += u128::from(attribute.distance(a, b)) * u128::from(*count) * u128::from(*other);
        }
    }
    let pairs = u128::from(total) * u128::from(total);
    u64::try_from((sum << 20) / pairs.max(1)).unwrap_or(u64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranges_hold_about_equally_many_rows_and_a_missing_value_stands_alone() {
        let coarse = ranges(&[5, 1, 1, 1, 1, 600, 1, 1], 2 * RANGES);
        // Ranges are full at three rows.
        assert_eq!(coarse, [0, 1, 1, 1, 2, 2, 3, 3]);
    }
}
