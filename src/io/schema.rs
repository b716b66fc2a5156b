//! `schema.toml`, with errors that know their line.

use std::io::Write;
use std::ops::Range;
use std::path::Path;

use serde::Deserialize;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::data_file::new_file;
use super::read::read_all;
use super::{ReadError, ReadProblem, WriteError};
use crate::domain::{RawSchema, Schema, SchemaError};
use crate::store::{Echo, OutputFile};

/// Reads a `schema.toml`.
///
/// # Errors
///
/// [`ReadError`] with the line, the key and its value for the first thing that is wrong.
///
/// ```
/// use sebaya::{Attribute, Schema};
///
/// # let dir = tempfile::tempdir()?;
/// let path = dir.path().join("schema.toml");
/// std::fs::write(&path, "[[attribute]]\nname = \"age\"\nkind = \"numeric\"\nrange = [18, 64]\n")?;
/// let schema = sebaya::io::read_schema(&path)?;
/// assert_eq!(schema, Schema::new().attribute(Attribute::numeric("age").with_range(18.0, 64.0)));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// An attribute may have a label in several languages, and so may each of its levels, categories and tags. Labels change no
/// answer. In a file:
///
/// ```toml
/// [[attribute]]
/// name = "education"
/// kind = "ordinal"
/// levels = ["SD", "SMP", "SMA"]
/// label = { en = "Education", id = "Pendidikan" }
///
/// [attribute.values.SMA]
/// en = "Senior high school"
/// id = "Sekolah menengah atas"
/// ```
pub fn read_schema(path: impl AsRef<Path>) -> Result<Schema, ReadError> {
    let path = path.as_ref();
    parse(&read_all(path)?).map_err(|(line, problem)| ReadError::new(path, line, problem))
}

/// Writes a `schema.toml`. The file is replaced as a whole or not at all; its permissions are kept, a link is followed, and
/// a device or a pipe is written to.
///
/// # Errors
///
/// * [`WriteError::Schema`] when the schema breaks a rule, so that it would not be read again;
/// * [`WriteError::Io`] when the system refuses.
///
/// ```
/// use sebaya::Schema;
/// use sebaya::io::{read_schema, write_schema};
///
/// # let dir = tempfile::tempdir()?;
/// let path = dir.path().join("schema.toml");
/// let schema = Schema::new().with_currency("IDR").ordinal("education", ["SD", "SMP", "SMA"]);
/// write_schema(&path, &schema)?;
/// assert_eq!(read_schema(&path)?, schema);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn write_schema(path: impl AsRef<Path>, schema: &Schema) -> Result<(), WriteError> {
    let path = path.as_ref();
    let placed = new_schema(path, schema)?.put_in_place();
    placed.map_err(|source| WriteError::Io { file: super::error::file_name(path), source })
}

pub(super) fn new_schema(path: &Path, schema: &Schema) -> Result<OutputFile, WriteError> {
    let file = || super::error::file_name(path);
    schema.check().map_err(|problem| WriteError::Schema { file: file(), problem })?;
    let text = toml::to_string(schema);
    let text = text.map_err(|error| WriteError::Io { file: file(), source: std::io::Error::other(error) })?;
    new_file(path, |out| Ok(out.write_all(text.as_bytes())?))
}

type SchemaFailure = (Option<u64>, ReadProblem);

