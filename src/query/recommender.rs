//! The fitted model as its users see it.

use std::sync::{Arc, OnceLock};

use linfa::traits::Fit;
use linfa::{DatasetBase, ParamGuard};
use ndarray::{Array2, ArrayView2};

use super::Searcher;
use super::scratch::ScratchPool;
use crate::domain::{Catalogue, DataError, Participants, Purchases, TrainingSet};
use crate::encode::{EncodedProfile, Encoder, LearnedDistances, Profiles};
use crate::model::{FitError, Model, ParamError, RecommenderParams, RecommenderValidParams};

/// A fitted recommender. It borrows nothing, so it can live in an `Arc` in a server and be asked from many threads.
///
/// ```
/// use sebaya::prelude::*;
///
/// let mut data = TrainingSet::builder(Schema::new().numeric("age").categorical("province"));
/// data.course(Course::new("excel", Amount(250_000)))?;
/// data.course(Course::new("sewing", Amount(400_000)))?;
/// for (id, age, province, course) in [("ani", 24, "Bali", "excel"), ("budi", 31, "Bali", "sewing")] {
///     data.participant(id, Profile::new().with("age", age).with("province", province))?;
///     data.purchase(id, course)?;
/// }
/// let model = Recommender::params().n_neighbours(1).fit(&data.build()?)?;
///
/// let answer = model.recommend(&Query::new(Profile::new().with("age", 25), Amount(300_000)))?;
/// assert_eq!(answer.iter().map(|r| r.course().id().as_str()).collect::<Vec<_>>(), ["excel"]);
/// # Ok::<(), sebaya::Error>(())
/// ```
#[derive(Debug)]
pub struct Recommender {
    pub(crate) model: Model,
    pub(crate) scratch: Arc<ScratchPool>,
    matrix: OnceLock<Array2<f32>>,
}

impl From<Model> for Recommender {
    fn from(model: Model) -> Self {
        Self::with_scratch(model, Arc::default())
    }
}

impl Fit<Participants, Purchases, FitError> for RecommenderValidParams {
    type Object = Recommender;

    /// Learns the encoding from the participants with purchases, groups them by profile, and builds the index.
    ///
    /// # Errors
    ///
    /// * [`FitError::Params`] when purchases should fade and no time is known;
    /// * [`FitError::Data`] when there are more names than can be numbered;
    /// * [`FitError::Index`] when the chosen index cannot be built.
    fn fit(&self, dataset: &DatasetBase<Participants, Purchases>) -> Result<Recommender, FitError> {
        let purchases = dataset.targets();
        let (participants, baskets) = (dataset.records().len(), purchases.n_participants());
        if participants != baskets {
            return Err(DataError::OtherParticipants { participants, baskets }.into());
        }
        self.check_times(purchases)?;
        Ok(self.build(dataset.records(), purchases, None)?.into())
    }
}

impl RecommenderParams {
    /// Checks the parameters and fits a model: linfa's [`Fit::fit`] on the dataset inside the training set.
    ///
    /// # Errors
    ///
    /// * [`FitError::Params`] when a parameter breaks its rule;
    /// * [`FitError::Data`] when there are more names than can be numbered;
    /// * [`FitError::Index`] when the chosen index cannot be built.
    ///
    /// ```
    /// # use sebaya::prelude::*;
    /// # let data = sebaya::example_world::training_set()?;
    /// let model = Recommender::params().n_neighbours(100).fit(&data)?;
    /// assert_eq!(model.fitted_params().n_neighbours(), 100);
    /// assert!(Recommender::params().prior(-1.0).fit(&data).is_err());
    /// # Ok::<(), sebaya::Error>(())
    /// ```
    pub fn fit(&self, data: &TrainingSet) -> Result<Recommender, FitError> {
        Fit::fit(self, data)
    }

    /// As [`fit`](Self::fit), with an encoder that has learned from other participants already: ranges, ranks, categories
    /// and tags are those that it knows.
    ///
    /// # Errors
    ///
    /// As [`fit`](Self::fit), and [`FitError::Params`] when the encoder is one for another schema.
    ///
    /// ```
    /// # use sebaya::prelude::*;
    /// # let [yesterday, today] = [sebaya::example_world::training_set()?, sebaya::example_world::training_set()?];
    /// let model = Recommender::params().fit(&yesterday)?;
    /// let next = Recommender::params().fit_with_encoder(&today, model.encoder())?;
    /// assert_eq!(next.encoder().feature_names(), model.encoder().feature_names());
    /// # Ok::<(), sebaya::Error>(())
    /// ```
    pub fn fit_with_encoder(&self, data: &TrainingSet, encoder: &Encoder) -> Result<Recommender, FitError> {
        let params = self.check_ref()?;
        if !encoder.schema().has_same_attributes(data.participants().schema()) {
            return Err(ParamError::OtherSchema.into());
        }
        let (participants, purchases) = (data.participants(), data.purchases());
        params.check_times(purchases)?;
        let encoder = encoder.with_schema(participants.shared_schema());
        Ok(params.build(participants, purchases, Some(Arc::new(encoder)))?.into())
    }
}

