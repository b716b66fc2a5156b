//! What a contender is asked.

use crate::budget::affordable;
use crate::domain::{Amount, Course, CourseId, Profile, TrainingSet};
use crate::query::Query;

/// One test participant and how many courses are wanted. What the participant really bought is not in it.
///
/// ```
/// use sebaya::Course;
/// use sebaya::evaluate::Ask;
///
/// /// The dearest courses that may be recommended.
/// fn dearest<'c>(courses: &[&'c Course], ask: &Ask<'_>) -> Vec<&'c Course> {
///     let mut allowed: Vec<_> = courses.iter().copied().filter(|course| ask.allows(course)).collect();
///     allowed.sort_by_key(|course| (std::cmp::Reverse(course.price()), course.id()));
///     allowed.truncate(ask.top());
///     allowed
/// }
/// ```
#[derive(Debug, Clone, Copy)]
pub struct Ask<'a> {
    pub(super) train: &'a TrainingSet,
    pub(super) participant: u32,
    pub(super) known: &'a [u32],
    pub(super) balance: Amount,
    pub(super) top: usize,
}

impl<'a> Ask<'a> {
    /// The participant's id. In the training part it has no purchases.
    pub fn participant(&self) -> &'a str {
        self.train.participants().id_table().name(self.participant)
    }

    /// What is known of the participant.
    pub fn profile(&self) -> Profile {
        self.train.participants().profile_of(self.participant as usize)
    }

    /// The courses that the participant is known to have bought; none but in [`Split::NextPurchases`](super::Split).
    pub fn known(&self) -> impl Iterator<Item = &'a Course> {
        let Self { train, known, .. } = *self;
        known.iter().map(|&number| train.catalogue().course(number))
    }

    /// What the participant can spend: [`Amount::MAX`] where prices do not matter.
    pub fn balance(&self) -> Amount {
        self.balance
    }

    /// How many courses are wanted at the most.
    pub fn top(&self) -> usize {
        self.top
    }

    /// Whether a course may be recommended: open, not bought already, and at most as dear as the balance. A wrong
    /// recommendation is not caught anywhere else.
    pub fn allows(&self, course: &Course) -> bool {
        course.is_open()
            && affordable(course.price(), self.balance)
            && self.known().all(|known| known.id() != course.id())
    }

    /// The same as a query to a [`Recommender`](crate::Recommender) that was fitted on the training part: by the profile,
    /// and by what is known to be bought.
    pub fn query(&self) -> Query<'static> {
        self.query_without_history().use_history(true)
    }

    /// The same by the profile alone.
    pub(super) fn query_without_history(&self) -> Query<'static> {
        Query::participant(self.participant(), self.balance).owned(self.known_ids()).top_n(self.top)
    }

    fn known_ids(&self) -> impl Iterator<Item = CourseId> {
        self.known().map(|course| course.id().clone())
    }
}
