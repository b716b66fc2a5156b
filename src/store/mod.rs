//! Containers and files that several rooms use, each once.
//!
//! | file | |
//! | --- | --- |
//! | `ragged.rs` | rows of different lengths in one array |
//! | `interner.rs` | texts and their numbers |
//! | `code_column.rs` | small whole numbers in 1, 2 or 4 bytes each |
//! | `bloom.rs` | a fast negative membership test |
//! | `varint.rs` | whole numbers in as few bytes as they take |
//! | `echo.rs` | a caller's value in a message: escaped, and cut where it is long |
//! | `random.rs` | the seeded generator |
//! | `new_file.rs` | a file that appears whole or not at all |
//! | `output_file.rs` | where a caller's file goes: a new file, an old one replaced as a whole, or a device |
//! | `disk.rs` | the system calls of files that must survive a crash |

mod bloom;
mod code_column;
#[cfg_attr(not(feature = "journal"), allow(dead_code, reason = "the journal needs all of it"))]
pub(crate) mod disk;
mod echo;
mod interner;
#[cfg_attr(not(feature = "journal"), allow(dead_code, reason = "the journal needs all of it"))]
mod new_file;
mod output_file;
mod ragged;
mod random;
mod varint;

pub(crate) use bloom::Bloom;
pub(crate) use code_column::CodeColumn;
#[cfg(feature = "csv")]
pub(crate) use echo::is_obeyed;
pub(crate) use echo::{Echo, EchoList, cut};
pub(crate) use interner::Interner;
pub(crate) use new_file::NewFile;
#[cfg(feature = "journal")]
pub(crate) use new_file::remove_left_overs;
pub(crate) use output_file::OutputFile;
pub(crate) use ragged::{Ragged, span};
pub(crate) use random::Random;
#[cfg(feature = "synthetic")]
pub(crate) use random::scale;
pub(crate) use varint::{VarintError, put_varint, take_varint};

/// A container holds as much as its 32-bit numbers can name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct TooMany;
