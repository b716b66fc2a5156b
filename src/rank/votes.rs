//! How many neighbours bought each course.

use super::Baskets;
use super::baskets::Bought;
use crate::neighbours::Neighbourhood;

/// Counts per course, and the list of courses that have any, so that clearing costs no more than filling.
#[derive(Debug, Clone)]
pub(crate) struct Votes {
    /// How many inside the radius and how many on the boundary bought each course.
    counts: Vec<(u32, u32)>,
    touched: Vec<u32>,
}

impl Votes {
    pub(crate) fn new(n_courses: usize) -> Self {
        Self { counts: vec![(0, 0); n_courses], touched: Vec::new() }
    }

    /// Counts the purchases of a neighbourhood.
    ///
    /// Of a participant who is left out the purchases are counted with those of the same row all the same: they are owned,
    /// and so never recommended.
    pub(crate) fn collect(&mut self, neighbourhood: &Neighbourhood, baskets: &Baskets) {
        self.clear();
        for &row in neighbourhood.inside() {
            baskets.of(row).iter().for_each(|&bought| self.add_inside(bought));
        }
        for &row in neighbourhood.boundary() {
            baskets.of(row).iter().for_each(|&bought| self.add_boundary(bought));
        }
    }

    pub(crate) fn add_inside(&mut self, (course, buyers): Bought) {
        self.entry(course).0 += buyers;
    }

    fn add_boundary(&mut self, (course, buyers): Bought) {
        self.entry(course).1 += buyers;
    }

    fn entry(&mut self, course: u32) -> &mut (u32, u32) {
        let counts = &mut self.counts[course as usize];
        if *counts == (0, 0) {
            self.touched.push(course);
        }
        counts
    }

    pub(crate) fn clear(&mut self) {
        self.touched.drain(..).for_each(|course| self.counts[course as usize] = (0, 0));
    }

    /// The courses that somebody bought, in no particular order.
    pub(crate) fn touched(&self) -> &[u32] {
        &self.touched
    }

    /// How many inside the radius and how many on the boundary bought a course.
    pub(crate) fn of(&self, course: u32) -> (u32, u32) {
        self.counts[course as usize]
    }
}
