//! Asks every contender for every test participant, and measures the answers.

use std::collections::HashSet;

#[cfg(feature = "rayon")]
use rayon::iter::{IntoParallelRefIterator, ParallelIterator};

use super::groups::Rare;
use super::metrics::{LIST_METRICS, hit_rate, novelty, recall, share_spent};
use super::split::{Case, Fold, Plan};
use super::statistics::Table;
use super::{Ask, Contender, EvaluateError, Fitted};
use crate::Error;
use crate::domain::{Amount, Course, TrainingSet};
use crate::rank::Popularity;

/// So many participants are asked for between two reports of progress.
const BLOCK: usize = 1024;
/// The size of a plan: the default of [`Query::max_courses`](crate::Query::max_courses).
const PLAN_COURSES: usize = 5;

/// What is measured of each participant.
#[derive(Debug, Clone)]
pub(super) struct Measures {
    /// Ascending.
    pub(super) cutoffs: Vec<usize>,
    /// Whether balances and plans are of interest.
    pub(super) money: bool,
}

impl Measures {
    /// The longest list that is wanted.
    pub(super) fn longest(&self) -> usize {
        self.cutoffs.last().copied().unwrap_or(0)
    }

    /// The names of what is measured, in order.
    pub(super) fn names(&self) -> Vec<String> {
        let lists = LIST_METRICS.iter().map(|(name, _)| *name).chain(["novelty"]);
        let lists = lists.chain(self.money.then_some("affordable hit rate"));
        let mut names: Vec<String> =
            lists.flat_map(|name| self.cutoffs.iter().map(move |k| format!("{name}@{k}"))).collect();
        if self.money {
            names.extend(["plan: share of balance spent", "plan: share of true purchases"].map(str::to_owned));
        }
        names
    }
}

/// What came out.
#[derive(Debug)]
pub(super) struct Outcome {
    /// Who was tested, in the order of the rows.
    pub(super) participants: Vec<u32>,
    /// For each participant, contender by contender, what is measured.
    pub(super) table: Table,
    pub(super) shown: Vec<Shown>,
    /// For each participant the attributes of whose values they have a rare one, where that is asked.
    pub(super) rare: Vec<Vec<usize>>,
    /// The courses that could be recommended in any fold.
    pub(super) open: Vec<bool>,
    /// How many true purchases there are.
    pub(super) n_truths: usize,
    pub(super) n_train: usize,
}

/// What a contender showed.
#[derive(Debug, Clone)]
pub(super) struct Shown {
    /// For each cut-off, how often each course stood before it.
    pub(super) times: Vec<Vec<u64>>,
    /// How many participants found their first true purchase at each place.
    pub(super) first_hits: Vec<usize>,
}

/// One participant's answers.
struct Answered {
    values: Vec<f64>,
    /// For each contender the list, and the place of the first hit.
    lists: Vec<(Vec<u32>, Option<usize>)>,
}

/// Asks the contenders of each fold, of which there are as many in all of them.
pub(super) fn measure<'c>(
    plan: &Plan<'_>,
    contenders: &dyn Fn(u32) -> Vec<&'c dyn Contender>,
    measures: &Measures,
    rare: Option<&Rare<'_>>,
    mut progress: impl FnMut(usize),
) -> Result<Outcome, Error> {
    let (n_courses, n_contenders) = (plan.n_courses(), contenders(0).len());
    // A list has each course once at the most, however long it may be.
    let longest = measures.longest().min(n_courses);
    let shown = Shown { times: vec![vec![0; n_courses]; measures.cutoffs.len()], first_hits: vec![0; longest] };
    let width = n_contenders * measures.names().len();
    let mut outcome = Outcome {
        participants: Vec::new(),
        table: Table { width, values: Vec::new() },
        shown: vec![shown; n_contenders],
        open: vec![false; n_courses],
        rare: Vec::new(),
        n_truths: 0,
        n_train: 0,
    };
    for number in 0..plan.n_folds {
        let Fold { train, cases } = plan.fold(number);
        outcome.n_train = outcome.n_train.max(train.past().len());
        outcome.open.iter_mut().zip(train.catalogue()).for_each(|(open, course)| *open |= course.is_open());
        let past = train.past();
        let fitted = contenders(number).into_iter().map(|contender| contender.fit(&train));
        let fitted = fitted.collect::<Result<Vec<_>, Error>>()?;
        let few = rare.map(|rare| rare.few_members(&past));
        let judge = Judge {
            train: &train,
            fitted: &fitted,
            measures,
            popularity: Popularity::new(train.purchases(), &past),
            n_past: u32::try_from(past.len()).unwrap_or(u32::MAX),
        };
        for block in cases.chunks(BLOCK) {
            #[cfg(feature = "rayon")]
            let answered = block.par_iter();
            #[cfg(not(feature = "rayon"))]
            let answered = block.iter();
            let answered: Vec<Answered> = answered.map(|case| judge.ask(case)).collect::<Result<_, Error>>()?;
            for (case, answered) in block.iter().zip(answered) {
                if let Some((rare, few)) = rare.zip(few.as_ref()) {
                    outcome.rare.push(rare.of(case.participant, few));
                }
                outcome.add(case, answered, &measures.cutoffs);
            }
            progress(block.len());
        }
    }
    if outcome.participants.is_empty() {
        let why = "none bought a course that may be recommended".to_owned();
        return Err(EvaluateError::NobodyToTest { why }.into());
    }
    Ok(outcome)
}

