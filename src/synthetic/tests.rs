//! The published figures, and what the purchases must be like, on 50,000 participants.

use std::collections::HashSet;
use std::sync::LazyLock;

use super::Programme;
use crate::prelude::*;
use crate::{Timestamp, Value};

const N: u32 = 50_000;
static DATA: LazyLock<TrainingSet> = LazyLock::new(|| Programme::new(N).training_set().unwrap());
static PROFILES: LazyLock<Vec<Profile>> =
    LazyLock::new(|| DATA.participants().ids().map(|id| DATA.participants().profile(id).unwrap()).collect());

fn numbers() -> std::ops::Range<u32> {
    0..N
}

fn text<'p>(profile: &'p Profile, attribute: &str) -> Option<&'p str> {
    if let Some(Value::Text(text)) = profile.get(attribute) { Some(text) } else { None }
}

fn age(profile: &Profile) -> Option<f64> {
    if let Some(Value::Number(age)) = profile.get("age") { Some(*age) } else { None }
}

/// The percentage of `yes` among the answers that are there.
fn percent(answers: impl Iterator<Item = Option<bool>>) -> f64 {
    let (mut yes, mut all) = (0_u32, 0_u32);
    answers.flatten().for_each(|answer| {
        yes += u32::from(answer);
        all += 1;
    });
    100.0 * f64::from(yes) / f64::from(all)
}

#[expect(clippy::cast_precision_loss, reason = "counts are below 2^53")]
fn percent_of(part: usize, all: f64) -> f64 {
    100.0 * part as f64 / all
}

fn percent_of_profiles(answer: impl Fn(&Profile) -> Option<bool>) -> f64 {
    percent(PROFILES.iter().map(answer))
}

fn assert_about(measured: f64, published: f64, what: &str) {
    assert!((measured - published).abs() < 0.8, "{what}: {measured:.2} % and not {published} %");
}

/// The profiles of those who bought a course of a category, once for each such course.
fn buyers_of(category: &str) -> impl Iterator<Item = &'static Profile> {
    let (purchases, catalogue) = (DATA.purchases(), DATA.catalogue());
    let is_of = move |course: u32| catalogue.course(course).category() == Some(category);
    numbers()
        .flat_map(move |p| purchases.of(p).iter().map(move |&course| (p, course)))
        .filter(move |&(_, course)| is_of(course))
        .map(|(participant, _)| &PROFILES[participant as usize])
}

#[test]
fn two_runs_agree_and_seeds_differ() {
    let json = |seed| serde_json::to_string(&Programme::new(300).courses(200).seed(seed).training_set().unwrap());
    let first = json(5).unwrap();
    assert_eq!(first, json(5).unwrap());
    assert_ne!(first, json(6).unwrap());
}

#[test]
fn no_two_courses_share_title_and_provider() {
    let data = Programme::new(1).courses(20_000).training_set().unwrap();
    let mut seen = HashSet::new();
    for course in data.catalogue() {
        let (title, provider) = (course.title(), course.provider());
        assert!(seen.insert((title, provider)), "{} is {title:?} of {provider:?} again", course.id());
    }
}

#[test]
fn participants_do_not_depend_on_how_many_there_are() {
    let few = Programme::new(200).training_set().unwrap();
    for (number, id) in (0..200).zip(few.participants().ids()) {
        assert_eq!(few.participants().profile(id).unwrap(), PROFILES[number]);
        assert!(few.purchases().times_of(number).eq(DATA.purchases().times_of(number)), "{id}");
    }
}

#[test]
fn profiles_follow_the_published_figures() {
    assert_about(percent_of_profiles(|p| Some(text(p, "gender")? == "female")), 51.0, "women, PMO 2020-2022");
    for (ages, published) in [(18.0..=25.0, 27.0), (26.0..=35.0, 34.0), (36.0..=64.0, 39.0)] {
        assert_about(percent_of_profiles(|p| Some(ages.contains(&age(p)?))), published, "age, PMO 2020-2022");
    }
    for (levels, published) in
        [(vec!["SD"], 5.8), (vec!["SMP"], 9.9), (vec!["SMA"], 57.0), (vec!["Diploma"], 7.8), (vec!["S1", "S2"], 19.5)]
    {
        let share = percent_of_profiles(|p| Some(levels.contains(&text(p, "education")?)));
        assert_about(share, published, "education, Cyrus Network 2021");
    }
    for (kinds, published) in [
        (vec!["full time", "part time"], 66.47),
        (vec!["full time"], 66.47 * 63.0 / 99.0),
        (vec!["unemployed"], 22.24),
        (vec!["outside the labour force"], 11.29),
    ] {
        let share = percent_of_profiles(|p| Some(kinds.contains(&text(p, "employment")?)));
        assert_about(share, published, "employment, Sakernas August 2020");
    }
    for (province, recipients) in [("Jawa Barat", 2_823_278), ("DKI Jakarta", 1_308_415), ("Bali", 352_164)] {
        let share = percent_of_profiles(|p| Some(text(p, "province")? == province));
        assert_about(share, 100.0 * f64::from(recipients) / 18_360_000.0, "province, SPN 2023");
    }
}

