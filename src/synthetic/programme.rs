//! Participants, and what they buy.

use std::fmt::Write;

use super::catalogue::{Offers, Shelf};
use super::figures::{
    AGES, BALANCE, COURSES, EDUCATION, EMPLOYMENT, FEMALE_PERCENT, NO_AGE_PERCENT, NO_EDUCATION_PERCENT,
    NO_INTERESTS_PERCENT, PROVINCES, PURCHASES_PERCENT,
};
use super::numbers::Numbers;
use super::taste::{CATEGORIES, Person};
use crate::domain::{
    Amount, Attribute, Course, DataError, ProfileError, Reading, Schema, Tags, Timestamp, TrainingSet,
};

/// A synthetic voucher programme.
///
/// ```
/// use sebaya::synthetic::Programme;
///
/// let data = Programme::new(1_000).courses(200).seed(7).training_set()?;
/// assert_eq!((data.participants().len(), data.catalogue().len()), (1_000, 200));
/// assert_eq!(data.participants().profile("p17"), Programme::new(18).seed(7).training_set()?.participants().profile("p17"));
/// # Ok::<(), sebaya::DataError>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Programme {
    participants: u32,
    courses: u32,
    seed: u64,
}

/// 2020-04-11, when the programme began, and a day, in seconds.
const START: i64 = 1_586_563_200;
const DAY: i64 = 86_400;

impl Programme {
    /// A programme with so many participants, `p0`, `p1` and so on, 3,000 courses, and the seed 1. Every participant has
    /// bought something.
    pub fn new(participants: u32) -> Self {
        Self { participants, courses: COURSES, seed: 1 }
    }

    /// Sets the number of courses, `c0`, `c1` and so on.
    #[must_use]
    pub fn courses(mut self, courses: u32) -> Self {
        self.courses = courses;
        self
    }

    /// Sets the seed.
    #[must_use]
    pub fn seed(mut self, seed: u64) -> Self {
        self.seed = seed;
        self
    }

    /// The attributes of the participants.
    ///
    /// ```
    /// let names: Vec<String> =
    ///     sebaya::synthetic::Programme::schema().attributes().iter().map(|a| a.name().to_owned()).collect();
    /// assert_eq!(names, ["age", "gender", "education", "employment", "province", "interests"]);
    /// ```
    pub fn schema() -> Schema {
        Schema::new()
            .currency("IDR")
            .attribute(Attribute::numeric("age").with_range(18.0, 64.0))
            .categorical("gender")
            .ordinal("education", EDUCATION.map(|(level, _)| level))
            .categorical("employment")
            .categorical("province")
            .tags("interests")
    }

    /// Builds the programme.
    ///
    /// # Errors
    ///
    /// * [`DataError::NoPurchase`] when it has no participant or no course;
    /// * [`DataError::TooManyPurchases`] beyond 2^32 - 1 of them.
    pub fn training_set(&self) -> Result<TrainingSet, DataError> {
        let offers = Offers::new(self.seed, self.courses);
        let mut data = TrainingSet::builder(Self::schema());
        for (number, offer) in offers.all.iter().enumerate() {
            let category = CATEGORIES[offer.category].name;
            let course = Course::new(format!("c{number}"), Amount(offer.price.into()))
                .with_title(format!("Course {number} in {category}"))
                .with_provider(offer.provider)
                .with_category(category);
            data.course(course)?;
        }
        let (mut id, mut interests, mut basket) = (String::new(), Vec::new(), Vec::new());
        for number in 0..self.participants {
            let mut numbers = Numbers::new(self.seed, number.into());
            let answers = Answers::draw(&mut numbers);
            id.clear();
            // Writing to a string does not fail.
            let _ = write!(id, "p{number}");
            interests.clear();
            interests.extend(answers.person.interests.iter().map(|&i| CATEGORIES[i].name.to_owned()));
            let row =
                data.participants_mut()?.push_row(&id, |at| Ok::<_, ProfileError>(answers.reading(at, &interests)))?;
            let day = i64::from(numbers.below(1_500));
            buy(&mut numbers, &offers, &answers.person, &mut basket);
            basket.sort_unstable();
            for &course in &basket {
                let later = i64::from(numbers.below(90));
                data.push_purchase(row, course, Some(Timestamp(START + (day + later) * DAY)));
            }
        }
        data.build()
    }
}

