//! Purchases that count for less the older they are.

use crate::domain::Timestamp;

/// The weight of a purchase that has not faded. Weights are whole numbers, so that sums are exact in any order.
pub(crate) const FULL: u32 = 1 << 16;

const SECONDS_A_DAY: f64 = 86_400.0;

/// The rule by which purchases fade: the weight halves with each half-life between the purchase and a reference date.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Fade {
    /// In days: finite, more than 0.
    pub(crate) half_life: f64,
    pub(crate) at: Timestamp,
}

impl Fade {
    /// `round(2^16 * 2^(-age / half_life))`. Purchases at the reference date, after it, or at an unknown time count in full.
    pub(crate) fn weight(&self, bought: Option<Timestamp>) -> u32 {
        let Some(Timestamp(bought)) = bought else { return FULL };
        #[expect(clippy::cast_precision_loss, reason = "more than 2^53 seconds are 285 million years")]
        let age = self.at.0.saturating_sub(bought).max(0) as f64 / SECONDS_A_DAY;
        // libm's, as that of the platform may differ in the last bit.
        let weight = f64::from(FULL) * libm::exp2(-age / self.half_life);
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "within 0..=2^16")]
        let whole = weight.round_ties_even() as u32;
        whole
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_weight_halves_with_every_half_life() {
        let fade = Fade { half_life: 2.0, at: Timestamp(10 * 86_400) };
        let days = |day: i64| fade.weight(Some(Timestamp(day * 86_400)));
        assert_eq!([10, 8, 6, 4].map(days), [65_536, 32_768, 16_384, 8_192]);
        // 2^(16 - 1/2) = 46340.95
        assert_eq!(days(9), 46_341);
        assert_eq!(days(-30), 0);
    }

    #[test]
    fn the_future_and_the_unknown_count_in_full() {
        let fade = Fade { half_life: 1e-300, at: Timestamp(0) };
        assert_eq!((fade.weight(Some(Timestamp(i64::MAX))), fade.weight(None)), (FULL, FULL));
        assert_eq!(fade.weight(Some(Timestamp(i64::MIN))), 0);
    }
}
