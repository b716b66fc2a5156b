//! How a model is built from participants and purchases.

use std::sync::{Arc, OnceLock};

use super::RecommenderValidParams;
use super::model::{Base, Model};
use super::overlay::Overlay;
use super::people::{Columns, People};
use crate::Error;
use crate::domain::{Participants, Purchases};
use crate::encode::{Encoder, Profiles};
use crate::rank::{Baskets, Popularity};

impl RecommenderValidParams {
    /// Fits; with an encoder that has learned already, or one that learns from these participants.
    pub(crate) fn build(
        &self,
        participants: &Participants,
        purchases: &Purchases,
        encoder: Option<Arc<Encoder>>,
    ) -> Result<Model, Error> {
        let past = purchases.past();
        let encoder = encoder.map_or_else(|| Encoder::fit_on(participants, &past).map(Arc::new), Ok)?;
        let (profiles, row_of) = Profiles::group(&encoder, participants, &past)?;
        let profiles = Arc::new(profiles);
        Ok(Model {
            params: *self,
            catalogue: Arc::clone(purchases.shared_catalogue()),
            base: Arc::new(Base {
                baskets: Baskets::new(purchases, &row_of, &past, profiles.n_rows(), self.fade()),
                index: self.index().build(&profiles)?,
                profiles,
            }),
            people: People::Columns(Columns {
                participants: participants.clone(),
                purchases: purchases.clone(),
                row_of: Arc::new(row_of),
            }),
            encoder,
            overlay: Overlay::default(),
            popularity: Arc::new(Popularity::new(purchases, &past)),
            n_past: past.len() as u64,
            histories: OnceLock::new(),
        })
    }
}
