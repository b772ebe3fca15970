//! Verification of inclusion and consistency (RFC 9162 §2.1.3.2 and §2.1.4.2).
//!
//! Independent of the generators in `prove`: it walks the bits of the positions, not a tree. A
//! path of any other length than the right one fails.

use super::hash::{EMPTY_ROOT, Hash, node_hash};

/// Longest path there can be: one hash per level of a tree of 2^64 leaves.
pub const MAX_PATH: usize = 64;

/// Why a path proves nothing. The fault lies with the log, or with whoever carried the proof.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum VerifyError {
    /// The index is not below the size, or the old size is above the new one.
    #[error("the position lies outside the tree")]
    OutOfRange,
    /// The path has more or fewer hashes than the position asks for.
    #[error("the path has the wrong length")]
    PathLength,
    /// The path does not lead to the root.
    #[error("the path does not lead to the root")]
    RootMismatch,
}

/// Checks that `leaf` is the hash of entry `index` in the tree of `size` entries with `root`.
///
/// `path` runs from the sibling of the leaf to the child of the root.
pub fn verify_inclusion(
    leaf: &Hash,
    index: u64,
    size: u64,
    path: &[Hash],
    root: &Hash,
) -> Result<(), VerifyError> {
    if index >= size {
        return Err(VerifyError::OutOfRange);
    }
    let mut walk = Walk { node: index, last: size - 1 };
    let mut computed = *leaf;
    for sibling in path {
        computed = match walk.step()? {
            Side::Left => node_hash(sibling, &computed),
            Side::Right => node_hash(&computed, sibling),
        };
    }
    walk.finish()?;
    if computed == *root { Ok(()) } else { Err(VerifyError::RootMismatch) }
}

/// Checks that the tree of `old_size` entries with `old_root` is a prefix of the tree of
/// `new_size` entries with `new_root`.
///
/// Between equal sizes, and from the empty tree, the path is empty.
pub fn verify_consistency(
    old_size: u64,
    old_root: &Hash,
    new_size: u64,
    new_root: &Hash,
    path: &[Hash],
) -> Result<(), VerifyError> {
    if old_size > new_size {
        return Err(VerifyError::OutOfRange);
    }
    if old_size == 0 || old_size == new_size {
        let empty_ok = old_size > 0 || *old_root == EMPTY_ROOT;
        let same_ok = old_size < new_size || old_root == new_root;
        return match (path.is_empty(), empty_ok && same_ok) {
            (false, _) => Err(VerifyError::PathLength),
            (true, false) => Err(VerifyError::RootMismatch),
            (true, true) => Ok(()),
        };
    }
    // The path starts at the largest complete subtree that ends where the old tree ends. If that
    // is the old tree as a whole, the path leaves it out.
    let (seed, rest) = if old_size.is_power_of_two() {
        (old_root, path)
    } else {
        path.split_first().ok_or(VerifyError::PathLength)?
    };
    let height = (old_size - 1).trailing_ones();
    let mut walk = Walk { node: (old_size - 1) >> height, last: (new_size - 1) >> height };
    let (mut old, mut new) = (*seed, *seed);
    for sibling in rest {
        match walk.step()? {
            Side::Left => {
                old = node_hash(sibling, &old);
                new = node_hash(sibling, &new);
            }
            Side::Right => new = node_hash(&new, sibling),
        }
    }
    walk.finish()?;
    if old == *old_root && new == *new_root { Ok(()) } else { Err(VerifyError::RootMismatch) }
}

/// On which side of the node its sibling lies.
enum Side {
    Left,
    Right,
}

/// A way from a node to the root: `fn` and `sn` of RFC 9162.
struct Walk {
    /// Position of the node at its height.
    node: u64,
    /// Position of the last node at that height; zero at the root.
    last: u64,
}

impl Walk {
    /// Goes up to the next parent that has two children.
    fn step(&mut self) -> Result<Side, VerifyError> {
        if self.last == 0 {
            return Err(VerifyError::PathLength);
        }
        let side = if self.node & 1 == 1 || self.node == self.last {
            // The last node of a level with an odd count has no sibling there: it moves up alone.
            let alone = self.node.trailing_zeros();
            self.node >>= alone;
            self.last >>= alone;
            Side::Left
        } else {
            Side::Right
        };
        self.node >>= 1;
        self.last >>= 1;
        Ok(side)
    }

    /// The path is used up: it must have reached the root.
    fn finish(&self) -> Result<(), VerifyError> {
        if self.last == 0 { Ok(()) } else { Err(VerifyError::PathLength) }
    }
}
