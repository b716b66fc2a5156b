//! The metric that decides, over the number of neighbours and over the prior. It shows the curves and picks nothing: a
//! choice made on the very participants it is measured on flatters itself.

use serde::Serialize;

use super::Contender;
use super::baselines::BestSellers;
use super::contender::Neighbours;
use super::measure::{Measures, measure};
use super::split::Plan;
use super::statistics::Difference;
use crate::Error;
use crate::recommender::RecommenderParams;

const NEIGHBOURS: [u64; 7] = [10, 30, 100, 300, 1_000, 3_000, 10_000];
const PRIORS: [f64; 6] = [0.0, 1.0, 3.0, 10.0, 30.0, 100.0];

/// Two curves through the parameters that were evaluated.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub(super) struct Sweep {
    pub(super) metric: String,
    pub(super) popularity: f64,
    /// With the prior that was evaluated.
    pub(super) by_neighbours: Vec<Point>,
    /// With the number of neighbours that was evaluated.
    pub(super) by_prior: Vec<Point>,
}

/// A recommender with some parameters.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub(super) struct Point {
    pub(super) k: u64,
    pub(super) prior: f64,
    pub(super) value: f64,
    /// From the parameters that were evaluated.
    #[serde(flatten)]
    pub(super) difference: Difference,
}

impl Sweep {
    pub(super) fn new(
        plan: &Plan<'_>,
        evaluated: RecommenderParams,
        measures: &Measures,
        n_courses: usize,
        progress: impl FnMut(usize),
    ) -> Result<Self, Error> {
        let (k, prior) = evaluated.values();
        // The whole training part votes as one number, whatever is beyond it.
        let mut neighbours: Vec<u64> = NEIGHBOURS.iter().copied().filter(|&k| k <= plan.most_neighbours()).collect();
        neighbours.push(k);
        neighbours.sort_unstable();
        neighbours.dedup();
        let mut priors = [&PRIORS[..], &[prior]].concat();
        priors.sort_unstable_by(f64::total_cmp);
        priors.dedup();
        let grid: Vec<(u64, f64)> =
            neighbours.iter().map(|&k| (k, prior)).chain(priors.iter().map(|&prior| (k, prior))).collect();

        let models = grid.iter().map(|&(k, prior)| evaluated.n_neighbours(k).prior(prior));
        let models: Vec<Neighbours> = models.map(|params| Neighbours { name: String::new(), params }).collect();
        let mut contenders: Vec<&dyn Contender> = vec![&BestSellers];
        contenders.extend(models.iter().map(|model| model as &dyn Contender));
        let measures = Measures { cutoffs: vec![measures.longest()], money: false };
        let outcome = measure(plan, &contenders, &measures, n_courses, progress)?;

        let width = measures.names().len();
        let column = |contender: usize| contender * width;
        let means = outcome.table.means();
        let reference = grid.iter().position(|point| *point == (k, prior)).unwrap_or(0) + 1;
        let point = |(at, &(k, prior)): (usize, &(u64, f64))| {
            let (of, baseline) = (column(at + 1), column(reference));
            let pairs = outcome.table.rows().map(|row| (row[of], row[baseline]));
            Point { k, prior, value: means[of], difference: Difference::normal(&pairs) }
        };
        let mut points: Vec<Point> = grid.iter().enumerate().map(point).collect();
        let by_prior = points.split_off(neighbours.len());
        let metric = measures.names().swap_remove(0);
        Ok(Self { metric, popularity: means[0], by_neighbours: points, by_prior })
    }
}
