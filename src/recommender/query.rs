//! What a participant asks.

use std::fmt;
use std::sync::Arc;

use thiserror::Error;

use crate::budget::Infeasible;
use crate::domain::{Amount, Course, CourseId, ParticipantId, Profile};
use crate::echo::Echo;

pub(super) type Accept<'q> = Arc<dyn Fn(&Course) -> bool + Send + Sync + 'q>;

/// A question to a [`Recommender`](crate::Recommender): who asks, with which balance, and which courses may come up.
///
/// ```
/// use sebaya::{Amount, Profile, Query};
///
/// let newcomer = Query::new(Profile::new().with("age", 24), Amount(300_000)).top(5).owned(["excel"]);
/// let known = Query::participant("ani", Amount(300_000)).filter(|course| course.category() != Some("beauty"));
/// ```
#[derive(Clone)]
pub struct Query<'q> {
    /// Without one, that of the participant.
    pub(super) profile: Option<Profile>,
    pub(super) participant: Option<ParticipantId>,
    pub(super) balance: Amount,
    pub(super) owned: Vec<CourseId>,
    /// Whether what is owned tells what is wanted.
    pub(super) by_history: bool,
    pub(super) top: usize,
    pub(super) accept: Option<Accept<'q>>,
    pub(super) plan: PlanOptions,
}

/// What a plan must keep to, besides the balance.
#[derive(Debug, Clone)]
pub(super) struct PlanOptions {
    pub(super) max_courses: usize,
    pub(super) use_up: f64,
    pub(super) must_include: Vec<CourseId>,
    pub(super) max_per_category: Option<u32>,
    pub(super) max_per_provider: Option<u32>,
}

impl Default for PlanOptions {
    fn default() -> Self {
        Self { max_courses: 5, use_up: 0.0, must_include: Vec::new(), max_per_category: None, max_per_provider: None }
    }
}

impl<'q> Query<'q> {
    /// Asks for anyone with this profile.
    pub fn new(profile: Profile, balance: Amount) -> Self {
        Self::of(Some(profile), None, balance)
    }

    /// Asks for a participant of the data, with the profile given there. What it bought is owned, and it is left out of its
    /// own neighbourhood.
    pub fn participant(id: impl Into<ParticipantId>, balance: Amount) -> Self {
        Self::of(None, Some(id.into()), balance)
    }

    fn of(profile: Option<Profile>, participant: Option<ParticipantId>, balance: Amount) -> Self {
        Self {
            profile,
            participant,
            balance,
            owned: Vec::new(),
            by_history: false,
            top: 10,
            accept: None,
            plan: PlanOptions::default(),
        }
    }

    /// Says that the profile is that of a participant of the data, as it is known now. What the participant bought is
    /// owned, and it is left out of the neighbourhood.
    ///
    /// ```
    /// # use sebaya::prelude::*;
    /// # let mut data = TrainingSet::builder(Schema::new().numeric("age").categorical("province"));
    /// # data.course(Course::new("excel", Amount(250_000)).with_category("office"))?.course(Course::new("sewing", Amount(400_000)))?;
    /// # for (id, age, course) in [("ani", 24, "excel"), ("budi", 31, "sewing"), ("cici", 31, "excel")] {
    /// #     data.participant(id, Profile::new().with("age", age).with("province", "Bali"))?.purchase(id, course)?;
    /// # }
    /// # let data = data.build()?;
    /// # let model = Recommender::params().n_neighbours(2).fit(&data)?;
    /// // budi has moved since: the profile is new, what he bought and that he is no neighbour of his own is known.
    /// let moved = Query::new(Profile::new().with("age", 31).with("province", "Aceh"), Amount(500_000)).known_as("budi");
    /// assert!(model.recommend(&moved)?.iter().all(|r| r.course().id() != "sewing"));
    /// # Ok::<(), sebaya::Error>(())
    /// ```
    #[must_use]
    pub fn known_as(mut self, id: impl Into<ParticipantId>) -> Self {
        self.participant = Some(id.into());
        self
    }

    /// Adds courses that the participant owns; they are not recommended.
    #[must_use]
    pub fn owned<C: Into<CourseId>>(mut self, courses: impl IntoIterator<Item = C>) -> Self {
        self.owned.extend(courses.into_iter().map(Into::into));
        self
    }

