//! Containers and files that several rooms use, each once.
//!
//! | file | |
//! | --- | --- |
//! | `ragged.rs` | rows of different lengths in one array |
//! | `interner.rs` | texts and their numbers |
//! | `code_column.rs` | small whole numbers in 1, 2 or 4 bytes each |
//! | `bloom.rs` | a fast negative membership test |
//! | `varint.rs` | whole numbers in as few bytes as they take |
//! | `random.rs` | the seeded generator |
//! | `new_file.rs` | a file that appears whole or not at all |

mod bloom;
mod code_column;
mod interner;
mod new_file;
mod ragged;
mod random;
mod varint;

pub(crate) use bloom::Bloom;
pub(crate) use code_column::CodeColumn;
pub(crate) use interner::Interner;
pub(crate) use new_file::NewFile;
pub(crate) use ragged::{Ragged, span};
pub(crate) use random::Random;
#[cfg(feature = "synthetic")]
pub(crate) use random::scale;
pub(crate) use varint::{VarintError, put_varint, take_varint};

/// A container holds as much as its 32-bit numbers can name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct TooMany;
