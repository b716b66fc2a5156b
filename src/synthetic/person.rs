//! Who takes part.

use super::audience::{Audience, OUT_OF};
use super::choice::{Choice, Random};
use super::figures::{AGES, EDUCATIONS, EMPLOYMENTS, GENDERS, ISLANDS, JOINED, PROVINCES};
use super::tastes::{
    AGE_MISSING_PERCENT, EDUCATION_MISSING_PERCENT, INTERESTS, INTERESTS_MISSING_PERCENT, PATIENCE, SKILL_AREAS, WANTED,
};
use crate::domain::{TagList, TypedValue};

/// A participant as they are, whether or not they say so.
#[derive(Debug, Clone, Copy)]
pub(super) struct SyntheticPerson {
    pub(super) age: u8,
    pub(super) gender: usize,
    pub(super) education: usize,
    pub(super) employment: usize,
    pub(super) province: usize,
    /// One bit for each skill area.
    pub(super) interests: u32,
    /// How many courses they want.
    pub(super) wanted: u32,
    /// Seconds since 1970.
    pub(super) joined: u32,
    tells_age: bool,
    tells_education: bool,
    tells_interests: bool,
}

impl SyntheticPerson {
    /// Which kind of person they are.
    pub(super) fn kind(&self) -> PersonKind {
        PersonKind { gender: self.gender, employment: self.employment, island: PROVINCES[self.province].1 }
    }

    pub(super) fn is_interested_in(&self, area: usize) -> bool {
        self.interests >> area & 1 == 1
    }

    /// What they say of attribute `at` of the schema. `tags` holds their interests.
    pub(super) fn says<'t>(&self, at: usize, tags: &'t str) -> TypedValue<'t> {
        match at {
            0 if self.tells_age => TypedValue::Number(self.age.into()),
            1 => TypedValue::Text(GENDERS[self.gender].0),
            2 if self.tells_education => TypedValue::Text(EDUCATIONS[self.education].0),
            3 => TypedValue::Text(EMPLOYMENTS[self.employment].0),
            4 => TypedValue::Text(PROVINCES[self.province].0),
            5 if self.tells_interests => TypedValue::Tags(TagList::Cell(tags)),
            _ => TypedValue::Missing,
        }
    }

    /// Writes their interests as a cell of tags.
    pub(super) fn write_interests(&self, cell: &mut String) {
        cell.clear();
        for (area, _) in SKILL_AREAS.iter().zip(0..).filter(|&(_, area)| self.is_interested_in(area)) {
            if !cell.is_empty() {
                cell.push('|');
            }
            cell.push_str(area.name);
        }
    }
}

/// People who share the values of gender, employment and islands.
#[derive(Debug, Clone, Copy)]
pub(super) struct PersonKind {
    pub(super) gender: usize,
    pub(super) employment: usize,
    /// The group of islands.
    pub(super) island: usize,
}

impl PersonKind {
    pub(super) fn all() -> impl Iterator<Item = Self> {
        (0..GENDERS.len() * EMPLOYMENTS.len() * ISLANDS).map(|number| Self {
            gender: number / ISLANDS / EMPLOYMENTS.len(),
            employment: number / ISLANDS % EMPLOYMENTS.len(),
            island: number % ISLANDS,
        })
    }

    /// Its place among all kinds.
    pub(super) fn number(self) -> usize {
        (self.gender * EMPLOYMENTS.len() + self.employment) * ISLANDS + self.island
    }
}

/// Where participants come from.
#[derive(Debug)]
pub(super) struct Population {
    ages: Choice,
    genders: Choice,
    educations: Choice,
    employments: Choice,
    provinces: Choice,
    joined: Choice,
    areas: Choice,
    audiences: Vec<Audience>,
    interests: Choice,
    wanted: Choice,
}

impl Population {
    pub(super) fn new() -> Self {
        Self {
            ages: Choice::new(AGES.map(|(_, _, weight)| weight)),
            genders: Choice::new(GENDERS.map(|(_, weight)| weight)),
            educations: Choice::new(EDUCATIONS.map(|(_, weight)| weight)),
            employments: Choice::new(EMPLOYMENTS.map(|(_, weight)| weight)),
            provinces: Choice::new(PROVINCES.map(|(_, _, weight)| weight)),
            joined: Choice::new(JOINED.windows(2).map(|ends| ends[1].1 - ends[0].1)),
            areas: Choice::new(SKILL_AREAS.iter().map(|area| area.share.into())),
            audiences: (0..SKILL_AREAS.len()).map(Audience::of_area).collect(),
            interests: Choice::new(INTERESTS),
            wanted: Choice::new(WANTED),
        }
    }

    /// Attributes are independent of each other, as only their own distributions are published. Interests depend on all.
    pub(super) fn draw(&self, random: &mut Random) -> SyntheticPerson {
        let (first, last, _) = AGES[self.ages.draw(random)];
        let mut person = SyntheticPerson {
            age: (first..=last).nth(random.below(u32::from(last - first) + 1) as usize).unwrap_or(first),
            gender: self.genders.draw(random),
            education: self.educations.draw(random),
            employment: self.employments.draw(random),
            province: self.provinces.draw(random),
            interests: 0,
            wanted: 0,
            joined: 0,
            tells_age: !random.percent(AGE_MISSING_PERCENT),
            tells_education: !random.percent(EDUCATION_MISSING_PERCENT),
            tells_interests: !random.percent(INTERESTS_MISSING_PERCENT),
        };
        (0..=self.interests.draw(random)).for_each(|_| person.interests |= 1 << self.interest(&person, random));
        person.wanted = (1..).nth(self.wanted.draw(random)).unwrap_or(1);
        let period = self.joined.draw(random);
        let day = random.within(JOINED[period].0, JOINED[period + 1].0 - 1);
        person.joined = day * SECONDS_A_DAY + random.below(SECONDS_A_DAY);
        person
    }

    /// A skill area that suits a person and is not among their interests yet.
    fn interest(&self, person: &SyntheticPerson, random: &mut Random) -> usize {
        // Nobody is kept from an area by not being interested in it yet.
        let keen = SyntheticPerson { interests: u32::MAX, ..*person };
        let mut area = self.areas.draw(random);
        for _ in 0..PATIENCE {
            let suits = random.below(OUT_OF * OUT_OF) < self.audiences[area].suits(&keen);
            if suits && !person.is_interested_in(area) {
                break;
            }
            area = self.areas.draw(random);
        }
        area
    }
}

pub(super) const SECONDS_A_DAY: u32 = 86_400;
