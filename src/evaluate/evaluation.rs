//! The evaluation as a caller sets it up.

use std::collections::HashMap;
use std::fmt;

use linfa::ParamGuard;

use super::baselines::{AtRandom, BestSellers, Control, SegmentBestSellers};
use super::choice::{Choice, Chooser, as_given};
use super::contender::Neighbours;
use super::groups::{Grouping, Rare};
use super::measure::{Measures, measure};
use super::report::{Found, Report, Roles};
use super::split::{Open, Plan, newest_tenths};
use super::sweep::Sweep;
use super::{Configuration, Contender, EvaluateError, Split};
use crate::Error;
use crate::domain::{Amount, ParticipantId, TrainingSet};
use crate::model::RecommenderParams;
use crate::neighbours::IndexKind;

/// Measures on a programme's own data whether recommendations beat its best sellers.
///
/// ```
/// use sebaya::evaluate::{Evaluation, Split};
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
/// let report = Evaluation::new(Recommender::params().n_neighbours(10))
///     .split(Split::KFold { folds: 2 })
///     .cutoffs([1, 5])
///     .segment(["gender"])
///     .seed(7)
///     .run(&data)?;
/// assert!(report.value("popularity by gender", "hit rate@5").unwrap() > 0.0);
/// println!("{report}");
/// # Ok::<(), sebaya::Error>(())
/// ```
pub struct Evaluation<'c> {
    params: RecommenderParams,
    split: Option<Split>,
    cutoffs: Option<Vec<usize>>,
    segment: Vec<String>,
    max_share: f64,
    sample: usize,
    seed: u64,
    sweep: bool,
    choose: bool,
    balances: HashMap<ParticipantId, Amount>,
    others: Vec<Box<dyn Contender + Send + 'c>>,
}

/// Catalogues of fewer courses are measured by shorter lists.
const LARGE_CATALOGUE: usize = 100;
/// Each length is measured of each participant and contender, and all of it is kept.
const MAX_CUTOFFS: usize = 32;

/// How far an evaluation is; see [`Evaluation::run_with`].
///
/// ```
/// let progress = sebaya::evaluate::Progress { done: 50, total: 200 };
/// assert_eq!(100 * progress.done / progress.total, 25);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Progress {
    /// How many participants were asked for.
    pub done: usize,
    /// How many will be at the most.
    pub total: usize,
}

impl<'c> Evaluation<'c> {
    /// Of a recommender with these parameters, with seed 0.
    ///
    /// Where purchases have times, the newest tenth of the past participants by first purchase is tested, else five folds are.
    /// A half-life without a date takes that of the newest purchase of each training part.
    /// Lists are measured at 1 and 3 courses where the catalogue has fewer than 100, else at 1, 3, 5 and 10.
    pub fn new(params: RecommenderParams) -> Self {
        Self {
            params,
            split: None,
            cutoffs: None,
            segment: Vec::new(),
            max_share: 1.0,
            sample: usize::MAX,
            seed: 0,
            sweep: false,
            choose: true,
            balances: HashMap::new(),
            others: Vec::new(),
        }
    }

    /// Sets who is learned from and who is tested.
    #[must_use]
    pub fn split(mut self, split: Split) -> Self {
        self.split = Some(split);
        self
    }

    /// Sets at which lengths lists are measured: at least 1, and at most 32 of them. At the longest,
    /// [`NDCG`](super::metrics::ndcg()) decides. A length beyond the catalogue measures whole lists.
    #[must_use]
    pub fn cutoffs(mut self, cutoffs: impl IntoIterator<Item = usize>) -> Self {
        // One too many is enough to be refused.
        self.cutoffs = Some(cutoffs.into_iter().take(MAX_CUTOFFS + 1).collect());
        self
    }

    /// Adds a baseline: the best sellers among those with the same values of these attributes. Numbers count as the same
    /// within a fifth of the past participants.
    #[must_use]
    pub fn segment<A: Into<String>>(mut self, attributes: impl IntoIterator<Item = A>) -> Self {
        self.segment = attributes.into_iter().map(Into::into).collect();
        self
    }

    /// Leaves out the courses that more than this share of the training participants bought: they need no recommendation.
    /// They are neither recommended nor to be predicted.
    #[must_use]
    pub fn max_share(mut self, share: f64) -> Self {
        self.max_share = share;
        self
    }

    /// Tests at most so many participants, drawn at random; the others are still learned from.
    #[must_use]
    pub fn sample(mut self, participants: usize) -> Self {
        self.sample = participants;
        self
    }

    /// Sets what all random numbers are derived from: folds, samples, random lists, permutations, resamples.
    #[must_use]
    pub fn seed(mut self, seed: u64) -> Self {
        self.seed = seed;
        self
    }

    /// Adds the metric that decides at other numbers of neighbours, priors and half-lives to the report.
    #[must_use]
    pub fn sweep(mut self) -> Self {
        self.sweep = true;
        self
    }

