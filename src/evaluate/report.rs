//! What an evaluation found.

use serde::{Serialize, Serializer};

use super::choice::Choice;
use super::groups::{Grouping, Rare};
use super::measure::{Measures, Outcome};
use super::metrics::{coverage, gini};
use super::split::Plan;
use super::statistics::{Difference, float};
use super::sweep::Sweep;
use super::{Configuration, Decision};
use crate::domain::TrainingSet;
use crate::encode::LearnedDistances;

/// The model as it was configured and popularity come first among the contenders; random lists and the control come last.
const MODEL: usize = 0;
const POPULARITY: usize = 1;

/// Where some contenders stand.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Roles {
    /// That of the configuration chosen, which may be the model as it was configured.
    pub(super) recommended: usize,
    pub(super) best_segment: Option<usize>,
}

/// What a report is made of.
pub(super) struct Found {
    pub(super) names: Vec<String>,
    pub(super) roles: Roles,
    pub(super) outcome: Outcome,
    pub(super) choice: Option<Choice>,
    pub(super) configuration: Configuration,
    pub(super) sweep: Option<Sweep>,
}

/// What an evaluation found: a table when displayed, JSON when serialised, a page for people with
/// [`to_html`](Report::to_html).
///
/// ```
/// use sebaya::evaluate::Evaluation;
/// use sebaya::prelude::*;
///
/// # let mut data = TrainingSet::builder(Schema::new().numeric("age").categorical("gender"));
/// # data.course(Course::new("excel", Amount(250_000)))?.course(Course::new("sewing", Amount(100_000)))?;
/// # for i in 0_u8..60 {
/// #     let (id, gender) = (i.to_string(), if i % 2 == 0 { "f" } else { "m" });
/// #     data.participant(&id, Profile::new().with("age", i).with("gender", gender))?;
/// #     data.purchase(&id, if i < 30 { "excel" } else { "sewing" })?;
/// # }
/// # let data = data.build()?;
/// let report = Evaluation::new(Recommender::params().n_neighbours(10)).run(&data)?;
/// println!("{report}");
/// let json = serde_json::to_value(&report).unwrap();
/// assert_eq!(json["contenders"][0]["metrics"]["NDCG@3"], report.value("sebaya", "NDCG@3").unwrap());
/// # Ok::<(), sebaya::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Report {
    pub(super) decision: Decision,
    pub(super) configuration: Configuration,
    /// What to decide, in words.
    pub(super) summary: Vec<String>,
    pub(super) split: String,
    pub(super) seed: u64,
    /// How many participants were tested.
    pub(super) tested: usize,
    /// How many the split offers.
    pub(super) testable: usize,
    /// How many of those were drawn; whoever bought no course that may be recommended was not tested.
    pub(super) drawn: usize,
    /// How many past participants were learned from, in the largest training part.
    pub(super) learned_from: usize,
    /// How many courses could be recommended.
    pub(super) courses: usize,
    /// True purchases of a test participant on average.
    pub(super) mean_purchases: f64,
    pub(super) cutoffs: Vec<usize>,
    /// The metric that decides.
    pub(super) decides: String,
    pub(super) contenders: Vec<Scores>,
    pub(super) comparisons: Vec<Comparison>,
    pub(super) groups: Vec<Group>,
    /// What was tried on the part that the configuration was chosen on.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) choice: Option<Choice>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) sweep: Option<Sweep>,
    #[serde(skip)]
    pub(super) roles: Roles,
    /// Whether purchases of test participants were known.
    #[serde(skip)]
    pub(super) has_known: bool,
}

/// The metrics of one contender.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub(super) struct Scores {
    pub(super) name: String,
    #[serde(serialize_with = "as_map")]
    pub(super) metrics: Vec<(String, f64)>,
    /// At lists of 1 course, of 2, and so on to the longest.
    pub(super) hit_rates: Vec<f64>,
}

fn as_map<S: Serializer>(pairs: &[(String, f64)], serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_map(pairs.iter().map(|(name, value)| (name, value)))
}

/// One contender against another on one metric.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub(super) struct Comparison {
    pub(super) contender: String,
    pub(super) baseline: String,
    pub(super) metric: String,
    #[serde(flatten)]
    pub(super) difference: Difference,
}

/// The model against popularity, on the metric that decides, among those who share a value.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub(super) struct Group {
    pub(super) attribute: String,
    pub(super) value: String,
    pub(super) participants: usize,
    pub(super) model: f64,
    pub(super) popularity: f64,
    #[serde(flatten)]
    pub(super) difference: Difference,
}

