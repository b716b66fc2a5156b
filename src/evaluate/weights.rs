//! Attribute weights learned from data: each attribute weighs by what it is worth alone.
//!
//! Measured elsewhere on five data sets, these weights lifted NDCG@10 by 1 to 4 % over equal ones and lost nothing, where
//! weights by mutual information lost up to 4.6 %, and a random search over weights and the number of neighbours 5.7 %.

use std::fmt;

use serde::Serialize;

use super::baselines::BestSellers;
use super::measure::{Measures, measure};
use super::split::{Open, Plan};
use super::{Contender, Fitted, Split};
use crate::Error;
use crate::domain::{Schema, TrainingSet};
use crate::model::RecommenderParams;
use crate::store::cut;

const FOLDS: u32 = 5;
/// Of the best attribute's lift, what any attribute weighs at least: alone it may tell nothing, and something with others.
const FLOOR: f64 = 0.1;
/// Weights are rounded to so many parts of 1, so that they read well.
const PARTS: f64 = 1000.0;

/// The weight of each attribute, learned from its *solo lift*: by how much a recommender that knows nothing but this
/// attribute beats popularity, in five folds over the participants it learns from. An attribute whose weight is 0 in the
/// schema is not wanted, and keeps it.
///
/// ```
/// use sebaya::evaluate::Evaluation;
/// use sebaya::prelude::*;
///
/// # let mut data = TrainingSet::builder(Schema::new().numeric("age").categorical("gender"));
/// # data.course(Course::new("excel", Amount(250_000)))?.course(Course::new("sewing", Amount(100_000)))?;
/// # for i in 0_u8..60 {
/// #     let (id, gender) = (i.to_string(), if i % 2 == 0 { "f" } else { "m" });
/// #     data.participant(&id, Profile::new().with("age", i).with("gender", gender))?;
/// #     data.purchase(&id, if i < 30 { "excel" } else { "sewing" })?;
/// # }
/// # let data = data.build()?;
/// let learned = Evaluation::new(Recommender::params().n_neighbours(10)).cutoffs([1]).fit_weights(&data)?;
/// println!("{learned}");
/// // The young buy excel and the old buy sewing; gender tells nothing.
/// let weights: Vec<_> = learned.schema().attributes().iter().map(|a| (a.name(), a.weight())).collect();
/// assert_eq!(weights, [("age", 1.0), ("gender", 0.1)]);
/// # Ok::<(), sebaya::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct LearnedWeights {
    metric: String,
    popularity: f64,
    attributes: Vec<Solo>,
    schema: Schema,
}

/// An attribute on its own.
#[derive(Debug, Clone, PartialEq, Serialize)]
struct Solo {
    attribute: String,
    value: f64,
    /// As a share of the value of popularity; `None` where that is 0.
    lift: Option<f64>,
    weight: f64,
}

impl LearnedWeights {
    pub(super) fn learn(
        train: &TrainingSet,
        params: RecommenderParams,
        open: Open,
        cutoff: usize,
        sample: usize,
        seed: u64,
        progress: impl FnMut(usize),
    ) -> Result<Self, Error> {
        let schema = train.participants().schema();
        let solo: Vec<Alone> = (0..schema.attributes().len()).map(|attribute| Alone { attribute, params }).collect();
        let mut contenders: Vec<&dyn Contender> = vec![&BestSellers];
        contenders.extend(solo.iter().map(|alone| alone as &dyn Contender));
        let plan = Plan::new(train, Split::KFold { folds: FOLDS }, open, sample, seed)?;
        let measures = Measures { cutoffs: vec![cutoff], money: false };
        let outcome = measure(&plan, &contenders, &measures, train.catalogue().len(), progress)?;
        let (names, means) = (measures.names(), outcome.table.means());
        let values: Vec<f64> = means.iter().step_by(names.len()).copied().collect();
        Ok(Self::from_values(schema, &names[0], &values))
    }

    /// From what popularity is worth, and then each attribute alone.
    fn from_values(schema: &Schema, metric: &str, values: &[f64]) -> Self {
        let (popularity, solo) = (values[0], &values[1..]);
        let wanted = schema.attributes().iter().zip(solo).filter(|(attribute, _)| attribute.weight() > 0.0);
        let best = wanted.map(|(_, value)| value - popularity).fold(0.0, f64::max);
        let weight = |value: f64| {
            // Where no attribute helps alone, none is preferred.
            let share = if best > 0.0 { ((value - popularity) / best).max(FLOOR) } else { 1.0 };
            (share * PARTS).round() / PARTS
        };
        let attributes = schema.attributes().iter().zip(solo).map(|(attribute, &value)| Solo {
            attribute: attribute.name().to_owned(),
            value,
            lift: (popularity > 0.0).then(|| (value - popularity) / popularity),
            weight: if attribute.weight() > 0.0 { weight(value) } else { 0.0 },
        });
        let attributes: Vec<Solo> = attributes.collect();
        let weights: Vec<f64> = attributes.iter().map(|solo| solo.weight).collect();
        Self { metric: metric.to_owned(), popularity, attributes, schema: schema.clone().with_weights(&weights) }
    }

