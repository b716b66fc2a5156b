//! Which purchases are learned from, and which are to be predicted.

use std::collections::{BTreeMap, HashMap};
use std::fmt;
use std::sync::Arc;

use serde::Serialize;

use super::EvaluateError;
use crate::domain::{Amount, ParticipantId, Timestamp, TrainingSet};
use crate::store::Random;

/// How past participants are divided into those who are learned from and those who are tested. Test participants are
/// tested whole: nothing of what they bought is in the training part, and everything learned (ranges, ranks, categories,
/// popularity, the largest share) comes from the training part alone.
///
/// ```
/// use sebaya::evaluate::Split;
///
/// assert_eq!(
///     Split::Newcomers { after: "2024-01-01".parse()? }.to_string(),
///     "newcomers from 2024-01-01T00:00:00Z on, by purchases before"
/// );
/// # Ok::<(), sebaya::DataError>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum Split {
    /// Past participants in random folds of about equal size: each fold is predicted from the profile alone, by the others.
    KFold {
        /// How many folds, at least 2.
        folds: u32,
    },
    /// Whoever bought first at `after` or later is predicted from the profile alone, by the purchases before `after`. A
    /// purchase of unknown time is not learned from, and whoever made one is not tested.
    Newcomers {
        /// The moment from which on participants are new.
        after: Timestamp,
    },
    /// As [`KFold`](Self::KFold), but of each test participant the first `known` purchases are known (in random order where
    /// times are the same or unknown), and the rest is predicted. Whoever bought no more than that is left out.
    NextPurchases {
        /// How many folds, at least 2.
        folds: u32,
        /// How many purchases are known.
        known: usize,
    },
}

impl fmt::Display for Split {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::KFold { folds } => write!(f, "{folds} folds over participants, by the profile alone"),
            Self::Newcomers { after } => write!(f, "newcomers from {after} on, by purchases before"),
            Self::NextPurchases { folds, known } => {
                write!(f, "{folds} folds over participants, {known} purchases of each known")
            }
        }
    }
}

/// What is drawn at random, each from a stream of its own.
const FOLDS: u64 = 1;
const KNOWN: u64 = 1 << 32;

/// One training part and the participants who are tested on it.
#[derive(Debug)]
pub(super) struct Fold {
    pub(super) train: TrainingSet,
    pub(super) cases: Vec<Case>,
}

/// One test participant.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Case {
    pub(super) participant: u32,
    pub(super) known: Vec<u32>,
    /// What is to be predicted: ascending, not empty.
    pub(super) truth: Vec<u32>,
    /// What is there to spend: what was really spent on that, unless it is known otherwise.
    pub(super) balance: Amount,
}

/// Which courses may be recommended and are to be predicted.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Open {
    /// Those that at most this share of the training part bought: an evaluation looks back, and courses that are closed by
    /// now could be bought then.
    Share(f64),
    /// Those that are open in the catalogue, which is that of a training part itself.
    AsTheyAre,
}

/// A split of some data: who is tested in which fold.
#[derive(Debug)]
pub(super) struct Plan<'d> {
    data: &'d TrainingSet,
    pub(super) split: Split,
    open: Open,
    seed: u64,
    /// The fold of each participant; `NEVER` for those in none.
    fold_of: Vec<u32>,
    /// The test participants after sampling, in random order of the seed.
    tested: Vec<u32>,
    pub(super) n_testable: usize,
    pub(super) n_folds: u32,
    /// What participants have to spend, where that is given.
    balances: HashMap<u32, Amount>,
}

const NEVER: u32 = u32::MAX;

impl<'d> Plan<'d> {
    pub(super) fn new(
        data: &'d TrainingSet,
        split: Split,
        open: Open,
        sample: usize,
        seed: u64,
    ) -> Result<Self, EvaluateError> {
        if let Open::Share(share) = open
            && !(0.0..=1.0).contains(&share)
        {
            return Err(EvaluateError::BadShare { share });
        }
        if sample == 0 {
            return Err(EvaluateError::EmptySample);
        }
        let mut past = data.past();
        let (n_past, n_all) = (past.len(), data.participants().len());
        Random::stream(seed, FOLDS).shuffle(&mut past);
        let mut fold_of = vec![NEVER; n_all];
        let n_folds = match split {
            Split::Newcomers { after } => {
                past.retain(|&p| is_newcomer(data, p, after));
                for &p in &past {
                    fold_of[p as usize] = 0;
                }
                something_before(data, after)?;
                1
            }
            Split::KFold { folds } | Split::NextPurchases { folds, .. } => {
                if folds < 2 || folds as usize > n_past {
                    return Err(EvaluateError::BadFolds { folds, participants: n_past });
                }
                for (&p, fold) in past.iter().zip((0..folds).cycle()) {
                    fold_of[p as usize] = fold;
                }
                folds
            }
        };
        if let Split::NextPurchases { known, .. } = split {
            past.retain(|&p| data.purchases().of(p).len() > known);
        }
        if past.is_empty() {
            return Err(EvaluateError::NobodyToTest { why: split.to_string() });
        }
        let n_testable = past.len();
        past.truncate(sample);
        Ok(Self { data, split, open, seed, fold_of, tested: past, n_testable, n_folds, balances: HashMap::new() })
    }

