//! The fitted model, and how it is fitted.

use std::sync::{Arc, OnceLock};

use linfa::DatasetBase;
use linfa::traits::Fit;
use ndarray::{Array2, ArrayView2};

use super::recommend::ScratchPool;
use super::{ParamError, RecommenderParams, RecommenderValidParams, Searcher};
use crate::Error;
use crate::domain::{Catalogue, IdTable, Participants, Purchases, TrainingSet};
use crate::encode::{Encoder, Profiles};
use crate::neighbours::NeighbourIndex;
use crate::rank::{Baskets, Fade, History, Popularity};

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
    pub(super) participants: Arc<IdTable>,
    pub(super) purchases: Purchases,
    /// The row of profiles of each participant.
    pub(super) row_of: Vec<u32>,
    pub(super) profiles: Arc<Profiles>,
    pub(super) baskets: Baskets,
    pub(super) popularity: Popularity,
    pub(super) index: Box<dyn NeighbourIndex>,
    pub(super) scratch: ScratchPool,
    matrix: OnceLock<Array2<f32>>,
    history: OnceLock<History>,
}

impl Fit<Participants, Purchases, Error> for RecommenderValidParams {
    type Object = Recommender;

    /// Learns the encoding from the participants with purchases, groups them by profile, and builds the index.
    ///
    /// # Errors
    ///
    /// * [`Error::Data`] when there are more names than can be numbered;
    /// * [`Error::Index`] when the chosen index cannot be built.
    fn fit(&self, dataset: &DatasetBase<Participants, Purchases>) -> Result<Recommender, Error> {
        let (participants, purchases) = (dataset.records(), dataset.targets());
        let past: Vec<u32> = (0..).take(participants.len()).filter(|&p| !purchases.of(p).is_empty()).collect();

        let fade = self.fade(purchases)?;
        let encoder = Arc::new(Encoder::fit_on(participants, &past)?);
        let (profiles, row_of) = Profiles::group(encoder, participants, &past)?;
        let profiles = Arc::new(profiles);
        Ok(Recommender {
            params: *self,
            catalogue: Arc::clone(purchases.shared_catalogue()),
            participants: Arc::clone(participants.id_table()),
            baskets: Baskets::new(purchases, &row_of, &past, profiles.n_rows(), fade),
            popularity: Popularity::new(purchases, &past),
            index: self.index().build(&profiles)?,
            purchases: purchases.clone(),
            row_of,
            profiles,
            scratch: ScratchPool::default(),
            matrix: OnceLock::new(),
            history: OnceLock::new(),
        })
    }
}

impl RecommenderValidParams {
    /// How purchases fade, when they do.
    fn fade(&self, purchases: &Purchases) -> Result<Option<Fade>, ParamError> {
        let Some(half_life) = self.half_life() else { return Ok(None) };
        let newest = purchases.newest().ok_or(ParamError::NothingFades)?;
        Ok(Some(Fade { half_life, at: self.at().unwrap_or(newest) }))
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
        self.profiles.encoder()
    }

    /// The distinct profiles that it searches.
    pub fn profiles(&self) -> &Arc<Profiles> {
        &self.profiles
    }

    /// Whether the data has a participant with this id, with or without purchases.
    pub fn contains(&self, id: &str) -> bool {
        self.participants.get(id).is_some()
    }

    /// Who bought what, for queries with a history; made for the first one.
    pub(super) fn history(&self) -> &History {
        self.history.get_or_init(|| {
            let past: Vec<u32> = (0..).take(self.row_of.len()).filter(|&p| !self.purchases.of(p).is_empty()).collect();
            History::new(&self.purchases, &past, &self.popularity)
        })
    }

    /// The vectors of the past participants, in the order of the data, of shape `(n_past_participants, n_columns)`.
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
            let past = (0..).zip(&self.row_of).filter(|&(p, _)| !self.purchases.of(p).is_empty()).map(|(_, &row)| row);
            self.profiles.matrix(past.collect::<Vec<_>>().into_iter())
        });
        matrix.view()
    }

    /// Answers queries one after another in the same memory: after the first answers, none allocates.
    pub fn searcher(&self) -> Searcher<'_> {
        Searcher::new(self)
    }
}
