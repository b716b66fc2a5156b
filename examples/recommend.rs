//! Recommends courses from a data directory, or from a built-in synthetic programme:
//!
//! ```text
//! cargo run --release --example recommend
//! cargo run --release --example recommend -- --data DIR --participant ID --balance N
//! cargo run --release --example recommend -- --data DIR --profile '{"age": 24}' --balance N --owned excel,sewing
//! cargo run --release --example recommend -- --data DIR --queries FILE.csv --json
//! ```
//!
//! Exit status: 0; 1 for bad data and for values out of range; 2 for usage.

#![allow(clippy::print_stdout, reason = "an example talks to its user")]

#[path = "support/recommend_args.rs"]
mod args;
#[path = "support/json_line.rs"]
mod json_line;
#[path = "support/recommend_output.rs"]
mod recommend_output;

use std::process::ExitCode;

use anyhow::Result;
use clap::Parser;
use sebaya::prelude::*;
use sebaya::{CourseId, io, synthetic::Programme};
use support::{exit, output, progress};

use args::{Args, Options, Question};
use recommend_output::Output;

/// The built-in programme: how many participants it has, which one asks, and what that one has left.
const PARTICIPANTS: u32 = 300_000;
const PARTICIPANT: &str = "p17";
const BALANCE: Amount = Amount(300_000);

/// Queries answered at a time, so that answers are written as they come.
const CHUNK: usize = 4096;

fn main() -> ExitCode {
    exit::status(run(&Args::parse()))
}

fn run(args: &Args) -> Result<()> {
    let inputs = args.inputs();
    args.out.as_deref().map_or(Ok(()), |path| output::check(path, &inputs))?;
    let params = args.params()?;
    let (question, options) = (args.question()?, args.options()?);
    let data = match &args.data {
        Some(directory) => progress::read_dir(directory)?,
        None => progress::step("Building a synthetic programme", || Programme::new(PARTICIPANTS).training_set())?,
    };
    let model = progress::step("Fitting", || params.aged_to_newest(data.purchases()).fit(&data))?;
    let queries = queries(&question, options, &model)?;

    let mut output = Output::new(args, &inputs, data.participants().schema().currency().clone())?;
    if let Question::BuiltIn = question {
        output.introduce(data.participants().len(), PARTICIPANT, data.participants().profile(PARTICIPANT), BALANCE)?;
    }
    for chunk in queries.chunks(CHUNK) {
        let answers = model.recommend_batch(&chunk.iter().map(|(_, query)| query.clone()).collect::<Vec<_>>());
        for ((name, query), answer) in chunk.iter().zip(answers) {
            let plan = if args.plan { Some(model.plan(query)?) } else { None };
            output.write(&model, name, query, &answer?, plan.as_ref())?;
        }
    }
    output.finish()
}

/// All queries with the names that their answers bear, checked before the first answer is written.
fn queries(question: &Question, options: Options, model: &Recommender) -> Result<Vec<(String, Query<'static>)>> {
    let Options { history, top_n, max_courses, spend_weight } = options;
    let named = |name: &str, query: Query<'static>, owned: Vec<CourseId>| {
        let query = query.owned(owned).use_history(history).top_n(top_n);
        (name.to_owned(), query.max_courses(max_courses).spend_weight(spend_weight))
    };
    let queries: Vec<_> = match question {
        Question::BuiltIn => vec![named(PARTICIPANT, Query::participant(PARTICIPANT, BALANCE), Vec::new())],
        Question::Participant { id, balance } => vec![named(id, Query::participant(id.as_str(), *balance), Vec::new())],
        Question::Profile { profile, balance, owned } => {
            let owned = owned.iter().map(|id| CourseId::from(id.as_str())).collect();
            vec![named("profile", Query::new(profile.clone(), *balance), owned)]
        }
        Question::File(path) => io::read_queries(path, model.encoder().schema(), model.catalogue())?
            .into_iter()
            .map(|row| {
                let query = Query::new(row.profile, row.balance);
                let query = if model.contains(&row.id) { query.as_participant(row.id.as_str()) } else { query };
                named(&row.id, query, row.owned)
            })
            .collect(),
    };
    Ok(queries)
}