    pub(super) fn set_balances(&mut self, balances: &HashMap<ParticipantId, Amount>) -> Result<(), EvaluateError> {
        let participants = self.data.participants().id_table();
        // Sorted, so that of several mistakes always the same one is reported.
        let balances: BTreeMap<_, _> = balances.iter().collect();
        for (id, &balance) in balances {
            let unknown = || EvaluateError::UnknownParticipant { id: id.to_string() };
            let number = participants.get(id.as_str()).ok_or_else(unknown)?;
            if balance > Amount::MAX {
                return Err(EvaluateError::BalanceTooLarge { id: id.to_string(), balance });
            }
            self.balances.insert(number, balance);
        }
        Ok(())
    }

    /// Whether the time of any purchase is known.
    pub(super) fn has_times(&self) -> bool {
        self.data.purchases().newest().is_some()
    }

    /// How many purchases of each test participant are known.
    pub(super) fn n_known(&self) -> usize {
        match self.split {
            Split::NextPurchases { known, .. } => known,
            Split::KFold { .. } | Split::Newcomers { .. } => 0,
        }
    }

    pub(super) fn data(&self) -> &'d TrainingSet {
        self.data
    }

    pub(super) fn n_courses(&self) -> usize {
        self.data.catalogue().len()
    }

    /// How many participants are tested at the most.
    pub(super) fn n_tested(&self) -> usize {
        self.tested.len()
    }

    /// More neighbours than any fold has.
    pub(super) fn most_neighbours(&self) -> u64 {
        self.fold_of.len() as u64
    }

    /// The training part of a fold, and its test participants in the order of the data.
    pub(super) fn fold(&self, fold: u32) -> Fold {
        let train = self.train(fold);
        let mut tested: Vec<u32> = self.tested.iter().copied().filter(|&p| self.fold_of[p as usize] == fold).collect();
        tested.sort_unstable();
        let cases = tested.into_iter().filter_map(|p| self.case(&train, p)).collect();
        Fold { train, cases }
    }

    /// The purchases of everybody else.
    pub(super) fn train(&self, fold: u32) -> TrainingSet {
        let before = match self.split {
            Split::Newcomers { after } => Some(after),
            Split::KFold { .. } | Split::NextPurchases { .. } => None,
        };
        let keep = |at: Option<Timestamp>| before.is_none_or(|before| at.is_some_and(|at| at < before));
        let basket = |p: u32| (self.fold_of[p as usize] != fold).then_some(p);

        let Open::Share(max_share) = self.open else {
            return self
                .data
                .rearranged(Arc::clone(self.data.purchases().shared_catalogue()), basket, |_, at| keep(at));
        };
        let mut buyers = vec![0_u32; self.data.catalogue().len()];
        let mut n_past = 0_u32;
        for participant in (0..).take(self.fold_of.len()).filter_map(basket) {
            let mut any = false;
            for (course, _) in self.data.purchases().times_of(participant as usize).filter(|&(_, at)| keep(at)) {
                buyers[course as usize] += 1;
                any = true;
            }
            n_past += u32::from(any);
        }
        let most = max_share * f64::from(n_past);
        let catalogue = self.data.catalogue().clone().with_open(|course| f64::from(buyers[course as usize]) <= most);
        self.data.rearranged(catalogue.into(), basket, |_, at| keep(at))
    }

    fn case(&self, train: &TrainingSet, participant: u32) -> Option<Case> {
        let purchases = self.data.purchases();
        let mut bought: Vec<u32> = purchases.of(participant).to_vec();
        let mut known = Vec::new();
        if let Split::NextPurchases { known: n, .. } = self.split {
            let mut random = Random::stream(self.seed, KNOWN + u64::from(participant));
            let mut in_order: Vec<_> = purchases
                .times_of(participant as usize)
                .map(|(course, at)| (at.is_none(), at, random.next(), course))
                .collect();
            in_order.sort_unstable();
            let mut courses = in_order.into_iter().map(|(.., course)| course);
            known = courses.by_ref().take(n).collect();
            bought = courses.collect();
            known.sort_unstable();
            bought.sort_unstable();
        }
        bought.retain(|&course| train.catalogue().course(course).is_open());
        let spent = bought.iter().map(|&course| train.catalogue().course(course).price().0).sum::<u64>();
        let balance = self.balances.get(&participant).copied().unwrap_or(Amount(spent).min(Amount::MAX));
        (!bought.is_empty()).then_some(Case { participant, known, truth: bought, balance })
    }
}

