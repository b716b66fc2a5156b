//! Past participants who bought what somebody bought, and what they bought besides.

use std::collections::BTreeMap;
use std::hash::BuildHasher;
use std::sync::Arc;

use hashbrown::{DefaultHashBuilder, HashTable, hash_table::Entry};

use super::Popularity;
use super::score::votes;
use crate::store::span;

/// How many of them vote.
const NEIGHBOURS: u64 = 300;
/// A similarity of 1.
const ONE: f64 = (1 << 20) as f64;
/// A weight of a course is in units of so many to a natural logarithm.
const WEIGHT_UNITS: f64 = 4096.0;

/// The distinct sets of courses that past participants bought, and which sets hold each course.
///
/// Courses weigh by their *inverse document frequency*, `ln(n_all / buyers)`, and sets are compared by the cosine of their
/// weights: Salton and Buckley, "Term-weighting approaches in automatic text retrieval" (1988),
/// <https://doi.org/10.1016/0306-4573(88)90021-0>. Weights and similarities are rounded to whole numbers, so that sums of them
/// are exact and answers do not depend on any order.
#[derive(Debug)]
pub(crate) struct History {
    /// Set `i` holds `courses[ends[i - 1]..ends[i]]`, ascending.
    ends: Vec<u32>,
    courses: Vec<u32>,
    /// How many past participants bought exactly this set.
    holders: Vec<u32>,
    /// Numbers of sets by what they hold.
    numbers: HashTable<u32>,
    hasher: DefaultHashBuilder,
    /// Course `c` is in the sets `sets[set_ends[c - 1]..set_ends[c]]`.
    set_ends: Vec<u32>,
    sets: Vec<u32>,
}

impl History {
    /// Of sets and how many bought each; a set may come several times.
    pub(crate) fn new<'s>(n_courses: usize, sets: impl Iterator<Item = (&'s [u32], u32)>) -> Self {
        let (mut ends, mut courses, mut holders) = (vec![], vec![], vec![]);
        let (mut numbers, hasher) = (HashTable::new(), DefaultHashBuilder::default());
        for (set, count) in sets {
            let get = |number: u32| &courses[span(&ends, number as usize)];
            let same = |&number: &u32| get(number) == set;
            match numbers.entry(hasher.hash_one(set), same, |&number| hasher.hash_one(get(number))) {
                Entry::Occupied(known) => holders[*known.get() as usize] += count,
                Entry::Vacant(place) => {
                    place.insert(u32_of(holders.len()));
                    courses.extend_from_slice(set);
                    ends.push(u32_of(courses.len()));
                    holders.push(count);
                }
            }
        }
        let (set_ends, sets) = transposed(n_courses, &ends, &courses);
        Self { ends, courses, holders, numbers, hasher, set_ends, sets }
    }

    fn number(&self, set: &[u32]) -> Option<u32> {
        let same = |&number: &u32| self.set(number) == set;
        self.numbers.find(self.hasher.hash_one(set), same).copied()
    }

    fn set(&self, number: u32) -> &[u32] {
        &self.courses[span(&self.ends, number as usize)]
    }

    fn with(&self, course: u32) -> &[u32] {
        if course as usize >= self.set_ends.len() { &[] } else { &self.sets[span(&self.set_ends, course as usize)] }
    }
}

/// Sets of courses, and how many more or fewer past participants have bought exactly each.
pub(crate) type SetChanges = imbl::OrdMap<Arc<[u32]>, i64>;

/// Histories as they are now: those of a [`History`] and what changed since, and what courses weigh.
#[derive(Debug)]
pub(crate) struct Histories {
    history: Arc<History>,
    /// How the holders of its sets have changed, ascending by set.
    changed: Vec<(u32, i64)>,
    /// Sets that it does not have, numbered after those that it has, and their holders.
    more: Vec<(Arc<[u32]>, u32)>,
    /// The squared weight of each course.
    squares: Vec<u64>,
}

