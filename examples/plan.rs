//! What should a participant do with the balance? The single courses, the best sets of courses, and how the best set changes
//! as a spent balance is worth more:
//!
//! ```text
//! cargo run --release --example plan
//! cargo run --release --example plan -- --data DIR --participant ID --balance N --svg plan.svg
//! ```

use std::io::{self, Write};
use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::{Context, Result};
use clap::Parser;
use sebaya::{Currency, Plan, prelude::*, synthetic::Programme};
use support::output::OutputFile;
use support::terminal::{cell, plain};
use support::{exit, output, progress};

/// How much a spent balance is worth, in mean scores of the ten best courses.
const SPEND_WEIGHTS: [f64; 7] = [0.0, 0.25, 0.5, 1.0, 2.0, 3.0, 10.0];

/// The best sets of courses for a participant's balance. Without --data, one of 300,000 synthetic participants asks.
#[derive(Debug, Parser)]
struct Args {
    /// Directory with schema.toml, participants.csv, courses.csv and purchases.csv
    #[arg(long, value_name = "DIR", requires = "participant")]
    data: Option<PathBuf>,
    /// Who asks
    #[arg(long, value_name = "ID", default_value = "p17")]
    participant: String,
    /// What is left to spend
    #[arg(long, value_name = "N", default_value = "1000000")]
    balance: String,
    /// How many courses a set has at the most
    #[arg(long, value_name = "N", default_value_t = 5)]
    max_courses: usize,
    /// Draw value against leftover
    #[arg(long, value_name = "FILE")]
    svg: Option<PathBuf>,
}

fn main() -> ExitCode {
    exit::status(run(&Args::parse()))
}

fn run(args: &Args) -> Result<()> {
    let mut out = io::stdout().lock();
    let balance = args.balance.parse::<Amount>().context("balance")?;
    let inputs = output::data_files(args.data.as_deref());
    args.svg.as_deref().map_or(Ok(()), |path| output::check(path, &inputs))?;
    let data = match &args.data {
        Some(directory) => progress::read_dir(directory)?,
        None => progress::step("Building a synthetic programme", || Programme::new(300_000).training_set())?,
    };
    let model = progress::step("Fitting", || Recommender::params().fit(&data))?;
    let money = model.encoder().schema().currency();
    let query = Query::participant(args.participant.as_str(), balance).max_courses(args.max_courses);

    writeln!(out, "{}", plain(&format!("{} has {}. Single courses:", args.participant, money.format(balance))))?;
    for best in &model.recommend(&query.clone().top_n(5))? {
        let course = best.course();
        let (id, title, price) =
            (cell(course.id().as_str()), cell(course.title()), plain(&money.format(course.price())));
        writeln!(out, "  {id:<8} {price:>12}  score {:.4}  {title}", best.score())?;
    }
    writeln!(out, "\nThe best set, and the two after it:")?;
    for plan in model.top_plans(&query, 3)? {
        writeln!(out, "{}", plain(&format!("  {plan}, score {:.4}: {}", plan.score(), ids(&plan))))?;
    }

    writeln!(out, "\nAs a spent balance is worth more:")?;
    writeln!(out, "  {:>6}  {:>7}  {:>12}  {:>8}  courses", "weight", "courses", "left", "score")?;
    let mut points = Vec::new();
    for spend_weight in SPEND_WEIGHTS {
        let plan = model.plan(&query.clone().spend_weight(spend_weight))?;
        let left = plain(&money.format(plan.leftover()));
        writeln!(
            out,
            "  {spend_weight:>6}  {:>7}  {left:>12}  {:>8.4}  {}",
            plan.courses().len(),
            plan.score(),
            ids(&plan)
        )?;
        points.push((plan.leftover(), plan.score(), spend_weight));
    }
    if let Some(path) = &args.svg {
        let mut file = OutputFile::create(path, &inputs)?;
        draw(&mut file, &points, money).with_context(|| path.display().to_string())?;
        file.finish()?;
        writeln!(out, "\nDrawn to {}", path.display())?;
    }
    Ok(())
}

fn ids(plan: &Plan) -> String {
    let ids: Vec<String> = plan.courses().iter().map(|c| cell(c.course().id().as_str())).collect();
    ids.join(", ")
}

/// Score against leftover: how much of the one is given up for less of the other.
#[expect(clippy::cast_precision_loss, reason = "amounts are at most 2^53")]
fn draw(out: &mut impl Write, points: &[(Amount, f64, f64)], money: &Currency) -> io::Result<()> {
    const WIDTH: f64 = 800.0;
    const HEIGHT: f64 = 500.0;
    const MARGIN: f64 = 60.0;
    let most_left = points.iter().map(|p| p.0).max().unwrap_or_default().max(Amount(1));
    let most_score = points.iter().map(|p| p.1).fold(f64::MIN_POSITIVE, f64::max);
    let x = |left: Amount| MARGIN + (WIDTH - 3.0 * MARGIN) * (left.0 as f64 / most_left.0 as f64);
    let y = |score: f64| HEIGHT - MARGIN - (HEIGHT - 2.0 * MARGIN) * (score / most_score);
    let (bottom, right, below) = (y(0.0), WIDTH - MARGIN, HEIGHT - MARGIN + 20.0);

    writeln!(
        out,
        r#"<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" font-family="sans-serif">"#
    )?;
    writeln!(out, r#"<rect width="{WIDTH}" height="{HEIGHT}" fill="white"/>"#)?;
    writeln!(out, r#"<path d="M{MARGIN} {MARGIN}V{bottom}H{right}" fill="none" stroke="grey"/>"#)?;
    let line: Vec<String> = points.iter().map(|p| format!("{:.1},{:.1}", x(p.0), y(p.1))).collect();
    writeln!(out, r#"<polyline points="{}" fill="none" stroke="blue"/>"#, line.join(" "))?;
    for &(left, score, _) in points {
        writeln!(out, r#"<circle cx="{:.1}" cy="{:.1}" r="4" fill="blue"/>"#, x(left), y(score))?;
    }
    let mut text = |x: f64, y: f64, text: &str| {
        let text = text.replace('&', "&amp;").replace('<', "&lt;");
        writeln!(out, r#"<text x="{x:.1}" y="{y:.1}" font-size="13">{text}</text>"#)
    };
    text(MARGIN, 24.0, "Score of the best set against what is left over")?;
    for &(left, score, spend_weight) in points {
        text(x(left) + 8.0, y(score) - 6.0, &format!("weight {spend_weight}"))?;
    }
    for left in [Amount(0), most_left] {
        text(x(left), below, &cell(&money.format(left)))?;
    }
    text(right, below, "left over")?;
    text(8.0, y(most_score) - 18.0, "score")?;
    text(8.0, y(most_score), &format!("{most_score:.3}"))?;
    text(8.0, bottom, "0")?;
    writeln!(out, "</svg>")
}
