//! The learned distance for people to read: what each attribute tells, and which of its values are close.

use std::fmt;

use serde::Serialize;

use super::learned::{BinStart, GroupDistances, MEAN};
use super::values::AttributeValues;
use super::{EncodedProfile, Encoder, FittedAttribute, Learned, Profiles};
use crate::store::cut;

/// What a model with the [learned distance](crate::Distance::Learned) has learned, made by
/// [`Recommender::learned_distances`](crate::Recommender::learned_distances). It is text when displayed, and serialisable.
///
/// Distances are multiples of the mean distance of two past participants.
///
/// ```
/// use sebaya::{Distance, LearnedTable, prelude::*};
///
/// let mut data = TrainingSet::builder(Schema::new().categorical("branch").categorical("gender"));
/// data.course(Course::new("excel", Amount(250_000)))?.course(Course::new("sewing", Amount(100_000)))?;
/// for i in 0_u16..120 {
///     let branch = ["bank", "insurance", "textiles"][usize::from(i % 3)];
///     let profile = Profile::new().with("branch", branch).with("gender", if i % 2 == 0 { "f" } else { "m" });
///     data.participant(i.to_string(), profile)?;
///     data.purchase(&i.to_string(), if branch == "textiles" { "sewing" } else { "excel" })?;
/// }
/// let model = Recommender::params().distance(Distance::Learned).fit(&data.build()?)?;
///
/// let learned = model.learned_distances().expect("the distance was learned");
/// let [branch, gender] = learned.attributes() else { panic!("two attributes") };
/// assert!(branch.share() > 0.99 && gender.share() == 0.0);
/// // Banks and insurances buy alike.
/// assert_eq!(branch.distance("bank", "insurance"), Some(0.0));
/// assert!(branch.distance("bank", "textiles") > Some(1.0));
/// assert!(matches!(branch.table(), LearnedTable::Values { values, .. } if values[2] == "textiles"));
/// # Ok::<(), sebaya::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct LearnedDistances {
    attributes: Vec<LearnedAttribute>,
}

/// One attribute of [`LearnedDistances`].
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct LearnedAttribute {
    name: String,
    share: f64,
    table: LearnedTable,
}

/// The distances of an attribute's values, as multiples of the mean distance of two past participants.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
#[non_exhaustive]
pub enum LearnedTable {
    /// Of each value to each. A value of too few people to be told from others is at distance 0 from them.
    Values {
        /// The values that past participants have: bins of numbers ascending, levels from the lowest, categories in byte
        /// order; `(missing)` is the last.
        values: Vec<String>,
        /// Of shape `(values, values)`, symmetric, 0 on the diagonal.
        distances: Vec<Vec<f64>>,
    },
    /// Of each tag, between those with it and those without it.
    Tags {
        /// The tags of past participants, in byte order.
        tags: Vec<String>,
        /// One for each tag.
        distances: Vec<f64>,
    },
}

impl LearnedDistances {
    /// Of an encoder, and of the profiles that it has encoded; `None` with Gower's distance.
    pub(crate) fn new(encoder: &Encoder, profiles: &Profiles) -> Option<Self> {
        if !encoder.is_learned() {
            return None;
        }
        let attributes = encoder.attributes();
        let tables: Vec<&GroupDistances> = encoder.group_distances().collect();
        let mut people: Vec<Vec<f64>> = tables.iter().map(|table| vec![0.0; n_codes(table)]).collect();
        let mut n_all = 0.0;
        let mut profile = EncodedProfile::default();
        for (row, members) in (0..).zip(profiles.members()) {
            profiles.read(row, &mut profile);
            n_all += f64::from(members);
            for ((part, people), table) in profile.parts.iter().zip(&mut people).zip(&tables) {
                match table {
                    GroupDistances::Codes { .. } => people[part.code as usize] += f64::from(members),
                    GroupDistances::Tags(_) => {
                        part.set.iter().for_each(|&(tag, _)| people[tag as usize] += f64::from(members));
                    }
                }
            }
        }
        let of = |((attribute, table), people): ((&FittedAttribute, &&GroupDistances), Vec<f64>)| {
            LearnedAttribute::new(attribute, table, &people, n_all)
        };
        let learned: Option<Vec<_>> = attributes.iter().zip(&tables).zip(people).map(of).collect();
        Some(Self { attributes: learned? })
    }

    /// One entry for each attribute, in the order of the schema.
    pub fn attributes(&self) -> &[LearnedAttribute] {
        &self.attributes
    }
}

impl LearnedAttribute {
    fn new(attribute: &FittedAttribute, table: &GroupDistances, people: &[f64], n_all: f64) -> Option<Self> {
        let multiple = |units: u32| f64::from(units) / f64::from(MEAN);
        let pairs = (n_all * n_all).max(1.0);
        let name = attribute.name().to_owned();
        let Learned::Names(names) = attribute.learned() else {
            return Some(Self::of_values(name, &line_labels(attribute, table)?, table, people, pairs));
        };
        let GroupDistances::Tags(distances) = table else {
            let labels = names.into_iter().chain(["(other)".to_owned()]).collect::<Vec<_>>();
            return Some(Self::of_values(name, &labels, table, people, pairs));
        };
        let mut share = 0.0;
        let mut tags: Vec<(String, f64)> = Vec::new();
        for ((tag, &units), &with) in names.into_iter().zip(distances).zip(people) {
            share += 2.0 * with * (n_all - with) * multiple(units) / pairs;
            // An empty name is that of a tag that was taken away.
            if !tag.is_empty() {
                tags.push((tag, multiple(units)));
            }
        }
        tags.sort_unstable_by(|a, b| a.0.cmp(&b.0));
        let (tags, distances) = tags.into_iter().unzip();
        Some(Self { name, share, table: LearnedTable::Tags { tags, distances } })
    }

