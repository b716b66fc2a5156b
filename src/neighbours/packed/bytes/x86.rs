//! AVX-512, and AVX2 with two vectors for 64 bytes.

use std::arch::x86_64::{__m256i, __m512i};

use pulp::cast;
use pulp::x86::{V3, V4};

use super::super::Plane;
use super::{Bytes, TABLES};

/// In a shuffle, an index with the highest bit makes a 0; adding this gives it to all indexes from 16 on.
const FROM_16: i8 = 0x70;

/// The first index of each table.
const STARTS: [i8; TABLES] = [0, 16, 32, 48, 64, 80, 96, 112];

#[inline(always)]
#[expect(clippy::cast_possible_wrap, reason = "the same bits")]
fn count(s: V3, n: u32) -> std::arch::x86_64::__m128i {
    s.sse2._mm_cvtsi32_si128(n as i32)
}

/// What is left of a byte of ones.
#[inline(always)]
#[expect(clippy::cast_possible_wrap, reason = "the same bits")]
fn ones_right(n: u32) -> i8 {
    u8::MAX.unbounded_shr(n) as i8
}

type Two = [__m256i; 2];

#[inline(always)]
fn both(a: Two, f: impl Fn(__m256i) -> __m256i) -> Two {
    [f(a[0]), f(a[1])]
}

#[inline(always)]
fn each(a: Two, b: Two, f: impl Fn(__m256i, __m256i) -> __m256i) -> Two {
    [f(a[0], b[0]), f(a[1], b[1])]
}

impl Bytes for V3 {
    type Lanes = Two;

    #[inline(always)]
    fn load(self, plane: &Plane) -> Two {
        cast(plane.0)
    }

    #[inline(always)]
    fn store(self, lanes: Two) -> Plane {
        Plane(cast(lanes))
    }

    #[inline(always)]
    fn zero(self) -> Two {
        [self.avx._mm256_setzero_si256(); 2]
    }

    #[inline(always)]
    fn add(self, a: Two, b: Two) -> Two {
        each(a, b, |a, b| self.avx2._mm256_adds_epu8(a, b))
    }

    #[inline(always)]
    fn sub(self, a: Two, b: Two) -> Two {
        each(a, b, |a, b| self.avx2._mm256_subs_epu8(a, b))
    }

    #[inline(always)]
    fn min(self, a: Two, b: Two) -> Two {
        each(a, b, |a, b| self.avx2._mm256_min_epu8(a, b))
    }

    #[inline(always)]
    fn or(self, a: Two, b: Two) -> Two {
        each(a, b, |a, b| self.avx2._mm256_or_si256(a, b))
    }

    #[inline(always)]
    fn where_equal(self, a: Two, b: Two, x: Two) -> Two {
        let equal = each(a, b, |a, b| self.avx2._mm256_cmpeq_epi8(a, b));
        each(equal, x, |equal, x| self.avx2._mm256_and_si256(equal, x))
    }

    #[inline(always)]
    fn where_common(self, a: Two, b: Two, x: Two) -> Two {
        let common = each(a, b, |a, b| self.avx2._mm256_and_si256(a, b));
        let none = each(common, self.zero(), |a, b| self.avx2._mm256_cmpeq_epi8(a, b));
        each(none, x, |none, x| self.avx2._mm256_andnot_si256(none, x))
    }

    #[inline(always)]
    fn if_zero(self, a: Two, x: Two, y: Two) -> Two {
        let zero = each(a, self.zero(), |a, b| self.avx2._mm256_cmpeq_epi8(a, b));
        let blend = |i: usize| self.avx2._mm256_blendv_epi8(y[i], x[i], zero[i]);
        [blend(0), blend(1)]
    }

    #[inline(always)]
    fn low(self, table: &Plane, bytes: Two) -> Two {
        let low = self.avx._mm256_set1_epi8(15);
        let bytes = both(bytes, |bytes| self.avx2._mm256_and_si256(bytes, low));
        each(self.load(table), bytes, |table, bytes| self.avx2._mm256_shuffle_epi8(table, bytes))
    }

