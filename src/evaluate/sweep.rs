//! The metric that decides, over the number of neighbours, the prior and the half-life. It shows the curves and picks
//! nothing: a choice made on the very participants it is measured on flatters itself.

use serde::Serialize;

use super::Contender;
use super::baselines::BestSellers;
use super::contender::Neighbours;
use super::measure::{Measures, measure};
use super::split::Plan;
use super::statistics::Difference;
use crate::Error;
use crate::model::{RecommenderParams, RecommenderValidParams};

const NEIGHBOURS: [u64; 7] = [10, 30, 100, 300, 1_000, 3_000, 10_000];
const PRIORS: [f64; 6] = [0.0, 1.0, 3.0, 10.0, 30.0, 100.0];
/// In days.
const HALF_LIVES: [f64; 7] = [7.0, 30.0, 90.0, 180.0, 365.0, 730.0, 1825.0];

/// Curves through the parameters that were evaluated.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub(super) struct Sweep {
    pub(super) metric: String,
    pub(super) popularity: f64,
    /// The other parameters are those that were evaluated.
    pub(super) by_neighbours: Vec<Point>,
    pub(super) by_prior: Vec<Point>,
    /// None where no purchase has a time. The last one has no half-life.
    pub(super) by_half_life: Vec<Point>,
}

/// A recommender with some parameters.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub(super) struct Point {
    pub(super) k: u64,
    pub(super) prior: f64,
    pub(super) half_life: Option<f64>,
    pub(super) value: f64,
    /// From the parameters that were evaluated.
    #[serde(flatten)]
    pub(super) difference: Difference,
}

impl Sweep {
    pub(super) fn new(
        plan: &Plan<'_>,
        base: RecommenderParams,
        evaluated: &RecommenderValidParams,
        measures: &Measures,
        progress: impl FnMut(usize),
    ) -> Result<Self, Error> {
        let (k, prior, half_life) = (evaluated.n_neighbours(), evaluated.prior(), evaluated.half_life());
        // The whole training part votes as one number, whatever is beyond it.
        let mut neighbours: Vec<u64> = NEIGHBOURS.iter().copied().filter(|&k| k <= plan.most_neighbours()).collect();
        neighbours.push(k);
        neighbours.sort_unstable();
        neighbours.dedup();
        let priors = with(&PRIORS, Some(prior));
        let mut half_lives: Vec<Option<f64>> = Vec::new();
        if plan.has_times() {
            half_lives.extend(with(&HALF_LIVES, half_life).into_iter().map(Some));
            half_lives.push(None);
        }
        let by_neighbours = neighbours.into_iter().map(|k| (k, prior, half_life));
        let by_prior = priors.into_iter().map(|prior| (k, prior, half_life));
        let by_half_life = half_lives.into_iter().map(|half_life| (k, prior, half_life));
        let curves = [by_neighbours.collect(), by_prior.collect(), by_half_life.collect::<Vec<_>>()];
        let grid = curves.concat();

        let models = grid.iter().map(|&(k, prior, half_life)| base.n_neighbours(k).prior(prior).half_life(half_life));
        let models: Vec<Neighbours> =
            models.map(|params| Neighbours { name: String::new(), params, history: true }).collect();
        let mut contenders: Vec<&dyn Contender> = vec![&BestSellers];
        contenders.extend(models.iter().map(|model| model as &dyn Contender));
        let measures = Measures { cutoffs: vec![measures.longest()], money: false };
        let outcome = measure(plan, &|_| contenders.clone(), &measures, None, progress)?;

        let width = measures.names().len();
        let column = |contender: usize| contender * width;
        let means = outcome.table.means();
        let reference = grid.iter().position(|&point| point == (k, prior, half_life)).unwrap_or(0) + 1;
        let point = |(at, &(k, prior, half_life)): (usize, &(u64, f64, Option<f64>))| {
            let (of, baseline) = (column(at + 1), column(reference));
            let pairs = outcome.table.rows().map(|row| (row[of], row[baseline]));
            Point { k, prior, half_life, value: means[of], difference: Difference::normal(&pairs) }
        };
        let mut by_neighbours: Vec<Point> = grid.iter().enumerate().map(point).collect();
        let mut by_prior = by_neighbours.split_off(curves[0].len());
        let by_half_life = by_prior.split_off(curves[1].len());
        let metric = measures.names().swap_remove(0);
        Ok(Self { metric, popularity: means[0], by_neighbours, by_prior, by_half_life })
    }
}

/// These numbers and one more, ascending and distinct.
fn with(numbers: &[f64], one: Option<f64>) -> Vec<f64> {
    let mut all: Vec<f64> = numbers.iter().copied().chain(one).collect();
    all.sort_unstable_by(f64::total_cmp);
    all.dedup();
    all
}
