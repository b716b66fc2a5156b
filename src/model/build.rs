//! How a model is built from participants and purchases.

use std::sync::Arc;

use super::model::{Base, Model};
use super::overlay::Overlay;
use super::people::{Columns, People};
use super::{FitError, RecommenderValidParams};
use crate::domain::{Participants, Purchases};
use crate::encode::{Encoder, Profiles};
use crate::rank::{Baskets, History, Popularity};

impl RecommenderValidParams {
    /// Fits; with an encoder that has learned already, or one that learns from these participants.
    pub(crate) fn build(
        &self,
        participants: &Participants,
        purchases: &Purchases,
        encoder: Option<Arc<Encoder>>,
    ) -> Result<Model, FitError> {
        let past = purchases.past();
        let encoder = if let Some(encoder) = encoder {
            encoder
        } else {
            let distance = self.distance().unwrap_or(participants.schema().distance());
            Arc::new(Encoder::fit_on(participants, purchases, &past, distance)?)
        };
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
            history: History::default(),
        })
    }
}
