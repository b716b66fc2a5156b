//! Recommendations by what somebody bought before, against a plain implementation.

#![allow(clippy::unwrap_used, clippy::cast_precision_loss, reason = "a test may panic, and its numbers are small")]

use std::collections::BTreeMap;

use approx::assert_relative_eq;
use proptest::prelude::*;
use sebaya::prelude::*;
use sebaya::{Change, IndexKind, Timestamp};

use Asker::{Newcomer, Participant};

/// An age and a basket.
type Person = (f64, Vec<usize>);

/// People of three ages with these baskets.
fn ages(baskets: &[impl AsRef<[usize]>]) -> Vec<Person> {
    baskets.iter().enumerate().map(|(person, basket)| ((person % 3) as f64, basket.as_ref().to_vec())).collect()
}

/// Courses `c0`, `c1` and so on, and participants `p0`, `p1` and so on.
fn programme(n_courses: usize, people: &[Person]) -> TrainingSet {
    programme_at(n_courses, people, None)
}

fn programme_at(n_courses: usize, people: &[Person], at: Option<Timestamp>) -> TrainingSet {
    let mut data = TrainingSet::builder(Schema::new().numeric("age"));
    for course in 0..n_courses {
        data.course(Course::new(format!("c{course}"), Amount(1))).unwrap();
    }
    for (person, (age, basket)) in people.iter().enumerate() {
        let id = format!("p{person}");
        data.participant(&id, Profile::new().with("age", *age)).unwrap();
        for course in basket.iter().map(|course| format!("c{course}")) {
            match at {
                Some(at) => data.purchase_at(&id, &course, at).unwrap(),
                None => data.purchase(&id, &course).unwrap(),
            };
        }
    }
    data.build().unwrap()
}

fn query(history: &[usize]) -> Query<'static> {
    let history = history.iter().map(|course| format!("c{course}"));
    Query::new(Profile::new().with("age", 1), Amount(1)).top_n(usize::MAX).owned(history).use_history(true)
}

fn scores(model: &Recommender, query: &Query) -> Vec<(String, f64)> {
    model.recommend(query).unwrap().iter().map(|r| (r.course().id().to_string(), r.score())).collect()
}

/// The votes of the neighbours for each course, and how many votes there are: one past participant after another.
fn neighbour_votes(
    n_courses: usize,
    people: &[Person],
    age: f64,
    left_out: Option<usize>,
    k: usize,
) -> (Vec<f64>, f64) {
    let mut near: Vec<(f64, &Vec<usize>)> = Vec::new();
    for (person, (their_age, basket)) in people.iter().enumerate() {
        if !basket.is_empty() && left_out != Some(person) {
            near.push(((age - their_age).abs(), basket));
        }
    }
    near.sort_by(|a, b| a.0.total_cmp(&b.0));
    let n_votes = near.len().min(k);
    let mut votes = vec![0.0; n_courses];
    if let Some(&(radius, _)) = near[..n_votes].last() {
        let inside = near.iter().filter(|(distance, _)| *distance < radius).count();
        let boundary = near.iter().filter(|(distance, _)| *distance <= radius).count() - inside;
        let share = if near.len() <= k { 1.0 } else { (k - inside) as f64 / boundary as f64 };
        for (distance, basket) in near.into_iter().take(inside + boundary) {
            for &course in basket {
                votes[course] += if distance < radius { 1.0 } else { share };
            }
        }
    }
    (votes, n_votes as f64)
}

