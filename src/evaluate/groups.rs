//! Participants by the values of one attribute.

use super::EvaluateError;
use crate::domain::{Attribute, Column, Participants};

/// Numbers with more distinct values than this are cut into bands.
const MOST_VALUES: usize = 10;
/// So many bands of about the same number of participants.
const BANDS: usize = 5;

/// The values of one attribute, in order: levels from the lowest, names by their bytes, numbers ascending, missing last.
#[derive(Debug)]
pub(super) struct Grouping<'p> {
    attribute: &'p str,
    column: &'p Column,
    labels: Vec<String>,
    /// What a code of the column means: a place among the labels. Of numbers, the upper ends of the bands.
    places: Vec<u32>,
    ends: Vec<f64>,
}

impl<'p> Grouping<'p> {
    /// Groups by the attribute of this name, as the participants `from` have it.
    pub(super) fn new(participants: &'p Participants, name: &str, from: &[u32]) -> Result<Self, EvaluateError> {
        let named = |a: &&(&Attribute, &Column)| a.0.name() == name;
        let all: Vec<_> = participants.schema().attributes().iter().zip(participants.columns()).collect();
        let unknown = || EvaluateError::UnknownAttribute { attribute: name.to_owned() };
        let &(attribute, column) = all.iter().find(named).ok_or_else(unknown)?;
        let mut grouping =
            Self { attribute: attribute.name(), column, labels: Vec::new(), places: Vec::new(), ends: Vec::new() };
        match column {
            Column::Numeric(values) => grouping.cut(from.iter().map(|&p| values[p as usize])),
            Column::Ordinal { levels, .. } => grouping.name(levels.iter(), false),
            Column::Categorical { names, .. } => grouping.name(names.iter(), true),
            Column::Tags(tags) => grouping.name(tags.names.iter(), true),
        }
        grouping.labels.push("(missing)".to_owned());
        Ok(grouping)
    }

    pub(super) fn attribute(&self) -> &'p str {
        self.attribute
    }

    pub(super) fn labels(&self) -> &[String] {
        &self.labels
    }

    /// The places among the labels of a participant's values: one, or several of tags.
    pub(super) fn of(&self, participant: u32) -> Vec<u32> {
        let row = participant as usize;
        let missing = u32::try_from(self.places.len().max(self.ends.len())).unwrap_or(u32::MAX);
        let place = |code: u32| self.places.get(code as usize).copied().unwrap_or(missing);
        match self.column {
            Column::Numeric(values) if values[row].is_nan() => vec![missing],
            Column::Numeric(values) => {
                let band = self.ends.partition_point(|&end| end < values[row]);
                // What is beyond the last band belongs to it.
                vec![u32::try_from(band.min(self.ends.len().saturating_sub(1))).unwrap_or(missing)]
            }
            Column::Ordinal { codes, .. } | Column::Categorical { codes, .. } => {
                vec![codes.get(row).checked_sub(1).map_or(missing, place)]
            }
            Column::Tags(tags) if tags.row(row).is_empty() => vec![missing],
            Column::Tags(tags) => tags.row(row).iter().map(|&code| place(code)).collect(),
        }
    }

    fn name<'n>(&mut self, names: impl Iterator<Item = &'n str>, by_bytes: bool) {
        let mut ordered: Vec<(&str, u32)> = names.zip(0..).collect();
        if by_bytes {
            ordered.sort_unstable();
        }
        self.places = vec![0; ordered.len()];
        for (&(name, code), place) in ordered.iter().zip(0..) {
            self.places[code as usize] = place;
            self.labels.push(name.to_owned());
        }
    }

    fn cut(&mut self, values: impl Iterator<Item = f64>) {
        let mut values: Vec<f64> = values.filter(|x| !x.is_nan()).collect();
        values.sort_unstable_by(f64::total_cmp);
        let mut distinct = values.clone();
        distinct.dedup();
        self.ends = if distinct.len() <= MOST_VALUES {
            distinct.clone()
        } else {
            (1..=BANDS).map(|band| values[(values.len() * band).div_ceil(BANDS) - 1]).collect()
        };
        self.ends.dedup();
        let mut rest = distinct.as_slice();
        for &end in &self.ends {
            let (band, after) = rest.split_at(rest.partition_point(|&x| x <= end));
            rest = after;
            let lowest = band.first().copied().unwrap_or(end);
            self.labels.push(if band.len() > 1 { format!("{lowest} to {end}") } else { end.to_string() });
        }
    }
}

