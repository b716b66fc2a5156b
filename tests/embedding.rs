//! The crate as a service uses it: by its public items alone, in sections by what the service needs.

#![allow(clippy::unwrap_used, reason = "a test may panic")]

use std::sync::Arc;
use std::thread;

use sebaya::prelude::*;
use sebaya::{
    Answer, Change, EmptyReason, Error, ErrorKind, FitError, LiveError, ParamError, Plan, QueryError, Recommendation,
    Recommendations, Timestamp,
};

const BALANCE: Amount = Amount(300_000);

/// Four past participants, and eko who has bought nothing. Ages span 16 years.
fn programme() -> TrainingSet {
    let mut data = TrainingSet::builder(Schema::new().with_currency("IDR").numeric("age").categorical("province"));
    for (id, title, price, category) in [
        ("excel", "Excel untuk kantor", 250_000, "office"),
        ("python", "Dasar Python", 100_000, "office"),
        ("sewing", "Menjahit", 400_000, "crafts"),
        ("baking", "Roti dan kue", 195_000, "food"),
    ] {
        data.course(Course::new(id, Amount(price)).with_title(title).with_category(category).with_provider("Pintar"))
            .unwrap();
    }
    for (id, age, province, bought) in [
        ("ani", 24, "Bali", &["excel", "python"][..]),
        ("budi", 31, "Bali", &["sewing"]),
        ("cici", 31, "Aceh", &["excel"]),
        ("dewi", 40, "Bali", &["baking"]),
        ("eko", 27, "Aceh", &[]),
    ] {
        data.participant(id, Profile::new().with("age", age).with("province", province)).unwrap();
        for course in bought {
            data.purchase_at(id, course, Timestamp::from_seconds(86_400).unwrap()).unwrap();
        }
    }
    data.build().unwrap()
}

fn model() -> Recommender {
    Recommender::params().n_neighbours(2).fit(&programme()).unwrap()
}

fn eko() -> Query<'static> {
    Query::participant("eko", BALANCE)
}

fn ids(answer: &Recommendations) -> Vec<&str> {
    answer.iter().map(|best| best.course().id().as_str()).collect()
}

// Answers are kept, sent and serialised

/// The model is gone when its answers are read.
fn answers_of_a_model_that_is_gone() -> (Recommendations, Plan, sebaya::Neighbours, Answer) {
    let model = model();
    let query = eko();
    let list = model.searcher().recommend(&query).unwrap().clone();
    (list, model.plan(&query).unwrap(), model.neighbours(&query).unwrap(), model.answer(&query).unwrap())
}

#[test]
fn answers_outlive_the_model_and_cross_threads() {
    fn kept<T: Send + Sync + Clone + 'static>() {}
    kept::<Recommendation>();
    kept::<Recommendations>();
    kept::<Plan>();
    kept::<sebaya::Neighbours>();
    kept::<sebaya::Similarity>();
    kept::<sebaya::Explanation>();
    kept::<sebaya::HistoryExplanation>();
    kept::<sebaya::UnknownIds>();
    kept::<EmptyReason>();
    kept::<Answer>();
    kept::<QueryError>();

    let (list, plan, neighbours, answer) = answers_of_a_model_that_is_gone();
    let read = thread::spawn(move || {
        assert_eq!((&list, &plan, &neighbours), (&answer.recommendations, &answer.plan, &answer.neighbours));
        let titles: Vec<String> = list.into_iter().map(|best| best.course().title().to_owned()).collect();
        (titles, plan.to_string())
    });
    let (titles, plan) = read.join().unwrap();
    assert_eq!(titles, ["Excel untuk kantor", "Dasar Python", "Roti dan kue"]);
    assert_eq!(plan, "1 course for Rp250.000, Rp50.000 left");
}

#[test]
fn a_course_that_changes_later_stays_as_it_was_in_an_answer() {
    let live = LiveRecommender::new(model()).unwrap();
    let before = live.current().recommend(&eko()).unwrap();
    live.upsert_course(Course::new("excel", Amount(10)).with_title("Excel")).unwrap();
    assert_eq!(before.iter().next().unwrap().course().price(), Amount(250_000));
    assert_eq!(live.current().recommend(&eko()).unwrap().iter().next().unwrap().course().price(), Amount(10));
}

