//! Means, paired differences and how sure they are.

use std::fmt;
use std::slice::ChunksExact;

#[cfg(feature = "rayon")]
use rayon::iter::{IntoParallelIterator, ParallelIterator};
use serde::{Serialize, Serializer};

use crate::store::Random;

/// How often participants are drawn anew.
const RESAMPLES: u32 = 1000;
/// Of so many, the smallest and the largest 2.5 % are cut off.
const CUT: usize = 25;
/// The streams of the resamples begin here.
const RESAMPLE: u64 = 1 << 34;
/// Two-sided, at the 5 % level, of the normal distribution.
const SURE: f64 = 1.959_963_984_540_054;
/// With fewer participants the normal distribution is no guide.
const FEW: usize = 30;

/// Numbers of participants, one row each.
#[derive(Debug, Clone, Default)]
pub(super) struct Table {
    pub(super) width: usize,
    pub(super) values: Vec<f64>,
}

impl Table {
    pub(super) fn rows(&self) -> ChunksExact<'_, f64> {
        self.values.chunks_exact(self.width)
    }

    pub(super) fn row(&self, row: usize) -> &[f64] {
        &self.values[row * self.width..][..self.width]
    }

    pub(super) fn means(&self) -> Vec<f64> {
        means(self.width, self.rows())
    }

    /// The means of samples of as many participants, drawn with replacement: Efron, "Bootstrap methods" (1979),
    /// <https://doi.org/10.1214/aos/1176344552>. One row for each sample.
    pub(super) fn resampled_means(&self, seed: u64) -> Vec<Vec<f64>> {
        let n = u32::try_from(self.rows().len()).unwrap_or(u32::MAX);
        let sample = |i: u32| {
            let mut random = Random::stream(seed, RESAMPLE + u64::from(i));
            means(self.width, (0..n).map(|_| self.row(random.below(n) as usize)))
        };
        #[cfg(feature = "rayon")]
        let samples = (0..RESAMPLES).into_par_iter();
        #[cfg(not(feature = "rayon"))]
        let samples = 0..RESAMPLES;
        samples.map(sample).collect()
    }
}

/// The mean of each column; rows are added in their order.
fn means<'r>(width: usize, rows: impl ExactSizeIterator<Item = &'r [f64]>) -> Vec<f64> {
    let n = float(rows.len().max(1));
    let mut sums = vec![0.0; width];
    for row in rows {
        sums.iter_mut().zip(row).for_each(|(sum, value)| *sum += value);
    }
    sums.into_iter().map(|sum| sum / n).collect()
}

#[expect(clippy::cast_precision_loss, reason = "counts are far below 2^53")]
pub(super) fn float(count: usize) -> f64 {
    count as f64
}

/// Whether a difference is more than chance.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Verdict {
    Higher,
    Lower,
    NoDifference,
    TooFew,
}

impl fmt::Display for Verdict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Higher => "higher",
            Self::Lower => "lower",
            Self::NoDifference => "no significant difference",
            Self::TooFew => "too few participants to say",
        })
    }
}

impl Serialize for Verdict {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

/// The difference of two contenders on the same participants.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[expect(clippy::struct_field_names, reason = "the difference is what it is about")]
pub(super) struct Difference {
    pub(super) difference: f64,
    /// As a share of the baseline's value, when that is not 0.
    pub(super) lift: Option<f64>,
    /// The ends of the 95 % interval of the difference.
    pub(super) low: f64,
    pub(super) high: f64,
    /// The mean difference in standard errors, when differences differ.
    pub(super) z: Option<f64>,
    pub(super) verdict: Verdict,
}

impl Difference {
    /// Between two columns of a table, with the percentile interval of its resampled means.
    pub(super) fn bootstrapped(table: &Table, resampled: &[Vec<f64>], (of, baseline): (usize, usize)) -> Self {
        let mut drawn: Vec<f64> = resampled.iter().map(|means| means[of] - means[baseline]).collect();
        drawn.sort_unstable_by(f64::total_cmp);
        let low = drawn.get(CUT).copied().unwrap_or_default();
        let high = drawn.iter().rev().nth(CUT).copied().unwrap_or_default();
        let pairs = table.rows().map(|row| (row[of], row[baseline]));
        Self::new(&pairs, |_, _| (low, high))
    }

