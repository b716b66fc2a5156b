//! Novelty.

/// The mean of `-log2(buyers / n)` over the courses of a list, `buyers` being the past participants who bought the course
/// and `n` all of them: 0 for courses that everybody took, one more for each halving. A course that nobody bought counts
/// as bought by one. An empty list has none.
///
/// Source: Zhou et al., "Solving the apparent diversity-accuracy dilemma of recommender systems" (2010),
/// <https://doi.org/10.1073/pnas.1000488107>.
///
/// ```
/// use sebaya::evaluate::metrics::novelty;
///
/// assert_eq!(novelty(&[50, 25], 100), 1.5);
/// ```
pub fn novelty(buyers: &[u32], n: u32) -> f64 {
    let bits = |&buyers: &u32| -(f64::from(buyers.max(1)) / f64::from(n.max(1))).log2();
    let sum: f64 = buyers.iter().map(bits).sum();
    buyers.iter().zip(1_u32..).last().map_or(0.0, |(_, length)| sum / f64::from(length))
}

#[cfg(test)]
mod tests {
    use approx::assert_relative_eq;

    use super::novelty;

    #[test]
    fn worked_by_hand() {
        assert_relative_eq!(novelty(&[8, 4, 2, 0], 8), (0.0 + 1.0 + 2.0 + 3.0) / 4.0);
        assert_relative_eq!(novelty(&[], 8), 0.0);
    }
}