#[test]
fn an_answer_serialises_with_titles_reasons_and_bounds() {
    let json = serde_json::to_value(model().answer(&eko()).unwrap()).unwrap();
    let best = &json["recommendations"]["list"][0];
    assert_eq!(
        best["course"],
        serde_json::json!({"id": "excel", "title": "Excel untuk kantor", "price": 250_000, "provider": "Pintar",
            "category": "office", "open": true})
    );
    // Both neighbours bought it, and 2 of all 4: (2 + 10 * 2/4) / 12.
    let why = &best["explanation"];
    assert_eq!((why["supporters"].as_u64(), why["buyers"].as_u64(), why["k"].as_u64()), (Some(2), Some(2), Some(2)));
    assert_eq!((why["votes"].as_f64(), why["n_past_participants"].as_u64()), (Some(2.0), Some(4)));
    assert_eq!((best["score"].as_f64(), why["score"].as_f64()), (Some(7.0 / 12.0), Some(7.0 / 12.0)));
    approx::assert_relative_eq!(why["from_neighbours"].as_f64().unwrap(), 2.0 / 12.0, max_relative = 1e-12);
    approx::assert_relative_eq!(why["from_everyone"].as_f64().unwrap(), 5.0 / 12.0, max_relative = 1e-12);
    let plan = &json["plan"];
    assert_eq!((plan["total"].as_u64(), plan["leftover"].as_u64()), (Some(250_000), Some(50_000)));
    assert_eq!((plan["proven"].as_bool(), plan["currency"].as_str()), (Some(true), Some("IDR")));
    assert_eq!(plan["bound"], plan["value"]);
    assert_eq!(plan["courses"][0]["course"]["id"], "excel");
    // ani is 3 years away and cici 4, of 16; only cici is from Aceh.
    let expected = serde_json::json!([
        {"attribute": "age", "graded": true, "same": 0.0, "mean": 25.0 / 32.0},
        {"attribute": "province", "graded": false, "same": 0.5, "mean": 0.5},
    ]);
    assert_eq!(json["neighbours"]["similarities"], expected);
    // cici is inside; ani is the second of two, at (3/16 + 1) / 2 of the largest distance.
    let neighbourhood = serde_json::json!({"k": 2, "radius": 19.0 / 32.0, "inside": 1, "boundary": 1});
    assert_eq!(json["neighbours"]["neighbourhood"], neighbourhood);
    assert_eq!(json["recommendations"]["neighbourhood"], neighbourhood);

    let poor = serde_json::to_value(model().recommend(&Query::participant("eko", Amount(9))).unwrap()).unwrap();
    assert_eq!(poor["empty_reason"], serde_json::json!({"reason": "nothing_affordable", "cheapest": 100_000}));
}

// One page from one search

#[test]
fn one_page_says_what_the_calls_one_by_one_say() {
    let model = model();
    let mut searcher = model.searcher();
    for query in [
        eko(),
        eko().top_n(1),
        eko().top_n(0),
        Query::participant("ani", Amount(1_000_000)).use_history(true).spend_weight(2.0),
        Query::new(Profile::new(), Amount(400_000)).owned(["excel"]).must_include(["sewing"]),
        Query::new(Profile::new(), Amount(400_000)).filter(|course| course.category() == Some("crafts")),
    ] {
        let page = model.answer(&query).unwrap();
        assert_eq!(page.recommendations, model.recommend(&query).unwrap(), "{query:?}");
        assert_eq!(page.plan, model.plan(&query).unwrap(), "{query:?}");
        assert_eq!(page.neighbours, model.neighbours(&query).unwrap(), "{query:?}");
        assert_eq!(page, searcher.answer(&query).unwrap(), "{query:?}");
    }
}

#[test]
fn a_course_without_a_score_that_a_plan_must_hold_is_in_the_plan_of_a_page_and_not_in_its_list() {
    let model = Recommender::params().n_neighbours(1).prior(0.0).fit(&programme()).unwrap();
    // The nearest neighbour of eko is cici, who bought excel alone.
    let page = model.answer(&eko().must_include(["python"])).unwrap();
    assert_eq!(ids(&page.recommendations), ["excel"]);
    assert_eq!(page.plan.courses().len(), 1);
    assert_eq!(page.plan.courses()[0].course().id(), "python");
}

