//! What a participant asks.

use std::fmt;
use std::sync::Arc;

use thiserror::Error;

use crate::domain::{Amount, Course, CourseId, ParticipantId, Profile};

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
    pub(super) top: usize,
    pub(super) accept: Option<Accept<'q>>,
}

impl<'q> Query<'q> {
    /// Asks for anyone with this profile.
    pub fn new(profile: Profile, balance: Amount) -> Self {
        Self { profile: Some(profile), participant: None, balance, owned: Vec::new(), top: 10, accept: None }
    }

    /// Asks for a participant of the data, with the profile given there. What it bought is owned, and it is left out of its
    /// own neighbourhood.
    pub fn participant(id: impl Into<ParticipantId>, balance: Amount) -> Self {
        Self { profile: None, participant: Some(id.into()), balance, owned: Vec::new(), top: 10, accept: None }
    }

    /// Says that the profile is that of a participant of the data, as it is known now. What the participant bought is
    /// owned, and it is left out of the neighbourhood.
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

    /// Sets how many courses are wanted at the most; 10 by default. A shorter list means that no more courses qualify.
    #[must_use]
    pub fn top(mut self, top: usize) -> Self {
        self.top = top;
        self
    }

    /// Sets which courses are acceptable, besides being open, affordable and not owned.
    #[must_use]
    pub fn filter(mut self, accept: impl Fn(&Course) -> bool + Send + Sync + 'q) -> Self {
        self.accept = Some(Arc::new(accept));
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
            .field("top", &self.top)
            .field("filter", &self.accept.is_some())
            .finish()
    }
}

/// Why a query cannot be answered.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum QueryError {
    /// The data has no such participant.
    #[error("participant: {:?} is unknown", id.as_str())]
    UnknownParticipant {
        /// The id.
        id: ParticipantId,
    },
    /// The catalogue has no such course.
    #[error("owned: {:?} is not a course", id.as_str())]
    UnknownCourse {
        /// The id.
        id: CourseId,
    },
    /// The balance is larger than [`Amount::MAX`].
    #[error("balance: {balance} is larger than {}", Amount::MAX)]
    BalanceTooLarge {
        /// The balance.
        balance: Amount,
    },
}
