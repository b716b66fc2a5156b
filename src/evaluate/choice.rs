//! Which configuration to recommend, chosen on a part of the data that the final comparison does not test.

use serde::Serialize;

use super::baselines::{BestSellers, SegmentBestSellers};
use super::contender::Neighbours;
use super::measure::{Measures, measure};
use super::split::{Open, Plan, newest_tenths};
use super::statistics::{Difference, Verdict, float};
use super::{Configuration, Contender, EvaluateError, Split};
use crate::Error;
use crate::domain::{Distance, Timestamp, TrainingSet};
use crate::encode::LearnedDistances;
use crate::model::{RecommenderParams, RecommenderValidParams};
use crate::neighbours::IndexKind;

const FOLDS: u32 = 5;
/// In days.
const HALF_LIVES: [f64; 4] = [30.0, 90.0, 180.0, 365.0];
/// An option takes the place of the simpler one from this many standard errors on.
const SURE: f64 = 3.0;
/// So many of the newest tenths of participants are predicted, each by the purchases before it.
const TENTHS: usize = 3;

/// What a choice depends on beside the data.
#[derive(Debug, Clone, Copy)]
pub(super) struct Chooser {
    /// As they are given: a date for a half-life is that of each training part.
    pub(super) base: RecommenderParams,
    pub(super) params: RecommenderValidParams,
    pub(super) known: usize,
    pub(super) cutoff: usize,
    pub(super) open: Open,
    /// Whether those who are tested came later than those who are learned from.
    pub(super) by_date: bool,
    pub(super) sample: usize,
    pub(super) seed: u64,
}

/// What was chosen, and what it was chosen by.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub(super) struct Choice {
    pub(super) configuration: Configuration,
    /// The attribute whose groups' best sellers are worth most.
    pub(super) segment: Option<String>,
    pub(super) tried: Vec<Tried>,
    /// The learned distance against Gower's: over five folds, and on each of the newest tenths of participants.
    pub(super) learned: Option<Difference>,
    pub(super) newest: Vec<Newest>,
    pub(super) learned_distances: Option<LearnedDistances>,
    /// In how many folds the same configuration was chosen, and how many folds there are.
    pub(super) folds: (usize, usize),
}

/// One configuration or baseline, and what it is worth on the part that the choice is made on.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub(super) struct Tried {
    pub(super) part: &'static str,
    pub(super) name: String,
    pub(super) participants: usize,
    pub(super) value: f64,
    /// From the first one of the part.
    pub(super) difference: Option<Difference>,
}

/// The learned distance against Gower's, on those who bought first from this moment on.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub(super) struct Newest {
    pub(super) from: Timestamp,
    pub(super) participants: usize,
    pub(super) difference: Difference,
}

const IN_FOLDS: &str = "five folds";
const NEWEST: &str = "newest tenths";

impl Chooser {
    /// How many participants will be asked for at the most.
    pub(super) fn n_asked(&self, train: &TrainingSet) -> usize {
        let past = train.past().len().min(self.sample);
        let tenths = newest_tenths(train, TENTHS).into_iter().map(|(_, participants)| participants.min(self.sample));
        // Half-lives are measured on the same again.
        2 * (past + tenths.sum::<usize>())
    }