#[test]
fn a_page_whose_plan_cannot_be_is_an_error_that_says_why() {
    let error = model().answer(&eko().spend_weight(-1.0)).unwrap_err();
    assert!(matches!(error, QueryError::BadSpendWeight { .. }), "{error}");
    let error = model().answer(&eko().must_include(["sewing"])).unwrap_err();
    assert!(matches!(&error, QueryError::NotEligible { id } if *id == "sewing"), "{error}");
}

// What a model knows

#[test]
fn profiles_and_purchases_are_read_back_of_a_fitted_and_of_a_live_model() {
    let live = LiveRecommender::new(model()).unwrap();
    live.record_purchase("eko", "baking", None).unwrap();
    live.forget_participant("budi").unwrap();
    let (fitted, changed) = (model(), live.current());

    for model in [&fitted, &*changed] {
        let ani = model.participant("ani").unwrap();
        assert_eq!(ani.profile(), Profile::new().with("age", 24).with("province", "Bali"));
        let bought: Vec<_> = ani.purchases().iter().map(|(course, at)| (course.title(), *at)).collect();
        let at = Some(Timestamp::from_seconds(86_400).unwrap());
        assert_eq!(bought, [("Excel untuk kantor", at), ("Dasar Python", at)]);
        assert!(model.participant("zaki").is_none());
    }
    let all = |model: &Recommender| -> Vec<(String, bool)> {
        model.participants().map(|participant| (participant.id().to_owned(), participant.is_past())).collect()
    };
    let expected = |people: &[(&str, bool)]| -> Vec<_> { people.iter().map(|&(id, b)| (id.to_owned(), b)).collect() };
    assert_eq!(
        all(&fitted),
        expected(&[("ani", true), ("budi", true), ("cici", true), ("dewi", true), ("eko", false)])
    );
    assert_eq!((fitted.n_participants(), fitted.n_past_participants()), (5, 4));
    assert_eq!(all(&changed), expected(&[("ani", true), ("cici", true), ("dewi", true), ("eko", true)]));
    assert_eq!((changed.n_participants(), changed.n_past_participants()), (4, 4));
    assert_eq!(changed.participant("eko").unwrap().purchases()[0].1, None);
}

// A model a little behind the database

#[test]
fn a_lenient_query_takes_an_unknown_participant_for_somebody_new_and_says_so() {
    let model = model();
    let profile = || Profile::new().with("age", 27).with("province", "Aceh");
    let strict = Query::new(profile(), BALANCE).as_participant("fitri").owned(["welding", "excel", "pottery"]);
    let error = model.recommend(&strict).unwrap_err();
    assert!(matches!(error, QueryError::UnknownCourse { .. }), "{error}");
    let error = model.recommend(&Query::participant("fitri", BALANCE)).unwrap_err();
    assert!(matches!(error, QueryError::UnknownParticipant { .. }), "{error}");

    let answer = model.recommend(&strict.lenient()).unwrap();
    assert_eq!(answer.unknown().participant.as_ref().unwrap(), "fitri");
    assert_eq!(answer.unknown().owned, ["welding", "pottery"]);
    // The courses are those of a newcomer with this profile who owns excel.
    let newcomer = model.recommend(&Query::new(profile(), BALANCE).owned(["excel"])).unwrap();
    assert_eq!(ids(&answer), ids(&newcomer));
    assert_eq!(ids(&answer), ["python", "baking"]);
    assert!(newcomer.unknown().is_empty());
}

#[test]
fn a_lenient_query_of_an_unknown_participant_without_a_profile_knows_nothing_of_them() {
    let model = model();
    let answer = model.answer(&Query::participant("fitri", BALANCE).lenient()).unwrap();
    let nothing = model.answer(&Query::new(Profile::new(), BALANCE)).unwrap();
    assert_eq!((&answer.neighbours, &answer.plan), (&nothing.neighbours, &nothing.plan));
    assert_eq!(ids(&answer.recommendations), ids(&nothing.recommendations));
}

