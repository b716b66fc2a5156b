//! Whole numbers in as few bytes as they take: seven bits a byte, the lowest first; the last byte has no high bit.

/// Why bytes are no number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum VarintError {
    /// They end within it.
    Short,
    /// It has more bytes than it takes. One number has one form.
    Long,
    /// It is beyond 64 bits.
    Large,
}

pub(crate) fn put_varint(bytes: &mut Vec<u8>, mut number: u64) {
    while number >= 0x80 {
        bytes.push((number & 0x7F) as u8 | 0x80);
        number >>= 7;
    }
    #[expect(clippy::cast_possible_truncation, reason = "below 2^7")]
    bytes.push(number as u8);
}

/// Takes a number from the front of some bytes. After an error nothing was taken.
pub(crate) fn take_varint(bytes: &mut &[u8]) -> Result<u64, VarintError> {
    let mut number = 0;
    for (length, &byte) in (1..).zip(bytes.iter()) {
        let shift = 7 * (length - 1);
        let bits = u64::from(byte & 0x7F);
        if shift >= 64 || (bits << shift) >> shift != bits {
            return Err(VarintError::Large);
        }
        number |= bits << shift;
        if byte & 0x80 == 0 {
            if byte == 0 && length > 1 {
                return Err(VarintError::Long);
            }
            *bytes = &bytes[length..];
            return Ok(number);
        }
    }
    Err(VarintError::Short)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_of_any_size_read_back_and_have_one_form() {
        for number in [0, 1, 127, 128, 300, u64::from(u32::MAX), u64::MAX - 1, u64::MAX] {
            let mut bytes = Vec::new();
            put_varint(&mut bytes, number);
            bytes.push(7);
            let mut rest = &bytes[..];
            assert_eq!((take_varint(&mut rest), rest), (Ok(number), &[7][..]));
        }
        for (bytes, error) in [
            (&[][..], VarintError::Short),
            (&[0x80], VarintError::Short),
            (&[0xFF; 9], VarintError::Short),
            (&[0x80, 0x00], VarintError::Long),
            (&[0xFF; 10], VarintError::Large),
            (&[0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x01], VarintError::Large),
        ] {
            let mut rest = bytes;
            assert_eq!((take_varint(&mut rest), rest), (Err(error), bytes));
        }
    }
}
