//! What the `recommend` example writes: a table to read, or JSON.

use std::io::{self, BufWriter, StdoutLock, Write};
use std::path::PathBuf;

use anyhow::Result;
use sebaya::prelude::*;
use sebaya::{Currency, Plan, Recommendation, Recommendations};

use super::args::Args;
use super::json_line::Line;
use support::output::OutputFile;
use support::terminal::{cell, plain};

/// Where answers go, and in which form.
pub(crate) struct Output {
    writer: Writer,
    json: bool,
    currency: Currency,
}

enum Writer {
    Printed(BufWriter<StdoutLock<'static>>),
    File(OutputFile),
}

impl Output {
    pub(crate) fn new(args: &Args, inputs: &[PathBuf], currency: Currency) -> Result<Self> {
        let writer = match &args.out {
            None => Writer::Printed(BufWriter::new(io::stdout().lock())),
            Some(path) => Writer::File(OutputFile::create(path, inputs)?),
        };
        Ok(Self { writer, json: args.json, currency })
    }

    fn writer(&mut self) -> &mut dyn Write {
        match &mut self.writer {
            Writer::Printed(out) => out,
            Writer::File(file) => file,
        }
    }

    /// Says what the built-in question is.
    pub(crate) fn introduce(&mut self, n: usize, id: &str, profile: Option<Profile>, balance: Amount) -> Result<()> {
        if !self.json {
            let balance = self.currency.format(balance);
            let out = self.writer();
            writeln!(out, "A synthetic voucher programme with {n} participants. {id} has {balance} left:")?;
            let profile = profile.map_or(Ok(String::new()), |p| serde_json::to_string(&p))?;
            writeln!(out, "{profile}\n")?;
        }
        Ok(())
    }

    pub(crate) fn write(
        &mut self,
        model: &Recommender,
        name: &str,
        query: &Query,
        answer: &Recommendations,
        plan: Option<&Plan>,
    ) -> Result<()> {
        if self.json {
            serde_json::to_writer(self.writer(), &Line::new(name, query.balance(), answer, plan))?;
        } else {
            self.table(model, name, query, answer)?;
            if let Some(plan) = plan {
                let ids: Vec<String> = plan.courses().iter().map(|c| cell(c.course().id().as_str())).collect();
                writeln!(self.writer(), "Plan: {}: {}", plain(&plan.to_string()), ids.join(", "))?;
            }
        }
        writeln!(self.writer())?;
        Ok(())
    }

    fn table(&mut self, model: &Recommender, name: &str, query: &Query, answer: &Recommendations) -> Result<()> {
        let currency = self.currency.clone();
        let writer = self.writer();
        writeln!(writer, "{} with {}", cell(name), plain(&currency.format(query.balance())))?;
        let similar: Vec<String> =
            model.neighbours(query)?.similarities().iter().map(|similarity| plain(&similarity.to_string())).collect();
        let voters = answer.n_inside() + answer.n_boundary();
        writeln!(writer, "{voters} similar past participants have {} votes ({})", answer.k(), similar.join(", "))?;
        if let Some(why) = answer.empty_reason() {
            writeln!(writer, "No course: {why}.")?;
            return Ok(());
        }
        let rows: Vec<[String; 7]> = answer.iter().zip(1..).map(|(r, place)| row(r, place, &currency)).collect();
        let head = ["", "course", "price", "score", "votes", "of all", "title"].map(str::to_owned);
        let width = |i: usize| rows.iter().chain([&head]).map(|row| row[i].chars().count()).max().unwrap_or(0);
        let [w0, w1, w2, w3, w4, w5] = std::array::from_fn(width);
        for [place, course, price, score, votes, all, title] in [&head].into_iter().chain(&rows) {
            writeln!(
                writer,
                "{place:>w0$}  {course:<w1$}  {price:>w2$}  {score:>w3$}  {votes:>w4$}  {all:>w5$}  {title}"
            )?;
        }
        if let Some(best) = answer.iter().next() {
            let why = plain(&best.explanation().to_string());
            writeln!(writer, "{}: {why}.", cell(best.course().id().as_str()))?;
        }
        Ok(())
    }

    /// Flushes, and gives the file its name.
    pub(crate) fn finish(self) -> Result<()> {
        match self.writer {
            Writer::Printed(mut out) => Ok(out.flush()?),
            Writer::File(file) => file.finish(),
        }
    }
}

fn row(best: &Recommendation, place: usize, currency: &Currency) -> [String; 7] {
    [
        place.to_string(),
        cell(best.course().id().as_str()),
        cell(&currency.format(best.course().price())),
        format!("{:.2} %", best.score() * 100.0),
        format!("{:.1}", best.votes()),
        best.buyers().to_string(),
        cell(best.course().title()),
    ]
}
