//! How many of all past participants bought each course, and the order among courses of equal score.

use std::cmp::Reverse;

use crate::domain::{Catalogue, Purchases};

/// Buyers among all past participants.
#[derive(Debug, Clone)]
pub(crate) struct Popularity {
    buyers: Vec<u32>,
    /// The courses that anybody bought, by buyers descending, price ascending, id ascending.
    order: Vec<u32>,
    /// The place of each course in that order, among all courses.
    place: Vec<u32>,
}

impl Popularity {
    pub(crate) fn new(purchases: &Purchases, past: &[u32]) -> Self {
        let catalogue = purchases.catalogue();
        let mut buyers = vec![0; catalogue.len()];
        for &participant in past {
            purchases.of(participant).iter().for_each(|&course| buyers[course as usize] += 1);
        }
        let (order, place) = order(&buyers, catalogue);
        Self { buyers, order, place }
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
        &self.order
    }

    /// Where a course stands among courses of equal score: the smaller, the earlier.
    pub(crate) fn place(&self, course: u32) -> u32 {
        self.place[course as usize]
    }
}

fn order(buyers: &[u32], catalogue: &Catalogue) -> (Vec<u32>, Vec<u32>) {
    let mut order: Vec<u32> = (0..).take(buyers.len()).collect();
    order.sort_unstable_by_key(|&number| {
        let course = catalogue.course(number);
        (Reverse(buyers[number as usize]), course.price(), course.id())
    });
    let mut place = vec![0; buyers.len()];
    (0..).zip(&order).for_each(|(at, &course)| place[course as usize] = at);
    let bought = order.partition_point(|&course| buyers[course as usize] > 0);
    order.truncate(bought);
    (order, place)
}
