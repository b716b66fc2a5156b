//! The purchases of each row of profiles, beside each other.

use std::ops::Range;

use super::{Fade, Votes};
use crate::domain::Purchases;

/// A course and how many members of a row bought it.
pub(crate) type Bought = (u32, u32);

/// For each row with members, the courses they bought: a compressed sparse row matrix.
#[derive(Debug, Clone)]
pub(crate) struct Baskets {
    /// Row `i` holds `bought[ends[i - 1]..ends[i]]`.
    ends: Vec<u32>,
    bought: Vec<Bought>,
    /// Beside `bought` where purchases fade: the sum of the weights of the members' purchases.
    weights: Option<Vec<u64>>,
}

impl Baskets {
    /// `row_of` gives the row of each participant; `past` lists those with purchases, who are the members of `n_rows` rows.
    pub(crate) fn new(purchases: &Purchases, row_of: &[u32], past: &[u32], n_rows: usize, fade: Option<Fade>) -> Self {
        let mut members: Vec<(u32, u32)> = past.iter().map(|&p| (row_of[p as usize], p)).collect();
        members.sort_unstable();
        let mut counts = Votes::new(purchases.catalogue().len());
        let (mut ends, mut bought) = (Vec::with_capacity(n_rows), Vec::new());
        let mut weights = fade.map(|_| Vec::new());
        let mut faded = vec![0; if fade.is_some() { purchases.catalogue().len() } else { 0 }];
        for same_row in members.chunk_by(|a, b| a.0 == b.0) {
            for &(_, participant) in same_row {
                purchases.of(participant).iter().for_each(|&course| counts.add_inside((course, 1)));
            }
            let start = bought.len();
            bought.extend(counts.touched().iter().map(|&course| (course, counts.of(course).0)));
            bought[start..].sort_unstable();
            counts.clear();
            if let (Some(fade), Some(weights)) = (fade, &mut weights) {
                for &(_, participant) in same_row {
                    let times = purchases.times_of(participant as usize);
                    times.for_each(|(course, at)| faded[course as usize] += u64::from(fade.weight(at)));
                }
                weights.extend(bought[start..].iter().map(|&(course, _)| std::mem::take(&mut faded[course as usize])));
            }
            #[expect(
                clippy::cast_possible_truncation,
                reason = "at most as many as there are purchases, which are below 2^32"
            )]
            ends.push(bought.len() as u32);
        }
        bought.shrink_to_fit();
        Self { ends, bought, weights }
    }

    pub(crate) fn of(&self, row: u32) -> &[Bought] {
        &self.bought[self.range(row as usize)]
    }

    /// Whether purchases fade.
    pub(crate) fn fade(&self) -> bool {
        self.weights.is_some()
    }

    /// The courses that members of a row bought, with the sums of the weights; none where purchases do not fade.
    pub(crate) fn weights_of(&self, row: u32) -> impl Iterator<Item = (u32, u64)> {
        let range = self.range(row as usize);
        let weights = self.weights.as_deref().map_or(&[][..], |weights| &weights[range.clone()]);
        self.bought[range].iter().zip(weights).map(|(&(course, _), &weight)| (course, weight))
    }

    fn range(&self, row: usize) -> Range<usize> {
        let start = if row == 0 { 0 } else { self.ends[row - 1] as usize };
        start..self.ends[row] as usize
    }
}
