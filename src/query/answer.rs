//! The list of courses, and why it is empty.

use std::fmt;

use serde::ser::SerializeStruct;
use serde::{Serialize, Serializer};

use super::Query;
use super::pipeline::{Scratch, eligibility};
use crate::budget::affordable;
use crate::domain::{Amount, Course};
use crate::model::Model;
use crate::rank::{Explanation, Ranked};

/// A recommended course.
///
/// ```
/// # use sebaya::prelude::*;
/// # let mut data = TrainingSet::builder(Schema::new().numeric("age"));
/// # data.course(Course::new("excel", Amount(250_000)))?;
/// # data.participant("ani", Profile::new().with("age", 24))?.purchase("ani", "excel")?;
/// # let model = Recommender::params().fit(&data.build()?)?;
/// let answer = model.recommend(&Query::new(Profile::new(), Amount(300_000)))?;
/// let best = answer.iter().next().unwrap();
/// assert_eq!((best.course().id().as_str(), best.supporters(), best.buyers()), ("excel", 1, 1));
/// # Ok::<(), sebaya::Error>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Recommendation<'m> {
    course: &'m Course,
    explanation: Explanation,
}

impl<'m> Recommendation<'m> {
    pub(super) fn new(model: &'m Model, scratch: &Scratch, ranked: &Ranked) -> Self {
        let buyers = model.popularity.buyers(ranked.course);
        Self {
            course: model.catalogue.course(ranked.course),
            explanation: Explanation::new(&scratch.scoring, ranked, buyers),
        }
    }

    /// The course.
    pub fn course(&self) -> &'m Course {
        self.course
    }

    /// The estimated share of participants like this one who buy it, within 0..=1. With a
    /// [history](Query::history) it is a positive number that orders courses, and no share.
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

/// `{"course": id, "price", "score", "votes", "supporters", "buyers"}`.
impl Serialize for Recommendation<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut fields = serializer.serialize_struct("Recommendation", 6)?;
        fields.serialize_field("course", self.course.id())?;
        fields.serialize_field("price", &self.course.price())?;
        fields.serialize_field("score", &self.score())?;
        fields.serialize_field("votes", &self.votes())?;
        fields.serialize_field("supporters", &self.supporters())?;
        fields.serialize_field("buyers", &self.buyers())?;
        fields.end()
    }
}

/// The answer to a query: courses in order, best first.
///
/// ```
/// # use sebaya::prelude::*;
/// # let mut data = TrainingSet::builder(Schema::new().numeric("age"));
/// # data.course(Course::new("excel", Amount(250_000)))?;
/// # data.participant("ani", Profile::new().with("age", 24))?.purchase("ani", "excel")?;
/// # let model = Recommender::params().fit(&data.build()?)?;
/// use sebaya::WhyEmpty;
///
/// let answer = model.recommend(&Query::new(Profile::new(), Amount(100_000)))?;
/// assert!(answer.is_empty());
/// assert_eq!(answer.why_empty(), Some(WhyEmpty::NothingAffordable { cheapest: Amount(250_000) }));
/// # Ok::<(), sebaya::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct Recommendations<'m> {
    list: Vec<Recommendation<'m>>,
    why_empty: Option<WhyEmpty>,
    k: u64,
    radius: f64,
    n_inside: u64,
    n_boundary: u64,
}

impl<'m> Recommendations<'m> {
    pub(super) fn empty() -> Self {
        Self { list: Vec::new(), why_empty: None, k: 0, radius: 0.0, n_inside: 0, n_boundary: 0 }
    }

    pub(super) fn new(model: &'m Model, query: &Query<'_>, scratch: &Scratch) -> Self {
        let mut answer = Self::empty();
        answer.list.reserve_exact(scratch.best.len());
        answer.fill(model, query, scratch);
        answer
    }

    pub(super) fn fill(&mut self, model: &'m Model, query: &Query<'_>, scratch: &Scratch) {
        let neighbourhood = &scratch.neighbourhood;
        self.k = neighbourhood.k();
        self.radius = f64::from(neighbourhood.radius()) / f64::from(model.encoder.total_units());
        self.n_inside = neighbourhood.n_inside();
        self.n_boundary = neighbourhood.n_boundary();
        self.list.clear();
        self.list.extend(scratch.best.iter().map(|best| Recommendation::new(model, scratch, best)));
        self.why_empty = if self.list.is_empty() { Some(WhyEmpty::find(model, query, scratch)) } else { None };
    }