#[test]
fn a_lenient_query_of_what_is_known_is_a_strict_one_and_later_queries_remember_nothing_of_it() {
    let model = model();
    let mut searcher = model.searcher();
    let unknown = Query::participant("fitri", BALANCE).owned(["welding"]).lenient();
    assert!(!searcher.recommend(&unknown).unwrap().unknown().is_empty());
    for query in [eko(), Query::participant("ani", BALANCE).owned(["baking"])] {
        let strict = model.recommend(&query).unwrap();
        assert_eq!(searcher.recommend(&query.lenient()).unwrap(), &strict);
        assert!(strict.unknown().is_empty());
    }
}

#[test]
fn leniency_forgives_neither_a_misspelt_attribute_nor_a_plan_that_must_hold_an_unknown_course() {
    let misspelt = Query::new(Profile::new().with("provinse", "Bali"), BALANCE).lenient();
    let error = model().recommend(&misspelt).unwrap_err();
    assert!(matches!(error, QueryError::Profile(_)), "{error}");
    let error = model().plan(&eko().must_include(["welding"]).lenient()).unwrap_err();
    assert!(matches!(error, QueryError::UnknownIncluded { .. }), "{error}");
}

// Errors are as small as they can be, and become the one of the crate

#[test]
fn each_call_has_its_own_error_and_question_marks_reach_the_crates() {
    fn page(params: sebaya::RecommenderParams, query: &Query) -> Result<Answer, Error> {
        let model: Result<Recommender, FitError> = params.fit(&programme());
        let answer: Result<Answer, QueryError> = model?.answer(query);
        Ok(answer?)
    }
    let params = || Recommender::params().n_neighbours(2);
    assert!(page(params(), &eko()).is_ok());
    let error = page(params().n_neighbours(0), &eko()).unwrap_err();
    assert!(matches!(error, Error::Params(ParamError::NoNeighbours)), "{error}");
    let old = Query::new(Profile::new().with("age", "old"), BALANCE);
    let error = page(params(), &old).unwrap_err();
    assert!(matches!(error, Error::Query(QueryError::Profile(_))), "{error}");
    assert_eq!(error.to_string(), "age: \"old\" is not a finite number");
}

#[test]
fn linfas_fit_takes_the_error_of_fitting() {
    use sebaya::linfa::traits::Fit;

    let data = programme();
    let fitted: Result<Recommender, FitError> = Fit::fit(&Recommender::params(), &*data);
    assert_eq!(fitted.unwrap().n_participants(), 5);
}

// An answer in another language

/// Says a recommendation in Indonesian, from numbers and names alone.
fn alasan(best: &Recommendation, rupiah: &sebaya::Currency) -> String {
    let (course, why) = (best.course(), best.explanation());
    format!(
        "{} ({}), {}: {} dari {} suara peserta yang mirip, dibeli {} dari {} peserta ({:.0} %). \
         Skor {:.4}: {:.4} dari yang mirip, {:.4} dari semua.",
        course.title(),
        course.category().unwrap_or("tanpa kategori"),
        rupiah.format(course.price()),
        why.votes(),
        why.k(),
        why.buyers(),
        why.n_past_participants(),
        why.share_of_everyone() * 100.0,
        why.score(),
        why.from_neighbours(),
        why.from_everyone(),
    )
}

fn alasan_kosong(reason: EmptyReason, rupiah: &sebaya::Currency) -> String {
    match reason {
        EmptyReason::NothingAffordable { cheapest } => {
            format!("Saldo tidak cukup; kursus termurah seharga {}.", rupiah.format(cheapest))
        }
        EmptyReason::AllOwned => "Semua kursus sudah dimiliki.".to_owned(),
        _ => "Tidak ada kursus.".to_owned(),
    }
}

