//! A tile with the nodes above its hashes.

use super::hash::{Hash, node_hash};
use super::prove::TILE_WIDTH;

/// Up to 256 hashes of a tile and every complete node above them, in post-order.
///
/// Keeping the nodes costs one hash per appended leaf and makes a proof a matter of look-ups;
/// post-order makes them one vector (at most 511 hashes, 16 KiB) that only grows at its end.
#[derive(Clone, Debug, Default)]
pub(super) struct Block {
    width: u16,
    nodes: Vec<Hash>,
}

impl Block {
    /// A block of the hashes of a tile; those past the 256th are left out.
    pub(super) fn of(hashes: &[Hash]) -> Self {
        let mut block = Self::default();
        for hash in hashes.iter().take(usize::from(TILE_WIDTH)) {
            block.push(*hash);
        }
        block
    }

    /// How many hashes the tile has.
    pub(super) fn width(&self) -> u16 {
        self.width
    }

    /// Adds a hash. Returns the root of the tile when this was the 256th; a full block takes no
    /// more and gives its root again.
    pub(super) fn push(&mut self, hash: Hash) -> Option<Hash> {
        if self.width < TILE_WIDTH {
            self.width += 1;
            self.nodes.push(hash);
            let mut node = hash;
            for height in 0..self.width.trailing_zeros() {
                // The node just completed is a right child; its sibling ends where it starts.
                let subtree = (2usize << height) - 1;
                let left =
                    self.nodes.len().checked_sub(subtree + 1).and_then(|i| self.nodes.get(i));
                node = node_hash(left?, &node);
                self.nodes.push(node);
            }
        }
        self.root()
    }

    /// The root of a full tile.
    pub(super) fn root(&self) -> Option<Hash> {
        if self.width == TILE_WIDTH { self.nodes.last().copied() } else { None }
    }

    /// Roots of the complete subtrees that make up a partial tile, the smallest (rightmost) first.
    pub(super) fn peaks(&self) -> impl Iterator<Item = Hash> + '_ {
        let mut end = self.nodes.len();
        let heights = (0..8u32).filter(|height| self.width >> height & 1 == 1);
        heights.map_while(move |height| {
            let peak = self.nodes.get(end.checked_sub(1)?).copied();
            end = end.saturating_sub((2 << height) - 1);
            peak
        })
    }

    /// The `index`-th complete node of `2^height` hashes; `height` ≤ 8.
    pub(super) fn node(&self, height: u32, index: u64) -> Option<Hash> {
        let last = ((index + 1) << height) - 1;
        if height > 8 || last >= u64::from(self.width) {
            return None;
        }
        // Before hash number `last`, post-order holds every node complete by then: all of them
        // over `last` hashes (twice their number less one per complete subtree), then the chain
        // of nodes that this hash completes.
        let before = 2 * last - u64::from(last.count_ones());
        self.nodes.get(usize::try_from(before + u64::from(height)).ok()?).copied()
    }

    /// The first `width` hashes of the tile, in order.
    pub(super) fn hashes(&self, width: u16) -> impl Iterator<Item = Hash> + '_ {
        (0..u64::from(width)).map_while(|i| self.node(0, i))
    }
}

#[cfg(test)]
mod tests {
    use super::super::naive;
    use super::*;

    #[test]
    fn every_complete_node_is_found_and_no_other() {
        let hashes: Vec<_> = (0..=255).map(|i| Hash([i; 32])).collect();
        for width in [0, 1, 2, 3, 7, 8, 100, 255, 256] {
            let block = Block::of(&hashes[..width]);
            for height in 0..9 {
                let nodes: Vec<_> =
                    hashes[..width].chunks_exact(1 << height).map(naive::root).collect();
                let found: Vec<_> = (0..).map_while(|i| block.node(height, i)).collect();
                assert_eq!(nodes, found, "width {width} height {height}");
            }
            assert_eq!(block.root().is_some(), width == 256);
        }
        let full = Block::of(&hashes);
        assert_eq!(full.root(), Some(naive::root(&hashes)));
        assert_eq!(full.hashes(256).collect::<Vec<_>>(), hashes);
    }
}
