//! Exact distances of a few rows.

use super::plan::{JOINT, Rest};
use super::tables::Tables;
use super::{LANES, PackedIndex};

/// The planes that hold a number, and a row's place in them.
struct Number<'a> {
    index: &'a PackedIndex,
    rest: Rest,
}

impl Number<'_> {
    #[inline(always)]
    fn of(&self, row: u32) -> usize {
        let lane = row % LANES as u32;
        let planes = &self.index.rest(row / LANES as u32)[self.rest.first..][..self.rest.n];
        planes.iter().rev().fold(0, |number, plane| number << 8 | usize::from(plane.get(lane)))
    }
}

impl PackedIndex {
    /// Puts the distance of each of these rows into `distances`, attribute by attribute.
    #[inline(always)]
    #[expect(clippy::cast_possible_truncation, reason = "codes are u32")]
    pub(super) fn distances(&self, tables: &Tables, rows: &[u32], distances: &mut Vec<u32>) {
        let byte = |plane: usize, row: u32| self.block(row / LANES as u32)[plane].get(row % LANES as u32);
        let number = |rest: Rest| Number { index: self, rest };
        distances.clear();
        distances.resize(rows.len(), 0);
        let mut add = |distance: &mut dyn FnMut(u32) -> u32| {
            for (sum, &row) in distances.iter_mut().zip(rows) {
                *sum += distance(row);
            }
        };
        let mut plane = 0;
        for pair in tables.joints.chunks(2) {
            let first = &pair[0].exact;
            let second = pair.get(1).map_or(&[0; JOINT], |table| &table.exact);
            add(&mut |row| {
                let byte = usize::from(byte(plane, row));
                first[byte % JOINT] + second[byte / JOINT]
            });
            plane += 1;
        }
        plane += self.plan.classed.len();
        for (table, piece) in tables.classed.iter().zip(&self.plan.classed) {
            let number = number(piece.number);
            add(&mut |row| table.all[number.of(row)]);
        }
        for (test, piece) in tables.categories.iter().zip(&self.plan.categories) {
            let has_missing = piece.has_missing;
            if piece.number.n == 0 {
                add(&mut |row| test.distance(byte(plane, row).into(), has_missing));
            } else {
                let number = number(piece.number);
                add(&mut |row| test.distance(number.of(row), has_missing));
            }
            plane += 1;
        }
        for (test, piece) in tables.positions.iter().zip(&self.plan.positions) {
            if let Some(unique) = &piece.unique {
                add(&mut |row| test.distance(unique[usize::from(byte(plane, row))]));
            } else {
                let low = number(piece.low);
                add(&mut |row| {
                    let steps = u32::from(byte(plane, row)).checked_sub(1);
                    test.distance(steps.map_or(0, |steps| (steps << piece.shift | low.of(row) as u32) + 1))
                });
            }
            plane += 1;
        }
        for (test, piece) in tables.ranged.iter().zip(&self.plan.ranged) {
            let code = number(piece.code);
            add(&mut |row| test.distance(code.of(row) as u32));
        }
    }
}
