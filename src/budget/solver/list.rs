//! Lists of partial sets, without those that are useless.
//!
//! Of two partial sets, the one that costs no more, has no more courses and is worth more makes the other one useless: whatever
//! completes the one completes the other.

use std::cmp::Reverse;

use super::Steps;

/// A partial set, as its difference from what the relaxation holds.
#[derive(Debug, Clone, Copy)]
pub(super) struct State {
    pub(super) worth: i128,
    pub(super) loss: i128,
    pub(super) price: i64,
    /// What it uses of the groups whose room may run out.
    pub(super) usage: u64,
    /// The number of courses, where that is limited; else 0.
    pub(super) count: i32,
    /// Its last change.
    pub(super) last: u32,
}

impl State {
    pub(super) const START: Self = Self { worth: 0, loss: 0, price: 0, usage: 0, count: 0, last: 0 };

    /// The order of a list. States that are equal in it differ only in their ids.
    pub(super) fn key(&self) -> (u64, i64, i32, Reverse<i128>) {
        (self.usage, self.price, self.count, Reverse(self.worth))
    }
}

/// The changes that lead to each state: which candidate, and the change before it. The first one stands for none.
pub(super) struct Changes {
    nodes: Vec<(u32, u32)>,
    /// The candidates in the order in which they are decided on.
    turns: Vec<Turn>,
}

struct Turn {
    candidate: u32,
    id_rank: u32,
    /// Whether the relaxation holds it, so that a change takes it away.
    held: bool,
}

impl Changes {
    pub(super) fn new() -> Self {
        Self { nodes: vec![(0, 0)], turns: vec![Turn { candidate: 0, id_rank: 0, held: false }] }
    }

    pub(super) fn len(&self) -> usize {
        self.nodes.len()
    }

    /// The changes that follow are of this candidate.
    pub(super) fn next_turn(&mut self, candidate: u32, id_rank: u32, held: bool) {
        self.turns.push(Turn { candidate, id_rank, held });
    }

    /// One more change after these.
    pub(super) fn push(&mut self, before: u32) -> u32 {
        let number = |len: usize| u32::try_from(len).unwrap_or(u32::MAX);
        self.nodes.push((number(self.turns.len() - 1), before));
        number(self.nodes.len() - 1)
    }

    /// The candidates that are changed.
    pub(super) fn candidates(&self, mut last: u32) -> impl Iterator<Item = u32> {
        std::iter::from_fn(move || {
            let (turn, before) = self.nodes[last as usize];
            last = before;
            (turn > 0).then(|| self.turns[turn as usize].candidate)
        })
    }

    /// Whether the ids of the one set come before those of the other, where both have as many courses: whether the smallest id
    /// that only one of them has is in the first one.
    fn ids_before(&self, mut a: u32, mut b: u32, steps: &mut Steps) -> bool {
        let mut smallest = (u32::MAX, false);
        while a != b {
            steps.spend(1);
            let ((turn_a, before_a), (turn_b, before_b)) = (self.nodes[a as usize], self.nodes[b as usize]);
            if turn_a >= turn_b {
                a = before_a;
            }
            if turn_b >= turn_a {
                b = before_b;
            }
            if turn_a != turn_b {
                let turn = &self.turns[turn_a.max(turn_b) as usize];
                smallest = smallest.min((turn.id_rank, (turn_a > turn_b) != turn.held));
            }
        }
        smallest.1
    }
}

/// Above so many sets wanted, useless states are not looked for: few of them are useless then.
const MOST_WANTED: usize = 100;

/// Takes states in their order and keeps those that fewer than `n` others make useless.
pub(super) struct Undominated {
    n: usize,
    pub(super) states: Vec<State>,
    /// For each number of courses from `fewest` on, the `n` largest worths of states with at most so many courses, falling.
    best: Vec<i128>,
    fewest: i32,
    usage: u64,
}

impl Undominated {
    /// For these states.
    pub(super) fn new(n: usize, states: &[State]) -> Self {
        let counts = || states.iter().map(|state| state.count);
        let fewest = counts().min().unwrap_or(0);
        let rows = usize::try_from(counts().max().unwrap_or(0) - fewest).unwrap_or(0) + 1;
        let best = vec![i128::MIN; if n <= MOST_WANTED { n * rows } else { 0 }];
        Self { n, states: Vec::with_capacity(states.len()), best, fewest, usage: 0 }
    }

    /// Takes the next state.
    pub(super) fn offer(&mut self, state: State, changes: &Changes, steps: &mut Steps) {
        if self.usage != state.usage {
            self.usage = state.usage;
            self.best.fill(i128::MIN);
            steps.spend(self.best.len() / 4);
        }
        let row = usize::try_from(state.count - self.fewest).unwrap_or(0) * self.n;
        if self.best.get(row + self.n - 1).is_some_and(|&least| least > state.worth) {
            return;
        }
        // States of equal keys stand in the order of their ids.
        let first = self.states.iter().rposition(|other| other.key() != state.key()).map_or(0, |other| other + 1);
        let mut place = self.states.len();
        while place > first && changes.ids_before(state.last, self.states[place - 1].last, steps) {
            place -= 1;
        }
        if place == first + self.n {
            return;
        }
        self.states.insert(place, state);
        if self.states.len() > first + self.n {
            self.states.pop();
            return;
        }
        // A row holds what the rows before it hold, so the first one without a place ends it.
        for worths in self.best.chunks_exact_mut(self.n).skip(row / self.n) {
            steps.spend(1);
            let place = worths.partition_point(|&worth| worth >= state.worth);
            if place == self.n {
                break;
            }
            worths[place..].rotate_right(1);
            worths[place] = state.worth;
        }
    }
}
