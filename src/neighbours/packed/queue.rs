//! What to look at next.

const NONE: u32 = u32::MAX;

/// A node of a level, of which 0 are the nodes over blocks, or a block.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Item {
    Block(u32),
    Node(usize, u32),
}

/// A number above those of levels, as 64^6 rows are more than there can be.
const BLOCK: u32 = 7;
/// Rows are numbered in `u32`, so blocks and nodes take 26 bits at most.
const LEVEL_SHIFT: u32 = 29;

/// Nodes and blocks by their lower bounds, which are bytes.
#[derive(Debug, Clone)]
pub(super) struct Queue {
    heads: [u32; 1 << 8],
    /// What waits, and what comes after it.
    entries: Vec<(u32, u32)>,
    cursor: usize,
}

impl Default for Queue {
    fn default() -> Self {
        Self { heads: [NONE; 1 << 8], entries: Vec::new(), cursor: 0 }
    }
}

impl Queue {
    pub(super) fn clear(&mut self) {
        self.heads.fill(NONE);
        self.entries.clear();
        self.cursor = 0;
    }

    #[inline(always)]
    #[expect(clippy::cast_possible_truncation, reason = "fewer entries than rows, fewer levels than eight")]
    pub(super) fn push(&mut self, bound: u8, item: Item) {
        let packed = match item {
            Item::Block(number) => BLOCK << LEVEL_SHIFT | number,
            Item::Node(level, number) => (level as u32) << LEVEL_SHIFT | number,
        };
        let head = &mut self.heads[usize::from(bound)];
        self.entries.push((packed, *head));
        *head = self.entries.len() as u32 - 1;
        // A child may have a lower bound than its parent, where that one was rounded.
        self.cursor = self.cursor.min(usize::from(bound));
    }

    /// Whether items were taken whose bounds are the largest byte, and so are not told apart.
    pub(super) fn has_saturated(&self) -> bool {
        self.cursor == usize::from(u8::MAX)
    }

    /// Takes an item of the least bound, which is at most `limit`.
    #[inline(always)]
    pub(super) fn pop(&mut self, limit: usize) -> Option<Item> {
        while self.cursor <= limit {
            let head = &mut self.heads[self.cursor];
            if let Some(&(packed, next)) = self.entries.get(*head as usize) {
                *head = next;
                let (level, number) = (packed >> LEVEL_SHIFT, packed & ((1 << LEVEL_SHIFT) - 1));
                return Some(if level == BLOCK { Item::Block(number) } else { Item::Node(level as usize, number) });
            }
            self.cursor += 1;
        }
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn items_come_by_rising_bound_up_to_the_limit() {
        let mut queue = Queue::default();
        queue.push(9, Item::Block((1 << 26) - 1));
        queue.push(3, Item::Node(5, 7));
        queue.push(200, Item::Node(0, 1));
        assert_eq!(
            [queue.pop(99), queue.pop(99), queue.pop(99)],
            [Some(Item::Node(5, 7)), Some(Item::Block((1 << 26) - 1)), None]
        );
        queue.push(0, Item::Block(0));
        assert_eq!(
            [queue.pop(255), queue.pop(255), queue.pop(255)],
            [Some(Item::Block(0)), Some(Item::Node(0, 1)), None]
        );
    }
}
