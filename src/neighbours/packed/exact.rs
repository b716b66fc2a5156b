//! Exact distances of a few rows.

use super::plan::{JOINT, Rest};
use super::tables::Tables;
use super::{LANES, PackedIndex, Plane};

/// Adds a distance to that of each row.
#[inline(always)]
fn add(distances: &mut [u32], rows: &[u32], distance: impl Fn(u32) -> u32) {
    for (sum, &row) in distances.iter_mut().zip(rows) {
        *sum += distance(row);
    }
}

/// A plane of the index, one of the `n` of each block.
struct Bytes<'a> {
    planes: &'a [Plane],
    n: usize,
    plane: usize,
}

impl Bytes<'_> {
    #[inline(always)]
    #[expect(clippy::cast_possible_truncation, reason = "64")]
    fn of(&self, row: u32) -> u8 {
        self.planes[row as usize / LANES * self.n + self.plane].get(row % LANES as u32)
    }
}

impl PackedIndex {
    /// Puts the distance of each of these rows into `distances`, attribute by attribute.
    #[inline(always)]
    pub(super) fn distances(&self, tables: &Tables, rows: &[u32], distances: &mut Vec<u32>) {
        distances.clear();
        distances.resize(rows.len(), 0);
        let mut bytes = Bytes { planes: &self.blocks, n: self.plan.n_planes, plane: 0 };
        for pair in tables.joints.chunks(2) {
            let first = &pair[0].exact;
            let second = pair.get(1).map_or(&[0; JOINT], |table| &table.exact);
            add(
                distances,
                rows,
                #[inline(always)]
                |row| {
                    let byte = usize::from(bytes.of(row));
                    first[byte % JOINT] + second[byte / JOINT]
                },
            );
            bytes.plane += 1;
        }
        bytes.plane += self.plan.classed.len();
        for (table, piece) in tables.classed.iter().zip(&self.plan.classed) {
            let values = self.profiles.columns()[piece.attribute].values();
            self.add_by_number(piece.number, distances, rows, |number, _| table.distance(values, number));
        }
        for (test, piece) in tables.categories.iter().zip(&self.plan.categories) {
            let has_missing = piece.has_missing;
            if piece.number.n == 0 {
                add(
                    distances,
                    rows,
                    #[inline(always)]
                    |row| test.distance(bytes.of(row).into(), has_missing),
                );
            } else {
                self.add_by_number(piece.number, distances, rows, |number, _| test.distance(number, has_missing));
            }
            bytes.plane += 1;
        }
        for (test, piece) in tables.positions.iter().zip(&self.plan.positions) {
            if let Some(unique) = &piece.unique {
                add(
                    distances,
                    rows,
                    #[inline(always)]
                    |row| test.distance(unique[usize::from(bytes.of(row))]),
                );
            } else {
                self.add_by_number(
                    piece.low,
                    distances,
                    rows,
                    #[inline(always)]
                    |low, row| {
                        let steps = u32::from(bytes.of(row)).checked_sub(1);
                        test.distance(steps.map_or(0, |steps| (steps << piece.shift | low) + 1))
                    },
                );
            }
            bytes.plane += 1;
        }
        for (test, piece) in tables.ranged.iter().zip(&self.plan.ranged) {
            self.add_by_number(piece.code, distances, rows, |code, _| test.distance(code));
        }
    }

    /// Adds to the distance of each row that of the number which these planes of the rest hold.
    #[inline(always)]
    fn add_by_number(&self, rest: Rest, distances: &mut [u32], rows: &[u32], distance: impl Fn(u32, u32) -> u32) {
        let bytes = |i: usize| Bytes { planes: &self.rest, n: self.plan.n_rest, plane: rest.first + i };
        let (first, second) = (bytes(0), bytes(1));
        if rest.n == 1 {
            add(
                distances,
                rows,
                #[inline(always)]
                |row| distance(first.of(row).into(), row),
            );
        } else {
            add(
                distances,
                rows,
                #[inline(always)]
                |row| {
                    let two = u32::from(u16::from_le_bytes([first.of(row), second.of(row)]));
                    let others = (2..rest.n).fold(0, |sum, i| sum | u32::from(bytes(i).of(row)) << (8 * i));
                    distance(two | others, row)
                },
            );
        }
    }
}
