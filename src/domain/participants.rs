//! All participants and their attributes.

use std::sync::Arc;

use linfa::dataset::Records;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::column::PushError;
use super::{Column, DataError, Profile, Schema, TypedValue};
use crate::store::Interner;

/// The participants of a programme, with or without purchases, in the order they were added: the records of a
/// [`TrainingSet`](crate::TrainingSet). Attributes are stored column by column.
///
/// ```
/// use sebaya::{Participants, Profile, Schema};
///
/// let mut participants = Participants::new(Schema::new().numeric("age"))?;
/// participants.add("ani", &Profile::new().with("age", 24))?;
/// assert_eq!(participants.profile("ani"), Some(Profile::new().with("age", 24)));
/// assert!(participants.add("ani", &Profile::new()).is_err());
/// # Ok::<(), sebaya::DataError>(())
/// ```
#[derive(Debug, Clone)]
pub struct Participants {
    schema: Arc<Schema>,
    ids: Arc<Interner>,
    columns: Arc<Vec<Column>>,
}

impl Participants {
    /// An empty set of participants with this schema.
    ///
    /// # Errors
    ///
    /// [`DataError::Schema`] when the schema breaks a rule.
    pub fn new(schema: Schema) -> Result<Self, DataError> {
        schema.check()?;
        let columns = schema.attributes().iter().map(|a| Column::new(a.kind())).collect::<Result<_, _>>()?;
        Ok(Self { schema: Arc::new(schema), ids: Arc::default(), columns: Arc::new(columns) })
    }

    /// Adds a participant. After an error nothing has changed.
    ///
    /// # Errors
    ///
    /// * [`DataError::EmptyId`] or [`DataError::DuplicateId`];
    /// * [`DataError::Profile`] when the profile does not fit the schema.
    pub fn add(&mut self, id: &str, profile: &Profile) -> Result<(), DataError> {
        let schema = Arc::clone(&self.schema);
        schema.check_names(profile).map_err(|e| DataError::profile(id, e))?;
        self.push_row(id, |at| {
            let attribute = &schema.attributes()[at];
            profile.get(attribute.name()).map_or(Ok(TypedValue::Missing), |value| attribute.read(value))
        })?;
        Ok(())
    }

    /// Adds a participant from the cells of a file; `cell(i)` is the cell of attribute `i`.
    #[cfg(feature = "csv")]
    pub(crate) fn add_cells<'c>(&mut self, id: &str, cell: impl Fn(usize) -> &'c str) -> Result<(), DataError> {
        let schema = Arc::clone(&self.schema);
        self.push_row(id, |at| schema.attributes()[at].read_cell(cell(at)))?;
        Ok(())
    }

    /// Reserves memory for this many more participants.
    #[cfg(feature = "synthetic")]
    pub(crate) fn reserve(&mut self, participants: usize) {
        Arc::make_mut(&mut self.ids).reserve(participants);
    }

    /// Adds a participant whose attribute `i` is `read(i)`, and returns their number. After an error nothing has changed.
    pub(crate) fn push_row<'v>(
        &mut self,
        id: &str,
        read: impl Fn(usize) -> Result<TypedValue<'v>, super::ProfileError>,
    ) -> Result<u32, DataError> {
        if id.is_empty() {
            return Err(DataError::EmptyId { what: "participant" });
        }
        if self.ids.get(id).is_some() {
            return Err(DataError::DuplicateId { what: "participant", id: id.to_owned() });
        }
        let rows = self.len();
        let mut pushed = Ok(());
        let columns = Arc::make_mut(&mut self.columns);
        for (at, (column, attribute)) in columns.iter_mut().zip(self.schema.attributes()).enumerate() {
            pushed = read(at).map_err(PushError::from).and_then(|value| column.push(attribute, value));
            if pushed.is_err() {
                break;
            }
        }
        let pushed = match pushed {
            Ok(()) => Arc::make_mut(&mut self.ids).insert(id).map(|(number, _)| number).map_err(DataError::from),
            Err(PushError::Profile(error)) => Err(DataError::profile(id, error)),
            Err(PushError::Data(error)) => Err(error),
        };
        if pushed.is_err() {
            for column in columns {
                column.truncate(rows);
            }
        }
        pushed
    }

    /// The attributes they have.
    pub fn schema(&self) -> &Schema {
        &self.schema
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.ids.len()
    }

    /// Whether there are no participants.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Whether there is a participant with this id.
    pub fn contains(&self, id: &str) -> bool {
        self.ids.get(id).is_some()
    }

    /// All ids, in the order they were added.
    pub fn ids(&self) -> impl Iterator<Item = &str> {
        self.ids.iter()
    }

    /// All ids and profiles, in the order they were added.
    ///
    /// ```
    /// use sebaya::{Participants, Profile, Schema};
    ///
    /// let mut participants = Participants::new(Schema::new().numeric("age"))?;
    /// participants.add("ani", &Profile::new().with("age", 24))?;
    /// let all: Vec<_> = participants.iter().collect();
    /// assert_eq!(all, [("ani", Profile::new().with("age", 24))]);
    /// # Ok::<(), sebaya::DataError>(())
    /// ```
    pub fn iter(&self) -> impl Iterator<Item = (&str, Profile)> {
        self.ids().enumerate().map(|(row, id)| (id, self.profile_of(row)))
    }

    /// The profile of the participant with this id.
    pub fn profile(&self, id: &str) -> Option<Profile> {
        self.ids.get(id).map(|row| self.profile_of(row as usize))
    }

    pub(crate) fn profile_of(&self, row: usize) -> Profile {
        let mut profile = Profile::new();
        for (column, attribute) in self.columns.iter().zip(self.schema.attributes()) {
            column.write_to(row, attribute, &mut profile);
        }
        profile
    }

    pub(crate) fn shared_schema(&self) -> &Arc<Schema> {
        &self.schema
    }

    pub(crate) fn id_table(&self) -> &Arc<Interner> {
        &self.ids
    }

    pub(crate) fn columns(&self) -> &[Column] {
        &self.columns
    }

    pub(super) fn shrink_to_fit(&mut self) {
        Arc::make_mut(&mut self.ids).shrink_to_fit();
        Arc::make_mut(&mut self.columns).iter_mut().for_each(Column::shrink_to_fit);
    }
}

/// `nsamples` is the number of participants, `nfeatures` the number of attributes; the encoder turns them into `f32`.
impl Records for Participants {
    type Elem = f32;

    fn nsamples(&self) -> usize {
        self.len()
    }

    fn nfeatures(&self) -> usize {
        self.columns.len()
    }
}

#[derive(Serialize, Deserialize)]
pub(super) struct Row {
    id: super::ParticipantId,
    profile: Profile,
}

#[derive(Serialize, Deserialize)]
struct RawParticipants {
    schema: Schema,
    participants: Vec<Row>,
}

impl Participants {
    pub(super) fn rows(&self) -> Vec<Row> {
        self.iter().map(|(id, profile)| Row { id: id.into(), profile }).collect()
    }

    pub(super) fn from_rows(schema: Schema, rows: Vec<Row>) -> Result<Self, DataError> {
        let mut participants = Self::new(schema)?;
        for row in rows {
            participants.add(row.id.as_str(), &row.profile)?;
        }
        Ok(participants)
    }
}

impl Serialize for Participants {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        RawParticipants { schema: self.schema().clone(), participants: self.rows() }.serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for Participants {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let raw = RawParticipants::deserialize(deserializer)?;
        Self::from_rows(raw.schema, raw.participants).map_err(serde::de::Error::custom)
    }
}
