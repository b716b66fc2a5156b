//! A live model that survives a crash: a snapshot, and a journal of the changes since.
//!
//! # Format of the journal, version 1
//!
//! A text file of lines, each `CHECKSUM SEQUENCE JSON`: the CRC-32 of what follows it on the line, in eight hexadecimal
//! digits, the number of the line from 0 on, and one of
//!
//! | JSON | |
//! | --- | --- |
//! | `{"base":{"version":1,"fingerprint":"..."}}` | the first line: the snapshot that the changes come after |
//! | `{"batch":[...]}` | changes that were made together, as [`Change`] writes them |
//! | `{"checkpoint":"..."}` | a snapshot with this fingerprint is about to be saved; it has all batches so far |
//!
//! A batch is on the disk before anybody sees it. Whatever moment the process dies at, the snapshot is the one of the base, and
//! all batches come after it, or the one of the last checkpoint, and the batches after that do. A last line without an end
//! was being written then, so nobody was told that it was done: it is dropped. Anything else that is wrong is an error.
//!
//! | file | |
//! | --- | --- |
//! | `durable.rs` | [`DurableRecommender`] |
//! | `file.rs` | the journal itself |
//! | `error.rs` | what can be wrong with it |

mod durable;
mod error;
mod file;

pub use durable::{DurableRecommender, Recovered};
pub use error::JournalError;

#[cfg(doc)]
use crate::Change;
