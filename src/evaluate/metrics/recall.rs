//! Recall.

use super::{hits, ratio};

/// `hits / n_relevant`: the share of the true purchases that stand among the first `k`.
///
/// Source: Manning, Raghavan and Schütze, "Introduction to Information Retrieval" (2008), section 8.3.
///
/// ```
/// use sebaya::evaluate::metrics::recall;
///
/// assert_eq!(recall(&[true, false, true], 4, 3), 0.5);
/// ```
pub fn recall(relevant: &[bool], n_relevant: usize, k: usize) -> f64 {
    ratio(hits(relevant, k), n_relevant)
}

#[cfg(test)]
mod tests {
    use super::recall;

    #[test]
    #[expect(clippy::float_cmp, reason = "one division of small numbers")]
    fn more_true_purchases_than_places_keep_it_below_one() {
        assert_eq!(recall(&[true, true], 8, 2), 0.25);
        assert_eq!(recall(&[true, true], 2, 1), 0.5);
        assert_eq!(recall(&[], 3, 10), 0.0);
    }
}