    #[inline(always)]
    fn high(self, table: &Plane, bytes: Two) -> Two {
        self.low(table, both(bytes, |bytes| self.avx2._mm256_srli_epi16::<4>(bytes)))
    }

    #[inline(always)]
    fn look_up(self, table: &[Plane; TABLES], bytes: Two) -> Two {
        let from_16 = self.avx._mm256_set1_epi8(FROM_16);
        let mut all = self.zero();
        for (table, start) in table.iter().zip(STARTS) {
            let start = self.avx._mm256_set1_epi8(start);
            let places =
                both(bytes, |bytes| self.avx2._mm256_adds_epu8(self.avx2._mm256_xor_si256(bytes, start), from_16));
            let here = each(self.load(table), places, |table, at| self.avx2._mm256_shuffle_epi8(table, at));
            all = self.or(all, here);
        }
        all
    }

    #[inline(always)]
    fn shift_right(self, bytes: Two, n: u32) -> Two {
        let (mask, n) = (self.avx._mm256_set1_epi8(ones_right(n)), count(self, n));
        both(bytes, |bytes| self.avx2._mm256_and_si256(self.avx2._mm256_srl_epi16(bytes, n), mask))
    }

    #[inline(always)]
    fn shift_left(self, bytes: Two, n: u32) -> Two {
        let (most, n) = (self.avx._mm256_set1_epi8(ones_right(n)), count(self, n));
        both(bytes, |bytes| self.avx2._mm256_sll_epi16(self.avx2._mm256_min_epu8(bytes, most), n))
    }

    #[inline(always)]
    #[expect(clippy::cast_possible_wrap, clippy::cast_sign_loss, reason = "the same bits")]
    fn within(self, bytes: Two, limit: u8) -> u64 {
        let limit = self.avx._mm256_set1_epi8(limit as i8);
        let least = both(bytes, |bytes| self.avx2._mm256_min_epu8(bytes, limit));
        let within = each(least, bytes, |least, bytes| self.avx2._mm256_cmpeq_epi8(least, bytes));
        let bits = |within: __m256i| u64::from(self.avx2._mm256_movemask_epi8(within) as u32);
        bits(within[0]) | bits(within[1]) << 32
    }

    #[inline(always)]
    #[expect(clippy::cast_possible_wrap, reason = "the same bits")]
    fn sum_within(self, bytes: &[Plane], limit: u8, counts: &[Plane]) -> u64 {
        let limit = self.avx._mm256_set1_epi8(limit as i8);
        let zero = self.avx._mm256_setzero_si256();
        let mut sums = zero;
        for (bytes, counts) in bytes.iter().zip(counts) {
            let (bytes, counts) = (self.load(bytes), self.load(counts));
            let least = both(bytes, |bytes| self.avx2._mm256_min_epu8(bytes, limit));
            let within = each(least, bytes, |least, bytes| self.avx2._mm256_cmpeq_epi8(least, bytes));
            let counts = each(within, counts, |within, counts| self.avx2._mm256_and_si256(within, counts));
            let counts = both(counts, |counts| self.avx2._mm256_sad_epu8(counts, zero));
            sums = self.avx2._mm256_add_epi64(sums, self.avx2._mm256_add_epi64(counts[0], counts[1]));
        }
        let sums: [u64; 4] = cast(sums);
        sums.iter().sum()
    }
}

impl Bytes for V4 {
    type Lanes = __m512i;

    #[inline(always)]
    fn load(self, plane: &Plane) -> __m512i {
        cast(plane.0)
    }

    #[inline(always)]
    fn store(self, lanes: __m512i) -> Plane {
        Plane(cast(lanes))
    }

    #[inline(always)]
    fn zero(self) -> __m512i {
        self.avx512f._mm512_setzero_si512()
    }

    #[inline(always)]
    fn add(self, a: __m512i, b: __m512i) -> __m512i {
        self.avx512bw._mm512_adds_epu8(a, b)
    }

    #[inline(always)]
    fn sub(self, a: __m512i, b: __m512i) -> __m512i {
        self.avx512bw._mm512_subs_epu8(a, b)
    }