impl Histories {
    /// `n_all` is the number of past participants.
    pub(crate) fn new(history: Arc<History>, changes: &SetChanges, popularity: &Popularity, n_all: u64) -> Self {
        let mut by_set = BTreeMap::<u32, i64>::new();
        let mut more = BTreeMap::<Arc<[u32]>, i64>::new();
        for (set, change) in changes {
            match history.number(set) {
                Some(number) => *by_set.entry(number).or_default() += change,
                None => *more.entry(Arc::clone(set)).or_default() += change,
            }
        }
        let more = more.into_iter().filter_map(|(set, n)| Some((set, u32::try_from(n).ok().filter(|&n| n > 0)?)));
        let squares = (0..).take(popularity.n_courses()).map(|course| square(n_all, popularity.buyers(course)));
        Self { changed: by_set.into_iter().collect(), more: more.collect(), squares: squares.collect(), history }
    }

    /// The same in one piece.
    pub(crate) fn merged(&self) -> History {
        let numbers = (0..).take(self.history.holders.len() + self.more.len());
        let sets = numbers.map(|number| (self.set(number), self.holders(number)));
        History::new(self.squares.len(), sets.filter(|&(_, holders)| holders > 0))
    }

    fn set(&self, number: u32) -> &[u32] {
        let n = self.history.holders.len();
        if (number as usize) < n { self.history.set(number) } else { &self.more[number as usize - n].0 }
    }

    fn holders(&self, number: u32) -> u32 {
        let n = self.history.holders.len();
        if number as usize >= n {
            return self.more[number as usize - n].1;
        }
        let before = self.history.holders[number as usize];
        let change = self.changed.binary_search_by_key(&number, |&(set, _)| set).map_or(0, |at| self.changed[at].1);
        u32::try_from(i64::from(before) + change).unwrap_or(0)
    }

    /// Finds the nearest past participants of somebody who owns these courses, and adds up what they bought.
    ///
    /// Whoever bought nothing else has nothing to tell, and does not count among the nearest. Those at the similarity of the
    /// last one share what is left of the votes, as everywhere.
    pub(crate) fn search(&self, owned: &[u32], is_owned: impl Fn(u32) -> bool, found: &mut HistoryVotes) {
        let n_sets = self.history.holders.len();
        found.dots.resize(n_sets.max(found.dots.len()), 0);
        found.votes.resize(self.squares.len().max(found.votes.len()), (0, 0));
        let mut norm = 0;
        for &course in owned {
            let square = self.squares[course as usize];
            norm += square;
            // What everybody bought tells nothing.
            let sets = if square > 0 { self.history.with(course) } else { &[] };
            for &set in sets {
                let dot = &mut found.dots[set as usize];
                if *dot == 0 {
                    found.touched.push(set);
                }
                *dot += square;
            }
        }
        let HistoryVotes { dots, touched, candidates, .. } = found;
        let of_history = touched.iter().map(|&set| (dots[set as usize], set));
        let of_more = self.more.iter().zip(u32_of(n_sets)..).map(|((courses, _), set)| {
            let common = courses.iter().filter(|&&course| is_owned(course));
            (common.map(|&course| self.squares[course as usize]).sum(), set)
        });
        for (dot, set) in of_history.chain(of_more) {
            let courses = self.set(set);
            if dot > 0 && self.holders(set) > 0 && courses.iter().any(|&course| !is_owned(course)) {
                let theirs = courses.iter().map(|&course| self.squares[course as usize]).sum();
                candidates.push((similarity(dot, norm, theirs), set));
            }
        }
        self.settle(found);
        found.total = votes(found.all, found.share, ONE);
    }

    fn settle(&self, found: &mut HistoryVotes) {
        let HistoryVotes { candidates, votes, courses, all, share, .. } = found;
        let radius = self.radius(candidates);
        candidates.retain(|&(similarity, _)| similarity >= radius);
        let (mut inside, mut boundary) = (0, 0);
        for &(similarity, set) in &*candidates {
            let holders = u64::from(self.holders(set));
            let weight = similarity * holders;
            if similarity > radius {
                inside += holders;
                all.0 += weight;
            } else {
                boundary += holders;
                all.1 += weight;
            }
            for &course in self.set(set) {
                let of_course = &mut votes[course as usize];
                if *of_course == (0, 0) {
                    courses.push(course);
                }
                *(if similarity > radius { &mut of_course.0 } else { &mut of_course.1 }) += weight;
            }
        }
        *share = if inside + boundary <= NEIGHBOURS { (1, 1) } else { (NEIGHBOURS - inside, boundary) };
    }

