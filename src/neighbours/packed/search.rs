//! A query.

use super::bound::Bound;
use super::bytes::{Bytes, Work};
use super::queue::{Item, Queue};
use super::scaled::Scaled;
use super::tables::Tables;
use super::{LANES, PackedIndex, Plane, kernel};
use crate::neighbours::index::{Candidate, NeighbourIndex, Search, SearchScratch};
use crate::neighbours::neighbourhood::{Known, Neighbourhood};
use crate::neighbours::scan;

/// With `k` above this share of the rows, every distance is computed.
const SCAN_SHARE: u64 = 4;

/// So many blocks are looked at together, so that their memory is fetched together.
const BATCH: usize = 8;

/// The first ones are fewer, as they lower the bound.
const FIRST_BATCH: usize = 4;

/// So many go through the tables at once.
const FEW: usize = 2;

/// Where all blocks are read, exact distances are computed of so many rows at once.
const GATHER: usize = 32;

/// Once this share of the blocks has been looked at, the others are in their order: that costs a fraction for each.
const GIVE_UP_SHARE: usize = 8;

/// The same once this many of ten blocks below expanded nodes were within the bound.
const GIVE_UP_OF_TEN: usize = 6;

/// Bytes are scaled anew when the bound has fallen below this many of them.
const RESCALE_BELOW: u32 = 112;

/// Memory that searches reuse.
#[derive(Debug, Clone, Default)]
pub(in crate::neighbours) struct PackedScratch {
    pub(super) tables: Tables,
    pub(super) scaled: Scaled,
    pub(super) bound: Bound,
    pub(super) queue: Queue,
    /// Rows whose distances are wanted.
    pub(super) rows: Vec<u32>,
    pub(super) distances: Vec<u32>,
}

impl NeighbourIndex for PackedIndex {
    fn search(&self, search: &Search<'_>, scratch: &mut SearchScratch, found: &mut Neighbourhood) {
        let wanted = search.k.min(search.indexed_voters(&self.profiles));
        let known = if wanted == 0 || wanted.saturating_mul(SCAN_SHARE) >= self.profiles.n_rows() as u64 {
            scan::all_candidates(&self.profiles, search.query, scratch);
            Known::default()
        } else {
            let SearchScratch { packed, candidates, .. } = scratch;
            let as_built = search.moved.is_empty() && search.left_out.is_none();
            self.instructions.run(Finder { index: self, search, wanted, as_built, scratch: packed, candidates })
        };
        found.settle(search, &self.profiles, &mut scratch.candidates, known);
    }
}

/// A search under way.
pub(super) struct Finder<'a> {
    pub(super) index: &'a PackedIndex,
    pub(super) search: &'a Search<'a>,
    /// How many members are wanted; there are as many.
    pub(super) wanted: u64,
    /// Whether every member counts, as nobody moved and nobody is left out.
    pub(super) as_built: bool,
    pub(super) scratch: &'a mut PackedScratch,
    pub(super) candidates: &'a mut Vec<Candidate>,
}

impl Work for Finder<'_> {
    type Done = Known;

    /// Finds all rows at most as far away as the `wanted`-th member, and some others.
    #[inline(always)]
    fn run(mut self, bytes: impl Bytes) -> Known {
        let PackedScratch { tables, .. } = self.scratch;
        tables.fill(&self.index.plan, &self.index.profiles, self.search.query);
        self.seed(bytes);
        if !self.by_rising_bound(bytes) {
            self.in_order(bytes);
        }
        let bound = &self.scratch.bound;
        self.candidates.retain(|candidate| candidate.distance <= bound.get());
        bound.known()
    }
}

