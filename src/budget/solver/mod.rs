//! The knapsack problem with limits to the number of courses, in all and of each group, solved exactly.
//!
//! Sets are compared by value, then total price, then number of courses (fewer is better), then their sorted ids. The first
//! three are folded into one whole number, the *worth*, where it fits into 128 bits.
//!
//! 1. `reduce.rs`: an item that enough others beat in value at no higher price is in none of the best sets (dominance).
//! 2. `relaxation.rs`: Lagrangian relaxation of all limits. It gives a bound for the worth of any set, and for each item what a
//!    set loses against the bound by holding it, or by doing without it. Any prices of the limits give a bound, so they may
//!    be found with floats; the bound itself is computed in whole numbers.
//! 3. `search.rs`: all sets within an allowed loss, which grows until the best sets lose no more. Only the items whose loss is
//!    allowed, the *core* (`core.rs`), are decided on. They are divided in two halves; partial sets of each are listed without
//!    those that others dominate (`list.rs`), and the two lists meet in the middle. Sets of equal worth are never lost.
//! 4. `exchange.rs`: where the core grows, the best set found is improved by exchanging one or two items, so that less loss
//!    need be allowed.
//!
//! Where that does not end within a fixed amount of work, the best sets found come with a bound and the note that they are not
//! proved to be best. The amount is counted in steps, not in time, so the answer is the same on every machine.
//!
//! Terms and ideas are those of H. Kellerer, U. Pferschy, D. Pisinger, *Knapsack Problems* (Springer, 2004), chapters 3 and 5,
//! and of E. Horowitz, S. Sahni, *Computing Partitions with Applications to the Knapsack Problem* (J. ACM 21, 1974).

mod core;
mod exchange;
mod list;
mod pool;
mod reduce;
mod relaxation;
mod search;

#[cfg(test)]
mod tests;

use thiserror::Error;

use pool::Pool;
use reduce::Reduced;
use relaxation::Relaxation;

/// A course as the solver sees it. Its index is its place in the ranking.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Item {
    /// At most 2^53.
    pub(crate) price: u64,
    /// At most about 2^60.
    pub(crate) value: u64,
    /// The rank of the id among all items in byte order.
    pub(crate) id_rank: u32,
    pub(crate) category: Option<u32>,
    pub(crate) provider: Option<u32>,
}

/// What is to be solved.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Problem<'a> {
    pub(crate) items: &'a [Item],
    /// At most 2^53.
    pub(crate) balance: u64,
    pub(crate) max_courses: usize,
    /// Indices of items, distinct.
    pub(crate) must_include: &'a [u32],
    pub(crate) max_per_category: Option<u32>,
    pub(crate) max_per_provider: Option<u32>,
}

/// The best sets found, best first.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Solved {
    pub(crate) plans: Vec<Chosen>,
    /// Whether these are proved to be the best ones, in this order.
    pub(crate) proven: bool,
    /// No set is worth more; the value of the best one where that is proved.
    pub(crate) upper_bound: u128,
}

/// A set of items.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Chosen {
    /// Indices of items, ascending.
    pub(crate) items: Vec<u32>,
    pub(crate) value: u128,
}

/// Why no plan can include all the courses that must be included.
///
/// ```
/// # use sebaya::prelude::*;
/// # let mut data = TrainingSet::builder(Schema::new().numeric("age").categorical("province"));
/// # data.course(Course::new("excel", Amount(250_000)).with_category("office"))?.course(Course::new("sewing", Amount(400_000)))?;
/// # for (id, age, course) in [("ani", 24, "excel"), ("budi", 31, "sewing"), ("cici", 31, "excel")] {
/// #     data.participant(id, Profile::new().with("age", age).with("province", "Bali"))?.purchase(id, course)?;
/// # }
/// # let data = data.build()?;
/// # let model = Recommender::params().n_neighbours(2).fit(&data)?;
/// let query = Query::new(Profile::new(), Amount(500_000)).must_include(["excel", "sewing"]);
/// let error = model.plan(&query).unwrap_err();
/// assert_eq!(error.to_string(), "must_include: they cost 650000 together, more than the balance of 500000");
/// # Ok::<(), sebaya::Error>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum Infeasible {
    /// They cost more than the balance.
    #[error("they cost {total} together, more than the balance of {balance}")]
    TooDear {
        /// What they cost together.
        total: u64,
        /// The balance.
        balance: u64,
    },
    /// There are more of them than the plan may have courses.
    #[error("they are {count}, more than the {max} courses that a plan may have")]
    TooMany {
        /// How many they are.
        count: usize,
        /// The most that a plan may have.
        max: usize,
    },
    /// There are more of one category than the plan may have.
    #[error("{count} of them are of one category, more than the {max} that a plan may have")]
    TooManyOfCategory {
        /// How many they are.
        count: u32,
        /// The most that a plan may have.
        max: u32,
    },
    /// There are more of one provider than the plan may have.
    #[error("{count} of them are of one provider, more than the {max} that a plan may have")]
    TooManyOfProvider {
        /// How many they are.
        count: u32,
        /// The most that a plan may have.
        max: u32,
    },
}

/// The work that a plan may take: steps of some 5 to 15 ns, so less than a tenth of a second.
const MAX_STEPS: u64 = 6_000_000;

/// Work that was done and may be done.
#[derive(Debug)]
struct Steps {
    done: u64,
    limit: u64,
}

impl Steps {
    /// Counts work whether or not it is left. That is for small work, and for what is in proportion to the number of items.
    fn spend(&mut self, steps: usize) {
        self.done += steps as u64;
    }

    /// Counts work that is done only if as much is left.
    fn take(&mut self, steps: usize) -> bool {
        let enough = self.done + steps as u64 <= self.limit;
        if enough {
            self.spend(steps);
        }
        enough
    }

    fn are_left(&self) -> bool {
        self.done < self.limit
    }
}

/// The `n` best sets.
pub(crate) fn solve(problem: &Problem<'_>, n: usize) -> Result<Solved, Infeasible> {
    Ok(solve_within(problem, n, MAX_STEPS)?.0)
}

/// Solves with another limit, and returns the steps that it took.
fn solve_within(problem: &Problem<'_>, n: usize, limit: u64) -> Result<(Solved, u64), Infeasible> {
    let reduced = Reduced::new(problem, n)?;
    let mut steps = Steps { done: 0, limit };
    if n == 0 {
        return Ok((Solved { plans: Vec::new(), proven: true, upper_bound: 0 }, 0));
    }
    let mut pool = Pool::new(n);
    pool.offer(reduced.set(&[]));
    steps.spend(8 * problem.items.len());
    let relaxation = Relaxation::new(&reduced, &mut steps);
    let (proven, bound) = search::best(&reduced, &relaxation, &mut pool, &mut steps);
    let plans: Vec<Chosen> = pool.into_sets().into_iter().map(|set| reduced.complete(problem, &set)).collect();
    let upper_bound = match plans.first() {
        Some(best) if proven => best.value,
        _ => reduced.fixed_value(problem) + relaxation.largest_value(bound),
    };
    Ok((Solved { plans, proven, upper_bound }, steps.done))
}
