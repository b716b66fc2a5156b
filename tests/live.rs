//! Live models against models fitted anew, after any sequence of changes.

#![allow(clippy::unwrap_used, reason = "a test may panic")]

mod worlds;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::atomic::{AtomicBool, Ordering};

use proptest::prelude::*;
use proptest::sample::Index;
use sebaya::prelude::*;
use sebaya::{AttributeKind, Catalogue, Change, Distance, IndexKind, RecommenderParams, Timestamp, Value};
use worlds::{World, profiles, worlds};

/// The plainest live model: what there is, and the names that the encoder may know.
#[derive(Clone)]
struct Plain {
    schema: Schema,
    courses: BTreeMap<String, Course>,
    people: BTreeMap<String, (Profile, BTreeMap<String, Option<Timestamp>>)>,
    known: BTreeSet<(String, String)>,
}

impl Plain {
    fn new(world: &World, times: &[Option<i64>]) -> Self {
        let mut plain = Self {
            schema: world.schema.clone(),
            courses: BTreeMap::new(),
            people: BTreeMap::new(),
            known: BTreeSet::new(),
        };
        for (i, &price) in world.prices.iter().enumerate() {
            let course = Course::new(format!("c{i}"), Amount(price)).with_open(i % 5 != 4);
            plain.courses.insert(format!("c{i}"), course);
        }
        let mut times = times.iter().cycle();
        for (i, (profile, basket)) in world.people.iter().enumerate() {
            let bought = basket.iter().map(|course| {
                (format!("c{course}"), times.next().unwrap().map(|at| Timestamp::from_seconds(at).unwrap()))
            });
            plain.people.insert(format!("p{i}"), (profile.clone(), bought.collect()));
        }
        plain.learn();
        plain
    }

    /// The names that past participants hold are those that an encoder knows.
    fn learn(&mut self) {
        let past = self.people.values().filter(|(_, bought)| !bought.is_empty());
        self.known = past.flat_map(|(profile, _)| names(&self.schema, profile)).collect();
    }

    fn data(&self) -> Option<TrainingSet> {
        let mut data = TrainingSet::builder(self.schema.clone());
        self.courses.values().for_each(|course| assert!(data.course(course.clone()).is_ok()));
        for (id, (profile, _)) in &self.people {
            data.participant(id, profile.clone()).unwrap();
        }
        for (id, (_, bought)) in &self.people {
            for (course, at) in bought {
                match at {
                    Some(at) => data.purchase_at(id, course, *at).unwrap(),
                    None => data.purchase(id, course).unwrap(),
                };
            }
        }
        data.build().ok()
    }

    /// Whether all of these are possible. A name that loses its last holder goes, whatever comes after.
    fn apply_all(&mut self, changes: &[Change]) -> bool {
        changes.iter().all(|change| {
            let possible = self.apply(change);
            let held = self.people.values().flat_map(|(profile, _)| names(&self.schema, profile));
            let held: BTreeSet<_> = held.collect();
            self.known.retain(|name| held.contains(name));
            possible
        })
    }

    /// How many names of past participants the encoder does not know.
    fn unseen(&self) -> usize {
        let past = self.people.values().filter(|(_, bought)| !bought.is_empty());
        let unseen =
            past.flat_map(|(profile, _)| names(&self.schema, profile)).filter(|name| !self.known.contains(name));
        unseen.count()
    }

    fn apply(&mut self, change: &Change) -> bool {
        match change {
            Change::AddParticipant { id, profile } if !self.people.contains_key(id.as_str()) => {
                self.people.insert(id.to_string(), (profile.clone(), BTreeMap::new()));
            }
            Change::UpdateProfile { id, profile } if self.people.contains_key(id.as_str()) => {
                self.people.get_mut(id.as_str()).unwrap().0 = profile.clone();
            }
            Change::RecordPurchase { participant, course, at }
                if self.people.contains_key(participant.as_str()) && self.courses.contains_key(course.as_str()) =>
            {
                let bought = &mut self.people.get_mut(participant.as_str()).unwrap().1;
                let known = bought.entry(course.to_string()).or_insert(*at);
                *known = [*known, *at].into_iter().flatten().min();
            }
            Change::CancelPurchase { participant, course } => {
                let somebody = self.people.get_mut(participant.as_str());
                return somebody.is_some_and(|(_, bought)| bought.remove(course.as_str()).is_some());
            }
            Change::UpsertCourse { course } => {
                self.courses.insert(course.id().to_string(), course.clone());
            }
            Change::CloseCourse { id } if self.courses.contains_key(id.as_str()) => {
                let course = self.courses[id.as_str()].clone().with_open(false);
                self.courses.insert(id.to_string(), course);
            }
            Change::ForgetParticipant { id } if self.people.contains_key(id.as_str()) => {
                self.people.remove(id.as_str());
            }
            _ => return false,
        }
        true
    }
}

