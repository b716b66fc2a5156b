//! What a participant asks.

use std::fmt;
use std::sync::Arc;

use thiserror::Error;

use crate::budget::Infeasible;
use crate::domain::{Amount, Course, CourseId, ParticipantId, Profile, ProfileError};
use crate::store::Echo;

pub(super) type Accept<'q> = Arc<dyn Fn(&Course) -> bool + Send + Sync + 'q>;

/// A question to a [`Recommender`](crate::Recommender): who asks, with which balance, and which courses may come up.
///
/// ```
/// use sebaya::{Amount, Profile, Query};
///
/// let newcomer = Query::new(Profile::new().with("age", 24), Amount(300_000)).top_n(5).owned(["excel"]);
/// let known = Query::participant("ani", Amount(300_000)).filter(|course| course.category() != Some("beauty"));
/// ```
#[derive(Clone)]
pub struct Query<'q> {
    /// Without one, that of the participant.
    pub(super) profile: Option<Profile>,
    pub(super) participant: Option<ParticipantId>,
    pub(super) balance: Amount,
    pub(super) owned: Vec<CourseId>,
    /// Whether unknown ids are ignored.
    pub(super) lenient: bool,
    /// Whether what is owned counts as well as the profile.
    pub(super) use_history: bool,
    pub(super) top_n: usize,
    pub(super) accept: Option<Accept<'q>>,
    pub(super) plan: PlanOptions,
}

/// What a plan must keep to, besides the balance.
#[derive(Debug, Clone)]
pub(super) struct PlanOptions {
    pub(super) max_courses: usize,
    pub(super) spend_weight: f64,
    pub(super) must_include: Vec<CourseId>,
    pub(super) max_per_category: Option<u32>,
    pub(super) max_per_provider: Option<u32>,
}

impl Default for PlanOptions {
    fn default() -> Self {
        Self {
            max_courses: 5,
            spend_weight: 0.0,
            must_include: Vec::new(),
            max_per_category: None,
            max_per_provider: None,
        }
    }
}

const MAX_SPEND_WEIGHT: f64 = 1e6;

impl<'q> Query<'q> {
    /// Asks for anyone with this profile.
    pub fn new(profile: Profile, balance: Amount) -> Self {
        Self::of(Some(profile), None, balance)
    }

    /// Asks for a participant of the data, with the profile given there. What they bought is owned, and they are not their
    /// own neighbour.
    pub fn participant(id: impl Into<ParticipantId>, balance: Amount) -> Self {
        Self::of(None, Some(id.into()), balance)
    }

    fn of(profile: Option<Profile>, participant: Option<ParticipantId>, balance: Amount) -> Self {
        Self {
            profile,
            participant,
            balance,
            owned: Vec::new(),
            lenient: false,
            use_history: false,
            top_n: 10,
            accept: None,
            plan: PlanOptions::default(),
        }
    }

    /// Says which participant of the data has the profile, as it is known now. What they bought is owned, and they are not
    /// their own neighbour.
    ///
    /// ```
    /// # use sebaya::prelude::*;
    /// # let model = sebaya::example_world::model()?;
    /// // budi has moved to Aceh since the data was written.
    /// let now = Profile::new().with("age", 31).with("province", "Aceh");
    /// let answer = model.recommend(&Query::new(now, Amount(500_000)).as_participant("budi"))?;
    /// assert!(answer.iter().all(|best| best.course().id() != "sewing")); // he has it already
    /// # Ok::<(), sebaya::Error>(())
    /// ```
    #[must_use]
    pub fn as_participant(mut self, id: impl Into<ParticipantId>) -> Self {
        self.participant = Some(id.into());
        self
    }

