//! What every index answers, and which index to take.

use std::fmt;
use std::str::FromStr;
use std::sync::Arc;

use serde::{Deserialize, Serialize};
use thiserror::Error;

#[cfg(feature = "linfa-nn")]
use super::LinfaIndex;
use super::packed::{PackedIndex, PackedScratch};
use super::{Moved, Neighbourhood, ScanIndex};
use crate::encode::{EncodedProfile, Profiles};
use crate::store::Echo;

/// One search: the profile, the number of neighbours, and what changed since the index was built.
///
/// ```
/// # use sebaya::prelude::*;
/// # let model = sebaya::example_world::model()?;
/// use sebaya::IndexKind;
/// use sebaya::internals::{Moved, Neighbourhood, Search, SearchScratch};
///
/// let index = IndexKind::Packed.build(model.profiles())?;
/// let query = model.encoder().encode(&Profile::new().with("age", 24))?;
/// let mut found = Neighbourhood::default();
/// index.search(&Search { query: &query, k: 1, left_out: None, moved: &Moved::default(), appended: &[] }, &mut SearchScratch::default(), &mut found);
/// assert_eq!((found.n_inside(), found.n_boundary()), (0, 1));
/// # Ok::<(), sebaya::Error>(())
/// ```
#[derive(Debug, Clone, Copy)]
pub struct Search<'q> {
    /// The profile whose neighbours are wanted.
    pub query: &'q EncodedProfile,
    /// How many past participants are wanted, at least 1.
    pub k: u64,
    /// The row of a member that does not count: the querying participant.
    pub left_out: Option<u32>,
    /// Members that rows gained or lost since the index was built.
    pub moved: &'q Moved,
    /// Profiles that came after the index was built. They are compared one by one, so merge them into a new index when they
    /// become many. The first one is row [`Profiles::first_free_row`].
    pub appended: &'q [Appended],
}

/// A profile that is not in an index, and the past participants who share it.
///
/// ```
/// # let model = sebaya::example_world::model()?;
/// use sebaya::{IndexKind, Profile};
/// use sebaya::internals::{Appended, Moved, Neighbourhood, Search, SearchScratch};
///
/// let query = model.encoder().encode(&Profile::new().with("age", 55).with("province", "Aceh"))?;
/// let appended = [Appended { profile: query.clone().into(), members: 3 }];
/// let index = IndexKind::Packed.build(model.profiles())?;
/// let mut found = Neighbourhood::default();
/// let search = Search { query: &query, k: 2, left_out: None, moved: &Moved::default(), appended: &appended };
/// index.search(&search, &mut SearchScratch::default(), &mut found);
/// assert_eq!((found.radius(), found.n_boundary()), (0, 3));
/// assert_eq!(found.boundary(), [model.profiles().first_free_row()]);
/// # Ok::<(), sebaya::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Appended {
    /// The profile, from the encoder of the index.
    pub profile: Arc<EncodedProfile>,
    /// How many past participants have it; 0 when all of them have left.
    pub members: u32,
}

impl Search<'_> {
    /// How many members of a row count.
    pub(crate) fn members(&self, profiles: &Profiles, row: u32) -> u64 {
        match row.checked_sub(profiles.first_free_row()) {
            None => self.indexed_members(profiles, row),
            Some(at) => {
                let members = u64::from(self.appended[at as usize].members);
                members.saturating_sub(u64::from(self.left_out == Some(row)))
            }
        }
    }

    /// The same of a row of the index.
    pub(super) fn indexed_members(&self, profiles: &Profiles, row: u32) -> u64 {
        let members = u64::from(profiles.members_of(row));
        members.saturating_add_signed(self.moved.of(row)).saturating_sub(u64::from(self.left_out == Some(row)))
    }

    /// How many members of the index count.
    pub(super) fn indexed_voters(&self, profiles: &Profiles) -> u64 {
        // A row without members has nobody to leave out, and an appended row is not in the index.
        let left_out = self.left_out.is_some_and(|row| (row as usize) < profiles.n_rows());
        profiles.n_members().saturating_add_signed(self.moved.net()).saturating_sub(u64::from(left_out))
    }
}

/// An exact nearest-neighbour search over the rows of [`Profiles`].
///
/// Every implementation finds all rows at most as far away as the k-th nearest member, so all give the same answer.
///
/// ```
/// # let model = sebaya::example_world::model()?;
/// use sebaya::{IndexKind, Profile};
/// use sebaya::internals::{Moved, Neighbourhood, Search, SearchScratch};
///
/// let query = model.encoder().encode(&Profile::new().with("age", 31).with("province", "Bali"))?;
/// let search = Search { query: &query, k: 2, left_out: None, moved: &Moved::default(), appended: &[] };
/// let (mut scratch, mut found) = (SearchScratch::default(), Neighbourhood::default());
/// for kind in IndexKind::ALL {
///     kind.build(model.profiles())?.search(&search, &mut scratch, &mut found);
///     // The profile is budi's. The one after it is at the radius.
///     assert_eq!((found.n_inside(), found.n_boundary()), (1, 1));
/// }
/// # Ok::<(), sebaya::Error>(())
/// ```
pub trait NeighbourIndex: fmt::Debug + Send + Sync {
    /// Finds the neighbourhood of a profile. `scratch` is memory to be reused from search to search.
    fn search(&self, search: &Search<'_>, scratch: &mut SearchScratch, found: &mut Neighbourhood);
}

/// Memory that searches reuse.
///
/// ```
/// // One for each thread, used for any number of searches over any index.
/// let scratch = sebaya::internals::SearchScratch::default();
/// # let _ = scratch;
/// ```
#[derive(Debug, Clone, Default)]
pub struct SearchScratch {
    /// Distances of one attribute's values.
    pub(super) table: Vec<u32>,
    /// Distances of rows.
    pub(super) distances: Vec<u32>,
    /// Rows that may belong to the answer, with their distances.
    pub(super) candidates: Vec<Candidate>,
    /// The query's vector.
    #[cfg(feature = "linfa-nn")]
    pub(super) vector: Vec<f32>,
    pub(super) packed: PackedScratch,
}

/// A row and its distance.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Candidate {
    pub(super) distance: u32,
    pub(super) row: u32,
}

