//! Who bought what, and when.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::purchase_times::PurchaseTimes;
use super::{Catalogue, Course, CourseId, DataError, ParticipantId, Timestamp};
use crate::store::Ragged;

/// One purchase, with the ids of the participant and the course.
///
/// ```
/// use sebaya::Purchase;
///
/// let json = r#"{"participant": "ani", "course": "excel", "at": "2024-02-29"}"#;
/// let purchase: Purchase = serde_json::from_str(json)?;
/// assert_eq!(purchase.course, "excel");
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Purchase {
    /// The participant who bought it.
    pub participant: ParticipantId,
    /// The course that was bought.
    pub course: CourseId,
    /// The time of the purchase, where it is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub at: Option<Timestamp>,
}

/// The purchases of all participants, as a compressed sparse row matrix: the targets of a
/// [`TrainingSet`](crate::TrainingSet). Each pair of participant and course counts once, at its earliest known time.
///
/// ```
/// use sebaya::prelude::*;
///
/// let mut data = TrainingSet::builder(Schema::new().numeric("age"));
/// data.course(Course::new("excel", Amount(250_000)))?.course(Course::new("sewing", Amount(400_000)))?;
/// data.participant("ani", Profile::new())?.purchase("ani", "excel")?.purchase("ani", "excel")?;
/// let data = data.build()?;
/// assert_eq!(data.purchases().len(), 1);
/// assert_eq!(data.purchases().catalogue().len(), 2);
/// # Ok::<(), sebaya::DataError>(())
/// ```
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(try_from = "RawPurchases", into = "RawPurchases")]
pub struct Purchases {
    catalogue: Arc<Catalogue>,
    /// What each participant bought, ascending and distinct.
    baskets: Arc<Ragged<u32>>,
    /// Beside the items of `baskets`.
    times: Arc<PurchaseTimes>,
}

impl Purchases {
    /// The courses that purchases refer to.
    pub fn catalogue(&self) -> &Catalogue {
        &self.catalogue
    }

    /// How many purchases there are.
    pub fn len(&self) -> usize {
        self.baskets.items().len()
    }

    /// Whether there are no purchases.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// All purchases: the place of the participant among the records, the course, and the time where it is known. They come
    /// participant by participant, and the courses of one in the order of the catalogue.
    /// [`TrainingSet::iter_purchases`](crate::TrainingSet::iter_purchases) gives the ids of the participants.
    ///
    /// ```
    /// use sebaya::prelude::*;
    ///
    /// let mut data = TrainingSet::builder(Schema::new().numeric("age"));
    /// data.course(Course::new("excel", Amount(250_000)))?.participant("ani", Profile::new())?.purchase("ani", "excel")?;
    /// let data = data.build()?;
    /// let all: Vec<_> = data.purchases().iter().map(|(row, course, at)| (row, course.id().as_str(), at)).collect();
    /// assert_eq!(all, [(0, "excel", None)]);
    /// # Ok::<(), sebaya::DataError>(())
    /// ```
    pub fn iter(&self) -> impl Iterator<Item = (usize, &Course, Option<Timestamp>)> {
        let of_row = move |row| self.times_of(row).map(move |(course, at)| (row, self.catalogue.course(course), at));
        (0..self.baskets.len()).flat_map(of_row)
    }

    /// The number of participants, with or without purchases.
    pub(crate) fn n_participants(&self) -> usize {
        self.baskets.len()
    }

    pub(crate) fn shared_catalogue(&self) -> &Arc<Catalogue> {
        &self.catalogue
    }

    /// The courses that a participant bought, ascending by number.
    pub(crate) fn of(&self, participant: u32) -> &[u32] {
        self.baskets.row(participant as usize)
    }

    /// The numbers of the participants with at least one purchase, ascending.
    pub(crate) fn past(&self) -> Vec<u32> {
        (0..).take(self.baskets.len()).filter(|&participant| !self.of(participant).is_empty()).collect()
    }

    pub(crate) fn times_of(&self, participant: usize) -> impl Iterator<Item = (u32, Option<Timestamp>)> {
        let range = self.baskets.range(participant);
        range.map(|i| (self.baskets.items()[i], self.times.get(i)))
    }

    /// The purchases dealt out anew: participant `i` gets those of participant `basket(i)` that `keep` accepts, or none. The
    /// catalogue has the same courses in the same order.
    #[cfg(feature = "evaluate")]
    pub(crate) fn rearranged(
        &self,
        catalogue: Arc<Catalogue>,
        basket: impl Fn(u32) -> Option<u32>,
        keep: impl Fn(u32, Option<Timestamp>) -> bool,
    ) -> Self {
        let mut courses = Vec::new();
        let mut times = PurchaseTimes::default();
        let ends = (0..).take(self.baskets.len()).map(|participant| {
            for (course, at) in basket(participant).into_iter().flat_map(|from| self.times_of(from as usize)) {
                if keep(course, at) {
                    courses.push(course);
                    times.push(at);
                }
            }
            // Only a basket that many participants get could exceed this, and memory would end before.
            u32::try_from(courses.len()).unwrap_or(u32::MAX)
        });
        let ends = ends.collect();
        courses.shrink_to_fit();
        times.shrink_to_fit();
        Self { catalogue, baskets: Arc::new(Ragged::from_ends(ends, courses)), times: Arc::new(times) }
    }

    /// The time of the newest purchase whose time is known.
    pub(crate) fn newest(&self) -> Option<Timestamp> {
        (0..self.len()).filter_map(|i| self.times.get(i)).max()
    }
}

