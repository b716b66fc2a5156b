//! Whom a course suits.

use super::choice::Random;
use super::figures::{EDUCATIONS, FEMALE};
use super::person::{PersonKind, SyntheticPerson};
use super::tastes::{
    EDUCATION_SUITS, ELSEWHERE_SUITS, EVERYONE, NOT_INTERESTED_SUITS, OTHER_EMPLOYMENT_SUITS, SKILL_AREAS,
    WITH_HOME_PERCENT, age_suits, gender_suits,
};

/// Whom a course or a skill area suits: how many of 16 people with each value of an attribute.
#[derive(Debug, Clone)]
pub(super) struct Audience {
    area: usize,
    genders: [u8; 2],
    age: u8,
    educations: [u8; 6],
    employments: [u8; 4],
    islands: [u8; 6],
}

impl Audience {
    /// The audience of a whole skill area.
    pub(super) fn of_area(area: usize) -> Self {
        let tastes = &SKILL_AREAS[area];
        let mut islands = [ELSEWHERE_SUITS; 6];
        tastes.islands.iter().for_each(|&island| islands[island] = EVERYONE);
        Self {
            area,
            genders: genders(tastes.women),
            age: tastes.age,
            educations: educations(tastes.education),
            employments: tastes.employments,
            islands,
        }
    }

    /// The audience of a course: that of its area, but with its own age, education and employment, and often a home.
    pub(super) fn of_course(area: usize, random: &mut Random) -> Self {
        let tastes = &SKILL_AREAS[area];
        let made_for = random.pick(&[0, 1, 2, 3]);
        let lean = tastes.women + random.pick(&[-3, -2, -1, 0, 0, 1, 2, 3]);
        let age = tastes.age + random.pick(&[0, 2, 4, 6, 8, 10, 12, 14, 16, 18, 20, 22, 24]);
        let mut audience = Self {
            area,
            genders: genders(lean.clamp(-5, 5)),
            age: age.saturating_sub(12).clamp(18, 64),
            educations: educations((tastes.education + random.pick(&[0, 1, 2])).saturating_sub(1).min(5)),
            employments: tastes.employments,
            islands: [EVERYONE; 6],
        };
        for (other, suits) in audience.employments.iter_mut().enumerate() {
            if other != *made_for {
                *suits = (*suits * OTHER_EMPLOYMENT_SUITS / EVERYONE).max(1);
            }
        }
        let home = *random.pick(tastes.islands);
        if random.percent(WITH_HOME_PERCENT) {
            audience.islands = [ELSEWHERE_SUITS; 6];
            audience.islands[home] = EVERYONE;
        }
        audience
    }

    /// How many of [`OUT_OF`] squared people like this one the course suits.
    pub(super) fn suits(&self, person: &SyntheticPerson) -> u32 {
        self.suits_kind(person.kind()) * self.suits_within_kind(person)
    }

    /// How many of [`OUT_OF`] people of this kind the course suits by gender, employment and islands.
    pub(super) fn suits_kind(&self, kind: PersonKind) -> u32 {
        let suits = [self.genders[kind.gender], self.employments[kind.employment], self.islands[kind.island]];
        suits.into_iter().map(u32::from).product()
    }

    /// How many of [`OUT_OF`] people like this one the course suits by age, education and interests.
    pub(super) fn suits_within_kind(&self, person: &SyntheticPerson) -> u32 {
        let interest = if person.is_interested_in(self.area) { EVERYONE } else { NOT_INTERESTED_SUITS };
        let suits = [age_suits(self.age.abs_diff(person.age)), self.educations[person.education], interest];
        suits.into_iter().map(u32::from).product()
    }
}

/// How many people [`Audience::suits_kind`] and [`Audience::suits_within_kind`] count out of.
pub(super) const OUT_OF: u32 = 1 << 12;

fn genders(women: i8) -> [u8; 2] {
    let mut genders = [EVERYONE; 2];
    genders[if women > 0 { 1 - FEMALE } else { FEMALE }] = gender_suits(women.unsigned_abs());
    genders
}

fn educations(best: u8) -> [u8; EDUCATIONS.len()] {
    let mut suits = [0; EDUCATIONS.len()];
    for (suits, level) in suits.iter_mut().zip(0_u8..) {
        *suits = EDUCATION_SUITS[usize::from(level.abs_diff(best))];
    }
    suits
}
