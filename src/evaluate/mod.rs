//! Does it help? Measures recommendations on a programme's own purchases, against what it has without them.
//!
//! Purchases of some past participants are hidden, and predicted from the profile by what the others bought. The same is
//! asked of baselines and of a *control*: the model itself with profiles permuted between participants, whose lift must
//! vanish. Differences are paired by participant, with intervals. The report recommends a [`Configuration`], chosen on the
//! training part alone, and a [`Decision`].
//!
//! ```
//! use sebaya::evaluate::Evaluation;
//! use sebaya::prelude::*;
//!
//! # let mut data = TrainingSet::builder(Schema::new().numeric("age").categorical("gender"));
//! # data.course(Course::new("excel", Amount(250_000)))?.course(Course::new("sewing", Amount(100_000)))?;
//! # for i in 0_u8..60 {
//! #     let (id, gender) = (i.to_string(), if i % 2 == 0 { "f" } else { "m" });
//! #     data.participant(&id, Profile::new().with("age", i).with("gender", gender))?;
//! #     data.purchase(&id, if i < 30 { "excel" } else { "sewing" })?;
//! # }
//! # let data = data.build()?;
//! let report = Evaluation::new(Recommender::params().n_neighbours(10)).run(&data)?;
//! println!("{report}");
//! assert!(report.summary()[1].starts_with("NDCG@3 is "));
//! # Ok::<(), sebaya::Error>(())
//! ```
//!
//! | file | |
//! | --- | --- |
//! | `evaluation.rs` | [`Evaluation`]: the settings, and the run on one screen |
//! | `split.rs` | [`Split`]: who is learned from, who is tested |
//! | `ask.rs` | [`Ask`]: what a contender gets to know of a test participant |
//! | `contender.rs` | [`Contender`], [`Fitted`]: what takes part |
//! | `baselines.rs` | popularity, popularity within a segment, random, the control |
//! | `measure.rs` | asks every contender for every test participant |
//! | [`metrics`] | what a list is worth, one file each |
//! | `statistics.rs` | paired differences, z, bootstrap intervals |
//! | `groups.rs` | participants by the values of one attribute |
//! | `sweep.rs` | the metric over the number of neighbours and the prior |
//! | `choice.rs` | which configuration wins on the training part |
//! | `configuration.rs` | [`Configuration`]: what is recommended to switch on |
//! | `decision.rs` | [`Decision`]: what to do, as a type |
//! | `report.rs` | [`Report`] |
//! | `words.rs` | what to do, in sentences |
//! | `table.rs` | the report for the terminal |
//! | `html/` | the report as a page with plots |
//!
//! # What is measured, and what not
//!
//! * Lists are measured without a balance, but for the *affordable hit rate*, whose balance is what the participant really
//!   spent on the purchases to be predicted. Plans get the same balance.
//! * All courses count as open, as they could be bought then, unless more than
//!   [`max_share`](Evaluation::max_share) of the training participants bought them. A course that nobody bought before can
//!   be among the true purchases, and no contender here can predict it.
//! * People bought what was shown to them. What they would have bought from another list, no past purchase tells.

mod ask;
mod baselines;
mod choice;
mod configuration;
mod contender;
mod decision;
mod error;
mod evaluation;
mod groups;
mod html;
mod measure;
pub mod metrics;
mod report;
mod split;
mod statistics;
mod sweep;
mod table;
mod words;

pub use ask::Ask;
pub use configuration::Configuration;
pub use contender::{Contender, Fitted};
pub use decision::Decision;
pub use error::EvaluateError;
pub use evaluation::{Evaluation, Progress};
pub use report::Report;
pub use split::Split;