#[test]
fn an_explanation_can_be_said_in_indonesian() {
    let page = model().answer(&eko()).unwrap();
    let rupiah = page.plan.currency();
    assert_eq!(
        alasan(page.recommendations.iter().next().unwrap(), rupiah),
        "Excel untuk kantor (office), Rp250.000: 2 dari 2 suara peserta yang mirip, dibeli 2 dari 4 peserta (50 %). \
         Skor 0.5833: 0.1667 dari yang mirip, 0.4167 dari semua."
    );
    let mirip = |similarity: &sebaya::Similarity| match similarity.attribute() {
        "age" => format!("usia {:.0} % mirip", similarity.mean() * 100.0),
        _ => format!("{:.0} % dari provinsi yang sama", similarity.same_share() * 100.0),
    };
    let mirip: Vec<String> = page.neighbours.similarities().iter().map(mirip).collect();
    assert_eq!(mirip, ["usia 78 % mirip", "50 % dari provinsi yang sama"]);
    let plan = &page.plan;
    assert_eq!(
        format!("{} kursus, sisa {}", plan.courses().len(), rupiah.format(plan.leftover())),
        "1 kursus, sisa Rp50.000"
    );

    // ani is the only one who bought excel and another course, and that other course is python.
    let by_history = Query::participant("cici", BALANCE).use_history(true);
    let list = model().recommend(&by_history).unwrap();
    let best = list.iter().next().unwrap();
    let why = best.explanation().history().unwrap();
    assert_eq!(
        format!(
            "{}: {} dari {} peserta yang membeli kursus Anda dan kursus lain juga membelinya",
            best.course().title(),
            why.like_holders(),
            why.all_like_holders()
        ),
        "Dasar Python: 1 dari 1 peserta yang membeli kursus Anda dan kursus lain juga membelinya"
    );
    approx::assert_relative_eq!(why.probability() * why.lift() / why.damping(), best.score(), max_relative = 1e-12);

    let poor = model().recommend(&Query::participant("eko", Amount(9))).unwrap();
    assert_eq!(
        alasan_kosong(poor.empty_reason().unwrap(), rupiah),
        "Saldo tidak cukup; kursus termurah seharga Rp100.000."
    );
}

// A service that is written once, for a model in memory and for one on a disk

/// What a dashboard does with its model, whichever it is.
struct Dashboard(Arc<dyn LiveModel>);

impl Dashboard {
    fn page(&self, query: &Query) -> Result<Answer, Error> {
        Ok(self.0.current().answer(query)?)
    }

    /// Somebody enrols with their first purchase, or not at all.
    fn enrol(&self, id: &str, age: u8, course: &str) -> Result<(), LiveError> {
        let profile = Profile::new().with("age", age).with("province", "Aceh");
        let bought = Change::RecordPurchase { participant: id.into(), course: course.into(), at: None };
        self.0.apply(&[Change::AddParticipant { id: id.into(), profile }, bought])
    }

    fn status(error: &LiveError) -> u16 {
        match error.kind() {
            ErrorKind::NotFound => 404,
            ErrorKind::Invalid => 422,
            ErrorKind::Conflict => 409,
            ErrorKind::Unavailable => 503,
            _ => 500,
        }
    }
}

/// A day in the life of a service.
fn serve_a_day(model: &Arc<dyn LiveModel>) {
    let dashboard = Dashboard(Arc::clone(model));
    assert_eq!(ids(&dashboard.page(&eko()).unwrap().recommendations), ["excel", "python", "baking"]);
    let morning = model.current();

    dashboard.enrol("fitri", 27, "baking").unwrap();
    assert_eq!(Dashboard::status(&dashboard.enrol("fitri", 27, "baking").unwrap_err()), 409);
    let refused = dashboard.enrol("gita", 27, "karate").unwrap_err();
    assert!(matches!(&refused, LiveError::Change(error) if error.position == 1), "{refused}");
    assert_eq!(Dashboard::status(&refused), 404);
    assert!(!model.current().contains("gita"));
    let misspelt = model.add_participant("gita", Profile::new().with("aeg", 27)).unwrap_err();
    assert_eq!(Dashboard::status(&misspelt), 422);
    assert_eq!(model.current().participant("fitri").unwrap().purchases()[0].0.id(), "baking");

    model.record_purchase("fitri", "python", None).unwrap();
    model.cancel_purchase("fitri", "baking").unwrap();
    model.update_profile("fitri", Profile::new().with("province", "Papua")).unwrap();
    assert_eq!(model.unseen(), 1);
    model.refit().unwrap();
    assert_eq!(model.unseen(), 0);
    model.close_course("excel").unwrap();
    model.upsert_course(Course::new("sewing", BALANCE)).unwrap();
    // It was too dear this morning.
    let page = dashboard.page(&eko()).unwrap();
    let listed = ids(&page.recommendations);
    assert!(!listed.contains(&"excel") && listed.contains(&"sewing"), "{listed:?}");
    model.forget_participant("fitri").unwrap();
    assert!(model.current().participant("fitri").is_none());

    // Readers who have a state keep it; the next ones see the model that was fitted at night.
    model.replace(self::model()).unwrap();
    assert_eq!(model.current().fingerprint(), self::model().fingerprint());
    assert_eq!(morning.fingerprint(), self::model().fingerprint());
}

