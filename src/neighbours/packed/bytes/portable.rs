//! Any processor: loops over arrays, without branches, for the compiler to make vector instructions of.

use super::super::{LANES, Plane};
use super::{Bytes, TABLES};

#[derive(Debug, Clone, Copy)]
pub(in super::super) struct Portable;

type Array = [u8; LANES];

#[inline(always)]
fn each(a: Array, b: Array, f: impl Fn(u8, u8) -> u8) -> Array {
    let mut all = [0; LANES];
    for ((byte, &a), &b) in all.iter_mut().zip(&a).zip(&b) {
        *byte = f(a, b);
    }
    all
}

/// All bits where it holds, and none elsewhere.
#[inline(always)]
fn mask(holds: bool) -> u8 {
    u8::from(holds).wrapping_neg()
}

impl Bytes for Portable {
    type Lanes = Array;

    #[inline(always)]
    fn load(self, plane: &Plane) -> Array {
        plane.0
    }

    #[inline(always)]
    fn store(self, lanes: Array) -> Plane {
        Plane(lanes)
    }

    #[inline(always)]
    fn zero(self) -> Array {
        [0; LANES]
    }

    #[inline(always)]
    fn add(self, a: Array, b: Array) -> Array {
        each(a, b, u8::saturating_add)
    }

    #[inline(always)]
    fn sub(self, a: Array, b: Array) -> Array {
        each(a, b, u8::saturating_sub)
    }

    #[inline(always)]
    fn min(self, a: Array, b: Array) -> Array {
        each(a, b, u8::min)
    }

    #[inline(always)]
    fn or(self, a: Array, b: Array) -> Array {
        each(a, b, |a, b| a | b)
    }

    #[inline(always)]
    fn where_equal(self, a: Array, b: Array, x: Array) -> Array {
        each(each(a, b, |a, b| mask(a == b)), x, |mask, x| mask & x)
    }

    #[inline(always)]
    fn where_common(self, a: Array, b: Array, x: Array) -> Array {
        each(each(a, b, |a, b| mask(a & b != 0)), x, |mask, x| mask & x)
    }

    #[inline(always)]
    fn if_zero(self, a: Array, x: Array, y: Array) -> Array {
        let here = each(a, x, |a, x| mask(a == 0) & x);
        each(here, each(a, y, |a, y| mask(a != 0) & y), |here, there| here | there)
    }

    #[inline(always)]
    fn low(self, table: &Plane, bytes: Array) -> Array {
        bytes.map(|byte| table.0[usize::from(byte & 15)])
    }

    #[inline(always)]
    fn high(self, table: &Plane, bytes: Array) -> Array {
        bytes.map(|byte| table.0[usize::from(byte >> 4)])
    }

    #[inline(always)]
    fn look_up(self, table: &[Plane; TABLES], bytes: Array) -> Array {
        bytes.map(|byte| table[usize::from(byte >> 4) % TABLES].0[usize::from(byte & 15)])
    }

    #[inline(always)]
    fn shift_right(self, bytes: Array, n: u32) -> Array {
        // A wider type, as a shift by eight is none for a byte.
        bytes.map(|byte| (u16::from(byte) >> n).to_le_bytes()[0])
    }

    #[inline(always)]
    fn shift_left(self, bytes: Array, n: u32) -> Array {
        let most = (255_u16 >> n).to_le_bytes()[0];
        bytes.map(|byte| (u16::from(byte.min(most)) << n).to_le_bytes()[0])
    }

    #[inline(always)]
    fn within(self, bytes: Array, limit: u8) -> u64 {
        // Eight bytes of 0 or 1 become the bits of one by a multiplication that moves each to its place in the highest.
        let mut all = 0;
        for (i, eight) in bytes.as_chunks::<8>().0.iter().enumerate() {
            let ones = u64::from_le_bytes(eight.map(|byte| u8::from(byte <= limit)));
            all |= (ones.wrapping_mul(0x0102_0408_1020_4080) >> 56) << (8 * i);
        }
        all
    }

    #[inline(always)]
    fn sum_within(self, bytes: &[Plane], limit: u8, counts: &[Plane]) -> u64 {
        let mut sum = 0;
        for (bytes, counts) in bytes.iter().zip(counts) {
            let counts = each(bytes.0, counts.0, |byte, count| mask(byte <= limit) & count);
            // 64 bytes add up to a number of 14 bits.
            sum += u64::from(counts.iter().fold(0, |sum, &count| sum + u16::from(count)));
        }
        sum
    }
}