/// Whether all purchases are known to be at `after` or later.
fn is_newcomer(data: &TrainingSet, participant: u32, after: Timestamp) -> bool {
    data.purchases().times_of(participant as usize).all(|(_, at)| at.is_some_and(|at| at >= after))
}

/// The moments from which on the newest tenth of the past participants bought first, the tenth before them, and so on, and
/// how many participants each of them has: those of one moment belong together. A tenth with nothing before it is left out.
pub(super) fn newest_tenths(data: &TrainingSet, most: usize) -> Vec<(Timestamp, usize)> {
    let times = |p: usize| data.purchases().times_of(p).map(|(_, at)| at);
    let all = (0..data.participants().len()).filter_map(|p| times(p).collect::<Option<Vec<_>>>()?.into_iter().min());
    let mut firsts: Vec<Timestamp> = all.collect();
    firsts.sort_unstable();
    let mut tenths = Vec::new();
    while tenths.len() < most {
        // A tenth of what is left, and whoever came at the same moment as its first one.
        let Some(&at) = firsts.get(firsts.len() - firsts.len().div_ceil(10)) else { break };
        let begin = match firsts.partition_point(|&first| first < at) {
            // All the rest came at once, so it begins later.
            0 => firsts.partition_point(|&first| first <= at),
            begin => begin,
        };
        let Some(&after) = firsts.get(begin) else { break };
        tenths.push((after, firsts.len() - begin));
        firsts.truncate(begin);
    }
    tenths
}

