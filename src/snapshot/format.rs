//! The frame: magic, versions, sections and checksums.

use std::io::{Read, Write};

use crc32fast::Hasher;

use super::SnapshotError;

const MAGIC: [u8; 8] = *b"\x89SBY\r\n\x1a\n";
const VERSION: u32 = 1;
const HEADER: &str = "the header";
const END: Section = Section { tag: *b"END.", name: "the end" };
/// Longer version strings are not written by any release.
const LONGEST_VERSION: u32 = 64;

/// A section's tag in the file, and its name in errors.
#[derive(Debug, Clone, Copy)]
pub(super) struct Section {
    pub(super) tag: [u8; 4],
    pub(super) name: &'static str,
}

/// Writes sections one after another.
#[derive(Debug)]
pub(super) struct Writer<W> {
    out: W,
    sum: Hasher,
}

impl<W: Write> Writer<W> {
    pub(super) fn new(out: W, crate_version: &str) -> Result<Self, SnapshotError> {
        let mut writer = Self { out, sum: Hasher::new() };
        let length = u32::try_from(crate_version.len()).ok().filter(|&n| n <= LONGEST_VERSION);
        let length = length.ok_or(invalid(12, HEADER, "the crate version is too long"))?;
        writer.put(&MAGIC)?;
        writer.put(&VERSION.to_le_bytes())?;
        writer.put(&length.to_le_bytes())?;
        writer.put(crate_version.as_bytes())?;
        writer.put_sum()?;
        Ok(writer)
    }

    pub(super) fn section(&mut self, section: Section, payload: &[u8]) -> Result<(), SnapshotError> {
        let length = u64::try_from(payload.len()).map_err(|_| invalid(0, section.name, "it is too long"))?;
        self.put(&section.tag)?;
        self.put(&length.to_le_bytes())?;
        self.put(payload)?;
        self.put_sum()
    }

    pub(super) fn finish(mut self) -> Result<W, SnapshotError> {
        self.section(END, &[])?;
        self.out.flush()?;
        Ok(self.out)
    }

    fn put(&mut self, bytes: &[u8]) -> Result<(), SnapshotError> {
        self.sum.update(bytes);
        Ok(self.out.write_all(bytes)?)
    }

    fn put_sum(&mut self) -> Result<(), SnapshotError> {
        // Not part of the sum itself: a CRC that takes in its own value is the same constant after any bytes.
        let sum = self.sum.clone().finalize();
        Ok(self.out.write_all(&sum.to_le_bytes())?)
    }
}

/// Reads sections in the order in which they must stand.
#[derive(Debug)]
pub(super) struct Reader<R> {
    input: R,
    sum: Hasher,
    offset: u64,
    pub(super) crate_version: String,
}

impl<R: Read> Reader<R> {
    pub(super) fn new(input: R) -> Result<Self, SnapshotError> {
        let mut reader = Self { input, sum: Hasher::new(), offset: 0, crate_version: String::new() };
        if reader.array::<8>(HEADER)? != MAGIC {
            return Err(SnapshotError::Magic);
        }
        let found = u32::from_le_bytes(reader.array(HEADER)?);
        if found > VERSION {
            return Err(SnapshotError::Version { found, newest: VERSION });
        }
        if found == 0 {
            return Err(invalid(8, HEADER, "format version 0 never was"));
        }
        let length = u32::from_le_bytes(reader.array(HEADER)?);
        if length > LONGEST_VERSION {
            return Err(invalid(12, HEADER, "the crate version is too long"));
        }
        let version = reader.bytes(u64::from(length), HEADER)?;
        reader.check_sum(HEADER)?;
        reader.crate_version =
            String::from_utf8(version).map_err(|_| invalid(16, HEADER, "the crate version is not UTF-8"))?;
        Ok(reader)
    }

    pub(super) fn section(&mut self, section: Section) -> Result<Vec<u8>, SnapshotError> {
        let offset = self.offset;
        if self.array::<4>(section.name)? != section.tag {
            return Err(invalid(offset, section.name, "another section stands here"));
        }
        let length = u64::from_le_bytes(self.array(section.name)?);
        let payload = self.bytes(length, section.name)?;
        self.check_sum(section.name)?;
        Ok(payload)
    }

    /// Reads the end, and answers with its place in the file: more may follow there.
    pub(super) fn end(&mut self) -> Result<u64, SnapshotError> {
        if self.section(END)?.is_empty() {
            Ok(self.offset)
        } else {
            Err(invalid(self.offset, END.name, "it has a payload"))
        }
    }

    pub(super) fn finish(mut self) -> Result<(), SnapshotError> {
        self.end()?;
        let mut after = Vec::new();
        if self.input.take(1).read_to_end(&mut after)? > 0 {
            return Err(invalid(self.offset, END.name, "bytes follow it"));
        }
        Ok(())
    }

