//! For each tag the sets that hold it, so that a query's distances to all sets cost little more than its own tags do.

use crate::encode::Values;

/// Sets by their tags.
#[derive(Debug, Clone)]
pub(super) struct Postings {
    /// Tag `i` is held by `entries[starts[i]..starts[i + 1]]`.
    starts: Vec<u32>,
    /// Numbers of sets, and the units that the tag has in each.
    entries: Vec<(u32, u32)>,
    /// All units of each set.
    units: Vec<u32>,
}

impl Postings {
    /// `None` for a column without sets.
    #[expect(clippy::cast_possible_truncation, reason = "as many entries as the dictionary has, which fit")]
    pub(super) fn of(values: &Values) -> Option<Self> {
        let Values::Sets(sets) = values else { return None };
        let mut all: Vec<(u32, u32, u32)> = Vec::new();
        let mut units = Vec::with_capacity(sets.len());
        for (number, set) in (0..).zip((0..sets.len()).map(|number| sets.get(number))) {
            all.extend(set.iter().map(|&(tag, each)| (tag, number, each)));
            units.push(set.iter().map(|&(_, each)| each).sum());
        }
        all.sort_unstable();
        let n_tags = all.last().map_or(0, |last| last.0 as usize + 1);
        let mut starts = vec![0; n_tags + 1];
        for (tag, start) in starts.iter_mut().enumerate() {
            *start = all.partition_point(|entry| (entry.0 as usize) < tag) as u32;
        }
        Some(Self { starts, entries: all.iter().map(|&(_, set, each)| (set, each)).collect(), units })
    }

    /// The distance of each set: the units of both, less twice those that they share.
    pub(super) fn distances(&self, query: &[(u32, u32)], distances: &mut Vec<u32>) {
        let of_query: u32 = query.iter().map(|&(_, each)| each).sum();
        distances.clear();
        distances.extend(self.units.iter().map(|units| units + of_query));
        for &(tag, each) in query {
            // A tag that no set holds has no place.
            let Some(&[from, to]) = self.starts.get(tag as usize..).and_then(|starts| starts.first_chunk()) else {
                continue;
            };
            for &(set, other) in &self.entries[from as usize..to as usize] {
                distances[set as usize] -= 2 * each.min(other);
            }
        }
    }
}