/// The distinct categories and tags of a profile, with their attributes.
fn names(schema: &Schema, profile: &Profile) -> BTreeSet<(String, String)> {
    let of = |attribute: &Attribute| match (attribute.kind(), profile.get(attribute.name())) {
        (AttributeKind::Categorical, Some(Value::Text(name))) => vec![name.clone()],
        (AttributeKind::Tags, Some(Value::Tags(tags))) => tags.clone(),
        _ => Vec::new(),
    };
    schema.attributes().iter().flat_map(|a| of(a).into_iter().map(|name| (a.name().to_owned(), name))).collect()
}

/// What may happen, with numbers in the place of what exists by then.
#[derive(Debug, Clone)]
enum Step {
    Add(Profile),
    Update(Index, Profile),
    Buy(Index, Index, Option<i64>),
    Price(Index, u64, bool),
    Close(Index),
    Forget(Index),
    Cancel(Index),
    /// Several at once, the last of which may be impossible.
    Batch(Vec<Step>, bool),
    Merge,
    Refit,
    /// The process ends, and another one goes on from what was saved.
    Restart,
    /// The state is taken out and made live again.
    Rewrap,
}

fn steps(schema: &Schema) -> BoxedStrategy<Step> {
    // Some values were never seen before.
    let new_name = |profile: Profile, i: u8| -> Profile {
        profile
            .iter()
            .map(|(name, value)| match value {
                Value::Tags(tags) if i == 0 => {
                    (name.to_owned(), Value::from([tags.clone(), vec!["new".to_owned()]].concat()))
                }
                value => (name.to_owned(), value.clone()),
            })
            .collect()
    };
    let profile = (profiles(schema), 0..4_u8).prop_map(move |(profile, i)| new_name(profile, i)).boxed();
    let time = prop::option::of(0..2_000_i64).prop_map(|day| day.map(|day| day * 86_400));
    let step = prop_oneof![
        2 => profile.clone().prop_map(Step::Add),
        2 => (any::<Index>(), profile).prop_map(|(who, profile)| Step::Update(who, profile)),
        6 => (any::<Index>(), any::<Index>(), time).prop_map(|(who, what, at)| Step::Buy(who, what, at)),
        1 => (any::<Index>(), 0..500_u64, any::<bool>()).prop_map(|(what, price, open)| Step::Price(what, price, open)),
        1 => any::<Index>().prop_map(Step::Close),
        3 => any::<Index>().prop_map(Step::Forget),
        3 => any::<Index>().prop_map(Step::Cancel),
        1 => Just(Step::Merge),
        1 => Just(Step::Refit),
        1 => Just(Step::Restart),
        1 => Just(Step::Rewrap),
    ];
    let batch =
        (prop::collection::vec(step.clone(), 1..5), any::<bool>()).prop_map(|(steps, bad)| Step::Batch(steps, bad));
    prop_oneof![5 => step, 1 => batch].boxed()
}

/// What a step means for what there is. One more course than there are can be named, and one more participant.
fn changes(step: &Step, plain: &Plain, next: &mut usize) -> Vec<Change> {
    let who = |index: &Index| {
        let ids: Vec<_> = plain.people.keys().cloned().chain(["nobody".to_owned()]).collect();
        index.get(&ids).as_str().into()
    };
    let what = |index: &Index| {
        let ids: Vec<_> = plain.courses.keys().cloned().chain(["nothing".to_owned()]).collect();
        index.get(&ids).clone()
    };
    match step {
        Step::Add(profile) => {
            *next += 1;
            vec![Change::AddParticipant { id: format!("n{next}").into(), profile: profile.clone() }]
        }
        Step::Update(index, profile) => vec![Change::UpdateProfile { id: who(index), profile: profile.clone() }],
        Step::Buy(index, course, at) => {
            vec![Change::RecordPurchase {
                participant: who(index),
                course: what(course).into(),
                at: at.map(|at| Timestamp::from_seconds(at).unwrap()),
            }]
        }
        Step::Price(index, price, open) => {
            vec![Change::UpsertCourse { course: Course::new(what(index), Amount(*price)).with_open(*open) }]
        }
        Step::Close(index) => vec![Change::CloseCourse { id: what(index).into() }],
        Step::Forget(index) => vec![Change::ForgetParticipant { id: who(index) }],
        Step::Cancel(index) => {
            let pairs = plain.people.iter().flat_map(|(id, (_, bought))| bought.keys().map(move |course| (id, course)));
            let (nobody, nothing) = ("nobody".to_owned(), "c0".to_owned());
            let pairs: Vec<_> = pairs.chain([(&nobody, &nothing)]).collect();
            let (participant, course) = *index.get(&pairs);
            vec![Change::CancelPurchase { participant: participant.as_str().into(), course: course.as_str().into() }]
        }
        Step::Batch(steps, bad) => {
            let mut all: Vec<_> = steps.iter().flat_map(|step| changes(step, plain, next)).collect();
            if *bad {
                all.push(Change::CloseCourse { id: "no such course".into() });
            }
            all
        }
        Step::Merge | Step::Refit | Step::Restart | Step::Rewrap => Vec::new(),
    }
}