impl Recommender {
    /// A state of a live model, which shares its scratch memory with the others.
    pub(crate) fn with_scratch(model: Model, scratch: Arc<ScratchPool>) -> Self {
        Self { model, scratch, matrix: OnceLock::new() }
    }

    /// The default parameters: 300 neighbours, a prior of 10 votes, the fastest index, and purchases that do not fade.
    pub fn params() -> RecommenderParams {
        RecommenderParams::default()
    }

    /// The parameters it was fitted with.
    pub fn fitted_params(&self) -> &RecommenderValidParams {
        &self.model.params
    }

    /// The courses it recommends.
    pub fn catalogue(&self) -> &Catalogue {
        &self.model.catalogue
    }

    /// The encoder of profiles.
    pub fn encoder(&self) -> &Encoder {
        &self.model.encoder
    }

    /// What it has learned of the distance between values, for people to read; `None` with Gower's distance. The shares of
    /// attributes are those among the past participants whom its index holds.
    pub fn learned_distances(&self) -> Option<LearnedDistances> {
        LearnedDistances::new(&self.model.encoder, &self.model.base.profiles)
    }

    /// How many distinct profiles past participants have; in a [live](crate::LiveRecommender) model, before the changes that
    /// its index does not hold yet.
    ///
    /// ```
    /// # let model = sebaya::example_world::model()?;
    /// assert_eq!(model.n_distinct_profiles(), 4);
    /// # Ok::<(), sebaya::Error>(())
    /// ```
    pub fn n_distinct_profiles(&self) -> usize {
        self.model.base.profiles.n_rows()
    }

    /// The distinct profiles that it searches.
    #[doc(hidden)]
    pub fn profiles(&self) -> &Arc<Profiles> {
        &self.model.base.profiles
    }

    /// All that it knows of participants, courses and purchases: what it was fitted on, and what changed since.
    ///
    /// # Errors
    ///
    /// [`DataError::TooManyNames`] when there are more names than can be numbered.
    ///
    /// ```
    /// # let model = sebaya::example_world::model()?;
    /// assert_eq!(model.training_set()?.purchases().len(), 5);
    /// # Ok::<(), sebaya::Error>(())
    /// ```
    pub fn training_set(&self) -> Result<TrainingSet, DataError> {
        self.model.people.training_set(self.model.encoder.schema(), &self.model.catalogue)
    }

    /// The vectors of the past participants, in the order of the data or, in a model that was changed since, of their ids, of
    /// shape `(n_past_participants, n_columns)`.
    ///
    /// It is computed at the first call and takes four bytes an entry; recommending does not need it.
    ///
    /// ```
    /// # use sebaya::prelude::*;
    /// # let model = sebaya::example_world::model()?;
    /// assert_eq!(model.matrix().shape(), [4, model.encoder().n_columns()]);
    /// # Ok::<(), sebaya::Error>(())
    /// ```
    pub fn matrix(&self) -> ArrayView2<'_, f32> {
        let matrix = self.matrix.get_or_init(|| {
            let n_past = usize::try_from(self.model.n_past).unwrap_or(usize::MAX);
            let mut matrix = Array2::zeros((n_past, self.model.encoder.n_columns()));
            let (schema, learned) = (self.model.encoder.schema(), self.model.encoder.is_learned());
            let mut encoded = EncodedProfile::default();
            let past = self.model.people.iter().filter(|(_, person)| person.is_past());
            for ((_, person), mut vector) in past.zip(matrix.rows_mut()) {
                let Some(columns) = vector.as_slice_mut() else { continue };
                if learned {
                    // The rows of the search hold groups, not values. It was checked before, so there is no error.
                    self.model.encoder.transform_into(&person.profile(schema), columns).unwrap_or_default();
                } else {
                    self.model.encode_person(person, &mut encoded);
                    self.model.encoder.write(&encoded, columns);
                }
            }
            matrix
        });
        matrix.view()
    }

    /// Answers queries one after another in the same memory: after the first few lists, none allocates.
    pub fn searcher(&self) -> Searcher<'_> {
        Searcher::new(self)
    }
}
