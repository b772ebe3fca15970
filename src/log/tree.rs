//! The writer's state of the tree: what is needed to append, to sign and to prove what is recent.

use std::sync::Arc;

use super::block::Block;
use super::hash::{EMPTY_ROOT, Hash, node_hash};
use super::prove::{MAX_SIZE, Nodes, TILE_WIDTH, TileSource, in_tile, path};

/// The right edge of the tree: per level of tiles the last, partial tile and the full one before.
///
/// Appending is one or two hashes. The inclusion of any of the last 256 leaves (up to 511) is
/// proved without reading storage, so a commit group should not be larger than 256.
///
/// A clone copies the partial tiles, at most 16 KiB per level: clone before a commit group, drop
/// the clone if the commit fails.
#[derive(Clone, Debug, Default)]
pub struct Tree {
    size: u64,
    levels: Vec<Level>,
}

#[derive(Clone, Debug, Default)]
struct Level {
    previous: Option<Arc<Block>>,
    current: Block,
}

/// A tile that an append completed; immutable from now on, to be stored in the same transaction.
#[derive(Clone, Debug)]
pub struct NewTile {
    level: u8,
    index: u64,
    root: Hash,
    block: Arc<Block>,
}

/// The leaf is too old to be proved from memory, or not in the tree: use
/// [`inclusion_proof`](super::inclusion_proof) with the store.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the leaf is not among the recent ones")]
pub struct NotRecent;

/// Why a tree could not be taken up again. Each is the fault of the store.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RestoreError<E> {
    /// More leaves than [`MAX_SIZE`].
    #[error("the stored size of the tree is impossible")]
    Size,
    /// The source gave another number of hashes than it was asked for.
    #[error("a stored tile has the wrong width")]
    TileWidth,
    /// A full tile does not hash to what the level above says.
    #[error("stored tiles contradict each other")]
    Contradiction,
    /// The source failed.
    #[error("a tile could not be read")]
    Source(E),
}

impl Tree {
    /// The tree without leaves.
    pub fn new() -> Self {
        Self::default()
    }

    /// Takes up a stored tree of `size` leaves. Reads at most two tiles per level.
    ///
    /// Compare [`Self::root`] with the last checkpoint: tiles older than those read are not looked
    /// at here.
    pub fn restore<S: TileSource>(size: u64, source: &S) -> Result<Self, RestoreError<S::Error>> {
        if size > MAX_SIZE {
            return Err(RestoreError::Size);
        }
        let mut tree = Self { size, levels: Vec::new() };
        for level in 0..8u8 {
            let count = size >> (8 * level);
            if count == 0 {
                break;
            }
            let full = count / u64::from(TILE_WIDTH);
            let previous = match full.checked_sub(1) {
                Some(last) => Some(Arc::new(read(source, level, last, TILE_WIDTH)?)),
                None => None,
            };
            let current = match u16::try_from(count % u64::from(TILE_WIDTH)).unwrap_or(0) {
                0 => Block::default(),
                width => read(source, level, full, width)?,
            };
            tree.levels.push(Level { previous, current });
        }
        if tree.is_sound() { Ok(tree) } else { Err(RestoreError::Contradiction) }
    }

    /// Number of leaves.
    pub fn size(&self) -> u64 {
        self.size
    }

    /// Root over all leaves.
    pub fn root(&self) -> Hash {
        let peaks = self.levels.iter().flat_map(|level| level.current.peaks());
        peaks.reduce(|right, left| node_hash(&left, &right)).unwrap_or(EMPTY_ROOT)
    }

    /// Adds a leaf at index [`Self::size`]. Returns the tiles this completed, lowest level first;
    /// nearly always none, and then nothing is allocated for it.
    pub fn append(&mut self, leaf: Hash) -> Vec<NewTile> {
        let mut tiles = Vec::new();
        self.size += 1;
        let mut carry = leaf;
        for level in 0u8.. {
            let at = usize::from(level);
            if at == self.levels.len() {
                self.levels.push(Level::default());
            }
            let Some(edge) = self.levels.get_mut(at) else { break };
            let Some(root) = edge.current.push(carry) else { break };
            let block = Arc::new(std::mem::take(&mut edge.current));
            edge.previous = Some(Arc::clone(&block));
            let index = (self.size >> (8 * (u32::from(level) + 1))) - 1;
            tiles.push(NewTile { level, index, root, block });
            carry = root;
        }
        tiles
    }

    /// The audit path of a recent leaf in the tree as it is now.
    pub fn inclusion_proof(&self, index: u64) -> Result<Vec<Hash>, NotRecent> {
        if index >= self.size {
            return Err(NotRecent);
        }
        path(&mut &*self, index, self.size)
    }

    fn block(&self, level: u8, index: u64) -> Option<&Block> {
        let edge = self.levels.get(usize::from(level))?;
        let current = self.size.checked_shr(8 * (u32::from(level) + 1)).unwrap_or(0);
        if index == current {
            Some(&edge.current)
        } else if index.checked_add(1) == Some(current) {
            edge.previous.as_deref()
        } else {
            None
        }
    }

    /// Is each full tile what the level above says it is?
    fn is_sound(&self) -> bool {
        (0u8..).zip(&self.levels).all(|(level, edge)| {
            edge.previous.as_ref().is_none_or(|full| {
                let index = (self.size >> (8 * (u32::from(level) + 1))) - 1;
                full.root() == (&*self).node(8 * (u32::from(level) + 1), index).ok()
            })
        })
    }
}

fn read<S: TileSource>(
    source: &S,
    level: u8,
    index: u64,
    width: u16,
) -> Result<Block, RestoreError<S::Error>> {
    let hashes = source.hashes(level, index, width).map_err(RestoreError::Source)?;
    if hashes.len() == usize::from(width) {
        Ok(Block::of(&hashes))
    } else {
        Err(RestoreError::TileWidth)
    }
}

impl NewTile {
    /// Level of the tile; 0 holds leaf hashes.
    pub fn level(&self) -> u8 {
        self.level
    }

    /// Index of the tile within its level.
    pub fn index(&self) -> u64 {
        self.index
    }

    /// Root of the tile: the hash at position [`Self::index`] of the level above.
    pub fn root(&self) -> Hash {
        self.root
    }

    /// The 8,192 bytes of the tile.
    pub fn bytes(&self) -> Vec<u8> {
        self.hashes().flat_map(|hash| hash.0).collect()
    }

    /// The 256 hashes of the tile.
    pub fn hashes(&self) -> impl Iterator<Item = Hash> + '_ {
        self.block.hashes(TILE_WIDTH)
    }
}

/// The tiles at the right edge, from memory.
impl TileSource for Tree {
    type Error = NotRecent;

    fn hashes(&self, level: u8, index: u64, width: u16) -> Result<Vec<Hash>, NotRecent> {
        let block = self.block(level, index).filter(|b| width <= b.width()).ok_or(NotRecent)?;
        Ok(block.hashes(width).collect())
    }
}

impl Nodes for &Tree {
    type Error = NotRecent;

    fn node(&mut self, height: u32, index: u64) -> Result<Hash, NotRecent> {
        let (level, height) = in_tile(height);
        let tile = (index << height) >> 8;
        let local = index & (0xff >> height);
        self.block(level, tile).and_then(|b| b.node(height, local)).ok_or(NotRecent)
    }
}
