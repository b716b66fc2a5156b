//! What a model knows of one participant.

use std::fmt;

use super::Recommender;
use crate::domain::{Course, Profile, Timestamp};
use crate::model::{Found, Model};

impl Recommender {
    /// What the model knows of a participant, or `None` when it does not know them.
    ///
    /// ```
    /// # use sebaya::prelude::*;
    /// # let model = sebaya::example_world::model()?;
    /// let ani = model.participant("ani").unwrap();
    /// assert_eq!(ani.profile().get("age"), Some(&24.into()));
    /// let courses: Vec<&str> = ani.purchases().iter().map(|(course, _)| course.id().as_str()).collect();
    /// assert_eq!(courses, ["excel", "python"]);
    /// assert!(model.participant("fitri").is_none());
    /// # Ok::<(), sebaya::Error>(())
    /// ```
    pub fn participant<'a>(&'a self, id: &'a str) -> Option<Participant<'a>> {
        self.model.people.find(id).map(|found| Participant { id, found, model: &self.model })
    }

    /// All participants: in the order of the data, or by id in a [live](crate::LiveRecommender) model, which sorts them first.
    ///
    /// ```
    /// # use sebaya::prelude::*;
    /// # let model = sebaya::example_world::model()?;
    /// let past = model.participants().filter(|participant| !participant.purchases().is_empty());
    /// assert_eq!(past.map(|participant| participant.id()).collect::<Vec<_>>(), ["ani", "budi", "cici", "dewi"]);
    /// # Ok::<(), sebaya::Error>(())
    /// ```
    pub fn participants(&self) -> impl Iterator<Item = Participant<'_>> {
        self.model.people.iter().map(|(id, found)| Participant { id, found, model: &self.model })
    }

    /// How many participants the model knows, with or without purchases.
    ///
    /// ```
    /// # let model = sebaya::example_world::model()?;
    /// assert_eq!((model.n_participants(), model.n_past_participants()), (5, 4));
    /// # Ok::<(), sebaya::Error>(())
    /// ```
    pub fn n_participants(&self) -> usize {
        self.model.people.len()
    }

    /// How many participants have at least one purchase, and can be neighbours.
    pub fn n_past_participants(&self) -> u64 {
        self.model.n_past
    }

    /// Whether the model knows a participant with this id, with or without purchases.
    pub fn contains(&self, id: &str) -> bool {
        self.model.people.find(id).is_some()
    }
}

/// What a model knows of one participant: see [`Recommender::participant`].
///
/// ```
/// # let model = sebaya::example_world::model()?;
/// let eko = model.participant("eko").unwrap();
/// assert_eq!((eko.id(), eko.is_past()), ("eko", false));
/// # Ok::<(), sebaya::Error>(())
/// ```
#[derive(Clone, Copy)]
pub struct Participant<'m> {
    id: &'m str,
    found: Found<'m>,
    model: &'m Model,
}

impl<'m> Participant<'m> {
    /// Their id.
    pub fn id(&self) -> &'m str {
        self.id
    }

    /// Their profile, without the attributes that are missing.
    pub fn profile(&self) -> Profile {
        self.found.profile(self.model.encoder.schema())
    }

    /// The courses that they bought, in the order of the catalogue, each with the earliest time that is known.
    pub fn purchases(&self) -> Vec<(&'m Course, Option<Timestamp>)> {
        let mut purchases = Vec::new();
        self.found.each_bought(|course, at| purchases.push((self.model.catalogue.course(course), at)));
        purchases
    }

    /// Whether they bought anything, and so can be a neighbour of others.
    pub fn is_past(&self) -> bool {
        self.found.is_past()
    }
}

/// Who they are; the rest is personal.
impl fmt::Debug for Participant<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Participant").field("id", &self.id).finish_non_exhaustive()
    }
}
