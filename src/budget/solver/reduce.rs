//! What is left to decide: items that fit, without those that must be included and those that cannot be in a best set.

use std::cmp::Reverse;
use std::collections::{BinaryHeap, HashMap};

use super::{Chosen, Infeasible, Item, Problem, pool::Set};

/// A smaller problem with the same best sets.
#[derive(Debug)]
pub(super) struct Reduced {
    /// The items that may be chosen.
    pub(super) candidates: Vec<FreeItem>,
    /// What is left of the balance after the items that must be included.
    pub(super) balance: u64,
    /// How many may be chosen, at most as many as there are candidates.
    pub(super) slots: usize,
    /// The categories, or the providers, or first the categories and then the providers: the kinds of groups with a limit. Each
    /// candidate is in one group of each kind.
    pub(super) groups: Vec<Vec<LimitedGroup>>,
    /// For each kind the group of each candidate.
    pub(super) group_of: Vec<Vec<u32>>,
    /// Whether the balance may pay for more than `slots`.
    pub(super) counted: bool,
    /// How many sets are wanted.
    pub(super) n: usize,
}

/// An item that may be chosen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct FreeItem {
    pub(super) price: u64,
    pub(super) value: u64,
    pub(super) id_rank: u32,
    /// Where there is a limit.
    category: Option<u32>,
    provider: Option<u32>,
    /// Its index among the items of the problem.
    item: u32,
}

impl Reduced {
    pub(super) fn new(problem: &Problem<'_>, n: usize) -> Result<Self, Infeasible> {
        let mut rooms = Rooms::new(problem);
        let mut must = vec![false; problem.items.len()];
        let mut fixed: u64 = 0;
        for &index in problem.must_include {
            let item = &problem.items[index as usize];
            must[index as usize] = true;
            fixed = fixed.saturating_add(item.price);
            rooms.take(item)?;
        }
        let count = problem.must_include.len();
        let max = problem.max_courses;
        let slots = max.checked_sub(count).ok_or(Infeasible::TooMany { count, max })?;
        let balance = problem.balance.checked_sub(fixed);
        let balance = balance.ok_or(Infeasible::TooDear { total: fixed, balance: problem.balance })?;

        let items =
            problem.items.iter().zip(0..).zip(&must).filter(|((item, _), must)| !**must && item.price <= balance);
        let candidates = items.map(|((item, index), _)| FreeItem {
            price: item.price,
            value: item.value,
            id_rank: item.id_rank,
            category: item.category.filter(|_| problem.max_per_category.is_some()),
            provider: item.provider.filter(|_| problem.max_per_provider.is_some()),
            item: index,
        });
        let candidates = undominated(candidates.collect(), slots, n);
        let kinds: [(_, _, GroupOf); 2] = [
            (problem.max_per_category, &rooms.categories, |c| c.category),
            (problem.max_per_provider, &rooms.providers, |c| c.provider),
        ];
        let kinds = kinds.into_iter().filter(|(max, _, _)| max.is_some());
        let groups: Vec<Vec<LimitedGroup>> =
            kinds.map(|(_, rooms, group_of)| groups(&candidates, rooms, group_of)).collect();
        let mut group_of = vec![vec![0; candidates.len()]; groups.len()];
        for (group_of, groups) in group_of.iter_mut().zip(&groups) {
            for (number, group) in (0..).zip(groups) {
                group.members.iter().for_each(|&c| group_of[c as usize] = number);
            }
        }
        let fit = most_that_fit(&candidates, balance);
        Ok(Self { slots: slots.min(fit), counted: slots < fit, candidates, balance, groups, group_of, n })
    }

    pub(super) fn price(&self, candidate: u32) -> i64 {
        self.candidates[candidate as usize].price.cast_signed()
    }

    /// A set of candidates, by their places.
    pub(super) fn set(&self, candidates: &[u32]) -> Set {
        let chosen = || candidates.iter().map(|&c| &self.candidates[c as usize]);
        let mut ids: Vec<u32> = chosen().map(|c| c.id_rank).collect();
        ids.sort_unstable();
        Set {
            value: chosen().map(|c| u128::from(c.value)).sum(),
            total: chosen().map(|c| c.price).sum(),
            ids,
            candidates: candidates.to_vec(),
        }
    }

    /// A set with the items that must be included.
    pub(super) fn complete(&self, problem: &Problem<'_>, set: &Set) -> Chosen {
        let free = set.candidates.iter().map(|&c| self.candidates[c as usize].item);
        let mut items: Vec<u32> = problem.must_include.iter().copied().chain(free).collect();
        items.sort_unstable();
        Chosen { items, value: self.fixed_value(problem) + set.value }
    }