/// Who has a value that few past participants of the training part have.
#[derive(Debug)]
pub(super) struct Rare<'g> {
    pub(super) groupings: &'g [Grouping<'g>],
    /// Fewer than so many are few: so many are asked for as neighbours.
    pub(super) few: u64,
}

impl Rare<'_> {
    /// For each attribute and value, whether few of these participants have it. Where all of them together are few, and where a
    /// value is missing, nothing is rare.
    pub(super) fn few_members(&self, past: &[u32]) -> Vec<Vec<bool>> {
        let all_are_few = past.len() as u64 <= self.few;
        let few = |grouping: &Grouping<'_>| {
            let mut members = vec![0_u64; grouping.labels.len()];
            past.iter().flat_map(|&p| grouping.of(p)).for_each(|place| members[place as usize] += 1);
            let mut few: Vec<bool> = members.into_iter().map(|n| !all_are_few && n < self.few).collect();
            few.last_mut().into_iter().for_each(|missing| *missing = false);
            few
        };
        self.groupings.iter().map(few).collect()
    }

    /// The attributes of which this participant has a value that is rare.
    pub(super) fn of(&self, participant: u32, few: &[Vec<bool>]) -> Vec<usize> {
        let is_rare = |&at: &usize| self.groupings[at].of(participant).iter().any(|&place| few[at][place as usize]);
        (0..self.groupings.len()).filter(is_rare).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{Profile, Schema};

    fn participants() -> Participants {
        let schema = Schema::new().numeric("age").ordinal("level", ["low", "high"]).categorical("town").tags("likes");
        let mut participants = Participants::new(schema).unwrap();
        for age in 0..20 {
            let town = if age % 2 == 0 { "b" } else { "a" };
            let profile =
                Profile::new().with("age", age).with("level", "high").with("town", town).with("likes", ["y", "x"]);
            participants.add(&age.to_string(), &profile).unwrap();
        }
        participants.add("nobody", &Profile::new()).unwrap();
        participants
    }

    #[test]
    fn values_come_in_order_and_missing_ones_last() {
        let participants = participants();
        let all: Vec<u32> = (0..21).collect();
        let group = |name| Grouping::new(&participants, name, &all).unwrap();
        assert_eq!(group("level").labels(), ["low", "high", "(missing)"]);
        assert_eq!(group("town").labels(), ["a", "b", "(missing)"]);
        assert_eq!([0, 1, 20].map(|p| group("town").of(p)), [[1], [0], [2]]);
        assert_eq!((group("likes").of(3), group("likes").of(20)), (vec![1, 0], vec![2]));
        assert!(Grouping::new(&participants, "height", &all).is_err());
    }

    #[test]
    fn numbers_are_cut_into_fifths_and_what_lies_beyond_belongs_to_the_last() {
        let participants = participants();
        let group = Grouping::new(&participants, "age", &(0..15).collect::<Vec<_>>()).unwrap();
        assert_eq!(group.labels(), ["0 to 2", "3 to 5", "6 to 8", "9 to 11", "12 to 14", "(missing)"]);
        assert_eq!([0, 2, 3, 14, 19, 20].map(|p| group.of(p)), [[0], [0], [1], [4], [4], [5]]);
        let few = Grouping::new(&participants, "age", &[3, 4]).unwrap();
        assert_eq!(few.labels(), ["3", "4", "(missing)"]);
    }
}