#[test]
fn a_service_is_written_once_for_a_model_in_memory() {
    let model: Arc<dyn LiveModel> = Arc::new(LiveRecommender::new(model()).unwrap());
    serve_a_day(&model);
}

#[cfg(feature = "journal")]
#[test]
fn a_service_is_written_once_for_a_model_on_a_disk() {
    let folder = tempfile::tempdir().unwrap();
    let durable: Arc<dyn LiveModel> = Arc::new(sebaya::DurableRecommender::create(folder.path(), model()).unwrap());
    serve_a_day(&durable);
    drop(durable);
    let (reopened, recovered) = sebaya::DurableRecommender::open(folder.path()).unwrap();
    assert_eq!((reopened.current().fingerprint(), recovered.batches), (model().fingerprint(), 0));
}

#[test]
fn readers_on_other_threads_see_a_model_or_the_one_that_replaces_it() {
    let live = LiveRecommender::new(model()).unwrap();
    let other = || Recommender::params().n_neighbours(4).fit(&programme()).unwrap();
    let expected = [model().answer(&eko()).unwrap(), other().answer(&eko()).unwrap()];
    assert_ne!(expected[0], expected[1]);
    thread::scope(|scope| {
        let reader = scope.spawn(|| {
            loop {
                let page = live.current().answer(&eko()).unwrap();
                assert!(expected.contains(&page));
                if page == expected[1] {
                    break;
                }
            }
        });
        live.replace(other()).unwrap();
        reader.join().unwrap();
    });
}

#[test]
fn a_programme_without_purchases_answers_with_the_reason_until_somebody_buys() {
    let data = programme();
    let courses = data.catalogue();
    let schema = Schema::new().numeric("age").categorical("province");
    let model: Arc<dyn LiveModel> =
        Arc::new(LiveRecommender::start(schema, courses, Recommender::params().n_neighbours(2)).unwrap());
    let dashboard = Dashboard(Arc::clone(&model));
    let newcomer = Query::new(Profile::new().with("age", 27), BALANCE);
    assert_eq!(dashboard.page(&newcomer).unwrap().recommendations.empty_reason(), Some(EmptyReason::NoPurchases));
    dashboard.enrol("ani", 24, "python").unwrap();
    assert_eq!(ids(&dashboard.page(&newcomer).unwrap().recommendations)[0], "python");
}

#[cfg(feature = "journal")]
#[test]
fn changes_that_come_twice_by_their_sequence_number_are_made_once_also_after_a_restart() {
    let folder = tempfile::tempdir().unwrap();
    let durable = sebaya::DurableRecommender::create(folder.path(), model()).unwrap();
    let cancelled = [Change::CancelPurchase { participant: "ani".into(), course: "python".into() }];
    assert!(durable.apply_at(7, &cancelled).unwrap());
    assert!(!durable.apply_at(7, &cancelled).unwrap());
    drop(durable);
    let (durable, _) = sebaya::DurableRecommender::open(folder.path()).unwrap();
    assert_eq!(durable.last_sequence(), Some(7));
    assert!(!durable.apply_at(7, &cancelled).unwrap());
    assert_eq!(durable.current().participant("ani").unwrap().purchases().len(), 1);
    // Under another number the same change is refused, as there is nothing to cancel.
    assert!(matches!(durable.apply_at(8, &cancelled), Err(LiveError::Change(_))));
    assert_eq!(durable.last_sequence(), Some(7));
}

// Many threads ask

#[test]
fn handlers_on_several_threads_share_one_model() {
    let model = Arc::new(model());
    let handlers: Vec<_> = (0..4)
        .map(|_| {
            let model = Arc::clone(&model);
            thread::spawn(move || model.answer(&eko()))
        })
        .collect();
    let answers: Vec<Answer> = handlers.into_iter().map(|handler| handler.join().unwrap().unwrap()).collect();
    assert!(answers.iter().all(|answer| *answer == answers[0]));
    assert_eq!(ids(&answers[0].recommendations), ["excel", "python", "baking"]);
}