impl Report {
    pub(super) fn new(
        data: &TrainingSet,
        plan: &Plan<'_>,
        measures: &Measures,
        found: Found,
        rare: &Rare<'_>,
        seed: u64,
    ) -> Self {
        let Found { names, roles, outcome, choice, configuration, sweep } = found;
        let outcome = &outcome;
        let metrics = measures.names();
        let decides = measures.cutoffs.len() - 1;
        let column = |contender: usize, metric: usize| contender * metrics.len() + metric;
        let (table, n) = (&outcome.table, outcome.participants.len());

        let means = table.means();
        let scores = (0..names.len()).map(|at| {
            let own = metrics.iter().cloned().zip(means[column(at, 0)..].iter().copied());
            let mut metrics: Vec<(String, f64)> = own.collect();
            for (times, k) in outcome.shown[at].times.iter().zip(&measures.cutoffs) {
                metrics.extend(of_catalogue(times, &outcome.open, data, *k));
            }
            let mut so_far = 0;
            let hits = outcome.shown[at].first_hits.iter().map(|&hits| {
                so_far += hits;
                float(so_far) / float(n)
            });
            Scores { name: names[at].clone(), metrics, hit_rates: hits.collect() }
        });
        let contenders = scores.collect();

        let control = names.len() - 1;
        let recommended = roles.recommended;
        let others =
            (0..names.len()).filter(|&baseline| baseline != recommended).map(|baseline| (recommended, baseline));
        let as_configured = (recommended != MODEL).then_some((MODEL, POPULARITY));
        let pairs = others.chain(as_configured).chain([(control, POPULARITY)]);
        let resampled = table.resampled_means(seed);
        let compare = |(of, baseline): (usize, usize)| {
            let metrics = metrics.iter().enumerate();
            let (resampled, column, names) = (&resampled, &column, &names);
            metrics.map(move |(at, metric)| Comparison {
                contender: names[of].clone(),
                baseline: names[baseline].clone(),
                metric: metric.clone(),
                difference: Difference::bootstrapped(table, resampled, (column(of, at), column(baseline, at))),
            })
        };
        let comparisons = pairs.flat_map(compare).collect();
        let columns = (column(recommended, decides), column(POPULARITY, decides));
        let mut groups: Vec<Group> =
            rare.groupings.iter().flat_map(|grouping| group(grouping, outcome, columns)).collect();
        groups.extend(rare_groups(rare, outcome, columns));

        let mut report = Self {
            decision: Decision::Undecided,
            configuration,
            summary: Vec::new(),
            split: plan.split.to_string(),
            seed,
            tested: n,
            testable: plan.n_testable,
            drawn: plan.n_tested(),
            learned_from: outcome.n_train,
            courses: outcome.open.iter().filter(|&&open| open).count(),
            mean_purchases: float(outcome.n_truths) / float(n),
            cutoffs: measures.cutoffs.clone(),
            decides: metrics[decides].clone(),
            contenders,
            comparisons,
            groups,
            choice,
            sweep,
            roles,
            has_known: plan.n_known() > 0,
        };
        report.decision = report.decide();
        report.summary = report.in_words();
        report
    }

    /// The value of a metric, such as `"NDCG@3"`, of a contender; `None` when there is no such one.
    pub fn value(&self, contender: &str, metric: &str) -> Option<f64> {
        let scores = self.contenders.iter().find(|scores| scores.name == contender)?;
        scores.metrics.iter().find(|(name, _)| name == metric).map(|&(_, value)| value)
    }

    /// What to do, by the final comparison.
    pub fn decision(&self) -> &Decision {
        &self.decision
    }

    /// The configuration that won on the part of the data that it was chosen on: with folds on all of the data, else on what
    /// was before the date. It is the one that was evaluated where none was [chosen](super::Evaluation::as_configured).
    pub fn configuration(&self) -> &Configuration {
        &self.configuration
    }

    /// What the learned distance tells of the attributes; `None` where it was not tried.
    pub fn learned_distances(&self) -> Option<&LearnedDistances> {
        self.choice.as_ref()?.learned_distances.as_ref()
    }

    /// What to decide, in words: the configuration to switch on, does it beat popularity, by how much, is the difference significant, for whom not, and did
    /// the lift of the control vanish.
    pub fn summary(&self) -> &[String] {
        &self.summary
    }

    pub(super) fn model(&self) -> &Scores {
        &self.contenders[MODEL]
    }

