//! What should a participant do with the balance? The single courses, the best sets of courses, and how the best set changes
//! as a spent balance is worth more:
//!
//! ```text
//! cargo run --release --example plan
//! cargo run --release --example plan -- --data DIR --participant ID --balance N --svg plan.svg
//! ```

#![allow(clippy::print_stdout, reason = "an example talks to its user")]

#[path = "support/exit.rs"]
mod exit;
#[path = "support/progress.rs"]
mod progress;

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Context, Result, anyhow};
use clap::Parser;
use plotters::prelude::{ChartBuilder, Circle, IntoDrawingArea, LineSeries, SVGBackend, Text};
use plotters::style::{BLACK, BLUE, IntoFont, WHITE};
use sebaya::{Plan, prelude::*, synthetic::Programme};

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
    let balance = args.balance.parse::<Amount>().context("balance")?;
    let data = match &args.data {
        Some(directory) => progress::read_dir(directory)?,
        None => progress::step("Building a synthetic programme", || Programme::new(300_000).training_set())?,
    };
    let model = progress::step("Fitting", || Recommender::params().fit(&data))?;
    let money = model.encoder().schema().currency();
    let query = Query::participant(args.participant.as_str(), balance).max_courses(args.max_courses);

    println!("{} has {}. Single courses:", args.participant, money.format(balance));
    for best in &model.recommend(&query.clone().top_n(5))? {
        let course = best.course();
        println!(
            "  {:<8} {:>12}  score {:.4}  {}",
            course.id(),
            money.format(course.price()),
            best.score(),
            course.title()
        );
    }
    println!("\nThe best set, and the two after it:");
    for plan in model.top_plans(&query, 3)? {
        println!("  {plan}, score {:.4}: {}", plan.score(), ids(&plan));
    }

    println!("\nAs a spent balance is worth more:");
    println!("  {:>6}  {:>7}  {:>12}  {:>8}  courses", "weight", "courses", "left", "score");
    let mut points = Vec::new();
    for spend_weight in SPEND_WEIGHTS {
        let plan = model.plan(&query.clone().spend_weight(spend_weight))?;
        let left = money.format(plan.leftover());
        println!("  {spend_weight:>6}  {:>7}  {left:>12}  {:>8.4}  {}", plan.courses().len(), plan.score(), ids(&plan));
        points.push((plan.leftover(), plan.score(), spend_weight));
    }
    if let Some(path) = &args.svg {
        draw(path, &points).with_context(|| path.display().to_string())?;
        println!("\nDrawn to {}", path.display());
    }
    Ok(())
}

fn ids(plan: &Plan) -> String {
    let ids: Vec<&str> = plan.courses().iter().map(|c| c.course().id().as_str()).collect();
    ids.join(", ")
}

/// Score against leftover: how much of the one is given up for less of the other.
#[expect(clippy::cast_precision_loss, reason = "amounts are at most 2^53")]
fn draw(path: &Path, points: &[(Amount, f64, f64)]) -> Result<()> {
    let points: Vec<(f64, f64, f64)> =
        points.iter().map(|&(left, score, weight)| (left.0 as f64, score, weight)).collect();
    let largest =
        |of: fn(&(f64, f64, f64)) -> f64| points.iter().map(of).fold(0.0, f64::max).max(f64::MIN_POSITIVE) * 1.1;
    let area = SVGBackend::new(path, (800, 500)).into_drawing_area();
    // plotters' errors borrow what they complain about.
    let plain = |error: &dyn std::fmt::Display| anyhow!("{error}");
    area.fill(&WHITE).map_err(|e| plain(&e))?;
    let mut chart = ChartBuilder::on(&area)
        .caption("Score of the best set against what is left over", ("sans-serif", 20))
        .margin(12)
        .x_label_area_size(44)
        .y_label_area_size(64)
        .build_cartesian_2d(0.0..largest(|p| p.0), 0.0..largest(|p| p.1))
        .map_err(|e| plain(&e))?;
    let mesh = chart.configure_mesh().x_desc("left over").y_desc("sum of scores").draw();
    mesh.map_err(|e| plain(&e))?;
    chart.draw_series(LineSeries::new(points.iter().map(|p| (p.0, p.1)), &BLUE)).map_err(|e| plain(&e))?;
    for &(left, score, weight) in &points {
        let dot = Circle::new((left, score), 4, BLUE);
        let label =
            Text::new(format!("  weight {weight}"), (left, score), ("sans-serif", 13).into_font().color(&BLACK));
        chart.draw_series([dot]).map_err(|e| plain(&e))?;
        chart.draw_series([label]).map_err(|e| plain(&e))?;
    }
    area.present().map_err(|e| plain(&e))
}