/// The scores of all courses that may be recommended, as the specification has them, or `None` where the profile alone counts.
fn probabilities(n_courses: usize, people: &[Person], owned: &[usize]) -> Option<Vec<f64>> {
    let past: Vec<&Vec<usize>> = people.iter().map(|(_, basket)| basket).filter(|basket| !basket.is_empty()).collect();
    let buyers: Vec<f64> =
        (0..n_courses).map(|course| past.iter().filter(|basket| basket.contains(&course)).count() as f64).collect();
    let share = |course: usize| buyers[course] / past.len() as f64;
    let square = |&course: &usize| match share(course) {
        0.0 => 0.0,
        share => (4096.0 * (1.0 / share).ln()).round().powi(2),
    };
    let known: Vec<usize> = owned.iter().copied().filter(|&course| buyers[course] > 0.0).collect();
    let mine: f64 = known.iter().map(square).sum();

    let mut holders: BTreeMap<&Vec<usize>, f64> = BTreeMap::new();
    for basket in &past {
        *holders.entry(basket).or_default() += 1.0;
    }
    let mut candidates: Vec<(f64, f64, bool, &Vec<usize>)> = Vec::new();
    for (basket, holders) in holders {
        let both: f64 = basket.iter().filter(|course| known.contains(course)).map(square).sum();
        if both > 0.0 && basket.iter().any(|course| !owned.contains(course)) {
            let theirs: f64 = basket.iter().map(square).sum();
            candidates.push(((both / (mine * theirs).sqrt() * 1_048_576.0).round(), holders, both >= mine, basket));
        }
    }
    candidates.sort_by(|a, b| b.0.total_cmp(&a.0));
    let limit = candidates.get(299).map_or(0.0, |last| last.0);
    let above = candidates.iter().filter(|(similarity, ..)| *similarity > limit).count();
    let at_limit = candidates.iter().filter(|(similarity, ..)| *similarity >= limit).count() - above;
    let shared = if candidates.len() <= 300 { 1.0 } else { (300 - above) as f64 / at_limit as f64 };
    let (mut near, mut all_near, mut like, mut all_like) = (vec![0.0; n_courses], 0.0, vec![0.0; n_courses], 0.0);
    for &(similarity, holders, is_like, basket) in &candidates {
        let vote = if similarity > limit {
            1.0
        } else if similarity >= limit {
            shared
        } else {
            0.0
        };
        let vote = vote * similarity / 1_048_576.0 * holders;
        all_near += vote;
        let like_holders = if is_like { holders } else { 0.0 };
        all_like += like_holders;
        for &course in basket {
            near[course] += vote;
            like[course] += like_holders;
        }
    }
    let (prior, n_bought) = (3.0 / (known.len() as f64).powi(2), buyers.iter().filter(|&&n| n > 0.0).count() as f64);
    let probability = |course: usize| {
        let near = (near[course] + prior * share(course)) / (all_near + prior);
        (like[course] + n_bought * near) / (all_like + n_bought)
    };
    if candidates.is_empty() { None } else { Some((0..n_courses).map(probability).collect()) }
}

/// Who asks: somebody of this age, or a participant of the data.
#[derive(Debug, Clone, Copy)]
enum Asker {
    Newcomer(f64),
    Participant(usize),
}

/// Compares a whole list, in which no course may be missing, with plain implementations of all parts of the score.
fn assert_judged(model: &Recommender, n_courses: usize, people: &[Person], owned: &[usize], asker: Asker) {
    let (age, left_out) = match asker {
        Newcomer(age) => (age, None),
        Participant(person) => (people[person].0, Some(person)),
    };
    let bought = left_out.map_or(&[][..], |person| &people[person].1);
    let all_owned: Vec<usize> = (0..n_courses).filter(|c| owned.contains(c) || bought.contains(c)).collect();
    let k = usize::try_from(model.fitted_params().n_neighbours()).unwrap();
    let (votes, n_votes) = neighbour_votes(n_courses, people, age, left_out, k);
    let n = people.iter().filter(|(_, basket)| !basket.is_empty()).count() as f64;
    let by_history = probabilities(n_courses, people, &all_owned);
    let mut expected = BTreeMap::new();
    for course in (0..n_courses).filter(|course| !all_owned.contains(course)) {
        let buyers = people.iter().filter(|(_, basket)| basket.contains(&course)).count();
        let share = buyers as f64 / n;
        let damping = if n_courses >= 100 { share.powf(0.25) } else { 1.0 };
        let lift = (votes[course] + 20.0) / (n_votes * share + 20.0);
        let score = by_history.as_ref().map_or((votes[course] + 10.0 * share) / (n_votes + 10.0), |p| {
            if buyers > 0 { p[course] * lift / damping } else { 0.0 }
        });
        if score > 0.0 {
            expected.insert(format!("c{course}"), (score, u32::try_from(buyers).unwrap()));
        }
    }
    let query = match asker {
        Participant(person) => Query::participant(format!("p{person}"), Amount(1)),
        Newcomer(age) => Query::new(Profile::new().with("age", age), Amount(1)),
    };
    let query = query.top_n(usize::MAX).owned(owned.iter().map(|course| format!("c{course}"))).use_history(true);
    let answer = model.recommend(&query).unwrap();
    let found: BTreeMap<_, _> = answer.iter().map(|r| (r.course().id().to_string(), (r.score(), r.buyers()))).collect();
    assert_eq!(found.keys().collect::<Vec<_>>(), expected.keys().collect::<Vec<_>>());
    for (id, (score, buyers)) in expected {
        assert_relative_eq!(found[&id].0, score, max_relative = 1e-9);
        assert_eq!(found[&id].1, buyers);
    }
    let order = |r: &sebaya::Recommendation| (std::cmp::Reverse(r.buyers()), r.course().id().to_string());
    let list: Vec<_> = answer.iter().collect();
    let in_order = |a: &sebaya::Recommendation, b: &sebaya::Recommendation| {
        b.score().total_cmp(&a.score()).then_with(|| order(a).cmp(&order(b))).is_lt()
    };
    assert!(list.windows(2).all(|pair| in_order(pair[0], pair[1])));
    assert_eq!(answer.iter().all(|r| r.explanation().history().is_some()), by_history.is_some() || list.is_empty());
}

