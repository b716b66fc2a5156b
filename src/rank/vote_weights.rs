//! Under the learned distance, nearer neighbours have a larger vote.

use super::fade::FULL;
use crate::neighbours::Neighbourhood;

/// The vote of each row of a neighbourhood, in whole numbers, so that sums are exact in any order.
#[derive(Debug, Clone, Default)]
pub(crate) struct VoteWeights {
    /// The vote of each row inside, in their order.
    inside: Vec<u32>,
    boundary: u32,
    /// The votes of all members inside and of all members on the boundary.
    total: (u64, u64),
}

impl VoteWeights {
    /// Computes the votes from the distance of each row inside and from the number of its members who vote.
    pub(crate) fn fill(
        &mut self,
        neighbourhood: &Neighbourhood,
        mut distance: impl FnMut(u32) -> u32,
        members: impl Fn(u32) -> u64,
    ) {
        let radius = neighbourhood.radius();
        self.inside.clear();
        self.inside.extend(neighbourhood.inside().iter().map(|&row| weight(distance(row), radius)));
        self.boundary = weight(radius, radius);
        let inside = neighbourhood.inside().iter().zip(&self.inside);
        self.total.0 = inside.map(|(&row, &weight)| u64::from(weight) * members(row)).sum();
        self.total.1 = u64::from(self.boundary) * neighbourhood.n_boundary();
    }

    pub(super) fn total(&self) -> (u64, u64) {
        self.total
    }

    pub(super) fn inside(&self, place: usize) -> u64 {
        self.inside[place].into()
    }

    pub(super) fn boundary(&self) -> u64 {
        self.boundary.into()
    }
}

/// `floor(2^16 * (1 - 0.64 d / r)^2)`: a full vote at distance 0, 0.13 of one at the radius.
fn weight(distance: u32, radius: u32) -> u32 {
    let (d, r) = (u128::from(distance), u128::from(radius));
    let near = (25 * r).saturating_sub(16 * d);
    // A fraction of at most 1.
    (u128::from(FULL) * near * near).checked_div(625 * r * r).map_or(FULL, |w| u32::try_from(w).unwrap_or(FULL))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn votes_fall_with_the_square_of_the_distance_to_a_point_beyond_the_radius() {
        // By hand: 65536 * (25 * 4 - 16 d)^2 / 100^2 for d = 0, 1, 2, 4.
        assert_eq!([0, 1, 2, 4].map(|d| weight(d, 4)), [65_536, 46_242, 30_303, 8_493]);
        assert_eq!((weight(0, 0), weight(0, u32::MAX), weight(u32::MAX, u32::MAX)), (65_536, 65_536, 8_493));
    }
}
