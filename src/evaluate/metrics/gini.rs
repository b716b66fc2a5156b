//! The Gini index.

/// How unequally things are shown: 0 when all are shown equally often, near 1 when one has everything. With `shown` in
/// ascending order,
///
/// ```text
/// G = sum of (2 i - n - 1) * shown[i] over i in 1..=n / (n * sum of shown)
/// ```
///
/// Source: Fleder and Hosanagar, "Blockbuster culture's next rise or fall" (2009), <https://doi.org/10.1287/mnsc.1080.0974>.
///
/// ```
/// use sebaya::evaluate::metrics::gini;
///
/// assert_eq!(gini(&[5, 5, 5]), 0.0);
/// assert_eq!(gini(&[0, 0, 0, 9]), 0.75);
/// ```
#[expect(clippy::cast_precision_loss, reason = "counts are far below 2^53")]
pub fn gini(shown: &[u64]) -> f64 {
    let mut ascending = shown.to_vec();
    ascending.sort_unstable();
    let total: u128 = ascending.iter().copied().map(u128::from).sum();
    let n = ascending.len() as f64;
    let sum: f64 = ascending.iter().zip(1_u32..).map(|(&times, i)| (2.0 * f64::from(i) - n - 1.0) * times as f64).sum();
    if total == 0 { 0.0 } else { sum / (n * total as f64) }
}

#[cfg(test)]
mod tests {
    use approx::assert_relative_eq;

    use super::gini;

    #[test]
    fn worked_by_hand() {
        // (-2 * 1 + 0 * 2 + 2 * 6) / (3 * 9), in whatever order they come.
        assert_relative_eq!(gini(&[6, 1, 2]), 10.0 / 27.0);
        assert_relative_eq!(gini(&[]), 0.0);
        assert_relative_eq!(gini(&[0, 0]), 0.0);
    }
}