    /// The schema of the data with the learned weights: the best attribute has 1, no other that is wanted less than a tenth.
    pub fn schema(&self) -> &Schema {
        &self.schema
    }

    fn weights(&self) -> Vec<f64> {
        self.attributes.iter().map(|solo| solo.weight).collect()
    }
}

/// One sentence for each attribute.
impl fmt::Display for LearnedWeights {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "What each attribute is worth alone ({} of popularity: {:.4}):", self.metric, self.popularity)?;
        let names: Vec<String> = self.attributes.iter().map(|solo| cut(solo.attribute.as_str())).collect();
        let width = names.iter().map(|name| name.chars().count()).max().unwrap_or(0);
        for (Solo { value, lift, weight, .. }, attribute) in self.attributes.iter().zip(&names) {
            let lift = match lift {
                Some(lift) if *lift > 0.0 => format!("lifts by {:.1} %", lift * 100.0),
                Some(lift) => format!("lowers by {:.1} %", -lift * 100.0),
                None => format!("has {value:.4}"),
            };
            writeln!(f, "  {attribute:<width$}  alone {lift}, weight {weight}")?;
        }
        Ok(())
    }
}

/// The recommender with one attribute only.
#[derive(Debug)]
struct Alone {
    attribute: usize,
    params: RecommenderParams,
}

impl Contender for Alone {
    fn name(&self) -> String {
        String::new()
    }

    fn fit<'d>(&self, train: &'d TrainingSet) -> Result<Box<dyn Fitted + 'd>, Error> {
        let alone = train.with_participants(train.participants().with_only(self.attribute));
        Ok(Box::new(self.params.aged_to_newest(alone.purchases()).fit(&alone)?))
    }
}

/// The recommender with weights that it learns from each training part.
#[derive(Debug, Clone)]
pub(super) struct Weighted {
    pub(super) params: RecommenderParams,
    pub(super) cutoff: usize,
    pub(super) sample: usize,
    pub(super) seed: u64,
}

impl Contender for Weighted {
    fn name(&self) -> String {
        "sebaya with learned weights".to_owned()
    }

    fn fit<'d>(&self, train: &'d TrainingSet) -> Result<Box<dyn Fitted + 'd>, Error> {
        let Self { params, cutoff, sample, seed } = *self;
        let learned = LearnedWeights::learn(train, params, Open::AsTheyAre, cutoff, sample, seed, |_| ())?;
        let weighted = train.with_participants(train.participants().with_weights(&learned.weights()));
        Ok(Box::new(params.aged_to_newest(weighted.purchases()).fit(&weighted)?))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn weights(values: &[f64]) -> Vec<f64> {
        let schema = Schema::new().numeric("a").numeric("b").numeric("c");
        LearnedWeights::from_values(&schema, "NDCG@10", values).weights()
    }

    #[test]
    fn weights_are_shares_of_the_best_lift_and_never_less_than_a_tenth() {
        assert_eq!(weights(&[0.2, 0.6, 0.3, 0.1]), [1.0, 0.25, 0.1]);
        assert_eq!(weights(&[0.2, 0.21, 0.5, 0.2]), [0.1, 1.0, 0.1]);
    }

    #[test]
    fn where_nothing_helps_alone_all_weigh_alike() {
        assert_eq!(weights(&[0.2, 0.2, 0.1, 0.0]), [1.0, 1.0, 1.0]);
        assert_eq!(weights(&[0.0, 0.0, 0.0, 0.0]), [1.0, 1.0, 1.0]);
    }

    #[test]
    fn an_attribute_that_is_not_wanted_stays_out() {
        let schema = Schema::new().numeric("a").attribute(crate::Attribute::numeric("b").with_weight(0.0));
        assert_eq!(LearnedWeights::from_values(&schema, "NDCG@10", &[0.2, 0.3, 0.9]).weights(), [1.0, 0.0]);
    }

    #[test]
    fn the_table_says_what_an_attribute_does_alone() {
        let schema = Schema::new().numeric("income").numeric("age");
        let learned = LearnedWeights::from_values(&schema, "NDCG@10", &[0.25, 0.28, 0.24]);
        assert_eq!(
            learned.to_string(),
            "What each attribute is worth alone (NDCG@10 of popularity: 0.2500):\n  \
             income  alone lifts by 12.0 %, weight 1\n  age     alone lowers by 4.0 %, weight 0.1\n"
        );
    }
}
