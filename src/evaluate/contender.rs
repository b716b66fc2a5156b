//! What takes part in an evaluation.

use super::Ask;
use crate::Error;
use crate::budget::affordable;
use crate::domain::{Course, TrainingSet};
use crate::model::RecommenderParams;
use crate::query::{Recommendation, Recommender};

/// A way to recommend courses: this crate's, a baseline, or what a programme has already.
///
/// ```
/// use sebaya::evaluate::{Ask, Contender, Evaluation, Fitted};
/// use sebaya::{Error, prelude::*};
///
/// /// What the dashboard shows today: the cheapest courses.
/// struct Cheapest;
///
/// impl Contender for Cheapest {
///     fn name(&self) -> String {
///         "cheapest".into()
///     }
///
///     fn fit<'d>(&self, train: &'d TrainingSet) -> Result<Box<dyn Fitted + 'd>, Error> {
///         let mut courses: Vec<_> = train.catalogue().iter().collect();
///         courses.sort_by_key(|course| (course.price(), course.id()));
///         Ok(Box::new(FittedCheapest(courses)))
///     }
/// }
///
/// struct FittedCheapest<'d>(Vec<&'d Course>);
///
/// impl Fitted for FittedCheapest<'_> {
///     fn recommend(&self, ask: &Ask<'_>) -> Result<Vec<&Course>, Error> {
///         Ok(self.0.iter().copied().filter(|course| ask.allows(course)).take(ask.top()).collect())
///     }
/// }
///
/// # let mut data = TrainingSet::builder(Schema::new().numeric("age").categorical("gender"));
/// # data.course(Course::new("excel", Amount(250_000)))?.course(Course::new("sewing", Amount(100_000)))?;
/// # for i in 0_u8..60 {
/// #     let (id, gender) = (i.to_string(), if i % 2 == 0 { "f" } else { "m" });
/// #     data.participant(&id, Profile::new().with("age", i).with("gender", gender))?;
/// #     data.purchase(&id, if i < 30 { "excel" } else { "sewing" })?;
/// # }
/// # let data = data.build()?;
/// let params = Recommender::params().n_neighbours(10);
/// let report = Evaluation::new(params).against(Cheapest).run(&data)?;
/// assert!(report.value("sebaya", "NDCG@1") > report.value("cheapest", "NDCG@1"));
/// # Ok::<(), sebaya::Error>(())
/// ```
pub trait Contender: Sync {
    /// Its name in the report.
    fn name(&self) -> String;

    /// Learns from the training part. Its catalogue is open where courses may be recommended; test participants are among
    /// its participants, without purchases.
    ///
    /// # Errors
    ///
    /// Whatever keeps it from learning; the evaluation stops with it.
    fn fit<'d>(&self, train: &'d TrainingSet) -> Result<Box<dyn Fitted + 'd>, Error>;
}

/// A contender that has learned; [`Contender`] shows one. A fitted [`Recommender`] is one too.
///
/// ```
/// fn takes_part(_: &impl sebaya::evaluate::Fitted) {}
/// # let mut data = sebaya::TrainingSet::builder(sebaya::Schema::new().numeric("age"));
/// # data.course(sebaya::Course::new("excel", sebaya::Amount(1)))?;
/// # data.participant("ani", sebaya::Profile::new())?.purchase("ani", "excel")?;
/// takes_part(&sebaya::Recommender::params().fit(&data.build()?)?);
/// # Ok::<(), sebaya::Error>(())
/// ```
pub trait Fitted: Sync {
    /// The best courses that the ask [allows](Ask::allows), at most [`top`](Ask::top), best first and each once.
    ///
    /// # Errors
    ///
    /// Whatever keeps it from an answer; the evaluation stops with it.
    fn recommend(&self, ask: &Ask<'_>) -> Result<Vec<&Course>, Error>;

    /// A set of at most `max_courses` courses that the balance pays for. By default the best ones that still fit, one after
    /// another.
    ///
    /// # Errors
    ///
    /// As [`recommend`](Self::recommend).
    fn plan(&self, ask: &Ask<'_>, max_courses: usize) -> Result<Vec<&Course>, Error> {
        let everything = Ask { top: usize::MAX, ..*ask };
        let mut left = ask.balance;
        let mut plan = Vec::new();
        for course in self.recommend(&everything)? {
            if plan.len() < max_courses && affordable(course.price(), left) {
                left.0 -= course.price().0;
                plan.push(course);
            }
        }
        Ok(plan)
    }
}

/// This crate's own way with some parameters.
#[derive(Debug, Clone)]
pub(super) struct Neighbours {
    pub(super) name: String,
    pub(super) params: RecommenderParams,
    /// Whether known purchases count beside the profile.
    pub(super) history: bool,
}

impl Contender for Neighbours {
    fn name(&self) -> String {
        self.name.clone()
    }

    fn fit<'d>(&self, train: &'d TrainingSet) -> Result<Box<dyn Fitted + 'd>, Error> {
        let model = self.params.aged_to_newest(train.purchases()).fit(train)?;
        Ok(if self.history { Box::new(model) } else { Box::new(WithoutHistory(model)) })
    }
}

impl Fitted for Recommender {
    fn recommend(&self, ask: &Ask<'_>) -> Result<Vec<&Course>, Error> {
        Ok(courses_of(self, self.recommend(&ask.query())?.iter()))
    }

    fn plan(&self, ask: &Ask<'_>, max_courses: usize) -> Result<Vec<&Course>, Error> {
        let query = ask.query().max_courses(max_courses);
        Ok(courses_of(self, self.plan(&query)?.courses().iter()))
    }
}

/// The courses of an answer as the model has them, which lives longer.
fn courses_of<'m, 'a>(model: &'m Recommender, answer: impl Iterator<Item = &'a Recommendation>) -> Vec<&'m Course> {
    answer.filter_map(|best| model.catalogue().get(best.course().id().as_str())).collect()
}

/// By the profile alone, though purchases are known.
struct WithoutHistory(Recommender);

impl Fitted for WithoutHistory {
    fn recommend(&self, ask: &Ask<'_>) -> Result<Vec<&Course>, Error> {
        Ok(courses_of(&self.0, self.0.recommend(&ask.query_without_history())?.iter()))
    }
}
