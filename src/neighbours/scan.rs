//! The plain scan: every distance, every time.

use std::sync::Arc;

use super::index::{Candidate, NeighbourIndex, Search, SearchScratch};
use super::neighbourhood::{Known, Neighbourhood};
use crate::encode::{EncodedProfile, Profiles};
use crate::store::CodeColumn;

/// Computes the distance of every row. Slow, simple, and the oracle of all other indexes.
///
/// ```
/// # use sebaya::prelude::*;
/// # let model = sebaya::example_world::model()?;
/// use std::sync::Arc;
/// use sebaya::internals::{Moved, NeighbourIndex, Neighbourhood, ScanIndex, Search, SearchScratch};
///
/// let index = ScanIndex::new(Arc::clone(model.profiles()));
/// let query = model.encoder().encode(&Profile::new())?;
/// let mut found = Neighbourhood::default();
/// index.search(&Search { query: &query, k: 5, left_out: None, moved: &Moved::default(), appended: &[] }, &mut SearchScratch::default(), &mut found);
/// assert_eq!((found.k(), found.n_inside()), (4, 4));
/// # Ok::<(), sebaya::Error>(())
/// ```
#[derive(Debug, Clone)]
pub struct ScanIndex {
    profiles: Arc<Profiles>,
}

impl ScanIndex {
    /// A scan over these profiles.
    pub fn new(profiles: Arc<Profiles>) -> Self {
        Self { profiles }
    }
}

impl NeighbourIndex for ScanIndex {
    fn search(&self, search: &Search<'_>, scratch: &mut SearchScratch, found: &mut Neighbourhood) {
        all_candidates(&self.profiles, search.query, scratch);
        found.settle(search, &self.profiles, &mut scratch.candidates, Known::default());
    }
}

/// Makes every row a candidate.
pub(super) fn all_candidates(profiles: &Profiles, query: &EncodedProfile, scratch: &mut SearchScratch) {
    let SearchScratch { table, distances, candidates, .. } = scratch;
    all_distances(profiles, query, table, distances);
    candidates.clear();
    candidates.extend(distances.iter().zip(0..).map(|(&distance, row)| Candidate { distance, row }));
}

/// Computes the distance of every row.
fn all_distances(profiles: &Profiles, query: &EncodedProfile, table: &mut Vec<u32>, distances: &mut Vec<u32>) {
    distances.clear();
    distances.resize(profiles.n_rows(), 0);
    let attributes = profiles.encoder().attributes().iter().zip(&query.parts);
    for ((attribute, part), column) in attributes.zip(profiles.columns()) {
        attribute.distances(part, column.values(), table);
        match column.codes() {
            CodeColumn::U8(codes) => add(distances, table, codes),
            CodeColumn::U16(codes) => add(distances, table, codes),
            CodeColumn::U32(codes) => add(distances, table, codes),
        }
    }
}

/// Adds to each row's distance that of its code.
fn add<C: Copy + TryInto<usize>>(distances: &mut [u32], table: &[u32], codes: &[C]) {
    for (distance, &code) in distances.iter_mut().zip(codes) {
        // Every code fits into a usize.
        *distance += code.try_into().map_or(0, |code: usize| table[code]);
    }
}