/// Every bit of every answer.
fn answers(model: &Recommender, queries: &[Query]) -> Vec<String> {
    let text = |query: &Query| {
        let answer = serde_json::to_string(&model.recommend(query).unwrap()).unwrap();
        let plan = serde_json::to_string(&model.plan(query).unwrap()).unwrap();
        let alike: Vec<String> =
            model.neighbours(query).unwrap().similarities().iter().map(ToString::to_string).collect();
        format!("{answer} {plan} {alike:?}")
    };
    queries.iter().map(text).collect()
}

fn check(live: &LiveRecommender, plain: &Plain, params: RecommenderParams, asker: &Profile) {
    let state = live.current();
    let known: BTreeSet<_> = plain.known.iter().map(|(attribute, name)| format!("{attribute} = {name}")).collect();
    let columns = state.encoder().feature_names();
    let found = columns.iter().filter(|name| name.contains(" = ")).cloned();
    assert_eq!(found.collect::<BTreeSet<_>>(), known);
    assert_eq!(live.unseen(), plain.unseen() as u64);

    let mut queries = Vec::new();
    let history: Vec<_> = plain.courses.keys().take(2).cloned().collect();
    // Another balance after each step.
    let balance = [0, 250, 1_000][plain.people.values().map(|(_, bought)| bought.len()).sum::<usize>() % 3];
    let query = || Query::new(asker.clone(), Amount(balance)).top_n(usize::MAX);
    queries.push(query());
    queries.push(query().owned(history.iter().map(String::as_str)).use_history(true));
    for id in plain.people.keys().take(3) {
        queries.push(query().as_participant(id.as_str()));
        queries.push(Query::participant(id.as_str(), Amount(balance)).use_history(true));
    }
    let ids = |data: &TrainingSet| data.participants().ids().map(str::to_owned).collect::<BTreeSet<_>>();
    assert_eq!(ids(&state.training_set().unwrap()), plain.people.keys().cloned().collect());
    let data = plain.data();
    if data.is_none() {
        // Nobody is left to learn from.
        for query in &queries {
            let answer = state.recommend(query).unwrap();
            assert!(answer.is_empty() && answer.k() == 0 && answer.n_inside() == 0);
        }
    }
    let data = data.unwrap_or_else(|| state.training_set().unwrap());
    let anew = params.fit_with_encoder(&data, state.encoder());
    let fades = anew.is_ok();
    // Where no purchase has a time, nothing fades.
    let anew = anew.or_else(|_| params.half_life(None).fit_with_encoder(&data, state.encoder())).unwrap();
    assert_eq!(answers(&state, &queries), answers(&anew, &queries));
    assert_eq!(sorted_rows(&state), sorted_rows(&anew));
    assert!(!fades || state.fingerprint() == anew.fingerprint());
}

/// What a process that dies leaves to the next one.
fn restarted(live: &LiveRecommender) -> LiveRecommender {
    let mut saved = Vec::new();
    live.current().save_to(&mut saved).unwrap();
    let loaded = LiveRecommender::new(Recommender::load_from(&saved[..]).unwrap()).unwrap();
    let mut again = Vec::new();
    loaded.current().save_to(&mut again).unwrap();
    assert_eq!(saved, again);
    loaded
}

/// The state of a live model that is no more, made live again.
fn rewrapped(live: LiveRecommender) -> LiveRecommender {
    let mut state = live.current();
    drop(live);
    loop {
        // The worker may have it for a moment.
        match std::sync::Arc::try_unwrap(state) {
            Ok(state) => return LiveRecommender::new(state).unwrap(),
            Err(shared) => state = shared,
        }
        std::thread::yield_now();
    }
}

