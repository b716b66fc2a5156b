//! Mean reciprocal rank.

use super::{first, ratio};

/// `1 / place` of the first course that is right among the first `k`; 0 when there is none.
///
/// Source: Voorhees, "The TREC-8 Question Answering Track Report" (1999), <https://trec.nist.gov/pubs/trec8/papers/qa_report.pdf>.
///
/// ```
/// use sebaya::evaluate::metrics::mrr;
///
/// assert_eq!(mrr(&[false, true, true], 3), 0.5);
/// ```
pub fn mrr(relevant: &[bool], k: usize) -> f64 {
    let place = first(relevant, k).iter().zip(1..).find(|&(&hit, _)| hit);
    place.map_or(0.0, |(_, place)| ratio(1, place))
}

#[cfg(test)]
mod tests {
    use super::mrr;

    #[test]
    #[expect(clippy::float_cmp, reason = "one division of small numbers")]
    fn only_the_first_hit_within_the_cut_off_counts() {
        let relevant = [false, false, false, true, true];
        assert_eq!([3, 4, 5].map(|k| mrr(&relevant, k)), [0.0, 0.25, 0.25]);
    }
}