    pub(super) fn choose(&self, train: &TrainingSet, mut progress: impl FnMut(usize)) -> Result<Choice, Error> {
        let schema = train.participants().schema();
        let mut configuration = as_given(self.params, self.known, train);
        let mut choice = Choice {
            configuration,
            segment: schema.attributes().first().map(|attribute| attribute.name().to_owned()),
            tried: Vec::new(),
            learned: None,
            newest: Vec::new(),
            learned_distances: None,
            folds: (1, 1),
        };
        // Where the distance cannot be learned, as an attribute has too many values, it is no candidate.
        let learned = self.base.half_life(None).distance(Distance::Learned).index(IndexKind::Auto).fit(train);
        let learned = learned.ok().filter(|model| model.encoder().is_learned());
        choice.learned_distances = learned.and_then(|model| model.learned_distances());

        let Some((models, segments, values)) =
            self.in_folds(train, choice.learned_distances.is_some(), &mut progress)?
        else {
            return Ok(choice);
        };
        let compare = |a: usize, b: usize| difference(&values[a], &values[b]);
        let at = |wanted: Configuration| models.iter().position(|&c| c == wanted);
        let gower = Configuration { distance: Distance::Gower, half_life: None, history: configuration.history };
        let learned = Configuration { distance: Distance::Learned, ..gower };
        configuration = gower;
        choice.learned = at(learned).zip(at(gower)).map(|(a, b)| compare(a, b));
        if choice.learned.as_ref().is_some_and(is_sure) {
            configuration = learned;
        }
        let alone = Configuration { history: Some(false), ..configuration };
        if at(alone).zip(at(configuration)).is_some_and(|(a, b)| a != b && is_sure(&compare(a, b))) {
            configuration = alone;
        }
        let first_segment = models.len() + 1;
        let mut best = f64::NEG_INFINITY;
        for (attribute, values) in segments.iter().zip(&values[first_segment..]) {
            let value = mean(values);
            if value > best {
                best = value;
                choice.segment = Some(attribute.clone());
            }
        }
        let names = models.iter().map(Configuration::to_string).chain(["best sellers".to_owned()]);
        let names = names.chain(segments.iter().map(|attribute| format!("best sellers by {attribute}")));
        choice.add(IN_FOLDS, names, &values);

        choice.configuration = self.half_life(train, configuration, &mut choice, &mut progress)?;
        if choice.learned.is_some() {
            choice.newest = self.newest(train, [learned, gower], &mut progress)?;
        }
        Ok(choice)
    }

    /// Both distances, with and without a history where there is one, and best sellers by each attribute.
    #[expect(clippy::type_complexity, reason = "three lists of what follows from one measurement")]
    fn in_folds(
        &self,
        train: &TrainingSet,
        learned: bool,
        progress: impl FnMut(usize),
    ) -> Result<Option<(Vec<Configuration>, Vec<String>, Vec<Vec<f64>>)>, Error> {
        let distances = [Some(Distance::Gower), learned.then_some(Distance::Learned)];
        let histories: &[Option<bool>] = if self.known > 0 { &[Some(true), Some(false)] } else { &[None] };
        let models = distances.into_iter().flatten().flat_map(|distance| {
            histories.iter().map(move |&history| Configuration { distance, half_life: None, history })
        });
        let models: Vec<Configuration> = models.collect();
        let segments: Vec<String> =
            train.participants().schema().attributes().iter().map(|a| a.name().to_owned()).collect();
        if train.past().len() < FOLDS as usize {
            return Ok(None);
        }
        let contenders: Vec<Neighbours> = models.iter().map(|c| self.model(*c)).collect();
        let by: Vec<_> = segments.iter().map(|name| SegmentBestSellers::by(vec![name.clone()])).collect();
        let all = contenders.iter().map(|c| c as &dyn Contender).chain([&BestSellers as &dyn Contender]);
        let all: Vec<&dyn Contender> = all.chain(by.iter().map(|c| c as &dyn Contender)).collect();
        let values = self.values(train, self.folds(), &all, progress)?;
        Ok(values.map(|values| (models, segments, values)))
    }

    /// The half-life to recommend: measured on the newest tenths of participants where the split is by date, else on folds, as
    /// those who are tested in folds are as old as those who are learned from.
    fn half_life(
        &self,
        train: &TrainingSet,
        chosen: Configuration,
        choice: &mut Choice,
        mut progress: impl FnMut(usize),
    ) -> Result<Configuration, Error> {
        if train.purchases().newest().is_none() {
            return Ok(chosen);
        }
        let given = self.params.half_life().filter(|days| !HALF_LIVES.contains(days));
        let half_lives = HALF_LIVES.into_iter().chain(given);
        let with = half_lives.map(|days| Configuration { half_life: Some(days), ..chosen });
        let candidates: Vec<Configuration> = [chosen].into_iter().chain(with).collect();
        let (part, splits) = if self.by_date {
            let tenths = newest_tenths(train, TENTHS).into_iter();
            (NEWEST, tenths.map(|(after, _)| Split::Newcomers { after }).collect())
        } else {
            (IN_FOLDS, vec![self.folds()])
        };
        let mut pooled: Vec<Vec<f64>> = vec![Vec::new(); candidates.len()];
        for split in splits {
            let values = self.worth(train, split, &candidates, &mut progress)?.unwrap_or_default();
            pooled.iter_mut().zip(values).for_each(|(all, values)| all.extend(values));
        }
        if pooled[0].is_empty() {
            return Ok(chosen);
        }
        choice.add(part, candidates.iter().map(Configuration::to_string), &pooled);
        let mut best = 0;
        for (at, values) in pooled.iter().enumerate().skip(1) {
            if is_sure(&difference(values, &pooled[0])) && mean(values) > mean(&pooled[best]) {
                best = at;
            }
        }
        Ok(candidates[best])
    }

