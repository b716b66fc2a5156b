//! Why an evaluation cannot be made.

use thiserror::Error;

use crate::domain::Amount;
use crate::store::Echo;

/// Which setting of an evaluation breaks its rule, or does not suit the data.
///
/// ```
/// let error = sebaya::evaluate::EvaluateError::BadFolds { folds: 9, participants: 7 };
/// assert_eq!(error.to_string(), "folds: 9 is not within 2 to the number of past participants, 7");
/// ```
#[derive(Debug, Clone, PartialEq, Error)]
#[non_exhaustive]
pub enum EvaluateError {
    /// There are too few folds, or more than past participants.
    #[error("folds: {folds} is not within 2 to the number of past participants, {participants}")]
    BadFolds {
        /// How many were asked for.
        folds: u32,
        /// How many past participants there are.
        participants: usize,
    },
    /// Nobody bought anything before the date, so there is nothing to learn from.
    #[error("after: no purchase is known to be earlier than {after}; the earliest is {earliest}")]
    NothingBefore {
        /// The date.
        after: String,
        /// The earliest purchase, in words when no time is known at all.
        earliest: String,
    },
    /// There is nobody to test on.
    #[error("nobody is left to test on: {why}")]
    NobodyToTest {
        /// What the split asks of a test participant.
        why: String,
    },
    /// No cut-off was given, or one is 0.
    #[error("cutoffs: {cutoffs:?} is not a list of lengths of 1 or more")]
    BadCutoffs {
        /// The cut-offs.
        cutoffs: Vec<usize>,
    },
    /// More lengths of lists than are measured at once.
    #[error("cutoffs: they are more than {most}")]
    TooManyCutoffs {
        /// The most that are measured.
        most: usize,
    },
    /// Nobody was to be tested.
    #[error("sample: 0 participants are too few to test")]
    EmptySample,
    /// The largest share is no share.
    #[error("max share: {share} is not within 0 to 1")]
    BadShare {
        /// The share.
        share: f64,
    },
    /// The schema has no such attribute.
    #[error("{attribute}: the schema has no such attribute")]
    UnknownAttribute {
        /// The name.
        attribute: String,
    },
    /// A balance is given of somebody who is no participant.
    #[error("balances: {} is no participant", Echo(id))]
    UnknownParticipant {
        /// The id.
        id: String,
    },
    /// A balance is larger than any amount may be.
    #[error("balances: that of {}, {balance}, is larger than {}", Echo(id), Amount::MAX)]
    BalanceTooLarge {
        /// Whose it is.
        id: String,
        /// The balance.
        balance: Amount,
    },
}
