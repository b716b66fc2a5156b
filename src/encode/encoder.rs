//! All attributes of a schema.

use std::sync::Arc;

use ndarray::Array1;

use super::attribute::{FittedAttribute, Learned};
use super::dictionary::DictionaryColumn;
use super::grid::half_weight;
use super::part::Part;
use crate::domain::{
    Attribute, DataError, Participants, Profile, ProfileError, RawProfile, Reading, Schema, TrainingSet,
};

/// Turns profiles into vectors, with what it learned from the past participants.
///
/// ```
/// use ndarray::array;
/// use sebaya::{Amount, Course, Encoder, Profile, Schema, TrainingSet};
///
/// let mut data = TrainingSet::builder(Schema::new().numeric("age").categorical("province"));
/// data.course(Course::new("excel", Amount(250_000)))?;
/// data.participant("ani", Profile::new().with("age", 20).with("province", "Bali"))?;
/// data.participant("budi", Profile::new().with("age", 40))?;
/// data.purchase("ani", "excel")?.purchase("budi", "excel")?;
///
/// let encoder = Encoder::fit(&data.build()?)?;
/// assert_eq!(encoder.feature_names(), ["age: high", "age: low", "province = Bali", "province: other"]);
/// // Two attributes of equal weight have 2^18 units each for half of their weight.
/// let half = 262_144.0;
/// let vector = encoder.transform(&Profile::new().with("age", 25).with("province", "Bali"))?;
/// assert_eq!(vector, array![half / 4.0, half * 3.0 / 4.0, half, 0.0]);
/// # Ok::<(), sebaya::Error>(())
/// ```
#[derive(Debug, Clone)]
pub struct Encoder {
    schema: Arc<Schema>,
    attributes: Vec<FittedAttribute>,
}

/// A profile as the encoder sees it: the sparse form of its vector, made by [`Encoder::encode`].
///
/// ```
/// # use sebaya::{Amount, Course, Encoder, Profile, Schema, TrainingSet};
/// # let mut data = TrainingSet::builder(Schema::new().numeric("age").categorical("province"));
/// # data.course(Course::new("excel", Amount(250_000)))?;
/// # data.participant("ani", Profile::new().with("age", 20).with("province", "Bali"))?;
/// # data.purchase("ani", "excel")?;
/// # let encoder = Encoder::fit(&data.build()?)?;
/// let bali = encoder.encode(&Profile::new().with("province", "Bali"))?;
/// let elsewhere = encoder.encode(&Profile::new().with("province", "Aceh"))?;
/// let unknown = encoder.encode(&Profile::new())?;
/// assert_eq!(encoder.distance(&bali, &elsewhere), 2 * encoder.distance(&bali, &unknown));
/// # Ok::<(), sebaya::Error>(())
/// ```
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct EncodedProfile {
    pub(crate) parts: Vec<Part>,
}

impl Encoder {
    /// Learns ranges, ranks, levels and tags from the participants with at least one purchase.
    ///
    /// # Errors
    ///
    /// [`DataError::TooManyNames`] when there are more than 2^32 - 2 names.
    pub fn fit(data: &TrainingSet) -> Result<Self, DataError> {
        Self::fit_on(data.participants(), &data.past())
    }

    /// Learns from these rows.
    pub(crate) fn fit_on(participants: &Participants, past: &[u32]) -> Result<Self, DataError> {
        let schema = Arc::clone(participants.shared_schema());
        let fitted = halves(&schema)
            .zip(participants.columns())
            .map(|((attribute, half), column)| FittedAttribute::fit(attribute, column, half, past));
        let attributes = fitted.collect::<Result<_, _>>()?;
        Ok(Self { schema, attributes })
    }

    /// The vector of a profile, of shape `(n_columns,)`, in units.
    ///
    /// # Errors
    ///
    /// As [`Encoder::encode`].
    pub fn transform(&self, profile: &Profile) -> Result<Array1<f32>, ProfileError> {
        let mut vector = Array1::zeros(self.n_columns());
        let encoded = self.encode(profile)?;
        if let Some(columns) = vector.as_slice_mut() {
            self.write(&encoded, columns);
        }
        Ok(vector)
    }

    /// The encoded form of a profile.
    ///
    /// # Errors
    ///
    /// A [`ProfileError`] when it does not fit the schema.
    pub fn encode(&self, profile: &Profile) -> Result<EncodedProfile, ProfileError> {
        let mut encoded = EncodedProfile::default();
        self.encode_into(profile, &mut encoded)?;
        Ok(encoded)
    }

    /// What each attribute has learned.
    pub(crate) fn learned(&self) -> Vec<Learned> {
        self.attributes.iter().map(FittedAttribute::learned).collect()
    }

