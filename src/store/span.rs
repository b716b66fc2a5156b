//! Rows of different lengths in one array.

use std::ops::Range;

/// Where row `i` lies, when row `i` ends at `ends[i]` and begins where the one before it ends.
pub(crate) fn span(ends: &[u32], i: usize) -> Range<usize> {
    let start = if i == 0 { 0 } else { ends[i - 1] };
    start as usize..ends[i] as usize
}
