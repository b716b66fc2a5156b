//! What values an attribute may have, for a form.

use serde::Serialize;

/// The values that an encoder knows of one attribute, as a form offers them; see [`Encoder::values`](crate::Encoder::values).
///
/// ```
/// use sebaya::{AttributeValues, Encoder, prelude::*};
///
/// let mut data = TrainingSet::builder(Schema::new().categorical("province"));
/// data.course(Course::new("excel", Amount(250_000)))?;
/// data.participant("ani", Profile::new().with("province", "Bali"))?.purchase("ani", "excel")?;
/// let encoder = Encoder::fit(&data.build()?)?;
///
/// let values = encoder.values("province").unwrap();
/// assert_eq!(values, AttributeValues::Categorical { categories: vec!["Bali"] });
/// assert_eq!(serde_json::to_string(&values)?, r#"{"kind":"categorical","categories":["Bali"]}"#);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
#[non_exhaustive]
pub enum AttributeValues<'e> {
    /// Any finite number.
    Numeric {
        /// The end of the scale below which numbers are no longer told apart: the low end of the range of the schema, else
        /// the smallest value of the past participants, else 0.
        lo: f64,
        /// The end above which they are no longer told apart.
        hi: f64,
    },
    /// One of these, and no other.
    Ordinal {
        /// The levels of the schema, from the lowest to the highest.
        levels: Vec<&'e str>,
    },
    /// One of these. Any other is taken for one that no past participant has.
    Categorical {
        /// The categories of the past participants, in byte order.
        categories: Vec<&'e str>,
    },
    /// Any number of these. Any other is taken for one that no past participant has.
    Tags {
        /// The tags of the past participants, in byte order.
        tags: Vec<&'e str>,
    },
}
