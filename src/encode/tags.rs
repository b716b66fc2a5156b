//! Sets of names: the half-weight is shared out equally among the tags of a set.

use super::names::Names;
use super::rounding::share;
use crate::domain::TagList;

/// Fills `set` with the slots and units of a caller's tags. Tags never seen add up in the last slot.
///
/// Allocates only when there are tags never seen: to tell the distinct ones among them.
pub(super) fn encode_tags(names: &Names, tags: TagList<'_>, half: u32, set: &mut Vec<(u32, u32)>) {
    set.clear();
    let mut unseen = Vec::new();
    tags.for_each(|tag| match names.slot(tag) {
        slot if slot == names.other() => unseen.push(tag),
        slot => set.push((slot, 0)),
    });
    set.sort_unstable();
    set.dedup();
    unseen.sort_unstable();
    unseen.dedup();
    share_out(set, unseen.len(), names.other(), half);
}

/// Fills `set` with the slots and units of tags that are given as distinct numbers; `slots` is the slot of each.
pub(super) fn encode_numbers(names: &Names, slots: &[u32], tags: &[u32], half: u32, set: &mut Vec<(u32, u32)>) {
    set.clear();
    set.extend(tags.iter().map(|&tag| (slots[tag as usize], 0)).filter(|&(slot, _)| slot != names.other()));
    set.sort_unstable();
    share_out(set, tags.len() - set.len(), names.other(), half);
}

/// The tags of a cell that are known, each with its distance between those without and those with it.
pub(super) fn weigh_tags(names: &Names, tags: TagList<'_>, distances: &[u32], set: &mut Vec<(u32, u32)>) {
    set.clear();
    tags.for_each(|tag| weigh(names, names.slot(tag), distances, set));
    set.sort_unstable();
    set.dedup();
}

/// The same from numbers of tags.
pub(super) fn weigh_numbers(names: &Names, slots: &[u32], tags: &[u32], distances: &[u32], set: &mut Vec<(u32, u32)>) {
    set.clear();
    for &tag in tags {
        weigh(names, slots[tag as usize], distances, set);
    }
    set.sort_unstable();
}

fn weigh(names: &Names, slot: u32, distances: &[u32], set: &mut Vec<(u32, u32)>) {
    let known = if slot == names.other() { None } else { distances.get(slot as usize) };
    if let Some(&distance) = known.filter(|&&distance| distance > 0) {
        set.push((slot, distance));
    }
}

/// Gives each slot its units, and the last slot those of `unseen` tags. A share of 0 units leaves the set empty,
/// which is the same vector.
#[expect(clippy::cast_possible_truncation, reason = "shares add up to about 2^19 units")]
fn share_out(set: &mut Vec<(u32, u32)>, unseen: usize, other: u32, half: u32) {
    let distinct = set.len() + unseen;
    let each = if distinct == 0 { 0 } else { share(half, distinct) };
    if each == 0 {
        set.clear();
        return;
    }
    for (_, units) in set.iter_mut() {
        *units = each;
    }
    if unseen > 0 {
        set.push((other, each * unseen as u32));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::Interner;

    fn names() -> (Interner, Names) {
        let mut all = Interner::default();
        for name in ["c", "a", "never bought"] {
            all.insert(name).unwrap();
        }
        let names = Names::fit(&all, [0, 1].into_iter()).unwrap();
        (all, names)
    }

    #[test]
    fn the_half_weight_is_shared_out_and_tags_never_seen_add_up() {
        let (_, names) = names();
        let mut set = Vec::new();
        for (cell, expected) in [
            ("a", vec![(0, 100)]),
            ("c|a", vec![(0, 50), (1, 50)]),
            ("c|x|a|x|c||", vec![(0, 33), (1, 33), (2, 33)]),
            ("x|y|a", vec![(0, 33), (2, 66)]),
            ("", vec![]),
        ] {
            encode_tags(&names, TagList::Cell(cell), 100, &mut set);
            assert_eq!(set, expected, "{cell}");
        }
    }

    #[test]
    fn a_share_of_no_unit_is_the_zero_vector() {
        let (_, names) = names();
        let mut set = Vec::new();
        encode_tags(&names, TagList::Cell("a|b|c|d|e"), 2, &mut set);
        assert_eq!(set, []);
    }

    #[test]
    fn numbers_and_texts_are_encoded_alike() {
        let (all, names) = names();
        let (mut by_number, mut by_text) = (Vec::new(), Vec::new());
        encode_numbers(&names, &names.slots(&all), &[0, 1, 2], 100, &mut by_number);
        encode_tags(&names, TagList::Cell("never bought|c|a"), 100, &mut by_text);
        assert_eq!(by_number, by_text);
    }
}
