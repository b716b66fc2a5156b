//! Changes that come while a new base is being built, at chosen moments, and what the model keeps.

use super::*;
use crate::domain::{Amount, Attribute, Course, Profile};
use crate::query::Query;
use crate::store::Random;

/// A model of a few people who hold few names, so that names lose their last holders.
fn model() -> Recommender {
    let age = Attribute::numeric("age").with_range(0.0, 5_000.0);
    let mut data = TrainingSet::builder(Schema::new().attribute(age).categorical("province").tags("interests"));
    for course in 0..5 {
        data.course(Course::new(format!("c{course}"), Amount(100 + course))).unwrap();
    }
    for i in 0..20 {
        let id = format!("p{i}");
        data.participant(&id, profile(i)).unwrap().purchase(&id, &format!("c{}", i % 4)).unwrap();
    }
    Recommender::params().n_neighbours(5).fit(&data.build().unwrap()).unwrap()
}

fn live() -> LiveRecommender {
    LiveRecommender::new(model()).unwrap()
}

fn profile(i: u32) -> Profile {
    let (province, tag) = (format!("province {}", i % 11), format!("tag {}", i % 7));
    Profile::new().with("age", f64::from(i) / 3.0).with("province", province).with("interests", [tag])
}

/// A batch of one or two changes that may be refused.
fn batch(random: &mut Random) -> Vec<Change> {
    let mut draw = |n: u32| random.below(n);
    (0..=draw(2))
        .map(|_| {
            let (id, other) = (format!("p{}", draw(30)).into(), draw(300));
            let course = format!("c{}", draw(7)).into();
            match draw(7) {
                0 => Change::AddParticipant { id, profile: profile(other) },
                1 => Change::UpdateProfile { id, profile: profile(other) },
                2 => Change::CancelPurchase { participant: id, course },
                3 => Change::ForgetParticipant { id },
                4 => Change::UpsertCourse { course: Course::new(course.as_str(), Amount(draw(500).into())) },
                _ => Change::RecordPurchase { participant: id, course, at: None },
            }
        })
        .collect()
}

/// Makes batches in both models, which refuse the same ones.
fn apply(models: [&LiveRecommender; 2], n: u32, random: &mut Random) {
    for _ in 0..n {
        let batch = batch(random);
        let [one, other] = models.map(|live| live.apply(&batch).map_err(|error| error.to_string()));
        assert_eq!(one, other);
    }
}

/// What must be the same of two models, whatever their bases.
fn seen(live: &LiveRecommender) -> Vec<String> {
    let state = live.current();
    let mut all = vec![state.fingerprint().to_string(), live.unseen().to_string()];
    for i in 0..6 {
        let query = Query::new(profile(i * 40), Amount(300)).owned(["c0", "c1"]).use_history(true);
        all.push(serde_json::to_string(&state.recommend(&query).unwrap()).unwrap());
        all.push(format!("{:?}", state.neighbours(&query).unwrap().similarities()));
    }
    all
}

#[test]
fn changes_made_while_a_base_is_built_are_in_it() {
    for seed in 0..60 {
        let mut random = Random::stream(seed, 0);
        let (beside, plain) = (live(), live());
        for round in 0..4 {
            apply([&beside, &plain], random.below(20), &mut random);
            let rebuild = Rebuild::begin(&beside.0);
            let refits = round % 2 == 1;
            if refits {
                plain.refit().unwrap();
            }
            apply([&beside, &plain], random.below(40), &mut random);
            let next = if refits { rebuild.refitted() } else { rebuild.merged(false) }.unwrap();
            apply([&beside, &plain], random.below(40), &mut random);
            rebuild.publish(next, |_| Ok(())).unwrap();
            assert_eq!(seen(&beside), seen(&plain), "seed {seed}, round {round}");
        }
    }
}

#[test]
fn a_rebuild_that_fails_or_panics_loses_nothing() {
    let mut random = Random::stream(7, 0);
    let (beside, plain) = (live(), live());
    let rebuild = Rebuild::begin(&beside.0);
    apply([&beside, &plain], 30, &mut random);
    drop(rebuild);
    assert_eq!(seen(&beside), seen(&plain));
    let refused = beside.refit_after(|_| Err(DataError::NoPurchase.into()));
    assert_eq!(refused.unwrap_err().to_string(), "there is no purchase at all");
    assert_eq!(seen(&beside), seen(&plain));
    let panicked =
        std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| beside.refit_after(|_| panic!("on purpose"))));
    assert!(panicked.is_err());
    apply([&beside, &plain], 30, &mut random);
    assert_eq!(seen(&beside), seen(&plain));
    for live in [&beside, &plain] {
        live.refit().unwrap();
        live.merge().unwrap();
    }
    apply([&beside, &plain], 30, &mut random);
    assert_eq!(seen(&beside), seen(&plain));
}

#[test]
fn a_batch_that_is_refused_by_whoever_comes_after_it_takes_its_names_back() {
    let (live, plain) = (live(), live());
    let forget = [Change::ForgetParticipant { id: "p0".into() }, Change::ForgetParticipant { id: "p11".into() }];
    assert!(live.apply_after(&forget, || Err(LiveError::from(DataError::NoPurchase))).is_err());
    let panicked = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
        live.apply_after::<LiveError>(&forget, || panic!("on purpose"))
    }));
    assert!(panicked.is_err());
    for live in [&live, &plain] {
        live.apply(&forget[..1]).unwrap();
    }
    assert_eq!(seen(&live), seen(&plain));
    let knows =
        |live: &LiveRecommender| live.current().encoder().feature_names().contains(&"province = province 0".into());
    assert!(knows(&live));
    live.apply(&forget[1..]).unwrap();
    assert!(!knows(&live));
}

