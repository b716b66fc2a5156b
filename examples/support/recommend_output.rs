//! What the `recommend` example writes: a table to read, or JSON.

use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use sebaya::prelude::*;
use sebaya::{Currency, Plan, Recommendation, Recommendations};

use super::args::Args;
use super::json_line::Line;

/// Where answers go, and in which form.
pub(crate) struct Output {
    writer: Box<dyn Write>,
    /// The file that is being written, and the one that it becomes.
    file: Option<(tempfile::NamedTempFile, PathBuf)>,
    json: bool,
    currency: Currency,
}

impl Output {
    pub(crate) fn new(args: &Args, currency: Currency) -> Result<Self> {
        let (writer, file): (Box<dyn Write>, _) = match &args.out {
            None => (Box::new(BufWriter::new(io::stdout().lock())), None),
            Some(path) => {
                let beside = path.parent().filter(|p| !p.as_os_str().is_empty()).unwrap_or(Path::new("."));
                let file = tempfile::NamedTempFile::new_in(beside).with_context(|| path.display().to_string())?;
                (Box::new(BufWriter::new(File::create(file.path())?)), Some((file, path.clone())))
            }
        };
        Ok(Self { writer, file, json: args.json, currency })
    }

    /// Says what the built-in question is.
    pub(crate) fn introduce(&mut self, n: usize, id: &str, profile: Option<Profile>, balance: Amount) -> Result<()> {
        if !self.json {
            let balance = self.currency.format(balance);
            writeln!(self.writer, "A synthetic voucher programme with {n} participants. {id} has {balance} left:")?;
            let profile = profile.map_or(Ok(String::new()), |p| serde_json::to_string(&p))?;
            writeln!(self.writer, "{profile}\n")?;
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
            serde_json::to_writer(&mut self.writer, &Line::new(name, query.balance(), answer, plan))?;
        } else {
            self.table(model, name, query, answer)?;
            if let Some(plan) = plan {
                let ids: Vec<&str> = plan.courses().iter().map(|c| c.course().id().as_str()).collect();
                writeln!(self.writer, "Plan: {plan}: {}", ids.join(", "))?;
            }
        }
        writeln!(self.writer)?;
        Ok(())
    }

    fn table(&mut self, model: &Recommender, name: &str, query: &Query, answer: &Recommendations) -> Result<()> {
        let Self { writer, currency, .. } = self;
        writeln!(writer, "{name} with {}", currency.format(query.balance()))?;
        let similar: Vec<String> = model.neighbours(query)?.similarities().iter().map(ToString::to_string).collect();
        let voters = answer.n_inside() + answer.n_boundary();
        writeln!(writer, "{voters} similar past participants have {} votes ({})", answer.k(), similar.join(", "))?;
        if let Some(why) = answer.empty_reason() {
            writeln!(writer, "No course: {why}.")?;
            return Ok(());
        }
        let rows: Vec<[String; 7]> = answer.iter().zip(1..).map(|(r, place)| row(r, place, currency)).collect();
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
            writeln!(writer, "{}: {}.", best.course().id(), best.explanation())?;
        }
        Ok(())
    }

    /// Flushes, and gives the file its name.
    pub(crate) fn finish(mut self) -> Result<()> {
        self.writer.flush()?;
        if let Some((file, path)) = self.file {
            file.as_file().sync_all()?;
            file.persist(&path).with_context(|| path.display().to_string())?;
        }
        Ok(())
    }
}

fn row(best: &Recommendation, place: usize, currency: &Currency) -> [String; 7] {
    [
        place.to_string(),
        best.course().id().to_string(),
        currency.format(best.course().price()),
        format!("{:.2} %", best.score() * 100.0),
        format!("{:.1}", best.votes()),
        best.buyers().to_string(),
        best.course().title().to_owned(),
    ]
}
