//! The report in words: what to decide.

use super::Report;
use super::report::Group;
use super::statistics::{Difference, Verdict};

/// A control that keeps less than this share of the lift has lost most of it.
const KEPT: f64 = 1.0 / 3.0;
/// So many groups are named in a sentence.
const MOST_NAMES: usize = 4;

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
        words.extend(self.others_in_words());
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

    /// Baselines between popularity and random: a segment's best sellers, and what a programme has already.
    fn others_in_words(&self) -> impl Iterator<Item = String> {
        self.others().iter().filter_map(|other| {
            let difference = self.compare(self.model(), other)?;
            let value = self.value(&other.name, &self.decides).unwrap_or_default();
            let (name, relative) = (&other.name, relative(difference));
            Some(format!("Against {name}, which has {value:.4}: {relative} ({}).", how_sure(difference)))
        })
    }

    /// For whom it does not help.
    fn groups_in_words(&self) -> String {
        let with = |verdict| self.groups.iter().filter(|g| g.difference.verdict == verdict).collect::<Vec<_>>();
        let (better, few) = (with(Verdict::Higher).len(), with(Verdict::TooFew).len());
        let mut words = format!("By group: better for {better} of {}, worse for ", self.groups.len());
        words.push_str(&largest(with(Verdict::Lower)).unwrap_or_else(|| "none".to_owned()));
        if let Some(same) = largest(with(Verdict::NoDifference)) {
            words += "; no significant difference for ";
            words += &same;
        }
        if few > 0 {
            words += "; too few participants to say for ";
            words += &few.to_string();
        }
        words + "."
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

/// The names of the largest groups, and how many more there are.
fn largest(mut groups: Vec<&Group>) -> Option<String> {
    // Stable, so that groups of one size stay in the order of the schema.
    groups.sort_by_key(|group| std::cmp::Reverse(group.participants));
    let name = |g: &&Group| format!("{} = {} ({} participants)", g.attribute, g.value, g.participants);
    let names: Vec<String> = groups.iter().take(MOST_NAMES).map(name).collect();
    let more = groups.len() - names.len();
    let more = if more > 0 { format!(" and {more} more, named in the table") } else { String::new() };
    (!names.is_empty()).then(|| names.join(", ") + &more)
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