#[test]
fn keys_of_those_who_are_gone_are_used_again() {
    let live = live();
    let n_keys = || live.current().model.overlay.n_keys();
    let (at_first, n_names) = (n_keys(), live.0.lock().holders.n_names());
    for cycle in 0..3_000_u32 {
        let id = || format!("n{cycle}");
        live.add_participant(&id(), profile(1_000 + cycle)).unwrap();
        live.record_purchase(&id(), "c0", None).unwrap();
        if cycle % 3 == 0 {
            live.update_profile(&id(), profile(9_000 + cycle)).unwrap();
        }
        live.forget_participant(&id()).unwrap();
        if cycle % 100 == 0 {
            live.merge().unwrap();
            assert_eq!(n_keys(), at_first, "cycle {cycle}");
        }
        assert!(n_keys() <= at_first + 2);
        let state = live.current();
        let overlay = &state.model.overlay;
        assert_eq!((overlay.moved.n_rows(), overlay.baskets.len()), (0, 0));
    }
    assert_eq!(live.0.lock().holders.n_names(), n_names);
    // Half of those who come stay, and leave holes when they go.
    for i in 0..200 {
        live.add_participant(&format!("m{i}"), profile(5_000 + i)).unwrap();
        live.record_purchase(&format!("m{i}"), "c0", None).unwrap();
    }
    live.merge().unwrap();
    assert_eq!(n_keys(), at_first + 200);
    for i in (0..200).step_by(2) {
        live.forget_participant(&format!("m{i}")).unwrap();
    }
    live.merge().unwrap();
    for i in (0..200).step_by(2) {
        live.add_participant(&format!("m{i}"), profile(8_000 + i)).unwrap();
        live.record_purchase(&format!("m{i}"), "c1", None).unwrap();
        assert!(n_keys() <= at_first + 200);
    }
    live.merge().unwrap();
    let state = live.current();
    let anew = Recommender::params().n_neighbours(5);
    let anew = anew.fit_with_encoder(&state.training_set().unwrap(), state.encoder()).unwrap();
    for i in 0..200 {
        let query = Query::participant(format!("m{i}"), Amount(500));
        assert_eq!(state.recommend(&query).unwrap(), anew.recommend(&query).unwrap());
    }
}

#[test]
fn a_model_with_many_changes_is_merged_without_being_asked() {
    let live = live();
    let rows = live.current().profiles().n_rows();
    for i in 0..300 {
        live.add_participant(&format!("m{i}"), profile(100 + i)).unwrap();
        live.record_purchase(&format!("m{i}"), "c0", None).unwrap();
    }
    // The thread may be slow, but it comes.
    while live.current().profiles().n_rows() < rows + 128 {
        std::thread::yield_now();
    }
    let state = live.current();
    let anew = Recommender::params().n_neighbours(5);
    let anew = anew.fit_with_encoder(&state.training_set().unwrap(), state.encoder()).unwrap();
    assert_eq!(state.fingerprint(), anew.fingerprint());
    for i in 0..300 {
        let query = Query::participant(format!("m{i}"), Amount(500));
        assert_eq!(state.recommend(&query).unwrap(), anew.recommend(&query).unwrap());
    }
}

#[test]
fn old_states_are_given_up_when_readers_have_left_them() {
    let live = live();
    let old = live.current();
    live.forget_participant("p3").unwrap();
    live.merge().unwrap();
    let weak = Arc::downgrade(&old);
    drop(old);
    live.add_participant("n", Profile::new()).unwrap();
    while weak.upgrade().is_some() {
        std::thread::yield_now();
    }
}

#[test]
fn a_model_that_is_dropped_ends_its_thread() {
    let live = live();
    live.forget_participant("p3").unwrap();
    live.merge().unwrap();
    live.add_participant("n", Profile::new()).unwrap();
    let shared = Arc::downgrade(&live.0);
    drop(live);
    while shared.upgrade().is_some() {
        std::thread::yield_now();
    }
}

#[test]
fn a_model_that_is_replaced_while_a_base_is_built_stays_replaced() {
    let (live, other) = (live(), live());
    live.forget_participant("p1").unwrap();
    let rebuild = Rebuild::begin(&live.0);
    live.forget_participant("p2").unwrap();
    let merged = rebuild.merged(false).unwrap();
    live.replace(model()).unwrap();
    rebuild.publish(merged, |_| Ok(())).unwrap();
    assert_eq!(seen(&live), seen(&other));
    // The names are those of the new model too, and the next rebuild sees its changes.
    let rebuild = Rebuild::begin(&live.0);
    let forget: Vec<Change> = (0..20).map(|i| Change::ForgetParticipant { id: format!("p{i}").into() }).collect();
    for live in [&live, &other] {
        live.apply(&forget[..15]).unwrap();
    }
    let merged = rebuild.merged(false).unwrap();
    rebuild.publish(merged, |_| Ok(())).unwrap();
    assert_eq!(seen(&live), seen(&other));
}
