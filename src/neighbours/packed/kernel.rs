//! Lower bounds of 64 rows, or of 64 children of a node.

use super::Plane;
use super::bytes::Bytes;
use super::plan::Plan;
use super::scaled::{PositionBytes, Scaled};

/// Lower bounds of the rows of some blocks, which share what is loaded from the tables.
#[inline(always)]
pub(super) fn rows<B: Bytes, const N: usize>(b: B, scaled: &Scaled, mut blocks: [&[Plane]; N]) -> [B::Lanes; N] {
    let mut sums = [b.zero(); N];
    // All blocks have as many planes; saying so spares checks.
    let n = blocks[0].len();
    for block in &mut blocks {
        *block = &block[..n];
    }
    let mut at = 0;
    for [first, second] in &scaled.pairs {
        for (sum, block) in sums.iter_mut().zip(&blocks) {
            let bytes = b.load(&block[at]);
            *sum = b.add(*sum, b.add(b.low(first, bytes), b.high(second, bytes)));
        }
        at += 1;
    }
    for table in &scaled.classed {
        for (sum, block) in sums.iter_mut().zip(&blocks) {
            *sum = b.add(*sum, b.look_up(table, b.load(&block[at])));
        }
        at += 1;
    }
    for test in &scaled.categories {
        let (byte, differs, nearer) = (b.load(&test.byte), b.load(&test.differs), b.load(&test.nearer));
        for (sum, block) in sums.iter_mut().zip(&blocks) {
            let bytes = b.load(&block[at]);
            let mut distance = b.sub(differs, b.where_equal(bytes, byte, nearer));
            if let Some(missing) = &test.missing_nearer {
                distance = b.sub(distance, b.where_equal(bytes, b.zero(), b.load(missing)));
            }
            *sum = b.add(*sum, distance);
        }
        at += 1;
    }
    for test in &scaled.positions {
        for (sum, block) in sums.iter_mut().zip(&blocks) {
            *sum = b.add(*sum, position(b, test, b.load(&block[at])));
        }
        at += 1;
    }
    sums
}

#[inline(always)]
fn position<B: Bytes>(b: B, test: &PositionBytes, bytes: B::Lanes) -> B::Lanes {
    let half = b.load(&test.half);
    if test.is_missing {
        return b.if_zero(bytes, b.zero(), half);
    }
    let query = b.load(&test.byte);
    let distance = scaled(b, test, b.or(b.sub(bytes, query), b.sub(query, bytes)));
    if test.has_missing { b.if_zero(bytes, half, distance) } else { distance }
}

/// Steps of a byte, of which the first says nothing, as bytes of a distance.
#[inline(always)]
fn scaled<B: Bytes>(b: B, test: &PositionBytes, steps: B::Lanes) -> B::Lanes {
    let steps = b.sub(steps, b.load(&Plane::ONE));
    if test.left == 0 { b.shift_right(steps, test.right) } else { b.shift_left(steps, test.left) }
}

/// Lower bounds of the children of a node.
#[inline(always)]
pub(super) fn children<B: Bytes>(b: B, plan: &Plan, scaled: &Scaled, node: &[Plane]) -> B::Lanes {
    let (bits, ends) = node.split_at(plan.n_bits());
    let (sets, categories) = bits.split_at(2 * scaled.sets.len());
    let (mut sum, mut other) = (b.zero(), b.zero());
    for ([t0, t1, t2, t3], pair) in scaled.sets.iter().zip(sets.as_chunks::<2>().0) {
        let (first, second) = (b.load(&pair[0]), b.load(&pair[1]));
        let low = b.min(b.low(t0, first), b.high(t1, first));
        sum = b.add(sum, b.min(low, b.min(b.low(t2, second), b.high(t3, second))));
    }
    for (test, pair) in scaled.categories.iter().zip(categories.as_chunks::<2>().0) {
        let (first, second) = (b.load(&pair[0]), b.load(&pair[1]));
        let (a, c) = (b.load(&test.digits[0]), b.load(&test.digits[1]));
        let nearer = b.where_common(first, a, b.where_common(second, c, b.load(&test.nearer)));
        let mut distance = b.sub(b.load(&test.differs), nearer);
        if let Some(missing) = &test.missing_nearer {
            let digit = b.load(&test.missing_digit);
            distance = b.sub(distance, b.where_common(first, digit, b.load(missing)));
        }
        other = b.add(other, distance);
    }
    for (test, pair) in scaled.positions.iter().zip(ends.as_chunks::<2>().0) {
        let (least, most) = (b.load(&pair[0]), b.load(&pair[1]));
        sum = b.add(sum, range(b, test, least, most));
    }
    b.add(sum, other)
}

/// The distance to the nearest of a range of positions, which may begin with a missing value.
#[inline(always)]
fn range<B: Bytes>(b: B, test: &PositionBytes, least: B::Lanes, most: B::Lanes) -> B::Lanes {
    let half = b.load(&test.half);
    if test.is_missing {
        return b.if_zero(least, b.zero(), half);
    }
    let query = b.load(&test.byte);
    let distance = scaled(b, test, b.or(b.sub(least, query), b.sub(query, most)));
    if !test.has_missing {
        return distance;
    }
    let some = b.if_zero(least, b.min(distance, half), distance);
    b.if_zero(most, half, some)
}
