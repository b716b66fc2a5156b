//! The report in words: what to decide.

use super::report::Group;
use super::statistics::{Difference, Verdict};
use super::{Decision, Report};
use crate::domain::Timestamp;
use crate::store::cut;

/// So many groups are named in a sentence.
const MOST_NAMES: usize = 4;

impl Report {
    /// A few sentences: what to do, the figures behind it, and what they do not say.
    pub(super) fn in_words(&self) -> Vec<String> {
        let (model, popularity) = (self.recommended(), self.popularity());
        let Some(difference) = self.compare(model, popularity) else { return Vec::new() };
        let [ours, theirs] = [model, popularity].map(|c| self.value(&c.name, &self.decides).unwrap_or_default());
        let mut words = vec![
            self.decision_in_words(),
            format!(
                "{} is {ours:.4} against {theirs:.4} of popularity: {} ({}).",
                self.decides,
                relative(difference),
                how_sure(difference)
            ),
        ];
        words.extend(self.hits_in_words());
        words.extend(self.others_in_words());
        words.extend(self.choice_in_words());
        words.push(self.groups_in_words());
        words.push(self.control_in_words());
        words.push("This looks at past purchases only and is no promise.".to_owned());
        if self.drawn < self.testable {
            words.push(format!("Tested on a random sample of {} of {} participants.", self.drawn, self.testable));
        }
        words
    }

    /// The first sentence: what to switch on, or what does as well.
    fn decision_in_words(&self) -> String {
        let configuration = &self.configuration;
        let verdict = self.compare(self.recommended(), self.popularity()).map(|difference| difference.verdict);
        match &self.decision {
            Decision::SwitchOn => format!(
                "Switch it on with {configuration}: on these data the recommendations are better than the best sellers{}.",
                self.best_segment().map_or(String::new(), |(by, _)| format!(", and than those by {}", cut(by)))
            ),
            Decision::BestSellersDoAsWell { by } => {
                let by = by.as_ref().map_or(String::new(), |by| format!(" by {}", cut(by.as_str())));
                format!(
                    "Best sellers{by} do as well: on these data the recommendations with {configuration} are not \
                     significantly better."
                )
            }
            Decision::LeaveOff => {
                "Leave it off: on these data the recommendations are worse than the list of best sellers.".to_owned()
            }
            Decision::Undecided if verdict == Some(Verdict::Higher) => {
                "Wait: the recommendations are better than the list of best sellers, but so are those by permuted \
                 profiles, so the gain does not come from who people are."
                    .to_owned()
            }
            Decision::Undecided => "Nothing can be decided: too few participants were tested.".to_owned(),
        }
    }

    /// How the configuration was chosen.
    fn choice_in_words(&self) -> Vec<String> {
        let mut words = Vec::new();
        if let Some(beside) = self.configuration.beside_the_schema() {
            words.push(format!("What a schema.toml cannot hold: {beside}."));
        }
        let Some(choice) = &self.choice else { return words };
        words.push(match choice.folds {
            (_, 0 | 1) => "The configuration was chosen on the training part alone; the participants of this comparison \
                           took no part in the choice."
                .to_owned(),
            (same, folds) => format!(
                "What is recommended was chosen on all participants. What is compared was chosen in each fold on its training \
                 part alone, so that no participant was tested by a choice that they took part in; {same} of {folds} folds \
                 chose the same configuration."
            ),
        });
        let signed = |d: &Difference| {
            let z = d.z.map_or("z is undefined".to_owned(), |z| format!("z = {z:.1}"));
            format!("{} ({z})", relative(d))
        };
        if let Some(learned) = &choice.learned {
            let newest = choice.newest.iter().map(|tenth| {
                format!(
                    "from {} on: {} of {} participants",
                    day(tenth.from),
                    signed(&tenth.difference),
                    tenth.participants
                )
            });
            let newest: Vec<String> = newest.collect();
            let newest = if newest.is_empty() {
                String::new()
            } else {
                format!("; on the newest tenths of newcomers, {}", newest.join(", "))
            };
            words.push(format!(
                "There, the learned distance is {} than Gower's on five folds, and is recommended from z = 3 on{newest}.",
                signed(learned)
            ));
            let turned = if choice.is_turned_by_time() {
                " Here its sign is another on the newest participants too."
            } else {
                ""
            };
            words.push(format!("On one of nine data sets later newcomers turned the sign of that gain.{turned}"));
        }
        words
    }

    fn hits_in_words(&self) -> Option<String> {
        let k = *self.cutoffs.last()?;
        let metric = format!("hit rate@{k}");
        let [ours, theirs] =
            [self.recommended(), self.popularity()].map(|c| self.value(&c.name, &metric).unwrap_or_default());
        let difference = self.comparison(self.recommended(), self.popularity(), &metric)?;
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
        self.others().filter_map(|other| {
            let difference = self.compare(self.recommended(), other)?;
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

/// The day of a moment.
fn day(at: Timestamp) -> String {
    at.to_string().chars().take_while(|&c| c != 'T').collect()
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
