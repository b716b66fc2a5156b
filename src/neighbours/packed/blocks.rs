//! The planes of rows.

#[cfg(feature = "rayon")]
use rayon::prelude::*;

use super::plan::{Plan, Rest, codes_of, each_number};
use super::{LANES, Plane};
use crate::encode::Profiles;
use crate::store::CodeColumn;

/// So many blocks or nodes are made by one thread at a time.
#[cfg(feature = "rayon")]
const MIN_TASK: usize = 64;

/// The planes of all blocks: those of lower bounds, and the rest.
pub(super) fn of(plan: &Plan, profiles: &Profiles) -> (Vec<Plane>, Vec<Plane>) {
    let n_blocks = profiles.n_rows().div_ceil(LANES);
    let tables = Tables::new(plan, profiles);
    let mut blocks = vec![Plane::ZERO; n_blocks * plan.n_planes];
    let mut rest = vec![Plane::ZERO; n_blocks * plan.n_rest];
    let rows = |block: usize| block * LANES..((block + 1) * LANES).min(profiles.n_rows());
    for_each(&mut blocks, plan.n_planes, |block, planes| tables.fill(plan, profiles, rows(block), planes));
    for_each(&mut rest, plan.n_rest, |block, planes| fill_rest(plan, profiles, rows(block), planes));
    (blocks, rest)
}

/// Calls `fill` with each number and the `n` planes of it, in any order.
pub(super) fn for_each(planes: &mut [Plane], n: usize, fill: impl Fn(usize, &mut [Plane]) + Sync + Send) {
    if n == 0 {
        return;
    }
    #[cfg(feature = "rayon")]
    planes.par_chunks_mut(n).with_min_len(MIN_TASK).enumerate().for_each(|(i, planes)| fill(i, planes));
    #[cfg(not(feature = "rayon"))]
    planes.chunks_mut(n).enumerate().for_each(|(i, planes)| fill(i, planes));
}

/// The byte of each value of each piece, but for categories, whose numbers are bytes as they are.
struct Tables {
    joints: Vec<Vec<Vec<u8>>>,
    positions: Vec<Vec<u8>>,
}

impl Tables {
    #[expect(clippy::cast_possible_truncation, reason = "a part of a number below 16")]
    fn new(plan: &Plan, profiles: &Profiles) -> Self {
        let columns = profiles.columns();
        let joints = plan.joints.iter().map(|joint| {
            let parts = joint.parts.iter().map(|part| {
                let values = columns[part.attribute].values();
                (0..values.len()).map(|number| part.of(values, number) as u8).collect()
            });
            parts.collect()
        });
        let positions = plan
            .positions
            .iter()
            .map(|position| codes_of(&columns[position.attribute]).iter().map(|&code| position.byte(code)).collect());
        Self { joints: joints.collect(), positions: positions.collect() }
    }

    fn fill(&self, plan: &Plan, profiles: &Profiles, rows: std::ops::Range<usize>, planes: &mut [Plane]) {
        let columns = profiles.columns();
        let codes = |attribute: usize| columns[attribute].codes();
        for (i, (joint, tables)) in plan.joints.iter().zip(&self.joints).enumerate() {
            let plane = &mut planes[i / 2];
            for (part, table) in joint.parts.iter().zip(tables) {
                each_number(codes(part.attribute), rows.clone(), |lane, number| {
                    plane.0[lane] += table[number] << (4 * (i % 2));
                });
            }
        }
        let mut planes = planes[plan.n_pairs()..].iter_mut();
        for (classed, plane) in plan.classed.iter().zip(&mut planes) {
            each_number(codes(classed.attribute), rows.clone(), |lane, number| {
                plane.0[lane] = classed.classes.class(number);
            });
        }
        for (category, plane) in plan.categories.iter().zip(&mut planes) {
            each_number(codes(category.attribute), rows.clone(), |lane, number| {
                plane.0[lane] = number.to_le_bytes()[0];
            });
        }
        for ((position, table), plane) in plan.positions.iter().zip(&self.positions).zip(&mut planes) {
            each_number(codes(position.attribute), rows.clone(), |lane, number| plane.0[lane] = table[number]);
        }
    }
}

fn fill_rest(plan: &Plan, profiles: &Profiles, rows: std::ops::Range<usize>, planes: &mut [Plane]) {
    let columns = profiles.columns();
    let mut put = |codes: &CodeColumn, rest: Rest, value: &dyn Fn(usize) -> usize| {
        each_number(codes, rows.clone(), |lane, number| {
            let bytes = value(number).to_le_bytes();
            for (plane, byte) in planes[rest.first..][..rest.n].iter_mut().zip(bytes) {
                plane.0[lane] = byte;
            }
        });
    };
    for classed in &plan.classed {
        put(columns[classed.attribute].codes(), classed.number, &|number| number);
    }
    for category in &plan.categories {
        put(columns[category.attribute].codes(), category.number, &|number| number);
    }
    for position in &plan.positions {
        let column = &columns[position.attribute];
        let mask = (1 << position.shift) - 1;
        put(column.codes(), position.low, &|number| (codes_of(column)[number].saturating_sub(1) & mask) as usize);
    }
    for ranged in &plan.ranged {
        let column = &columns[ranged.attribute];
        put(column.codes(), ranged.code, &|number| codes_of(column)[number] as usize);
    }
}