    /// As if it had learned this. `None` when no encoder of this schema can have.
    pub(crate) fn from_learned(schema: &Schema, learned: Vec<Learned>) -> Option<Self> {
        let attributes = halves(schema)
            .zip(learned)
            .map(|((attribute, half), learned)| FittedAttribute::from_learned(attribute, learned, half));
        Some(Self { schema: Arc::new(schema.clone()), attributes: attributes.collect::<Option<_>>()? })
    }

    /// Forgets a category or tag of an attribute: whoever has it has an unknown one. Profiles that were encoded before stay as
    /// they are, as the others keep their places.
    pub(crate) fn erase(&mut self, attribute: usize, name: &str) {
        self.attributes[attribute].erase(name);
    }

    /// The same distances and columns, without any text of a participant: it can no longer encode.
    pub(super) fn without_texts(&self) -> Self {
        let attributes = self.attributes.iter().map(FittedAttribute::without_texts).collect();
        Self { schema: Arc::clone(&self.schema), attributes }
    }

    /// How many categories and tags of a profile it does not know.
    pub(crate) fn n_unseen(&self, profile: &RawProfile) -> u64 {
        let mut n = 0;
        profile.each_name(|attribute, name| n += u64::from(self.attributes[attribute].is_unseen(name)));
        n
    }

    /// The same, into memory that is there.
    pub(crate) fn encode_into(&self, profile: &Profile, encoded: &mut EncodedProfile) -> Result<(), ProfileError> {
        self.schema.check_names(profile)?;
        encoded.parts.resize_with(self.attributes.len(), Part::default);
        for ((fitted, attribute), part) in self.attributes.iter().zip(self.schema.attributes()).zip(&mut encoded.parts)
        {
            let value = profile.get(attribute.name());
            let value = value.map_or(Ok(Reading::Missing), |value| attribute.read(value))?;
            fitted.encode(value, part)?;
        }
        Ok(())
    }

    /// The L1 distance in units between two encoded profiles. It lies within `0..=total_units`, but for a few units of
    /// rounding where sets of tags have nothing in common.
    pub fn distance(&self, a: &EncodedProfile, b: &EncodedProfile) -> u32 {
        let parts = a.parts.iter().zip(&b.parts);
        self.attributes.iter().zip(parts).map(|(attribute, (a, b))| attribute.distance(a, b)).sum()
    }

    /// The same, or nothing when it is more than `bound`; attributes come in this `order`, those that tell most first.
    pub(super) fn distance_within(
        &self,
        a: &EncodedProfile,
        b: &EncodedProfile,
        order: &[usize],
        bound: u32,
    ) -> Option<u32> {
        let mut sum = 0;
        for &at in order {
            sum += self.attributes[at].distance(&a.parts[at], &b.parts[at]);
            if sum > bound {
                return None;
            }
        }
        Some(sum)
    }

    /// The number of columns of a vector.
    pub fn n_columns(&self) -> usize {
        self.attributes.iter().map(FittedAttribute::width).sum()
    }

    /// The name of each column, of length `n_columns`.
    pub fn feature_names(&self) -> Vec<String> {
        self.attributes.iter().flat_map(FittedAttribute::feature_names).collect()
    }

    /// The full weight of all attributes in units, about 2^20. Distances divided by it are shown to people.
    pub fn total_units(&self) -> u32 {
        self.attributes.iter().map(|a| 2 * a.half()).sum()
    }

    /// The schema it was fitted for.
    pub fn schema(&self) -> &Schema {
        &self.schema
    }

    pub(crate) fn attributes(&self) -> &[FittedAttribute] {
        &self.attributes
    }

    pub(super) fn encode_columns(&self, participants: &Participants) -> Result<Vec<DictionaryColumn>, DataError> {
        self.attributes.iter().zip(participants.columns()).map(|(a, column)| a.encode_column(column)).collect()
    }

    /// Writes an encoded profile into a vector of zeros.
    pub(crate) fn write(&self, encoded: &EncodedProfile, mut vector: &mut [f32]) {
        for (attribute, part) in self.attributes.iter().zip(&encoded.parts) {
            let (columns, rest) = vector.split_at_mut(attribute.width());
            attribute.write(part, columns);
            vector = rest;
        }
    }
}

/// The attributes and half of the weight of each, in units.
fn halves(schema: &Schema) -> impl Iterator<Item = (&Attribute, u32)> {
    let sum: f64 = schema.attributes().iter().map(Attribute::weight).sum();
    schema.attributes().iter().map(move |attribute| (attribute, half_weight(attribute.weight(), sum)))
}