    /// Accepts ids that the model does not know, as of a model that is a little behind its database. An unknown participant is
    /// somebody new, with the query's profile or with nothing known; unknown owned courses are left out. The answer says
    /// [which they were](crate::Recommendations::unknown). Without this, they are errors.
    ///
    /// Courses that a plan [must include](Self::must_include), and the attributes of a profile, must be known all the same.
    ///
    /// ```
    /// # use sebaya::prelude::*;
    /// # let model = sebaya::example_world::model()?;
    /// let profile = Profile::new().with("age", 27).with("province", "Aceh");
    /// let query = Query::new(profile, Amount(300_000)).as_participant("fitri").owned(["welding"]);
    /// assert!(model.recommend(&query).is_err());
    /// let answer = model.recommend(&query.lenient())?;
    /// assert_eq!(answer.len(), 3);
    /// assert_eq!(answer.unknown().owned, ["welding"]);
    /// # Ok::<(), sebaya::Error>(())
    /// ```
    #[must_use]
    pub fn lenient(mut self) -> Self {
        self.lenient = true;
        self
    }

    /// Adds courses that the participant owns; they are not recommended.
    #[must_use]
    pub fn owned<C: Into<CourseId>>(mut self, courses: impl IntoIterator<Item = C>) -> Self {
        self.owned.extend(courses.into_iter().map(Into::into));
        self
    }

    /// Sets whether recommendations follow what is owned as well as the profile; by default they follow the profile alone.
    /// Owned are the [`owned`](Self::owned) courses and what a participant of the data bought.
    ///
    /// *Known* are the owned courses that past participants bought. A *basket* is the set of all courses that a past
    /// participant bought. The score of a course is then `probability * lift / damping`, where
    ///
    /// * the 300 distinct baskets most similar to what is known (cosine of the courses' inverse document frequencies) vote
    ///   with their similarity for each past participant who bought just that; baskets at the similarity of the last one
    ///   share what is left of the 300. The share of these votes is mixed with `3 / h^2` votes of everyone, with `h` courses
    ///   known;
    /// * `probability` is the share among those who bought all that is known and more, mixed with `M` votes of the share
    ///   above, where `M` is the number of courses with buyers;
    /// * `lift = (votes + 20) / (k * p + 20)`, with the votes of the neighbours by profile and the share `p` among all past
    ///   participants. A [half-life](crate::RecommenderParams::half_life) fades these votes; baskets count in full;
    /// * `damping` is the fourth root of `p` with 100 courses or more, else 1: a long catalogue has good courses beyond its
    ///   best sellers.
    ///
    /// Where no past participant bought something of what is known and something else, the profile alone counts.
    ///
    /// The first query with a history prepares the baskets, which takes about a second for a million participants.
    ///
    /// ```
    /// # use sebaya::prelude::*;
    /// # let model = sebaya::example_world::model()?;
    /// let profile = Profile::new().with("age", 36).with("province", "Bali");
    /// let query = Query::new(profile, Amount(300_000)).owned(["excel"]);
    /// // The neighbours are budi and dewi, who bought sewing and baking.
    /// assert_eq!(model.recommend(&query)?.iter().next().unwrap().course().id(), "baking");
    /// // ani bought python together with excel.
    /// let query = query.use_history(true);
    /// assert_eq!(model.recommend(&query)?.iter().next().unwrap().course().id(), "python");
    /// # Ok::<(), sebaya::Error>(())
    /// ```
    #[must_use]
    pub fn use_history(mut self, use_history: bool) -> Self {
        self.use_history = use_history;
        self
    }

    /// Sets the length of the list at the most; 10 by default. A shorter list means that no more courses qualify.
    #[must_use]
    pub fn top_n(mut self, top_n: usize) -> Self {
        self.top_n = top_n;
        self
    }

    /// Sets which courses are acceptable, besides being open, affordable and not owned.
    ///
    /// ```
    /// # use sebaya::prelude::*;
    /// # let model = sebaya::example_world::model()?;
    /// let query = Query::participant("eko", Amount(500_000)).filter(|course| course.category() == Some("office"));
    /// assert_eq!(model.recommend(&query)?.len(), 2);
    /// # Ok::<(), sebaya::Error>(())
    /// ```
    #[must_use]
    pub fn filter(mut self, accept: impl Fn(&Course) -> bool + Send + Sync + 'q) -> Self {
        self.accept = Some(Arc::new(accept));
        self
    }

