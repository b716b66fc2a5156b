//! The whole-number grid that all encoded values lie on.

/// `u` of `half` units, to the nearest whole unit; `u` lies within 0..=1.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "0 <= u <= 1, so it is within 0..=half")]
pub(super) fn position(u: f64, half: u32) -> u32 {
    (u * f64::from(half)).round_ties_even() as u32
}

/// An equal share of `half` units for each of `parts`, to the nearest whole unit.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "within 0..=half")]
#[expect(clippy::cast_precision_loss, reason = "no cell has 2^53 tags")]
pub(super) fn share(half: u32, parts: usize) -> u32 {
    (f64::from(half) / parts as f64).round_ties_even() as u32
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn halves_are_rounded_to_the_even_neighbour() {
        // 0.5 and 1.5 and 2.5 units are ties.
        assert_eq!([0.125, 0.375, 0.625].map(|u| position(u, 4)), [0, 2, 2]);
        assert_eq!([share(5, 2), share(7, 2), share(1, 3)], [2, 4, 0]);
    }
}