    /// Labels are those of codes from 1 on; code 0 is missing. Values that nobody has are left out.
    fn of_values(name: String, labels: &[String], table: &GroupDistances, people: &[f64], pairs: f64) -> Self {
        let distance = |a: u32, b: u32| f64::from(table.of(a, b)) / f64::from(MEAN);
        // Where all values are alike, profiles do not hold them.
        let told = table.largest() > 0;
        let mut codes: Vec<(&str, u32)> = labels.iter().map(String::as_str).zip(1..).collect();
        // A category that was erased has no name.
        codes.retain(|&(name, code)| told && !name.is_empty() && people.get(code as usize).is_some_and(|&n| n > 0.0));
        if told && people.first().is_some_and(|&n| n > 0.0) {
            codes.push(("(missing)", 0));
        }
        let row = |&(_, a): &(&str, u32)| codes.iter().map(|&(_, b)| distance(a, b)).collect::<Vec<f64>>();
        let distances: Vec<Vec<f64>> = codes.iter().map(row).collect();
        let mut share = 0.0;
        for (row, &(_, a)) in distances.iter().zip(&codes) {
            for (distance, &(_, b)) in row.iter().zip(&codes) {
                share += people[a as usize] * people[b as usize] * distance / pairs;
            }
        }
        let values = codes.into_iter().map(|(label, _)| label.to_owned()).collect();
        Self { name, share, table: LearnedTable::Values { values, distances } }
    }

    /// The name of the attribute.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Its share of the mean distance of two past participants, within 0..=1: how much it tells about purchases.
    pub fn share(&self) -> f64 {
        self.share
    }

    /// The distances of its values.
    pub fn table(&self) -> &LearnedTable {
        &self.table
    }

    /// The distance of two values; `None` where one of them is not in the table.
    pub fn distance(&self, a: &str, b: &str) -> Option<f64> {
        let LearnedTable::Values { values, distances } = &self.table else { return None };
        let at = |value: &str| values.iter().position(|known| known == value);
        Some(distances[at(a)?][at(b)?])
    }
}

fn n_codes(table: &GroupDistances) -> usize {
    match table {
        GroupDistances::Codes { n, .. } => *n,
        GroupDistances::Tags(tags) => tags.len(),
    }
}

/// The levels, or the bins of numbers.
fn line_labels(attribute: &FittedAttribute, table: &GroupDistances) -> Option<Vec<String>> {
    if let AttributeValues::Ordinal { levels } = attribute.values() {
        return Some(levels.into_iter().map(str::to_owned).collect());
    }
    let GroupDistances::Codes { bins, .. } = table else { return None };
    let from = |start: &BinStart| format!("{} {}", if start.inclusive { "from" } else { "above" }, start.value);
    let to = |start: &BinStart| format!("{} {}", if start.inclusive { "below" } else { "to" }, start.value);
    let bin = |bin: usize| match (bin.checked_sub(1).and_then(|at| bins.get(at)), bins.get(bin)) {
        (Some(start), Some(end)) => format!("{}, {}", from(start), to(end)),
        (Some(start), None) => from(start),
        (None, Some(end)) => to(end),
        (None, None) => "any".to_owned(),
    };
    Some((0..=bins.len()).map(bin).collect())
}

/// So many pairs of values are named.
const MOST_PAIRS: usize = 3;

/// One paragraph for each attribute, those that tell most first.
impl fmt::Display for LearnedDistances {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut attributes: Vec<_> = self.attributes.iter().collect();
        // Stable, so that equal shares stay in the order of the schema.
        attributes.sort_by(|a, b| b.share.total_cmp(&a.share));
        attributes.into_iter().try_for_each(|attribute| attribute.fmt(f))
    }
}

impl fmt::Display for LearnedAttribute {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { name, share, table } = self;
        let name = cut(name.as_str());
        if *share == 0.0 {
            return writeln!(f, "  {name}: tells nothing about purchases");
        }
        writeln!(f, "  {name}: {:.0} % of the distance", share * 100.0)?;
        match table {
            LearnedTable::Values { values, distances } => {
                let pairs = (0..values.len()).flat_map(|a| (0..a).map(move |b| (b, a)));
                let mut pairs: Vec<_> = pairs.map(|(a, b)| (distances[a][b], a, b)).collect();
                pairs.sort_by(|x, y| x.0.total_cmp(&y.0));
                let text = |&(distance, a, b): &(f64, usize, usize)| {
                    format!("{} and {} ({distance:.2})", cut(values[a].as_str()), cut(values[b].as_str()))
                };
                let near: Vec<_> = pairs.iter().take(MOST_PAIRS.min(pairs.len() / 2)).map(text).collect();
                let far: Vec<_> = pairs.iter().rev().take(MOST_PAIRS).map(text).collect();
                if !near.is_empty() {
                    writeln!(f, "    close: {}", near.join("; "))?;
                }
                writeln!(f, "    far apart: {}", far.join("; "))
            }
            LearnedTable::Tags { tags, distances } => {
                let mut tags: Vec<_> = tags.iter().zip(distances).collect();
                tags.sort_by(|a, b| b.1.total_cmp(a.1));
                let text = |(tag, distance): &(&String, &f64)| format!("{} ({distance:.2})", cut(tag.as_str()));
                let most: Vec<_> = tags.iter().take(MOST_PAIRS).map(text).collect();
                writeln!(f, "    with and without differ most by: {}", most.join("; "))
            }
        }
    }
}
