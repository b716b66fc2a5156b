//! linfa-nn's indexes behind the trait of this crate.
//!
//! linfa-nn breaks ties arbitrarily, answers without distances, and treats the boundary of a range differently from index
//! to index. On a whole-number grid this does no harm: the k nearest points give the k-th distance `d`, and the range
//! `d + 0.5` holds the same points whether or not it includes its boundary. Distances are then computed anew.
//!
//! `BallTree` is left out: a column whose median is its minimum, which one-hot columns have, makes it split off one point
//! at a time, and its recursion overflows the stack.

use std::fmt;
use std::sync::Arc;

use linfa_nn::distance::L1Dist;
use linfa_nn::{CommonNearestNeighbour, NearestNeighbour, NearestNeighbourIndex};
use ndarray::{Array2, ArrayView1};
use self_cell::self_cell;

use super::index::{Candidate, IndexError, IndexKind, NeighbourIndex, Search, SearchScratch};
use super::neighbourhood::{Known, Neighbourhood};
use crate::encode::{EncodedProfile, Profiles};

/// A k-d tree over one-hot columns can be as deep as it has columns, and linfa-nn builds and drops it recursively.
const MAX_COLUMNS: usize = 4096;
/// 4 GiB of `f32`.
const MAX_ENTRIES: usize = 1 << 30;

type Boxed<'m> = Box<dyn NearestNeighbourIndex<f32> + Send + Sync + 'm>;

self_cell! {
    /// linfa-nn's indexes borrow their matrix; here they are kept together with it.
    struct IndexWithMatrix {
        owner: Array2<f32>,
        #[not_covariant]
        dependent: Boxed,
    }
}

/// linfa-nn's `LinearSearch` or `KdTree` with the L1 distance, over a matrix of shape `(n_rows, n_columns)` that it owns.
///
/// ```
/// # use sebaya::prelude::*;
/// # let model = sebaya::example_world::model()?;
/// use std::sync::Arc;
/// use sebaya::internals::{Moved, LinfaIndex, NeighbourIndex, Neighbourhood, Search, SearchScratch};
///
/// let query = model.encoder().encode(&Profile::new().with("age", 31).with("province", "Bali"))?;
/// let (mut scratch, mut found) = (SearchScratch::default(), Neighbourhood::default());
/// for index in [LinfaIndex::linear(Arc::clone(model.profiles()))?, LinfaIndex::kd_tree(Arc::clone(model.profiles()))?] {
///     index.search(&Search { query: &query, k: 1, left_out: None, moved: &Moved::default(), appended: &[] }, &mut scratch, &mut found);
///     assert_eq!((found.radius(), found.n_boundary()), (0, 1));
/// }
/// # Ok::<(), sebaya::Error>(())
/// ```
pub struct LinfaIndex {
    profiles: Arc<Profiles>,
    kind: IndexKind,
    index: IndexWithMatrix,
}

impl LinfaIndex {
    /// linfa-nn's `LinearSearch`.
    ///
    /// # Errors
    ///
    /// [`IndexError::TooLarge`] when the matrix would have more than 4096 columns or 2^30 entries.
    pub fn linear(profiles: Arc<Profiles>) -> Result<Self, IndexError> {
        Self::new(profiles, IndexKind::Linear, &CommonNearestNeighbour::LinearSearch)
    }

    /// linfa-nn's `KdTree`.
    ///
    /// # Errors
    ///
    /// As [`LinfaIndex::linear`].
    pub fn kd_tree(profiles: Arc<Profiles>) -> Result<Self, IndexError> {
        Self::new(profiles, IndexKind::KdTree, &CommonNearestNeighbour::KdTree)
    }

    fn new(profiles: Arc<Profiles>, kind: IndexKind, algorithm: &CommonNearestNeighbour) -> Result<Self, IndexError> {
        let (rows, columns) = (profiles.n_rows(), profiles.encoder().n_columns());
        let too_large =
            IndexError::TooLarge { index: kind, rows, columns, max_columns: MAX_COLUMNS, max_entries: MAX_ENTRIES };
        if columns > MAX_COLUMNS || rows.saturating_mul(columns) > MAX_ENTRIES {
            return Err(too_large);
        }
        #[expect(clippy::cast_possible_truncation, reason = "below 2^30")]
        let matrix = profiles.matrix(0..rows as u32);
        let index = IndexWithMatrix::try_new(matrix, |matrix| algorithm.from_batch(matrix, L1Dist));
        // Only a matrix without columns and a leaf size of 0 are refused, and every attribute has a column.
        let index = index.map_err(|_| too_large)?;
        Ok(Self { profiles, kind, index })
    }

    /// The distance of a row's vector: a sum of whole numbers below 2^24, so it is exact.
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a whole number between 0 and 2^24")]
    fn distance(vector: &[f32], row: ArrayView1<'_, f32>) -> u32 {
        vector.iter().zip(row).map(|(a, b)| (a - b).abs()).sum::<f32>() as u32
    }
}

impl NeighbourIndex for LinfaIndex {
    fn search(&self, search: &Search<'_>, scratch: &mut SearchScratch, found: &mut Neighbourhood) {
        let SearchScratch { vector, candidates, .. } = scratch;
        write_vector(&self.profiles, search.query, vector);
        let point = ArrayView1::from(&vector[..]);
        // Every row has a member, but for those that may be left out.
        let wanted = search.k.min(search.indexed_voters(&self.profiles));
        let wanted = wanted.saturating_add(search.moved.n_rows() as u64 + u64::from(search.left_out.is_some()));
        let wanted = usize::try_from(wanted).unwrap_or(usize::MAX).min(self.profiles.n_rows());
        candidates.clear();
        self.index.with_dependent(|_, index| {
            let known = "the vector is made by the encoder of the matrix";
            let nearest = index.k_nearest(point, wanted).expect(known);
            let furthest = nearest.iter().map(|(row, _)| Self::distance(vector, row.reborrow())).max().unwrap_or(0);
            #[expect(clippy::cast_precision_loss, reason = "below 2^23, so a half is exact too")]
            let range = furthest as f32 + 0.5;
            let within = index.within_range(point, range).expect(known);
            #[expect(clippy::cast_possible_truncation, reason = "below 2^30 rows")]
            candidates.extend(
                within
                    .into_iter()
                    .map(|(point, row)| Candidate { distance: Self::distance(vector, point), row: row as u32 }),
            );
        });
        found.settle(search, &self.profiles, candidates, Known::default());
    }
}

fn write_vector(profiles: &Profiles, query: &EncodedProfile, vector: &mut Vec<f32>) {
    vector.clear();
    vector.resize(profiles.encoder().n_columns(), 0.0);
    profiles.encoder().write(query, vector);
}

impl fmt::Debug for LinfaIndex {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("LinfaIndex").field("kind", &self.kind).field("profiles", &self.profiles).finish_non_exhaustive()
    }
}
