//! The first bound of a query: the k-th distance among some rows near it.

use super::bytes::Bytes;
use super::queue::Item;
use super::search::{Finder, PackedScratch, block_number};
use super::{LANES, Plane, kernel};
use crate::neighbours::index::Candidate;

/// The best blocks are looked at: so many rows for each one wanted.
const ROWS_A_WANTED: usize = 6;

/// And at least so many blocks.
const MIN_BLOCKS: usize = 4;

/// And at most so many.
const MAX_BLOCKS: usize = 64;

impl Finder<'_> {
    /// Finds a bound within which there are as many members as wanted.
    #[inline(always)]
    pub(super) fn seed<B: Bytes>(&mut self, bytes: B) {
        let index = self.index;
        // Distances beyond a quarter of the largest are all the same to it.
        let furthest = index.profiles.encoder().total_units() / 4;
        self.scratch.bound.restart(self.wanted, furthest);
        self.scale();
        let rows_wanted = self.rows_wanted();
        let n_best = rows_wanted.saturating_mul(ROWS_A_WANTED).div_ceil(LANES).clamp(MIN_BLOCKS, MAX_BLOCKS);
        let mut best = [0; MAX_BLOCKS];
        let n_best = self.nearest_blocks(bytes, &mut best[..n_best]);
        let members = self.best_rows(bytes, &best[..n_best], rows_wanted);
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
    fn best_rows<B: Bytes>(&mut self, bytes: B, best: &[u32], rows_wanted: usize) -> u64 {
        let index = self.index;
        index.touch(best);
        let mut counts = [0_usize; 1 << 8];
        let mut bounds = [Plane::ZERO; MAX_BLOCKS];
        for (&block, bounds) in best.iter().zip(&mut bounds) {
            let [lanes] = kernel::rows(bytes, &self.scratch.scaled, [index.block(block)]);
            *bounds = bytes.store(lanes);
            let n = index.rows(block).count_ones() as usize;
            bounds.0[..n].iter().for_each(|&bound| counts[usize::from(bound)] += 1);
        }
        // Some more than wanted, as lower bounds do not tell which are nearest.
        let enough = rows_wanted.saturating_add(rows_wanted / 8);
        let mut so_far = 0;
        let limit = counts.iter().position(|count| {
            so_far += count;
            so_far >= enough
        });
        let mut members = 0;
        for limit in [limit.and_then(|limit| u8::try_from(limit).ok()).unwrap_or(u8::MAX), u8::MAX] {
            self.scratch.rows.clear();
            for (&block, bounds) in best.iter().zip(&bounds) {
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
