//! The default index: exact, and fast whether a few attributes decide or many.
//!
//! Rows lie in the order that `encode/cluster.rs` gives them, in which rows alike lie together. Every 64 of them are a
//! *block*. A block has one *plane* of 64 bytes, one for each row, for each piece of a profile (`plan.rs`): two numbers
//! below 16 for small attributes, a class of values, a category or a position on a line. A *node* sums up 64 blocks or
//! nodes in planes as well: which values occur below each, or the least and the largest position.
//!
//! A query makes tables of bytes (`tables.rs`), distances divided by a power of two and rounded down. Sums of these bytes
//! are lower bounds of 64 rows or children at once (`kernel.rs`, in the instructions of `bytes/`). The search (`search.rs`)
//! goes from the root to the blocks by rising lower bound, and computes exact distances (`exact.rs`) of those rows only
//! whose bound is within the k-th distance so far (`bound.rs`). Where that leaves too many blocks, it reads all of them in
//! their order, which costs a fraction for each.
//!
//! # What it needs of a distance
//!
//! A distance is a sum over attributes, and each attribute gives a table: the distance from the query's value to every
//! value of its dictionary. Nothing else is used: not that the distance is a metric, nor that it is 0 for equal values
//! only. Planes of categories and of positions are shortcuts for tables of a known form, one value of which is nearer than
//! all others, or which grow with the difference of two positions; an attribute whose tables have no such form goes into
//! numbers below 16 or into classes.
//!
//! | file | |
//! | --- | --- |
//! | `plan.rs`, `postings.rs` | which attribute goes into which plane |
//! | `blocks.rs`, `nodes.rs` | the planes of rows, and those of their summaries; built once |
//! | `tables.rs`, `scaled.rs` | the distances of one query, in units and in bytes |
//! | `bytes/` | operations on 64 bytes, for each instruction set |
//! | `kernel.rs` | lower bounds of 64 rows or children |
//! | `exact.rs` | exact distances of a few rows |
//! | `queue.rs`, `bound.rs` | what to look at next, and when to stop |
//! | `seed.rs`, `search.rs` | a query |
//!
//! Nothing here is written by a search but its scratch space, so searches run in parallel without locks.

#![allow(clippy::inline_always, reason = "pulp compiles for other instructions only what is inlined into its call")]

mod blocks;
mod bound;
mod bytes;
mod exact;
mod kernel;
mod nodes;
mod plan;
mod postings;
mod queue;
mod scaled;
mod search;
mod seed;
mod tables;
#[cfg(test)]
mod tests;

use std::sync::Arc;

use bytes::Instructions;
use plan::Plan;

use crate::encode::Profiles;

pub(super) use search::PackedScratch;

/// So many rows make a block, and so many blocks or nodes a node.
const LANES: usize = 64;

/// One byte of each of 64 rows, or of 64 children of a node.
#[derive(Debug, Clone, Copy)]
#[repr(C, align(64))]
struct Plane([u8; LANES]);

impl Plane {
    const ZERO: Self = Self([0; LANES]);
    const ONE: Self = Self([1; LANES]);

    /// The byte of a lane, which is taken modulo their number.
    #[inline(always)]
    fn get(&self, lane: u32) -> u8 {
        self.0[lane as usize % LANES]
    }
}

/// Blocks of rows in byte planes under a tree. It keeps some 10 bytes a row for ten attributes, besides the profiles that
/// it shares with the model.
///
/// ```
/// # use std::sync::Arc;
/// # use sebaya::{Amount, Course, Profile, Recommender, Schema, TrainingSet};
/// # let mut data = TrainingSet::builder(Schema::new().categorical("province"));
/// # data.course(Course::new("excel", Amount(250_000)))?;
/// # data.participant("ani", Profile::new().with("province", "Bali"))?.purchase("ani", "excel")?;
/// # let model = Recommender::params().fit(&data.build()?)?;
/// use sebaya::internals::{Moved, NeighbourIndex, Neighbourhood, PackedIndex, Search, SearchScratch};
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
    instructions: Instructions,
    plan: Plan,
    /// `plan.n_planes` for each block: what lower bounds are made of.
    blocks: Vec<Plane>,
    /// `plan.n_rest` for each block: what else exact distances need.
    rest: Vec<Plane>,
    /// `plan.n_summary` for each node; first the nodes over blocks, last the root alone.
    levels: Vec<Vec<Plane>>,
}

impl PackedIndex {
    /// Lays out these profiles.
    pub fn new(profiles: Arc<Profiles>) -> Self {
        Self::with(profiles, Instructions::best())
    }

    fn with(profiles: Arc<Profiles>, instructions: Instructions) -> Self {
        let plan = Plan::new(&profiles);
        let (blocks, rest) = blocks::of(&plan, &profiles);
        let levels = nodes::levels(&plan, &blocks, profiles.n_rows());
        Self { profiles, instructions, plan, blocks, rest, levels }
    }

    /// The bytes of all planes. The profiles that it shares are not counted.
    pub fn bytes(&self) -> usize {
        LANES * (self.blocks.len() + self.rest.len() + self.levels.iter().map(Vec::len).sum::<usize>())
    }

    #[inline(always)]
    fn block(&self, block: u32) -> &[Plane] {
        &self.blocks[block as usize * self.plan.n_planes..][..self.plan.n_planes]
    }

    #[inline(always)]
    fn rest(&self, block: u32) -> &[Plane] {
        &self.rest[block as usize * self.plan.n_rest..][..self.plan.n_rest]
    }

    #[inline(always)]
    fn node(&self, level: usize, node: u32) -> &[Plane] {
        &self.levels[level][node as usize * self.plan.n_summary..][..self.plan.n_summary]
    }

    fn n_blocks(&self) -> usize {
        self.profiles.n_rows().div_ceil(LANES)
    }

    fn n_nodes(&self, level: usize) -> usize {
        self.levels[level].len() / self.plan.n_summary
    }

    /// Which lanes of a block are rows.
    #[inline(always)]
    fn rows(&self, block: u32) -> u64 {
        first_lanes(self.profiles.n_rows() - block as usize * LANES)
    }

    /// Which lanes of a node are children.
    #[inline(always)]
    fn children(&self, level: usize, node: u32) -> u64 {
        let below = if level == 0 { self.n_blocks() } else { self.n_nodes(level - 1) };
        first_lanes(below - node as usize * LANES)
    }
}

/// Bits of the first `n` lanes.
#[inline(always)]
fn first_lanes(n: usize) -> u64 {
    if n >= LANES { u64::MAX } else { (1 << n) - 1 }
}
