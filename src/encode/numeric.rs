//! Numbers: two columns, `(p, half - p)`.

use std::sync::Arc;

use super::rounding::position;
use crate::domain::Scale;

/// What was learned of a numeric attribute.
#[derive(Debug, Clone)]
pub(super) enum Numeric {
    Linear {
        lo: f64,
        hi: f64,
    },
    /// The values of the past participants, ascending; shared by the encoders of a live model's states.
    Rank(Arc<Vec<f64>>),
}

impl Numeric {
    /// Learns from the values of past participants, among which not-a-number is a missing one.
    pub(super) fn fit(scale: &Scale, past: impl Iterator<Item = f64>) -> Self {
        let past = past.filter(|x| !x.is_nan());
        match *scale {
            Scale::Linear(Some((lo, hi))) => Self::Linear { lo, hi },
            Scale::Linear(None) => {
                let ends = past.fold(None, |ends, x| {
                    let (lo, hi): (f64, f64) = ends.unwrap_or((x, x));
                    Some((lo.min(x), hi.max(x)))
                });
                let (lo, hi) = ends.unwrap_or((0.0, 0.0));
                Self::Linear { lo, hi }
            }
            Scale::Rank => {
                let mut values: Vec<f64> = past.collect();
                values.sort_unstable_by(f64::total_cmp);
                Self::Rank(Arc::new(values))
            }
        }
    }

    /// The code of a finite number.
    pub(super) fn encode(&self, x: f64, half: u32) -> u32 {
        1 + position(self.fraction(x), half)
    }

    #[expect(clippy::cast_precision_loss, reason = "counts of participants are below 2^32")]
    fn fraction(&self, x: f64) -> f64 {
        match self {
            Self::Linear { lo, hi } if lo >= hi => 0.0,
            &Self::Linear { lo, hi } => {
                let x = x.clamp(lo, hi);
                if (hi - lo).is_finite() {
                    (x - lo) / (hi - lo)
                } else {
                    // Halves keep the difference of two ends of opposite sign within the range of f64.
                    (x / 2.0 - lo / 2.0) / (hi / 2.0 - lo / 2.0)
                }
            }
            Self::Rank(values) if values.is_empty() => 0.0,
            Self::Rank(values) => {
                let less = values.partition_point(|&v| v < x);
                let less_or_equal = values.partition_point(|&v| v <= x);
                (less + less_or_equal) as f64 / (2 * values.len()) as f64
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn linear_values_are_clamped_to_the_range_of_the_past() {
        let numeric = Numeric::fit(&Scale::Linear(None), [20.0, f64::NAN, 40.0].into_iter());
        assert_eq!([10.0, 20.0, 25.0, 40.0, 99.0].map(|x| numeric.encode(x, 8) - 1), [0, 0, 2, 8, 8]);
    }

    #[test]
    fn ranks_count_equal_values_half() {
        let numeric = Numeric::fit(&Scale::Rank, [1.0, 5.0, 5.0, 9.0].into_iter());
        // (less + less_or_equal) / 8 of 80 units.
        assert_eq!([0.0, 1.0, 3.0, 5.0, 9.0, 10.0].map(|x| numeric.encode(x, 80) - 1), [0, 10, 20, 40, 70, 80]);
    }

    #[test]
    fn no_range_is_too_wide_or_too_narrow() {
        let wide = Numeric::fit(&Scale::Linear(None), [f64::MIN, f64::MAX].into_iter());
        assert_eq!([f64::MIN, 0.0, f64::MAX].map(|x| wide.encode(x, 8) - 1), [0, 4, 8]);
        for scale in [Scale::Linear(None), Scale::Rank] {
            assert_eq!(Numeric::fit(&scale, std::iter::empty()).encode(3.0, 8), 1);
        }
        assert_eq!(Numeric::fit(&Scale::Linear(Some((5.0, 5.0))), std::iter::empty()).encode(9.0, 8), 1);
    }
}