#[test]
fn a_history_worked_by_hand() {
    // ln(4 / 2) for c0 and c1, ln(4 / 1) for c2 and c3: the latter weigh twice as much.
    let model = Recommender::params().prior(0.0).fit(&programme(4, &ages(&BY_HAND))).unwrap();
    let found = scores(&model, &query(&[0]));
    // {c0, c1} has the similarity 1 / sqrt(2), {c0, c2} has 1 / sqrt(5); the others have nothing in common with the history.
    let (first, second) = (0.5_f64.sqrt(), 0.2_f64.sqrt());
    // With one course known the prior is 3 votes. Four courses were bought, and two people hold c0 and more.
    let all = first + second + 3.0;
    let (c1, c2, c3) = ((first + 3.0 * 0.5) / all, (second + 3.0 * 0.25) / all, 3.0 * 0.25 / all);
    let (c1, c2, c3) = ((1.0 + 4.0 * c1) / 6.0, (1.0 + 4.0 * c2) / 6.0, 4.0 * c3 / 6.0);
    // All four are neighbours by profile, so votes are what everyone bought, and the lift is 1.
    assert_eq!(found.len(), 3);
    for ((id, score), (expected, by_hand)) in found.iter().zip([("c1", c1), ("c2", c2), ("c3", c3)]) {
        assert_eq!(id, expected);
        // Similarities are rounded to 2^-20.
        assert_relative_eq!(*score, by_hand, max_relative = 1e-5);
    }

    let answer = model.recommend(&query(&[0])).unwrap();
    let why = answer.iter().next().unwrap().explanation();
    let history = why.history().unwrap();
    assert_relative_eq!(history.near_votes(), first, max_relative = 1e-5);
    assert_relative_eq!(history.all_near_votes(), first + second, max_relative = 1e-5);
    assert_eq!((history.like_holders(), history.all_like_holders()), (1, 2));
    assert_relative_eq!(history.probability(), c1, max_relative = 1e-5);
    assert_relative_eq!(history.lift(), 1.0);
    assert_relative_eq!(history.damping(), 1.0);
    assert_eq!(
        why.to_string(),
        "1 of the 2 past participants who bought all that is known and more bought it; 0.7 of 1.2 votes of similar baskets; \
         2 of 4 votes of similar profiles, so a lift of 1.00; 2 of all 4 past participants bought it; \
         score 0.5209 = 0.5209 * 1.00"
    );
}

const BY_HAND: [&[usize]; 4] = [&[0, 1], &[0, 2], &[1], &[3]];

#[test]
fn faded_purchases_count_for_less_in_the_lift_and_in_full_in_baskets() {
    let people = ages(&BY_HAND);
    let fitted = |half_life: Option<f64>| {
        let params =
            Recommender::params().half_life(half_life).at(half_life.map(|_| Timestamp::from_seconds(86_400).unwrap()));
        params.fit(&programme_at(4, &people, Some(Timestamp::from_seconds(0).unwrap()))).unwrap()
    };
    let (plain, faded) = (scores(&fitted(None), &query(&[0])), scores(&fitted(Some(1.0)), &query(&[0])));
    assert_eq!((&plain[0].0, &faded[0].0), (&"c1".to_owned(), &"c1".to_owned()));
    // Everybody votes and every purchase is one half-life old: 2 buyers have 1 vote, where the lift expects 2.
    assert_relative_eq!(faded[0].1, plain[0].1 * 21.0 / 22.0, max_relative = 1e-12);
}