/// The vectors of the past participants, in no order.
fn sorted_rows(model: &Recommender) -> Vec<Vec<u32>> {
    let mut rows: Vec<Vec<u32>> =
        model.matrix().rows().into_iter().map(|r| r.iter().map(|x| x.to_bits()).collect()).collect();
    rows.sort_unstable();
    rows
}

fn scenarios() -> impl Strategy<Value = (World, Vec<Option<i64>>, Vec<Step>, Profile, RecommenderParams)> {
    worlds().prop_flat_map(|world| {
        let steps = prop::collection::vec(steps(&world.schema), 1..25);
        let times = prop::collection::vec(prop::option::of((0..2_000_i64).prop_map(|day| day * 86_400)), 1..20);
        let params = (
            prop_oneof![1..4_u64, Just(30)],
            prop::option::of(10.0..500.0_f64),
            prop::sample::select(IndexKind::ALL.to_vec()),
            any::<bool>(),
        );
        let params = params.prop_map(|(k, half_life, index, learned)| {
            let params = Recommender::params().n_neighbours(k).prior(3.0).index(index);
            // linfa's indexes know Gower's distance only.
            let learned = learned && !matches!(index, IndexKind::Linear | IndexKind::KdTree);
            let params = if learned { params.distance(Distance::Learned) } else { params };
            params.half_life(half_life).at(half_life.map(|_| Timestamp::from_seconds(1_500 * 86_400).unwrap()))
        });
        let asker = profiles(&world.schema);
        (Just(world), times, steps, asker, params)
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(150))]

    #[test]
    fn after_any_changes_answers_are_those_of_a_model_fitted_anew((world, times, steps, asker, params) in scenarios()) {
        let mut plain = Plain::new(&world, &times);
        // Where nothing has a time, nothing can fade.
        let timed = plain.people.values().any(|(_, bought)| bought.values().any(Option::is_some));
        let params = if timed { params } else { params.half_life(None) };
        let mut live = LiveRecommender::new(params.fit(&plain.data().unwrap()).unwrap()).unwrap();
        check(&live, &plain, params, &asker);
        let mut next = 0;
        for step in &steps {
            match step {
                Step::Merge => live.merge().unwrap(),
                Step::Refit => {
                    live.refit().unwrap();
                    plain.learn();
                    prop_assert_eq!(live.unseen(), 0);
                }
                Step::Restart => live = restarted(&live),
                Step::Rewrap => live = rewrapped(live),
                step => {
                    let changes = changes(step, &plain, &mut next);
                    let before = live.current();
                    let mut after = plain.clone();
                    let possible = after.apply_all(&changes);
                    prop_assert_eq!(live.apply(&changes).is_ok(), possible, "{:?}", changes);
                    if possible {
                        plain = after;
                    } else {
                        prop_assert!(std::sync::Arc::ptr_eq(&before, &live.current()));
                    }
                }
            }
            check(&live, &plain, params, &asker);
        }
    }
}

#[test]
fn nothing_is_left_of_the_forgotten() {
    let schema = Schema::new().numeric("age").categorical("province").tags("interests");
    let mut data = TrainingSet::builder(schema);
    for course in ["excel", "sewing"] {
        data.course(Course::new(course, Amount(100))).unwrap();
    }
    for i in 0..50 {
        let profile = Profile::new().with("age", 20 + i).with("province", "Bali").with("interests", ["music"]);
        data.participant(format!("p{i}"), profile).unwrap().purchase(&format!("p{i}"), "excel").unwrap();
    }
    let secret = Profile::new().with("age", 30).with("province", "Atlantis").with("interests", ["music", "alchemy"]);
    data.participant("mallory-4711", secret.clone()).unwrap().purchase("mallory-4711", "sewing").unwrap();
    let live =
        LiveRecommender::new(Recommender::params().n_neighbours(5).fit(&data.build().unwrap()).unwrap()).unwrap();
    let everything = || {
        let state = live.current();
        let data = serde_json::to_string(state.training_set().unwrap().participants()).unwrap();
        format!("{data} {:?} {state:?}", state.encoder().feature_names())
    };
    for word in ["mallory-4711", "Atlantis", "alchemy"] {
        assert!(everything().contains(word), "{word}");
    }
    live.forget_participant("mallory-4711").unwrap();
    for word in ["mallory-4711", "Atlantis", "alchemy"] {
        assert!(!everything().contains(word), "{word}");
    }
    let state = live.current();
    assert!(everything().contains("Bali") && everything().contains("music"));
    assert_eq!((state.contains("mallory-4711"), live.unseen()), (false, 0));
    live.merge().unwrap();
    assert_eq!(live.current().profiles().n_members(), 50);
    // Its province is one that nobody has, like any other.
    let ask = |province: &str| {
        let query = Query::new(Profile::new().with("province", province), Amount(100));
        serde_json::to_string(&state.recommend(&query).unwrap()).unwrap()
    };
    assert_eq!(ask("Atlantis"), ask("Lemuria"));
    assert_eq!(state.recommend(&Query::new(secret, Amount(100))).unwrap().len(), 1);
}

