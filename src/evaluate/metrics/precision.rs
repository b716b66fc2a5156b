//! Precision.

use super::{hits, ratio};

/// `hits / k`: the share of the first `k` places that are right. A list shorter than `k` is divided by `k` all the same.
///
/// Source: Manning, Raghavan and Schütze, "Introduction to Information Retrieval" (2008), section 8.4.
///
/// ```
/// use sebaya::evaluate::metrics::precision;
///
/// assert_eq!(precision(&[true, false, true, false], 4), 0.5);
/// ```
pub fn precision(relevant: &[bool], k: usize) -> f64 {
    ratio(hits(relevant, k), k)
}

#[cfg(test)]
mod tests {
    use super::precision;

    #[test]
    #[expect(clippy::float_cmp, reason = "one division of small numbers")]
    fn missing_places_are_misses() {
        assert_eq!(precision(&[true, true], 8), 0.25);
        assert_eq!(precision(&[true, false, true], 1), 1.0);
        assert_eq!(precision(&[true], 0), 0.0);
    }
}