#[test]
fn provinces_add_up_to_the_published_total() {
    let all: u64 = super::figures::PROVINCES.iter().map(|(_, _, recipients)| recipients).sum();
    assert_eq!(all, 18_360_000);
    assert_eq!(super::figures::PROVINCES.map(|(name, _, _)| name).into_iter().collect::<HashSet<_>>().len(), 38);
}

#[test]
fn some_values_are_missing() {
    for (attribute, missing) in [("age", 1.0), ("gender", 0.0), ("education", 4.0), ("interests", 40.0)] {
        assert_about(percent_of_profiles(|p| Some(p.get(attribute).is_none())), missing, attribute);
    }
}

#[test]
fn baskets_hold_one_to_eight_courses_within_the_balance() {
    let mut sizes = [0; 9];
    for p in numbers() {
        let basket = DATA.purchases().of(p);
        sizes[basket.len()] += 1;
        let spent: u64 = basket.iter().map(|&course| DATA.catalogue().course(course).price().0).sum();
        assert!((1..=1_000_000).contains(&spent), "p{p}: {spent}");
    }
    assert_eq!(sizes[0], 0);
    assert!(sizes[1..].iter().all(|&participants| participants > 0), "{sizes:?}");
    let mean = f64::from(u32::try_from(DATA.purchases().len()).unwrap()) / f64::from(N);
    assert!((2.0..2.4).contains(&mean), "{mean}");
}

#[test]
fn prices_lie_in_the_published_range_and_mostly_on_whole_thousands() {
    let prices: Vec<u64> = DATA.catalogue().iter().map(|course| course.price().0).collect();
    assert_eq!((prices.iter().min(), prices.iter().max()), (Some(&24_000), Some(&1_000_000)));
    let whole = percent(prices.iter().map(|price| Some(price % 1000 == 0)));
    assert!((95.0..100.0).contains(&whole), "{whole}");
}

#[test]
fn courses_come_from_providers_in_the_published_proportion() {
    let share = |name| percent(DATA.catalogue().iter().map(|course| Some(course.provider() == Some(name))));
    // Of 3,000 courses, so that three standard deviations are 2.7 %.
    assert!((share("Skill Academy") - 100.0 * 62_184.0 / 106_912.0).abs() < 2.7);
    assert!((share("Sisnaker") - 100.0 * 11_169.0 / 106_912.0).abs() < 2.7);
}

/// Buyers of each course, most first.
fn sales() -> Vec<u32> {
    let mut sales = vec![0; DATA.catalogue().len()];
    numbers().flat_map(|p| DATA.purchases().of(p)).for_each(|&course| sales[course as usize] += 1);
    sales.sort_unstable_by(|a, b| b.cmp(a));
    sales
}

#[test]
fn about_sixty_percent_of_the_catalogue_is_never_bought() {
    let unsold = percent(sales().into_iter().map(|buyers| Some(buyers == 0)));
    assert!((60.0..62.0).contains(&unsold), "{unsold}");
}

#[test]
fn few_courses_make_most_of_the_sales() {
    let sales = sales();
    // Sisnaker's first of 2020 had 11.4 % of its participants, the tenth 2.6 %.
    let share = |rank: usize| 100.0 * f64::from(sales[rank - 1]) / f64::from(N);
    assert!((6.0..14.0).contains(&share(1)) && (2.0..5.0).contains(&share(10)), "{} {}", share(1), share(10));
    let (best, all): (u32, u32) = (sales[..150].iter().sum(), sales.iter().sum());
    assert!(f64::from(best) > 0.6 * f64::from(all), "one course in twenty makes {best} of {all} sales");
}

