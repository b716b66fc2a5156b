//! The report in words: what to decide.

use super::Report;
use super::statistics::{Difference, Verdict};

/// A control that keeps less than this share of the lift has lost most of it.
const KEPT: f64 = 1.0 / 3.0;

impl Report {
    /// Four sentences or so: the decision and the figures behind it.
    pub(super) fn in_words(&self) -> Vec<String> {
        let (model, popularity) = (self.model(), self.popularity());
        let Some(difference) = self.compare(model, popularity) else { return Vec::new() };
        let decision = match difference.verdict {
            Verdict::Higher if self.lift_is_of_profiles() => {
                "Switch it on: on these data the recommendations are better than the list of best sellers."
            }
            Verdict::Higher => {
                "Wait: the recommendations are better than the list of best sellers, but so are those by permuted \
                 profiles, so the gain does not come from who people are."
            }
            Verdict::Lower => {
                "Leave it off: on these data the recommendations are worse than the list of best sellers."
            }
            Verdict::NoDifference => {
                "There is no reason to switch it on: on these data there is no significant difference between the \
                 recommendations and the list of best sellers."
            }
            Verdict::TooFew => "Nothing can be decided: too few participants were tested.",
        };
        let [ours, theirs] = [model, popularity].map(|c| self.value(&c.name, &self.decides).unwrap_or_default());
        let mut words = vec![
            decision.to_owned(),
            format!(
                "{} is {ours:.4} against {theirs:.4} of popularity: {} ({}).",
                self.decides,
                relative(difference),
                how_sure(difference)
            ),
        ];
        words.extend(self.hits_in_words());
        words.push(self.groups_in_words());
        words.push(self.control_in_words());
        if self.drawn < self.testable {
            words.push(format!("Tested on a random sample of {} of {} participants.", self.drawn, self.testable));
        }
        words
    }

    fn hits_in_words(&self) -> Option<String> {
        let k = *self.cutoffs.last()?;
        let metric = format!("hit rate@{k}");
        let [ours, theirs] =
            [self.model(), self.popularity()].map(|c| self.value(&c.name, &metric).unwrap_or_default());
        let difference = self.comparison(self.model(), self.popularity(), &metric)?;
        Some(format!(
            "Of 100 participants {:.1} find a course that they really bought among {k} recommendations, against {:.1} among \
             the {k} best sellers ({}).",
            ours * 100.0,
            theirs * 100.0,
            difference.verdict
        ))
    }

    /// For whom it does not help.
    fn groups_in_words(&self) -> String {
        let name = |g: &&super::report::Group| format!("{} = {} ({})", g.attribute, g.value, g.participants);
        let with = |verdict| self.groups.iter().filter(move |g| g.difference.verdict == verdict);
        let join = |verdict| with(verdict).map(|g| name(&g)).collect::<Vec<_>>().join(", ");
        let (worse, same) = (join(Verdict::Lower), join(Verdict::NoDifference));
        let better = with(Verdict::Higher).count();
        let worse = if worse.is_empty() { "worse for no group".to_owned() } else { format!("worse for {worse}") };
        let same = if same.is_empty() { String::new() } else { format!("; no significant difference for {same}") };
        let few = with(Verdict::TooFew).count();
        let few = if few == 0 { String::new() } else { format!("; {few} groups are too small to say") };
        format!("By group: better for {better} groups, {worse}{same}{few}.")
    }

    /// What permuted profiles keep of the lift: 0 when the control is not significantly better than popularity.
    fn kept_by_control(&self) -> f64 {
        let control = self.compare(self.control(), self.popularity());
        let model = self.compare(self.model(), self.popularity());
        match control.zip(model) {
            Some((control, model)) if control.verdict == Verdict::Higher => control.difference / model.difference,
            _ => 0.0,
        }
    }

    /// Whether the control has lost most of the lift.
    pub(super) fn lift_is_of_profiles(&self) -> bool {
        (0.0..KEPT).contains(&self.kept_by_control())
    }

    fn control_in_words(&self) -> String {
        let Some(control) = self.compare(self.control(), self.popularity()) else { return String::new() };
        let kept = self.kept_by_control();
        let verdict = if kept <= 0.0 {
            "the lift vanished, as it must".to_owned()
        } else if self.lift_is_of_profiles() {
            format!("{:.0} % of the lift does not come from who people are, the rest does", kept * 100.0)
        } else {
            "the lift did not vanish, and it must".to_owned()
        };
        format!("Control, the same model with permuted profiles: {} than popularity; {verdict}.", relative(control))
    }
}

/// "12.3 % higher".
pub(super) fn relative(difference: &Difference) -> String {
    let way = if difference.difference < 0.0 { "lower" } else { "higher" };
    match difference.lift {
        Some(lift) => format!("{:.1} % {way}", lift.abs() * 100.0),
        None => format!("{:.4} {way}", difference.difference.abs()),
    }
}

/// The interval and z.
pub(super) fn how_sure(difference: &Difference) -> String {
    let Difference { low, high, z, verdict, .. } = difference;
    let z = z.map_or(String::new(), |z| format!(", z = {z:.1}"));
    let verdict = match verdict {
        Verdict::Higher | Verdict::Lower => "significant".to_owned(),
        other => other.to_string(),
    };
    format!("{verdict}; 95 % interval of the difference {low:+.4} to {high:+.4}{z}")
}
