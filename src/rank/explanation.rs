//! Why a course has its place in the list.

use std::fmt;

use serde::ser::SerializeStruct;
use serde::{Serialize, Serializer};

use super::score::Factors;
use super::{CourseVotes, Evidence, Ranked};

/// The parts of a score. [`from_neighbours`](Self::from_neighbours) and [`from_everyone`](Self::from_everyone) add up to it.
///
/// ```
/// # use sebaya::prelude::*;
/// # let model = sebaya::example_world::model()?;
/// let answer = model.recommend(&Query::participant("eko", Amount(300_000)))?;
/// let why = answer.iter().next().unwrap().explanation();
/// assert_eq!(why.from_neighbours() + why.from_everyone(), why.score());
/// // Both neighbours bought it, as did 2 of all 4: (2 + 10 * 2/4) / (2 + 10).
/// assert_eq!(
///     why.to_string(),
///     "2 of the most similar past participants bought it, 2 of 2 votes; so did 2 of all 4; \
///      of the score 0.5833 the neighbours give 0.1667 and everyone 0.4167"
/// );
/// # Ok::<(), sebaya::Error>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Explanation {
    score: f64,
    votes: f64,
    k: u64,
    all_votes: f64,
    supporters: u32,
    buyers: u32,
    n_all: u64,
    from_neighbours: f64,
    history: Option<HistoryExplanation>,
}

impl Explanation {
    pub(crate) fn new(evidence: &Evidence<'_>, ranked: &Ranked) -> Self {
        let Evidence { scoring, popularity, .. } = evidence;
        let Ranked { course, score, votes, supporters, .. } = *ranked;
        let history = evidence.by_history(course, votes);
        let history = history.map(|(baskets, factors)| HistoryExplanation { baskets, factors });
        // Taken from the score twice, so that the two parts add up to it without rounding.
        let from_everyone = score - scoring.part_of_votes(votes).min(score);
        let from_neighbours = if history.is_some() { score } else { score - from_everyone };
        let buyers = popularity.buyers(course);
        Self {
            score,
            votes,
            k: scoring.k,
            all_votes: scoring.all_votes(),
            supporters,
            buyers,
            n_all: scoring.n_all,
            from_neighbours,
            history,
        }
    }

    /// The score.
    pub fn score(&self) -> f64 {
        self.score
    }

    /// The neighbours' votes for the course, out of [`k`](Self::k).
    pub fn votes(&self) -> f64 {
        self.votes
    }

    /// The number of votes that the neighbours have.
    pub fn k(&self) -> u64 {
        self.k
    }

    /// The votes of all neighbours together: [`k`](Self::k), or less under the learned distance, where nearer neighbours
    /// have more of a vote.
    pub fn all_votes(&self) -> f64 {
        self.all_votes
    }

    /// How many neighbours bought it, each with a vote or a part of one.
    pub fn supporters(&self) -> u32 {
        self.supporters
    }

    /// How many of all past participants bought it.
    pub fn buyers(&self) -> u32 {
        self.buyers
    }

    /// How many past participants there are.
    pub fn n_past_participants(&self) -> u64 {
        self.n_all
    }

    /// The share of all past participants who bought it, within 0..=1; 0 when there are none.
    #[expect(clippy::cast_precision_loss, reason = "below 2^32")]
    pub fn share_of_everyone(&self) -> f64 {
        f64::from(self.buyers) / self.n_all.max(1) as f64
    }

    /// What purchases say about it; `None` where the query has no history, or no past participant bought anything of it and
    /// something else besides.
    pub fn history(&self) -> Option<&HistoryExplanation> {
        self.history.as_ref()
    }

    /// How much of the score comes from the neighbours' votes: all of it with a history, as the score is a product then.
    pub fn from_neighbours(&self) -> f64 {
        self.from_neighbours
    }

    /// How much of the score comes from the prior, the share among everyone.
    pub fn from_everyone(&self) -> f64 {
        self.score - self.from_neighbours
    }
}

/// Every getter by its name.
impl Serialize for Explanation {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut fields = serializer.serialize_struct("Explanation", 11)?;
        fields.serialize_field("score", &self.score())?;
        fields.serialize_field("votes", &self.votes())?;
        fields.serialize_field("k", &self.k())?;
        fields.serialize_field("all_votes", &self.all_votes())?;
        fields.serialize_field("supporters", &self.supporters())?;
        fields.serialize_field("buyers", &self.buyers())?;
        fields.serialize_field("n_past_participants", &self.n_past_participants())?;
        fields.serialize_field("share_of_everyone", &self.share_of_everyone())?;
        fields.serialize_field("from_neighbours", &self.from_neighbours())?;
        fields.serialize_field("from_everyone", &self.from_everyone())?;
        fields.serialize_field("history", &self.history())?;
        fields.end()
    }
}

