//! The fitted model, and how it is fitted.

use std::sync::{Arc, OnceLock};

use linfa::traits::Fit;
use linfa::{DatasetBase, ParamGuard};
use ndarray::{Array2, ArrayView2};

use super::changes::Changes;
use super::people::{Columns, Found, People};
use super::recommend::ScratchPool;
use super::{ParamError, RecommenderParams, RecommenderValidParams, Searcher};
use crate::Error;
use crate::domain::{Catalogue, DataError, Participants, Purchases, TrainingSet};
use crate::encode::{EncodedProfile, Encoder, Profiles};
use crate::neighbours::NeighbourIndex;
use crate::rank::{Baskets, Fade, Histories, Popularity};

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
    pub(super) params: RecommenderValidParams,
    pub(super) catalogue: Arc<Catalogue>,
    pub(super) people: People,
    pub(super) encoder: Arc<Encoder>,
    pub(super) base: Arc<Base>,
    /// None in a model that was fitted and not changed since.
    pub(super) changes: Changes,
    pub(super) popularity: Arc<Popularity>,
    pub(super) n_past: u64,
    pub(super) fade: Option<Fade>,
    pub(super) scratch: Arc<ScratchPool>,
    pub(super) histories: OnceLock<Histories>,
    pub(super) matrix: OnceLock<Array2<f32>>,
}

/// What is searched and counted: distinct profiles, what their members bought, and the index.
#[derive(Debug)]
pub(super) struct Base {
    pub(super) profiles: Arc<Profiles>,
    pub(super) baskets: Baskets,
    pub(super) index: Box<dyn NeighbourIndex>,
}

impl Fit<Participants, Purchases, Error> for RecommenderValidParams {
    type Object = Recommender;

    /// Learns the encoding from the participants with purchases, groups them by profile, and builds the index.
    ///
    /// # Errors
    ///
    /// * [`Error::Params`] when purchases should fade and no time is known;
    /// * [`Error::Data`] when the purchases are those of more or of fewer participants, or when there are more names than
    ///   can be numbered;
    /// * [`Error::Index`] when the chosen index cannot be built.
    fn fit(&self, dataset: &DatasetBase<Participants, Purchases>) -> Result<Recommender, Error> {
        let purchases = dataset.targets();
        let (participants, baskets) = (dataset.records().len(), purchases.n_participants());
        if participants != baskets {
            return Err(DataError::OtherParticipants { participants, baskets }.into());
        }
        if self.half_life().is_some() && purchases.newest().is_none() {
            return Err(ParamError::NothingFades.into());
        }
        self.build(dataset.records(), purchases, None, self.fade(purchases))
    }
}

impl RecommenderValidParams {
    /// Fits; with an encoder that has learned already, or one that learns from these participants.
    pub(crate) fn build(
        &self,
        participants: &Participants,
        purchases: &Purchases,
        encoder: Option<Arc<Encoder>>,
        fade: Option<Fade>,
    ) -> Result<Recommender, Error> {
        let past = purchases.past();
        let encoder = encoder.map_or_else(|| Encoder::fit_on(participants, &past).map(Arc::new), Ok)?;
        let (profiles, row_of) = Profiles::group(Arc::clone(&encoder), participants, &past)?;
        let profiles = Arc::new(profiles);
        Ok(Recommender {
            params: *self,
            catalogue: Arc::clone(purchases.shared_catalogue()),
            base: Arc::new(Base {
                baskets: Baskets::new(purchases, &row_of, &past, profiles.n_rows(), fade),
                index: self.index().build(&profiles)?,
                profiles,
            }),
            people: People::Columns(Columns {
                participants: participants.clone(),
                purchases: purchases.clone(),
                row_of: Arc::new(row_of),
            }),
            encoder,
            changes: Changes::default(),
            popularity: Arc::new(Popularity::new(purchases, &past)),
            n_past: past.len() as u64,
            fade,
            scratch: Arc::default(),
            histories: OnceLock::new(),
            matrix: OnceLock::new(),
        })
    }

