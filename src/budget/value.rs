//! What a course is worth to a plan.

use crate::domain::Amount;

/// A value of 1 in whole units: 2^40, and less where scores are larger than 1, so that values stay below 2^61.
pub(crate) fn value_units(scores: impl Iterator<Item = f64>) -> f64 {
    let mut best = scores.fold(0.0, f64::max);
    let mut units = 1_099_511_627_776.0;
    while best > 1.0 {
        best /= 2.0;
        units /= 2.0;
    }
    units
}

/// The value of a course in whole units: its score, and the share of the balance that it spends times `gain`, which says
/// what a spent balance is worth.
#[expect(clippy::cast_precision_loss, reason = "amounts are at most 2^53")]
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "at most about 2^60")]
pub(crate) fn value(units: f64, score: f64, gain: f64, price: Amount, balance: Amount) -> u64 {
    let spent = if balance == Amount(0) { 0.0 } else { gain * price.0 as f64 / balance.0 as f64 };
    ((score + spent) * units).round_ties_even() as u64
}

/// The mean of the ten best positive scores, which come in ranking order; of all of them when they are fewer.
pub(crate) fn mean_of_ten_best(scores: impl Iterator<Item = f64>) -> f64 {
    let (mut sum, mut count) = (0.0, 0.0);
    for score in scores.filter(|&score| score > 0.0).take(10) {
        sum += score;
        count += 1.0;
    }
    if count > 0.0 { sum / count } else { 0.0 }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_is_the_score_and_what_spending_is_worth() {
        let (half, units) = (1 << 39, value_units([0.5, 1.0].into_iter()));
        assert_eq!(value(units, 0.5, 0.0, Amount(3), Amount(4)), half);
        assert_eq!(value(units, 0.5, 1.0, Amount(3), Amount(4)), half + 3 * (1 << 38));
        assert_eq!(value(units, 0.5, 1.0, Amount(0), Amount(0)), half);
    }

    #[test]
    fn scores_above_1_get_smaller_units() {
        let units = value_units([0.5, 40.0].into_iter());
        assert_eq!(value(units, 40.0, 0.0, Amount(1), Amount(1)), 40 << 34);
        assert!(value(units, 40.0, 40.0 * 1e6, Amount(1), Amount(1)) < 1 << 61);
    }

    #[test]
    fn the_mean_is_over_at_most_ten_positive_scores() {
        assert_eq!(mean_of_ten_best([0.5, 0.25, 0.0].into_iter()).to_bits(), 0.375_f64.to_bits());
        assert_eq!(mean_of_ten_best((0..20).map(|i| if i < 10 { 1.0 } else { 0.5 })).to_bits(), 1.0_f64.to_bits());
        assert_eq!(mean_of_ten_best([0.0].into_iter()).to_bits(), 0.0_f64.to_bits());
    }
}
