//! What a model answers from, in 128 bits.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use xxhash_rust::xxh3::xxh3_128;

use super::SnapshotError;

/// Tells whether two models answer from the same: parameters, schema, what the encoder has learned, courses, participants
/// and purchases. It does not depend on the order of any of them, on labels, on the index, on the platform, or on the version of this
/// crate's code.
///
/// It is no secret and no signature: whoever wants to can make two models with the same one.
///
/// ```
/// # let data = sebaya::example_world::training_set()?;
/// use sebaya::{IndexKind, Recommender};
///
/// let params = Recommender::params();
/// let fingerprint = params.fit(&data)?.fingerprint();
/// assert_eq!(fingerprint, params.index(IndexKind::Scan).fit(&data)?.fingerprint());
/// assert_ne!(fingerprint, params.prior(1.0).fit(&data)?.fingerprint());
/// assert_eq!(fingerprint.to_string().parse::<sebaya::Fingerprint>()?, fingerprint);
/// # Ok::<(), sebaya::Error>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Fingerprint(u128);

impl Fingerprint {
    /// Of the sections that have one order only.
    pub(super) fn new<'s>(sections: impl Iterator<Item = &'s [u8]>) -> Self {
        let hashes: Vec<u8> = sections.flat_map(|section| xxh3_128(section).to_le_bytes()).collect();
        Self(xxh3_128(&hashes))
    }

    /// And of somebody, in any order.
    pub(super) fn add(&mut self, record: &[u8]) {
        self.0 = self.0.wrapping_add(xxh3_128(record));
    }

    pub(crate) fn to_bytes(self) -> [u8; 16] {
        self.0.to_le_bytes()
    }
}

/// From hexadecimal digits, as many as it is written with.
impl FromStr for Fingerprint {
    type Err = SnapshotError;

    fn from_str(text: &str) -> Result<Self, SnapshotError> {
        let digits = text.len() == 32 && text.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f'));
        let number = u128::from_str_radix(text, 16).ok().filter(|_| digits);
        number.map(Self).ok_or_else(|| SnapshotError::NoFingerprint { text: text.to_owned() })
    }
}

impl TryFrom<String> for Fingerprint {
    type Error = SnapshotError;

    fn try_from(text: String) -> Result<Self, SnapshotError> {
        text.parse()
    }
}

impl From<Fingerprint> for String {
    fn from(fingerprint: Fingerprint) -> Self {
        fingerprint.to_string()
    }
}

/// In hexadecimal digits.
impl fmt::Display for Fingerprint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:032x}", self.0)
    }
}