    /// How these purchases fade.
    pub(super) fn fade(&self, purchases: &Purchases) -> Option<Fade> {
        let half_life = self.half_life()?;
        let at = self.at().or_else(|| purchases.newest())?;
        Some(Fade { half_life, at })
    }
}

impl RecommenderParams {
    /// Checks the parameters and fits a model: linfa's [`Fit::fit`] on the dataset inside the training set.
    ///
    /// # Errors
    ///
    /// * [`Error::Params`] when a parameter breaks its rule;
    /// * [`Error::Data`] when there are more names than can be numbered;
    /// * [`Error::Index`] when the chosen index cannot be built.
    ///
    /// ```
    /// # use sebaya::prelude::*;
    /// # let mut data = TrainingSet::builder(Schema::new().numeric("age").categorical("province"));
    /// # data.course(Course::new("excel", Amount(250_000)).with_category("office"))?.course(Course::new("sewing", Amount(400_000)))?;
    /// # for (id, age, course) in [("ani", 24, "excel"), ("budi", 31, "sewing"), ("cici", 31, "excel")] {
    /// #     data.participant(id, Profile::new().with("age", age).with("province", "Bali"))?.purchase(id, course)?;
    /// # }
    /// # let data = data.build()?;
    /// # let model = Recommender::params().n_neighbours(2).fit(&data)?;
    /// let model = Recommender::params().n_neighbours(100).fit(&data)?;
    /// assert_eq!(model.fitted_params().n_neighbours(), 100);
    /// assert!(Recommender::params().prior(-1.0).fit(&data).is_err());
    /// # Ok::<(), sebaya::Error>(())
    /// ```
    pub fn fit(&self, data: &TrainingSet) -> Result<Recommender, Error> {
        Fit::fit(self, data)
    }

    /// As [`fit`](Self::fit), with an encoder that has learned from other participants already: ranges, ranks, categories
    /// and tags are those that it knows.
    ///
    /// # Errors
    ///
    /// As [`fit`](Self::fit), and [`Error::Params`] when the encoder is one for another schema.
    ///
    /// ```
    /// # use sebaya::prelude::*;
    /// # let mut data = TrainingSet::builder(Schema::new().numeric("age"));
    /// # data.course(Course::new("excel", Amount(250_000)))?;
    /// # data.participant("ani", Profile::new().with("age", 24))?.purchase("ani", "excel")?;
    /// # let yesterday = data.build()?;
    /// # let today = yesterday.clone();
    /// let model = Recommender::params().fit(&yesterday)?;
    /// let next = Recommender::params().fit_with_encoder(&today, model.encoder())?;
    /// assert_eq!(next.encoder().feature_names(), model.encoder().feature_names());
    /// # Ok::<(), sebaya::Error>(())
    /// ```
    pub fn fit_with_encoder(&self, data: &TrainingSet, encoder: &Encoder) -> Result<Recommender, Error> {
        let params = self.check_ref()?;
        if encoder.schema() != data.participants().schema() {
            return Err(ParamError::OtherSchema.into());
        }
        let (participants, purchases) = (data.participants(), data.purchases());
        params.build(participants, purchases, Some(Arc::new(encoder.clone())), params.fade(purchases))
    }
}

impl Recommender {
    /// The parameters it was fitted with.
    pub fn fitted_params(&self) -> &RecommenderValidParams {
        &self.params
    }

    /// The courses it recommends.
    pub fn catalogue(&self) -> &Catalogue {
        &self.catalogue
    }

    /// The encoder of profiles.
    pub fn encoder(&self) -> &Encoder {
        &self.encoder
    }

    /// The distinct profiles that it searches; of a model that was changed since, those before the changes.
    pub fn profiles(&self) -> &Arc<Profiles> {
        &self.base.profiles
    }

    /// Whether the data has a participant with this id, with or without purchases.
    pub fn contains(&self, id: &str) -> bool {
        self.people.find(id).is_some()
    }

