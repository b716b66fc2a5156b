//! Live models against models fitted anew, after any sequence of changes.

#![allow(clippy::unwrap_used, reason = "a test may panic")]

mod worlds;

use std::collections::{BTreeMap, BTreeSet};

use proptest::prelude::*;
use proptest::sample::Index;
use sebaya::prelude::*;
use sebaya::{AttributeKind, Change, IndexKind, RecommenderParams, Timestamp, Value};
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

    /// Whether all of these are possible. Names that nobody holds go when somebody is forgotten.
    fn apply_all(&mut self, changes: &[Change]) -> bool {
        let possible = changes.iter().all(|change| self.apply(change));
        if changes.iter().any(|change| matches!(change, Change::ForgetParticipant { .. })) {
            let held = self.people.values().flat_map(|(profile, _)| names(&self.schema, profile));
            let held: BTreeSet<_> = held.collect();
            self.known.retain(|name| held.contains(name));
        }
        possible
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

/// The categories and tags of a profile, with their attributes.
fn names(schema: &Schema, profile: &Profile) -> Vec<(String, String)> {
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
    /// Several at once, the last of which may be impossible.
    Batch(Vec<Step>, bool),
    Merge,
    Refit,
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
        1 => Just(Step::Merge),
        1 => Just(Step::Refit),
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
        Step::Batch(steps, bad) => {
            let mut all: Vec<_> = steps.iter().flat_map(|step| changes(step, plain, next)).collect();
            if *bad {
                all.push(Change::CloseCourse { id: "no such course".into() });
            }
            all
        }
        Step::Merge | Step::Refit => Vec::new(),
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
    let found = columns.iter().filter(|name| name.contains(" = ") && !name.ends_with(" = ")).cloned();
    assert_eq!(found.collect::<BTreeSet<_>>(), known);

    let mut queries = Vec::new();
    let history: Vec<_> = plain.courses.keys().take(2).cloned().collect();
    for balance in [0, 250, 1_000] {
        let query = || Query::new(asker.clone(), Amount(balance)).top_n(usize::MAX);
        queries.push(query());
        queries.push(query().owned(history.iter().map(String::as_str)).use_history(true));
        for id in plain.people.keys().take(4) {
            queries.push(query().as_participant(id.as_str()));
            queries.push(Query::participant(id.as_str(), Amount(balance)).use_history(true));
        }
    }
    let ids = |data: &TrainingSet| data.participants().ids().map(str::to_owned).collect::<BTreeSet<_>>();
    assert_eq!(ids(&state.training_set().unwrap()), plain.people.keys().cloned().collect());
    match plain.data() {
        Some(data) => {
            let anew = params.fit_with_encoder(&data, state.encoder()).unwrap();
            assert_eq!(answers(&state, &queries), answers(&anew, &queries));
            assert_eq!(sorted_rows(&state), sorted_rows(&anew));
        }
        // Nobody is left to learn from.
        None => {
            for query in &queries {
                let answer = state.recommend(query).unwrap();
                assert!(answer.is_empty() && answer.k() == 0 && answer.n_inside() == 0);
            }
        }
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
        );
        let params = params.prop_map(|(k, half_life, index)| {
            let params = Recommender::params().n_neighbours(k).prior(3.0).index(index);
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
        let live = LiveRecommender::new(params.fit(&plain.data().unwrap()).unwrap()).unwrap();
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
    assert_eq!((state.contains("mallory-4711"), state.profiles().n_members()), (false, 50));
    // Its province is one that nobody has, like any other.
    let ask = |province: &str| {
        let query = Query::new(Profile::new().with("province", province), Amount(100));
        serde_json::to_string(&state.recommend(&query).unwrap()).unwrap()
    };
    assert_eq!(ask("Atlantis"), ask("Lemuria"));
    assert_eq!(state.recommend(&Query::new(secret, Amount(100))).unwrap().len(), 1);
}

#[test]
fn unseen_names_are_counted_until_the_refit() {
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
    live.record_purchase("budi", "excel", None).unwrap();
    assert_eq!(live.unseen(), 3);
    live.refit().unwrap();
    assert_eq!((live.unseen(), live.current().encoder().n_columns()), (0, 3 + 3));
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