/// Purchases in the order they came, before they are sorted by participant.
///
/// Participants and courses lie in arrays of their own, so that purchases which come in order are only checked, and the
/// array of courses is not copied.
#[derive(Debug, Clone, Default)]
pub(super) struct PurchaseList {
    participants: Vec<u32>,
    /// Beside `participants`.
    courses: Vec<u32>,
    /// Beside `participants`.
    times: PurchaseTimes,
}

impl PurchaseList {
    pub(super) fn push(&mut self, participant: u32, course: u32, at: Option<Timestamp>) {
        self.participants.push(participant);
        self.courses.push(course);
        self.times.push(at);
    }

    pub(super) fn is_empty(&self) -> bool {
        self.participants.is_empty()
    }

    /// Sorts by participant and course, and keeps the earliest of equal pairs.
    pub(super) fn build(mut self, participants: usize, catalogue: Arc<Catalogue>) -> Result<Purchases, DataError> {
        if !self.pairs().is_sorted_by(|a, b| a < b) {
            self.sort();
        }
        u32::try_from(self.courses.len()).map_err(|_| DataError::TooManyPurchases)?;
        let mut ends = vec![0; participants];
        for (end, &participant) in (1..).zip(&self.participants) {
            ends[participant as usize] = end;
        }
        let mut last = 0;
        for end in &mut ends {
            last = last.max(*end);
            *end = last;
        }
        self.courses.shrink_to_fit();
        self.times.shrink_to_fit();
        let baskets = Ragged::from_ends(ends, self.courses);
        Ok(Purchases { catalogue, baskets: Arc::new(baskets), times: Arc::new(self.times) })
    }

    fn pairs(&self) -> impl Iterator<Item = (u32, u32)> {
        self.participants.iter().copied().zip(self.courses.iter().copied())
    }

    fn sort(&mut self) {
        if let PurchaseTimes::Unknown(_) = self.times {
            let mut pairs: Vec<_> = self.pairs().collect();
            pairs.sort_unstable();
            pairs.dedup();
            self.times = PurchaseTimes::Unknown(pairs.len());
            (self.participants, self.courses) = pairs.into_iter().unzip();
        } else {
            let earliest = |at: Option<Timestamp>| (at.is_none(), at);
            let mut all: Vec<_> = (0..).zip(self.pairs()).map(|(i, pair)| (pair, self.times.get(i))).collect();
            all.sort_unstable_by_key(|&(pair, at)| (pair, earliest(at)));
            all.dedup_by_key(|&mut (pair, _)| pair);
            self.times = all.iter().map(|&(_, at)| at).collect();
            (self.participants, self.courses) = all.into_iter().map(|(pair, _)| pair).unzip();
        }
    }
}

#[derive(Clone, Serialize, Deserialize)]
struct RawPurchases {
    courses: Catalogue,
    /// For each participant, in order, ids and times.
    baskets: Vec<Vec<(CourseId, Option<Timestamp>)>>,
}

impl From<Purchases> for RawPurchases {
    fn from(purchases: Purchases) -> Self {
        let id = |course| purchases.catalogue.course(course).id().clone();
        let basket = |p| purchases.times_of(p).map(|(course, at)| (id(course), at)).collect();
        Self {
            baskets: (0..purchases.baskets.len()).map(basket).collect(),
            courses: purchases.catalogue.as_ref().clone(),
        }
    }
}

impl TryFrom<RawPurchases> for Purchases {
    type Error = DataError;

    fn try_from(raw: RawPurchases) -> Result<Self, DataError> {
        let mut list = PurchaseList::default();
        for (basket, participant) in raw.baskets.iter().zip(0..) {
            for (id, at) in basket {
                let unknown = || DataError::UnknownCourse { id: id.to_string() };
                list.push(participant, raw.courses.number(id.as_str()).ok_or_else(unknown)?, *at);
            }
        }
        list.build(raw.baskets.len(), Arc::new(raw.courses))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Amount, Course};

    #[test]
    fn equal_pairs_count_once_at_their_earliest_time() {
        let catalogue = ["a", "b"].map(|id| Course::new(id, Amount(1))).to_vec();
        let mut list = PurchaseList::default();
        for (participant, course, at) in
            [(2, 1, None), (0, 1, Some(5)), (2, 0, Some(3)), (2, 1, Some(9)), (2, 1, Some(7))]
        {
            list.push(participant, course, at.map(Timestamp));
        }
        let purchases = list.build(4, Arc::new(catalogue.try_into().unwrap())).unwrap();
        let baskets: Vec<Vec<_>> = (0..4).map(|p| purchases.times_of(p).collect()).collect();
        let at = |t| Some(Timestamp(t));
        assert_eq!(baskets, [vec![(1, at(5))], vec![], vec![(0, at(3)), (1, at(7))], vec![]]);
        let copy: Purchases = serde_json::from_str(&serde_json::to_string(&purchases).unwrap()).unwrap();
        assert_eq!((copy.baskets, copy.times), (purchases.baskets, purchases.times));
    }

    #[test]
    fn purchases_without_times_are_sorted_and_counted_once_too() {
        let catalogue = ["a", "b"].map(|id| Course::new(id, Amount(1))).to_vec();
        let catalogue = Arc::new(Catalogue::try_from(catalogue).unwrap());
        for pairs in [vec![(0, 1), (2, 0), (2, 1)], vec![(2, 1), (0, 1), (2, 0), (2, 1)]] {
            let mut list = PurchaseList::default();
            for (participant, course) in pairs {
                list.push(participant, course, None);
            }
            let purchases = list.build(3, Arc::clone(&catalogue)).unwrap();
            assert_eq!([0, 1, 2].map(|p| purchases.of(p).to_vec()), [vec![1], vec![], vec![0, 1]]);
            assert_eq!(purchases.times_of(2).collect::<Vec<_>>(), [(0, None), (1, None)]);
        }
    }
}