impl Outcome {
    fn add(&mut self, case: &Case, answered: Answered, cutoffs: &[usize]) {
        self.participants.push(case.participant);
        self.n_truths += case.truth.len();
        self.table.values.extend(answered.values);
        for (shown, (list, first_hit)) in self.shown.iter_mut().zip(answered.lists) {
            for (times, &k) in shown.times.iter_mut().zip(cutoffs) {
                list.iter().take(k).for_each(|&course| times[course as usize] += 1);
            }
            if let Some(place) = first_hit {
                shown.first_hits[place] += 1;
            }
        }
    }
}

struct Judge<'a> {
    train: &'a TrainingSet,
    fitted: &'a [Box<dyn Fitted + 'a>],
    measures: &'a Measures,
    popularity: Popularity,
    n_past: u32,
}

impl Judge<'_> {
    fn ask(&self, case: &Case) -> Result<Answered, Error> {
        let mut answered = Answered { values: Vec::new(), lists: Vec::new() };
        for fitted in self.fitted {
            let list = self.measure(case, fitted.as_ref(), &mut answered.values)?;
            answered.lists.push(list);
        }
        Ok(answered)
    }

    /// Appends what [`Measures::names`] names.
    fn measure(
        &self,
        case: &Case,
        fitted: &dyn Fitted,
        values: &mut Vec<f64>,
    ) -> Result<(Vec<u32>, Option<usize>), Error> {
        let Measures { cutoffs, money } = self.measures;
        let top = self.measures.longest();
        let ask =
            Ask { train: self.train, participant: case.participant, known: &case.known, balance: Amount::MAX, top };
        let list = self.numbers(&fitted.recommend(&ask)?, top);
        let relevant = relevance(case, &list);
        for (_, metric) in LIST_METRICS {
            values.extend(cutoffs.iter().map(|&k| metric(&relevant, case.truth.len(), k)));
        }
        let buyers: Vec<u32> = list.iter().map(|&course| self.popularity.buyers(course)).collect();
        values.extend(cutoffs.iter().map(|&k| novelty(&buyers[..k.min(buyers.len())], self.n_past)));
        if *money {
            let ask = Ask { balance: case.balance, ..ask };
            let affordable = relevance(case, &self.numbers(&fitted.recommend(&ask)?, top));
            values.extend(cutoffs.iter().map(|&k| hit_rate(&affordable, k)));
            let plan = fitted.plan(&ask, PLAN_COURSES)?;
            // A contender of the caller's may answer with any courses.
            let total = Amount(plan.iter().fold(0, |total, course| total.saturating_add(course.price().0)));
            values.push(share_spent(total, case.balance));
            let plan = relevance(case, &self.numbers(&plan, PLAN_COURSES));
            values.push(recall(&plan, case.truth.len(), PLAN_COURSES));
        }
        let first_hit = relevant.iter().position(|&hit| hit);
        Ok((list, first_hit))
    }

    /// The numbers of the first `top` courses. One that comes again is not counted again.
    fn numbers(&self, courses: &[&Course], top: usize) -> Vec<u32> {
        let mut seen = HashSet::new();
        let numbers = courses.iter().take(top).filter_map(|c| self.train.catalogue().number(c.id().as_str()));
        numbers.filter(|&number| seen.insert(number)).collect()
    }
}

fn relevance(case: &Case, list: &[u32]) -> Vec<bool> {
    list.iter().map(|course| case.truth.binary_search(course).is_ok()).collect()
}
