//! A live model that survives a crash: a folder with one file, which is a snapshot and the changes since.
//!
//! # One file
//!
//! The file `model.sebaya` is a [snapshot](Recommender::save) and, after its end, the journal: records that are added one by one
//! and synced. Both have one name, so one rename replaces both at once, and no moment exists at which the one is new and the
//! other is old. `create`, `checkpoint`, `refit` and `replace` follow the same steps:
//!
//! 1. write the new snapshot to a file with a temporary name, while changes go on;
//! 2. stop changes, add the journal's first record and the batches that came meanwhile, and sync the file;
//! 3. rename it;
//! 4. sync the folder;
//! 5. go on with the handle of step 1, which needs no further system call, and let changes in.
//!
//! When one of the steps 1 to 3 fails, the old file stays in use and nothing has changed. When step 4 fails, a power cut may leave
//! either file. Both hold everything that was acknowledged so far; the model is broken and acknowledges nothing more, as
//! only one of them would have it.
//!
//! The folder also has an empty file `lock`. A process that is killed can leave a file with a temporary name. It may hold people who
//! were forgotten, so it is removed when a model is opened or created in the folder. The rename removes the old file.
//!
//! # Format of the journal, version 1
//!
//! All numbers are little-endian. A checksum is the CRC-32 of the snapshot's fingerprint and the bytes named.
//!
//! | bytes | what |
//! | --- | --- |
//! | 8 | number of the record, from 0 on |
//! | 8 | length n of the payload |
//! | 4 | checksum of these two |
//! | n | payload |
//! | 4 | checksum of number, length and payload |
//!
//! The payload of record 0 is the number of the journal's version, and the option of the number of the last change that the
//! snapshot has. Each other payload is a batch: the option of its number, and the list of its changes. Numbers, texts, options and lists are
//! those of snapshots, and so are courses.
//!
//! | first byte | change | then |
//! | --- | --- | --- |
//! | 0 | add participant | text id, profile |
//! | 1 | update profile | text id, profile |
//! | 2 | record purchase | texts participant and course, option time |
//! | 3 | upsert course | course |
//! | 4 | close course | text id |
//! | 5 | forget participant | text id |
//! | 6 | cancel purchase | text participant, text course |
//!
//! A profile is a list of text name and value: a byte 0 and a float, 1 and a text, 2 and a list of texts, or 3
//! where it is missing.
//!
//! # What may be damaged
//!
//! Each batch is synced before it is acknowledged and before the next one is written. So only the last record can be one that a
//! crash cut off or mixed up, and nobody was told that it was done: it is dropped. A damaged record with anything after
//! it was acknowledged, which is an error.
//!
//! | file | |
//! | --- | --- |
//! | `durable.rs` | [`DurableRecommender`] |
//! | `file.rs` | the file: opened, continued, replaced |
//! | `record.rs` | records, and which of them are whole |
//! | `batch.rs` | changes as bytes |

mod batch;
mod durable;
mod file;
mod record;
#[cfg(all(test, unix))]
mod tests;

pub use durable::{DurableRecommender, Recovered};

#[cfg(doc)]
use crate::Recommender;
