//! The answer of a search: the k-th distance, the rows inside it and the rows on it.

use super::index::{Candidate, Search};
use crate::encode::Profiles;

/// The neighbours of a profile.
///
/// With more than `k` past participants, the *radius* is the k-th smallest distance. Those nearer are inside and have one
/// vote each. Those at exactly this distance are on the boundary and share equally what is left of the `k` votes. With
/// `k` or fewer, all are inside.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Neighbourhood {
    k: u64,
    radius: u32,
    n_inside: u64,
    n_boundary: u64,
    inside: Vec<u32>,
    boundary: Vec<u32>,
}

impl Neighbourhood {
    /// The number of votes in all, `k_eff`: `k`, or the number of past participants when that is smaller.
    pub fn k(&self) -> u64 {
        self.k
    }

    /// The k-th smallest distance in units; the largest one when all past participants vote.
    pub fn radius(&self) -> u32 {
        self.radius
    }

    /// How many past participants are nearer than the radius, or all of them when all vote.
    pub fn n_inside(&self) -> u64 {
        self.n_inside
    }

    /// How many past participants are exactly at the radius; 0 when all vote.
    pub fn n_boundary(&self) -> u64 {
        self.n_boundary
    }

    /// The votes of one past participant on the boundary, as a fraction of whole numbers: `(numerator, denominator)`.
    pub fn boundary_share(&self) -> (u64, u64) {
        if self.n_boundary == 0 { (1, 1) } else { (self.k - self.n_inside, self.n_boundary) }
    }

    /// The rows inside, in no particular order.
    pub fn inside(&self) -> &[u32] {
        &self.inside
    }

    /// The rows on the boundary, in no particular order.
    pub fn boundary(&self) -> &[u32] {
        &self.boundary
    }

    /// Makes the neighbourhood out of candidates and the appended rows. The candidates contain every row of the index with a
    /// member at most as far away as the k-th member of the index; they may contain others. Their order is lost. `known` is
    /// what the search has counted already.
    pub(super) fn settle(
        &mut self,
        search: &Search<'_>,
        profiles: &Profiles,
        candidates: &mut Vec<Candidate>,
        mut known: Known,
    ) {
        let first_free = profiles.first_free_row();
        let count = |row: u32| search.members(profiles, row);
        if search.left_out.is_some() || !search.moved.is_empty() {
            candidates.retain(|c| count(c.row) > 0);
        }
        let mut n = search.indexed_voters(profiles);
        if !search.appended.is_empty() {
            let bound = if n >= search.k { kth_distance(candidates, search.k, count, known) } else { u32::MAX };
            for (appended, row) in search.appended.iter().zip(first_free..).filter(|&(_, row)| count(row) > 0) {
                n += count(row);
                if let Some(distance) = profiles.distance_within(search.query, &appended.profile, bound) {
                    candidates.push(Candidate { distance, row });
                    // The search did not count this one.
                    known = Known::default();
                }
            }
        }
        self.k = search.k.min(n);
        self.inside.clear();
        self.boundary.clear();
        (self.n_inside, self.n_boundary) = (0, 0);
        if n <= search.k {
            self.radius = candidates.iter().map(|c| c.distance).max().unwrap_or(0);
            self.inside.extend(candidates.iter().map(|c| c.row));
            self.n_inside = n;
            return;
        }
        self.radius = kth_distance(candidates, search.k, count, known);
        for candidate in candidates {
            if candidate.distance < self.radius {
                self.inside.push(candidate.row);
                self.n_inside += count(candidate.row);
            } else if candidate.distance == self.radius {
                self.boundary.push(candidate.row);
                self.n_boundary += count(candidate.row);
            }
        }
    }
}

/// The number of members nearer than some distance. It is less than `k`. By default: none is nearer than 0.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Known {
    pub(super) distance: u32,
    pub(super) members: u64,
}

/// The smallest distance within which the candidates have at least `k` members.
///
/// Each candidate has at least one member. So the nearest `k - known.members` candidates beyond `known.distance` are enough.
fn kth_distance(candidates: &mut [Candidate], k: u64, count: impl Fn(u32) -> u64 + Copy, known: Known) -> u32 {
    let mut nearer = 0;
    for i in 0..candidates.len() {
        if candidates[i].distance < known.distance {
            candidates.swap(i, nearer);
            nearer += 1;
        }
    }
    let (candidates, k) = (&mut candidates[nearer..], k - known.members);
    let rows = usize::try_from(k).unwrap_or(usize::MAX).min(candidates.len());
    if rows < candidates.len() {
        candidates.select_nth_unstable(rows);
    }
    let nearest = &mut candidates[..rows];
    nearest.sort_unstable();
    let mut members = 0;
    for candidate in &*nearest {
        members += count(candidate.row);
        if members >= k {
            return candidate.distance;
        }
    }
    nearest.last().map_or(0, |c| c.distance)
}
