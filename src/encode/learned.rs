//! The learned distance: two values are near when the participants who have them buy similar courses.
//!
//! Each attribute divides the past participants into groups; of tags, every tag divides them into those without and
//! those with it. The distance of two groups estimates the squared distance of their purchase shares, each course's
//! divided by its share among everyone, without the sampling noise of small groups. It is a squared distance and no metric.

#[cfg(feature = "rayon")]
use rayon::iter::{IntoParallelIterator, ParallelIterator};

use crate::domain::Purchases;
use crate::store::span;

/// The mean distance of two past participants, in units.
pub(crate) const MEAN: u32 = 1 << 20;
/// The largest distance of two values of one attribute, in units.
pub(crate) const MOST: u32 = 1 << 26;
/// The number of bins into which numbers are divided. Each has about the same number of past participants.
pub(crate) const BINS: u32 = 10;

/// The most groups of one attribute. Every pair of groups takes a pass over the courses.
pub(super) const MOST_GROUPS: usize = 4096;

/// The distances of an attribute's values.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum GroupDistances {
    /// Of codes: 0 is missing, `1 + g` is group `g`.
    Codes {
        /// The bins of a numeric attribute, empty for other kinds.
        bins: Vec<BinStart>,
        /// How many codes there are.
        n: usize,
        /// Of shape `(n, n)`, row by row, symmetric.
        distances: Vec<u32>,
    },
    /// Of each tag's column: between those without it and those with it.
    Tags(Vec<u32>),
}

/// Where a bin begins: at a value, or just above it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct BinStart {
    pub(crate) value: f64,
    pub(crate) inclusive: bool,
}

impl GroupDistances {
    pub(crate) fn of(&self, a: u32, b: u32) -> u32 {
        match self {
            Self::Codes { n, distances, .. } => distances[a as usize * n + b as usize],
            Self::Tags(_) => 0,
        }
    }

    /// The largest distance of two values; of tags, of two profiles that share no tag.
    pub(crate) fn largest(&self) -> u64 {
        match self {
            Self::Codes { distances, .. } => distances.iter().max().map_or(0, |&max| max.into()),
            Self::Tags(distances) => distances.iter().map(|&distance| u64::from(distance)).sum(),
        }
    }
}

/// The bins of these values, which are ascending. The bin of a number is the number of bins after the first that begin at
/// or below it.
#[expect(clippy::float_cmp, reason = "equal values are counted together")]
pub(super) fn bins(values: &[f64]) -> Vec<BinStart> {
    let n = values.len();
    let bin = |counted: usize| (BINS as usize * counted / (2 * n)).min(BINS as usize - 1);
    let mut starts = Vec::new();
    let mut less = 0;
    for same in values.chunk_by(|a, b| a == b) {
        let less_or_equal = less + same.len();
        let value = same[0];
        while starts.len() < bin(less + less_or_equal) {
            starts.push(BinStart { value, inclusive: true });
        }
        while starts.len() < bin(2 * less_or_equal) {
            starts.push(BinStart { value, inclusive: false });
        }
        less = less_or_equal;
    }
    starts
}

/// The bin of a number, from 0 on.
#[expect(clippy::cast_possible_truncation, reason = "below the number of bins")]
#[expect(clippy::float_cmp, reason = "a bin begins at exactly this value")]
pub(super) fn bin(starts: &[BinStart], x: f64) -> u32 {
    starts.partition_point(|start| x > start.value || (start.inclusive && x == start.value)) as u32
}

/// How an attribute divides the participants.
pub(super) enum Groups {
    /// Each participant's group, below `n`; the last one is for those without a value.
    One {
        of: Vec<u32>,
        n: usize,
        /// This many groups, from the first on, are in order, and each borrows participants from its neighbours.
        ordered: usize,
        bins: Vec<BinStart>,
    },
    /// Each participant's tags, as numbers below `n`.
    Tags { of: TagsOf, n: usize },
}

/// The tags of each participant.
#[derive(Debug, Default)]
pub(super) struct TagsOf {
    ends: Vec<u32>,
    tags: Vec<u32>,
}

impl TagsOf {
    /// Adds the tags of the next participant.
    pub(super) fn push(&mut self, tags: impl Iterator<Item = u32>) {
        self.tags.extend(tags);
        #[expect(clippy::cast_possible_truncation, reason = "a column of tags holds fewer than 2^32")]
        self.ends.push(self.tags.len() as u32);
    }

    fn get(&self, participant: u32) -> &[u32] {
        &self.tags[span(&self.ends, participant as usize)]
    }
}