    /// Adds courses that the participant bought before, and recommends by all that is owned as well as by the profile:
    /// what is popular among those who bought the same weighs as much as what is popular among those who are alike.
    ///
    /// The score of a course is then `h * lift / p^a`, where
    ///
    /// * `h` is its share among the 300 past participants whose purchases are most like the history (cosine of the courses'
    ///   inverse document frequencies), each with a vote of that similarity; those who own nothing beyond the history do not
    ///   count among them;
    /// * `lift = (votes + 20) / (k * p + 20)` with the votes of those alike by profile;
    /// * `p` is its share among all past participants, and `a` is 1/4 with 100 courses or more, else 0: long catalogues
    ///   hold more than their best sellers.
    ///
    /// A tenth of a vote of everyone is mixed into `h`, so that courses which none of them bought follow after the others.
    /// Where nobody who bought any of it bought anything else, the profile alone counts, as without a history. A participant of the data
    /// brings its own purchases along, so that nothing needs to be added.
    ///
    /// ```
    /// # use sebaya::prelude::*;
    /// # let mut data = TrainingSet::builder(Schema::new().numeric("age"));
    /// # for id in ["excel", "python", "sewing"] {
    /// #     data.course(Course::new(id, Amount(250_000)))?;
    /// # }
    /// for (id, courses) in [("ani", &["excel", "python"][..]), ("budi", &["sewing"]), ("cici", &["sewing"])] {
    ///     data.participant(id, Profile::new().with("age", 24))?;
    ///     for course in courses {
    ///         data.purchase(id, course)?;
    ///     }
    /// }
    /// let model = Recommender::params().fit(&data.build()?)?;
    /// let query = Query::new(Profile::new().with("age", 24), Amount(300_000)).history(["excel"]);
    /// assert_eq!(model.recommend(&query)?.iter().next().unwrap().course().id(), "python");
    /// # Ok::<(), sebaya::Error>(())
    /// ```
    #[must_use]
    pub fn history<C: Into<CourseId>>(mut self, courses: impl IntoIterator<Item = C>) -> Self {
        self.by_history = true;
        self.owned(courses)
    }

    /// Sets how many courses are wanted at the most; 10 by default. A shorter list means that no more courses qualify.
    #[must_use]
    pub fn top(mut self, top: usize) -> Self {
        self.top = top;
        self
    }

    /// Sets which courses are acceptable, besides being open, affordable and not owned.
    ///
    /// ```
    /// # use sebaya::prelude::*;
    /// # let mut data = TrainingSet::builder(Schema::new().numeric("age").categorical("province"));
    /// # data.course(Course::new("excel", Amount(250_000)).with_category("office"))?.course(Course::new("sewing", Amount(400_000)))?;
    /// # for (id, age, course) in [("ani", 24, "excel"), ("budi", 31, "sewing"), ("cici", 31, "excel")] {
    /// #     data.participant(id, Profile::new().with("age", age).with("province", "Bali"))?.purchase(id, course)?;
    /// # }
    /// # let data = data.build()?;
    /// # let model = Recommender::params().n_neighbours(2).fit(&data)?;
    /// let office = Query::new(Profile::new(), Amount(500_000)).filter(|course| course.category() == Some("office"));
    /// assert_eq!(model.recommend(&office)?.len(), 1);
    /// # Ok::<(), sebaya::Error>(())
    /// ```
    #[must_use]
    pub fn filter(mut self, accept: impl Fn(&Course) -> bool + Send + Sync + 'q) -> Self {
        self.accept = Some(Arc::new(accept));
        self
    }

    /// Sets how many courses a plan has at the most; 5 by default. People have limited time, and without a limit the best
    /// plan is a heap of the cheapest courses.
    #[must_use]
    pub fn max_courses(mut self, max_courses: usize) -> Self {
        self.plan.max_courses = max_courses;
        self
    }

    /// Sets what it is worth to a plan to spend the whole balance, in mean scores of the ten best courses: within
    /// 0..=1,000,000, and 0 by default. The larger, the less is left over, and the less the scores count.
    #[must_use]
    pub fn use_up(mut self, use_up: f64) -> Self {
        self.plan.use_up = use_up;
        self
    }

    /// Adds courses that a plan must hold. They must be open, affordable, not owned and accepted.
    ///
    /// ```
    /// # use sebaya::prelude::*;
    /// # let mut data = TrainingSet::builder(Schema::new().numeric("age").categorical("province"));
    /// # data.course(Course::new("excel", Amount(250_000)).with_category("office"))?.course(Course::new("sewing", Amount(400_000)))?;
    /// # for (id, age, course) in [("ani", 24, "excel"), ("budi", 31, "sewing"), ("cici", 31, "excel")] {
    /// #     data.participant(id, Profile::new().with("age", age).with("province", "Bali"))?.purchase(id, course)?;
    /// # }
    /// # let data = data.build()?;
    /// # let model = Recommender::params().n_neighbours(2).fit(&data)?;
    /// let query = Query::new(Profile::new(), Amount(500_000)).must_include(["sewing"]);
    /// assert_eq!(model.plan(&query)?.courses()[0].course().id(), "sewing");
    /// # Ok::<(), sebaya::Error>(())
    /// ```
    #[must_use]
    pub fn must_include<C: Into<CourseId>>(mut self, courses: impl IntoIterator<Item = C>) -> Self {
        self.plan.must_include.extend(courses.into_iter().map(Into::into));
        self
    }