#[test]
fn unseen_names_of_past_participants_are_counted_until_the_refit() {
    let mut data = TrainingSet::builder(Schema::new().categorical("province").tags("interests"));
    data.course(Course::new("excel", Amount(1))).unwrap();
    data.participant("ani", Profile::new().with("province", "Bali")).unwrap().purchase("ani", "excel").unwrap();
    let live = LiveRecommender::new(Recommender::params().fit(&data.build().unwrap()).unwrap()).unwrap();
    let profile = Profile::new().with("province", "Aceh").with("interests", ["music", "chess", "music"]);
    live.add_participant("budi", profile.clone()).unwrap();
    // Whoever has bought nothing teaches nothing.
    assert_eq!(live.unseen(), 0);
    live.record_purchase("budi", "excel", None).unwrap();
    assert_eq!(live.unseen(), 3);
    assert!(live.add_participant("budi", profile).is_err());
    assert_eq!(live.unseen(), 3);
    let live = restarted(&live);
    assert_eq!(live.unseen(), 3);
    live.refit().unwrap();
    assert_eq!((live.unseen(), live.current().encoder().n_columns()), (0, 3 + 3));
}

/// Two who live in Bali, one of whom likes chess.
fn two_in_bali() -> LiveRecommender {
    let mut data = TrainingSet::builder(Schema::new().numeric("age").categorical("province").tags("interests"));
    data.course(Course::new("excel", Amount(1))).unwrap().course(Course::new("sewing", Amount(2))).unwrap();
    for (id, interests) in [("ani", vec!["music", "chess"]), ("budi", vec!["music"])] {
        let profile = Profile::new().with("province", "Bali").with("interests", interests);
        data.participant(id, profile).unwrap().purchase(id, "excel").unwrap();
    }
    LiveRecommender::new(Recommender::params().fit(&data.build().unwrap()).unwrap()).unwrap()
}

#[test]
fn a_state_made_live_again_keeps_the_names_that_others_hold() {
    let live = rewrapped(two_in_bali());
    live.forget_participant("ani").unwrap();
    let columns =
        ["age: high", "age: low", "province = Bali", "province: other", "interests = music", "interests: other"];
    assert_eq!(live.current().encoder().feature_names(), columns);
    assert_eq!(live.current().encoder().n_columns(), columns.len());
}

#[test]
fn a_name_goes_with_its_last_holder_whether_they_are_forgotten_or_change_and_a_restart_does_not_show() {
    let bytes = |live: &LiveRecommender| {
        let mut saved = Vec::new();
        live.current().save_to(&mut saved).unwrap();
        saved
    };
    let holds = |saved: &[u8]| saved.windows(5).any(|window| window == b"chess");
    let profile = || Profile::new().with("province", "Bali").with("interests", ["music"]);
    let live = two_in_bali();
    assert!(holds(&bytes(&live)));
    live.update_profile("ani", profile()).unwrap();
    assert!(!holds(&bytes(&live)));
    let restarted = restarted(&live);
    for live in [&live, &restarted] {
        live.forget_participant("ani").unwrap();
        // Whoever holds it now has an unknown one.
        live.update_profile("budi", profile().with("interests", ["chess"])).unwrap();
        assert_eq!((live.unseen(), live.current().encoder().n_columns()), (1, 2 + 2 + 1));
        live.update_profile("budi", profile()).unwrap();
    }
    assert_eq!(bytes(&live), bytes(&restarted));
    assert_eq!(live.current().fingerprint(), restarted.current().fingerprint());
    assert!(!holds(&bytes(&live)));
    // In one batch too, as in two.
    let live = two_in_bali();
    let update = |interests: &[&str]| Change::UpdateProfile {
        id: "ani".into(),
        profile: profile().with("interests", interests.to_vec()),
    };
    live.apply(&[update(&[]), update(&["chess"])]).unwrap();
    assert_eq!(live.unseen(), 1);
}

