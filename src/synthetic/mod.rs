//! A seeded voucher programme of any size, to try things on and to measure with.
//!
//! Its margins follow published figures on Kartu Prakerja, Indonesia's training-voucher programme; `figures.rs` names the
//! source of each. How purchases depend on profiles was never published, so that part is invented: `taste.rs` says how.
//! **Results on it show how fast something is, not how good**: a recommender that finds the dependence finds what was
//! put in.
//!
//! The same seed gives the same programme on every machine, and a participant is the same in programmes of every size:
//! only whole numbers decide.
//!
//! | file | |
//! | --- | --- |
//! | `figures.rs` | the published figures, with their sources |
//! | `taste.rs` | which categories and courses appeal to whom: invented |
//! | `catalogue.rs` | the courses |
//! | `programme.rs` | [`Programme`]: participants and what they buy |
//! | `numbers.rs` | the random numbers |

mod catalogue;
mod figures;
mod numbers;
mod programme;
mod taste;

pub use programme::Programme;
