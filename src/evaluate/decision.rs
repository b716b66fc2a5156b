//! What to do, as a type.

use serde::Serialize;

use super::Report;
use super::statistics::Verdict;

/// What the final comparison says to do; [`Report::decision`] returns it.
///
/// ```
/// use sebaya::evaluate::{Decision, Evaluation, Split};
/// use sebaya::prelude::*;
///
/// let data = sebaya::example_world::training_set()?;
/// let report = Evaluation::new(Recommender::params()).split(Split::KFold { folds: 2 }).run(&data)?;
/// // A handful of participants decides nothing.
/// assert_eq!(report.decision(), &Decision::Undecided);
/// assert_eq!(serde_json::to_value(&report).unwrap()["decision"]["what"], "undecided");
/// # Ok::<(), sebaya::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "what", rename_all = "kebab-case")]
#[non_exhaustive]
pub enum Decision {
    /// The recommended configuration is significantly better than the best sellers, and than those of the best segment.
    SwitchOn,
    /// It is not significantly better than a list of best sellers.
    BestSellersDoAsWell {
        /// The attribute within whose groups the best sellers are taken; `None` where those of everybody do.
        by: Option<String>,
    },
    /// It is significantly worse than the best sellers.
    LeaveOff,
    /// Too few participants were tested, or the gain does not come from who people are.
    Undecided,
}

/// A control that keeps less than this share of the lift has lost most of it.
const KEPT: f64 = 1.0 / 3.0;

impl Report {
    pub(super) fn decide(&self) -> Decision {
        let ours = self.recommended();
        let Some(against_all) = self.compare(ours, self.popularity()) else { return Decision::Undecided };
        let segment = self.best_segment();
        let against_segment = segment.and_then(|(_, scores)| self.compare(ours, scores)).map(|d| d.verdict);
        let by = || segment.map(|(attribute, _)| attribute.to_owned());
        match (against_all.verdict, against_segment) {
            (Verdict::Lower, _) => Decision::LeaveOff,
            (Verdict::NoDifference, Some(Verdict::Lower)) => Decision::BestSellersDoAsWell { by: by() },
            (Verdict::NoDifference, _) => Decision::BestSellersDoAsWell { by: None },
            (Verdict::Higher, Some(Verdict::Higher) | None) if self.lift_is_of_profiles() => Decision::SwitchOn,
            (Verdict::Higher, Some(Verdict::Higher) | None) | (Verdict::TooFew, _) => Decision::Undecided,
            (Verdict::Higher, Some(_)) => Decision::BestSellersDoAsWell { by: by() },
        }
    }

    /// What permuted profiles keep of the lift: 0 when the control is not significantly better than popularity.
    pub(super) fn kept_by_control(&self) -> f64 {
        let control = self.compare(self.control(), self.popularity());
        let model = self.compare(self.recommended(), self.popularity());
        match control.zip(model) {
            Some((control, model)) if control.verdict == Verdict::Higher => control.difference / model.difference,
            _ => 0.0,
        }
    }

    /// Whether the control has lost most of the lift. Known purchases are not permuted, so what they tell is not lost.
    pub(super) fn lift_is_of_profiles(&self) -> bool {
        self.has_known || (0.0..KEPT).contains(&self.kept_by_control())
    }
}