#[test]
fn fading_does_not_depend_on_whose_purchase_is_the_newest() {
    let day = |day: i64| Timestamp::from_seconds(day * 86_400).unwrap();
    let mut data = TrainingSet::builder(Schema::new().numeric("age"));
    data.course(Course::new("excel", Amount(1))).unwrap().course(Course::new("sewing", Amount(1))).unwrap();
    for (id, course, at) in [("ani", "excel", 0), ("budi", "sewing", 10), ("cici", "excel", 20)] {
        data.participant(id, Profile::new()).unwrap().purchase_at(id, course, day(at)).unwrap();
    }
    let params = Recommender::params().half_life(10.0).at(day(20));
    let live = LiveRecommender::new(params.fit(&data.build().unwrap()).unwrap()).unwrap();
    let votes = |model: &Recommender| -> Vec<(String, f64)> {
        let answer = model.recommend(&Query::new(Profile::new(), Amount(1))).unwrap();
        answer.iter().map(|r| (r.course().id().to_string(), r.votes())).collect()
    };
    let expected = |excel: f64, sewing: f64| vec![("excel".to_owned(), excel), ("sewing".to_owned(), sewing)];
    assert_eq!(votes(&live.current()), expected(1.25, 0.5));
    live.record_purchase("ani", "sewing", Some(day(40))).unwrap();
    // Both have two buyers, and more votes come first.
    let mut found = votes(&live.current());
    found.sort_by(|a, b| a.0.cmp(&b.0));
    assert_eq!(found, expected(1.25, 1.5));
    live.forget_participant("cici").unwrap();
    let state = live.current();
    let mut found = votes(&state);
    found.sort_by(|a, b| a.0.cmp(&b.0));
    assert_eq!(found, expected(0.25, 1.5));
    let anew = params.fit_with_encoder(&state.training_set().unwrap(), state.encoder()).unwrap();
    assert_eq!((votes(&anew), anew.fingerprint()), (votes(&state), state.fingerprint()));
}

#[test]
fn cancelling_the_last_purchase_makes_somebody_no_past_participant() {
    let live = two_in_bali();
    live.cancel_purchase("ani", "excel").unwrap();
    let state = live.current();
    assert!(state.contains("ani"));
    let answer = state.recommend(&Query::participant("ani", Amount(1))).unwrap();
    assert_eq!(answer.iter().map(|r| (r.course().id().as_str(), r.buyers())).collect::<Vec<_>>(), [("excel", 1)]);
    assert_eq!(state.matrix().nrows(), 1);
    for (participant, course, message) in [
        ("ani", "excel", "change 1: participant \"ani\": \"excel\" was not bought"),
        ("zaki", "excel", "change 1: participant: \"zaki\" is unknown"),
        ("ani", "karate", "change 1: course: \"karate\" is unknown"),
    ] {
        assert_eq!(live.cancel_purchase(participant, course).unwrap_err().to_string(), message);
    }
    let change = Change::CancelPurchase { participant: "ani".into(), course: "excel".into() };
    let json = r#"{"op":"cancel_purchase","participant":"ani","course":"excel"}"#;
    assert_eq!(serde_json::to_string(&change).unwrap(), json);
    assert_eq!(serde_json::from_str::<Change>(json).unwrap(), change);
}

#[test]
fn a_programme_starts_on_its_first_day_and_survives_restarts() {
    let schema = Schema::new().numeric("age").attribute(Attribute::numeric("wage").with_rank_scale());
    let schema = schema.ordinal("education", ["SD", "SMA"]).categorical("province").tags("interests");
    let mut courses = Catalogue::new();
    courses.add(Course::new("excel", Amount(100))).unwrap();
    for index in IndexKind::ALL {
        let params = Recommender::params().n_neighbours(1).index(index);
        let live = LiveRecommender::start(schema.clone(), &courses, params).unwrap();
        let live = restarted(&live);
        let profile =
            || Profile::new().with("age", 24).with("wage", 3).with("education", "SMA").with("province", "Bali");
        let query = Query::new(profile(), Amount(100)).use_history(true);
        let empty = live.current();
        let answer = empty.recommend(&query).unwrap();
        assert_eq!(answer.empty_reason().unwrap().to_string(), "nobody has bought anything yet");
        assert_eq!((answer.k(), answer.radius()), (0, 0.0));
        assert!(empty.plan(&query).unwrap().courses().is_empty());
        live.refit().unwrap();
        live.merge().unwrap();
        live.add_participant("ani", profile()).unwrap();
        assert!(live.current().recommend(&Query::participant("ani", Amount(100))).unwrap().is_empty());
        live.record_purchase("ani", "excel", None).unwrap();
        assert_eq!((live.unseen(), live.current().encoder().feature_names().len()), (1, 2 + 2 + 2 + 1 + 1));
        let live = restarted(&live);
        live.refit().unwrap();
        let state = live.current();
        assert_eq!((live.unseen(), state.recommend(&query).unwrap().len()), (0, 1));
        let anew = params.fit(&state.training_set().unwrap()).unwrap();
        assert_eq!(anew.fingerprint(), state.fingerprint());
    }
    assert!(LiveRecommender::start(Schema::new(), &courses, Recommender::params()).is_err());
    assert!(LiveRecommender::start(schema, &courses, Recommender::params().prior(-1.0)).is_err());
}

