//! Operations on 64 bytes at once, in the instructions of one processor or another.

mod portable;
#[cfg(target_arch = "x86_64")]
mod x86;

use super::Plane;

pub(super) use portable::Portable;

/// So many tables of 16 bytes make one of 128.
pub(super) const TABLES: usize = 8;

/// 64 lanes of a byte each. Sums and differences saturate.
pub(super) trait Bytes: Copy {
    /// All 64 of them.
    type Lanes: Copy;

    fn load(self, plane: &Plane) -> Self::Lanes;
    fn store(self, lanes: Self::Lanes) -> Plane;
    fn zero(self) -> Self::Lanes;
    fn add(self, a: Self::Lanes, b: Self::Lanes) -> Self::Lanes;
    fn sub(self, a: Self::Lanes, b: Self::Lanes) -> Self::Lanes;
    fn min(self, a: Self::Lanes, b: Self::Lanes) -> Self::Lanes;
    fn or(self, a: Self::Lanes, b: Self::Lanes) -> Self::Lanes;

    /// `x` where `a` is `b`, and 0 elsewhere.
    fn where_equal(self, a: Self::Lanes, b: Self::Lanes, x: Self::Lanes) -> Self::Lanes;
    /// `x` where `a` and `b` have a bit in common, and 0 elsewhere.
    fn where_common(self, a: Self::Lanes, b: Self::Lanes, x: Self::Lanes) -> Self::Lanes;
    /// `x` where `a` is 0, and `y` elsewhere.
    fn if_zero(self, a: Self::Lanes, x: Self::Lanes, y: Self::Lanes) -> Self::Lanes;

    /// Looks up the lower four bits of each byte in a table of 16 bytes that is repeated four times.
    fn low(self, table: &Plane, bytes: Self::Lanes) -> Self::Lanes;
    /// The same of the upper four bits.
    fn high(self, table: &Plane, bytes: Self::Lanes) -> Self::Lanes;
    /// Looks up bytes below 128 in a table of 128, 16 in each plane as above.
    fn look_up(self, table: &[Plane; TABLES], bytes: Self::Lanes) -> Self::Lanes;

    /// Each byte divided by `2^n`; `n` is at most 8.
    fn shift_right(self, bytes: Self::Lanes, n: u32) -> Self::Lanes;
    /// Each byte times `2^n`, cut off at the largest multiple of that which is a byte; `n` is at most 8.
    fn shift_left(self, bytes: Self::Lanes, n: u32) -> Self::Lanes;

    /// Which bytes are at most `limit`, the first one in the lowest bit.
    fn within(self, bytes: Self::Lanes, limit: u8) -> u64;
    /// The sum of `counts` over all bytes that are at most `limit`; there are as many planes of both.
    fn sum_within(self, bytes: &[Plane], limit: u8, counts: &[Plane]) -> u64;
}

/// The instructions that a processor has.
#[derive(Debug, Clone, Copy)]
pub(super) enum Instructions {
    #[cfg(target_arch = "x86_64")]
    Avx512(pulp::x86::V4),
    #[cfg(target_arch = "x86_64")]
    Avx2(pulp::x86::V3),
    Portable,
}

impl Instructions {
    /// The best ones of this processor.
    pub(super) fn best() -> Self {
        #[cfg(target_arch = "x86_64")]
        {
            let v4 = pulp::x86::V4::try_new().map(Self::Avx512);
            if let Some(vectors) = v4.or_else(|| pulp::x86::V3::try_new().map(Self::Avx2)) {
                return vectors;
            }
        }
        Self::Portable
    }

    /// All that this processor has, for tests.
    #[cfg(test)]
    pub(super) fn all() -> Vec<Self> {
        let mut all = vec![Self::Portable];
        #[cfg(target_arch = "x86_64")]
        {
            all.extend(pulp::x86::V3::try_new().map(Self::Avx2));
            all.extend(pulp::x86::V4::try_new().map(Self::Avx512));
        }
        all
    }
}

/// What can be done with any instructions; compiled for each of them.
pub(super) trait Work {
    type Done;
    fn run(self, bytes: impl Bytes) -> Self::Done;
}

/// Work with its instructions. `pulp` compiles a type's `call` for them, where it would leave a closure's calls alone.
#[cfg(target_arch = "x86_64")]
struct With<B, W>(B, W);

#[cfg(target_arch = "x86_64")]
impl<B: Bytes, W: Work> pulp::NullaryFnOnce for With<B, W> {
    type Output = W::Done;

    #[inline(always)]
    fn call(self) -> W::Done {
        self.1.run(self.0)
    }
}

impl Instructions {
    pub(super) fn run<W: Work>(self, work: W) -> W::Done {
        match self {
            #[cfg(target_arch = "x86_64")]
            Self::Avx512(v4) => v4.vectorize(With(v4, work)),
            #[cfg(target_arch = "x86_64")]
            Self::Avx2(v3) => v3.vectorize(With(v3, work)),
            Self::Portable => work.run(Portable),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::LANES;
    use super::*;

    /// Runs every operation on some planes.
    struct Every<'a>(&'a [Plane]);

    impl Work for Every<'_> {
        type Done = (Vec<[u8; LANES]>, u64, u64);

        fn run(self, s: impl Bytes) -> Self::Done {
            let (a, b, x) = (s.load(&self.0[0]), s.load(&self.0[1]), s.load(&self.0[2]));
            let table = Plane(std::array::from_fn(|lane| self.0[3].0[lane % 16]));
            let tables =
                [3, 4, 5, 6, 7, 0, 1, 2].map(|i: usize| Plane(std::array::from_fn(|lane| self.0[i].0[lane % 16])));
            let small = s.sub(a, s.load(&Plane([128; LANES])));
            let mut all = vec![s.zero(), s.add(a, b), s.sub(a, b), s.min(a, b), s.or(a, b)];
            all.extend([s.where_equal(a, b, x), s.where_common(a, b, x), s.if_zero(small, x, b)]);
            all.extend([s.low(&table, a), s.high(&table, a), s.look_up(&tables, small)]);
            all.extend((0..=8).flat_map(|n| [s.shift_right(a, n), s.shift_left(b, n)]));
            let limit = self.0[7].0[0];
            let sum = s.sum_within(&self.0[..4], limit, &self.0[4..]);
            (all.into_iter().map(|lanes| s.store(lanes).0).collect(), s.within(a, limit), sum)
        }
    }

    #[test]
    fn operations_are_the_same_in_all_instructions() {
        let mut random = crate::store::Random::stream(1, 0);
        for _ in 0..200 {
            let planes: Vec<Plane> =
                (0..8).map(|_| Plane(std::array::from_fn(|_| random.next().to_le_bytes()[7]))).collect();
            let expected = Instructions::Portable.run(Every(&planes));
            for instructions in Instructions::all() {
                assert_eq!(instructions.run(Every(&planes)), expected, "{instructions:?}");
            }
        }
    }

    #[test]
    fn shifts_to_the_left_are_cut_off_at_a_multiple() {
        struct Shift(u32);
        impl Work for Shift {
            type Done = u8;
            fn run(self, s: impl Bytes) -> u8 {
                s.store(s.shift_left(s.load(&Plane([77; LANES])), self.0)).get(0)
            }
        }
        assert_eq!([0, 1, 2, 8].map(|n| Instructions::Portable.run(Shift(n))), [77, 154, 252, 0]);
    }
}
