//! One fitted attribute: the one place that knows all kinds.

use std::sync::Arc;

use super::dictionary::{DictionaryColumn, SetTable, Values};
use super::encoded_value::{self, Part};
use super::learned::{self, GroupDistances, Groups, TagsOf};
use super::names::Names;
use super::numeric::Numeric;
use super::ordinal::Ordinal;
use super::tags;
use super::values::AttributeValues;
use crate::domain::{Attribute, AttributeKind, Column, DataError, ProfileError, Scale, TypedValue};
use crate::store::{CodeColumn, Interner};

/// An attribute with what was learned from the past participants.
#[derive(Debug, Clone)]
pub(crate) struct FittedAttribute {
    /// The distances of values under the learned distance; `None` under the schema's.
    learned: Option<GroupDistances>,
    attribute: Attribute,
    kind: Kind,
    /// Half of its weight in units. With 0 units the attribute does not count, and every value is encoded as missing.
    half: u32,
}

/// What an attribute has learned from past participants.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Learned {
    /// The ends of a linear scale.
    Range(f64, f64),
    /// All values, ascending, of a rank scale.
    Values(Vec<f64>),
    /// Levels are given.
    Nothing,
    /// The name of each slot, in byte order; empty where it was erased.
    Names(Vec<String>),
}

#[derive(Debug, Clone)]
enum Kind {
    Numeric(Numeric),
    Ordinal(Ordinal),
    Categorical(Names),
    Tags(Names),
}

impl FittedAttribute {
    /// Learns from the rows of past participants.
    pub(super) fn fit(attribute: &Attribute, column: &Column, half: u32, past: &[u32]) -> Result<Self, DataError> {
        let past = past.iter().map(|&row| row as usize);
        let kind = match column {
            Column::Numeric(values) => {
                let linear = Scale::Linear(None);
                let scale = if let AttributeKind::Numeric(scale) = attribute.kind() { scale } else { &linear };
                Kind::Numeric(Numeric::fit(scale, past.map(|row| values[row])))
            }
            Column::Ordinal { levels, .. } => Kind::Ordinal(Ordinal::fit(levels)),
            Column::Categorical { names, codes } => {
                Kind::Categorical(Names::fit(names, past.filter_map(|row| codes.get(row).checked_sub(1)))?)
            }
            Column::Tags(column) => {
                Kind::Tags(Names::fit(&column.names, past.flat_map(|row| column.row(row).iter().copied()))?)
            }
        };
        Ok(Self { learned: None, attribute: attribute.clone(), kind, half })
    }

    /// What it has learned.
    pub(super) fn learned(&self) -> Learned {
        match &self.kind {
            Kind::Numeric(Numeric::Linear { lo, hi }) => Learned::Range(*lo, *hi),
            Kind::Numeric(Numeric::Rank(values)) => Learned::Values(values.to_vec()),
            Kind::Ordinal(_) => Learned::Nothing,
            Kind::Categorical(names) | Kind::Tags(names) => {
                Learned::Names(names.with_erased().map(str::to_owned).collect())
            }
        }
    }

