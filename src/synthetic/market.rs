//! The courses, and who buys which.

use super::audience::{Audience, OUT_OF};
use super::choice::{Choice, Random};
use super::demand;
use super::figures::{BALANCE, DAYS_TO_BUY, PRICES, PROVIDERS};
use super::person::{PersonKind, Population, SECONDS_A_DAY, SyntheticPerson};
use super::tastes::{DAYS_BETWEEN, KEPT_FOR_EACH, PATIENCE, PRICE_POINTS, SKILL_AREAS, SOLD_PERCENT};
use super::titles::Titles;
use crate::domain::{Amount, Course, Timestamp};

/// All courses, and the part of them that sells.
#[derive(Debug)]
pub(super) struct Market {
    pub(super) courses: Vec<Course>,
    sold: Vec<Sold>,
    /// For each kind of people, how often they look at each of the courses that sell, without the looks at courses that do
    /// not suit their kind.
    looks: Vec<Choice>,
}

#[derive(Debug)]
struct Sold {
    course: u32,
    price: u32,
    audience: Audience,
}

/// The stream of random numbers that makes the courses; those of participants are below 2^32.
const COURSES: u64 = 1 << 32;

impl Market {
    pub(super) fn new(seed: u64, n_courses: u32, population: &Population) -> Self {
        let mut random = Random::stream(seed, COURSES);
        let (areas, providers) =
            (Choice::new(SKILL_AREAS.iter().map(|a| a.share.into())), Choice::new(PROVIDERS.map(|(_, bought)| bought)));
        let mut titles = Titles::new(seed);
        let mut prices = Vec::new();
        let mut area_of = Vec::new();
        let mut courses = Vec::new();
        for number in 0..n_courses {
            let (area, price) = (areas.draw(&mut random), price(&mut random));
            let provider = PROVIDERS[providers.draw(&mut random)].0;
            let topic = random.pick(SKILL_AREAS[area].topics);
            let title = titles.next(topic, provider, &mut random);
            let course = Course::new(format!("c{number}"), Amount(price.into()));
            courses.push(course.with_title(title).with_provider(provider).with_category(SKILL_AREAS[area].name));
            prices.push(price);
            area_of.push(area);
        }

        // The first of a random order sell, and their order within each area is that of their popularity.
        let mut order: Vec<u32> = (0..n_courses).collect();
        random.shuffle(&mut order);
        order.truncate((order.len() * SOLD_PERCENT as usize).div_ceil(100));
        let sold: Vec<Sold> = order
            .into_iter()
            .map(|course| {
                let audience = Audience::of_course(area_of[course as usize], &mut random);
                Sold { course, price: prices[course as usize], audience }
            })
            .collect();
        let areas: Vec<usize> = sold.iter().map(|s| area_of[s.course as usize]).collect();
        let audiences: Vec<&Audience> = sold.iter().map(|s| &s.audience).collect();
        let looks = demand::looks(&areas, &audiences, seed, population);
        let of_kind = |kind| {
            let suits = sold.iter().map(|sold| u64::from(sold.audience.suits_kind(kind)));
            Choice::new(looks.iter().zip(suits).map(|(looks, suits)| looks * suits))
        };
        Self { looks: PersonKind::all().map(of_kind).collect(), courses, sold }
    }

    /// Fills `basket` with the numbers of the courses that a person buys, ascending, and when. Only an empty catalogue
    /// leaves it empty.
    pub(super) fn shop(
        &self,
        person: &SyntheticPerson,
        random: &mut Random,
        basket: &mut Vec<(u32, Option<Timestamp>)>,
    ) {
        basket.clear();
        let mut left = BALANCE;
        let mut at = person.joined + random.below(DAYS_TO_BUY * SECONDS_A_DAY);
        for others in (0..person.wanted).rev() {
            let limit = left.saturating_sub(others * KEPT_FOR_EACH);
            let bought = self.browse(person, limit, basket, random);
            // Someone who finds nothing at all takes the cheapest course.
            let bought =
                bought.or_else(|| self.sold.iter().filter(|_| basket.is_empty()).min_by_key(|sold| sold.price));
            let Some(bought) = bought else { break };
            left -= bought.price;
            basket.push((bought.course, Some(Timestamp(at.into()))));
            at += random.below(DAYS_BETWEEN * SECONDS_A_DAY);
        }
        basket.sort_unstable();
    }

    /// Looks at one course after another, popular ones more often, and takes the first that suits.
    fn browse(
        &self,
        person: &SyntheticPerson,
        limit: u32,
        basket: &[(u32, Option<Timestamp>)],
        random: &mut Random,
    ) -> Option<&Sold> {
        let looks = &self.looks[person.kind().number()];
        (0..if looks.is_empty() { 0 } else { PATIENCE }).find_map(|_| {
            let sold = &self.sold[looks.draw(random)];
            let possible = sold.price <= limit && basket.iter().all(|&(course, _)| course != sold.course);
            let suits = random.below(OUT_OF) < sold.audience.suits_within_kind(person);
            (possible && suits).then_some(sold)
        })
    }
}

/// A price point of shops for seven courses in ten, otherwise any price, the lower the likelier, mostly in whole thousands.
fn price(random: &mut Random) -> u32 {
    if random.percent(70) {
        return 1000 * random.pick(&PRICE_POINTS);
    }
    let (lo, hi) = (PRICES.0 / 1000, PRICES.1 / 1000);
    let thousands = random.within(lo, hi).min(random.within(lo, hi));
    (1000 * thousands + if random.percent(10) { 500 } else { 0 }).min(PRICES.1)
}
