//! The report as a table for the terminal.

use std::fmt;

use super::Report;
use super::report::Scores;
use super::statistics::Difference;
use super::sweep::{Point, Sweep};
use super::words::relative;
use crate::store::cut;

/// What is to be decided, then the metrics, the differences, the groups and the sweep.
impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for sentence in &self.summary {
            writeln!(f, "{sentence}")?;
        }
        writeln!(
            f,
            "\nSplit: {}. {} of {} participants tested, who bought {:.1} of {} courses on average; up to {} learned \
             from; seed {}.",
            self.split, self.tested, self.testable, self.mean_purchases, self.courses, self.learned_from, self.seed
        )?;
        self.metrics(f)?;
        self.differences(f)?;
        self.by_group(f)?;
        self.tried(f)?;
        self.sweep.as_ref().map_or(Ok(()), |sweep| write!(f, "{sweep}"))
    }
}

impl Report {
    fn metrics(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut rows =
            vec![[""].into_iter().chain(self.contenders.iter().map(|c| c.name.as_str())).map(Cell::right).collect()];
        for (at, (metric, _)) in self.model().metrics.iter().enumerate() {
            let values = self.contenders.iter().map(|c: &Scores| Cell::right(format!("{:.4}", c.metrics[at].1)));
            rows.push([Cell::left(metric)].into_iter().chain(values).collect());
        }
        print(f, "Metrics", &rows)
    }

    fn differences(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let k = self.cutoffs.last().copied().unwrap_or_default();
        let head = ["", "against", "", "lift", "difference", "95 % interval", "z", ""].map(Cell::left);
        let mut rows = vec![head.to_vec()];
        let wanted = [self.decides.clone(), format!("hit rate@{k}"), format!("affordable hit rate@{k}")];
        for c in self.comparisons.iter().filter(|c| wanted.contains(&c.metric)) {
            let mut row = [&c.contender, &c.baseline, &c.metric].map(Cell::left).to_vec();
            row.extend(cells(&c.difference));
            rows.push(row);
        }
        print(f, "Differences on the same participants", &rows)
    }

    fn by_group(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let head = ["", "", "tested", "recommended", "popularity", "lift", "difference", "95 % interval", "z", ""];
        let mut rows = vec![head.map(Cell::left).to_vec()];
        for g in &self.groups {
            let mut row = [&g.attribute, &g.value].map(Cell::left).to_vec();
            row.push(Cell::right(g.participants.to_string()));
            row.extend([g.model, g.popularity].map(|value| Cell::right(format!("{value:.4}"))));
            row.extend(cells(&g.difference));
            rows.push(row);
        }
        print(f, &format!("{} by group", self.decides), &rows)
    }
}

impl Report {
    /// What the configuration was chosen by, and what the learned distance tells.
    fn tried(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Some(choice) = &self.choice else { return Ok(()) };
        let head = ["on", "", "tested", "", "lift", "difference", "95 % interval", "z", ""];
        let mut rows = vec![head.map(Cell::left).to_vec()];
        for tried in &choice.tried {
            let mut row = vec![Cell::left(tried.part), Cell::left(&tried.name)];
            row.extend([tried.participants.to_string(), format!("{:.4}", tried.value)].map(Cell::right));
            row.extend(tried.difference.as_ref().map_or_else(|| vec![Cell::left(""); 5], cells));
            rows.push(row);
        }
        if rows.len() > 1 {
            print(f, &format!("{} of what was tried on the training part", self.decides), &rows)?;
        }
        match &choice.learned_distances {
            Some(learned) => {
                write!(f, "\nThe learned distance, in multiples of the mean of two past participants\n{learned}")
            }
            None => Ok(()),
        }
    }
}

impl fmt::Display for Sweep {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let head = ["k", "prior", "half-life", "", "difference", "95 % interval", "z", ""].map(Cell::left).to_vec();
        let row = |point: &Point| {
            let half_life = point.half_life.map_or("none".to_owned(), |days| days.to_string());
            let mut row = [point.k.to_string(), point.prior.to_string(), half_life].map(Cell::right).to_vec();
            row.push(Cell::right(format!("{:.4}", point.value)));
            row.extend(cells(&point.difference).into_iter().skip(1));
            row
        };
        let rows = |points: &[Point]| [head.clone()].into_iter().chain(points.iter().map(row)).collect::<Vec<_>>();
        print(
            f,
            &format!("{} by number of neighbours; popularity has {:.4}", self.metric, self.popularity),
            &rows(&self.by_neighbours),
        )?;
        print(f, &format!("{} by prior", self.metric), &rows(&self.by_prior))?;
        if self.by_half_life.is_empty() {
            return Ok(());
        }
        print(f, &format!("{} by half-life in days", self.metric), &rows(&self.by_half_life))
    }
}

fn cells(difference: &Difference) -> Vec<Cell> {
    vec![
        Cell::right(relative(difference)),
        Cell::right(format!("{:+.4}", difference.difference)),
        Cell::right(format!("{:+.4} to {:+.4}", difference.low, difference.high)),
        Cell::right(difference.z.map_or("-".to_owned(), |z| format!("{z:.1}"))),
        Cell::left(difference.verdict.to_string()),
    ]
}

#[derive(Clone)]
struct Cell {
    text: String,
    right: bool,
}

impl Cell {
    fn left(text: impl Into<String>) -> Self {
        Self { text: cut(text), right: false }
    }

    fn right(text: impl Into<String>) -> Self {
        Self { text: cut(text), right: true }
    }
}

/// Columns as wide as their widest cell.
fn print(f: &mut fmt::Formatter<'_>, title: &str, rows: &[Vec<Cell>]) -> fmt::Result {
    writeln!(f, "\n{title}")?;
    let columns = rows.first().map_or(0, Vec::len);
    let width = |at: usize| rows.iter().map(|row| row[at].text.chars().count()).max().unwrap_or(0);
    let widths: Vec<usize> = (0..columns).map(width).collect();
    for row in rows {
        let mut line = String::new();
        for (Cell { text, right }, &width) in row.iter().zip(&widths) {
            let cell = if *right { format!("  {text:>width$}") } else { format!("  {text:<width$}") };
            line.push_str(&cell);
        }
        writeln!(f, "{}", line.trim_end())?;
    }
    Ok(())
}
