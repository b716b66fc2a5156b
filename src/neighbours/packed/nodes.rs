//! The planes of nodes: what occurs below each child, in two bytes for each piece.
//!
//! Of joint numbers and of groups of classes these are a bit for each of 16; of categories, two bits that tell most of them
//! apart; of positions, the least and the largest.

use super::blocks::for_each;
use super::plan::Plan;
use super::{LANES, Plane, first_lanes};
use crate::encode::classes::IN_GROUP;

/// The planes of all nodes: first of those over blocks, last of the root alone.
pub(super) fn levels(plan: &Plan, blocks: &[Plane], n_rows: usize) -> Vec<Vec<Plane>> {
    let n_blocks = n_rows.div_ceil(LANES);
    let empty = empty(plan);
    let digits = digits(plan);
    let mut first = empty.repeat(n_blocks.div_ceil(LANES).max(1));
    for_each(&mut first, plan.n_summary, |node, planes| {
        let below = (node * LANES..n_blocks).take(LANES);
        let mut summary = vec![[0; 2]; plan.n_summary / 2];
        for (lane, block) in below.enumerate() {
            let rows = first_lanes(n_rows - block * LANES).count_ones() as usize;
            summarise(plan, &digits, &blocks[block * plan.n_planes..][..plan.n_planes], rows, &mut summary);
            for (plane, &byte) in planes.iter_mut().zip(summary.as_flattened()) {
                plane.0[lane] = byte;
            }
        }
    });
    let mut levels = vec![first];
    loop {
        let below = &levels[levels.len() - 1];
        let n_nodes = below.len() / plan.n_summary;
        if n_nodes == 1 {
            return levels;
        }
        let mut level = empty.repeat(n_nodes.div_ceil(LANES));
        for_each(&mut level, plan.n_summary, |node, planes| {
            for (lane, child) in below.chunks(plan.n_summary).skip(node * LANES).take(LANES).enumerate() {
                for (i, (plane, of_child)) in planes.iter_mut().zip(child).enumerate() {
                    let bytes = of_child.0.iter().copied();
                    plane.0[lane] = if i < plan.n_bits() {
                        bytes.fold(0, |a, b| a | b)
                    } else if i % 2 == 0 {
                        bytes.fold(u8::MAX, u8::min)
                    } else {
                        bytes.fold(0, u8::max)
                    };
                }
            }
        });
        levels.push(level);
    }
}

/// A node without children.
fn empty(plan: &Plan) -> Vec<Plane> {
    let byte = |i| if i >= plan.n_bits() && i % 2 == 0 { u8::MAX } else { 0 };
    (0..plan.n_summary).map(|i| Plane([byte(i); LANES])).collect()
}

/// For each category the bits of each byte, which stands for all numbers that end in it.
fn digits(plan: &Plan) -> Vec<Vec<[u8; 2]>> {
    let of = |category: &super::plan::Category| {
        let mut digits = vec![[0; 2]; 1 << 8];
        for number in 0..category.n_values {
            let (a, b) = category.digits(number);
            let [first, second] = &mut digits[number % (1 << 8)];
            *first |= a;
            *second |= b;
        }
        digits
    };
    plan.categories.iter().map(of).collect()
}

/// Sums up the rows of a block, the first `rows` lanes.
fn summarise(plan: &Plan, digits: &[Vec<[u8; 2]>], block: &[Plane], rows: usize, summary: &mut [[u8; 2]]) {
    let (joints, summary) = summary.split_at_mut(plan.joints.len());
    let (classed, summary) = summary.split_at_mut(plan.classed.len());
    let (categories, positions) = summary.split_at_mut(plan.categories.len());
    let (pairs, block) = block.split_at(plan.n_pairs());
    for (i, bits) in joints.iter_mut().enumerate() {
        let numbers = pairs[i / 2].0[..rows].iter().map(|byte| byte >> (4 * (i % 2)) & 15);
        *bits = numbers.fold(0_u16, |bits, number| bits | 1 << number).to_le_bytes();
    }
    let mut planes = block.iter().map(|plane| &plane.0[..rows]);
    for (bits, plane) in classed.iter_mut().zip(&mut planes) {
        let groups = plane.iter().map(|&class| usize::from(class) / IN_GROUP);
        *bits = groups.fold(0_u16, |bits, group| bits | 1 << group).to_le_bytes();
    }
    for ((bits, digits), plane) in categories.iter_mut().zip(digits).zip(&mut planes) {
        *bits = plane.iter().map(|&byte| digits[usize::from(byte)]).fold([0; 2], |a, b| [a[0] | b[0], a[1] | b[1]]);
    }
    for (ends, plane) in positions.iter_mut().zip(&mut planes) {
        *ends = plane.iter().fold([u8::MAX, 0], |ends, &byte| [byte.min(ends[0]), byte.max(ends[1])]);
    }
}