#[test]
fn a_catalogue_repriced_in_one_batch_is_in_order_afterwards() {
    let live = two_in_bali();
    let change = |i: u64, price: u64| Change::UpsertCourse { course: Course::new(format!("{i}"), Amount(price)) };
    live.apply(&(0..500).map(|i| change(i, i)).collect::<Vec<_>>()).unwrap();
    let buys = (0..500).map(|i| Change::RecordPurchase {
        participant: ["ani", "budi"][i % 2].into(),
        course: format!("{i}").into(),
        at: None,
    });
    let repriced = (0..500).map(|i| change(i, 1_000 - i));
    live.apply(&buys.chain(repriced).collect::<Vec<_>>()).unwrap();
    let state = live.current();
    let answer = state.recommend(&Query::new(Profile::new(), Amount(10_000)).top_n(usize::MAX)).unwrap();
    let order: Vec<_> = answer.iter().map(|r| r.course().id().as_str()).collect();
    let cheapest_first = (0..500).rev().map(|i| i.to_string());
    // Both bought excel, and one of them each of the others.
    assert_eq!(order, ["excel".to_owned()].into_iter().chain(cheapest_first).collect::<Vec<_>>());
}

#[test]
fn readers_see_the_old_model_or_the_new_one_when_it_is_replaced() {
    let fit = |n: usize, course: &str| {
        let mut data = TrainingSet::builder(Schema::new().numeric("age"));
        data.course(Course::new(course, Amount(1))).unwrap();
        for i in 0..n {
            data.participant(i.to_string(), Profile::new()).unwrap().purchase(&i.to_string(), course).unwrap();
        }
        Recommender::params().fit(&data.build().unwrap()).unwrap()
    };
    let live = LiveRecommender::new(fit(3, "a")).unwrap();
    std::thread::scope(|scope| {
        let reader = scope.spawn(|| {
            let query = Query::new(Profile::new(), Amount(1));
            loop {
                let state = live.current();
                let answer = state.recommend(&query).unwrap();
                let found = answer.iter().map(|r| (r.course().id().as_str(), r.buyers())).collect::<Vec<_>>();
                assert!([[("a", 3)], [("b", 50)], [("b", 51)]].contains(&found[..].try_into().unwrap()), "{found:?}");
                if found == [("b", 51)] {
                    break;
                }
            }
        });
        live.replace(fit(50, "b")).unwrap();
        assert!(live.add_participant("0", Profile::new()).is_err());
        live.add_participant("new", Profile::new()).unwrap();
        live.record_purchase("new", "b", None).unwrap();
        reader.join().unwrap();
    });
    assert!(live.record_purchase("new", "a", None).is_err());
}

#[test]
fn everybody_forgotten_leaves_a_model_that_answers_nothing() {
    for index in IndexKind::ALL {
        let params = Recommender::params().index(index);
        let live = LiveRecommender::new(params.fit(&two_in_bali().current().training_set().unwrap()).unwrap()).unwrap();
        for id in ["ani", "budi"] {
            live.forget_participant(id).unwrap();
        }
        for _ in 0..2 {
            let state = live.current();
            let query =
                Query::new(Profile::new().with("province", "Bali"), Amount(10)).owned(["sewing"]).use_history(true);
            assert!(state.recommend(&query).unwrap().is_empty());
            assert!(state.plan(&query).unwrap().courses().is_empty());
            assert!(state.neighbours(&query).unwrap().similarities().len() <= 3);
            live.merge().unwrap();
            live.refit().unwrap();
        }
    }
}

