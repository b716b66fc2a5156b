//! The programme as a whole.

use std::fmt::Write;

use super::choice::Random;
use super::figures::EDUCATIONS;
use super::market::Market;
use super::person::Population;
use crate::domain::{Attribute, DataError, Schema, TrainingSet};

/// Some times what any country has. More would end in lack of memory rather than in an answer.
const MAX_PARTICIPANTS: u32 = 100_000_000;
const MAX_COURSES: u32 = 1_000_000;

/// A made-up voucher programme. See [the module](crate::synthetic) for what it is made of.
///
/// ```
/// use sebaya::synthetic::Programme;
///
/// let data = Programme::new(1_000).seed(7).courses(500).training_set()?;
/// assert_eq!((data.participants().len(), data.catalogue().len()), (1_000, 500));
/// assert!(data.participants().contains("p999") && data.catalogue().get("c499").is_some());
/// # Ok::<(), sebaya::DataError>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Programme {
    participants: u32,
    courses: u32,
    seed: u64,
}

impl Programme {
    /// A programme with this many participants, `p0`, `p1` and so on, 3,000 courses, `c0`, `c1` and so on, and seed 1.
    ///
    /// Participants of two programmes with the same seed and catalogue are the same up to the smaller number.
    ///
    /// ```
    /// use sebaya::synthetic::Programme;
    ///
    /// let (few, many) = (Programme::new(10).training_set()?, Programme::new(20).training_set()?);
    /// assert_eq!(few.participants().profile("p9"), many.participants().profile("p9"));
    /// # Ok::<(), sebaya::DataError>(())
    /// ```
    pub fn new(participants: u32) -> Self {
        Self { participants, courses: 3_000, seed: 1 }
    }

    /// Sets what all random numbers are derived from.
    ///
    /// ```
    /// use sebaya::synthetic::Programme;
    ///
    /// let (a, b) = (Programme::new(10).seed(1).training_set()?, Programme::new(10).seed(2).training_set()?);
    /// assert_ne!(a.catalogue().get("c1"), b.catalogue().get("c1"));
    /// # Ok::<(), sebaya::DataError>(())
    /// ```
    #[must_use]
    pub fn seed(mut self, seed: u64) -> Self {
        self.seed = seed;
        self
    }

    /// Sets how many courses there are. The programme of Indonesia had 1,500 to 6,000.
    ///
    /// ```
    /// use sebaya::synthetic::Programme;
    ///
    /// let data = Programme::new(10).courses(1_500).training_set()?;
    /// assert_eq!(data.catalogue().len(), 1_500);
    /// # Ok::<(), sebaya::DataError>(())
    /// ```
    #[must_use]
    pub fn courses(mut self, courses: u32) -> Self {
        self.courses = courses;
        self
    }

    /// The attributes that participants have: age, gender, education, employment, province and interests, all of weight 1.
    ///
    /// ```
    /// use sebaya::synthetic::Programme;
    ///
    /// let schema = Programme::schema();
    /// let names: Vec<_> = schema.attributes().iter().map(|a| a.name()).collect();
    /// assert_eq!(names, ["age", "gender", "education", "employment", "province", "interests"]);
    /// ```
    pub fn schema() -> Schema {
        Schema::new()
            .with_currency("IDR")
            .attribute(Attribute::numeric("age").with_range(18.0, 64.0))
            .categorical("gender")
            .ordinal("education", EDUCATIONS.map(|(level, _)| level))
            .categorical("employment")
            .categorical("province")
            .tags("interests")
    }

    /// Makes the participants, the courses and the purchases.
    ///
    /// # Errors
    ///
    /// * [`DataError::NoPurchase`] without participants or without courses;
    /// * [`DataError::ProgrammeTooLarge`] with more than 100,000,000 participants or 1,000,000 courses;
    /// * [`DataError::TooManyNames`] when the ids of all participants take more than 4 GiB;
    /// * [`DataError::TooManyPurchases`] when there are more than 2^32 - 1 of them.
    ///
    /// ```
    /// use sebaya::{Amount, DataError, Query, Recommender, synthetic::Programme};
    ///
    /// let data = Programme::new(500).training_set()?;
    /// let model = Recommender::params().n_neighbours(50).fit(&data)?;
    /// let answer = model.recommend(&Query::participant("p17", Amount(300_000)))?;
    /// assert!(answer.iter().all(|r| r.course().price() <= Amount(300_000)));
    ///
    /// assert_eq!(Programme::new(0).training_set().unwrap_err(), DataError::NoPurchase);
    /// # Ok::<(), sebaya::Error>(())
    /// ```
    pub fn training_set(&self) -> Result<TrainingSet, DataError> {
        for (what, asked, most) in
            [("participants", self.participants, MAX_PARTICIPANTS), ("courses", self.courses, MAX_COURSES)]
        {
            if asked > most {
                return Err(DataError::ProgrammeTooLarge { what, asked, most });
            }
        }
        let population = Population::new();
        let mut market = Market::new(self.seed, self.courses, &population);
        let mut data = TrainingSet::builder(Self::schema());
        for course in std::mem::take(&mut market.courses) {
            data.course(course)?;
        }
        data.participants_mut()?.reserve(self.participants as usize);

        let (mut id, mut tags, mut basket) = (String::new(), String::new(), Vec::new());
        for number in 0..self.participants {
            let mut random = Random::stream(self.seed, number.into());
            let person = population.draw(&mut random);
            id.clear();
            // Writing to a string cannot fail.
            let _ = write!(id, "p{number}");
            person.write_interests(&mut tags);
            let row = data.participants_mut()?.push_row(&id, |at| Ok(person.says(at, &tags)))?;
            market.shop(&person, &mut random, &mut basket);
            for &(course, at) in &basket {
                data.push_purchase(row, course, at);
            }
        }
        data.build()
    }
}
