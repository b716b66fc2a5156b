//! Who voted, and how alike they are.

use std::fmt;

use super::{Query, Recommender};
use crate::Error;
use crate::encode::EncodedProfile;
use crate::model::Model;
use crate::neighbours::Neighbourhood;

impl Recommender {
    /// The neighbourhood of the one who asks, and how alike it is for each attribute.
    ///
    /// # Errors
    ///
    /// As [`Recommender::recommend`].
    ///
    /// ```
    /// # use sebaya::prelude::*;
    /// let mut data = TrainingSet::builder(Schema::new().numeric("age").categorical("province"));
    /// # data.course(Course::new("excel", Amount(250_000)))?;
    /// for (id, age, province) in [("ani", 20, "Bali"), ("budi", 40, "Bali"), ("cici", 20, "Aceh")] {
    ///     data.participant(id, Profile::new().with("age", age).with("province", province))?.purchase(id, "excel")?;
    /// }
    /// let model = Recommender::params().n_neighbours(2).fit(&data.build()?)?;
    /// let query = Query::new(Profile::new().with("age", 22).with("province", "Bali"), Amount(300_000));
    /// let alike: Vec<String> = model.neighbours(&query)?.alike().iter().map(|l| l.to_string()).collect();
    /// assert_eq!(alike, ["age: 50 % alike", "same province: 100 %"]);
    /// # Ok::<(), sebaya::Error>(())
    /// ```
    pub fn neighbours(&self, query: &Query<'_>) -> Result<Neighbours, Error> {
        self.scratch.with(&self.model, |scratch| {
            let model = &self.model;
            scratch.find_neighbours(model, query)?;
            Ok(Neighbours {
                alike: alike(model, &scratch.profile, &scratch.neighbourhood, scratch.leave_out),
                neighbourhood: scratch.neighbourhood.clone(),
            })
        })
    }
}

/// Compares attribute by attribute; each neighbour counts by its vote.
fn alike(
    model: &Model,
    profile: &EncodedProfile,
    neighbourhood: &Neighbourhood,
    leave_out: Option<u32>,
) -> Vec<Likeness> {
    let (numerator, denominator) = neighbourhood.boundary_share();
    let inside = neighbourhood.inside().iter().map(|&row| (row, denominator));
    let boundary = neighbourhood.boundary().iter().map(|&row| (row, numerator));
    // Whole numbers, so the order of rows does not show: weights, and distances and equal values times weights.
    let attributes = model.encoder.attributes();
    let search = model.search(profile, leave_out);
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
            sum.1 += if distance == 0 && !mine.is_missing() { weight } else { 0 };
        }
    }
    let counted = attributes.iter().zip(sums).filter(|(attribute, _)| attribute.largest_distance() > 0 && all > 0);
    counted
        .map(|(attribute, (distance, same))| Likeness {
            attribute: attribute.name().to_owned(),
            graded: attribute.is_graded(),
            same: ratio(same, all),
            closeness: (1.0 - ratio(distance, all * u128::from(attribute.largest_distance()))).max(0.0),
        })
        .collect()
}

#[expect(clippy::cast_precision_loss, reason = "a share for people to read")]
fn ratio(part: u128, whole: u128) -> f64 {
    part as f64 / whole as f64
}

/// The participants who voted on an answer.
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
/// let neighbours = model.neighbours(&Query::participant("budi", Amount(300_000)))?;
/// assert_eq!(neighbours.neighbourhood().k(), 2);
/// assert_eq!(neighbours.alike().len(), 2);
/// # Ok::<(), sebaya::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct Neighbours {
    neighbourhood: Neighbourhood,
    alike: Vec<Likeness>,
}

impl Neighbours {
    /// Radius and counts.
    pub fn neighbourhood(&self) -> &Neighbourhood {
        &self.neighbourhood
    }

    /// How alike they are, for each attribute that has a weight. Empty when there is no neighbour.
    pub fn alike(&self) -> &[Likeness] {
        &self.alike
    }
}

/// How alike the neighbours of a participant are in one attribute. Each counts by its vote.
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
/// let neighbours = model.neighbours(&Query::participant("budi", Amount(300_000)))?;
/// let [age, province] = neighbours.alike() else { panic!("two attributes") };
/// assert_eq!((age.attribute(), age.same(), age.closeness()), ("age", 0.5, 0.5));
/// assert_eq!(province.to_string(), "same province: 100 %");
/// # Ok::<(), sebaya::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct Likeness {
    attribute: String,
    graded: bool,
    same: f64,
    closeness: f64,
}

impl Likeness {
    /// The attribute's name.
    pub fn attribute(&self) -> &str {
        &self.attribute
    }

    /// The share of neighbours with the same value, within 0..=1; a missing value is the same as none.
    pub fn same(&self) -> f64 {
        self.same
    }

    /// One less the mean distance in this attribute as a share of the largest possible one, within 0..=1.
    pub fn closeness(&self) -> f64 {
        self.closeness
    }
}

impl fmt::Display for Likeness {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { attribute, graded, same, closeness } = self;
        if *graded {
            write!(f, "{attribute}: {:.0} % alike", closeness * 100.0)
        } else {
            write!(f, "same {attribute}: {:.0} %", same * 100.0)
        }
    }
}
