//! Who voted, and how similar they are.

use std::fmt;

use serde::Serialize;

use super::scratch::Scratch;
use super::{Query, QueryError, Recommender};
use crate::encode::EncodedProfile;
use crate::model::Model;
use crate::neighbours::Neighbourhood;

impl Recommender {
    /// The neighbourhood of a query, and how similar it is in each attribute.
    ///
    /// # Errors
    ///
    /// As [`Recommender::recommend`].
    ///
    /// ```
    /// # use sebaya::prelude::*;
    /// # let model = sebaya::example_world::model()?;
    /// let neighbours = model.neighbours(&Query::participant("eko", Amount(300_000)))?;
    /// let text: Vec<String> = neighbours.similarities().iter().map(|similarity| similarity.to_string()).collect();
    /// // ani and cici are 3 and 4 years away, of the 16 that the ages span; cici is from Aceh too.
    /// assert_eq!(text, ["age: 78 % similar", "same province: 50 %"]);
    /// # Ok::<(), sebaya::Error>(())
    /// ```
    pub fn neighbours(&self, query: &Query<'_>) -> Result<Neighbours, QueryError> {
        self.scratch.with(&self.model, |scratch| {
            scratch.read(&self.model, query)?;
            scratch.find_neighbours(&self.model);
            Ok(Neighbours::new(&self.model, scratch))
        })
    }
}

/// How many vote, and how far away they are.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize)]
pub(super) struct Voters {
    pub(super) k: u64,
    /// As a share of the largest possible distance, or with the learned distance as a multiple of the mean one.
    pub(super) radius: f64,
    #[serde(rename = "inside")]
    pub(super) n_inside: u64,
    #[serde(rename = "boundary")]
    pub(super) n_boundary: u64,
}

impl Voters {
    pub(super) fn new(model: &Model, found: &Neighbourhood) -> Self {
        Self {
            k: found.k(),
            radius: f64::from(found.radius()) / f64::from(model.encoder.total_units()),
            n_inside: found.n_inside(),
            n_boundary: found.n_boundary(),
        }
    }
}

/// The past participants who voted on an answer.
///
/// With more than `k` past participants, the *radius* is the k-th smallest distance. Those nearer are inside and have a vote
/// each. Those at exactly this distance are on the boundary and share equally what is left of the `k` votes. With `k` or
/// fewer past participants, all are inside.
///
/// ```
/// # use sebaya::prelude::*;
/// # let model = sebaya::example_world::model()?;
/// let neighbours = model.neighbours(&Query::participant("eko", Amount(300_000)))?;
/// // cici is inside and ani is the second nearest, at 19/32 of the largest distance.
/// assert_eq!((neighbours.k(), neighbours.n_inside(), neighbours.n_boundary()), (2, 1, 1));
/// assert_eq!((neighbours.radius(), neighbours.boundary_share()), (19.0 / 32.0, 1.0));
/// # Ok::<(), sebaya::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Neighbours {
    #[serde(rename = "neighbourhood")]
    voters: Voters,
    similarities: Vec<Similarity>,
}

impl Neighbours {
    pub(super) fn new(model: &Model, scratch: &Scratch) -> Self {
        Self { voters: Voters::new(model, &scratch.neighbourhood), similarities: similarities(model, scratch) }
    }

    /// How many votes there are: `k`, or the number of past participants when that is smaller.
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

    /// How many neighbours are exactly at the radius; 0 when all past participants vote.
    pub fn n_boundary(&self) -> u64 {
        self.voters.n_boundary
    }

    /// The part of a vote that each neighbour on the boundary has, within 0..=1; 1 when there is none.
    #[expect(clippy::cast_precision_loss, reason = "a share for people to read")]
    pub fn boundary_share(&self) -> f64 {
        let Voters { k, n_inside, n_boundary, .. } = self.voters;
        if n_boundary == 0 { 1.0 } else { (k - n_inside) as f64 / n_boundary as f64 }
    }

