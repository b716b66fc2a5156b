//! The journal in a program in which `serde_json` reads numbers another way.

#[cfg(test)]
mod tests {
    use sebaya::prelude::*;
    use sebaya::{Change, DurableRecommender, Timestamp, Value};

    #[test]
    fn what_was_acknowledged_reads_back_bit_for_bit() {
        // The features are on: this number is no float on its way.
        let long = "0.1000000000000000055511151231257827021181583404541015625";
        assert_eq!(serde_json::from_str::<serde_json::Value>(long).unwrap().to_string(), long);

        let mut data = TrainingSet::builder(Schema::new().numeric("age").tags("interests"));
        data.course(Course::new("excel", Amount(250_000))).unwrap();
        data.participant("ani", Profile::new().with("age", 24)).unwrap().purchase("ani", "excel").unwrap();
        let model = Recommender::params().fit(&data.build().unwrap()).unwrap();
        let folder = tempfile::tempdir().unwrap();
        let durable = DurableRecommender::create(folder.path(), model).unwrap();
        let ages = [0.1_f64 + 0.2, 5e-324, 1.0 / 3.0, 31.0];
        for (i, age) in ages.into_iter().enumerate() {
            let id = || format!("b{i}");
            let profile = Profile::new().with("age", age).with("interests", ["music"]);
            let at = Some("2023-11-14".parse::<Timestamp>().unwrap());
            durable
                .apply(&[
                    Change::AddParticipant { id: id().into(), profile },
                    Change::RecordPurchase { participant: id().into(), course: "excel".into(), at },
                    Change::UpsertCourse { course: Course::new("sewing", Amount(100_000)) },
                ])
                .unwrap();
        }
        let fingerprint = durable.current().fingerprint();
        drop(durable);
        let (durable, recovered) = DurableRecommender::open(folder.path()).unwrap();
        assert_eq!((recovered.batches, durable.current().fingerprint()), (ages.len(), fingerprint));
        let data = durable.current().training_set().unwrap();
        for (i, age) in ages.into_iter().enumerate() {
            let profile = data.participants().profile(&format!("b{i}")).unwrap();
            assert!(matches!(profile.get("age"), Some(Value::Number(found)) if found.to_bits() == age.to_bits()));
        }
    }
}
