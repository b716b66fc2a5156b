//! Catalogue coverage.

use super::ratio;

/// The share of courses that were shown to anybody; `shown[c]` says how often course `c` was.
///
/// Source: Ge, Delgado-Battenfeld and Jannach, "Beyond accuracy" (2010), <https://doi.org/10.1145/1864708.1864761>.
///
/// ```
/// use sebaya::evaluate::metrics::coverage;
///
/// assert_eq!(coverage(&[7, 0, 1, 0]), 0.5);
/// ```
pub fn coverage(shown: &[u64]) -> f64 {
    ratio(shown.iter().filter(|&&times| times > 0).count(), shown.len())
}

#[cfg(test)]
mod tests {
    use super::coverage;

    #[test]
    #[expect(clippy::float_cmp, reason = "one division of small numbers")]
    fn how_often_does_not_matter() {
        assert_eq!(coverage(&[1, 1_000_000, 0, 0]), 0.5);
        assert_eq!(coverage(&[]), 0.0);
    }
}