/// The distances of all attributes, of these weights.
pub(super) fn learn(groups: Vec<Groups>, weights: &[f64], purchases: &Purchases, past: &[u32]) -> Vec<GroupDistances> {
    let buyers = Buyers::new(purchases, past);
    let mut scale = 0.0;
    let learned: Vec<_> = groups
        .into_iter()
        .zip(weights)
        .map(|(groups, &weight)| match groups {
            Groups::One { of, n, ordered, bins } => {
                let (people, differences) = buyers.differences(&of, n, ordered, past);
                scale += weight * buyers.mean(&people, &differences);
                (bins, n, differences.into_iter().map(|e| weight * e).collect::<Vec<f64>>(), true)
            }
            Groups::Tags { of, n } => {
                let mut holders = vec![0_u32; n];
                for &tag in past.iter().flat_map(|&p| of.get(p)) {
                    holders[tag as usize] += 1;
                }
                let differences = buyers.tag_differences(&of, &holders);
                for (&with, &e) in holders.iter().zip(&differences) {
                    let (with, without) = (f64::from(with), buyers.n_all - f64::from(with));
                    let sum = 0.0 + (without * with) * e + (with * without) * e;
                    scale += weight * (sum / (buyers.n_all * buyers.n_all));
                }
                (Vec::new(), n, differences.into_iter().map(|e| weight * e).collect(), false)
            }
        })
        .collect();
    let units = |weighted: f64| if scale > 0.0 { units(weighted / scale) } else { 0 };
    let distances = learned.into_iter().map(|(bins, n, weighted, is_one)| {
        if !is_one {
            return GroupDistances::Tags(weighted.into_iter().map(units).collect());
        }
        // From groups, of which missing is the last, to codes, of which it is the first.
        let group = |code: usize| code.checked_sub(1).unwrap_or(n - 1);
        let pairs = (0..n).flat_map(|a| (0..n).map(move |b| group(a) * n + group(b)));
        GroupDistances::Codes { bins, n, distances: pairs.map(|at| units(weighted[at])).collect() }
    });
    distances.collect()
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "within 0..=2^26")]
fn units(share_of_mean: f64) -> u32 {
    (f64::from(MEAN) * share_of_mean).round_ties_even().min(f64::from(MOST)) as u32
}

/// Who bought each course that has a buyer; courses in byte order of their ids.
struct Buyers {
    /// Course `i` was bought by `participants[ends[i - 1]..ends[i]]`.
    ends: Vec<u32>,
    participants: Vec<u32>,
    /// The share of the past participants who bought it.
    shares: Vec<f64>,
    noise: f64,
    n_all: f64,
}

impl Buyers {
    #[expect(clippy::cast_precision_loss, reason = "counts of participants are below 2^32")]
    fn new(purchases: &Purchases, past: &[u32]) -> Self {
        let catalogue = purchases.catalogue();
        let mut buyers = vec![Vec::new(); catalogue.len()];
        for &participant in past {
            for &course in purchases.of(participant) {
                buyers[course as usize].push(participant);
            }
        }
        let mut courses: Vec<_> = catalogue.iter().zip(&buyers).filter(|(_, buyers)| !buyers.is_empty()).collect();
        courses.sort_unstable_by_key(|(course, _)| course.id());
        let n_all = past.len() as f64;
        let (mut ends, mut participants, mut shares, mut noise) = (Vec::new(), Vec::new(), Vec::new(), 0.0);
        for (_, buyers) in courses {
            participants.extend_from_slice(buyers);
            #[expect(clippy::cast_possible_truncation, reason = "there are fewer than 2^32 purchases")]
            ends.push(participants.len() as u32);
            let share = buyers.len() as f64 / n_all;
            shares.push(share);
            noise += 1.0 - share;
        }
        Self { ends, participants, shares, noise, n_all }
    }

    fn of(&self, course: usize) -> &[u32] {
        &self.participants[span(&self.ends, course)]
    }

