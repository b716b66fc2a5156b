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
