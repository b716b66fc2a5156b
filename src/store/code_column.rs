//! Small whole numbers, each in as few bytes as the largest of them takes.

/// One code for each row. Most attributes have a few dozen levels or names, so that a code takes one byte.
#[derive(Debug, Clone)]
pub(crate) enum CodeColumn {
    U8(Vec<u8>),
    U16(Vec<u16>),
    U32(Vec<u32>),
}

impl Default for CodeColumn {
    fn default() -> Self {
        Self::U8(Vec::new())
    }
}

impl CodeColumn {
    /// These codes, all below `end`, in the narrowest width that any code below `end` fits.
    #[expect(clippy::cast_possible_truncation, reason = "the width is chosen so that they fit")]
    pub(crate) fn narrow(codes: Vec<u32>, end: usize) -> Self {
        if end <= 1 << 8 {
            Self::U8(codes.into_iter().map(|code| code as u8).collect())
        } else if end <= 1 << 16 {
            Self::U16(codes.into_iter().map(|code| code as u16).collect())
        } else {
            Self::U32(codes)
        }
    }

    /// The codes of these rows, in the same width.
    pub(crate) fn select(&self, rows: &[u32]) -> Self {
        match self {
            Self::U8(codes) => Self::U8(rows.iter().map(|&row| codes[row as usize]).collect()),
            Self::U16(codes) => Self::U16(rows.iter().map(|&row| codes[row as usize]).collect()),
            Self::U32(codes) => Self::U32(rows.iter().map(|&row| codes[row as usize]).collect()),
        }
    }

    /// Appends a code; the first one that is too large for the width so far widens them all.
    pub(crate) fn push(&mut self, code: u32) {
        match self {
            Self::U8(codes) => match u8::try_from(code) {
                Ok(code) => codes.push(code),
                Err(_) => self.widen_and_push(code),
            },
            Self::U16(codes) => match u16::try_from(code) {
                Ok(code) => codes.push(code),
                Err(_) => self.widen_and_push(code),
            },
            Self::U32(codes) => codes.push(code),
        }
    }

    #[cold]
    fn widen_and_push(&mut self, code: u32) {
        *self = match self {
            Self::U8(codes) => Self::U16(codes.iter().map(|&c| c.into()).collect()),
            Self::U16(codes) => Self::U32(codes.iter().map(|&c| c.into()).collect()),
            Self::U32(codes) => Self::U32(std::mem::take(codes)),
        };
        self.push(code);
    }

    pub(crate) fn get(&self, row: usize) -> u32 {
        match self {
            Self::U8(codes) => codes[row].into(),
            Self::U16(codes) => codes[row].into(),
            Self::U32(codes) => codes[row],
        }
    }

    pub(crate) fn len(&self) -> usize {
        match self {
            Self::U8(codes) => codes.len(),
            Self::U16(codes) => codes.len(),
            Self::U32(codes) => codes.len(),
        }
    }

    /// How many bytes the codes take.
    pub(crate) fn bytes(&self) -> usize {
        let width = match self {
            Self::U8(_) => 1,
            Self::U16(_) => 2,
            Self::U32(_) => 4,
        };
        width * self.len()
    }

    /// As [`iter`](Self::iter), but looks at the width once.
    pub(crate) fn for_each(&self, mut take: impl FnMut(u32)) {
        match self {
            Self::U8(codes) => codes.iter().for_each(|&code| take(code.into())),
            Self::U16(codes) => codes.iter().for_each(|&code| take(code.into())),
            Self::U32(codes) => codes.iter().for_each(|&code| take(code)),
        }
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = u32> {
        (0..self.len()).map(|row| self.get(row))
    }

    pub(crate) fn truncate(&mut self, rows: usize) {
        match self {
            Self::U8(codes) => codes.truncate(rows),
            Self::U16(codes) => codes.truncate(rows),
            Self::U32(codes) => codes.truncate(rows),
        }
    }

    pub(crate) fn shrink_to_fit(&mut self) {
        match self {
            Self::U8(codes) => codes.shrink_to_fit(),
            Self::U16(codes) => codes.shrink_to_fit(),
            Self::U32(codes) => codes.shrink_to_fit(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_take_as_few_bytes_as_they_fit() {
        for (end, width) in [(1, 1), (256, 1), (257, 2), (65_536, 2), (65_537, 4)] {
            let codes = CodeColumn::narrow((0..end).collect(), end as usize);
            assert_eq!((codes.bytes(), codes.get(end as usize - 1)), (width * end as usize, end - 1));
            assert_eq!(codes.select(&[end - 1, 0]).iter().collect::<Vec<_>>(), [end - 1, 0]);
        }
    }

    #[test]
    fn codes_of_every_width_read_back_after_widening() {
        let all = [0, 255, 3, 256, 65_535, 65_536, u32::MAX, 7];
        let mut codes = CodeColumn::default();
        for (rows, &code) in all.iter().enumerate() {
            codes.push(code);
            assert_eq!(codes.iter().collect::<Vec<_>>(), all[..=rows]);
        }
        codes.truncate(2);
        assert_eq!((codes.len(), codes.get(1)), (2, 255));
    }
}