/// Which index to search with. The answers are the same.
///
/// ```
/// use sebaya::IndexKind;
///
/// assert_eq!("kdtree".parse(), Ok(IndexKind::KdTree));
/// assert_eq!(IndexKind::default(), IndexKind::Auto);
/// ```
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
#[non_exhaustive]
pub enum IndexKind {
    /// The fastest one, which is [`PackedIndex`].
    #[default]
    Auto,
    /// [`PackedIndex`]: a tree over the sorted profiles.
    Packed,
    /// [`ScanIndex`]: every distance, every time.
    Scan,
    /// linfa-nn's `LinearSearch`, with the feature `linfa-nn`.
    Linear,
    /// linfa-nn's `KdTree`, with the feature `linfa-nn`.
    KdTree,
}

impl IndexKind {
    /// All kinds that can be built: with the feature `linfa-nn` all that there are.
    ///
    /// ```
    /// for kind in sebaya::IndexKind::ALL {
    ///     assert_eq!(kind.name().parse(), Ok(kind));
    /// }
    /// ```
    #[cfg(feature = "linfa-nn")]
    pub const ALL: [Self; 5] = [Self::Auto, Self::Packed, Self::Scan, Self::Linear, Self::KdTree];
    /// All kinds that can be built.
    #[cfg(not(feature = "linfa-nn"))]
    pub const ALL: [Self; 3] = [Self::Auto, Self::Packed, Self::Scan];

    /// Builds an index over these profiles.
    ///
    /// # Errors
    ///
    /// * [`IndexError::NotBuiltIn`] for linfa-nn's indexes without the feature `linfa-nn`;
    /// * [`IndexError::TooLarge`] when they would need a matrix that is too large.
    pub fn build(self, profiles: &Arc<Profiles>) -> Result<Box<dyn NeighbourIndex>, IndexError> {
        let profiles = Arc::clone(profiles);
        if matches!(self, Self::Linear | Self::KdTree) && profiles.encoder().is_learned() {
            return Err(IndexError::NoMetric { index: self });
        }
        Ok(match self {
            Self::Auto | Self::Packed => Box::new(PackedIndex::new(profiles)),
            Self::Scan => Box::new(ScanIndex::new(profiles)),
            #[cfg(not(feature = "linfa-nn"))]
            Self::Linear | Self::KdTree => return Err(IndexError::NotBuiltIn { index: self }),
            #[cfg(feature = "linfa-nn")]
            Self::Linear => Box::new(LinfaIndex::linear(profiles)?),
            #[cfg(feature = "linfa-nn")]
            Self::KdTree => Box::new(LinfaIndex::kd_tree(profiles)?),
        })
    }

    /// Its name on a command line.
    pub fn name(self) -> &'static str {
        match self {
            Self::Auto => "auto",
            Self::Packed => "packed",
            Self::Scan => "scan",
            Self::Linear => "linear",
            Self::KdTree => "kdtree",
        }
    }
}

impl fmt::Display for IndexKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

impl FromStr for IndexKind {
    type Err = IndexError;

    fn from_str(name: &str) -> Result<Self, IndexError> {
        let kind = Self::ALL.into_iter().chain([Self::Linear, Self::KdTree]).find(|kind| kind.name() == name);
        kind.ok_or_else(|| IndexError::UnknownName { name: name.to_owned() })
    }
}

/// Why there is no index.
///
/// ```
/// let error = "balltree".parse::<sebaya::IndexKind>().unwrap_err();
/// assert!(error.to_string().starts_with("\"balltree\" is none of the indexes auto, packed, scan"));
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum IndexError {
    /// No index has this name.
    #[error("{} is none of the indexes {}", Echo(name), IndexKind::ALL.map(IndexKind::name).join(", "))]
    UnknownName {
        /// The name.
        name: String,
    },
    /// linfa-nn's indexes search by a metric of vectors, and the learned distance is none.
    #[error("the {index} index needs a metric, and the learned distance is none; take auto, packed or scan")]
    NoMetric {
        /// Which index.
        index: IndexKind,
    },
    /// The crate was built without it.
    #[error("the {index} index is linfa-nn's, and the crate was built without its feature linfa-nn")]
    NotBuiltIn {
        /// Which index.
        index: IndexKind,
    },
    /// The matrix would be too large.
    #[error(
        "the {index} index wants a matrix of {rows} rows and {columns} columns, and takes {max_columns} columns and \
         {max_entries} entries at the most; the other indexes need no matrix"
    )]
    TooLarge {
        /// Which index.
        index: IndexKind,
        /// Distinct profiles.
        rows: usize,
        /// Columns of the vectors.
        columns: usize,
        /// The most columns it takes.
        max_columns: usize,
        /// The most entries it takes.
        max_entries: usize,
    },
}
