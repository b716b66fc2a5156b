//! Weights in whole units.

/// The half-weights of all attributes add up to about this many units.
pub(super) const HALF_UNITS: f64 = 524_288.0; // 2^19

/// The half-weight in units of an attribute whose weight is `weight`, when all weights add up to `sum`.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "0 <= weight <= sum, so it is within 0..=2^19"
)]
pub(crate) fn half_weight(weight: f64, sum: f64) -> u32 {
    (HALF_UNITS * weight / sum).round_ties_even() as u32
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn half_weights_are_rounded_to_whole_units() {
        // 2^19 / 3 = 174762.67 and 2^19 / 4 = 131072.
        assert_eq!((half_weight(1.0, 3.0), half_weight(1.0, 4.0)), (174_763, 131_072));
    }
}
