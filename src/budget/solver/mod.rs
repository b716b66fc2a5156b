//! The knapsack problem with a cardinality constraint, solved exactly.
//!
//! Sets are compared by value, then total price, then number of courses (fewer is better), then their sorted ids. The
//! first two are folded into one whole number, the *worth* of an item: `value * C + price` with `C` above the balance, so
//! that maximising the worth settles both.
//!
//! 1. `reduce.rs`: an item that enough others beat in value at no higher price is in none of the best sets (dominance).
//! 2. `bound.rs`: Lagrangian relaxation of the balance. With a multiplier `l` for money, no set is worth more than
//!    `l * balance` plus the sum of the largest reduced worths, `worth - l * price`. Any `l >= 0` gives a bound, so `l` may be
//!    found with floats; the bound itself is computed in whole numbers.
//! 3. `search.rs`: depth-first branch and bound over items in order of reduced worth. A branch is cut only when its bound
//!    is *below* the worst set kept, so ties are never lost.
//! 4. `grid.rs`: where that takes too long, a table over (number of courses, total price) in units of the prices' greatest
//!    common divisor, if it is small enough. This settles what bounds cannot: huge numbers of sets of equal worth.
//!
//! Where neither ends within a fixed amount of work, the best sets found come with a bound and the note that they are not
//! proved to be best. The amount is counted in steps, not in time, so the answer is the same on every machine.
//!
//! Terms and ideas are those of H. Kellerer, U. Pferschy, D. Pisinger, *Knapsack Problems* (Springer, 2004), chapters 3, 5
//! and 9.7.

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

/// What the solver knows of a course. Its index is its place in the ranking.
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

/// Why the courses that must be included cannot be.
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

/// How much work a plan may take.
const MAX_STEPS: u64 = 6_000_000;

/// Work that was done and may be done, in units of some 20 ns.
#[derive(Debug)]
struct Steps {
    done: u64,
    limit: u64,
}

impl Steps {
    fn spend(&mut self, steps: usize) {
        self.done += steps as u64;
    }

    fn are_left(&self) -> bool {
        self.done < self.limit
    }
}

/// The `n` best sets.
pub(crate) fn solve(problem: &Problem<'_>, n: usize) -> Result<Solved, Infeasible> {
    Ok(solve_within(problem, n, MAX_STEPS)?.0)
}

/// The same with another limit, and the work done.
pub(super) fn solve_within(problem: &Problem<'_>, n: usize, limit: u64) -> Result<(Solved, u64), Infeasible> {
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
