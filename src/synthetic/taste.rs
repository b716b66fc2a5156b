//! Which categories and courses appeal to whom.
//!
//! The order of the categories is published (programme office on waves 1 to 3, in Antara, August 2020; all trainees to
//! November 2020, in Sindonews, 24 November 2020), and a few facts point the way: make-up and sewing lead one platform's
//! list, sales and marketing leads overall. Everything else here is invented, as no table of participants by courses was
//! ever published: factors by which a category appeals more or less to a group, and for each course an audience of its own.

use super::figures::Region;

/// A category of courses, which is also an interest that a participant may name.
#[derive(Debug)]
pub(super) struct Category {
    pub(super) name: &'static str,
    /// How popular it is overall.
    weight: u32,
    /// Factors in quarters: men, women.
    gender: [u32; 2],
    /// Factors in quarters by age: to 25, to 35, to 45, older.
    age: [u32; 4],
    /// Factors in quarters by education: below SMA, SMA, above.
    education: [u32; 3],
    /// Factors in quarters by employment: employed, unemployed, outside the labour force.
    employment: [u32; 3],
}

const fn category(
    name: &'static str,
    weight: u32,
    gender: [u32; 2],
    age: [u32; 4],
    education: [u32; 3],
    employment: [u32; 3],
) -> Category {
    Category { name, weight, gender, age, education, employment }
}

pub(super) const CATEGORIES: [Category; 12] = [
    category("sales and marketing", 30, [4, 4], [4, 5, 4, 3], [3, 4, 5], [4, 5, 4]),
    category("beauty", 20, [1, 8], [6, 4, 3, 2], [5, 5, 2], [3, 4, 6]),
    category("information technology", 18, [7, 2], [7, 5, 2, 1], [1, 4, 7], [4, 5, 3]),
    category("finance", 14, [4, 4], [3, 5, 5, 4], [2, 3, 7], [5, 3, 4]),
    category("languages", 13, [3, 5], [8, 4, 2, 1], [1, 4, 6], [3, 6, 4]),
    category("lifestyle", 12, [3, 5], [4, 4, 4, 4], [4, 4, 4], [4, 4, 5]),
    category("management", 11, [5, 3], [2, 5, 6, 5], [1, 3, 8], [6, 3, 2]),
    category("office", 11, [3, 5], [7, 5, 3, 1], [2, 5, 5], [4, 6, 2]),
    category("social skills", 9, [4, 4], [5, 4, 3, 3], [3, 4, 5], [4, 5, 4]),
    category("food and beverage", 9, [2, 6], [3, 4, 5, 6], [6, 5, 2], [3, 4, 7]),
    category("agriculture", 5, [6, 2], [2, 3, 5, 8], [8, 4, 2], [4, 4, 4]),
    category("driving and repair", 6, [9, 1], [4, 5, 5, 4], [7, 5, 1], [4, 6, 2]),
];

/// A participant as far as taste goes.
#[derive(Debug, Clone)]
pub(super) struct Person {
    pub(super) female: bool,
    pub(super) age: u32,
    /// A place in `figures::EDUCATION`.
    pub(super) education: usize,
    /// A place in `figures::EMPLOYMENT`.
    pub(super) employment: usize,
    pub(super) region: Region,
    /// Places in `CATEGORIES`.
    pub(super) interests: Vec<usize>,
}

impl Person {
    fn age_band(&self) -> usize {
        match self.age {
            ..=25 => 0,
            26..=35 => 1,
            36..=45 => 2,
            _ => 3,
        }
    }

    /// How much each category appeals.
    pub(super) fn appeals(&self) -> [u32; CATEGORIES.len()] {
        let education = match self.education {
            0 | 1 => 0,
            2 => 1,
            _ => 2,
        };
        let mut appeals = [0; CATEGORIES.len()];
        for (i, (appeal, category)) in appeals.iter_mut().zip(&CATEGORIES).enumerate() {
            let groups = category.gender[usize::from(self.female)]
                * category.age[self.age_band()]
                * category.education[education]
                * category.employment[self.employment];
            let interest = if self.interests.contains(&i) { 5 } else { 1 };
            *appeal = category.weight * groups * interest;
        }
        appeals
    }
}

/// Whom a course is for, besides its category: any of these may be set.
#[derive(Debug, Clone, Default)]
pub(super) struct Audience {
    pub(super) female: Option<bool>,
    pub(super) age_band: Option<usize>,
    pub(super) region: Option<Region>,
    /// Whether it is for those with a diploma or degree, or for those without.
    pub(super) graduates: Option<bool>,
}

impl Audience {
    /// How many traits of the audience a person lacks.
    pub(super) fn misfits(&self, person: &Person) -> u32 {
        [
            self.female.is_some_and(|female| female != person.female),
            self.age_band.is_some_and(|band| band != person.age_band()),
            self.region.is_some_and(|region| region != person.region),
            self.graduates.is_some_and(|graduates| graduates != (person.education > 2)),
        ]
        .map(u32::from)
        .iter()
        .sum()
    }
}