    #[inline(always)]
    fn min(self, a: __m512i, b: __m512i) -> __m512i {
        self.avx512bw._mm512_min_epu8(a, b)
    }

    #[inline(always)]
    fn or(self, a: __m512i, b: __m512i) -> __m512i {
        self.avx512f._mm512_or_si512(a, b)
    }

    #[inline(always)]
    fn where_equal(self, a: __m512i, b: __m512i, x: __m512i) -> __m512i {
        self.avx512bw._mm512_maskz_mov_epi8(self.avx512bw._mm512_cmpeq_epi8_mask(a, b), x)
    }

    #[inline(always)]
    fn where_common(self, a: __m512i, b: __m512i, x: __m512i) -> __m512i {
        self.avx512bw._mm512_maskz_mov_epi8(self.avx512bw._mm512_test_epi8_mask(a, b), x)
    }

    #[inline(always)]
    fn if_zero(self, a: __m512i, x: __m512i, y: __m512i) -> __m512i {
        self.avx512bw._mm512_mask_mov_epi8(y, self.avx512bw._mm512_testn_epi8_mask(a, a), x)
    }

    #[inline(always)]
    fn low(self, table: &Plane, bytes: __m512i) -> __m512i {
        let bytes = self.avx512f._mm512_and_si512(bytes, self.avx512f._mm512_set1_epi8(15));
        self.avx512bw._mm512_shuffle_epi8(self.load(table), bytes)
    }

    #[inline(always)]
    fn high(self, table: &Plane, bytes: __m512i) -> __m512i {
        self.low(table, self.avx512bw._mm512_srli_epi16::<4>(bytes))
    }

    #[inline(always)]
    fn look_up(self, table: &[Plane; TABLES], bytes: __m512i) -> __m512i {
        let from_16 = self.avx512f._mm512_set1_epi8(FROM_16);
        let mut all = self.zero();
        for (table, start) in table.iter().zip(STARTS) {
            let start = self.avx512f._mm512_set1_epi8(start);
            let places = self.add(self.avx512f._mm512_xor_si512(bytes, start), from_16);
            all = self.or(all, self.avx512bw._mm512_shuffle_epi8(self.load(table), places));
        }
        all
    }

    #[inline(always)]
    fn shift_right(self, bytes: __m512i, n: u32) -> __m512i {
        let shifted = self.avx512bw._mm512_srl_epi16(bytes, count(*self, n));
        self.avx512f._mm512_and_si512(shifted, self.avx512f._mm512_set1_epi8(ones_right(n)))
    }

    #[inline(always)]
    fn shift_left(self, bytes: __m512i, n: u32) -> __m512i {
        let cut = self.min(bytes, self.avx512f._mm512_set1_epi8(ones_right(n)));
        self.avx512bw._mm512_sll_epi16(cut, count(*self, n))
    }

    #[inline(always)]
    #[expect(clippy::cast_possible_wrap, reason = "the same bits")]
    fn within(self, bytes: __m512i, limit: u8) -> u64 {
        self.avx512bw._mm512_cmple_epu8_mask(bytes, self.avx512f._mm512_set1_epi8(limit as i8))
    }

    #[inline(always)]
    #[expect(clippy::cast_possible_wrap, reason = "the same bits")]
    fn sum_within(self, bytes: &[Plane], limit: u8, counts: &[Plane]) -> u64 {
        let limit = self.avx512f._mm512_set1_epi8(limit as i8);
        let mut sums = self.zero();
        for (bytes, counts) in bytes.iter().zip(counts) {
            let within = self.avx512bw._mm512_cmple_epu8_mask(self.load(bytes), limit);
            let counts = self.avx512bw._mm512_maskz_mov_epi8(within, self.load(counts));
            let counts = self.avx512bw._mm512_sad_epu8(counts, self.zero());
            sums = self.avx512f._mm512_add_epi64(sums, counts);
        }
        let sums: [u64; 8] = cast(sums);
        sums.iter().sum()
    }
}