    /// The number of people in each group, and the differences of all pairs of groups, of shape `(n, n)`.
    fn differences(&self, group_of: &[u32], n: usize, ordered: usize, past: &[u32]) -> (Vec<f64>, Vec<f64>) {
        let mut people = vec![0.0; n];
        for &participant in past {
            people[group_of[participant as usize] as usize] += 1.0;
        }
        let (mut size, mut spread) = (vec![0.0; n], vec![0.0; n]);
        for g in 0..n {
            let borrowed: f64 = neighbours(g, ordered).map(|other| people[other]).sum();
            size[g] = 2.0 * people[g] + borrowed;
            spread[g] = 4.0 * people[g] + borrowed;
        }
        // The groups with a buyer of each course, and their shares.
        let mut counts = vec![0.0; n];
        let mut shares = Vec::with_capacity(self.shares.len());
        for course in 0..self.shares.len() {
            for &participant in self.of(course) {
                let group = group_of[participant as usize] as usize;
                counts[group] += 2.0;
                neighbours(group, ordered).for_each(|other| counts[other] += 1.0);
            }
            let mut some = Vec::new();
            for (group, count) in counts.iter_mut().enumerate().filter(|(_, count)| **count > 0.0) {
                some.push((group, std::mem::take(count) / size[group]));
            }
            shares.push(some);
        }
        let error = |g: usize| spread[g] / (size[g] * size[g]);
        let row = |a: usize| -> Vec<f64> {
            let mut raw = vec![0.0; n];
            let mut other = vec![0.0; n];
            for (some, p) in shares.iter().zip(&self.shares) {
                match some.binary_search_by_key(&a, |&(group, _)| group) {
                    Ok(at) => {
                        let mine = some[at].1;
                        for &(group, share) in some {
                            other[group] = share;
                        }
                        for (sum, share) in raw.iter_mut().zip(&other) {
                            *sum += ((mine - share) * (mine - share)) / p;
                        }
                        for &(group, _) in some {
                            other[group] = 0.0;
                        }
                    }
                    // Pairs of groups without a buyer add nothing.
                    Err(_) => {
                        for &(group, share) in some {
                            raw[group] += (share * share) / p;
                        }
                    }
                }
            }
            for (b, raw) in raw.iter_mut().enumerate() {
                let told = a != b && size[a] > 0.0 && size[b] > 0.0;
                *raw = if told { (*raw - self.noise * (error(a) + error(b))).max(0.0) } else { 0.0 };
            }
            raw
        };
        #[cfg(feature = "rayon")]
        let rows: Vec<_> = (0..n).into_par_iter().map(row).collect();
        #[cfg(not(feature = "rayon"))]
        let rows: Vec<_> = (0..n).map(row).collect();
        (people, rows.concat())
    }

    /// The mean difference of two past participants.
    fn mean(&self, people: &[f64], differences: &[f64]) -> f64 {
        let pairs = people.iter().flat_map(|a| people.iter().map(move |b| a * b));
        let sum = pairs.zip(differences).fold(0.0, |sum, (pairs, e)| sum + pairs * e);
        sum / (self.n_all * self.n_all)
    }

    /// The difference between those without and those with each tag.
    fn tag_differences(&self, tags_of: &TagsOf, holders: &[u32]) -> Vec<f64> {
        let mut raw = vec![0.0; holders.len()];
        let mut counts = vec![0_u32; holders.len()];
        for (course, p) in self.shares.iter().enumerate() {
            let buyers = self.of(course);
            for &tag in buyers.iter().flat_map(|&p| tags_of.get(p)) {
                counts[tag as usize] += 1;
            }
            #[expect(clippy::cast_precision_loss, reason = "counts of participants are below 2^32")]
            let all = buyers.len() as f64;
            for ((sum, count), &holders) in raw.iter_mut().zip(&mut counts).zip(holders) {
                let (with, holders) = (f64::from(std::mem::take(count)), f64::from(holders));
                let s_with = (2.0 * with) / (2.0 * holders);
                let s_without = (2.0 * (all - with)) / (2.0 * (self.n_all - holders));
                *sum += ((s_without - s_with) * (s_without - s_with)) / p;
            }
        }
        let error = |people: f64| (4.0 * people) / ((2.0 * people) * (2.0 * people));
        let difference = |(raw, &holders): (f64, &u32)| {
            let (with, without) = (f64::from(holders), self.n_all - f64::from(holders));
            if with > 0.0 && without > 0.0 { (raw - self.noise * (error(without) + error(with))).max(0.0) } else { 0.0 }
        };
        raw.into_iter().zip(holders).map(difference).collect()
    }
}

/// The groups that a group lends to and borrows from.
fn neighbours(group: usize, ordered: usize) -> impl Iterator<Item = usize> {
    let below = if group < ordered { group.checked_sub(1) } else { None };
    below.into_iter().chain(Some(group + 1).filter(|&above| above < ordered))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn numbers(values: &[f64], xs: &[f64]) -> Vec<u32> {
        let starts = bins(values);
        xs.iter().map(|&x| bin(&starts, x)).collect()
    }

    #[test]
    fn bins_follow_the_counts_of_smaller_and_equal_values() {
        // By hand: floor(10 * (less + less_or_equal) / 8), at most 9.
        assert_eq!(numbers(&[1.0, 5.0, 5.0, 9.0], &[0.0, 1.0, 3.0, 5.0, 7.0, 9.0, 10.0]), [0, 1, 2, 5, 7, 8, 9]);
        assert_eq!(numbers(&[], &[-1.0, 1.0]), [0, 0]);
        assert_eq!(numbers(&[2.0], &[1.0, 2.0, 3.0]), [0, 5, 9]);
    }

    #[test]
    fn neighbours_of_the_ends_and_of_groups_without_order() {
        let list = |group, ordered| neighbours(group, ordered).collect::<Vec<_>>();
        assert_eq!([list(0, 3), list(1, 3), list(2, 3), list(3, 3)], [vec![1], vec![0, 2], vec![1], vec![]]);
        assert_eq!(list(0, 0), Vec::<usize>::new());
    }
}