fn something_before(data: &TrainingSet, after: Timestamp) -> Result<(), EvaluateError> {
    let all = (0..data.participants().len()).flat_map(|p| data.purchases().times_of(p));
    match all.filter_map(|(_, at)| at).min() {
        Some(earliest) if earliest < after => Ok(()),
        earliest => Err(EvaluateError::NothingBefore {
            after: after.to_string(),
            earliest: earliest.map_or_else(|| "unknown, as no purchase has a time".to_owned(), |at| at.to_string()),
        }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{Course, Profile, Schema};

    /// Ten participants; `p3` bought `c0`, `c1`, `c2` and `c3` in January, February, March and April, the others alike.
    fn data() -> TrainingSet {
        let mut data = TrainingSet::builder(Schema::new().numeric("age"));
        for course in 0..10 {
            data.course(Course::new(format!("c{course}"), Amount(100 + course)).with_open(course != 0)).unwrap();
        }
        for person in 0..10 {
            let id = format!("p{person}");
            data.participant(&id, Profile::new().with("age", person)).unwrap();
            for course in 0..=person {
                let at = format!("2024-{:02}-01", course + 1 + person / 8).parse().unwrap();
                data.purchase_at(&id, &format!("c{course}"), at).unwrap();
            }
        }
        data.build().unwrap()
    }

    fn folds(split: Split, max_share: f64) -> Vec<Fold> {
        let data = data();
        let plan = Plan::new(&data, split, Open::Share(max_share), usize::MAX, 7).unwrap();
        (0..plan.n_folds).map(|fold| plan.fold(fold)).collect()
    }

    #[test]
    fn each_participant_is_tested_once_and_never_learned_from_there() {
        let folds = folds(Split::KFold { folds: 3 }, 1.0);
        let mut tested: Vec<u32> = folds.iter().flat_map(|fold| fold.cases.iter().map(|c| c.participant)).collect();
        tested.sort_unstable();
        assert!(tested.into_iter().eq(0..10));
        for fold in &folds {
            assert!(fold.cases.iter().all(|case| fold.train.purchases().of(case.participant).is_empty()));
            assert_eq!(fold.train.past().len() + fold.cases.len(), 10);
        }
    }

    #[test]
    fn newcomers_bought_nothing_before_the_date_and_the_date_itself_is_after() {
        let folds = folds(Split::Newcomers { after: "2024-02-01".parse().unwrap() }, 1.0);
        let [fold] = &folds[..] else { panic!("one fold") };
        // `p8` and `p9` begin in February; of the others only January is learned from.
        assert_eq!(fold.cases.iter().map(|c| c.participant).collect::<Vec<_>>(), [8, 9]);
        assert_eq!(fold.train.purchases().len(), 8);
        assert_eq!((fold.cases[0].truth.len(), fold.cases[0].balance), (9, Amount(900 + 36)));
    }

    #[test]
    fn newest_tenths_are_by_first_purchase_and_those_of_one_moment_belong_together() {
        // In January `p0` to `p7` bought first, in February `p8` and `p9`; before January there is nothing.
        let data = data();
        assert_eq!(newest_tenths(&data, 3), [("2024-02-01".parse().unwrap(), 2)]);
        let mut spread = TrainingSet::builder(Schema::new().numeric("age"));
        spread.course(Course::new("c", Amount(1))).unwrap();
        for person in 0..20 {
            spread.participant(person.to_string(), Profile::new()).unwrap();
            let at = format!("2024-01-{:02}", person + 1).parse().unwrap();
            spread.purchase_at(&person.to_string(), "c", at).unwrap();
        }
        let tenths = newest_tenths(&spread.build().unwrap(), 2);
        assert_eq!(tenths, [("2024-01-19".parse().unwrap(), 2), ("2024-01-17".parse().unwrap(), 2)]);
    }

    #[test]
    fn the_first_purchases_are_known_and_the_rest_is_predicted() {
        let folds = folds(Split::NextPurchases { folds: 2, known: 2 }, 1.0);
        let mut cases: Vec<&Case> = folds.iter().flat_map(|fold| &fold.cases).collect();
        cases.sort_unstable_by_key(|case| case.participant);
        assert_eq!(cases.len(), 8);
        assert_eq!((&cases[1].known[..], &cases[1].truth[..]), (&[0, 1][..], &[2, 3][..]));
    }

    #[test]
    fn courses_that_are_closed_by_now_could_be_bought_then() {
        let data = data();
        assert!(!data.catalogue().course(0).is_open());
        for fold in folds(Split::KFold { folds: 2 }, 1.0) {
            assert!(fold.train.catalogue().iter().all(Course::is_open));
        }
    }

    #[test]
    fn courses_bought_by_too_many_are_neither_recommended_nor_predicted() {
        let folds = folds(Split::KFold { folds: 2 }, 0.4);
        for Fold { train, cases } in &folds {
            let past = train.past();
            for (course, number) in train.catalogue().iter().zip(0..) {
                let buyers = past.iter().filter(|&&p| train.purchases().of(p).contains(&number)).count();
                assert_eq!(course.is_open(), 5 * buyers <= 2 * past.len(), "{}", course.id());
            }
            let open = |&c: &u32| train.catalogue().course(c).is_open();
            assert!(cases.iter().all(|case| !case.truth.is_empty() && case.truth.iter().all(open)));
        }
    }

    #[test]
    fn the_same_seed_gives_the_same_split_and_another_one_another() {
        let data = data();
        let tested = |seed| {
            let plan = Plan::new(&data, Split::KFold { folds: 2 }, Open::Share(1.0), usize::MAX, seed).unwrap();
            plan.fold(0).cases
        };
        assert_eq!(tested(1), tested(1));
        assert_ne!(tested(1), tested(2));
    }

    #[test]
    fn splits_that_leave_nothing_are_errors() {
        let data = data();
        let refused = |split| Plan::new(&data, split, Open::Share(1.0), usize::MAX, 0).unwrap_err();
        assert!(matches!(refused(Split::KFold { folds: 1 }), EvaluateError::BadFolds { folds: 1, participants: 10 }));
        assert!(matches!(refused(Split::KFold { folds: 11 }), EvaluateError::BadFolds { .. }));
        let before_all = Split::Newcomers { after: "2023-01-01".parse().unwrap() };
        assert!(matches!(refused(before_all), EvaluateError::NothingBefore { .. }));
        let after_all = Split::Newcomers { after: "2025-01-01".parse().unwrap() };
        assert!(matches!(refused(after_all), EvaluateError::NobodyToTest { .. }));
        let many = Split::NextPurchases { folds: 2, known: 10 };
        assert!(matches!(refused(many), EvaluateError::NobodyToTest { .. }));
    }
}
