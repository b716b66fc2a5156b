//! How much of the balance is spent.

use crate::domain::Amount;

/// `total / balance`: the share of the balance that a plan spends. Nothing can be forfeited of a balance of 0: that is 1.
///
/// ```
/// use sebaya::{Amount, evaluate::metrics::share_spent};
///
/// assert_eq!(share_spent(Amount(250_000), Amount(1_000_000)), 0.25);
/// ```
#[expect(clippy::cast_precision_loss, reason = "amounts are at most 2^53")]
pub fn share_spent(total: Amount, balance: Amount) -> f64 {
    if balance.0 == 0 { 1.0 } else { total.0 as f64 / balance.0 as f64 }
}

#[cfg(test)]
mod tests {
    use super::share_spent;
    use crate::domain::Amount;

    #[test]
    #[expect(clippy::float_cmp, reason = "one division of small numbers")]
    fn an_empty_balance_is_spent() {
        assert_eq!(share_spent(Amount(0), Amount(0)), 1.0);
        assert_eq!(share_spent(Amount(0), Amount(8)), 0.0);
        assert_eq!(share_spent(Amount(6), Amount(8)), 0.75);
    }
}