    pub(super) fn popularity(&self) -> &Scores {
        &self.contenders[POPULARITY]
    }

    /// The model with the configuration that was chosen.
    pub(super) fn recommended(&self) -> &Scores {
        &self.contenders[self.roles.recommended]
    }

    /// The attribute, in words where folds disagree, and the best sellers by it.
    pub(super) fn best_segment(&self) -> Option<(&str, &Scores)> {
        let scores = &self.contenders[self.roles.best_segment?];
        Some((scores.name.strip_prefix("popularity by ")?, scores))
    }

    /// What the recommended model is compared with beside popularity and random lists.
    pub(super) fn others(&self) -> impl Iterator<Item = &Scores> {
        let last = self.contenders.len() - 2;
        let others = self.contenders[..last].iter().enumerate();
        others.filter(|&(at, _)| at != self.roles.recommended && at != POPULARITY).map(|(_, scores)| scores)
    }

    pub(super) fn control(&self) -> &Scores {
        &self.contenders[self.contenders.len() - 1]
    }

    /// On the metric that decides.
    pub(super) fn compare(&self, contender: &Scores, baseline: &Scores) -> Option<&Difference> {
        self.comparison(contender, baseline, &self.decides)
    }

    pub(super) fn comparison(&self, contender: &Scores, baseline: &Scores, metric: &str) -> Option<&Difference> {
        let same = |c: &&Comparison| c.contender == contender.name && c.baseline == baseline.name && c.metric == metric;
        self.comparisons.iter().find(same).map(|comparison| &comparison.difference)
    }
}

/// The metrics that belong to no single participant.
fn of_catalogue(times: &[u64], open: &[bool], data: &TrainingSet, k: usize) -> Vec<(String, f64)> {
    let mut shown = Vec::new();
    let mut providers = std::collections::BTreeMap::new();
    for ((&times, course), _) in times.iter().zip(data.catalogue()).zip(open).filter(|&(_, &open)| open) {
        shown.push(times);
        *providers.entry(course.provider()).or_insert(0) += times;
    }
    let mut metrics = vec![(format!("coverage@{k}"), coverage(&shown)), (format!("Gini of courses@{k}"), gini(&shown))];
    // Without any provider there is nothing to be unequal.
    if providers.keys().any(Option::is_some) {
        let providers: Vec<u64> = providers.into_values().collect();
        metrics.push((format!("Gini of providers@{k}"), gini(&providers)));
    }
    metrics
}

fn group(grouping: &Grouping<'_>, outcome: &Outcome, columns: (usize, usize)) -> Vec<Group> {
    let mut members: Vec<Vec<usize>> = vec![Vec::new(); grouping.labels().len()];
    for (row, &participant) in outcome.participants.iter().enumerate() {
        grouping.of(participant).into_iter().for_each(|place| members[place as usize].push(row));
    }
    let occupied = grouping.labels().iter().zip(members).filter(|(_, members)| !members.is_empty());
    occupied.map(|(value, members)| Group::new(grouping, value.clone(), outcome, &members, columns)).collect()
}

/// For each attribute, all who have a rare value of it.
fn rare_groups(rare: &Rare<'_>, outcome: &Outcome, columns: (usize, usize)) -> Vec<Group> {
    let group = |(at, grouping): (usize, &Grouping<'_>)| {
        let rows = outcome.rare.iter().enumerate().filter(|(_, rare)| rare.contains(&at)).map(|(row, _)| row);
        let members: Vec<usize> = rows.collect();
        let value = format!("(rare: fewer than {} past participants)", rare.few);
        (!members.is_empty()).then(|| Group::new(grouping, value, outcome, &members, columns))
    };
    rare.groupings.iter().enumerate().filter_map(group).collect()
}

impl Group {
    fn new(
        grouping: &Grouping<'_>,
        value: String,
        outcome: &Outcome,
        members: &[usize],
        (model, popularity): (usize, usize),
    ) -> Self {
        let pairs = members.iter().map(|&row| (outcome.table.row(row)[model], outcome.table.row(row)[popularity]));
        let mean = |pick: fn((f64, f64)) -> f64| pairs.clone().map(pick).sum::<f64>() / float(members.len());
        Self {
            attribute: grouping.attribute().to_owned(),
            value,
            participants: members.len(),
            model: mean(|pair| pair.0),
            popularity: mean(|pair| pair.1),
            difference: Difference::normal(&pairs),
        }
    }
}
