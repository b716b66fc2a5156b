//! Texts and their numbers.

use std::fmt;
use std::hash::BuildHasher;

use hashbrown::{DefaultHashBuilder, HashTable, hash_table::Entry};

use super::{TooMany, span};

/// Numbers texts in the order of their first appearance. All texts lie in one allocation, so that millions are cheap.
#[derive(Clone)]
pub(crate) struct Interner {
    text: String,
    /// Text `i` ends at `ends[i]` and starts where the one before it ends.
    ends: Vec<u32>,
    numbers: HashTable<u32>,
    hasher: DefaultHashBuilder,
}

impl Default for Interner {
    fn default() -> Self {
        Self { text: String::new(), ends: Vec::new(), numbers: HashTable::new(), hasher: DefaultHashBuilder::default() }
    }
}

impl Interner {
    pub(crate) fn len(&self) -> usize {
        self.ends.len()
    }

    /// Reserves memory for this many more texts, so that the table is not moved again and again.
    #[cfg(feature = "synthetic")]
    pub(crate) fn reserve(&mut self, texts: usize) {
        let Self { text, ends, numbers, hasher } = self;
        numbers.reserve(texts, |&n| hasher.hash_one(slice(text, ends, n)));
    }

    pub(crate) fn name(&self, number: u32) -> &str {
        slice(&self.text, &self.ends, number)
    }

    pub(crate) fn get(&self, text: &str) -> Option<u32> {
        let hash = self.hasher.hash_one(text);
        self.numbers.find(hash, |&n| self.name(n) == text).copied()
    }

    /// The text's number, and whether it is new.
    pub(crate) fn insert(&mut self, text: &str) -> Result<(u32, bool), TooMany> {
        let Self { text: all, ends, numbers, hasher } = self;
        let hash = hasher.hash_one(text);
        let same = |&n: &u32| slice(all, ends, n) == text;
        match numbers.entry(hash, same, |&n| hasher.hash_one(slice(all, ends, n))) {
            Entry::Occupied(known) => Ok((*known.get(), false)),
            Entry::Vacant(place) => {
                // The last number is kept free, so that callers can use `number + 1`.
                let number = u32::try_from(ends.len()).ok().filter(|&n| n < u32::MAX - 1);
                let end = u32::try_from(all.len() + text.len()).ok();
                let (Some(number), Some(end)) = (number, end) else {
                    return Err(TooMany);
                };
                all.push_str(text);
                ends.push(end);
                place.insert(number);
                Ok((number, true))
            }
        }
    }

    /// Texts in their order; an empty one is a number without a text. `None` when one comes twice.
    pub(crate) fn with_gaps<'t>(texts: impl Iterator<Item = &'t str>) -> Option<Self> {
        let mut table = Self::default();
        for text in texts {
            if text.is_empty() {
                table.ends.push(u32::try_from(table.text.len()).ok()?);
            } else if !table.insert(text).ok()?.1 {
                return None;
            }
        }
        Some(table)
    }

    /// Erases a text; its number stays, without a text, and nothing finds it any more.
    pub(crate) fn erase(&mut self, text: &str) -> Option<u32> {
        let Self { text: all, ends, numbers, hasher } = self;
        let found = numbers.find_entry(hasher.hash_one(text), |&n| slice(all, ends, n) == text).ok()?;
        let number = found.remove().0;
        let range = span(ends, number as usize);
        let length = u32::try_from(range.len()).unwrap_or(0);
        all.replace_range(range, "");
        ends[number as usize..].iter_mut().for_each(|end| *end -= length);
        Some(number)
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = &str> {
        (0..self.ends.len()).map(|i| &self.text[span(&self.ends, i)])
    }

    /// Frees memory that was reserved for growth.
    pub(crate) fn shrink_to_fit(&mut self) {
        self.text.shrink_to_fit();
        self.ends.shrink_to_fit();
    }
}

fn slice<'a>(text: &'a str, ends: &[u32], number: u32) -> &'a str {
    &text[span(ends, number as usize)]
}

impl fmt::Debug for Interner {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Interner").field("len", &self.len()).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_are_numbered_in_order_of_appearance() {
        let mut table = Interner::default();
        let numbers: Vec<_> = ["b", "", "a", "b"].iter().map(|t| table.insert(t).unwrap()).collect();
        assert_eq!(numbers, [(0, true), (1, true), (2, true), (0, false)]);
        assert_eq!(table.iter().collect::<Vec<_>>(), ["b", "", "a"]);
        assert_eq!((table.get("a"), table.get("c")), (Some(2), None));
    }

    #[test]
    fn numbers_stay_when_a_text_is_erased() {
        let mut table = Interner::with_gaps(["x", "", "yy", "z"].into_iter()).unwrap();
        assert_eq!(["yy", "x", "w", ""].map(|text| table.erase(text)), [Some(2), Some(0), None, None]);
        assert_eq!(["x", "yy", "z", ""].map(|text| table.get(text)), [None, None, Some(3), None]);
        assert_eq!(table.iter().collect::<Vec<_>>(), ["", "", "", "z"]);
        assert_eq!(table.text, "z");
        assert!(Interner::with_gaps(["x", "", "x"].into_iter()).is_none());
    }
}
