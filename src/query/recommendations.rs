//! The list of courses.

use serde::ser::SerializeStruct;
use serde::{Serialize, Serializer};

use super::neighbours::Voters;
use super::scratch::Scratch;
use super::{EmptyReason, Query};
use crate::domain::{Course, CourseId, ParticipantId};
use crate::model::Model;
use crate::rank::{Explanation, Ranked};

/// A recommended course, and why. Its texts are shared with the model's catalogue.
///
/// ```
/// # use sebaya::prelude::*;
/// # let model = sebaya::example_world::model()?;
/// let answer = model.recommend(&Query::participant("eko", Amount(300_000)))?;
/// let best = answer.iter().next().unwrap();
/// // cici and ani bought it; both are neighbours, and nobody else did.
/// assert_eq!((best.course().id().as_str(), best.supporters(), best.buyers()), ("excel", 2, 2));
/// # Ok::<(), sebaya::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct Recommendation {
    course: Course,
    explanation: Explanation,
}

impl Recommendation {
    pub(super) fn new(model: &Model, scratch: &Scratch, ranked: &Ranked) -> Self {
        Self {
            course: model.catalogue.course(ranked.course).clone(),
            explanation: Explanation::new(&scratch.evidence(model), ranked),
        }
    }

    /// The course as it was when the query was answered.
    pub fn course(&self) -> &Course {
        &self.course
    }

    /// The estimated share of similar participants who buy it, within 0..=1. With a [history](Query::use_history) it is a
    /// positive number that orders courses, and no share.
    pub fn score(&self) -> f64 {
        self.explanation.score()
    }

    /// The neighbours' votes for it.
    pub fn votes(&self) -> f64 {
        self.explanation.votes()
    }

    /// How many neighbours bought it.
    pub fn supporters(&self) -> u32 {
        self.explanation.supporters()
    }

    /// How many of all past participants bought it.
    pub fn buyers(&self) -> u32 {
        self.explanation.buyers()
    }

    /// What the score is made of.
    pub fn explanation(&self) -> &Explanation {
        &self.explanation
    }
}

/// `{"course": {"id", "title", "price", "provider", "category", "open"}, "score", "explanation"}`.
impl Serialize for Recommendation {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut fields = serializer.serialize_struct("Recommendation", 3)?;
        fields.serialize_field("course", &self.course)?;
        fields.serialize_field("score", &self.score())?;
        fields.serialize_field("explanation", &self.explanation)?;
        fields.end()
    }
}

/// The answer to a query: courses in order, best first. It owns what it says.
///
/// ```
/// # use sebaya::prelude::*;
/// # let model = sebaya::example_world::model()?;
/// let answer = model.recommend(&Query::participant("eko", Amount(300_000)).top_n(2))?;
/// assert_eq!((answer.len(), answer.k(), answer.empty_reason()), (2, 2, None));
/// for best in &answer {
///     println!("{} for {}", best.course().title(), best.course().price());
/// }
/// # Ok::<(), sebaya::Error>(())
/// ```
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct Recommendations {
    #[serde(rename = "neighbourhood")]
    voters: Voters,
    list: Vec<Recommendation>,
    empty_reason: Option<EmptyReason>,
    unknown: UnknownIds,
}

impl Recommendations {
    pub(super) fn new(model: &Model, query: &Query<'_>, scratch: &Scratch) -> Self {
        let mut answer = Self::default();
        answer.list.reserve_exact(scratch.best.len().min(query.top_n));
        answer.fill(model, query, scratch);
        answer
    }

    /// Takes the best of the ranked courses.
    pub(super) fn fill(&mut self, model: &Model, query: &Query<'_>, scratch: &Scratch) {
        let best = scratch.best.iter().take(query.top_n);
        self.voters = Voters::new(model, &scratch.neighbourhood);
        self.list.clear();
        self.list.extend(best.map(|best| Recommendation::new(model, scratch, best)));
        self.empty_reason = self.list.is_empty().then(|| EmptyReason::find(model, query, scratch));
        self.unknown.clone_from(&scratch.unknown);
    }

    /// The courses, best first.
    pub fn iter(&self) -> std::slice::Iter<'_, Recommendation> {
        self.list.iter()
    }

    /// How many courses there are.
    pub fn len(&self) -> usize {
        self.list.len()
    }

    /// Whether there is no course.
    pub fn is_empty(&self) -> bool {
        self.list.is_empty()
    }

    /// Why there is no course, or `None` when there is one.
    pub fn empty_reason(&self) -> Option<EmptyReason> {
        self.empty_reason
    }

    /// What a [lenient](Query::lenient) query named and the model does not know.
    pub fn unknown(&self) -> &UnknownIds {
        &self.unknown
    }

    /// How many votes the neighbours have: `k`, or the number of past participants when that is smaller.
    pub fn k(&self) -> u64 {
        self.voters.k
    }

    /// The distance of the k-th neighbour as a share of the largest possible one, so within 0..=1 but for rounding; with the
    /// [learned distance](crate::Distance::Learned) as a multiple of the mean one between two past participants.
    pub fn radius(&self) -> f64 {
        self.voters.radius
    }

    /// How many neighbours are nearer than the radius, and have a vote each.
    pub fn n_inside(&self) -> u64 {
        self.voters.n_inside
    }

    /// How many neighbours are at the radius, and share the other votes.
    pub fn n_boundary(&self) -> u64 {
        self.voters.n_boundary
    }
}

impl<'a> IntoIterator for &'a Recommendations {
    type Item = &'a Recommendation;
    type IntoIter = std::slice::Iter<'a, Recommendation>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

impl IntoIterator for Recommendations {
    type Item = Recommendation;
    type IntoIter = std::vec::IntoIter<Recommendation>;

    fn into_iter(self) -> Self::IntoIter {
        self.list.into_iter()
    }
}

/// What a [lenient](Query::lenient) query named and the model does not know. It was left out of the answer.
///
/// ```
/// # use sebaya::prelude::*;
/// # let model = sebaya::example_world::model()?;
/// let query = Query::participant("fitri", Amount(300_000)).owned(["excel", "welding"]).lenient();
/// let answer = model.recommend(&query)?;
/// assert_eq!(answer.unknown().participant.as_ref().unwrap(), "fitri");
/// assert_eq!(answer.unknown().owned, ["welding"]);
/// # Ok::<(), sebaya::Error>(())
/// ```
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct UnknownIds {
    /// The participant, who was taken for somebody new.
    pub participant: Option<ParticipantId>,
    /// Owned courses, in the order of the query.
    pub owned: Vec<CourseId>,
}

impl UnknownIds {
    /// Whether the model knows all that the query named.
    pub fn is_empty(&self) -> bool {
        self.participant.is_none() && self.owned.is_empty()
    }

    pub(super) fn clear(&mut self) {
        self.participant = None;
        self.owned.clear();
    }
}