#[test]
fn without_a_history_or_anybody_like_it_the_profile_decides() {
    let data = programme(4, &ages(&[&[0, 1][..], &[0], &[2]]));
    let model = Recommender::params().fit(&data).unwrap();
    let profile_alone =
        |owned: &[&str]| Query::new(Profile::new().with("age", 1), Amount(1)).owned(owned.iter().copied());
    assert_eq!(scores(&model, &query(&[])), scores(&model, &profile_alone(&[])));
    // Nobody bought c3; and whoever bought c2 bought nothing else.
    for (history, owned) in [(3, "c3"), (2, "c2")] {
        assert_eq!(scores(&model, &query(&[history])), scores(&model, &profile_alone(&[owned])));
    }
    // What a participant of the data bought is its history.
    let of_data = Query::participant("p1", Amount(1)).use_history(true);
    let told =
        Query::new(Profile::new().with("age", 1), Amount(1)).as_participant("p1").owned(["c0"]).use_history(true);
    assert_eq!(scores(&model, &of_data), scores(&model, &told));
    assert_ne!(scores(&model, &of_data), scores(&model, &Query::participant("p1", Amount(1))));
    assert!(model.recommend(&query(&[9])).is_err());
}

#[test]
fn those_who_own_nothing_else_do_not_vote_and_those_who_own_all_that_is_known_do() {
    // 400 own what the query owns and no more.
    let mut baskets = vec![&[0][..]; 400];
    baskets.extend([&[0, 1][..], &[2], &[2], &[2], &[2]]);
    let people = ages(&baskets);
    let model = Recommender::params().fit(&programme(3, &people)).unwrap();
    assert_eq!(scores(&model, &query(&[0]))[0].0, "c1");
    assert_judged(&model, 3, &people, &[0], Newcomer(1.0));
    // p0 is one of the 400: their own basket says nothing, and they count among everyone.
    assert_judged(&model, 3, &people, &[], Participant(0));
    assert_judged(&model, 3, &people, &[2], Participant(400));
}

#[test]
fn three_hundred_baskets_vote_however_many_people_hold_them() {
    // {c0, c1} has 500 holders; the others, with one each, are at one similarity and share 299 votes among 400.
    let mut baskets: Vec<Vec<usize>> = vec![vec![0, 1]; 500];
    baskets.extend((2..402).map(|course| vec![0, course]));
    baskets.push(vec![402]);
    let people = ages(&baskets);
    let model = Recommender::params().fit(&programme(403, &people)).unwrap();
    let answer = model.recommend(&query(&[0])).unwrap();
    let near = |id: &str| {
        let found = answer.iter().find(|r| r.course().id() == id).unwrap();
        found.explanation().history().unwrap().near_votes()
    };
    // One course in common, of the weight ln(901 / 900), with c2 of ln(901); c1 with 500 buyers is the nearer.
    let weight = |buyers: f64| (4096.0 * (901.0 / buyers).ln()).round();
    let similarity = |other: f64| weight(900.0) / weight(900.0).hypot(weight(other));
    assert_relative_eq!(near("c1"), 500.0 * similarity(500.0), max_relative = 1e-3);
    assert_relative_eq!(near("c2"), 299.0 / 400.0 * similarity(1.0), max_relative = 1e-3);
    assert_relative_eq!(near("c2"), near("c401"));
    assert_judged(&model, 403, &people, &[0], Newcomer(1.0));
    // With one basket less than can be told apart, none is left out: 300 of them vote in full.
    let people = ages(&(1..301).map(|course| vec![0, course]).chain([vec![301]]).collect::<Vec<_>>());
    let model = Recommender::params().fit(&programme(302, &people)).unwrap();
    let answer = model.recommend(&query(&[0])).unwrap();
    let why = answer.iter().next().unwrap().explanation().history().unwrap();
    assert_relative_eq!(why.all_near_votes(), 300.0 * why.near_votes());
}