    /// The value of the items that must be included.
    #[expect(clippy::unused_self, reason = "it belongs to the reduction")]
    pub(super) fn fixed_value(&self, problem: &Problem<'_>) -> u128 {
        problem.must_include.iter().map(|&i| u128::from(problem.items[i as usize].value)).sum()
    }
}

/// The group of a candidate, of one kind.
type GroupOf = fn(&FreeItem) -> Option<u32>;

/// Candidates of which no more than `room` may be chosen.
#[derive(Debug)]
pub(super) struct LimitedGroup {
    pub(super) members: Vec<u32>,
    pub(super) room: usize,
}

/// The groups of one kind; those of no group are one without a limit.
fn groups(candidates: &[FreeItem], rooms: &[u32], group_of: GroupOf) -> Vec<LimitedGroup> {
    let mut members = vec![Vec::new(); rooms.len() + 1];
    for (c, candidate) in (0..).zip(candidates) {
        members[group_of(candidate).map_or(rooms.len(), |group| group as usize)].push(c);
    }
    let rooms = rooms.iter().map(|&room| room as usize).chain([usize::MAX]);
    let groups =
        members.into_iter().zip(rooms).map(|(members, room)| LimitedGroup { room: room.min(members.len()), members });
    groups.filter(|group| !group.members.is_empty()).collect()
}

/// How many of the cheapest candidates the balance pays for; no set has more.
fn most_that_fit(candidates: &[FreeItem], balance: u64) -> usize {
    let mut prices: Vec<u64> = candidates.iter().map(|c| c.price).collect();
    prices.sort_unstable();
    let totals = prices.iter().scan(0_u64, |total, &price| {
        *total = total.saturating_add(price);
        Some(*total)
    });
    totals.take_while(|&total| total <= balance).count()
}

/// How many more courses of each group a plan may have.
struct Rooms {
    categories: Vec<u32>,
    providers: Vec<u32>,
    max: (u32, u32),
}

impl Rooms {
    fn new(problem: &Problem<'_>) -> Self {
        let rooms = |max: Option<u32>, group: fn(&Item) -> Option<u32>| {
            let groups = problem.items.iter().filter_map(group).max().map_or(0, |largest| largest as usize + 1);
            max.map_or(Vec::new(), |max| vec![max; groups])
        };
        Self {
            categories: rooms(problem.max_per_category, |item| item.category),
            providers: rooms(problem.max_per_provider, |item| item.provider),
            max: (problem.max_per_category.unwrap_or(0), problem.max_per_provider.unwrap_or(0)),
        }
    }

    fn take(&mut self, item: &Item) -> Result<(), Infeasible> {
        let (per_category, per_provider) = self.max;
        if let Some(room) = item.category.and_then(|group| self.categories.get_mut(group as usize)) {
            let error = Infeasible::TooManyOfCategory { count: per_category.saturating_add(1), max: per_category };
            *room = room.checked_sub(1).ok_or(error)?;
        }
        if let Some(room) = item.provider.and_then(|group| self.providers.get_mut(group as usize)) {
            let error = Infeasible::TooManyOfProvider { count: per_provider.saturating_add(1), max: per_provider };
            *room = room.checked_sub(1).ok_or(error)?;
        }
        Ok(())
    }
}

/// Leaves out what is dominated often enough.
///
/// A set of at most `slots` items that holds `b` holds at most `slots - 1` of the items that dominate `b`. Each of the
/// others makes a strictly better set when it takes the place of `b`, and these sets are distinct. So with
/// `slots - 1 + n` of them there are `n` better sets.
///
/// Going by rising price and falling value, the values of cheaper items in the same groups are known; those strictly above
/// are counted up to the limit by a heap of the largest ones.
fn undominated(mut candidates: Vec<FreeItem>, slots: usize, n: usize) -> Vec<FreeItem> {
    if slots == 0 || n == 0 {
        return Vec::new();
    }
    let limit = (slots - 1).saturating_add(n);
    candidates.sort_unstable_by_key(|c| (c.price, Reverse(c.value), c.id_rank));
    let mut largest: HashMap<_, BinaryHeap<Reverse<u64>>> = HashMap::new();
    let mut twins = HashMap::new();
    candidates.retain(|c| {
        let heap = largest.entry((c.category, c.provider)).or_default();
        let beaten = heap.len() == limit && heap.peek().is_some_and(|&Reverse(smallest)| smallest > c.value);
        let twins: &mut usize = twins.entry((c.price, c.value, c.category, c.provider)).or_default();
        if beaten || *twins >= limit {
            return false;
        }
        *twins += 1;
        heap.push(Reverse(c.value));
        if heap.len() > limit {
            heap.pop();
        }
        true
    });
    candidates
}
