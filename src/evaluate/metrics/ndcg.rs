//! Normalised discounted cumulative gain.

use super::first;

/// Binary gains, discounted by the logarithm of the place, over the best that is possible:
///
/// ```text
/// DCG@k  = sum of 1 / log2(place + 1) over the places 1..=k that are right
/// NDCG@k = DCG@k / (sum of 1 / log2(place + 1) over the places 1..=min(k, n_relevant))
/// ```
///
/// Both sums end at place 2^24 at the latest.
///
/// Source: Järvelin and Kekäläinen, "Cumulated gain-based evaluation of IR techniques" (2002),
/// <https://doi.org/10.1145/582415.582418>.
///
/// ```
/// use sebaya::evaluate::metrics::ndcg;
///
/// // Two true purchases, found at places 1 and 3: (1 + 1/2) / (1 + 1/log2(3)).
/// assert!((ndcg(&[true, false, true], 2, 3) - 1.5 / (1.0 + 1.0 / 3.0_f64.log2())).abs() < 1e-15);
/// ```
pub fn ndcg(relevant: &[bool], n_relevant: usize, k: usize) -> f64 {
    let k = k.min(1 << 24);
    let found: f64 = first(relevant, k)
        .iter()
        .zip(1..)
        .filter(|&(&hit, _)| hit)
        .map(|(_, place)| discount(place))
        .fold(0.0, |sum, gain| sum + gain);
    let best: f64 = (1..).take(k.min(n_relevant)).map(discount).sum();
    if best > 0.0 { found / best } else { 0.0 }
}

fn discount(place: u32) -> f64 {
    1.0 / (f64::from(place) + 1.0).log2()
}

#[cfg(test)]
mod tests {
    use approx::assert_relative_eq;

    use super::ndcg;

    #[test]
    fn worked_by_hand() {
        // 1/log2(2) = 1, 1/log2(3) = 0.6309297535714575, 1/log2(4) = 0.5.
        assert_relative_eq!(ndcg(&[true], 1, 10), 1.0);
        assert_relative_eq!(ndcg(&[false, true], 1, 10), 0.630_929_753_571_457_5);
        assert_relative_eq!(ndcg(&[false, false, true], 2, 3), 0.5 / 1.630_929_753_571_457_5);
        // The ideal list is cut at k too.
        assert_relative_eq!(ndcg(&[true, true], 50, 2), 1.0);
        assert_relative_eq!(ndcg(&[false, true], 1, 1), 0.0);
        assert_relative_eq!(ndcg(&[], 0, 10), 0.0);
    }
}