/// What a participant is, and what of it is told.
struct Answers {
    person: Person,
    province: usize,
    tells_age: bool,
    tells_education: bool,
}

impl Answers {
    fn draw(numbers: &mut Numbers) -> Self {
        let (youngest, oldest, _) = AGES[numbers.weighted(&AGES.map(|(_, _, share)| share))];
        let province = numbers.weighted(&PROVINCES.map(|(_, participants, _)| participants));
        let mut person = Person {
            female: numbers.percent(FEMALE_PERCENT),
            age: youngest + numbers.below(oldest - youngest + 1),
            education: numbers.weighted(&EDUCATION.map(|(_, share)| share)),
            employment: numbers.weighted(&EMPLOYMENT.map(|(_, share)| share)),
            region: PROVINCES[province].2,
            interests: Vec::new(),
        };
        // Interests go with taste: one to three of the categories, by their appeal.
        if !numbers.percent(NO_INTERESTS_PERCENT) {
            let appeals = person.appeals();
            for _ in 0..=numbers.below(3) {
                person.interests.push(numbers.weighted(&appeals));
            }
            person.interests.sort_unstable();
            person.interests.dedup();
        }
        let tells_age = !numbers.percent(NO_AGE_PERCENT);
        let tells_education = !numbers.percent(NO_EDUCATION_PERCENT);
        Self { person, province, tells_age, tells_education }
    }

    /// The value of an attribute, by its place in the schema.
    fn reading<'v>(&self, at: usize, interests: &'v [String]) -> Reading<'v> {
        match at {
            0 if self.tells_age => Reading::Number(self.person.age.into()),
            1 => Reading::Text(if self.person.female { "female" } else { "male" }),
            2 if self.tells_education => Reading::Text(EDUCATION[self.person.education].0),
            3 => Reading::Text(EMPLOYMENT[self.person.employment].0),
            4 => Reading::Text(PROVINCES[self.province].0),
            5 if !interests.is_empty() => Reading::Tags(Tags::List(interests)),
            _ => Reading::Missing,
        }
    }
}

/// Fills the basket with what a person buys within the balance: at least one course where there is any.
fn buy(numbers: &mut Numbers, offers: &Offers, person: &Person, basket: &mut Vec<u32>) {
    basket.clear();
    let wanted = 1 + numbers.weighted(&PURCHASES_PERCENT);
    let appeals = person.appeals();
    let mut balance = BALANCE;
    // What is not paid for or owned is looked for again a few times.
    for _ in 0..3 * wanted {
        if basket.len() == wanted {
            break;
        }
        let shelf = &offers.shelves[numbers.weighted(&appeals)];
        let Some(course) = pick(numbers, offers, shelf, person) else { continue };
        let price = u64::from(offers.all[course as usize].price);
        if price <= balance && !basket.contains(&course) {
            balance -= price;
            basket.push(course);
        }
    }
    if basket.is_empty() {
        let first = offers.shelves.iter().find_map(|shelf| shelf.courses.first());
        basket.extend(first);
    }
}