    /// The courses, best first.
    pub fn iter(&self) -> std::slice::Iter<'_, Recommendation<'m>> {
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
    pub fn why_empty(&self) -> Option<WhyEmpty> {
        self.why_empty
    }

    /// How many votes the neighbours have: `k`, or the number of past participants when that is smaller.
    pub fn k(&self) -> u64 {
        self.k
    }

    /// The distance of the k-th neighbour as a share of the largest possible one, so within 0..=1 but for rounding.
    pub fn radius(&self) -> f64 {
        self.radius
    }

    /// How many neighbours are nearer than the radius, and have a vote each.
    pub fn n_inside(&self) -> u64 {
        self.n_inside
    }

    /// How many neighbours are at the radius, and share the other votes.
    pub fn n_boundary(&self) -> u64 {
        self.n_boundary
    }
}

/// `{"k", "radius", "inside", "boundary", "recommendations": [...]}`.
impl Serialize for Recommendations<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut fields = serializer.serialize_struct("Recommendations", 5)?;
        fields.serialize_field("k", &self.k)?;
        fields.serialize_field("radius", &self.radius)?;
        fields.serialize_field("inside", &self.n_inside)?;
        fields.serialize_field("boundary", &self.n_boundary)?;
        fields.serialize_field("recommendations", &self.list)?;
        fields.end()
    }
}

impl<'a, 'm> IntoIterator for &'a Recommendations<'m> {
    type Item = &'a Recommendation<'m>;
    type IntoIter = std::slice::Iter<'a, Recommendation<'m>>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

/// Why no course is recommended: the first rule, in this order, that leaves none.
///
/// ```
/// use sebaya::{Amount, WhyEmpty};
///
/// let why = WhyEmpty::NothingAffordable { cheapest: Amount(250_000) };
/// assert_eq!(why.to_string(), "the balance does not pay for any course; the cheapest one costs 250000");
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum WhyEmpty {
    /// The query asks for at most 0 courses.
    NothingAskedFor,
    /// No course is open.
    NothingOpen,
    /// All open courses are owned.
    AllOwned,
    /// The query's filter accepts none of the others.
    FilteredOut,
    /// The balance pays for none of the others.
    NothingAffordable {
        /// The price of the cheapest of them.
        cheapest: Amount,
    },
    /// Nobody has bought anything yet, so there is nobody to learn from.
    NoPurchases,
    /// Nobody bought any of the others; without a prior: no neighbour did.
    NothingBought,
}

impl WhyEmpty {
    fn find(model: &Model, query: &Query<'_>, scratch: &Scratch) -> Self {
        let rules = eligibility(model, query, &scratch.owned);
        // How far the courses come, and the cheapest of those that only the balance may keep out.
        let (mut any_open, mut any_not_owned, mut cheapest) = (false, false, None);
        for (course, number) in model.catalogue.iter().zip(0..).filter(|(course, _)| course.is_open()) {
            any_open = true;
            if !scratch.owned.contains(number) {
                any_not_owned = true;
                if rules.accepts(course) {
                    cheapest = Some(cheapest.map_or(course.price(), |price: Amount| price.min(course.price())));
                }
            }
        }
        match cheapest {
            _ if query.top == 0 => Self::NothingAskedFor,
            None if !any_open => Self::NothingOpen,
            None if !any_not_owned => Self::AllOwned,
            None => Self::FilteredOut,
            Some(cheapest) if !affordable(cheapest, query.balance) => Self::NothingAffordable { cheapest },
            Some(_) if model.n_past == 0 => Self::NoPurchases,
            Some(_) => Self::NothingBought,
        }
    }
}

impl fmt::Display for WhyEmpty {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NothingAskedFor => f.write_str("at most 0 courses were asked for"),
            Self::NothingOpen => f.write_str("no course is open"),
            Self::AllOwned => f.write_str("every open course is owned already"),
            Self::FilteredOut => f.write_str("the filter accepts no course"),
            Self::NothingAffordable { cheapest } => {
                write!(f, "the balance does not pay for any course; the cheapest one costs {cheapest}")
            }
            Self::NoPurchases => f.write_str("nobody has bought anything yet"),
            Self::NothingBought => f.write_str("no neighbour bought any of the courses that the balance pays for"),
        }
    }
}