#[test]
fn skill_areas_sell_as_much_as_they_should() {
    let all = f64::from(sales().iter().sum::<u32>());
    let areas = &super::tastes::SKILL_AREAS;
    assert!(areas.is_sorted_by(|a, b| a.share > b.share), "the published order");
    for area in areas {
        let (share, wanted) = (percent_of(buyers_of(area.name).count(), all), f64::from(area.share) / 100.0);
        assert!((share - wanted).abs() < f64::max(0.8, 0.1 * wanted), "{}: {share} % and not {wanted} %", area.name);
    }
    let buys = |p| {
        DATA.purchases().of(p).iter().any(|&c| DATA.catalogue().course(c).category() == Some("sales and marketing"))
    };
    // 300,000 of about 680,000 recipients.
    let share = percent(numbers().map(|p| Some(buys(p))));
    assert!((share - 44.1).abs() < 4.0, "{share}");
}

#[test]
fn purchases_fall_into_the_years_in_which_participants_joined() {
    let first = |p| DATA.purchases().times_of(p).filter_map(|(_, at)| at).min().unwrap();
    let firsts: Vec<Timestamp> = (0..N as usize).map(first).collect();
    let at = |date: &str| date.parse::<Timestamp>().unwrap();
    assert!(firsts.iter().all(|first| (at("2020-04-11")..at("2024-11-01")).contains(first)));
    // Who joined by the end of November 2022 has bought by the middle of December.
    let share = percent(firsts.iter().map(|&first| Some(first < at("2022-12-15"))));
    assert!((share - 100.0 * 17.08 / 18.9).abs() < 1.0, "{share}");
}

#[test]
fn purchases_depend_on_every_attribute() {
    let share = |category, answer: &dyn Fn(&Profile) -> Option<bool>| percent(buyers_of(category).map(answer));
    let women = |p: &Profile| Some(text(p, "gender")? == "female");
    assert!(share("lifestyle", &women) > 65.0 && share("technical trades", &women) < 35.0);
    let young = |p: &Profile| Some(age(p)? <= 30.0);
    assert!(share("languages", &young) > share("agriculture", &young) + 30.0);
    let graduates = |p: &Profile| Some(["S1", "S2"].contains(&text(p, "education")?));
    assert!(share("management", &graduates) > share("food and beverage", &graduates) + 15.0);
    let employed = |p: &Profile| Some(text(p, "employment")? == "full time");
    assert!(share("management", &employed) > share("food and beverage", &employed) + 20.0);
    let balinese = |p: &Profile| Some(text(p, "province")? == "Bali");
    assert!(share("languages", &balinese) > 1.2 * share("management", &balinese));
    let interested = |p: &Profile| match p.get("interests") {
        Some(Value::Tags(tags)) => Some(tags.iter().any(|tag| tag == "finance")),
        _ => None,
    };
    assert!(share("finance", &interested) > 1.5 * share("languages", &interested));
}

#[test]
fn neighbours_beat_popularity() {
    const PAST: u32 = 20_000;
    const ASKING: u32 = 400;
    let past = Programme::new(PAST).training_set().unwrap();
    let found = |k, prior| -> usize {
        let model = Recommender::params().n_neighbours(k).prior(prior).fit(&past).unwrap();
        let bought = |p: u32| {
            let query = Query::new(PROFILES[p as usize].clone(), Amount(1_000_000));
            let answer = model.recommend(&query).unwrap();
            let basket = DATA.purchases().of(p);
            let number = |course: &Course| DATA.catalogue().number(course.id().as_str()).unwrap();
            answer.iter().filter(|r| basket.contains(&number(r.course()))).count()
        };
        (PAST..PAST + ASKING).map(bought).sum()
    };
    // With next to nothing but the prior, the list is that of the best-selling courses.
    let (neighbours, popularity) = (found(100, 10.0), found(1, 1e12));
    assert!(neighbours * 100 > popularity * 120, "{neighbours} and {popularity} purchases of {ASKING} found");
}

#[test]
fn small_catalogues_sell_too_and_empty_programmes_are_refused() {
    for courses in [1, 2, 7] {
        let data = Programme::new(50).courses(courses).training_set().unwrap();
        assert!((0..50).all(|p| !data.purchases().of(p).is_empty()), "{courses} courses");
    }
    for programme in [Programme::new(0), Programme::new(10).courses(0)] {
        assert_eq!(programme.training_set().unwrap_err(), crate::DataError::NoPurchase);
    }
}
