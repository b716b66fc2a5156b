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

    /// Adds buyers, or takes them away. The course keeps its place in the order until [`place_anew`](Self::place_anew).
    pub(crate) fn count(&mut self, course: u32, buyers: i64) {
        let counted = &mut self.buyers[course as usize];
        *counted = u32::try_from(i64::from(*counted) + buyers).unwrap_or(0);
    }

    /// Makes room for the counts of a catalogue with more courses. The new courses have no place until they are given to
    /// [`place_anew`](Self::place_anew).
    pub(crate) fn make_room(&mut self, n_courses: usize) {
        self.buyers.resize(n_courses, 0);
        self.place.resize(n_courses, 0);
    }

    /// Sorts new courses, and courses whose buyers or prices changed, into the order. It takes one pass over all courses, however
    /// many changed.
    pub(crate) fn place_anew(&mut self, mut courses: Vec<u32>, catalogue: &Catalogue) {
        let Self { buyers, order, place, n_bought } = self;
        let key = |course: u32| key(course, buyers, catalogue);
        courses.sort_unstable_by(|&a, &b| key(a).cmp(&key(b)));
        courses.dedup();
        for &course in &courses {
            place[course as usize] = MOVING;
        }
        order.retain(|&course| place[course as usize] != MOVING);
        let mut rest = std::mem::take(order);
        for &course in courses.iter().rev() {
            let after = rest.split_off(rest.partition_point(|&other| key(other) < key(course)));
            order.extend(after.into_iter().rev());
            order.push(course);
        }
        order.extend(rest.into_iter().rev());
        order.reverse();
        (0..).zip(&*order).for_each(|(at, &course)| place[course as usize] = at);
        *n_bought = order.partition_point(|&course| buyers[course as usize] > 0);
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

    /// The place of a course among courses of equal score; smaller places come first.
    pub(crate) fn place(&self, course: u32) -> u32 {
        self.place[course as usize]
    }
}

/// The place of a course that is being moved.
const MOVING: u32 = u32::MAX;

/// The sort key of courses of equal score, ascending.
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
    fn courses_move_to_their_places_one_by_one_and_together() {
        let courses = [("a", 3), ("b", 1), ("c", 2), ("d", 2)].map(|(id, price)| Course::new(id, Amount(price)));
        let mut catalogue = Catalogue::try_from(courses.to_vec()).unwrap();
        let mut moved = Popularity::ordered(vec![0; 4], &catalogue);
        let equals_anew = |moved: &Popularity, catalogue: &Catalogue| {
            let anew = Popularity::ordered(moved.buyers.clone(), catalogue);
            assert_eq!((&moved.order, &moved.place, moved.n_bought), (&anew.order, &anew.place, anew.n_bought));
        };
        for (course, more) in
            [(0, true), (2, true), (2, true), (3, true), (0, true), (2, false), (3, true), (3, false), (3, false)]
        {
            moved.count(course, if more { 1 } else { -1 });
            moved.place_anew(vec![course], &catalogue);
            equals_anew(&moved, &catalogue);
        }
        assert_eq!((moved.order(), &moved.buyers[..]), (&[0, 2][..], &[2, 0, 1, 0][..]));
        catalogue.upsert(Course::new("e", Amount(0))).unwrap();
        catalogue.upsert(Course::new("b", Amount(9))).unwrap();
        moved.make_room(5);
        moved.place_anew(vec![4, 1, 2, 1], &catalogue);
        equals_anew(&moved, &catalogue);
        assert_eq!(moved.order, [0, 2, 4, 3, 1]);
        moved.place_anew(vec![], &catalogue);
        equals_anew(&moved, &catalogue);
    }
}