    /// Of these pairs, with the interval of the normal distribution.
    pub(super) fn normal(pairs: &(impl ExactSizeIterator<Item = (f64, f64)> + Clone)) -> Self {
        Self::new(pairs, |difference, error| (difference - SURE * error, difference + SURE * error))
    }

    fn new(
        pairs: &(impl ExactSizeIterator<Item = (f64, f64)> + Clone),
        interval: impl FnOnce(f64, f64) -> (f64, f64),
    ) -> Self {
        let n = float(pairs.len().max(1));
        let difference = pairs.clone().map(|(a, b)| a - b).sum::<f64>() / n;
        let baseline = pairs.clone().map(|(_, b)| b).sum::<f64>() / n;
        let squares: f64 = pairs.clone().map(|(a, b)| (a - b - difference).powi(2)).sum();
        let error = if n > 1.0 { (squares / (n - 1.0) / n).sqrt() } else { 0.0 };
        let (low, high) = interval(difference, error);
        let verdict = if pairs.len() < FEW {
            Verdict::TooFew
        } else if low > 0.0 {
            Verdict::Higher
        } else if high < 0.0 {
            Verdict::Lower
        } else {
            Verdict::NoDifference
        };
        let lift = (baseline > 0.0).then(|| difference / baseline);
        Self { difference, lift, low, high, z: (error > 0.0).then(|| difference / error), verdict }
    }
}

#[cfg(test)]
mod tests {
    use approx::assert_relative_eq;

    use super::*;

    #[test]
    fn z_worked_by_hand() {
        // Differences 1, 0, 1, 2: mean 1, variance 2/3, standard error sqrt(2/3 / 4) = 0.408248.
        let pairs = [(2.0, 1.0), (1.0, 1.0), (3.0, 2.0), (6.0, 4.0)];
        let Difference { difference, lift, low, high, z, verdict } = Difference::normal(&pairs.into_iter());
        assert_relative_eq!(difference, 1.0);
        assert_relative_eq!(lift.unwrap(), 0.5);
        assert_relative_eq!(z.unwrap(), 6.0_f64.sqrt());
        assert_relative_eq!(high - difference, 0.800_151_946_059_2, epsilon = 1e-12);
        assert_relative_eq!(difference - low, high - difference, epsilon = 1e-12);
        assert_eq!(verdict, Verdict::TooFew);
    }

    #[test]
    fn equal_contenders_have_no_significant_difference_and_no_z() {
        let same = Difference::normal(&vec![(0.5, 0.5); 100].into_iter());
        assert_eq!((same.z, same.verdict), (None, Verdict::NoDifference));
    }

    #[test]
    fn the_bootstrap_interval_is_about_that_of_the_normal_distribution() {
        let mut random = Random::stream(5, 0);
        let values = (0..2000).flat_map(|_| [f64::from(random.below(100)), f64::from(random.below(97))]).collect();
        let table = Table { width: 2, values };
        let bootstrapped = Difference::bootstrapped(&table, &table.resampled_means(1), (0, 1));
        let normal = Difference::normal(&table.rows().map(|row| (row[0], row[1])));
        let width = normal.high - normal.low;
        assert!((bootstrapped.low - normal.low).abs() < width / 10.0, "{bootstrapped:?} {normal:?}");
        assert!((bootstrapped.high - normal.high).abs() < width / 10.0, "{bootstrapped:?} {normal:?}");
        assert_eq!(bootstrapped.z, normal.z);
        let again = Difference::bootstrapped(&table, &table.resampled_means(1), (0, 1));
        assert_eq!(bootstrapped, again);
    }
}