fn parse(bytes: &[u8]) -> Result<Schema, SchemaFailure> {
    let toml = |line, key, message| (line, ReadProblem::Toml { key, message });
    let text = std::str::from_utf8(bytes).map_err(|error| {
        let at = error.valid_up_to();
        toml(Some(line_of(bytes, at)), String::new(), format!("byte 0x{:02x} is not UTF-8", bytes[at]))
    })?;
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let line = |span: Range<usize>| line_of(text.as_bytes(), span.start);

    let document = DeTable::parse(text).map_err(|error| {
        let number = error.span().map(line);
        let shown = number.and_then(|n| text.lines().nth(usize::try_from(n - 1).ok()?)).unwrap_or_default();
        toml(number, String::new(), format!("{} is not TOML: {}", Echo(shown.trim()), error.message()))
    })?;
    let attributes = attributes(document.get_ref());
    let bad_attribute = |span, message| Err(toml(Some(line(span)), "attribute: ".to_owned(), message));
    if let Some(one) = value_of(document.get_ref(), "attribute").filter(|value| value.get_ref().is_table()) {
        return bad_attribute(one.span(), "is one table; a list of them starts each with [[attribute]]".to_owned());
    }
    // serde would also take a list of values for a table, by the order of its keys.
    if let Some(other) = attributes.iter().find(|a| !a.get_ref().is_table()) {
        return bad_attribute(other.span(), format!("{} is not a table", &text[other.span()]));
    }
    let raw = RawSchema::deserialize(toml::de::Deserializer::from(document.clone())).map_err(|error| {
        let span = error.span();
        let key = span.as_ref().map(|span| key_at(document.get_ref(), span)).unwrap_or_default();
        let message = match (error.message(), &span) {
            (message, Some(span)) if message.ends_with("number overflowed") => {
                format!("{} is too large", &text[span.clone()])
            }
            (message, _) => message.to_owned(),
        };
        toml(span.map(line), key, message)
    })?;
    Schema::try_from(raw).map_err(|error| {
        let at = match &error {
            SchemaError::BadAttribute { attribute, key, .. } => attributes.get(*attribute).map(|a| span_of(a, key)),
            _ => None,
        };
        (at.map(line), ReadProblem::Schema(error))
    })
}

fn line_of(text: &[u8], at: usize) -> u64 {
    text[..at.min(text.len())].iter().map(|&byte| u64::from(byte == b'\n')).sum::<u64>() + 1
}

fn value_of<'d, 't>(table: &'d DeTable<'t>, key: &str) -> Option<&'d Spanned<DeValue<'t>>> {
    table.iter().find(|(k, _)| k.get_ref() == key).map(|(_, value)| value)
}

fn attributes<'d, 't>(document: &'d DeTable<'t>) -> &'d [Spanned<DeValue<'t>>] {
    let found = value_of(document, "attribute").and_then(|value| value.get_ref().as_array());
    found.map_or(&[], |array| array.as_ref())
}

/// Where a key of an attribute stands; where the attribute starts when it lacks the key.
fn span_of(attribute: &Spanned<DeValue<'_>>, key: &str) -> Range<usize> {
    let table = attribute.get_ref().as_table();
    let found = table.and_then(|table| table.iter().find(|(k, _)| k.get_ref() == key));
    found.map_or_else(|| attribute.span(), |(k, _)| k.span())
}

/// The key whose name or value holds a span, in front of a message.
fn key_at(document: &DeTable<'_>, span: &Range<usize>) -> String {
    let key_in = |table: &DeTable<'_>| {
        let found = table.iter().find(|(key, value)| holds(&key.span(), span) || value_holds(value, span));
        found.map(|(key, _)| format!("{}: ", key.get_ref()))
    };
    for (attribute, number) in attributes(document).iter().zip(1..) {
        let Some(table) = attribute.get_ref().as_table() else { continue };
        let key = key_in(table);
        if key.is_none() && !holds(&attribute.span(), span) {
            continue;
        }
        let name = value_of(table, "name").and_then(|name| name.get_ref().as_str());
        let name = name.map_or_else(|| number.to_string(), |name| format!("{name:?}"));
        return format!("attribute {name}: {}", key.unwrap_or_default());
    }
    key_in(document).unwrap_or_default()
}

fn holds(outer: &Range<usize>, inner: &Range<usize>) -> bool {
    outer.start <= inner.start && inner.end <= outer.end
}

/// A table with a header of its own lies outside the span of the table that it belongs to.
fn value_holds(value: &Spanned<DeValue<'_>>, span: &Range<usize>) -> bool {
    let in_table =
        |table: &DeTable<'_>| table.iter().any(|(key, value)| holds(&key.span(), span) || value_holds(value, span));
    holds(&value.span(), span) || value.get_ref().as_table().is_some_and(in_table)
}
