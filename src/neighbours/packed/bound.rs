//! How far away the k-th member is at the most.

use crate::neighbours::neighbourhood::Known;

const BUCKETS: usize = 512;

/// Members by the bucket of their distance, and the bound that follows: as soon as `wanted` of them are known below some
/// bucket, nothing beyond it matters any more.
#[derive(Debug, Clone)]
pub(super) struct Bound {
    members: Vec<u64>,
    /// All of those, in buckets up to the limit.
    within: u64,
    wanted: u64,
    limit: usize,
    /// Distances are divided by `2^shift`.
    shift: u32,
    /// The largest distance that may still matter.
    furthest: u32,
}

impl Default for Bound {
    fn default() -> Self {
        Self { members: vec![0; BUCKETS], within: 0, wanted: 0, limit: 0, shift: 0, furthest: 0 }
    }
}

impl Bound {
    /// Starts with a bound that is known to hold.
    pub(super) fn restart(&mut self, wanted: u64, bound: u32) {
        self.members.fill(0);
        self.shift = (u32::BITS - bound.leading_zeros()).saturating_sub(BUCKETS.ilog2());
        (self.within, self.wanted, self.furthest) = (0, wanted, bound);
        self.limit = (bound >> self.shift) as usize;
    }

    #[inline(always)]
    pub(super) fn get(&self) -> u32 {
        self.furthest
    }

    /// Counts members at a distance within the bound.
    #[inline(always)]
    #[expect(clippy::cast_possible_truncation, reason = "below 512")]
    pub(super) fn add(&mut self, distance: u32, members: u64) {
        self.members[(distance >> self.shift) as usize % BUCKETS] += members;
        self.within += members;
        while self.within - self.members[self.limit] >= self.wanted {
            self.within -= self.members[self.limit];
            self.limit -= 1;
            self.furthest = ((self.limit as u32 + 1) << self.shift) - 1;
        }
    }

    /// How many members, fewer than wanted, are nearer than which distance.
    #[expect(clippy::cast_possible_truncation, reason = "below 512")]
    pub(super) fn known(&self) -> Known {
        Known { distance: (self.limit as u32) << self.shift, members: self.within - self.members[self.limit] }
    }
}