/// A course from a shelf, by popularity; one whose audience the person does not belong to is put back most times.
fn pick(numbers: &mut Numbers, offers: &Offers, shelf: &Shelf, person: &Person) -> Option<u32> {
    let mut course = None;
    for _ in 0..12 {
        let drawn = *shelf.courses.get(numbers.cumulative(&shelf.totals))?;
        course = Some(drawn);
        let misfits = offers.all[drawn as usize].audience.misfits(person);
        if numbers.below(4_u32.pow(misfits)) == 0 {
            break;
        }
    }
    course
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{Profile, Value};

    #[expect(clippy::cast_precision_loss, reason = "small counts")]
    fn share(data: &TrainingSet, holds: impl Fn(&Profile) -> bool) -> f64 {
        let people = data.participants();
        let count = people.ids().filter(|id| people.profile(id).is_some_and(|profile| holds(&profile))).count();
        count as f64 / people.len() as f64
    }

    fn is(profile: &Profile, name: &str, value: &str) -> bool {
        profile.get(name) == Some(&Value::from(value))
    }

    #[test]
    fn margins_follow_the_published_figures() {
        let data = Programme::new(20_000).training_set().unwrap();
        let age = |p: &Profile| if let Some(Value::Number(age)) = p.get("age") { Some(*age) } else { None };
        for (name, expected, found) in [
            ("women", 0.51, share(&data, |p| is(p, "gender", "female"))),
            ("to 25", 0.36, share(&data, |p| age(p).is_some_and(|a| a <= 25.0))),
            ("SMA", 0.5383 * 0.97, share(&data, |p| is(p, "education", "SMA"))),
            ("employed", 0.6647, share(&data, |p| is(p, "employment", "employed"))),
            ("Jawa Barat", 0.1538, share(&data, |p| is(p, "province", "Jawa Barat"))),
            ("no interests", 0.40, share(&data, |p| p.get("interests").is_none())),
        ] {
            assert!((expected - found).abs() < 0.015, "{name}: {found} instead of {expected}");
        }
    }

    #[test]
    fn everyone_buys_one_to_eight_courses_within_the_balance() {
        let data = Programme::new(5_000).training_set().unwrap();
        let mut bought = 0;
        for p in 0..5_000 {
            let basket = data.purchases().of(p);
            let total: u64 = basket.iter().map(|&c| data.catalogue().course(c).price().0).sum();
            assert!((1..=8).contains(&basket.len()) && total <= BALANCE);
            bought += basket.len();
        }
        assert!((9_000..12_500).contains(&bought), "{bought} purchases of 5,000 participants");
    }

    #[test]
    fn six_of_ten_courses_are_never_bought_and_prices_are_in_range() {
        let data = Programme::new(50_000).courses(500).training_set().unwrap();
        let mut sold = vec![false; 500];
        for p in 0..50_000 {
            data.purchases().of(p).iter().for_each(|&c| sold[c as usize] = true);
        }
        let unsold = sold.iter().filter(|&&sold| !sold).count();
        assert!((290..=330).contains(&unsold), "{unsold} of 500 unsold");
        assert!(data.catalogue().iter().all(|c| (24_000..=1_000_000).contains(&c.price().0)));
    }

    #[test]
    fn purchases_depend_on_the_profile() {
        let data = Programme::new(20_000).training_set().unwrap();
        let people = data.participants();
        let (mut beauty, mut all) = ([0.0; 2], [0.0; 2]);
        for (id, p) in people.ids().zip(0..) {
            let female = usize::from(people.profile(id).is_some_and(|p| is(&p, "gender", "female")));
            for &course in data.purchases().of(p) {
                all[female] += 1.0;
                beauty[female] += f64::from(data.catalogue().course(course).category() == Some("beauty"));
            }
        }
        assert!(beauty[1] / all[1] > 3.0 * beauty[0] / all[0]);
    }

    #[test]
    fn the_seed_decides_everything_and_the_size_nothing_else() {
        let purchases = |programme: Programme, p| programme.training_set().unwrap().purchases().of(p).to_vec();
        let small = Programme::new(100).seed(3);
        assert_eq!(purchases(small, 99), purchases(Programme::new(300).seed(3), 99));
        let differ = (0..100).any(|p| purchases(small, p) != purchases(small.seed(4), p));
        assert!(differ);
    }

    #[test]
    fn a_programme_without_anybody_or_anything_is_an_error() {
        assert_eq!(Programme::new(0).training_set().unwrap_err(), DataError::NoPurchase);
        assert_eq!(Programme::new(5).courses(0).training_set().unwrap_err(), DataError::NoPurchase);
        assert!(Programme::new(5).courses(1).training_set().is_ok());
    }
}