    /// All that it knows of participants, courses and purchases: what it was fitted on, and what changed since.
    ///
    /// # Errors
    ///
    /// [`Error::Data`] when there are more names than can be numbered.
    ///
    /// ```
    /// # use sebaya::prelude::*;
    /// # let mut data = TrainingSet::builder(Schema::new().numeric("age"));
    /// # data.course(Course::new("excel", Amount(250_000)))?;
    /// # data.participant("ani", Profile::new().with("age", 24))?.purchase("ani", "excel")?;
    /// let model = Recommender::params().fit(&data.build()?)?;
    /// assert_eq!(model.training_set()?.participants().profile("ani"), Some(Profile::new().with("age", 24)));
    /// # Ok::<(), sebaya::Error>(())
    /// ```
    pub fn training_set(&self) -> Result<TrainingSet, Error> {
        Ok(self.people.training_set(self.encoder.schema(), &self.catalogue)?)
    }

    /// Who bought what, for queries with a history; made for the first one.
    pub(super) fn histories(&self) -> &Histories {
        self.histories
            .get_or_init(|| Histories::new(self.people.history(), &self.changes.sets, &self.popularity, self.n_past))
    }

    /// The vectors of the past participants, in the order of the data or, in a model that was changed since, of their ids, of
    /// shape `(n_past_participants, n_columns)`.
    ///
    /// It is computed at the first call and takes four bytes an entry; recommending does not need it.
    ///
    /// ```
    /// # use sebaya::prelude::*;
    /// # let mut data = TrainingSet::builder(Schema::new().numeric("age").categorical("province"));
    /// # data.course(Course::new("excel", Amount(250_000)).with_category("office"))?.course(Course::new("sewing", Amount(400_000)))?;
    /// # for (id, age, course) in [("ani", 24, "excel"), ("budi", 31, "sewing"), ("cici", 31, "excel")] {
    /// #     data.participant(id, Profile::new().with("age", age).with("province", "Bali"))?.purchase(id, course)?;
    /// # }
    /// # let data = data.build()?;
    /// # let model = Recommender::params().n_neighbours(2).fit(&data)?;
    /// assert_eq!(model.matrix().shape(), [3, model.encoder().n_columns()]);
    /// # Ok::<(), sebaya::Error>(())
    /// ```
    pub fn matrix(&self) -> ArrayView2<'_, f32> {
        let matrix = self.matrix.get_or_init(|| {
            let n_past = usize::try_from(self.n_past).unwrap_or(usize::MAX);
            let mut matrix = Array2::zeros((n_past, self.encoder.n_columns()));
            let mut encoded = EncodedProfile::default();
            let past = self.people.iter().filter(|(_, person)| person.is_past());
            for ((_, person), mut vector) in past.zip(matrix.rows_mut()) {
                if let Some(columns) = vector.as_slice_mut() {
                    self.encode_person(person, &mut encoded);
                    self.encoder.write(&encoded, columns);
                }
            }
            matrix
        });
        matrix.view()
    }

    pub(crate) fn people(&self) -> &People {
        &self.people
    }

    pub(crate) fn fade(&self) -> Option<Fade> {
        self.fade
    }

    /// Encodes the profile of somebody it knows.
    pub(super) fn encode_person(&self, person: Found<'_>, encoded: &mut EncodedProfile) {
        match person {
            Found::Column(columns, n) => self.base.profiles.read(columns.row_of[n as usize], encoded),
            // It was checked when it was packed, so there is no error.
            Found::Entry(person) => {
                let profile = person.profile.unpack(self.encoder.schema());
                self.encoder.encode_into(&profile, encoded).unwrap_or_default();
            }
        }
    }

    /// The row of a past participant.
    pub(super) fn row(&self, person: Found<'_>) -> Option<u32> {
        match person {
            Found::Column(columns, n) => person.is_past().then(|| columns.row_of[n as usize]),
            Found::Entry(entry) => entry.key.map(|key| self.changes.row(key, self.base.profiles.first_free_row())),
        }
    }

    /// Answers queries one after another in the same memory: after the first answers, none allocates.
    pub fn searcher(&self) -> Searcher<'_> {
        Searcher::new(self)
    }
}
