//! The form in which a schema is written: the keys of `schema.toml`.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::labels::Label;
use super::{Attribute, AttributeKind, Currency, Distance, Scale, Schema, SchemaError};
use crate::store::{Echo, EchoList, cut};

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct RawSchema {
    #[serde(default)]
    currency: Currency,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    distance: Option<String>,
    #[serde(default)]
    attribute: Vec<RawAttribute>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct RawAttribute {
    name: String,
    kind: String,
    #[serde(default = "one", skip_serializing_if = "is_one")]
    weight: f64,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    range: Option<Vec<f64>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    scale: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    levels: Option<Vec<String>>,
    #[serde(default, skip_serializing_if = "Label::is_empty")]
    label: Label,
    /// The labels of levels, categories or tags.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    values: BTreeMap<String, Label>,
}

fn one() -> f64 {
    1.0
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde calls it with a reference")]
fn is_one(weight: &f64) -> bool {
    weight.to_bits() == 1.0_f64.to_bits()
}

impl TryFrom<RawSchema> for Schema {
    type Error = SchemaError;

    fn try_from(raw: RawSchema) -> Result<Self, SchemaError> {
        let attributes = raw.attribute.into_iter().zip(0..).map(|(a, at)| a.build(at)).collect::<Result<_, _>>()?;
        let distance = raw.distance.map_or(Ok(Distance::Gower), |name| name.parse())?;
        let schema = Self { currency: raw.currency, distance, attributes };
        schema.check()?;
        Ok(schema)
    }
}

impl RawAttribute {
    fn build(self, at: usize) -> Result<Attribute, SchemaError> {
        let misplaced = |key, value: String, owner| {
            Err(SchemaError::bad(
                at,
                &self.name,
                key,
                format!("{value} is for {owner} attributes, not for a {} one", cut(self.kind.as_str())),
            ))
        };
        let numeric = self.kind == "numeric";
        if let (Some(scale), false) = (&self.scale, numeric) {
            return misplaced("scale", Echo(scale).to_string(), "numeric");
        }
        if let (Some(range), false) = (&self.range, numeric) {
            return misplaced("range", format!("{range:?}"), "numeric");
        }
        if let (Some(levels), true) = (&self.levels, self.kind != "ordinal") {
            return misplaced("levels", EchoList(levels).to_string(), "ordinal");
        }
        let kind = match self.kind.as_str() {
            "numeric" => AttributeKind::Numeric(match (self.scale.as_deref(), self.range.as_deref()) {
                (None | Some("linear"), None) => Scale::Linear(None),
                (None | Some("linear"), Some(&[lo, hi])) => Scale::Linear(Some((lo, hi))),
                // Some formats drop a third number silently where two are asked for, so any number is read.
                (None | Some("linear"), Some(range)) => {
                    let problem = format!("{range:?} is not two numbers, the low end and the high end");
                    return Err(SchemaError::bad(at, &self.name, "range", problem));
                }
                (Some("rank"), None) => Scale::Rank,
                (Some("rank"), Some(range)) => return misplaced("range", format!("{range:?}"), "linear numeric"),
                (Some(other), _) => {
                    return Err(SchemaError::bad(
                        at,
                        &self.name,
                        "scale",
                        format!("{} is neither \"linear\" nor \"rank\"", Echo(other)),
                    ));
                }
            }),
            "ordinal" => AttributeKind::Ordinal(self.levels.unwrap_or_default()),
            "categorical" => AttributeKind::Categorical,
            "tags" => AttributeKind::Tags,
            other => {
                let rule = "is none of \"numeric\", \"ordinal\", \"categorical\", \"tags\"";
                return Err(SchemaError::bad(at, &self.name, "kind", format!("{} {rule}", Echo(other))));
            }
        };
        let attribute = Attribute::new(self.name, kind).with_weight(self.weight);
        Ok(attribute.with_all_labels(self.label, self.values))
    }
}

impl From<Schema> for RawSchema {
    fn from(schema: Schema) -> Self {
        let distance = Some(schema.distance).filter(|distance| *distance != Distance::Gower);
        let distance = distance.map(|distance| distance.name().to_owned());
        Self {
            currency: schema.currency,
            distance,
            attribute: schema.attributes.into_iter().map(RawAttribute::from).collect(),
        }
    }
}

impl From<Attribute> for RawAttribute {
    fn from(attribute: Attribute) -> Self {
        let (kind, scale, range, levels) = match attribute.kind().clone() {
            AttributeKind::Numeric(Scale::Linear(range)) => ("numeric", None, range.map(|(lo, hi)| vec![lo, hi]), None),
            AttributeKind::Numeric(Scale::Rank) => ("numeric", Some("rank".to_owned()), None, None),
            AttributeKind::Ordinal(levels) => ("ordinal", None, None, Some(levels)),
            AttributeKind::Categorical => ("categorical", None, None, None),
            AttributeKind::Tags => ("tags", None, None, None),
        };
        let (name, weight) = (attribute.name().to_owned(), attribute.weight());
        let (label, values) = attribute.all_labels();
        let (label, values) = (label.clone(), values.clone());
        Self { name, kind: kind.to_owned(), weight, range, scale, levels, label, values }
    }
}