#[test]
fn popular_courses_are_damped_in_a_catalogue_of_100_courses_bought_or_not() {
    let found = |n_courses| {
        let model = Recommender::params().fit(&programme(n_courses, &ages(&BY_HAND))).unwrap();
        scores(&model, &query(&[0])).into_iter().collect::<BTreeMap<_, _>>()
    };
    let (short, long) = (found(99), found(100));
    // c1 was bought by a half of all, c3 by a quarter.
    assert_relative_eq!(long["c1"], short["c1"] / 0.5_f64.powf(0.25), max_relative = 1e-12);
    assert_relative_eq!(long["c3"], short["c3"] / 0.25_f64.powf(0.25), max_relative = 1e-12);
}

#[test]
fn a_course_that_must_be_in_a_plan_may_be_one_that_nobody_bought() {
    for n_courses in [4, 100] {
        let model = Recommender::params().fit(&programme(n_courses, &ages(&[&[0, 1][..], &[0, 2], &[1]]))).unwrap();
        let query = Query::new(Profile::new(), Amount(5))
            .owned(["c0"])
            .use_history(true)
            .must_include(["c3"])
            .spend_weight(1e6);
        let plan = model.plan(&query).unwrap();
        let ids: Vec<_> = plan.courses().iter().map(|c| c.course().id().as_str()).collect();
        assert_eq!(ids, ["c1", "c2", "c3"]);
        let why = plan.courses()[2].explanation();
        assert!(plan.score().is_finite() && why.score() == 0.0 && why.history().unwrap().probability() == 0.0);
    }
}

#[test]
fn the_basket_of_the_forgotten_says_nothing_from_then_on() {
    let mut people = ages(&[&[0, 1][..], &[2], &[0]]);
    let data = programme(3, &people);
    people[0].1.clear();
    let anew = Recommender::params().fit(&programme(3, &people)).unwrap();
    for asked_before in [false, true] {
        let live = LiveRecommender::new(Recommender::params().fit(&data).unwrap()).unwrap();
        if asked_before {
            assert_eq!(scores(&live.current(), &query(&[0]))[0].0, "c1");
        }
        live.forget_participant("p0").unwrap();
        for merged in [false, true] {
            if merged {
                live.merge().unwrap();
            }
            let state = live.current();
            let answer = state.recommend(&query(&[0])).unwrap();
            // p2, who is left of those with c0, has nothing else, so the profile alone counts.
            assert!(answer.iter().all(|r| r.explanation().history().is_none()));
            assert_eq!(scores(&state, &query(&[0])), scores(&anew, &query(&[0])));
        }
    }
}

#[test]
fn a_live_model_answers_as_one_fitted_anew_after_thousands_of_changed_baskets() {
    // Two purchases of each: 4,800 baskets that nobody had, and 80 that nobody has any more.
    let mut people = ages(&(0..2_400_usize).map(|person| [person % 80]).collect::<Vec<_>>());
    let data = programme(80, &people);
    let more = |person: usize| [80 - person / 80, 79 - person / 80].map(|step| (person % 80 + step) % 80);
    for asked_before in [false, true] {
        let live = LiveRecommender::new(Recommender::params().fit(&data).unwrap()).unwrap();
        if asked_before {
            scores(&live.current(), &query(&[0]));
        }
        let buy = |person: usize, course: usize| {
            let (participant, course) = (format!("p{person}").into(), format!("c{course}").into());
            Change::RecordPurchase { participant, course, at: None }
        };
        let changes: Vec<_> = (0..2_400).flat_map(|person| more(person).map(|course| buy(person, course))).collect();
        changes.chunks(60).for_each(|changes| live.apply(changes).unwrap());
        for (person, (_, basket)) in people.iter_mut().enumerate() {
            basket.truncate(1);
            basket.extend(more(person));
        }
        let anew = Recommender::params().fit(&programme(80, &people)).unwrap();
        for owned in [&[0][..], &[3, 4], &[1, 40, 41]] {
            assert_eq!(scores(&live.current(), &query(owned)), scores(&anew, &query(owned)));
        }
    }
}