    /// What the learned distance gains over Gower's on each of the newest tenths of participants.
    fn newest(
        &self,
        train: &TrainingSet,
        both: [Configuration; 2],
        mut progress: impl FnMut(usize),
    ) -> Result<Vec<Newest>, Error> {
        let mut newest = Vec::new();
        for (from, _) in newest_tenths(train, TENTHS) {
            let split = Split::Newcomers { after: from };
            if let Some(values) = self.worth(train, split, &both, &mut progress)? {
                let difference = difference(&values[0], &values[1]);
                newest.push(Newest { from, participants: values[0].len(), difference });
            }
        }
        Ok(newest)
    }

    fn folds(&self) -> Split {
        match self.known {
            0 => Split::KFold { folds: FOLDS },
            known => Split::NextPurchases { folds: FOLDS, known },
        }
    }

    fn worth(
        &self,
        train: &TrainingSet,
        split: Split,
        candidates: &[Configuration],
        progress: impl FnMut(usize),
    ) -> Result<Option<Vec<Vec<f64>>>, Error> {
        let models: Vec<Neighbours> = candidates.iter().map(|c| self.model(*c)).collect();
        let contenders: Vec<&dyn Contender> = models.iter().map(|model| model as &dyn Contender).collect();
        self.values(train, split, &contenders, progress)
    }

    fn model(&self, configuration: Configuration) -> Neighbours {
        let mut params = configuration.params(self.base);
        if configuration.distance == Distance::Learned {
            // Some indexes cannot search it, and all give the same answers.
            params = params.index(IndexKind::Auto);
        }
        Neighbours { name: String::new(), params, history: configuration.history != Some(false) }
    }

    /// What each contender is worth for each participant; nothing where nobody can be tested.
    fn values(
        &self,
        train: &TrainingSet,
        split: Split,
        contenders: &[&dyn Contender],
        progress: impl FnMut(usize),
    ) -> Result<Option<Vec<Vec<f64>>>, Error> {
        let measures = Measures { cutoffs: vec![self.cutoff], money: false };
        let outcome = Plan::new(train, split, self.open, self.sample, self.seed)
            .map_err(Error::from)
            .and_then(|plan| measure(&plan, &|_| contenders.to_vec(), &measures, None, progress));
        let outcome = match outcome {
            Ok(outcome) => outcome,
            Err(Error::Evaluate(EvaluateError::NobodyToTest { .. })) => return Ok(None),
            Err(error) => return Err(error),
        };
        let width = measures.names().len();
        let column = |at: usize| outcome.table.rows().map(|row| row[at * width]).collect();
        Ok(Some((0..contenders.len()).map(column).collect()))
    }
}

impl Choice {
    fn add(&mut self, part: &'static str, names: impl Iterator<Item = String>, values: &[Vec<f64>]) {
        for (at, (name, own)) in names.zip(values).enumerate() {
            let difference = (at > 0).then(|| difference(own, &values[0]));
            self.tried.push(Tried { part, name, participants: own.len(), value: mean(own), difference });
        }
    }

    /// Whether the newest participants, all tenths together, say the opposite of the folds about the learned distance.
    pub(super) fn is_turned_by_time(&self) -> bool {
        let weighted = self.newest.iter().map(|n| n.difference.difference * float(n.participants));
        let newest: f64 = weighted.sum();
        self.learned.as_ref().is_some_and(|folds| folds.difference * newest < 0.0)
    }
}

/// The configuration that these parameters are.
pub(super) fn as_given(params: RecommenderValidParams, known: usize, data: &TrainingSet) -> Configuration {
    let distance = params.distance().unwrap_or(data.participants().schema().distance());
    Configuration { distance, half_life: params.half_life(), history: (known > 0).then_some(true) }
}

fn difference(of: &[f64], baseline: &[f64]) -> Difference {
    Difference::normal(&of.iter().copied().zip(baseline.iter().copied()))
}

fn mean(values: &[f64]) -> f64 {
    values.iter().sum::<f64>() / float(values.len().max(1))
}

/// Whether it is better, beyond what several candidates reach by chance.
fn is_sure(difference: &Difference) -> bool {
    difference.verdict != Verdict::TooFew && difference.z.is_some_and(|z| z >= SURE)
}
