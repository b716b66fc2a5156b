//! Why a course stands where it stands.

use std::fmt;

use super::{Ranked, Scoring};

/// The parts of a score. [`from_neighbours`](Self::from_neighbours) and [`from_everyone`](Self::from_everyone) add up to it.
///
/// ```
/// # use sebaya::{Amount, Course, Profile, Query, Recommender, Schema, TrainingSet};
/// # let mut data = TrainingSet::builder(Schema::new().categorical("province"));
/// # data.course(Course::new("excel", Amount(250_000)))?;
/// # for id in ["ani", "budi"] {
/// #     data.participant(id, Profile::new().with("province", "Bali"))?.purchase(id, "excel")?;
/// # }
/// # let model = Recommender::params().fit(&data.build()?)?;
/// let answer = model.recommend(&Query::new(Profile::new(), Amount(300_000)))?;
/// let why = answer.iter().next().unwrap().explanation();
/// assert_eq!(why.from_neighbours() + why.from_everyone(), why.score());
/// assert_eq!(
///     why.to_string(),
///     "2 of the most similar past participants bought it, 2 of 2 votes; so did 2 of all 2; \
///      of the score 1.0000 the neighbours give 0.1667 and everyone 0.8333"
/// );
/// # Ok::<(), sebaya::Error>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Explanation {
    score: f64,
    votes: f64,
    k: u64,
    supporters: u32,
    buyers: u32,
    n_all: u64,
    from_neighbours: f64,
    by_history: Option<f64>,
}

impl Explanation {
    pub(crate) fn new(scoring: &Scoring, ranked: &Ranked, buyers: u32) -> Self {
        let Ranked { score, votes, supporters, by_history, .. } = *ranked;
        // Taken from the score twice, so that the two parts add up to it without rounding.
        let from_everyone = score - scoring.part_of_votes(votes).min(score);
        let from_neighbours = if by_history.is_some() { score } else { score - from_everyone };
        Self { score, votes, k: scoring.k, supporters, buyers, n_all: scoring.n_all, from_neighbours, by_history }
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

    /// How many neighbours bought it, each with a vote or a part of one.
    pub fn supporters(&self) -> u32 {
        self.supporters
    }

    /// How many of all past participants bought it.
    pub fn buyers(&self) -> u32 {
        self.buyers
    }

    /// The share of all past participants who bought it, within 0..=1; 0 when there are none.
    #[expect(clippy::cast_precision_loss, reason = "below 2^32")]
    pub fn share_of_everyone(&self) -> f64 {
        if self.n_all > 0 { f64::from(self.buyers) / self.n_all as f64 } else { 0.0 }
    }

    /// The share of those with a like history who bought it, weighted by similarity; `None` where the query has no history,
    /// or nobody has a like one.
    pub fn by_history(&self) -> Option<f64> {
        self.by_history
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

impl fmt::Display for Explanation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { score, votes, k, supporters, buyers, n_all, from_neighbours, by_history } = self;
        // Votes are fractions only where ties are shared.
        let votes = (votes * 10.0).round() / 10.0;
        if let Some(share) = by_history {
            return write!(
                f,
                "of those who bought the same {:.1} % bought it; so did {supporters} of the most similar past participants, \
                 {votes} of {k} votes, and {buyers} of all {n_all}",
                share * 100.0
            );
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
