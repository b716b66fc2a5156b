//! The first bound of a query: the k-th distance among some rows near it.

use super::bytes::Bytes;
use super::queue::Item;
use super::search::{Finder, PackedScratch, block_number};
use super::{LANES, Plane, kernel};
use crate::neighbours::index::Candidate;

/// The best blocks are looked at: so many rows for each one wanted.
const ROWS_A_WANTED: usize = 6;

/// And at least so many blocks.
const MIN_BLOCKS: usize = 10;

/// And at most so many.
const MAX_BLOCKS: usize = 64;

/// Bytes stand for distances up to these shares of the largest one, the second where all blocks are beyond the first.
const SHARES: [u32; 2] = [16, 1];

/// Bytes are made anew where the nearest rows have bounds below this, as they hardly tell these apart.
const COARSE: u8 = 64;

impl Finder<'_> {
    /// Finds a bound within which there are as many members as wanted.
    #[inline(always)]
    pub(super) fn seed<B: Bytes>(&mut self, bytes: B) {
        let index = self.index;
        let n_best = self.rows_wanted().saturating_mul(ROWS_A_WANTED).div_ceil(LANES).clamp(MIN_BLOCKS, MAX_BLOCKS);
        let mut best = [0; MAX_BLOCKS];
        let mut n = 0;
        for share in SHARES {
            self.scale_to(index.profiles.encoder().total_units() / share);
            n = self.nearest_blocks(bytes, &mut best[..n_best]);
            if !self.scratch.queue.has_saturated() {
                break;
            }
        }
        let members = self.best_rows(bytes, &best[..n]);
        if members < self.wanted {
            self.take_from(best[0] / block_number(LANES));
        }
        let furthest = self.candidates.iter().map(|candidate| candidate.distance).max().unwrap_or(0);
        self.scratch.bound.restart(self.wanted, furthest);
        for at in 0..self.candidates.len() {
            let Candidate { distance, row } = self.candidates[at];
            if distance <= self.scratch.bound.get() {
                let members = self.members(row);
                self.scratch.bound.add(distance, members);
            }
        }
    }

    /// Makes bytes for distances up to about this one.
    #[inline(always)]
    fn scale_to(&mut self, furthest: u32) {
        self.scratch.bound.restart(self.wanted, furthest);
        self.scale();
    }

    /// Finds the blocks with the least lower bounds; how many they are.
    #[inline(always)]
    fn nearest_blocks<B: Bytes>(&mut self, bytes: B, best: &mut [u32]) -> usize {
        self.scratch.queue.clear();
        self.scratch.queue.push(0, Item::Node(self.index.levels.len() - 1, 0));
        let mut n = 0;
        while n < best.len() {
            match self.scratch.queue.pop(usize::from(u8::MAX)) {
                Some(Item::Block(block)) => {
                    best[n] = block;
                    n += 1;
                }
                Some(Item::Node(level, node)) => {
                    self.push_children(bytes, self.scratch.scaled.shift, u8::MAX, level, node);
                }
                None => break,
            }
        }
        n
    }

    /// How many rows have about as many members as are wanted.
    fn rows_wanted(&self) -> usize {
        let profiles = &self.index.profiles;
        let rows = u128::from(self.wanted) * profiles.n_rows() as u128 / u128::from(profiles.n_members().max(1));
        usize::try_from(rows).unwrap_or(usize::MAX).saturating_add(1)
    }

    /// Makes candidates of the rows with the least lower bounds of these blocks; how many members they have.
    #[inline(always)]
    fn best_rows<B: Bytes>(&mut self, bytes: B, best: &[u32]) -> u64 {
        let index = self.index;
        index.touch(best);
        let (mut bounds, mut counts) = ([Plane::ZERO; MAX_BLOCKS], [Plane::ZERO; MAX_BLOCKS]);
        let (bounds, counts) = (&mut bounds[..best.len()], &mut counts[..best.len()]);
        for (counts, &block) in counts.iter_mut().zip(best) {
            let first = block as usize * LANES;
            let members = index.profiles.small_counts(first..first + LANES);
            counts.0[..members.len()].copy_from_slice(members);
        }
        let mut limit = self.limit_of(bytes, best, bounds, counts);
        if limit == u8::MAX {
            self.scale_to(index.profiles.encoder().total_units());
            limit = self.limit_of(bytes, best, bounds, counts);
        }
        if limit < COARSE {
            // With bytes for distances up to about twice that, they tell rows apart.
            self.scale_to((u32::from(limit) * 2 + 2) << self.scratch.scaled.shift);
            limit = self.limit_of(bytes, best, bounds, counts);
        }
        let mut members = 0;
        for limit in [limit, u8::MAX] {
            self.scratch.rows.clear();
            for (&block, bounds) in best.iter().zip(&*bounds) {
                let mut near = bytes.within(bytes.load(bounds), limit) & index.rows(block);
                while near != 0 {
                    self.scratch.rows.push(block * block_number(LANES) + near.trailing_zeros());
                    near &= near - 1;
                }
            }
            self.candidates.clear();
            members = self.take_rows();
            if members >= self.wanted {
                break;
            }
        }
        members
    }

    /// Puts lower bounds of the rows of these blocks into `bounds`. Answers with the least byte within which they have some
    /// more members than wanted, as lower bounds do not tell which are nearest; the largest one where they are too few.
    #[inline(always)]
    fn limit_of<B: Bytes>(&self, bytes: B, best: &[u32], bounds: &mut [Plane], counts: &[Plane]) -> u8 {
        for (&block, bounds) in best.iter().zip(&mut *bounds) {
            let [lanes] = kernel::rows(bytes, &self.scratch.scaled, [self.index.block(block)]);
            *bounds = bytes.store(lanes);
        }
        let enough = self.wanted.saturating_add(self.wanted / 8);
        // The largest byte within which they are not enough, bit by bit.
        let mut below = 0;
        if bytes.sum_within(bounds, 0, counts) >= enough {
            return 0;
        }
        for bit in (0..u8::BITS).rev() {
            let limit = below | 1 << bit;
            if bytes.sum_within(bounds, limit, counts) < enough {
                below = limit;
            }
        }
        below.saturating_add(1)
    }

    /// Makes candidates of all rows below a node, and of those below the nodes after it, until they are enough.
    fn take_from(&mut self, node: u32) {
        self.candidates.clear();
        let (mut members, n_nodes) = (0, block_number(self.index.n_nodes(0)));
        for node in (node..n_nodes).chain(0..node) {
            for lane in 0..self.index.children(0, node).count_ones() {
                let block = node * block_number(LANES) + lane;
                let lanes = 0..self.index.rows(block).count_ones();
                self.scratch.rows.clear();
                self.scratch.rows.extend(lanes.map(|lane| block * block_number(LANES) + lane));
                members += self.take_rows();
            }
            if members >= self.wanted {
                break;
            }
        }
    }

    /// Makes candidates of the rows that are wanted and have members, and counts these.
    #[inline(always)]
    fn take_rows(&mut self) -> u64 {
        let PackedScratch { tables, rows, distances, .. } = &mut *self.scratch;
        self.index.touch_rest(rows);
        self.index.distances(tables, rows, distances);
        let mut all = 0;
        for at in 0..self.scratch.rows.len() {
            let (row, distance) = (self.scratch.rows[at], self.scratch.distances[at]);
            let members = self.members(row);
            if members > 0 {
                self.candidates.push(Candidate { distance, row });
                all += members;
            }
        }
        all
    }
}