    /// Sets what participants have to spend. The others have what they really spent on the purchases to be predicted.
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
    /// let poor = (0..60).map(|i| (i.to_string(), Amount(99_999)));
    /// let report = Evaluation::new(Recommender::params()).balances(poor).run(&data)?;
    /// assert_eq!(report.value("sebaya", "affordable hit rate@3"), Some(0.0));
    /// # Ok::<(), sebaya::Error>(())
    /// ```
    #[must_use]
    pub fn balances<I: Into<ParticipantId>>(mut self, balances: impl IntoIterator<Item = (I, Amount)>) -> Self {
        self.balances.extend(balances.into_iter().map(|(id, balance)| (id.into(), balance)));
        self
    }

    /// Measures the recommender as it is configured, and chooses no other configuration. That takes less time.
    #[must_use]
    pub fn as_configured(mut self) -> Self {
        self.choose = false;
        self
    }

    /// Adds a contender: what the programme has already, say.
    #[must_use]
    pub fn against(mut self, contender: impl Contender + Send + 'c) -> Self {
        self.others.push(Box::new(contender));
        self
    }

    /// Evaluates. The report does not depend on threads or features.
    ///
    /// # Errors
    ///
    /// * [`Error::Evaluate`] when a setting breaks its rule or does not suit the data;
    /// * [`Error::Params`] when a parameter of the recommender breaks its rule;
    /// * whatever a contender reports.
    pub fn run(&self, data: &TrainingSet) -> Result<Report, Error> {
        self.run_with(data, |_| ())
    }

    /// As [`run`](Self::run), and calls `progress` from time to time.
    ///
    /// # Errors
    ///
    /// As [`run`](Self::run).
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
    /// let mut seen = None;
    /// Evaluation::new(Recommender::params()).sample(50).run_with(&data, |progress| seen = Some(progress))?;
    /// assert!(seen.is_some_and(|progress| progress.done == progress.total));
    /// # Ok::<(), sebaya::Error>(())
    /// ```
    pub fn run_with(&self, data: &TrainingSet, mut progress: impl FnMut(Progress)) -> Result<Report, Error> {
        let params = self.params.aged_to_newest(data.purchases()).check()?;
        let measures = self.measures(data.catalogue().len())?;
        let past = data.past();
        let attributes = data.participants().schema().attributes().iter();
        let groupings = attributes.map(|a| Grouping::new(data.participants(), a.name(), &past));
        let groupings = groupings.collect::<Result<Vec<_>, _>>()?;
        for attribute in &self.segment {
            Grouping::new(data.participants(), attribute, &past)?;
        }
        let split = self.split.unwrap_or_else(|| default_split(data));
        let mut plan = Plan::new(data, split, Open::Share(self.max_share), self.sample, self.seed)?;
        plan.set_balances(&self.balances)?;

        let known = plan.n_known();
        let chooser = Chooser {
            base: self.params,
            params,
            known,
            cutoff: measures.longest(),
            open: Open::AsTheyAre,
            by_date: matches!(split, Split::Newcomers { .. }),
            // All folds together ask for as many as one choice does.
            sample: (self.sample / plan.n_folds as usize).max(1),
            seed: self.seed,
        };
        let of_all = Chooser { open: Open::Share(self.max_share), sample: self.sample, ..chooser };
        let n_sweeps = if self.sweep { 2 } else { 1 };
        let mut total = plan.n_tested() * n_sweeps;
        if self.choose {
            total += of_all.n_asked(data) * if plan.n_folds > 1 { 2 } else { 1 };
        }
        let mut done = 0;
        let mut report_progress = |participants| {
            done += participants;
            progress(Progress { done: done.min(total), total });
        };

        let given = as_given(params, known, data);
        let (choices, choice) = self.choices(&plan, chooser, of_all, &mut report_progress)?;
        let model = |name: &str, configuration: Configuration| {
            let params = configuration.params(self.params);
            // Some indexes cannot search the learned distance, and all give the same answers.
            let params = if configuration.distance == given.distance { params } else { params.index(IndexKind::Auto) };
            Neighbours { name: name.to_owned(), params, history: configuration.history != Some(false) }
        };
        let as_configured = Neighbours { params: self.params, ..model(MODEL_NAME, given) };
        let recommended: Vec<Neighbours> =
            choices.iter().map(|c| model("sebaya as recommended", c.configuration)).collect();
        let differs = choices.iter().any(|c| c.configuration != given);
        let controls: Vec<Control> = if differs { &recommended[..] } else { std::slice::from_ref(&as_configured) }
            .iter()
            .map(|model| Control {
                model: Neighbours { name: MODEL_NAME.to_owned(), ..model.clone() },
                seed: self.seed,
            })
            .collect();
        let best_segments = best_segments(&choices);
        let segment = SegmentBestSellers::by(self.segment.clone());
        let random = AtRandom { seed: self.seed };
        let profile_alone =
            Neighbours { name: format!("{MODEL_NAME} by the profile alone"), history: false, ..as_configured.clone() };
        let contenders = |fold: u32| {
            let of = fold as usize;
            let mut all: Vec<&dyn Contender> = vec![&as_configured, &BestSellers];
            if differs {
                all.push(&recommended[of]);
            }
            all.extend(best_segments.get(of).map(|segment| segment as &dyn Contender));
            if !self.segment.is_empty() && best_segments.first().is_none_or(|best| best.name() != segment.name()) {
                all.push(&segment);
            }
            if known > 0 {
                all.push(&profile_alone);
            }
            all.extend(self.others.iter().map(|other| other.as_ref() as &dyn Contender));
            all.extend([&random as &dyn Contender, &controls[of.min(controls.len() - 1)]]);
            all
        };

        let rare = Rare { groupings: &groupings, few: params.n_neighbours() };
        let outcome = measure(&plan, &contenders, &measures, Some(&rare), &mut report_progress)?;
        let names: Vec<String> = contenders(0).iter().map(|contender| contender.name()).collect();
        let roles = Roles {
            recommended: if differs { 2 } else { 0 },
            best_segment: (!best_segments.is_empty()).then_some(if differs { 3 } else { 2 }),
        };
        let configuration = choice.as_ref().map_or(given, |choice| choice.configuration);
        let sweep = if self.sweep {
            Some(Sweep::new(&plan, self.params, &params, &measures, &mut report_progress)?)
        } else {
            None
        };
        let found = Found { names, roles, outcome, choice, configuration, sweep };
        let report = Report::new(data, &plan, &measures, found, &rare, self.seed);
        progress(Progress { done: total, total });
        Ok(report)
    }

