//! The default index: exact, and faster than approximate search.
//!
//! A profile is a handful of small codes, and rows are sorted so that those alike lie together ([`Profiles`] does that).
//! This index lays a tree over the sorted rows. A node at depth `d` is the run of rows that share the coarse codes of the
//! first `d` levels, so the distances in those levels add up to a lower bound for all rows below it, and mostly to a part
//! of their exact distance.
//!
//! A query first computes, for each attribute, a table from code to distance (`tables.rs`). Then it takes nodes by rising
//! lower bound from a queue of buckets (`queue.rs`). An inner node puts its children into the queue, a leaf computes the
//! exact distances of its few rows. Members are counted by the bucket of their distance; as soon as `k` of them are known
//! below some bucket, nothing beyond that bucket matters any more, and the search ends when the queue has nothing below it.
//! What was found then holds all rows up to the k-th distance, ties included.
//!
//! With few rows a `k`, or a `k` of nearly all, that would be more work than computing every distance, so it is not done.
//!
//! | file | |
//! | --- | --- |
//! | `tree.rs` | the tree, built once |
//! | `tables.rs` | the distances of one query, attribute by attribute |
//! | `queue.rs` | what to look at next, and when to stop |
//! | `search.rs` | a query |
//!
//! Nothing here is written by a search but its scratch space, so searches run in parallel without locks.

mod queue;
mod search;
mod tables;
mod tree;

use std::sync::Arc;

use tree::Tree;

use crate::encode::Profiles;

pub(super) use search::PackedScratch;

/// A tree over the sorted profiles, searched by rising lower bound. It keeps 6 bytes a node, besides the profiles that it
/// shares with the model, and adds levels until a node has few rows.
///
/// ```
/// # use std::sync::Arc;
/// # use sebaya::{Amount, Course, Profile, Recommender, Schema, TrainingSet};
/// # let mut data = TrainingSet::builder(Schema::new().categorical("province"));
/// # data.course(Course::new("excel", Amount(250_000)))?;
/// # data.participant("ani", Profile::new().with("province", "Bali"))?.purchase("ani", "excel")?;
/// # let model = Recommender::params().fit(&data.build()?)?;
/// use sebaya::{Moved, NeighbourIndex, Neighbourhood, PackedIndex, Search, SearchScratch};
///
/// let index = PackedIndex::new(Arc::clone(model.profiles()));
/// let query = model.encoder().encode(&Profile::new())?;
/// let (mut scratch, mut found) = (SearchScratch::default(), Neighbourhood::default());
/// index.search(&Search { query: &query, k: 300, left_out: None, moved: &Moved::default(), appended: &[] }, &mut scratch, &mut found);
/// assert_eq!((found.k(), found.n_inside()), (1, 1));
/// # Ok::<(), sebaya::Error>(())
/// ```
#[derive(Debug, Clone)]
pub struct PackedIndex {
    profiles: Arc<Profiles>,
    tree: Tree,
}

impl PackedIndex {
    /// Lays the tree over these profiles.
    pub fn new(profiles: Arc<Profiles>) -> Self {
        let tree = Tree::new(&profiles);
        Self { profiles, tree }
    }

    /// The bytes of the tree. The profiles that it shares are not counted.
    pub fn bytes(&self) -> usize {
        self.tree.bytes()
    }
}