    /// How similar they are in each attribute that has a weight, in the order of the schema. Empty when there is no
    /// neighbour.
    pub fn similarities(&self) -> &[Similarity] {
        &self.similarities
    }
}

/// How similar the neighbours are in one attribute. Each neighbour counts by their vote.
///
/// ```
/// # use sebaya::prelude::*;
/// # let model = sebaya::example_world::model()?;
/// let neighbours = model.neighbours(&Query::participant("eko", Amount(300_000)))?;
/// let [age, province] = neighbours.similarities() else { panic!("two attributes") };
/// assert_eq!((age.attribute(), age.is_graded(), age.same_share(), age.mean()), ("age", true, 0.0, 25.0 / 32.0));
/// assert_eq!((province.is_graded(), province.same_share()), (false, 0.5));
/// # Ok::<(), sebaya::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Similarity {
    attribute: String,
    graded: bool,
    #[serde(rename = "same")]
    same_share: f64,
    mean: f64,
}

impl Similarity {
    /// The attribute's name.
    pub fn attribute(&self) -> &str {
        &self.attribute
    }

    /// Whether two values can be partly similar, as numbers, levels and sets of tags are. Then [`mean`](Self::mean) says more
    /// than [`same_share`](Self::same_share).
    pub fn is_graded(&self) -> bool {
        self.graded
    }

    /// The share of neighbours with the same value, within 0..=1. A missing value is not the same as another one.
    pub fn same_share(&self) -> f64 {
        self.same_share
    }

    /// The mean similarity, within 0..=1: one less the mean distance in this attribute as a share of the largest possible one.
    pub fn mean(&self) -> f64 {
        self.mean
    }
}

impl fmt::Display for Similarity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { attribute, graded, same_share, mean } = self;
        if *graded {
            write!(f, "{attribute}: {:.0} % similar", mean * 100.0)
        } else {
            write!(f, "same {attribute}: {:.0} %", same_share * 100.0)
        }
    }
}

/// Compares attribute by attribute. All sums are whole numbers, so that the order of rows does not show.
fn similarities(model: &Model, scratch: &Scratch) -> Vec<Similarity> {
    let Scratch { profile, neighbourhood, leave_out, .. } = scratch;
    let (numerator, denominator) = neighbourhood.boundary_share();
    let inside = neighbourhood.inside().iter().map(|&row| (row, denominator));
    let boundary = neighbourhood.boundary().iter().map(|&row| (row, numerator));
    let attributes = model.encoder.attributes();
    let search = model.search(profile, *leave_out);
    // Of each attribute: distances times weights, and the weights of equal values.
    let mut sums = vec![(0_u128, 0_u128); attributes.len()];
    let mut all = 0_u128;
    let mut other = EncodedProfile::default();
    for (row, share) in inside.chain(boundary) {
        let weight = u128::from(share) * u128::from(search.members(&model.base.profiles, row));
        all += weight;
        model.read_row(row, &mut other);
        for (i, (sum, attribute)) in sums.iter_mut().zip(attributes).enumerate() {
            let (mine, theirs) = (&profile.parts[i], &other.parts[i]);
            let distance = attribute.distance(mine, theirs);
            sum.0 += weight * u128::from(distance);
            sum.1 += if mine == theirs && !mine.is_missing() { weight } else { 0 };
        }
    }
    let counted = attributes.iter().zip(sums).filter(|(attribute, _)| attribute.largest_distance() > 0 && all > 0);
    counted
        .map(|(attribute, (distance, same))| Similarity {
            attribute: attribute.name().to_owned(),
            graded: attribute.is_graded(),
            same_share: ratio(same, all),
            mean: (1.0 - ratio(distance, all * u128::from(attribute.largest_distance()))).max(0.0),
        })
        .collect()
}

#[expect(clippy::cast_precision_loss, reason = "a share for people to read")]
fn ratio(part: u128, whole: u128) -> f64 {
    part as f64 / whole as f64
}
