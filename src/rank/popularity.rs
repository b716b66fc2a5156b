//! How many of all past participants bought each course, and the order among courses of equal score.

use std::cmp::Reverse;

use crate::domain::{Amount, Catalogue, CourseId, Purchases};

/// Buyers among all past participants.
#[derive(Debug, Clone)]
pub(crate) struct Popularity {
    buyers: Vec<u32>,
    /// All courses, by buyers descending, price ascending, id ascending.
    order: Vec<u32>,
    /// The place of each course in that order.
    place: Vec<u32>,
    /// How many courses anybody bought.
    n_bought: usize,
}

impl Popularity {
    pub(crate) fn new(purchases: &Purchases, past: &[u32]) -> Self {
        let catalogue = purchases.catalogue();
        let mut buyers = vec![0; catalogue.len()];
        for &participant in past {
            purchases.of(participant).iter().for_each(|&course| buyers[course as usize] += 1);
        }
        Self::ordered(buyers, catalogue)
    }

    fn ordered(buyers: Vec<u32>, catalogue: &Catalogue) -> Self {
        let mut order: Vec<u32> = (0..).take(buyers.len()).collect();
        order.sort_unstable_by_key(|&course| key(course, &buyers, catalogue));
        let mut place = vec![0; buyers.len()];
        (0..).zip(&order).for_each(|(at, &course)| place[course as usize] = at);
        let n_bought = order.partition_point(|&course| buyers[course as usize] > 0);
        Self { buyers, order, place, n_bought }
    }

    /// The same buyers of a catalogue with other prices, or with more courses.
    pub(crate) fn with_catalogue(&self, catalogue: &Catalogue) -> Self {
        let mut buyers = self.buyers.clone();
        buyers.resize(catalogue.len(), 0);
        Self::ordered(buyers, catalogue)
    }

    /// Counts buyers more, or fewer, and moves the course to where it stands now.
    pub(crate) fn count(&mut self, course: u32, buyers: i64, catalogue: &Catalogue) {
        let now = &mut self.buyers[course as usize];
        let before = *now;
        *now = u32::try_from(i64::from(before) + buyers).unwrap_or(0);
        self.n_bought = self.n_bought + usize::from(*now > 0) - usize::from(before > 0);
        let mut at = self.place[course as usize] as usize;
        while at > 0 && self.stands_before(course, self.order[at - 1], catalogue) {
            self.swap(at - 1);
            at -= 1;
        }
        while at + 1 < self.order.len() && self.stands_before(self.order[at + 1], course, catalogue) {
            self.swap(at);
            at += 1;
        }
    }

    fn stands_before(&self, a: u32, b: u32, catalogue: &Catalogue) -> bool {
        key(a, &self.buyers, catalogue) < key(b, &self.buyers, catalogue)
    }

    /// Swaps the courses at this place and the next one.
    fn swap(&mut self, at: usize) {
        self.order.swap(at, at + 1);
        self.place.swap(self.order[at] as usize, self.order[at + 1] as usize);
    }

    /// How many courses there are.
    pub(crate) fn n_courses(&self) -> usize {
        self.buyers.len()
    }

    /// How many past participants bought a course.
    pub(crate) fn buyers(&self, course: u32) -> u32 {
        self.buyers[course as usize]
    }

    /// The courses that anybody bought, most buyers first, then the cheapest, then by id.
    pub(crate) fn order(&self) -> &[u32] {
        &self.order[..self.n_bought]
    }

    /// Where a course stands among courses of equal score: the smaller, the earlier.
    pub(crate) fn place(&self, course: u32) -> u32 {
        self.place[course as usize]
    }
}

/// By what courses of equal score are ordered, ascending.
fn key<'c>(course: u32, buyers: &[u32], catalogue: &'c Catalogue) -> (Reverse<u32>, Amount, &'c CourseId) {
    let buyers = buyers[course as usize];
    let course = catalogue.course(course);
    (Reverse(buyers), course.price(), course.id())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::Course;

    #[test]
    fn one_buyer_more_or_less_moves_a_course_to_its_place() {
        let courses = [("a", 3), ("b", 1), ("c", 2), ("d", 2)].map(|(id, price)| Course::new(id, Amount(price)));
        let catalogue = Catalogue::try_from(courses.to_vec()).unwrap();
        let mut moved = Popularity::ordered(vec![0; 4], &catalogue);
        for (course, more) in
            [(0, true), (2, true), (2, true), (3, true), (0, true), (2, false), (3, true), (3, false), (3, false)]
        {
            moved.count(course, if more { 1 } else { -1 }, &catalogue);
            let anew = Popularity::ordered(moved.buyers.clone(), &catalogue);
            assert_eq!((&moved.order, &moved.place, moved.n_bought), (&anew.order, &anew.place, anew.n_bought));
        }
        assert_eq!((moved.order(), &moved.buyers[..]), (&[0, 2][..], &[2, 0, 1, 0][..]));
    }
}