fn people(n_courses: usize) -> impl Strategy<Value = (usize, Vec<Person>)> {
    (Just(n_courses), prop::collection::vec(prop::collection::btree_set(0..n_courses, 0..4), 1..900)).prop_map(
        |(n_courses, baskets)| {
            let mut baskets: Vec<Vec<usize>> = baskets.into_iter().map(|set| set.into_iter().collect()).collect();
            baskets.push(vec![0]);
            (n_courses, ages(&baskets))
        },
    )
}

/// What happens to a live model.
#[derive(Debug, Clone)]
enum Step {
    Buy(usize, usize),
    Forget(usize),
    Merge,
    /// Looks at the state as it is now: at once, or when all is over.
    Ask(bool),
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let step = prop_oneof![
        6 => (0..30_usize, 0..8_usize).prop_map(|(person, course)| Step::Buy(person, course)),
        2 => (0..30_usize).prop_map(Step::Forget),
        1 => Just(Step::Merge),
        3 => any::<bool>().prop_map(Step::Ask),
    ];
    prop::collection::vec(step, 1..40)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(40))]

    #[test]
    fn scores_are_those_of_the_formula_whatever_the_order_and_the_index(
        (n_courses, people) in prop_oneof![people(5), people(30), people(120)],
        owned in prop::collection::btree_set(0..5_usize, 0..4),
        asker in any::<prop::sample::Index>(),
    ) {
        let owned: Vec<usize> = owned.into_iter().collect();
        let data = programme(n_courses, &people);
        let model = Recommender::params().n_neighbours(50).fit(&data).unwrap();
        assert_judged(&model, n_courses, &people, &owned, Newcomer(1.0));
        assert_judged(&model, n_courses, &people, &owned, Participant(asker.index(people.len())));
        let found = scores(&model, &query(&owned));
        let mut reversed = TrainingSet::builder(Schema::new().numeric("age"));
        for course in (0..n_courses).rev() {
            reversed.course(Course::new(format!("c{course}"), Amount(1))).unwrap();
        }
        for (person, (age, basket)) in people.iter().enumerate().rev() {
            reversed.participant(format!("q{person}"), Profile::new().with("age", *age)).unwrap();
            for course in basket.iter().rev() {
                reversed.purchase(&format!("q{person}"), &format!("c{course}")).unwrap();
            }
        }
        let reversed = reversed.build().unwrap();
        for kind in IndexKind::ALL {
            let other = Recommender::params().n_neighbours(50).index(kind).fit(&reversed).unwrap();
            prop_assert_eq!(&scores(&other, &query(&owned)), &found);
        }
    }

    #[test]
    fn the_first_history_may_be_asked_for_in_any_state_of_a_live_model(
        (_, mut people) in people(8).prop_map(|(n, people)| (n, people.into_iter().take(30).collect::<Vec<_>>())),
        steps in steps(),
    ) {
        people.push((1.0, vec![0, 1]));
        let data = programme(8, &people);
        let encoder = Recommender::params().fit(&data).unwrap();
        let live = LiveRecommender::new(Recommender::params().fit(&data).unwrap()).unwrap();
        let mut later = Vec::new();
        let check = |state: &Recommender, people: &[Person]| {
            let anew = Recommender::params().fit_with_encoder(&programme(8, people), encoder.encoder()).unwrap();
            for owned in [&[0][..], &[1, 2], &[3, 4, 5]] {
                assert_eq!(scores(state, &query(owned)), scores(&anew, &query(owned)), "{owned:?} of {people:?}");
            }
        };
        for step in steps {
            match step {
                Step::Buy(person, course) if live.record_purchase(&format!("p{person}"), &format!("c{course}"), None).is_ok() => {
                    people[person].1.push(course);
                    people[person].1.sort_unstable();
                    people[person].1.dedup();
                }
                Step::Forget(person) if live.forget_participant(&format!("p{person}")).is_ok() => {
                    // Without purchases nobody counts.
                    people[person].1.clear();
                }
                Step::Buy(..) | Step::Forget(_) => {}
                Step::Merge => live.merge().unwrap(),
                Step::Ask(true) => check(&live.current(), &people),
                Step::Ask(false) => later.push((live.current(), people.clone())),
            }
        }
        for (state, people) in later {
            check(&state, &people);
        }
    }
}
