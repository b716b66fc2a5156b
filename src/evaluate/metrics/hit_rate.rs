//! Hit rate.

use super::hits;

/// 1 when any of the first `k` courses was bought, else 0. Its mean over participants is the share of them who find
/// something that they take, also called success or recall-of-one.
///
/// Source: Deshpande and Karypis, "Item-based top-N recommendation algorithms" (2004),
/// <https://doi.org/10.1145/963770.963776>.
///
/// ```
/// use sebaya::evaluate::metrics::hit_rate;
///
/// assert_eq!(hit_rate(&[false, false, true], 2), 0.0);
/// assert_eq!(hit_rate(&[false, false, true], 3), 1.0);
/// ```
pub fn hit_rate(relevant: &[bool], k: usize) -> f64 {
    if hits(relevant, k) > 0 { 1.0 } else { 0.0 }
}

#[cfg(test)]
mod tests {
    use super::hit_rate;

    #[test]
    #[expect(clippy::float_cmp, reason = "0 and 1 are exact")]
    fn the_place_at_the_cut_off_counts_and_the_next_one_does_not() {
        let relevant = [false, true, true];
        assert_eq!([0, 1, 2, 9].map(|k| hit_rate(&relevant, k)), [0.0, 0.0, 1.0, 1.0]);
        assert_eq!(hit_rate(&[], 5), 0.0);
    }
}