impl fmt::Display for Explanation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { score, votes, all_votes, supporters, buyers, n_all, from_neighbours, history, .. } = self;
        let (votes, k) = (tenths(*votes), tenths(*all_votes));
        if let Some(history) = history {
            write!(f, "{history}; {votes} of {k} votes of similar profiles, so a lift of {:.2}; ", history.lift())?;
            write!(f, "{buyers} of all {n_all} past participants bought it; ")?;
            write!(f, "score {score:.4} = {:.4} * {:.2}", history.probability(), history.lift())?;
            return if history.damping() < 1.0 { write!(f, " / {:.2}", history.damping()) } else { Ok(()) };
        }
        write!(
            f,
            "{supporters} of the most similar past participants bought it, {votes} of {k} votes; \
             so did {buyers} of all {n_all}; of the score {score:.4} the neighbours give {from_neighbours:.4} \
             and everyone {:.4}",
            self.from_everyone()
        )
    }
}

/// What purchases say about a course in a query with a [history](crate::Query::use_history).
/// The score is [`probability`](Self::probability) `*` [`lift`](Self::lift) `/` [`damping`](Self::damping).
///
/// A basket is the set of all courses that a past participant bought.
///
/// ```
/// use sebaya::prelude::*;
///
/// let mut data = TrainingSet::builder(Schema::new().numeric("age"));
/// for id in ["excel", "python", "sewing"] {
///     data.course(Course::new(id, Amount(250_000)))?;
/// }
/// for (id, courses) in [("ani", &["excel", "python"][..]), ("budi", &["excel", "python"]), ("cici", &["sewing"])] {
///     data.participant(id, Profile::new().with("age", 24))?;
///     for course in courses {
///         data.purchase(id, course)?;
///     }
/// }
/// let model = Recommender::params().fit(&data.build()?)?;
/// let answer = model.recommend(&Query::new(Profile::new().with("age", 24), Amount(300_000)).owned(["excel"]).use_history(true))?;
/// let why = answer.iter().next().unwrap().explanation().history().unwrap();
/// assert_eq!((why.like_holders(), why.all_like_holders(), why.lift()), (2, 2, 1.0));
/// assert_eq!(
///     why.to_string(),
///     "2 of the 2 past participants who bought all that is known and more bought it; 1.4 of 1.4 votes of similar baskets"
/// );
/// # Ok::<(), sebaya::Error>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct HistoryExplanation {
    baskets: CourseVotes,
    factors: Factors,
}

/// Every getter by its name.
impl Serialize for HistoryExplanation {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut fields = serializer.serialize_struct("HistoryExplanation", 7)?;
        fields.serialize_field("near_votes", &self.near_votes())?;
        fields.serialize_field("all_near_votes", &self.all_near_votes())?;
        fields.serialize_field("like_holders", &self.like_holders())?;
        fields.serialize_field("all_like_holders", &self.all_like_holders())?;
        fields.serialize_field("probability", &self.probability())?;
        fields.serialize_field("lift", &self.lift())?;
        fields.serialize_field("damping", &self.damping())?;
        fields.end()
    }
}

impl HistoryExplanation {
    /// The votes for the course of the baskets most similar to what is known, out of
    /// [`all_near_votes`](Self::all_near_votes): for each holder of a basket the similarity, within 0..=1.
    pub fn near_votes(&self) -> f64 {
        self.baskets.near
    }

    /// The votes that these baskets have, whatever they hold.
    pub fn all_near_votes(&self) -> f64 {
        self.baskets.all_near
    }

    /// How many past participants bought all that is known, and the course.
    pub fn like_holders(&self) -> u64 {
        self.baskets.like
    }

    /// How many past participants bought all that is known and at least one course besides.
    pub fn all_like_holders(&self) -> u64 {
        self.baskets.all_like
    }

    /// The estimated share of those who know the same who buy the course, within 0..=1: of both kinds of baskets, shrunk
    /// towards the share among everyone.
    pub fn probability(&self) -> f64 {
        self.factors.probability
    }

    /// How many times as often as everyone the neighbours by profile buy the course, shrunk towards 1.
    pub fn lift(&self) -> f64 {
        self.factors.lift
    }

    /// What the score is divided by, within 0..=1: the less, the fewer buyers a course has. It is 1 in a catalogue of fewer than
    /// 100 courses.
    pub fn damping(&self) -> f64 {
        self.factors.damping
    }
}

impl fmt::Display for HistoryExplanation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let CourseVotes { near, all_near, like, all_like, .. } = self.baskets;
        let (near, all_near) = (tenths(near), tenths(all_near));
        if all_like > 0 {
            write!(f, "{like} of the {all_like} past participants who bought all that is known and more bought it; ")?;
        }
        write!(f, "{near} of {all_near} votes of similar baskets")
    }
}

/// Votes are fractions where ties are shared and where similarities vote.
fn tenths(votes: f64) -> f64 {
    (votes * 10.0).round() / 10.0
}
