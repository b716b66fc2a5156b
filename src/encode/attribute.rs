//! One fitted attribute: the one place that knows all kinds.

use std::sync::Arc;

use super::categorical::Names;
use super::dictionary::{DictionaryColumn, SetTable, Values};
use super::numeric::Numeric;
use super::ordinal::Ordinal;
use super::part::{self, Part};
use super::tags;
use crate::domain::{Attribute, AttributeKind, Codes, Column, DataError, IdTable, ProfileError, Reading, Scale};

/// An attribute with what was learned from the past participants.
#[derive(Debug, Clone)]
pub(crate) struct FittedAttribute {
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
    /// The names that it knows, in byte order.
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
        Ok(Self { attribute: attribute.clone(), kind, half })
    }

    /// What it has learned.
    pub(super) fn learned(&self) -> Learned {
        match &self.kind {
            Kind::Numeric(Numeric::Linear { lo, hi }) => Learned::Range(*lo, *hi),
            Kind::Numeric(Numeric::Rank(values)) => Learned::Values(values.to_vec()),
            Kind::Ordinal(_) => Learned::Nothing,
            Kind::Categorical(names) | Kind::Tags(names) => Learned::Names(names.iter().map(str::to_owned).collect()),
        }
    }

    /// As if it had learned this. `None` when it cannot have.
    pub(super) fn from_learned(attribute: &Attribute, learned: Learned, half: u32) -> Option<Self> {
        let kind = match (attribute.kind(), learned) {
            (AttributeKind::Numeric(_), Learned::Range(lo, hi)) => Kind::Numeric(Numeric::Linear { lo, hi }),
            (AttributeKind::Numeric(_), Learned::Values(values)) => Kind::Numeric(Numeric::Rank(Arc::new(values))),
            (AttributeKind::Ordinal(levels), Learned::Nothing) => {
                Kind::Ordinal(Ordinal::fit(&IdTable::of_distinct(levels.iter().map(String::as_str))?))
            }
            (AttributeKind::Categorical, Learned::Names(names)) => Kind::Categorical(Names::of_distinct(&names)?),
            (AttributeKind::Tags, Learned::Names(names)) => Kind::Tags(Names::of_distinct(&names)?),
            _ => return None,
        };
        Some(Self { attribute: attribute.clone(), kind, half })
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

    /// Whether this is a category or tag that it has not learned, or has forgotten.
    pub(super) fn is_unseen(&self, name: &str) -> bool {
        matches!(&self.kind, Kind::Categorical(names) | Kind::Tags(names) if !names.knows(name))
    }

    /// Forgets a name, which is then encoded as one of the others.
    pub(super) fn erase(&mut self, name: &str) {
        if let Kind::Categorical(names) | Kind::Tags(names) = &mut self.kind {
            names.erase(name);
        }
    }

    /// The same distances and columns, without any text of a participant: it can no longer encode.
    pub(super) fn without_texts(&self) -> Self {
        let kind = match &self.kind {
            Kind::Categorical(names) => Kind::Categorical(names.without_texts()),
            Kind::Tags(names) => Kind::Tags(names.without_texts()),
            other @ (Kind::Numeric(_) | Kind::Ordinal(_)) => other.clone(),
        };
        Self { attribute: self.attribute.clone(), kind, half: self.half }
    }

    /// Whether it knows a category or tag.
    pub(crate) fn knows(&self, name: &str) -> bool {
        matches!(&self.kind, Kind::Categorical(names) | Kind::Tags(names) if names.knows(name))
    }

    /// Encodes a caller's value.
    pub(super) fn encode(&self, value: Reading<'_>, part: &mut Part) -> Result<(), ProfileError> {
        part.clear();
        match (&self.kind, value) {
            (Kind::Numeric(numeric), Reading::Number(x)) => part.code = numeric.encode(x, self.half),
            (Kind::Ordinal(ordinal), Reading::Text(level)) => {
                let code = ordinal.encode(level, self.half);
                part.code = code.ok_or_else(|| self.attribute.unknown_level(level))?;
            }
            (Kind::Categorical(names), Reading::Text(name)) => part.code = 1 + names.slot(name),
            (Kind::Tags(names), Reading::Tags(tags)) => tags::encode_tags(names, tags, self.half, &mut part.set),
            (Kind::Numeric(_) | Kind::Ordinal(_) | Kind::Categorical(_) | Kind::Tags(_), _) => {}
        }
        if self.half == 0 {
            part.clear();
        }
        Ok(())
    }

    /// Encodes the values of all participants.
    pub(super) fn encode_column(&self, column: &Column) -> Result<DictionaryColumn, DataError> {
        let half = self.half;
        let codes: Vec<u32> = match (&self.kind, column) {
            (Kind::Tags(names), Column::Tags(column)) => {
                let mut sets = SetTable::default();
                let slots = names.slots(&column.names);
                let (mut set, mut rows) = (Vec::new(), Vec::new());
                for row in 0..column.len() {
                    tags::encode_numbers(names, &slots, column.row(row), half, &mut set);
                    rows.push(sets.insert(&set)?);
                }
                return Ok(DictionaryColumn::of_sets(&sets, rows));
            }
            (Kind::Numeric(numeric), Column::Numeric(values)) => {
                values.iter().map(|&x| if x.is_nan() { 0 } else { numeric.encode(x, half) }).collect()
            }
            (Kind::Ordinal(ordinal), Column::Ordinal { codes, levels }) => {
                let ranks = std::iter::once(0).chain((0..).take(levels.len()).map(|r| ordinal.encode_rank(r, half)));
                look_up(codes, &ranks.collect::<Vec<_>>())
            }
            (Kind::Categorical(names), Column::Categorical { codes, names: all }) => {
                let slots = std::iter::once(0).chain(names.slots(all).into_iter().map(|slot| slot + 1));
                look_up(codes, &slots.collect::<Vec<_>>())
            }
            // A column is made for its attribute's kind.
            (Kind::Numeric(_) | Kind::Ordinal(_) | Kind::Categorical(_) | Kind::Tags(_), _) => Vec::new(),
        };
        Ok(DictionaryColumn::of_codes(if half == 0 { vec![0; codes.len()] } else { codes }))
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
        match &self.kind {
            Kind::Numeric(_) | Kind::Ordinal(_) => part::line_distance(a.code, b.code, self.half),
            Kind::Categorical(_) => part::category_distance(a.code, b.code, self.half),
            Kind::Tags(_) => part::set_distance(&a.set, &b.set),
        }
    }

    /// The distance in units from a value to one of a dictionary.
    pub(crate) fn distance_to(&self, from: &Part, to: &Values, number: usize) -> u32 {
        match to {
            Values::Codes(codes) if self.is_line() => part::line_distance(from.code, codes[number], self.half),
            Values::Codes(codes) => part::category_distance(from.code, codes[number], self.half),
            Values::Sets(sets) => part::set_distance(&from.set, sets.get(number)),
        }
    }

    /// The distances in units from a value to all values of a dictionary.
    pub(crate) fn distances(&self, from: &Part, to: &Values, distances: &mut Vec<u32>) {
        distances.clear();
        distances.extend((0..to.len()).map(|number| self.distance_to(from, to, number)));
    }

    /// Whether values lie on a line, so that their codes are positions.
    pub(crate) fn is_line(&self) -> bool {
        matches!(self.kind, Kind::Numeric(_) | Kind::Ordinal(_))
    }

    /// Whether two different values may be more or less alike.
    pub(crate) fn is_graded(&self) -> bool {
        !matches!(self.kind, Kind::Categorical(_))
    }
}

fn look_up(codes: &Codes, table: &[u32]) -> Vec<u32> {
    codes.iter().map(|code| table[code as usize]).collect()
}