#[test]
fn readers_see_whole_batches_only() {
    let mut data = TrainingSet::builder(Schema::new().numeric("age"));
    data.course(Course::new("a", Amount(1))).unwrap().course(Course::new("b", Amount(1))).unwrap();
    data.participant("0", Profile::new()).unwrap().purchase("0", "a").unwrap().purchase("0", "b").unwrap();
    let live = LiveRecommender::new(Recommender::params().fit(&data.build().unwrap()).unwrap()).unwrap();
    std::thread::scope(|scope| {
        let readers: Vec<_> = (0..3)
            .map(|_| {
                scope.spawn(|| {
                    let query = Query::new(Profile::new(), Amount(1));
                    let mut most = 0;
                    while most < 300 {
                        let state = live.current();
                        let buyers: Vec<u32> =
                            state.recommend(&query).unwrap().iter().map(sebaya::Recommendation::buyers).collect();
                        // Both courses are bought in one batch.
                        assert_eq!(buyers[0], buyers[1]);
                        assert!(buyers[0] >= most);
                        most = buyers[0];
                    }
                })
            })
            .collect();
        for i in 1..300 {
            let id = || i.to_string().into();
            let buy = |course: &str| Change::RecordPurchase { participant: id(), course: course.into(), at: None };
            let add = Change::AddParticipant { id: id(), profile: Profile::new().with("age", i) };
            live.apply(&[add, buy("a"), buy("b")]).unwrap();
        }
        for reader in readers {
            reader.join().unwrap();
        }
    });
}

#[test]
fn readers_see_what_the_first_changes_made_while_bases_are_built_and_learned() {
    const CHANGES: u32 = 400;
    let live = two_in_bali();
    let change = |i: u32| -> Vec<Change> {
        let id = |i: u32| format!("n{i}").into();
        let profile = |i: u32| Profile::new().with("age", i % 50).with("interests", [format!("tag {}", i % 9)]);
        let buy = |i: u32, course: &str| Change::RecordPurchase { participant: id(i), course: course.into(), at: None };
        match i % 8 {
            0 | 1 => vec![Change::AddParticipant { id: id(i), profile: profile(i) }, buy(i, "excel")],
            2 => vec![buy(i - 1, "sewing"), Change::UpdateProfile { id: id(i - 2), profile: profile(i) }],
            3 => vec![Change::CancelPurchase { participant: id(i - 2), course: "excel".into() }],
            4 => vec![Change::ForgetParticipant { id: id(i - 4) }],
            5 => vec![Change::UpsertCourse { course: Course::new("baking", Amount(i.into())) }],
            6 => vec![buy(i - 5, "baking")],
            _ => vec![Change::CloseCourse { id: "baking".into() }],
        }
    };
    // All that a state knows, whatever its base and its encoder.
    let digest = |state: &Recommender| {
        let data = state.training_set().unwrap();
        serde_json::to_string(&data).unwrap()
    };
    let plain = two_in_bali();
    let mut places = BTreeMap::from([(digest(&plain.current()), 0)]);
    for i in 0..CHANGES {
        plain.apply(&change(i)).unwrap();
        places.insert(digest(&plain.current()), i + 1);
    }
    let stop = AtomicBool::new(false);
    std::thread::scope(|scope| {
        let readers: Vec<_> = (0..2)
            .map(|_| {
                scope.spawn(|| {
                    let mut seen = 0;
                    while seen < CHANGES {
                        let state = live.current();
                        let place = places.get(&digest(&state)).copied();
                        assert!(place >= Some(seen), "{place:?} after {seen}");
                        seen = place.unwrap();
                        let query = Query::new(Profile::new().with("age", 30), Amount(1_000));
                        assert!(!state.recommend(&query).unwrap().is_empty());
                    }
                })
            })
            .collect();
        for build in [LiveRecommender::merge, LiveRecommender::refit] {
            let (live, stop) = (&live, &stop);
            scope.spawn(move || {
                while !stop.load(Ordering::Relaxed) {
                    build(live).unwrap();
                }
            });
        }
        for i in 0..CHANGES {
            live.apply(&change(i)).unwrap();
            // So that the others come to see something of it.
            std::thread::sleep(std::time::Duration::from_millis(1));
        }
        let seen: Vec<_> = readers.into_iter().map(std::thread::ScopedJoinHandle::join).collect();
        stop.store(true, Ordering::Relaxed);
        assert!(seen.iter().all(Result::is_ok));
    });
    let state = live.current();
    let anew = Recommender::params().fit_with_encoder(&state.training_set().unwrap(), state.encoder()).unwrap();
    assert_eq!(state.fingerprint(), anew.fingerprint());
}