    /// Sets how many courses a plan has at the most; 5 by default. People have limited time, and without a limit the best
    /// plan tends to hold many of the cheapest courses.
    #[must_use]
    pub fn max_courses(mut self, max_courses: usize) -> Self {
        self.plan.max_courses = max_courses;
        self
    }

    /// Sets how much a plan gains from spending the whole balance, in mean scores of the ten best courses: within
    /// 0..=1,000,000, and 0 by default. The larger it is, the less is left over, and the less the scores count.
    ///
    /// ```
    /// # use sebaya::prelude::*;
    /// # let model = sebaya::example_world::model()?;
    /// let query = Query::participant("eko", Amount(300_000));
    /// assert_eq!(model.plan(&query)?.leftover(), Amount(50_000)); // excel
    /// assert_eq!(model.plan(&query.spend_weight(3.0))?.leftover(), Amount(5_000)); // python and baking
    /// # Ok::<(), sebaya::Error>(())
    /// ```
    #[must_use]
    pub fn spend_weight(mut self, spend_weight: f64) -> Self {
        self.plan.spend_weight = spend_weight;
        self
    }

    /// Adds courses that a plan must hold. They must be open, affordable, not owned and accepted.
    ///
    /// ```
    /// # use sebaya::prelude::*;
    /// # let model = sebaya::example_world::model()?;
    /// let query = Query::participant("eko", Amount(500_000)).must_include(["sewing"]);
    /// assert_eq!(model.plan(&query)?.to_string(), "2 courses for Rp500.000, Rp0 left"); // sewing, and python for the rest
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
    /// # let model = sebaya::example_world::model()?;
    /// let query = Query::participant("eko", Amount(500_000)).max_per_category(1);
    /// let plan = model.plan(&query)?;
    /// let courses: Vec<&str> = plan.courses().iter().map(|best| best.course().id().as_str()).collect();
    /// assert_eq!(courses, ["excel", "baking"]); // python is an office course, as excel is
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

    /// Checks what only a plan uses.
    pub(super) fn check_plan(&self) -> Result<(), QueryError> {
        let spend_weight = self.plan.spend_weight;
        let allowed = (0.0..=MAX_SPEND_WEIGHT).contains(&spend_weight);
        if allowed { Ok(()) } else { Err(QueryError::BadSpendWeight { spend_weight }) }
    }
}

impl fmt::Debug for Query<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Query")
            .field("profile", &self.profile)
            .field("participant", &self.participant)
            .field("balance", &self.balance)
            .field("owned", &self.owned)
            .field("lenient", &self.lenient)
            .field("use_history", &self.use_history)
            .field("top_n", &self.top_n)
            .field("filter", &self.accept.is_some())
            .field("plan", &self.plan)
            .finish()
    }
}

/// Why a query cannot be answered.
///
/// ```
/// # use sebaya::prelude::*;
/// # let model = sebaya::example_world::model()?;
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
    /// A course that a plan must hold is closed, owned, too expensive or not accepted by the filter.
    #[error("must_include: {} is closed, owned, dearer than the balance, or refused by the filter", Echo(id.as_str()))]
    NotEligible {
        /// The id.
        id: CourseId,
    },
    /// The courses that a plan must hold break one of its limits.
    #[error("must_include: {0}")]
    Infeasible(Infeasible),
    /// [`spend_weight`](Query::spend_weight) is not within 0..=1,000,000.
    #[error("spend_weight: {spend_weight} is not a number from 0 to 1000000")]
    BadSpendWeight {
        /// The number.
        spend_weight: f64,
    },
    /// The balance is larger than [`Amount::MAX`].
    #[error("balance: {balance} is larger than {}", Amount::MAX)]
    BalanceTooLarge {
        /// The balance.
        balance: Amount,
    },
    /// The profile does not fit the schema.
    #[error(transparent)]
    Profile(#[from] ProfileError),
}