    /// The similarity of the last one who votes. Puts the candidates in another order.
    fn radius(&self, candidates: &mut [(u64, u32)]) -> u64 {
        let nearest_first = |a: &(u64, u32), b: &(u64, u32)| b.cmp(a);
        // Each set has a holder at least, so the last one who votes holds one of so many.
        let enough = usize::try_from(NEIGHBOURS).unwrap_or(usize::MAX).min(candidates.len());
        if enough < candidates.len() {
            candidates.select_nth_unstable_by(enough, nearest_first);
        }
        let nearest = &mut candidates[..enough];
        nearest.sort_unstable_by(nearest_first);
        let mut holders = 0;
        for &(similarity, set) in &*nearest {
            holders += u64::from(self.holders(set));
            if holders >= NEIGHBOURS {
                return similarity;
            }
        }
        nearest.last().map_or(0, |&(similarity, _)| similarity)
    }
}

/// The votes of those who bought the same, by similarity; and the memory to find them.
#[derive(Debug, Clone, Default)]
pub(crate) struct HistoryVotes {
    dots: Vec<u64>,
    touched: Vec<u32>,
    candidates: Vec<(u64, u32)>,
    /// For each course, the similarities of those nearer than the last one who votes, and of those like it.
    votes: Vec<(u64, u64)>,
    courses: Vec<u32>,
    /// The same over all, whatever they bought.
    all: (u64, u64),
    /// The vote of one of the latter, as a fraction of its similarity.
    share: (u64, u64),
    total: f64,
}

impl HistoryVotes {
    pub(crate) fn clear(&mut self) {
        self.touched.drain(..).for_each(|set| self.dots[set as usize] = 0);
        self.courses.drain(..).for_each(|course| self.votes[course as usize] = (0, 0));
        self.candidates.clear();
        self.all = (0, 0);
    }

    /// Whether nobody bought the same.
    pub(crate) fn is_empty(&self) -> bool {
        self.candidates.is_empty()
    }

    /// The sum of the similarities, each at most 1, of those who bought a course.
    pub(crate) fn of(&self, course: u32) -> f64 {
        votes(self.votes[course as usize], self.share, ONE)
    }

    /// The same of all.
    pub(crate) fn total(&self) -> f64 {
        self.total
    }
}

/// The cosine in whole numbers.
#[expect(
    clippy::cast_precision_loss,
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "within 0..=ONE"
)]
fn similarity(dot: u64, a: u64, b: u64) -> u64 {
    (dot as f64 / (a as f64 * b as f64).sqrt() * ONE).round_ties_even() as u64
}

fn square(n_all: u64, buyers: u32) -> u64 {
    if buyers == 0 {
        return 0;
    }
    #[expect(clippy::cast_precision_loss, reason = "below 2^32")]
    let rarity = libm::log(n_all as f64 / f64::from(buyers));
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "at most 2^12 ln 2^32, which is below 2^17"
    )]
    let weight = (rarity * WEIGHT_UNITS).round_ties_even() as u64;
    weight * weight
}

/// The sets of each course, of the courses of each set.
fn transposed(n_courses: usize, ends: &[u32], courses: &[u32]) -> (Vec<u32>, Vec<u32>) {
    let mut set_ends = vec![0; n_courses];
    for &course in courses {
        set_ends[course as usize] += 1;
    }
    // From the number of sets of each course to where they begin; filling moves that to where they end.
    let mut start = 0;
    for end in &mut set_ends {
        start += std::mem::replace(end, start);
    }
    let mut sets = vec![0; courses.len()];
    for (set, number) in (0..ends.len()).zip(0..) {
        for &course in &courses[span(ends, set)] {
            let free = &mut set_ends[course as usize];
            sets[*free as usize] = number;
            *free += 1;
        }
    }
    (set_ends, sets)
}

#[expect(clippy::cast_possible_truncation, reason = "at most as many as there are purchases, which are below 2^32")]
fn u32_of(count: usize) -> u32 {
    count as u32
}
