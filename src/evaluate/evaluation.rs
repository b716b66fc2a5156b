//! The evaluation as a caller sets it up.

use std::collections::HashMap;
use std::fmt;

use linfa::ParamGuard;

use super::baselines::{AtRandom, BestSellers, Control, SegmentBestSellers};
use super::contender::{Neighbours, ProfileAlone};
use super::groups::Grouping;
use super::measure::{Measures, measure};
use super::report::Report;
use super::split::{Open, Plan};
use super::sweep::Sweep;
use super::weights::{LearnedWeights, Weighted};
use super::{Contender, EvaluateError, Split};
use crate::Error;
use crate::domain::{Amount, ParticipantId, TrainingSet};
use crate::model::RecommenderParams;

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
    split: Split,
    cutoffs: Vec<usize>,
    segment: Vec<String>,
    max_share: f64,
    sample: usize,
    seed: u64,
    sweep: bool,
    learned_weights: bool,
    balances: HashMap<ParticipantId, Amount>,
    others: Vec<Box<dyn Contender + Send + 'c>>,
}

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
    /// Of a recommender with these parameters, by five folds, at 1, 3, 5 and 10 courses, with seed 0. A half-life without a
    /// date takes that of the newest purchase of each training part.
    pub fn new(params: RecommenderParams) -> Self {
        Self {
            params,
            split: Split::KFold { folds: 5 },
            cutoffs: vec![1, 3, 5, 10],
            segment: Vec::new(),
            max_share: 1.0,
            sample: usize::MAX,
            seed: 0,
            sweep: false,
            learned_weights: false,
            balances: HashMap::new(),
            others: Vec::new(),
        }
    }

    /// Sets who is learned from and who is tested.
    #[must_use]
    pub fn split(mut self, split: Split) -> Self {
        self.split = split;
        self
    }

    /// Sets at which lengths lists are measured: at least 1, and at most 32 of them. At the longest,
    /// [`NDCG`](super::metrics::ndcg()) decides. A length beyond the catalogue measures whole lists.
    #[must_use]
    pub fn cutoffs(mut self, cutoffs: impl IntoIterator<Item = usize>) -> Self {
        // One too many is enough to be refused.
        self.cutoffs = cutoffs.into_iter().take(MAX_CUTOFFS + 1).collect();
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
    /// They are neither recommended nor to be foretold.
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

    /// Sets what participants have to spend. The others have what they really spent on the purchases to be foretold.
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
    /// assert_eq!(report.value("sebaya", "affordable hit rate@10"), Some(0.0));
    /// # Ok::<(), sebaya::Error>(())
    /// ```
    #[must_use]
    pub fn balances<I: Into<ParticipantId>>(mut self, balances: impl IntoIterator<Item = (I, Amount)>) -> Self {
        self.balances.extend(balances.into_iter().map(|(id, balance)| (id.into(), balance)));
        self
    }

    /// Adds a contender: the recommender with weights of attributes that it learns from each training part, as
    /// [`fit_weights`](Self::fit_weights) does.
    #[must_use]
    pub fn learned_weights(mut self) -> Self {
        self.learned_weights = true;
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
    /// assert_eq!(seen.map(|progress| (progress.done, progress.total)), Some((50, 50)));
    /// # Ok::<(), sebaya::Error>(())
    /// ```
    pub fn run_with(&self, data: &TrainingSet, mut progress: impl FnMut(Progress)) -> Result<Report, Error> {
        let measures = self.measures()?;
        let past = data.past();
        let attributes = data.participants().schema().attributes().iter();
        let groupings = attributes.map(|a| Grouping::new(data.participants(), a.name(), &past));
        let groupings = groupings.collect::<Result<Vec<_>, _>>()?;
        for attribute in &self.segment {
            Grouping::new(data.participants(), attribute, &past)?;
        }
        let mut plan = Plan::new(data, self.split, Open::Share(self.max_share), self.sample, self.seed)?;
        plan.set_balances(&self.balances)?;

        let model = Neighbours { name: "sebaya".to_owned(), params: self.params };
        let segment = SegmentBestSellers { attributes: self.segment.clone() };
        let random = AtRandom { seed: self.seed };
        let control = Control { model: model.clone(), seed: self.seed };
        let mut contenders: Vec<&dyn Contender> = vec![&model, &BestSellers];
        if !self.segment.is_empty() {
            contenders.push(&segment);
        }
        let weighted =
            Weighted { params: self.params, cutoff: measures.longest(), sample: self.sample, seed: self.seed };
        if self.learned_weights {
            contenders.push(&weighted);
        }
        let profile_alone = ProfileAlone(model.clone());
        if let Split::NextPurchases { .. } = self.split {
            contenders.push(&profile_alone);
        }
        contenders.extend(self.others.iter().map(|other| other.as_ref() as &dyn Contender));
        contenders.extend([&random as &dyn Contender, &control]);

        let total = plan.n_tested() * if self.sweep { 2 } else { 1 };
        let mut done = 0;
        let mut report_progress = |participants| {
            done += participants;
            progress(Progress { done, total });
        };
        let n_courses = data.catalogue().len();
        let outcome = measure(&plan, &contenders, &measures, n_courses, &mut report_progress)?;
        let names: Vec<String> = contenders.iter().map(|contender| contender.name()).collect();
        let mut report = Report::new(data, &plan, &measures, &names, &outcome, &groupings, self.seed);
        if self.sweep {
            let evaluated = self.params.aged_to_newest(data.purchases()).check()?;
            report.sweep =
                Some(Sweep::new(&plan, self.params, &evaluated, &measures, n_courses, &mut report_progress)?);
        }
        Ok(report)
    }

    /// Learns what each attribute is worth alone, in five folds, and weighs attributes by it. Of a
    /// [split by a date](Split::Newcomers) the part before it is learned from, else all of these data. Of the other settings, the
    /// parameters, the longest cut-off, the largest share, the sample and the seed count.
    ///
    /// Whether the weights help is shown by [`learned_weights`](Self::learned_weights), which learns them from the training
    /// parts only. Measured on the data that they were learned from, they flatter themselves.
    ///
    /// # Errors
    ///
    /// As [`run`](Self::run).
    pub fn fit_weights(&self, data: &TrainingSet) -> Result<LearnedWeights, Error> {
        self.fit_weights_with(data, |_| ())
    }

    /// As [`fit_weights`](Self::fit_weights), and calls `progress` from time to time.
    ///
    /// # Errors
    ///
    /// As [`run`](Self::run).
    pub fn fit_weights_with(
        &self,
        data: &TrainingSet,
        mut progress: impl FnMut(Progress),
    ) -> Result<LearnedWeights, Error> {
        let cutoff = self.measures()?.longest();
        let (mut done, total) = (0, self.sample.min(data.past().len()));
        let report_progress = |participants| {
            done += participants;
            progress(Progress { done, total });
        };
        let open = Open::Share(self.max_share);
        let Self { params, split, sample, seed, .. } = *self;
        if let Split::Newcomers { .. } = split {
            let before = Plan::new(data, split, open, usize::MAX, seed)?.fold(0).train;
            return LearnedWeights::learn(&before, params, Open::AsTheyAre, cutoff, sample, seed, report_progress);
        }
        LearnedWeights::learn(data, params, open, cutoff, sample, seed, report_progress)
    }

    fn measures(&self) -> Result<Measures, EvaluateError> {
        let mut cutoffs = self.cutoffs.clone();
        cutoffs.sort_unstable();
        cutoffs.dedup();
        if self.cutoffs.len() > MAX_CUTOFFS {
            return Err(EvaluateError::TooManyCutoffs { most: MAX_CUTOFFS });
        }
        if cutoffs.first().is_none_or(|&k| k == 0) {
            return Err(EvaluateError::BadCutoffs { cutoffs: self.cutoffs.clone() });
        }
        Ok(Measures { cutoffs, money: true })
    }
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
            .field("learned_weights", &self.learned_weights)
            .field("balances", &self.balances.len())
            .field("others", &self.others.iter().map(|other| other.name()).collect::<Vec<_>>())
            .finish()
    }
}
