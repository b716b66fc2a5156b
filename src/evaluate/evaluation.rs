//! The evaluation as a caller sets it up.

use std::fmt;

use super::baselines::{AtRandom, BestSellers, Control, SegmentBestSellers};
use super::contender::Neighbours;
use super::groups::Grouping;
use super::measure::{Measures, measure};
use super::report::Report;
use super::split::Plan;
use super::sweep::Sweep;
use super::{Contender, EvaluateError, Split};
use crate::Error;
use crate::domain::TrainingSet;
use crate::recommender::RecommenderParams;

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
    others: Vec<Box<dyn Contender + 'c>>,
}

/// How far an evaluation is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Progress {
    /// How many participants were asked for.
    pub done: usize,
    /// How many will be at the most.
    pub total: usize,
}

impl<'c> Evaluation<'c> {
    /// Of a recommender with these parameters, by five folds, at 1, 3, 5 and 10 courses, with seed 0.
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
            others: Vec::new(),
        }
    }

    /// Sets who is learned from and who is tested.
    #[must_use]
    pub fn split(mut self, split: Split) -> Self {
        self.split = split;
        self
    }

    /// Sets at which lengths lists are measured. At the longest, [`NDCG`](super::metrics::ndcg()) decides.
    #[must_use]
    pub fn cutoffs(mut self, cutoffs: impl IntoIterator<Item = usize>) -> Self {
        self.cutoffs = cutoffs.into_iter().collect();
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

    /// Adds the metric that decides at other numbers of neighbours and other priors to the report.
    #[must_use]
    pub fn sweep(mut self) -> Self {
        self.sweep = true;
        self
    }

    /// Adds a contender: what the programme has already, say.
    #[must_use]
    pub fn against(mut self, contender: impl Contender + 'c) -> Self {
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
        let plan = Plan::new(data, self.split, self.max_share, self.sample, self.seed)?;

        let model = Neighbours { name: "sebaya".to_owned(), params: self.params };
        let segment = SegmentBestSellers { attributes: self.segment.clone() };
        let random = AtRandom { seed: self.seed };
        let control = Control { model: model.clone(), seed: self.seed };
        let mut contenders: Vec<&dyn Contender> = vec![&model, &BestSellers];
        if !self.segment.is_empty() {
            contenders.push(&segment);
        }
        contenders.extend(self.others.iter().map(Box::as_ref));
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
            report.sweep = Some(Sweep::new(&plan, self.params, &measures, n_courses, &mut report_progress)?);
        }
        Ok(report)
    }

    fn measures(&self) -> Result<Measures, EvaluateError> {
        let mut cutoffs = self.cutoffs.clone();
        cutoffs.sort_unstable();
        cutoffs.dedup();
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
            .field("others", &self.others.iter().map(|other| other.name()).collect::<Vec<_>>())
            .finish()
    }
}
