//! A query.

use super::PackedIndex;
use super::queue::Queue;
use super::tables::Tables;
use crate::neighbours::index::{Candidate, NeighbourIndex, Search, SearchScratch};
use crate::neighbours::neighbourhood::{Known, Neighbourhood};
use crate::neighbours::scan;

/// With `k` above this share of the rows, every distance is computed.
const SCAN_SHARE: u64 = 4;

/// The same once this share of the rows has been looked at: then the tree does not tell rows apart, and looking at a node
/// costs more than computing a distance.
const GIVE_UP_SHARE: usize = 6;

/// Memory that searches reuse.
#[derive(Debug, Clone, Default)]
pub(in crate::neighbours) struct PackedScratch {
    tables: Tables,
    queue: Queue,
    /// Distances of a leaf's rows.
    leaf: Vec<u32>,
}

impl NeighbourIndex for PackedIndex {
    fn search(&self, search: &Search<'_>, scratch: &mut SearchScratch, found: &mut Neighbourhood) {
        let wanted = search.k.min(search.indexed_voters(&self.profiles));
        if wanted == 0
            || self.tree.levels.is_empty()
            || wanted.saturating_mul(SCAN_SHARE) >= self.profiles.n_rows() as u64
        {
            scan::all_candidates(&self.profiles, search.query, scratch);
            found.settle(search, &self.profiles, &mut scratch.candidates, Known::default());
        } else {
            if !self.nearest(search, wanted, scratch) {
                self.scan(search, wanted, scratch);
            }
            let known = scratch.packed.queue.known();
            found.settle(search, &self.profiles, &mut scratch.candidates, known);
        }
    }
}

impl PackedIndex {
    /// Finds all rows at most as far away as the `wanted`-th member, and some others; `false` when it gave up.
    fn nearest(&self, search: &Search<'_>, wanted: u64, scratch: &mut SearchScratch) -> bool {
        let SearchScratch { candidates, packed, .. } = scratch;
        let PackedScratch { tables, queue, leaf } = packed;
        tables.fill(&self.profiles, &self.tree, search.query);
        queue.restart(wanted, self.profiles.encoder().total_units());
        candidates.clear();

        let depths = self.tree.levels.len();
        let all = 0..u32::try_from(self.tree.levels[0].codes.len()).unwrap_or(u32::MAX);
        self.push_nodes(queue, tables, 0, all, 0, 0);
        let most = self.profiles.n_rows() / GIVE_UP_SHARE;
        let mut seen = 0;
        while let Some(node) = queue.pop() {
            seen += 1;
            if seen + queue.len() > most {
                return false;
            }
            let depth = usize::from(node.depth);
            let below = self.tree.levels[depth].below(node.node);
            if depth + 1 < depths {
                self.push_nodes(queue, tables, depth + 1, below, node.bound, node.exact);
                continue;
            }
            seen += below.len();
            leaf.clear();
            leaf.resize(below.len(), node.exact);
            tables.add_rest(&self.profiles, search.query, below.start as usize, leaf);
            for (row, &distance) in below.zip(leaf.iter()) {
                let members = search.indexed_members(&self.profiles, row);
                if queue.found(distance, members) {
                    candidates.push(Candidate { distance, row });
                }
            }
        }
        true
    }

    /// The same from every distance.
    fn scan(&self, search: &Search<'_>, wanted: u64, scratch: &mut SearchScratch) {
        let SearchScratch { table, distances, candidates, packed, .. } = scratch;
        scan::all_distances(&self.profiles, search.query, table, distances);
        packed.queue.restart(wanted, self.profiles.encoder().total_units());
        candidates.clear();
        for (row, &distance) in (0..).zip(distances.iter()) {
            if packed.queue.is_within(distance)
                && packed.queue.found(distance, search.indexed_members(&self.profiles, row))
            {
                candidates.push(Candidate { distance, row });
            }
        }
    }

    /// Puts nodes of a depth into the queue, whose parent has this bound and this exact part.
    fn push_nodes(
        &self,
        queue: &mut Queue,
        tables: &Tables,
        depth: usize,
        nodes: std::ops::Range<u32>,
        bound: u32,
        exact: u32,
    ) {
        let level = &self.tree.levels[depth];
        let is_exact = self.profiles.levels()[level.level].coarse.is_none();
        let table = &tables.levels[depth];
        let codes = &level.codes[nodes.start as usize..nodes.end as usize];
        for (node, &code) in nodes.zip(codes) {
            let distance = table[usize::from(code)];
            let exact = if is_exact { exact + distance } else { exact };
            // As many depths as levels, and a schema with 2^16 attributes is none.
            queue.push(bound + distance, exact, node, u16::try_from(depth).unwrap_or(u16::MAX));
        }
    }
}
