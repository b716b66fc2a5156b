//! All attributes of a schema.

use std::sync::Arc;

use ndarray::Array1;

use super::attribute::{FittedAttribute, Learned};
use super::dictionary::DictionaryColumn;
use super::encoded_value::Part;
use super::learned::{self, GroupDistances, MEAN};
use super::values::AttributeValues;
use crate::domain::{
    Attribute, DataError, Distance, PackedProfile, Participants, Profile, ProfileError, Purchases, Schema, TrainingSet,
    TypedValue, half_weight,
};

/// Turns profiles into vectors. It learns scales, categories and tags from the past participants.
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
        let distance = data.participants().schema().distance();
        Self::fit_on(data.participants(), data.purchases(), &data.past(), distance)
    }

    /// Learns from the past participants.
    pub(crate) fn fit_on(
        participants: &Participants,
        purchases: &Purchases,
        past: &[u32],
        distance: Distance,
    ) -> Result<Self, DataError> {
        let schema = Arc::clone(participants.shared_schema());
        let fitted = halves(&schema)
            .zip(participants.columns())
            .map(|((attribute, half), column)| FittedAttribute::fit(attribute, column, half, past));
        let mut attributes = fitted.collect::<Result<Vec<_>, _>>()?;
        if distance == Distance::Learned {
            let groups = attributes.iter().zip(participants.columns());
            let groups = groups.map(|(attribute, column)| attribute.groups(column, past)).collect::<Result<_, _>>()?;
            let weights: Vec<f64> = attributes.iter().map(FittedAttribute::weight).collect();
            let learned = learned::learn(groups, &weights, purchases, past);
            let with = attributes.into_iter().zip(learned);
            attributes = with.map(|(attribute, learned)| attribute.with_group_distances(learned)).collect();
        }
        Self { schema, attributes }.check_largest()
    }

    /// Distances, and intermediate sums of twice their size, are numbers of 32 bits.
    fn check_largest(self) -> Result<Self, DataError> {
        let largest = self.attributes.iter().map(FittedAttribute::largest_distance).sum::<u64>();
        if largest <= u64::from(u32::MAX / 2) { Ok(self) } else { Err(DataError::DistancesTooLarge { largest }) }
    }

    /// How profiles are compared.
    pub fn distance_kind(&self) -> Distance {
        if self.is_learned() { Distance::Learned } else { Distance::Gower }
    }

    pub(crate) fn is_learned(&self) -> bool {
        self.attributes.iter().any(|attribute| attribute.group_distances().is_some())
    }

    /// The vector of a profile, of shape `(n_columns,)`, in units.
    ///
    /// # Errors
    ///
    /// A [`ProfileError`] when it does not fit the schema.
    pub fn transform(&self, profile: &Profile) -> Result<Array1<f32>, ProfileError> {
        let mut vector = Array1::zeros(self.n_columns());
        if let Some(columns) = vector.as_slice_mut() {
            self.transform_into(profile, columns)?;
        }
        Ok(vector)
    }

    /// Writes the vector of a profile into columns that hold zeros.
    pub(crate) fn transform_into(&self, profile: &Profile, columns: &mut [f32]) -> Result<(), ProfileError> {
        let mut encoded = EncodedProfile::default();
        self.each_value(profile, &mut encoded, FittedAttribute::encode_for_vector)?;
        self.write(&encoded, columns);
        Ok(())
    }

    /// The encoded form of a profile.
    ///
    /// # Errors
    ///
    /// A [`ProfileError`] when it does not fit the schema.
    #[doc(hidden)]
    pub fn encode(&self, profile: &Profile) -> Result<EncodedProfile, ProfileError> {
        let mut encoded = EncodedProfile::default();
        self.encode_into(profile, &mut encoded)?;
        Ok(encoded)
    }

    /// The distances that each attribute has learned; none with Gower's.
    pub(crate) fn group_distances(&self) -> impl Iterator<Item = &GroupDistances> {
        self.attributes.iter().filter_map(FittedAttribute::group_distances)
    }

    /// This encoder with these learned distances, one for each attribute.
    pub(crate) fn with_group_distances(self, learned: Vec<GroupDistances>) -> Result<Self, DataError> {
        let with = self.attributes.into_iter().zip(learned);
        let attributes = with.map(|(attribute, learned)| attribute.with_group_distances(learned)).collect();
        Self { schema: self.schema, attributes }.check_largest()
    }

    /// This encoder with the labels and the currency of a schema that has the same attributes.
    pub(crate) fn with_schema(&self, schema: &Arc<Schema>) -> Self {
        Self { schema: Arc::clone(schema), attributes: self.attributes.clone() }
    }

    /// What each attribute has learned.
    pub(crate) fn learned(&self) -> Vec<Learned> {
        self.attributes.iter().map(FittedAttribute::learned).collect()
    }

    /// An encoder that has learned this. `None` when it does not fit the schema.
    pub(crate) fn from_learned(schema: &Schema, learned: Vec<Learned>) -> Option<Self> {
        let attributes = halves(schema)
            .zip(learned)
            .map(|((attribute, half), learned)| FittedAttribute::from_learned(attribute, learned, half));
        Some(Self { schema: Arc::new(schema.clone()), attributes: attributes.collect::<Option<_>>()? })
    }

    /// Forgets a category or tag of an attribute, which is unknown from then on. Profiles that were encoded before stay as
    /// they are, as the others keep their places.
    pub(crate) fn erase(&mut self, attribute: usize, name: &str) {
        self.attributes[attribute].erase(name);
    }

    /// This encoder without any text of a participant. Distances and columns are the same; it can no longer encode.
    pub(super) fn without_texts(&self) -> Self {
        let attributes = self.attributes.iter().map(FittedAttribute::without_texts).collect();
        Self { schema: Arc::clone(&self.schema), attributes }
    }

    /// How many categories and tags of a profile are unknown to this encoder.
    pub(crate) fn n_unseen(&self, profile: &PackedProfile) -> u64 {
        let mut n = 0;
        profile.each_name(|attribute, name| n += u64::from(self.attributes[attribute].is_unseen(name)));
        n
    }

    /// Encodes a profile into memory that is reused.
    pub(crate) fn encode_into(&self, profile: &Profile, encoded: &mut EncodedProfile) -> Result<(), ProfileError> {
        self.each_value(profile, encoded, FittedAttribute::encode)
    }

    fn each_value(
        &self,
        profile: &Profile,
        encoded: &mut EncodedProfile,
        encode: impl Fn(&FittedAttribute, TypedValue<'_>, &mut Part) -> Result<(), ProfileError>,
    ) -> Result<(), ProfileError> {
        self.schema.check_names(profile)?;
        encoded.parts.resize_with(self.attributes.len(), Part::default);
        for ((fitted, attribute), part) in self.attributes.iter().zip(self.schema.attributes()).zip(&mut encoded.parts)
        {
            let value = profile.get(attribute.name());
            let value = value.map_or(Ok(TypedValue::Missing), |value| attribute.read(value))?;
            encode(fitted, value, part)?;
        }
        Ok(())
    }

    /// The distance between two profiles as a share of the largest possible one: within 0..=1, or slightly above 1 by
    /// rounding where sets of tags have nothing in common. With the [learned distance](Distance::Learned) it is a multiple of the mean one between
    /// two past participants.
    ///
    /// # Errors
    ///
    /// A [`ProfileError`] when one of them does not fit the schema.
    ///
    /// ```
    /// # use sebaya::prelude::*;
    /// # let model = sebaya::example_world::model()?;
    /// let [bali, aceh] = ["Bali", "Aceh"].map(|province| Profile::new().with("province", province));
    /// // Ages are missing, and the two attributes weigh the same.
    /// assert_eq!(model.encoder().distance(&bali, &aceh)?, 0.5);
    /// assert_eq!(model.encoder().distance(&bali, &Profile::new())?, 0.25);
    /// # Ok::<(), sebaya::Error>(())
    /// ```
    pub fn distance(&self, a: &Profile, b: &Profile) -> Result<f64, ProfileError> {
        let (a, b) = (self.encode(a)?, self.encode(b)?);
        Ok(f64::from(self.units_between(&a, &b)) / f64::from(self.total_units()))
    }

    /// The distance of two encoded profiles in units.
    pub(crate) fn units_between(&self, a: &EncodedProfile, b: &EncodedProfile) -> u32 {
        let parts = self.attributes.iter().zip(a.parts.iter().zip(&b.parts));
        parts.map(|(attribute, (a, b))| attribute.distance(a, b)).sum()
    }

    /// The distance of two encoded profiles, or `None` when it is more than `bound`. `order` lists the attributes, those with the
    /// largest differences first.
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
        if self.is_learned() {
            return MEAN;
        }
        self.attributes.iter().map(|a| 2 * a.half()).sum()
    }

    /// The values of an attribute, for a form or a filter to offer; `None` where the schema has no such attribute.
    ///
    /// ```
    /// use sebaya::{AttributeValues, Encoder, prelude::*};
    ///
    /// let schema = Schema::new().numeric("age").ordinal("education", ["SD", "SMP", "SMA"]).tags("interests");
    /// let mut data = TrainingSet::builder(schema);
    /// data.course(Course::new("excel", Amount(250_000)))?;
    /// data.participant("ani", Profile::new().with("age", 24).with("interests", ["sewing", "music"]))?;
    /// data.participant("budi", Profile::new().with("age", 31).with("interests", ["chess"]))?;
    /// data.purchase("ani", "excel")?.purchase("budi", "excel")?;
    /// let encoder = Encoder::fit(&data.build()?)?;
    ///
    /// assert_eq!(encoder.values("age"), Some(AttributeValues::Numeric { lo: 24.0, hi: 31.0 }));
    /// assert_eq!(encoder.values("education"), Some(AttributeValues::Ordinal { levels: vec!["SD", "SMP", "SMA"] }));
    /// assert_eq!(encoder.values("interests"), Some(AttributeValues::Tags { tags: vec!["chess", "music", "sewing"] }));
    /// assert_eq!(encoder.values("province"), None);
    /// # Ok::<(), sebaya::Error>(())
    /// ```
    pub fn values(&self, attribute: &str) -> Option<AttributeValues<'_>> {
        self.attributes.iter().find(|fitted| fitted.name() == attribute).map(FittedAttribute::values)
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
