//! The tree over sorted rows.

use std::ops::Range;

use crate::encode::{Level, Profiles};

/// Levels are added as long as a node has more rows than this on average.
const ROWS_A_NODE: usize = 4;

/// All nodes, level by level. The nodes of a level are in the order of their rows, so the children of a node are a range
/// of the next level.
#[derive(Debug, Clone)]
pub(super) struct Tree {
    pub(super) levels: Vec<NodeLevel>,
}

/// The nodes of one depth.
#[derive(Debug, Clone)]
pub(super) struct NodeLevel {
    /// The level of the profiles by whose coarse codes nodes are told apart.
    pub(super) level: usize,
    /// The coarse code of each node.
    pub(super) codes: Vec<u16>,
    /// Where each node's children start in the next level, or its rows after the last one; and the end of all.
    starts: Vec<u32>,
}

impl NodeLevel {
    /// The children of a node, or its rows.
    pub(super) fn below(&self, node: u32) -> Range<u32> {
        self.starts[node as usize]..self.starts[node as usize + 1]
    }
}

impl Tree {
    pub(super) fn new(profiles: &Profiles) -> Self {
        let n_rows = profiles.n_rows();
        // Where the nodes of the level before start, as rows: at first one node holds all.
        let mut starts: Vec<u32> = vec![0];
        let mut levels: Vec<NodeLevel> = Vec::new();
        for (number, level) in profiles.levels().iter().enumerate() {
            if starts.len() * ROWS_A_NODE > n_rows {
                break;
            }
            // A level that tells nothing apart costs time and leads nowhere.
            if level.n_coarse > 1 {
                let (codes, nodes, parents) = split(profiles, level, &starts);
                if let Some(above) = levels.last_mut() {
                    above.starts = parents;
                }
                starts = nodes;
                levels.push(NodeLevel { level: number, codes, starts: Vec::new() });
            }
        }
        if let Some(last) = levels.last_mut() {
            last.starts = starts;
            last.starts.push(end(n_rows));
        }
        Self { levels }
    }

    pub(super) fn bytes(&self) -> usize {
        self.levels.iter().map(|level| 2 * level.codes.len() + 4 * level.starts.len()).sum()
    }
}

#[expect(clippy::cast_possible_truncation, reason = "rows are numbered in u32")]
fn end(n_rows: usize) -> u32 {
    n_rows as u32
}

/// Splits runs of rows by their coarse codes. Answers with the code and the first row of each node, and where the nodes of
/// each run start, and the end of all.
fn split(profiles: &Profiles, level: &Level, runs: &[u32]) -> (Vec<u16>, Vec<u32>, Vec<u32>) {
    let column = profiles.columns()[level.attribute].codes();
    let (mut codes, mut nodes, mut parents) = (Vec::new(), Vec::new(), Vec::with_capacity(runs.len() + 1));
    let mut runs = runs.iter().copied().peekable();
    for row in 0..end(profiles.n_rows()) {
        // There are at most 512 coarse codes.
        let code = u16::try_from(level.coarse_code(column.get(row as usize))).unwrap_or(u16::MAX);
        let starts_run = runs.next_if_eq(&row).is_some();
        if starts_run {
            parents.push(end(nodes.len()));
        }
        if starts_run || codes.last() != Some(&code) {
            codes.push(code);
            nodes.push(row);
        }
    }
    parents.push(end(nodes.len()));
    codes.shrink_to_fit();
    nodes.shrink_to_fit();
    (codes, nodes, parents)
}
