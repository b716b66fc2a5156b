//! Ordered levels: two columns, `(p, half - p)`, with `p` from the level's rank.

use super::rounding::position;
use crate::store::Interner;

/// The levels of an ordinal attribute, lowest first; there are at least two.
#[derive(Debug, Clone)]
pub(super) struct Ordinal {
    levels: Interner,
}

impl Ordinal {
    pub(super) fn fit(levels: &Interner) -> Self {
        Self { levels: levels.clone() }
    }

    /// The levels, lowest first.
    pub(super) fn levels(&self) -> impl Iterator<Item = &str> {
        self.levels.iter()
    }

    /// The rank of a level, or `None` when there is no such level.
    pub(super) fn rank(&self, level: &str) -> Option<u32> {
        self.levels.get(level)
    }

    pub(super) fn n_levels(&self) -> usize {
        self.levels.len()
    }

    #[expect(clippy::cast_precision_loss, reason = "levels are below 2^32")]
    pub(super) fn encode_rank(&self, rank: u32, half: u32) -> u32 {
        1 + position(f64::from(rank) / (self.levels.len() - 1) as f64, half)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn levels_are_spread_evenly() {
        let mut levels = Interner::default();
        for level in ["low", "middle", "high"] {
            levels.insert(level).unwrap();
        }
        let ordinal = Ordinal::fit(&levels);
        assert_eq!(["low", "middle", "high", "none"].map(|l| ordinal.rank(l)), [Some(0), Some(1), Some(2), None]);
        assert_eq!([0, 1, 2].map(|rank| ordinal.encode_rank(rank, 7)), [1, 5, 8]);
    }
}