    /// The vector grows with what is really there: a length that lies reserves nothing.
    fn bytes(&mut self, length: u64, section: &'static str) -> Result<Vec<u8>, SnapshotError> {
        let mut bytes = Vec::new();
        self.input.by_ref().take(length).read_to_end(&mut bytes)?;
        let read = u64::try_from(bytes.len()).unwrap_or(u64::MAX);
        self.offset += read;
        if read < length {
            return Err(SnapshotError::Truncated { offset: self.offset, section });
        }
        self.sum.update(&bytes);
        Ok(bytes)
    }

    fn array<const N: usize>(&mut self, section: &'static str) -> Result<[u8; N], SnapshotError> {
        let mut array = [0; N];
        let mut filled = 0;
        while filled < N {
            match self.input.read(&mut array[filled..]) {
                Ok(0) => return Err(SnapshotError::Truncated { offset: self.offset, section }),
                Ok(n) => {
                    filled += n;
                    self.offset += u64::try_from(n).unwrap_or(u64::MAX);
                }
                Err(error) if error.kind() == std::io::ErrorKind::Interrupted => {}
                Err(error) => return Err(error.into()),
            }
        }
        self.sum.update(&array);
        Ok(array)
    }

    fn check_sum(&mut self, section: &'static str) -> Result<(), SnapshotError> {
        let (offset, before) = (self.offset, self.sum.clone());
        let expected = before.clone().finalize();
        let found = self.array(section)?;
        self.sum = before;
        if u32::from_le_bytes(found) == expected { Ok(()) } else { Err(SnapshotError::Checksum { offset, section }) }
    }
}

fn invalid(offset: u64, section: &'static str, reason: &'static str) -> SnapshotError {
    SnapshotError::Invalid { offset, section, reason }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ONE: Section = Section { tag: *b"ONE.", name: "one" };
    const TWO: Section = Section { tag: *b"TWO.", name: "two" };

    fn written() -> Vec<u8> {
        with_first(b"first")
    }

    fn with_first(first: &[u8]) -> Vec<u8> {
        let mut writer = Writer::new(Vec::new(), "0.1.0").expect("a header");
        writer.section(ONE, first).expect("a section");
        writer.section(TWO, b"").expect("a section");
        writer.finish().expect("an end")
    }

    fn read(bytes: &[u8]) -> Result<(Vec<u8>, Vec<u8>), SnapshotError> {
        let mut reader = Reader::new(bytes)?;
        let sections = (reader.section(ONE)?, reader.section(TWO)?);
        reader.finish()?;
        Ok(sections)
    }

    #[test]
    fn what_was_written_is_read() {
        assert_eq!(read(&written()).expect("a sound file"), (b"first".to_vec(), Vec::new()));
    }

    #[test]
    fn every_truncation_is_an_error() {
        let bytes = written();
        for end in 0..bytes.len() {
            assert!(matches!(read(&bytes[..end]), Err(SnapshotError::Truncated { .. })), "{end} bytes");
        }
    }

    #[test]
    fn every_flipped_bit_is_an_error() {
        let bytes = written();
        for bit in 0..bytes.len() * 8 {
            let mut flipped = bytes.clone();
            flipped[bit / 8] ^= 1 << (bit % 8);
            assert!(read(&flipped).is_err(), "bit {bit}");
        }
    }

    #[test]
    fn section_taken_from_another_file_is_an_error() {
        let (mut bytes, other) = (written(), with_first(b"other"));
        // The second section and the end follow 25 bytes of header and 21 of the first section.
        bytes.truncate(46);
        bytes.extend(&other[46..]);
        assert!(matches!(read(&bytes), Err(SnapshotError::Checksum { section: "two", .. })));
    }

    #[test]
    fn bytes_after_the_end_are_an_error() {
        let mut bytes = written();
        bytes.push(0);
        assert!(matches!(read(&bytes), Err(SnapshotError::Invalid { reason: "bytes follow it", .. })));
    }

    #[test]
    fn newer_version_is_named_with_both_versions() {
        let mut bytes = written();
        bytes[8] = 2;
        assert!(matches!(read(&bytes), Err(SnapshotError::Version { found: 2, newest: 1 })));
    }

    #[test]
    fn length_that_lies_is_a_truncation() {
        let mut bytes = written();
        // 8 + 4 + 4 + 5 + 4 bytes of header, then the tag.
        bytes[29..37].copy_from_slice(&u64::MAX.to_le_bytes());
        assert!(matches!(read(&bytes), Err(SnapshotError::Truncated { section: "one", .. })));
    }
}
