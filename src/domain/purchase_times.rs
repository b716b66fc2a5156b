//! When each purchase was made, in four bytes where that is enough.

use super::Timestamp;

/// The times of purchases, beside their courses.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum PurchaseTimes {
    /// The number of purchases, where no time is known.
    Unknown(usize),
    /// Seconds since 1970, which fit until 2106; [`NONE`] where unknown.
    Short(Vec<u32>),
    /// Times that do not fit into 32 bits.
    Long(Vec<Option<Timestamp>>),
}

const NONE: u32 = u32::MAX;

impl Default for PurchaseTimes {
    fn default() -> Self {
        Self::Unknown(0)
    }
}

impl PurchaseTimes {
    pub(super) fn push(&mut self, at: Option<Timestamp>) {
        match self {
            Self::Unknown(n) if at.is_none() => *n += 1,
            Self::Unknown(n) => {
                *self = Self::Short(vec![NONE; *n]);
                self.push(at);
            }
            Self::Short(seconds) => match shorten(at) {
                Some(short) => seconds.push(short),
                None => *self = Self::Long(seconds.iter().map(|&s| lengthen(s)).chain([at]).collect()),
            },
            Self::Long(times) => times.push(at),
        }
    }

    pub(super) fn get(&self, purchase: usize) -> Option<Timestamp> {
        match self {
            Self::Unknown(_) => None,
            Self::Short(seconds) => lengthen(seconds[purchase]),
            Self::Long(times) => times[purchase],
        }
    }

    pub(super) fn shrink_to_fit(&mut self) {
        match self {
            Self::Unknown(_) => {}
            Self::Short(seconds) => seconds.shrink_to_fit(),
            Self::Long(times) => times.shrink_to_fit(),
        }
    }
}

impl FromIterator<Option<Timestamp>> for PurchaseTimes {
    fn from_iter<I: IntoIterator<Item = Option<Timestamp>>>(all: I) -> Self {
        let mut times = Self::default();
        all.into_iter().for_each(|at| times.push(at));
        times
    }
}

fn shorten(at: Option<Timestamp>) -> Option<u32> {
    at.map_or(Some(NONE), |Timestamp(seconds)| u32::try_from(seconds).ok().filter(|&s| s != NONE))
}

fn lengthen(seconds: u32) -> Option<Timestamp> {
    (seconds != NONE).then(|| Timestamp(seconds.into()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_of_any_size_read_back() {
        let beyond = i64::from(u32::MAX);
        let all = [None, Some(0), None, Some(beyond - 1), Some(beyond), Some(-1), Some(i64::MIN), None, Some(i64::MAX)];
        for n in 0..=all.len() {
            let all: Vec<_> = all[..n].iter().map(|at| at.map(Timestamp)).collect();
            let times: PurchaseTimes = all.iter().copied().collect();
            assert_eq!((0..n).map(|i| times.get(i)).collect::<Vec<_>>(), all);
        }
    }
}
