//! Records, and which of them are whole.

use crc32fast::Hasher;

use crate::live::JournalError;
use crate::snapshot::Fingerprint;

/// Number, length, and their checksum.
const HEADER: usize = 20;
const CHECKSUM: usize = 4;

/// Records of the journal of one snapshot. Those of another have other checksums.
#[derive(Debug)]
pub(super) struct Records {
    snapshot: Hasher,
}

impl Records {
    pub(super) fn of(snapshot: Fingerprint) -> Self {
        let mut hasher = Hasher::new();
        hasher.update(&snapshot.to_bytes());
        Self { snapshot: hasher }
    }

    pub(super) fn encode(&self, number: u64, payload: &[u8], out: &mut Vec<u8>) {
        let start = out.len();
        out.extend(number.to_le_bytes());
        out.extend((payload.len() as u64).to_le_bytes());
        out.extend(self.sum(&[&out[start..]]));
        out.extend(payload);
        out.extend(self.sum(&[&out[start..start + HEADER - CHECKSUM], payload]));
    }

    /// The payloads of the records from a number on, and how many bytes they take. Only the last record can be damaged
    /// without an error, unless it is the first of a journal, which was there before the file got its name.
    pub(super) fn read<'b>(&self, first: u64, bytes: &'b [u8]) -> Result<(Vec<&'b [u8]>, usize), JournalError> {
        let (mut payloads, mut at) = (Vec::new(), 0);
        while at < bytes.len() {
            let number = first + payloads.len() as u64;
            let wrong = |reason: String| JournalError::Record { record: number, reason };
            let header = self.header(&bytes[at..]);
            if let Some((found, _)) = header
                && found != number
            {
                return Err(wrong(format!("its number is {found}, and {number} should come here")));
            }
            if let Some(payload) = header.and_then(|(_, length)| self.payload(&bytes[at..], length)) {
                at += HEADER + payload.len() + CHECKSUM;
                payloads.push(payload);
            } else if number == 0 || self.goes_on(number, &bytes[at..]) {
                return Err(wrong("its checksum does not match".to_owned()));
            } else {
                break;
            }
        }
        Ok((payloads, at))
    }

    /// Whether something was written after the damaged record at the beginning of these bytes.
    fn goes_on(&self, number: u64, bytes: &[u8]) -> bool {
        if let Some((_, length)) = self.header(bytes)
            && ((HEADER + CHECKSUM) as u64).saturating_add(length) < bytes.len() as u64
        {
            return true;
        }
        let later = number + 1..=number + (bytes.len() / (HEADER + CHECKSUM)) as u64;
        let begins = |bytes: &[u8]| bytes.first_chunk().is_some_and(|&n| later.contains(&u64::from_le_bytes(n)));
        (1..bytes.len()).map(|at| &bytes[at..]).any(|bytes| begins(bytes) && self.header(bytes).is_some())
    }

    /// Number and length of a payload, when their checksum is right.
    fn header(&self, bytes: &[u8]) -> Option<(u64, u64)> {
        let (number, rest) = bytes.split_first_chunk()?;
        let (length, rest) = rest.split_first_chunk()?;
        let whole = rest.starts_with(&self.sum(&[number, length]));
        whole.then(|| (u64::from_le_bytes(*number), u64::from_le_bytes(*length)))
    }

    /// The payload of this length after a header, when its checksum is right.
    fn payload<'b>(&self, bytes: &'b [u8], length: u64) -> Option<&'b [u8]> {
        let (payload, rest) = bytes.get(HEADER..)?.split_at_checked(usize::try_from(length).ok()?)?;
        rest.starts_with(&self.sum(&[&bytes[..HEADER - CHECKSUM], payload])).then_some(payload)
    }

    fn sum(&self, parts: &[&[u8]]) -> [u8; CHECKSUM] {
        let mut hasher = self.snapshot.clone();
        for part in parts {
            hasher.update(part);
        }
        hasher.finalize().to_le_bytes()
    }
}