    /// What values a form may offer.
    pub(super) fn values(&self) -> AttributeValues<'_> {
        match &self.kind {
            &Kind::Numeric(Numeric::Linear { lo, hi }) => AttributeValues::Numeric { lo, hi },
            Kind::Numeric(Numeric::Rank(values)) => {
                let end = |value: Option<&f64>| value.copied().unwrap_or(0.0);
                AttributeValues::Numeric { lo: end(values.first()), hi: end(values.last()) }
            }
            Kind::Ordinal(ordinal) => AttributeValues::Ordinal { levels: ordinal.levels().collect() },
            Kind::Categorical(names) => AttributeValues::Categorical { categories: in_byte_order(names) },
            Kind::Tags(names) => AttributeValues::Tags { tags: in_byte_order(names) },
        }
    }

    /// An attribute that has learned this. `None` when it does not fit the attribute.
    pub(super) fn from_learned(attribute: &Attribute, learned: Learned, half: u32) -> Option<Self> {
        let kind = match (attribute.kind(), learned) {
            (AttributeKind::Numeric(_), Learned::Range(lo, hi)) => Kind::Numeric(Numeric::Linear { lo, hi }),
            (AttributeKind::Numeric(_), Learned::Values(values)) => Kind::Numeric(Numeric::Rank(Arc::new(values))),
            (AttributeKind::Ordinal(levels), Learned::Nothing) => {
                Kind::Ordinal(Ordinal::fit(&Interner::with_gaps(levels.iter().map(String::as_str))?))
            }
            (AttributeKind::Categorical, Learned::Names(names)) => Kind::Categorical(Names::with_gaps(&names)?),
            (AttributeKind::Tags, Learned::Names(names)) => Kind::Tags(Names::with_gaps(&names)?),
            _ => return None,
        };
        Some(Self { learned: None, attribute: attribute.clone(), kind, half })
    }

    pub(crate) fn name(&self) -> &str {
        self.attribute.name()
    }

    pub(crate) fn half(&self) -> u32 {
        self.half
    }

    /// How many columns of the vector it takes.
    pub(super) fn width(&self) -> usize {
        match &self.kind {
            Kind::Numeric(_) | Kind::Ordinal(_) => 2,
            Kind::Categorical(names) | Kind::Tags(names) => names.width(),
        }
    }

    /// The names of its columns.
    pub(super) fn feature_names(&self) -> Vec<String> {
        let name = self.name();
        match &self.kind {
            Kind::Numeric(_) | Kind::Ordinal(_) => vec![format!("{name}: high"), format!("{name}: low")],
            Kind::Categorical(names) | Kind::Tags(names) => {
                let mut all: Vec<_> = names.iter().map(|n| format!("{name} = {n}")).collect();
                all.push(format!("{name}: other"));
                all
            }
        }
    }

    /// Whether this is a category or tag that was not learned, or was forgotten.
    pub(super) fn is_unseen(&self, name: &str) -> bool {
        matches!(&self.kind, Kind::Categorical(names) | Kind::Tags(names) if !names.knows(name))
    }

    /// Forgets a name, which is then encoded as one of the others.
    pub(super) fn erase(&mut self, name: &str) {
        if let Kind::Categorical(names) | Kind::Tags(names) = &mut self.kind {
            names.erase(name);
        }
    }

    /// This attribute without any text of a participant. Distances and columns are the same; it can no longer encode.
    pub(super) fn without_texts(&self) -> Self {
        let kind = match &self.kind {
            Kind::Categorical(names) => Kind::Categorical(names.without_texts()),
            Kind::Tags(names) => Kind::Tags(names.without_texts()),
            other @ (Kind::Numeric(_) | Kind::Ordinal(_)) => other.clone(),
        };
        Self { learned: self.learned.clone(), attribute: self.attribute.clone(), kind, half: self.half }
    }

    /// Whether a category or tag is known.
    pub(crate) fn knows(&self, name: &str) -> bool {
        matches!(&self.kind, Kind::Categorical(names) | Kind::Tags(names) if names.knows(name))
    }

    /// Encodes a caller's value.
    pub(super) fn encode(&self, value: TypedValue<'_>, part: &mut Part) -> Result<(), ProfileError> {
        self.encode_by(self.learned.as_ref(), value, part)
    }

    /// Encodes a caller's value for the vector, which is the same whatever the distance.
    pub(super) fn encode_for_vector(&self, value: TypedValue<'_>, part: &mut Part) -> Result<(), ProfileError> {
        self.encode_by(None, value, part)
    }

    fn encode_by(
        &self,
        learned: Option<&GroupDistances>,
        value: TypedValue<'_>,
        part: &mut Part,
    ) -> Result<(), ProfileError> {
        part.clear();
        match (&self.kind, value) {
            (Kind::Numeric(numeric), TypedValue::Number(x)) => part.code = self.number_code(learned, numeric, x),
            (Kind::Ordinal(ordinal), TypedValue::Text(level)) => {
                let rank = ordinal.rank(level).ok_or_else(|| self.attribute.unknown_level(level))?;
                part.code = self.rank_code(learned, ordinal, rank);
            }
            (Kind::Categorical(names), TypedValue::Text(name)) => part.code = 1 + names.slot(name),
            (Kind::Tags(names), TypedValue::Tags(tags)) => match learned {
                Some(GroupDistances::Tags(distances)) => tags::weigh_tags(names, tags, distances, &mut part.set),
                _ => tags::encode_tags(names, tags, self.half, &mut part.set),
            },
            (Kind::Numeric(_) | Kind::Ordinal(_) | Kind::Categorical(_) | Kind::Tags(_), _) => {}
        }
        if self.is_idle(learned) {
            part.clear();
        }
        Ok(())
    }

    /// Encodes the values of all participants.
    pub(super) fn encode_column(&self, column: &Column) -> Result<DictionaryColumn, DataError> {
        let learned = self.learned.as_ref();
        let codes: Vec<u32> = match (&self.kind, column) {
            (Kind::Tags(names), Column::Tags(column)) => {
                let mut sets = SetTable::default();
                let slots = names.slots(&column.names);
                let (mut set, mut rows) = (Vec::new(), Vec::new());
                for row in 0..column.len() {
                    match learned {
                        Some(GroupDistances::Tags(distances)) => {
                            tags::weigh_numbers(names, &slots, column.row(row), distances, &mut set);
                        }
                        _ => tags::encode_numbers(names, &slots, column.row(row), self.half, &mut set),
                    }
                    rows.push(sets.insert(&set)?);
                }
                return Ok(DictionaryColumn::of_sets(&sets, rows));
            }
            (Kind::Numeric(numeric), Column::Numeric(values)) => {
                let code = |&x: &f64| if x.is_nan() { 0 } else { self.number_code(learned, numeric, x) };
                values.iter().map(code).collect()
            }
            (Kind::Ordinal(ordinal), Column::Ordinal { codes, levels }) => {
                let ranks = (0..).take(levels.len()).map(|rank| self.rank_code(learned, ordinal, rank));
                look_up(codes, &std::iter::once(0).chain(ranks).collect::<Vec<_>>())
            }
            (Kind::Categorical(names), Column::Categorical { codes, names: all }) => {
                let slots = std::iter::once(0).chain(names.slots(all).into_iter().map(|slot| slot + 1));
                look_up(codes, &slots.collect::<Vec<_>>())
            }
            // A column is made for its attribute's kind.
            (Kind::Numeric(_) | Kind::Ordinal(_) | Kind::Categorical(_) | Kind::Tags(_), _) => Vec::new(),
        };
        Ok(DictionaryColumn::of_codes(if self.is_idle(learned) { vec![0; codes.len()] } else { codes }))
    }

    fn number_code(&self, learned: Option<&GroupDistances>, numeric: &Numeric, x: f64) -> u32 {
        match learned {
            Some(GroupDistances::Codes { bins, .. }) => 1 + learned::bin(bins, x),
            _ => numeric.encode(x, self.half),
        }
    }

    fn rank_code(&self, learned: Option<&GroupDistances>, ordinal: &Ordinal, rank: u32) -> u32 {
        if learned.is_some() { 1 + rank } else { ordinal.encode_rank(rank, self.half) }
    }

    /// Whether all values are at distance 0 from each other.
    fn is_idle(&self, learned: Option<&GroupDistances>) -> bool {
        learned.map_or(self.half == 0, |learned| learned.largest() == 0)
    }

    /// The groups into which this attribute divides the participants; `past` lists the past participants.
    pub(super) fn groups(&self, column: &Column, past: &[u32]) -> Result<Groups, DataError> {
        let groups = match (&self.kind, column) {
            (Kind::Tags(names), Column::Tags(column)) => {
                let slots = names.slots(&column.names);
                let mut of = TagsOf::default();
                for row in 0..column.len() {
                    let known = column.row(row).iter().map(|&tag| slots[tag as usize]);
                    of.push(known.filter(|&tag| tag != names.other()));
                }
                Groups::Tags { of, n: names.other() as usize }
            }
            (Kind::Numeric(_), Column::Numeric(values)) => {
                let mut known: Vec<f64> = past.iter().map(|&p| values[p as usize]).filter(|x| !x.is_nan()).collect();
                known.sort_unstable_by(f64::total_cmp);
                let bins = learned::bins(&known);
                let of = values.iter().map(|&x| if x.is_nan() { learned::BINS } else { learned::bin(&bins, x) });
                Groups::One { of: of.collect(), n: learned::BINS as usize + 1, ordered: learned::BINS as usize, bins }
            }
            (Kind::Ordinal(ordinal), Column::Ordinal { codes, .. }) => {
                let n = ordinal.n_levels();
                Groups::One { of: last_for_missing(codes.iter(), n), n: n + 1, ordered: n, bins: Vec::new() }
            }
            (Kind::Categorical(names), Column::Categorical { codes, names: all }) => {
                let slots = names.slots(all);
                let codes = codes.iter().map(|code| code.checked_sub(1).map_or(0, |name| 1 + slots[name as usize]));
                let n = names.width();
                Groups::One { of: last_for_missing(codes, n), n: n + 1, ordered: 0, bins: Vec::new() }
            }
            // A column is made for its attribute's kind.
            (Kind::Numeric(_) | Kind::Ordinal(_) | Kind::Categorical(_) | Kind::Tags(_), _) => {
                Groups::Tags { of: TagsOf::default(), n: 0 }
            }
        };
        match groups {
            Groups::One { n, .. } if n > learned::MOST_GROUPS => Err(DataError::TooManyGroups {
                attribute: self.name().to_owned(),
                groups: n,
                most: learned::MOST_GROUPS,
            }),
            groups => Ok(groups),
        }
    }

    pub(super) fn weight(&self) -> f64 {
        self.attribute.weight()
    }

    pub(crate) fn group_distances(&self) -> Option<&GroupDistances> {
        self.learned.as_ref()
    }

    pub(super) fn with_group_distances(mut self, learned: GroupDistances) -> Self {
        self.learned = Some(learned);
        self
    }

    /// An estimate of the largest distance between two values; 0 where the attribute does not count.
    pub(crate) fn largest_distance(&self) -> u64 {
        self.learned.as_ref().map_or_else(|| 2 * u64::from(self.half), GroupDistances::largest)
    }

    /// Writes the encoded value into its columns, which hold zeros.
    #[expect(clippy::cast_precision_loss, reason = "units are below 2^24, which f32 holds exactly")]
    pub(super) fn write(&self, part: &Part, columns: &mut [f32]) {
        match (&self.kind, part.code.checked_sub(1)) {
            (Kind::Numeric(_) | Kind::Ordinal(_), Some(code)) => {
                columns[0] = code as f32;
                columns[1] = (self.half - code) as f32;
            }
            (Kind::Categorical(names), Some(slot)) => columns[names.column(slot)] = self.half as f32,
            (Kind::Tags(names), _) => {
                for &(slot, units) in &part.set {
                    columns[names.column(slot)] = units as f32;
                }
            }
            (_, None) => {}
        }
    }

    /// The distance in units between two encoded values.
    pub(crate) fn distance(&self, a: &Part, b: &Part) -> u32 {
        match (&self.kind, &self.learned) {
            (Kind::Tags(_), _) => encoded_value::set_distance(&a.set, &b.set),
            (_, Some(learned)) => learned.of(a.code, b.code),
            (Kind::Numeric(_) | Kind::Ordinal(_), None) => encoded_value::line_distance(a.code, b.code, self.half),
            (Kind::Categorical(_), None) => encoded_value::category_distance(a.code, b.code, self.half),
        }
    }

    /// The distance in units from a value to one of a dictionary.
    pub(crate) fn distance_to(&self, from: &Part, to: &Values, number: usize) -> u32 {
        match (to, &self.learned) {
            (Values::Sets(sets), _) => encoded_value::set_distance(&from.set, sets.get(number)),
            (Values::Codes(codes), Some(learned)) => learned.of(from.code, codes[number]),
            (Values::Codes(codes), None) if self.is_line() => {
                encoded_value::line_distance(from.code, codes[number], self.half)
            }
            (Values::Codes(codes), None) => encoded_value::category_distance(from.code, codes[number], self.half),
        }
    }

    /// The distances in units from a value to all values of a dictionary.
    pub(crate) fn distances(&self, from: &Part, to: &Values, distances: &mut Vec<u32>) {
        distances.clear();
        distances.extend((0..to.len()).map(|number| self.distance_to(from, to, number)));
    }

    /// Whether distances of values can only be looked up in a table: those of sets, and of groups under the learned distance.
    pub(crate) fn has_any_table(&self, values: &Values) -> bool {
        self.learned.is_some() || matches!(values, Values::Sets(_))
    }

    /// Whether values lie on a line, so that their codes are positions.
    pub(crate) fn is_line(&self) -> bool {
        self.learned.is_none() && matches!(self.kind, Kind::Numeric(_) | Kind::Ordinal(_))
    }

    /// Whether some pairs of different values are nearer than others.
    pub(crate) fn is_graded(&self) -> bool {
        !matches!(self.kind, Kind::Categorical(_))
    }
}

/// The names that were not erased, in byte order.
fn in_byte_order(names: &Names) -> Vec<&str> {
    let mut known: Vec<&str> = names.iter().filter(|name| !name.is_empty()).collect();
    known.sort_unstable();
    known
}

/// Turns codes, where 0 is a missing value, into groups, where the last one, `n`, is a missing value.
fn last_for_missing(codes: impl Iterator<Item = u32>, n: usize) -> Vec<u32> {
    #[expect(clippy::cast_possible_truncation, reason = "a table holds fewer than 2^32 - 1 names")]
    codes.map(|code| code.checked_sub(1).unwrap_or(n as u32)).collect()
}

fn look_up(codes: &CodeColumn, table: &[u32]) -> Vec<u32> {
    codes.iter().map(|code| table[code as usize]).collect()
}
