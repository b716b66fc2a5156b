//! Votes that fade with the age of a purchase, against a plain implementation.

#![allow(clippy::unwrap_used, clippy::cast_precision_loss, reason = "a test may panic, and its numbers are small")]

use approx::assert_relative_eq;
use proptest::prelude::*;
use sebaya::prelude::*;
use sebaya::{ParamError, Timestamp};

proptest! {
    #![proptest_config(ProptestConfig::with_cases(40))]

    #[test]
    fn votes_are_sums_of_faded_purchases(
        ages in prop::collection::vec((0..3_usize, prop::option::of(-50..4000_i64)), 1..40),
        half_life in 0.5..2000.0_f64,
    ) {
        let day = |age: i64| Timestamp::from_seconds(1_700_000_000 - 86_400 * age).unwrap();
        let mut data = TrainingSet::builder(Schema::new().numeric("age"));
        for course in 0..3 {
            data.course(Course::new(format!("c{course}"), Amount(1))).unwrap();
        }
        for (person, (course, age)) in ages.iter().enumerate() {
            let (id, course) = (person.to_string(), format!("c{course}"));
            data.participant(&id, Profile::new()).unwrap();
            match age {
                Some(age) => data.purchase_at(&id, &course, day(*age)).unwrap(),
                None => data.purchase(&id, &course).unwrap(),
            };
        }
        let data = data.build().unwrap();
        let newest = ages.iter().filter_map(|&(_, age)| age).min();
        for at in [None, Some(0), Some(1000)] {
            let params = Recommender::params().half_life(half_life).at(at.map(day)).aged_to_newest(data.purchases());
            let Some(reference) = newest.map(|newest| at.unwrap_or(newest)) else {
                prop_assert_eq!(params.fit(&data).unwrap_err().to_string(), ParamError::NothingFades.to_string());
                continue;
            };
            let model = params.fit(&data).unwrap();
            let answer = model.recommend(&Query::new(Profile::new(), Amount(1))).unwrap();
            for r in &answer {
                let bought = ages.iter().filter(|(course, _)| format!("c{course}") == r.course().id().as_str());
                let weight = |age: &Option<i64>| {
                    let age = age.map_or(0, |age| (age - reference).max(0)) as f64;
                    (65_536.0 * 0.5_f64.powf(age / half_life)).round() / 65_536.0
                };
                let faded: f64 = bought.clone().map(|(_, age)| weight(age)).sum();
                assert_relative_eq!(r.votes(), faded, epsilon = 1e-4);
                prop_assert_eq!(r.supporters() as usize, bought.count());
            }
        }
    }
}

#[test]
fn a_half_life_that_is_no_number_of_days_is_refused() {
    let mut data = TrainingSet::builder(Schema::new().numeric("age"));
    data.course(Course::new("excel", Amount(1))).unwrap();
    data.participant("ani", Profile::new()).unwrap().purchase("ani", "excel").unwrap();
    let data = data.build().unwrap();
    for days in [0.0, -1.0, f64::NAN, f64::INFINITY] {
        let error = Recommender::params().half_life(days).fit(&data).unwrap_err().to_string();
        assert_eq!(error, format!("half-life: {days} is not a finite number of days above 0"));
    }
}

#[test]
fn fading_needs_a_date_and_a_purchase_whose_time_is_known() {
    let mut data = TrainingSet::builder(Schema::new().numeric("age"));
    data.course(Course::new("excel", Amount(1))).unwrap();
    data.participant("ani", Profile::new()).unwrap().purchase("ani", "excel").unwrap();
    let data = data.build().unwrap();
    let encoder = sebaya::Encoder::fit(&data).unwrap();
    let undated = Recommender::params().half_life(7.0);
    for (params, message) in [
        (undated, "half-life: the date to which purchases have aged is missing"),
        (undated.at(Timestamp::from_seconds(0).unwrap()), "half-life: no purchase has a time, so none can fade"),
    ] {
        assert_eq!(params.fit(&data).unwrap_err().to_string(), message);
        assert_eq!(params.fit_with_encoder(&data, &encoder).unwrap_err().to_string(), message);
    }
}
