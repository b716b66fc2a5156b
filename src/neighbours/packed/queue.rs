//! What to look at next, and when to stop.

use crate::neighbours::neighbourhood::Known;

/// Distances are put into so many buckets.
const BUCKETS: usize = 4096;

/// No entry.
const NONE: u32 = u32::MAX;

/// A node whose rows are at least `bound` away; the levels so far make `exact` units of their distance.
#[derive(Debug, Clone, Copy)]
pub(super) struct Entry {
    pub(super) bound: u32,
    pub(super) exact: u32,
    pub(super) node: u32,
    pub(super) depth: u16,
    next: u32,
}

/// Nodes by the bucket of their bound, and members by the bucket of their distance.
///
/// Bounds never fall from a node to its children, so the cursor only moves on.
#[derive(Debug, Clone)]
pub(super) struct Queue {
    heads: Vec<u32>,
    entries: Vec<Entry>,
    cursor: usize,
    /// Members whose distance lies in each bucket up to the limit.
    members: Vec<u64>,
    /// All of those, in buckets up to the limit.
    within: u64,
    limit: usize,
    wanted: u64,
    /// Distances are divided by `2^shift`.
    shift: u32,
}

impl Default for Queue {
    fn default() -> Self {
        Self {
            heads: vec![NONE; BUCKETS],
            entries: Vec::new(),
            cursor: 0,
            members: vec![0; BUCKETS],
            within: 0,
            limit: BUCKETS - 1,
            wanted: 0,
            shift: 0,
        }
    }
}

impl Queue {
    /// Empties it for a search of `wanted` members among distances up to about `largest`.
    pub(super) fn restart(&mut self, wanted: u64, largest: u32) {
        self.heads.fill(NONE);
        self.members.fill(0);
        self.entries.clear();
        (self.cursor, self.within, self.limit, self.wanted) = (0, 0, BUCKETS - 1, wanted);
        // Distances beyond the largest, of which there may be a few units, share the last bucket.
        self.shift = (u32::BITS - largest.leading_zeros()).saturating_sub(BUCKETS.ilog2());
    }

    fn bucket(&self, distance: u32) -> usize {
        ((distance >> self.shift) as usize).min(BUCKETS - 1)
    }

    /// Puts a node in, unless it lies beyond the limit.
    pub(super) fn push(&mut self, bound: u32, exact: u32, node: u32, depth: u16) {
        let bucket = self.bucket(bound);
        if bucket <= self.limit {
            // No tree has 2^32 nodes, as they are numbered in u32.
            let number = u32::try_from(self.entries.len()).unwrap_or(NONE);
            self.entries.push(Entry { bound, exact, node, depth, next: self.heads[bucket] });
            self.heads[bucket] = number;
        }
    }

    /// Takes a node of the lowest bucket; none when all within the limit are done.
    pub(super) fn pop(&mut self) -> Option<Entry> {
        while self.cursor <= self.limit {
            let head = self.heads[self.cursor];
            if let Some(&entry) = self.entries.get(head as usize) {
                self.heads[self.cursor] = entry.next;
                return Some(entry);
            }
            self.cursor += 1;
        }
        None
    }

    /// How many members were found below the limit's bucket: fewer than wanted.
    pub(super) fn known(&self) -> Known {
        // The limit is below the number of buckets.
        let distance = u32::try_from(self.limit).unwrap_or(0) << self.shift;
        Known { distance, members: self.within - self.members[self.limit] }
    }

    /// How many nodes were put in.
    pub(super) fn len(&self) -> usize {
        self.entries.len()
    }

    /// Whether a distance still matters.
    pub(super) fn is_within(&self, distance: u32) -> bool {
        self.bucket(distance) <= self.limit
    }

    /// Counts members at a distance, and lowers the limit where enough are known below it; whether they are within it.
    pub(super) fn found(&mut self, distance: u32, members: u64) -> bool {
        let bucket = self.bucket(distance);
        if bucket > self.limit {
            return false;
        }
        self.members[bucket] += members;
        self.within += members;
        while self.within - self.members[self.limit] >= self.wanted {
            self.within -= self.members[self.limit];
            self.limit -= 1;
        }
        true
    }
}
