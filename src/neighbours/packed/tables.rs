//! The distances of one query, attribute by attribute.

use super::tree::Tree;
use crate::encode::{Codes, EncodedProfile, FittedAttribute, Level, Part, Profiles, Values};
use crate::neighbours::scan::add;

/// Values of longer dictionaries are compared when a row needs it, as a table of all would be mostly for nothing.
const MAX_TABLE: usize = 4096;

/// Tables that a query fills, in memory that the next one reuses.
#[derive(Debug, Clone, Default)]
pub(super) struct Tables {
    /// For each attribute, the distance of each value's number, where there are not too many.
    values: Vec<Vec<u32>>,
    /// For each level of the tree, the least distance of each coarse code.
    pub(super) levels: Vec<Vec<u32>>,
    /// Attributes whose distance the tree's levels do not tell exactly.
    rest: Vec<usize>,
}

impl Tables {
    pub(super) fn fill(&mut self, profiles: &Profiles, tree: &Tree, query: &EncodedProfile) {
        let attributes = profiles.encoder().attributes();
        self.values.resize_with(attributes.len(), Vec::new);
        for (i, table) in self.values.iter_mut().enumerate() {
            let values = profiles.columns()[i].values();
            table.clear();
            if values.len() <= MAX_TABLE {
                attributes[i].distances(&query.parts[i], values, table);
            }
        }
        self.levels.resize_with(tree.levels.len(), Vec::new);
        self.rest.clear();
        self.rest.extend(0..attributes.len());
        for (nodes, table) in tree.levels.iter().zip(&mut self.levels) {
            let level = &profiles.levels()[nodes.level];
            let i = level.attribute;
            table.clear();
            if let Some(coarse) = &level.coarse {
                least(&attributes[i], &query.parts[i], profiles.columns()[i].values(), coarse, level, table);
            } else {
                table.extend_from_slice(&self.values[i]);
                self.rest.retain(|&attribute| attribute != i);
            }
        }
        // Attributes without weight add nothing.
        self.rest.retain(|&attribute| attributes[attribute].largest_distance() > 0);
    }

    /// Adds to `distances` of the rows from `first` on what the tree's levels do not tell.
    pub(super) fn add_rest(&self, profiles: &Profiles, query: &EncodedProfile, first: usize, distances: &mut [u32]) {
        for &i in &self.rest {
            let column = &profiles.columns()[i];
            let rows = first..first + distances.len();
            let table = &self.values[i];
            if table.is_empty() {
                let attribute = &profiles.encoder().attributes()[i];
                for (distance, row) in distances.iter_mut().zip(rows) {
                    let number = column.codes().get(row) as usize;
                    *distance += attribute.distance_to(&query.parts[i], column.values(), number);
                }
            } else {
                match column.codes() {
                    Codes::U8(codes) => add(distances, table, &codes[rows]),
                    Codes::U16(codes) => add(distances, table, &codes[rows]),
                    Codes::U32(codes) => add(distances, table, &codes[rows]),
                }
            }
        }
    }
}

/// The least distance to any value of each range. On a line that is the distance to an end of it, or none where the query
/// lies between; a range that starts with the missing value holds nothing else.
fn least(
    attribute: &FittedAttribute,
    query: &Part,
    values: &Values,
    coarse: &[u16],
    level: &Level,
    table: &mut Vec<u32>,
) {
    let Values::Codes(codes) = values else { return };
    table.resize(level.n_coarse, 0);
    let mut start = 0;
    for range in coarse.chunk_by(|a, b| a == b) {
        let (first, last) = (start, start + range.len() - 1);
        let within = codes[first] <= query.code && query.code <= codes[last] && query.code > 0;
        let ends = [first, last].map(|number| attribute.distance_to(query, values, number));
        table[usize::from(range[0])] = if within { 0 } else { ends[0].min(ends[1]) };
        start += range.len();
    }
}
