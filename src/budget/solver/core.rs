//! The candidates that sets within an allowed loss may differ in, and the groups among them.

use super::reduce::{LimitedGroup, Reduced};
use super::relaxation::Relaxation;

/// The core, in the order in which it is decided on. The candidates of one limited group stand together in a cluster, so that its
/// usage no longer tells states apart once the cluster is done, and all clusters can use the same bits for it. Where two kinds
/// of groups are limited, groups of the second kind have bits of their own.
pub(super) struct Core {
    pub(super) clusters: Vec<ItemCluster>,
    /// The groups with candidates in several clusters.
    pub(super) crossing: Vec<Field>,
}

/// Candidates that are decided on one after the other, first those that the relaxation holds.
#[derive(Default)]
pub(super) struct ItemCluster {
    pub(super) members: Vec<Member>,
    /// The bits of usage that are not needed after it.
    pub(super) done: u64,
}

/// A candidate of the core.
pub(super) struct Member {
    pub(super) candidate: u32,
    /// What it adds to the usage.
    pub(super) takes: u64,
    /// Where it does.
    fields: [Option<Field>; 2],
}

impl Member {
    /// Whether its groups have room for this usage.
    pub(super) fn allows(&self, usage: u64) -> bool {
        self.fields.iter().flatten().all(|field| field.allows(usage))
    }
}

/// The bits of a usage that count the courses of a group.
#[derive(Debug, Clone, Copy)]
pub(super) struct Field {
    shift: u32,
    bits: u64,
    room: u64,
}

impl Field {
    pub(super) fn allows(self, usage: u64) -> bool {
        (usage & self.bits) >> self.shift <= self.room
    }
}

impl Core {
    /// Of these candidates, which come by rising loss; `None` when there are too many groups to count.
    pub(super) fn new(reduced: &Reduced, relaxation: &Relaxation, candidates: &[u32]) -> Option<Self> {
        let mut in_core = vec![false; reduced.candidates.len()];
        for &c in candidates {
            in_core[c as usize] = true;
        }
        // What the core may use of each group, where it could use more.
        let room = |group: &LimitedGroup| {
            let (inside, outside): (Vec<u32>, Vec<u32>) = group.members.iter().partition(|&&c| in_core[c as usize]);
            let room = group.room - outside.into_iter().filter(|&c| relaxation.holds(c)).count();
            (inside.len() > room).then_some(room as u64)
        };
        let rooms: Vec<Vec<Option<u64>>> =
            reduced.groups.iter().map(|groups| groups.iter().map(room).collect()).collect();
        let group = |kind: usize, c: u32| reduced.group_of[kind][c as usize] as usize;
        // Wide enough for all candidates of the core.
        let width = usize::BITS - candidates.len().leading_zeros();
        let field = |shift: u32, room| Field { shift, bits: ((1 << width) - 1) << shift, room };

        let first = rooms.iter().position(|rooms| rooms.iter().any(Option::is_some));
        let mut cluster_of = vec![None; first.map_or(0, |kind| rooms[kind].len())];
        let mut clusters: Vec<ItemCluster> = Vec::new();
        for &candidate in candidates.iter().rev() {
            let mut member = Member { candidate, takes: 0, fields: [None, None] };
            let mut place = clusters.len();
            if let Some(kind) = first
                && let Some(room) = rooms[kind][group(kind, candidate)]
            {
                member.takes = 1;
                member.fields[0] = Some(field(0, room));
                place = *cluster_of[group(kind, candidate)].get_or_insert(place);
            }
            if place == clusters.len() {
                clusters
                    .push(ItemCluster { members: Vec::new(), done: member.fields[0].map_or(0, |field| field.bits) });
            }
            clusters[place].members.push(member);
        }
        for cluster in &mut clusters {
            cluster.members.sort_by_key(|member| !relaxation.holds(member.candidate));
        }

        let mut crossing = Vec::new();
        if let Some(kind) = first.map(|kind| kind + 1).filter(|&kind| kind < rooms.len()) {
            // For each group its field, and its cluster as long as it is in no other.
            let mut fields: Vec<Option<(Field, Option<usize>)>> = vec![None; rooms[kind].len()];
            let mut shift = width;
            for (place, cluster) in clusters.iter_mut().enumerate() {
                for member in &mut cluster.members {
                    let group = group(kind, member.candidate);
                    let Some(room) = rooms[kind][group] else { continue };
                    let (field, only) = fields[group].get_or_insert_with(|| {
                        shift += width;
                        (field((shift - width).min(u64::BITS - 1), room), Some(place))
                    });
                    *only = only.filter(|&only| only == place);
                    member.takes |= 1 << field.shift;
                    member.fields[1] = Some(*field);
                }
            }
            if shift > u64::BITS {
                return None;
            }
            for (field, only) in fields.into_iter().flatten() {
                match only {
                    Some(place) => clusters[place].done |= field.bits,
                    None => crossing.push(field),
                }
            }
        }
        Some(Self { clusters, crossing })
    }
}
