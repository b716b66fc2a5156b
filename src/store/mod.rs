//! Containers and files that several rooms use, each once.
//!
//! | file | |
//! | --- | --- |
//! | `span.rs` | the ranges of ragged arrays |
//! | `random.rs` | the seeded generator |
//! | `new_file.rs` | a file that appears whole or not at all |

mod new_file;
mod random;
mod span;

pub(crate) use new_file::NewFile;
pub(crate) use random::Random;
#[cfg(feature = "synthetic")]
pub(crate) use random::scale;
pub(crate) use span::span;
