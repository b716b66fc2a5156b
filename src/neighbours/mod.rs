//! Who is like this participant: exact nearest-neighbour search, with ties shared.
//!
//! An index knows vectors and rows and nothing of courses. Whatever the index, the answer is the same [`Neighbourhood`]:
//! all rows inside the k-th distance and all rows on it.
//!
//! | file | |
//! | --- | --- |
//! | `index.rs` | [`NeighbourIndex`], the trait; [`IndexKind`], the choice |
//! | `moved.rs` | [`Moved`]: members that rows won or lost since an index was built |
//! | `neighbourhood.rs` | [`Neighbourhood`], and how candidates become one |
//! | `packed/` | the default: a tree over the sorted profiles |
//! | `scan.rs` | the plain scan, the oracle of all others |
//! | `linfa.rs` | linfa-nn's `LinearSearch` and `KdTree` |

mod index;
#[cfg(feature = "linfa-nn")]
mod linfa;
mod moved;
mod neighbourhood;
mod packed;
mod scan;

pub use index::{Appended, IndexError, IndexKind, NeighbourIndex, Search, SearchScratch};
#[cfg(feature = "linfa-nn")]
pub use linfa::LinfaIndex;
pub use moved::Moved;
pub use neighbourhood::Neighbourhood;
pub use packed::PackedIndex;
pub use scan::ScanIndex;
