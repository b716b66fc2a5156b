//! A profile in few bytes.

use std::fmt;

use super::{Profile, ProfileError, Schema, TagList, TypedValue, ValueRef};
use crate::store::{put_varint, take_varint};

/// The values of a profile with all their texts, in the order of the schema's attributes and in one allocation. Dropping it
/// leaves nothing of them behind.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct PackedProfile(Box<[u8]>);

const MISSING: u8 = 0;
const NUMBER: u8 = 1;
const TEXT: u8 = 2;
const TAGS: u8 = 3;

impl PackedProfile {
    /// Checks a profile and packs it.
    pub(crate) fn pack(schema: &Schema, profile: &Profile) -> Result<Self, ProfileError> {
        schema.check_names(profile)?;
        let mut bytes = Vec::new();
        for attribute in schema.attributes() {
            match profile.get(attribute.name()).map_or(Ok(TypedValue::Missing), |value| attribute.read(value))? {
                TypedValue::Missing => bytes.push(MISSING),
                TypedValue::Number(number) => {
                    bytes.push(NUMBER);
                    bytes.extend(number.to_le_bytes());
                }
                TypedValue::Text(text) => {
                    attribute.check_level(text)?;
                    bytes.push(TEXT);
                    push_text(&mut bytes, text);
                }
                TypedValue::Tags(tags) => {
                    let tags = distinct(tags);
                    bytes.push(if tags.is_empty() { MISSING } else { TAGS });
                    if !tags.is_empty() {
                        put_varint(&mut bytes, tags.len() as u64);
                        for tag in tags {
                            push_text(&mut bytes, tag);
                        }
                    }
                }
            }
        }
        Ok(Self(bytes.into()))
    }

    pub(crate) fn unpack(&self, schema: &Schema) -> Profile {
        let mut profile = Profile::new();
        self.each(|attribute, value| {
            let name = schema.attributes()[attribute].name();
            match value {
                ValueRef::Number(number) => profile.set(name, number),
                ValueRef::Text(text) => profile.set(name, text),
                ValueRef::Tags(tags) => profile.set(name, tags),
            }
        });
        profile
    }

    /// Calls `take` with the number of an attribute and each of its values that is a text or a tag.
    pub(crate) fn each_name(&self, mut take: impl FnMut(usize, &str)) {
        self.each(|attribute, value| match value {
            ValueRef::Number(_) => {}
            ValueRef::Text(text) => take(attribute, text),
            ValueRef::Tags(tags) => tags.iter().for_each(|tag| take(attribute, tag)),
        });
    }

    /// Calls `take` with the number of an attribute and its value, for those that are known.
    pub(crate) fn each<'v>(&'v self, mut take: impl FnMut(usize, ValueRef<'v>)) {
        let mut rest = &self.0[..];
        let mut attribute = 0;
        while let Some((&kind, after)) = rest.split_first() {
            rest = after;
            match kind {
                NUMBER => {
                    let (number, after) = rest.split_first_chunk().unwrap_or((&[0; 8], &[]));
                    take(attribute, ValueRef::Number(f64::from_le_bytes(*number)));
                    rest = after;
                }
                TEXT => take(attribute, ValueRef::Text(take_text(&mut rest))),
                TAGS => {
                    let tags = (0..take_length(&mut rest)).map(|_| take_text(&mut rest)).collect();
                    take(attribute, ValueRef::Tags(tags));
                }
                _ => {}
            }
            attribute += 1;
        }
    }
}

/// The values are personal data, so a message does not show them.
impl fmt::Debug for PackedProfile {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PackedProfile").field("bytes", &self.0.len()).finish()
    }
}

fn distinct(tags: TagList<'_>) -> Vec<&str> {
    let mut list = Vec::new();
    tags.for_each(|tag| list.push(tag));
    list.sort_unstable();
    list.dedup();
    list
}

fn push_text(bytes: &mut Vec<u8>, text: &str) {
    put_varint(bytes, text.len() as u64);
    bytes.extend(text.as_bytes());
}

/// Only `pack` writes these bytes, so the fallbacks are never used.
fn take_length(rest: &mut &[u8]) -> usize {
    take_varint(rest).ok().and_then(|length| usize::try_from(length).ok()).unwrap_or(0)
}

fn take_text<'v>(rest: &mut &'v [u8]) -> &'v str {
    let length = take_length(rest).min(rest.len());
    let (text, after) = rest.split_at(length);
    *rest = after;
    std::str::from_utf8(text).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::Value;

    #[test]
    fn a_profile_reads_back_whatever_it_holds() {
        let schema = Schema::new().numeric("n").ordinal("o", ["low", "high"]).categorical("c").tags("t").tags("u");
        let long = "é".repeat(300);
        for profile in [
            Profile::new(),
            Profile::new().with("n", -0.5).with("o", "high").with("c", long.as_str()).with("t", ["b", "a"]),
            Profile::new().with("c", "").with("u", vec!["x".to_owned(); 200]),
        ] {
            let expected: Profile = profile
                .iter()
                .filter(|(_, value)| !value.is_missing())
                .map(|(name, value)| match value {
                    Value::Tags(tags) => {
                        let mut tags = tags.clone();
                        tags.sort_unstable();
                        tags.dedup();
                        (name.to_owned(), Value::Tags(tags))
                    }
                    other => (name.to_owned(), other.clone()),
                })
                .collect();
            assert_eq!(PackedProfile::pack(&schema, &profile).unwrap().unpack(&schema), expected);
        }
        assert!(PackedProfile::pack(&schema, &Profile::new().with("o", "middle")).is_err());
        assert!(PackedProfile::pack(&schema, &Profile::new().with("x", 1)).is_err());
    }
}
