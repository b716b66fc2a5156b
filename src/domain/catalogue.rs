//! All courses.

use serde::{Deserialize, Serialize};

use super::{Amount, Course, DataError};
use crate::store::Interner;

/// The courses of a programme, each with its number in the order they were added.
///
/// ```
/// use sebaya::{Amount, Catalogue, Course};
///
/// let mut catalogue = Catalogue::new();
/// catalogue.add(Course::new("excel", Amount(250_000)))?;
/// assert_eq!(catalogue.get("excel").unwrap().price(), Amount(250_000));
/// assert!(catalogue.add(Course::new("excel", Amount(1))).is_err());
/// # Ok::<(), sebaya::DataError>(())
/// ```
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(try_from = "Vec<Course>", into = "Vec<Course>")]
pub struct Catalogue {
    courses: Vec<Course>,
    ids: Interner,
}

impl Catalogue {
    /// An empty catalogue.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a course.
    ///
    /// # Errors
    ///
    /// * [`DataError::EmptyId`] or [`DataError::DuplicateId`];
    /// * [`DataError::AmountTooLarge`] when the price exceeds [`Amount::MAX`].
    pub fn add(&mut self, course: Course) -> Result<(), DataError> {
        let id = course.id().as_str();
        if id.is_empty() {
            return Err(DataError::EmptyId { what: "course" });
        }
        if course.price() > Amount::MAX {
            return Err(DataError::AmountTooLarge { what: "price", amount: course.price() });
        }
        if !self.ids.insert(id)?.1 {
            return Err(DataError::DuplicateId { what: "course", id: id.to_owned() });
        }
        self.courses.push(course);
        Ok(())
    }

    /// The course with this id.
    pub fn get(&self, id: &str) -> Option<&Course> {
        self.number(id).map(|n| self.course(n))
    }

    /// All courses, in the order they were added.
    pub fn iter(&self) -> std::slice::Iter<'_, Course> {
        self.courses.iter()
    }

    /// How many courses there are.
    pub fn len(&self) -> usize {
        self.courses.len()
    }

    /// Whether there is no course.
    pub fn is_empty(&self) -> bool {
        self.courses.is_empty()
    }

    /// Adds a course, or puts it in the place of the one with its id.
    pub(crate) fn upsert(&mut self, course: Course) -> Result<(), DataError> {
        match self.number(course.id().as_str()) {
            Some(_) if course.price() > Amount::MAX => {
                Err(DataError::AmountTooLarge { what: "price", amount: course.price() })
            }
            Some(number) => {
                self.courses[number as usize] = course;
                Ok(())
            }
            None => self.add(course),
        }
    }

    /// The same courses, each open or not.
    #[cfg(feature = "evaluate")]
    pub(crate) fn with_open(mut self, open: impl Fn(u32) -> bool) -> Self {
        let courses = self.courses.into_iter().zip(0..);
        self.courses = courses.map(|(course, number)| course.with_open(open(number))).collect();
        self
    }

    pub(crate) fn number(&self, id: &str) -> Option<u32> {
        self.ids.get(id)
    }

    pub(crate) fn course(&self, number: u32) -> &Course {
        &self.courses[number as usize]
    }
}

impl<'a> IntoIterator for &'a Catalogue {
    type Item = &'a Course;
    type IntoIter = std::slice::Iter<'a, Course>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

impl TryFrom<Vec<Course>> for Catalogue {
    type Error = DataError;

    fn try_from(courses: Vec<Course>) -> Result<Self, DataError> {
        let mut catalogue = Self::new();
        for course in courses {
            catalogue.add(course)?;
        }
        Ok(catalogue)
    }
}

impl From<Catalogue> for Vec<Course> {
    fn from(catalogue: Catalogue) -> Self {
        catalogue.courses
    }
}
