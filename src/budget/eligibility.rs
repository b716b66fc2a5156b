//! Which courses may be recommended at all.

use crate::domain::{Amount, Catalogue, Course};

/// The affordability test, which everything but the solver uses: a course priced exactly at the balance is affordable.
pub(crate) fn affordable(price: Amount, balance: Amount) -> bool {
    price <= balance
}

/// The courses that a participant owns: a mark for each, cleared by the list of marked ones.
#[derive(Debug, Clone, Default)]
pub(crate) struct Owned {
    marks: Vec<bool>,
    list: Vec<u32>,
}

impl Owned {
    pub(crate) fn new(n_courses: usize) -> Self {
        Self { marks: vec![false; n_courses], list: Vec::new() }
    }

    /// Makes room for so many courses.
    pub(crate) fn fit(&mut self, n_courses: usize) {
        self.marks.resize(n_courses.max(self.marks.len()), false);
    }

    pub(crate) fn clear(&mut self) {
        self.list.drain(..).for_each(|course| self.marks[course as usize] = false);
    }

    pub(crate) fn add(&mut self, course: u32) {
        if !std::mem::replace(&mut self.marks[course as usize], true) {
            self.list.push(course);
        }
    }

    /// The owned courses, each once, in no particular order.
    pub(crate) fn list(&self) -> &[u32] {
        &self.list
    }

    pub(crate) fn contains(&self, course: u32) -> bool {
        self.marks[course as usize]
    }
}

/// The rules of one query. A course is eligible when it is open, not owned, affordable, and accepted by the caller.
pub(crate) struct Eligibility<'q> {
    pub(crate) catalogue: &'q Catalogue,
    pub(crate) owned: &'q Owned,
    pub(crate) balance: Amount,
    pub(crate) accept: Option<&'q (dyn Fn(&Course) -> bool + Send + Sync)>,
}

impl Eligibility<'_> {
    pub(crate) fn allows(&self, number: u32) -> bool {
        let course = self.catalogue.course(number);
        affordable(course.price(), self.balance)
            && course.is_open()
            && !self.owned.contains(number)
            && self.accepts(course)
    }

    pub(crate) fn accepts(&self, course: &Course) -> bool {
        self.accept.is_none_or(|accept| accept(course))
    }
}