    /// Sets how many courses of one category a plan may hold. Those without a category are not limited.
    ///
    /// ```
    /// # use sebaya::prelude::*;
    /// # let mut data = TrainingSet::builder(Schema::new().numeric("age").categorical("province"));
    /// # data.course(Course::new("excel", Amount(250_000)).with_category("office"))?.course(Course::new("sewing", Amount(400_000)))?;
    /// # for (id, age, course) in [("ani", 24, "excel"), ("budi", 31, "sewing"), ("cici", 31, "excel")] {
    /// #     data.participant(id, Profile::new().with("age", age).with("province", "Bali"))?.purchase(id, course)?;
    /// # }
    /// # let data = data.build()?;
    /// # let model = Recommender::params().n_neighbours(2).fit(&data)?;
    /// let query = Query::new(Profile::new(), Amount(900_000)).max_courses(3).use_up(0.5).max_per_category(0);
    /// assert_eq!(model.plan(&query)?.courses().len(), 1); // sewing has no category
    /// # Ok::<(), sebaya::Error>(())
    /// ```
    #[must_use]
    pub fn max_per_category(mut self, max: u32) -> Self {
        self.plan.max_per_category = Some(max);
        self
    }

    /// Sets how many courses of one provider a plan may hold. Those without a provider are not limited.
    #[must_use]
    pub fn max_per_provider(mut self, max: u32) -> Self {
        self.plan.max_per_provider = Some(max);
        self
    }

    /// The balance.
    pub fn balance(&self) -> Amount {
        self.balance
    }
}

impl fmt::Debug for Query<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Query")
            .field("profile", &self.profile)
            .field("participant", &self.participant)
            .field("balance", &self.balance)
            .field("owned", &self.owned)
            .field("by_history", &self.by_history)
            .field("top", &self.top)
            .field("filter", &self.accept.is_some())
            .field("plan", &self.plan)
            .finish()
    }
}

/// Why a query cannot be answered.
///
/// ```
/// # use sebaya::prelude::*;
/// # let mut data = TrainingSet::builder(Schema::new().numeric("age").categorical("province"));
/// # data.course(Course::new("excel", Amount(250_000)).with_category("office"))?.course(Course::new("sewing", Amount(400_000)))?;
/// # for (id, age, course) in [("ani", 24, "excel"), ("budi", 31, "sewing"), ("cici", 31, "excel")] {
/// #     data.participant(id, Profile::new().with("age", age).with("province", "Bali"))?.purchase(id, course)?;
/// # }
/// # let data = data.build()?;
/// # let model = Recommender::params().n_neighbours(2).fit(&data)?;
/// let error = model.recommend(&Query::participant("zaki", Amount(1))).unwrap_err();
/// assert_eq!(error.to_string(), "participant: \"zaki\" is unknown");
/// # Ok::<(), sebaya::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Error)]
#[non_exhaustive]
pub enum QueryError {
    /// The data has no such participant.
    #[error("participant: {} is unknown", Echo(id.as_str()))]
    UnknownParticipant {
        /// The id.
        id: ParticipantId,
    },
    /// The catalogue has no such course.
    #[error("owned: {} is not a course", Echo(id.as_str()))]
    UnknownCourse {
        /// The id.
        id: CourseId,
    },
    /// The catalogue has no such course.
    #[error("must_include: {} is not a course", Echo(id.as_str()))]
    UnknownIncluded {
        /// The id.
        id: CourseId,
    },
    /// A course that a plan must hold is closed, owned, too dear or not accepted by the filter.
    #[error("must_include: {} is closed, owned, dearer than the balance, or refused by the filter", Echo(id.as_str()))]
    NotEligible {
        /// The id.
        id: CourseId,
    },
    /// The courses that a plan must hold break one of its limits.
    #[error("must_include: {0}")]
    Infeasible(Infeasible),
    /// `use_up` is not within 0..=1,000,000.
    #[error("use_up: {use_up} is not a number from 0 to 1000000")]
    BadUseUp {
        /// The number.
        use_up: f64,
    },
    /// The balance is larger than [`Amount::MAX`].
    #[error("balance: {balance} is larger than {}", Amount::MAX)]
    BalanceTooLarge {
        /// The balance.
        balance: Amount,
    },
}
