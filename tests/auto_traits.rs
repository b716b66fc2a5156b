//! Whatever a program gets from the crate can be kept by one thread and used by another.

#![allow(clippy::unwrap_used, reason = "a test may panic")]

use sebaya::prelude::*;
use sebaya::{
    AmountError, Answer, AttributeKind, AttributeValues, Catalogue, Change, ChangeError, CourseId, Currency, DataError,
    Distance, EmptyReason, Encoder, Error, ErrorKind, Explanation, Fingerprint, FitError, HistoryExplanation,
    IndexError, IndexKind, Infeasible, LearnedAttribute, LearnedDistances, LearnedTable, LiveError, Neighbours,
    ParamError, Participant, ParticipantId, Participants, Plan, ProfileError, ProfileErrors, Purchase, Purchases,
    QueryError, Recommendation, Recommendations, RecommenderParams, RecommenderValidParams, Scale, SchemaError,
    Searcher, Similarity, SnapshotError, Timestamp, TrainingSetBuilder, UnknownIds, Value,
};

fn crosses<T: Send + Sync>() {}

/// Names each type, so that the list below is one.
macro_rules! cross {
    ($($type:ty),+ $(,)?) => {
        $(crosses::<$type>();)+
    };
}

#[test]
fn every_public_type_crosses_threads() {
    cross!(
        Amount,
        Attribute,
        AttributeKind,
        Catalogue,
        Course,
        CourseId,
        Currency,
        ParticipantId,
        Participants,
        Profile
    );
    cross!(Purchase, Purchases, Scale, Schema, Timestamp, TrainingSet, TrainingSetBuilder, Value);
    cross!(Recommender, RecommenderParams, RecommenderValidParams, Searcher<'_>, Query<'_>, LiveRecommender, Change);
    cross!(Answer, Recommendations, Recommendation, Explanation, HistoryExplanation, EmptyReason, Plan, Infeasible);
    cross!(Neighbours, Similarity, Participant<'_>, UnknownIds);
    cross!(Encoder, AttributeValues, Distance, IndexKind, Fingerprint);
    cross!(LearnedAttribute, LearnedDistances, LearnedTable);
    cross!(Error, ErrorKind, AmountError, ChangeError, DataError, FitError, IndexError, ParamError, ProfileError);
    cross!(ProfileErrors, QueryError, SchemaError, SnapshotError, LiveError, std::sync::Arc<dyn LiveModel>);
}

#[test]
fn every_type_of_the_search_crosses_threads() {
    use sebaya::internals::{Appended, EncodedProfile, Moved, NeighbourIndex, Neighbourhood, PackedIndex, Profiles};
    use sebaya::internals::{ScanIndex, Search, SearchScratch};
    cross!(Appended, EncodedProfile, Moved, Neighbourhood, Profiles, Search<'_>, SearchScratch);
    cross!(PackedIndex, ScanIndex, Box<dyn NeighbourIndex>);
}

#[cfg(feature = "csv")]
#[test]
fn every_type_of_files_crosses_threads() {
    use sebaya::io::{CsvFault, QueryRow, ReadError, ReadProblem, ReadProgress, WriteError};
    cross!(CsvFault, QueryRow, ReadError, ReadProblem, ReadProgress, WriteError);
}

#[cfg(feature = "journal")]
#[test]
fn every_type_of_a_durable_model_crosses_threads() {
    cross!(sebaya::DurableRecommender, sebaya::JournalError, sebaya::Recovered);
}

#[cfg(feature = "synthetic")]
#[test]
fn a_made_up_programme_crosses_threads() {
    cross!(sebaya::synthetic::Programme);
}

#[cfg(feature = "linfa-nn")]
#[test]
fn an_index_of_linfa_crosses_threads() {
    cross!(sebaya::internals::LinfaIndex);
}

#[cfg(feature = "evaluate")]
mod evaluation {
    use sebaya::evaluate::{
        Ask, Configuration, Contender, Decision, EvaluateError, Evaluation, Fitted, Progress, Report, Split,
    };

    use super::*;

    #[test]
    fn every_type_of_an_evaluation_crosses_threads() {
        cross!(Ask<'_>, Configuration, Decision, EvaluateError, Evaluation<'_>, Progress, Report, Split);
    }

    /// What a programme has today: one list for all.
    struct Fixed(Vec<Course>);

    impl Contender for Fixed {
        fn name(&self) -> String {
            "fixed".to_owned()
        }

        fn fit<'d>(&self, _: &'d TrainingSet) -> Result<Box<dyn Fitted + 'd>, Error> {
            Ok(Box::new(Self(self.0.clone())))
        }
    }

    impl Fitted for Fixed {
        fn recommend(&self, _: &Ask<'_>) -> Result<Vec<&Course>, Error> {
            Ok(self.0.iter().collect())
        }
    }

    #[test]
    fn an_evaluation_with_a_contender_of_the_caller_runs_on_another_thread() {
        let mut data = TrainingSet::builder(Schema::new().numeric("age"));
        data.course(Course::new("excel", Amount(1))).unwrap();
        for person in 0..9 {
            let id = person.to_string();
            data.participant(&id, Profile::new().with("age", person)).unwrap().purchase(&id, "excel").unwrap();
        }
        let data = data.build().unwrap();
        let evaluation = Evaluation::new(Recommender::params()).against(Fixed(vec![Course::new("excel", Amount(1))]));
        let report = std::thread::spawn(move || evaluation.run(&data)).join().unwrap().unwrap();
        assert_eq!(report.value("fixed", "hit rate@1"), Some(1.0));
    }
}