impl Finder<'_> {
    /// Looks at blocks by rising lower bound; `false` when there are too many of them.
    #[inline(always)]
    fn by_rising_bound<B: Bytes>(&mut self, bytes: B) -> bool {
        let index = self.index;
        self.start_again();
        // The queue keeps its scale.
        let queue_shift = self.scratch.scaled.shift;
        let root = index.levels.len() - 1;
        self.scratch.queue.clear();
        self.scratch.queue.push(0, Item::Node(root, 0));
        let most = index.n_blocks() / GIVE_UP_SHARE;
        let (mut seen, mut children, mut within) = (0, 0, 0);
        let mut batch = [0; BATCH];
        loop {
            let mut n = 0;
            while n < if seen == 0 { FIRST_BATCH } else { BATCH } {
                let PackedScratch { queue, bound, scaled, .. } = &mut *self.scratch;
                match queue.pop((bound.get() >> queue_shift) as usize) {
                    Some(Item::Block(block)) => {
                        batch[n] = block;
                        n += 1;
                    }
                    Some(Item::Node(level, node)) => {
                        let limit = limit(bound, scaled);
                        let pushed = self.push_children(bytes, queue_shift, limit, level, node);
                        if level == 0 {
                            children += LANES;
                            within += pushed;
                        }
                    }
                    None => break,
                }
            }
            if n == 0 {
                return true;
            }
            seen += n;
            if seen > most || (children > most && within * 10 > children * GIVE_UP_OF_TEN) {
                return false;
            }
            let batch = &batch[..n];
            index.touch(batch);
            self.scratch.rows.clear();
            for few in batch.chunks(FEW) {
                let mut blocks = [few[0]; FEW];
                blocks[..few.len()].copy_from_slice(few);
                self.gather(bytes, blocks, few.len());
            }
            self.take();
            self.rescale();
        }
    }

    /// Looks at the blocks within the bound in their order.
    #[inline(always)]
    fn in_order<B: Bytes>(&mut self, bytes: B) {
        self.start_again();
        self.scratch.rows.clear();
        for node in 0..block_number(self.index.n_nodes(0)) {
            let PackedScratch { scaled, bound, .. } = &*self.scratch;
            let bounds = kernel::children(bytes, &self.index.plan, scaled, self.index.node(0, node));
            let mut within = bytes.within(bounds, limit(bound, scaled)) & self.index.children(0, node);
            while within != 0 {
                let (mut few, mut n) = ([0; FEW], 0);
                while n < FEW && within != 0 {
                    few[n] = node * block_number(LANES) + within.trailing_zeros();
                    n += 1;
                    within &= within - 1;
                }
                let first = few[0];
                few[n..].fill(first);
                self.gather(bytes, few, n);
                if self.scratch.rows.len() >= GATHER {
                    self.take();
                    self.rescale();
                    self.scratch.rows.clear();
                }
            }
        }
        self.take();
    }

    /// Puts the children of a node whose bounds are at most `limit` into the queue; how many they are.
    #[inline(always)]
    pub(super) fn push_children<B: Bytes>(
        &mut self,
        bytes: B,
        queue_shift: u32,
        limit: u8,
        level: usize,
        node: u32,
    ) -> usize {
        let PackedScratch { scaled, queue, .. } = &mut *self.scratch;
        let bounds = kernel::children(bytes, &self.index.plan, scaled, self.index.node(level, node));
        let mut within = bytes.within(bounds, limit) & self.index.children(level, node);
        let bounds = bytes.store(bounds);
        let pushed = within.count_ones() as usize;
        while within != 0 {
            let lane = within.trailing_zeros();
            within &= within - 1;
            let child = node * block_number(LANES) + lane;
            let item = if level == 0 { Item::Block(child) } else { Item::Node(level - 1, child) };
            queue.push(bounds.get(lane) >> (queue_shift - scaled.shift).min(7), item);
        }
        pushed
    }

    /// Adds the rows within the bound of the first `n` of these blocks to those whose distances are wanted.
    #[inline(always)]
    fn gather<B: Bytes>(&mut self, bytes: B, few: [u32; FEW], n: usize) {
        let PackedScratch { scaled, bound, rows, .. } = &mut *self.scratch;
        let mut blocks: [&[Plane]; FEW] = [&[]; FEW];
        for (planes, &block) in blocks.iter_mut().zip(&few) {
            *planes = self.index.block(block);
        }
        let bounds = kernel::rows(bytes, scaled, blocks);
        for (&block, bounds) in few.iter().zip(bounds).take(n) {
            let mut within = bytes.within(bounds, limit(bound, scaled)) & self.index.rows(block);
            while within != 0 {
                rows.push(block * block_number(LANES) + within.trailing_zeros());
                within &= within - 1;
            }
        }
    }

    /// Computes the distances that are wanted, and makes candidates of the rows within the bound.
    #[inline(always)]
    fn take(&mut self) {
        let PackedScratch { tables, rows, distances, .. } = &mut *self.scratch;
        self.index.touch_rest(rows);
        self.index.distances(tables, rows, distances);
        for at in 0..self.scratch.rows.len() {
            let (row, distance) = (self.scratch.rows[at], self.scratch.distances[at]);
            if distance <= self.scratch.bound.get() {
                self.candidates.push(Candidate { distance, row });
                let members = self.members(row);
                self.scratch.bound.add(distance, members);
            }
        }
    }

    /// Forgets the candidates, but not the bound.
    fn start_again(&mut self) {
        self.candidates.clear();
        let PackedScratch { bound, .. } = &mut *self.scratch;
        bound.restart(self.wanted, bound.get());
        self.scale();
    }

    /// How many members of a row count.
    #[inline(always)]
    pub(super) fn members(&self, row: u32) -> u64 {
        if self.as_built {
            self.index.profiles.members_of(row).into()
        } else {
            self.search.indexed_members(&self.index.profiles, row)
        }
    }

    /// Makes bytes of distances that tell the most up to the bound.
    #[inline(always)]
    pub(super) fn scale(&mut self) {
        let PackedScratch { tables, scaled, bound, .. } = &mut *self.scratch;
        scaled.fill(&self.index.plan, tables, bound.get());
    }

    /// The same, where it is worth it.
    #[inline(always)]
    fn rescale(&mut self) {
        let PackedScratch { scaled, bound, .. } = &*self.scratch;
        if scaled.shift > 0 && bound.get() >> scaled.shift < RESCALE_BELOW {
            self.scale();
        }
    }
}

/// The largest byte that is within the bound.
#[inline(always)]
fn limit(bound: &Bound, scaled: &Scaled) -> u8 {
    (bound.get() >> scaled.shift).to_le_bytes()[0]
}

/// Rows are numbered in `u32`, and so are blocks.
#[inline(always)]
#[expect(clippy::cast_possible_truncation, reason = "as the comment says")]
pub(super) fn block_number(n: usize) -> u32 {
    n as u32
}

impl PackedIndex {
    /// Asks for the memory of these blocks at once.
    #[inline(always)]
    pub(super) fn touch(&self, blocks: &[u32]) {
        let mut sum = 0;
        for &block in blocks {
            for plane in self.block(block) {
                sum ^= plane.0[0];
            }
        }
        std::hint::black_box(sum);
    }

    /// The same of the rest of the blocks of these rows, which come block by block, and of the counts of their members.
    #[inline(always)]
    pub(super) fn touch_rest(&self, rows: &[u32]) {
        let (mut sum, mut last) = (0, u32::MAX);
        for &row in rows {
            let block = row / block_number(LANES);
            if block != last {
                last = block;
                for plane in self.rest(block) {
                    sum ^= plane.0[0];
                }
            }
        }
        std::hint::black_box(sum);
    }
}
