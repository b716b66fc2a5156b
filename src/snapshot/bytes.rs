//! Numbers and texts as bytes, and back with every check.

use super::SnapshotError;
use crate::store::{VarintError, put_varint, take_varint};

/// Bytes to be written.
#[derive(Debug, Default)]
pub(crate) struct Put(pub(crate) Vec<u8>);

impl Put {
    pub(crate) fn byte(&mut self, byte: u8) {
        self.0.push(byte);
    }

    pub(crate) fn number(&mut self, number: u64) {
        put_varint(&mut self.0, number);
    }

    pub(crate) fn count(&mut self, count: usize) {
        self.number(count as u64);
    }

    pub(crate) fn float(&mut self, float: f64) {
        self.0.extend(float.to_le_bytes());
    }

    pub(crate) fn text(&mut self, text: &str) {
        self.count(text.len());
        self.0.extend(text.as_bytes());
    }

    pub(crate) fn texts(&mut self, texts: &[String]) {
        self.count(texts.len());
        for text in texts {
            self.text(text);
        }
    }

    /// A byte that says whether there is one, and then it.
    pub(crate) fn option<T>(&mut self, value: Option<T>, put: impl FnOnce(&mut Self, T)) {
        self.byte(value.is_some().into());
        if let Some(value) = value {
            put(self, value);
        }
    }
}

/// Bytes of a section that are being read.
#[derive(Debug)]
pub(crate) struct Take<'b> {
    all: &'b [u8],
    at: usize,
    section: &'static str,
}

impl<'b> Take<'b> {
    pub(crate) fn new(all: &'b [u8], section: &'static str) -> Self {
        Self { all, at: 0, section }
    }

    pub(crate) fn invalid(&self, reason: &'static str) -> SnapshotError {
        SnapshotError::Invalid { offset: self.at as u64, section: self.section, reason }
    }

    pub(crate) fn bytes(&mut self, n: usize) -> Result<&'b [u8], SnapshotError> {
        let bytes = self.all.get(self.at..).and_then(|rest| rest.get(..n));
        let bytes = bytes.ok_or_else(|| self.invalid("it is too short for what it says"))?;
        self.at += n;
        Ok(bytes)
    }

    pub(crate) fn byte(&mut self) -> Result<u8, SnapshotError> {
        Ok(self.bytes(1)?[0])
    }

    pub(crate) fn number(&mut self) -> Result<u64, SnapshotError> {
        let mut rest = &self.all[self.at..];
        let number = take_varint(&mut rest).map_err(|error| {
            self.invalid(match error {
                VarintError::Short => "it is too short for what it says",
                VarintError::Long => "a number is too long",
                VarintError::Large => "a number is too large",
            })
        })?;
        self.at = self.all.len() - rest.len();
        Ok(number)
    }

    /// How many of something follow, each of a byte at least.
    pub(crate) fn count(&mut self) -> Result<usize, SnapshotError> {
        let count = usize::try_from(self.number()?).unwrap_or(usize::MAX);
        if count > self.all.len() - self.at { Err(self.invalid("there are fewer than it says")) } else { Ok(count) }
    }

    pub(crate) fn float(&mut self) -> Result<f64, SnapshotError> {
        let bytes = self.bytes(8)?;
        Ok(f64::from_le_bytes(bytes.try_into().map_err(|_| self.invalid("it is too short for what it says"))?))
    }

    pub(crate) fn finite(&mut self) -> Result<f64, SnapshotError> {
        let float = self.float()?;
        if float.is_finite() { Ok(float) } else { Err(self.invalid("a number is not finite")) }
    }

    pub(crate) fn text(&mut self) -> Result<&'b str, SnapshotError> {
        let n = self.count()?;
        std::str::from_utf8(self.bytes(n)?).map_err(|_| self.invalid("a text is not UTF-8"))
    }

    pub(crate) fn flag(&mut self) -> Result<bool, SnapshotError> {
        match self.byte()? {
            0 => Ok(false),
            1 => Ok(true),
            _ => Err(self.invalid("a flag is neither 0 nor 1")),
        }
    }

    pub(crate) fn option<T>(
        &mut self,
        take: impl FnOnce(&mut Self) -> Result<T, SnapshotError>,
    ) -> Result<Option<T>, SnapshotError> {
        if self.flag()? { take(self).map(Some) } else { Ok(None) }
    }

    /// The bytes that were read since this place.
    pub(crate) fn since(&self, start: usize) -> &'b [u8] {
        &self.all[start..self.at]
    }

    pub(crate) fn place(&self) -> usize {
        self.at
    }

    pub(crate) fn end(&self) -> Result<(), SnapshotError> {
        if self.at == self.all.len() { Ok(()) } else { Err(self.invalid("it is longer than what it says")) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_count_beyond_the_bytes_is_refused_at_once() {
        let mut put = Put::default();
        put.number(u64::MAX);
        assert!(Take::new(&put.0, "a test").count().is_err());
        assert!(Take::new(&put.0, "a test").text().is_err());
    }
}
