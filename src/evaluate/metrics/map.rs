//! Mean average precision.

use super::{first, ratio};

/// The precision at each place that is right, summed and divided by `min(k, n_relevant)`:
///
/// ```text
/// AP@k = sum of precision@place over the places 1..=k that are right / min(k, n_relevant)
/// ```
///
/// Source: Manning, Raghavan and Schütze, "Introduction to Information Retrieval" (2008), section 8.4; the cut-off as in the
/// Million Song Dataset Challenge (2012), <https://doi.org/10.1145/2187980.2188222>.
///
/// ```
/// use sebaya::evaluate::metrics::map;
///
/// // Right at places 1 and 3, of two true purchases: (1/1 + 2/3) / 2.
/// assert!((map(&[true, false, true], 2, 3) - 5.0 / 6.0).abs() < 1e-15);
/// ```
pub fn map(relevant: &[bool], n_relevant: usize, k: usize) -> f64 {
    let mut hits = 0;
    let mut sum = 0.0;
    for (&hit, place) in first(relevant, k).iter().zip(1..) {
        if hit {
            hits += 1;
            sum += ratio(hits, place);
        }
    }
    let best = ratio(k.min(n_relevant), 1);
    if best > 0.0 { sum / best } else { 0.0 }
}

#[cfg(test)]
mod tests {
    use approx::assert_relative_eq;

    use super::map;

    #[test]
    fn worked_by_hand() {
        // Precision 1/2 at place 2 and 2/4 at place 4.
        assert_relative_eq!(map(&[false, true, false, true], 2, 4), 0.5);
        // The second one lies beyond the cut-off, and one purchase of three fits into two places only by two.
        assert_relative_eq!(map(&[false, true, false, true], 3, 2), 0.25);
        assert_relative_eq!(map(&[true, true], 9, 2), 1.0);
        assert_relative_eq!(map(&[], 0, 2), 0.0);
    }
}