    /// The choice of each fold, and the one to recommend; none where none is wanted.
    fn choices(
        &self,
        plan: &Plan<'_>,
        chooser: Chooser,
        of_all: Chooser,
        mut progress: impl FnMut(usize),
    ) -> Result<(Vec<Choice>, Option<Choice>), Error> {
        if !self.choose {
            return Ok((Vec::new(), None));
        }
        // Each fold has a choice of its own, made on its training part, so that no test participant took part in it.
        let of_fold = |fold| chooser.choose(&plan.train(fold), &mut progress);
        let choices = (0..plan.n_folds).map(of_fold).collect::<Result<Vec<_>, Error>>()?;
        let mut choice = match &choices[..] {
            [one] => one.clone(),
            _ => of_all.choose(plan.data(), &mut progress)?,
        };
        let same = choices.iter().filter(|of_fold| of_fold.configuration == choice.configuration);
        choice.folds = (same.count(), choices.len());
        Ok((choices, Some(choice)))
    }

    fn measures(&self, n_courses: usize) -> Result<Measures, EvaluateError> {
        let by_default = if n_courses < LARGE_CATALOGUE { vec![1, 3] } else { vec![1, 3, 5, 10] };
        let given = self.cutoffs.clone().unwrap_or(by_default);
        let mut cutoffs = given.clone();
        cutoffs.sort_unstable();
        cutoffs.dedup();
        if given.len() > MAX_CUTOFFS {
            return Err(EvaluateError::TooManyCutoffs { most: MAX_CUTOFFS });
        }
        if cutoffs.first().is_none_or(|&k| k == 0) {
            return Err(EvaluateError::BadCutoffs { cutoffs: given });
        }
        Ok(Measures { cutoffs, money: true })
    }
}

/// The name of the recommender as it was configured.
const MODEL_NAME: &str = "sebaya";

/// Newcomers of the newest tenth where times are known, else five folds.
fn default_split(data: &TrainingSet) -> Split {
    let newest = newest_tenths(data, 1);
    newest.first().map_or(Split::KFold { folds: 5 }, |&(after, _)| Split::Newcomers { after })
}

/// The best sellers by the attribute that each fold has chosen, under one name.
fn best_segments(choices: &[Choice]) -> Vec<SegmentBestSellers> {
    let chosen: Option<Vec<_>> = choices.iter().map(|choice| choice.segment.clone()).collect();
    let mut segments: Vec<_> =
        chosen.unwrap_or_default().into_iter().map(|attribute| SegmentBestSellers::by(vec![attribute])).collect();
    if segments.windows(2).any(|pair| pair[0].attributes != pair[1].attributes) {
        let name = "popularity by the best attribute";
        for segment in &mut segments {
            name.clone_into(&mut segment.name);
        }
    }
    segments
}

impl fmt::Debug for Evaluation<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Evaluation")
            .field("params", &self.params)
            .field("split", &self.split)
            .field("cutoffs", &self.cutoffs)
            .field("segment", &self.segment)
            .field("max_share", &self.max_share)
            .field("sample", &self.sample)
            .field("seed", &self.seed)
            .field("sweep", &self.sweep)
            .field("choose", &self.choose)
            .field("balances", &self.balances.len())
            .field("others", &self.others.iter().map(|other| other.name()).collect::<Vec<_>>())
            .finish()
    }
}
