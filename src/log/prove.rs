//! Roots and proofs out of stored tiles (RFC 6962 §2.1.1 and §2.1.2).

use super::hash::{EMPTY_ROOT, Hash, node_hash};

/// Hashes of a full tile (C2SP tlog-tiles).
pub const TILE_WIDTH: u16 = 256;

/// Largest tree: 2^62 leaves, so that sizes fit the signed integers of databases and of Go's
/// `tlog`, and no arithmetic on positions overflows.
pub const MAX_SIZE: u64 = 1 << 62;

/// Where the hashes of tiles come from: a store, a folder of tiles, a cache.
pub trait TileSource {
    /// Why a tile could not be read.
    type Error;

    /// The first `width` (1 to 256) hashes of the tile at `level` and `index`.
    ///
    /// A hash of level `l > 0` is the root of a full tile of level `l - 1`, so a store that keeps
    /// [`NewTile::root`](super::NewTile::root) can answer all levels from roots and leaf hashes.
    fn hashes(&self, level: u8, index: u64, width: u16) -> Result<Vec<Hash>, Self::Error>;
}

/// Why there is no proof.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ProveError<E> {
    /// The caller asks for a position outside the tree, or a tree above [`MAX_SIZE`].
    #[error("the position lies outside the tree")]
    OutOfRange,
    /// The source gave another number of hashes than it was asked for.
    #[error("a stored tile has the wrong width")]
    TileWidth,
    /// The source failed.
    #[error("a tile could not be read")]
    Source(E),
}

/// The audit path of entry `index` in the tree of the first `size` entries, from the sibling of
/// the leaf to the child of the root.
pub fn inclusion_proof<S: TileSource>(
    index: u64,
    size: u64,
    source: &S,
) -> Result<Vec<Hash>, ProveError<S::Error>> {
    if index >= size || size > MAX_SIZE {
        return Err(ProveError::OutOfRange);
    }
    path(&mut Tiles::new(source, size), index, size)
}

/// The proof that the tree of the first `old` entries is a prefix of that of the first `new`.
/// Empty if `old` is zero or equals `new`.
pub fn consistency_proof<S: TileSource>(
    old: u64,
    new: u64,
    source: &S,
) -> Result<Vec<Hash>, ProveError<S::Error>> {
    if old > new || new > MAX_SIZE {
        return Err(ProveError::OutOfRange);
    }
    if old == 0 {
        return Ok(Vec::new());
    }
    let nodes = &mut Tiles::new(source, new);
    // PROOF(m, D[n]), top down: `start` and `len` are the part of the tree still looked at, `m`
    // the number of old entries in it.
    let (mut start, mut len, mut m, mut whole) = (0, new, old, true);
    let mut proof = Vec::new();
    while m < len {
        let k = split(len);
        if m <= k {
            proof.push(subtree(nodes, start + k, len - k)?);
            len = k;
        } else {
            proof.push(subtree(nodes, start, k)?);
            (start, len, m, whole) = (start + k, len - k, m - k, false);
        }
    }
    if !whole {
        proof.push(subtree(nodes, start, len)?);
    }
    proof.reverse();
    Ok(proof)
}

/// The root of the tree of the first `size` entries.
pub fn root_at<S: TileSource>(size: u64, source: &S) -> Result<Hash, ProveError<S::Error>> {
    if size > MAX_SIZE {
        return Err(ProveError::OutOfRange);
    }
    subtree(&mut Tiles::new(source, size), 0, size)
}

/// Complete subtrees by position: the `index`-th one of `2^height` entries.
pub(super) trait Nodes {
    type Error;
    fn node(&mut self, height: u32, index: u64) -> Result<Hash, Self::Error>;
}

/// PATH(m, D[n]), top down.
pub(super) fn path<N: Nodes>(nodes: &mut N, index: u64, size: u64) -> Result<Vec<Hash>, N::Error> {
    let (mut start, mut len) = (0, size);
    let mut path = Vec::new();
    while len > 1 {
        let k = split(len);
        if index - start < k {
            path.push(subtree(nodes, start + k, len - k)?);
            len = k;
        } else {
            path.push(subtree(nodes, start, k)?);
            (start, len) = (start + k, len - k);
        }
    }
    path.reverse();
    Ok(path)
}

/// MTH(D[start : start + len]), where `start` is a multiple of the power of two not below `len`:
/// complete subtrees, the smallest last, joined from the right.
pub(super) fn subtree<N: Nodes>(nodes: &mut N, start: u64, len: u64) -> Result<Hash, N::Error> {
    let (mut end, mut rest) = (start + len, len);
    let mut joined = None;
    while rest != 0 {
        let height = rest.trailing_zeros();
        rest &= rest - 1;
        end -= 1 << height;
        let node = nodes.node(height, end >> height)?;
        joined = Some(joined.map_or(node, |right| node_hash(&node, &right)));
    }
    Ok(joined.unwrap_or(EMPTY_ROOT))
}

/// The largest power of two below `len`, for `len` ≥ 2.
fn split(len: u64) -> u64 {
    1 << (len - 1).ilog2()
}

/// Where the nodes of a height are kept: the level of the tile, the height within it.
pub(super) fn in_tile(height: u32) -> (u8, u32) {
    let level = u8::try_from(height / 8).unwrap_or(u8::MAX);
    (level, height % 8)
}

/// Complete subtrees out of tiles, each tile read once per proof.
struct Tiles<'a, S> {
    source: &'a S,
    size: u64,
    read: Vec<(u8, u64, Vec<Hash>)>,
}

impl<'a, S: TileSource> Tiles<'a, S> {
    fn new(source: &'a S, size: u64) -> Self {
        Self { source, size, read: Vec::new() }
    }

    fn tile(&mut self, level: u8, index: u64) -> Result<&[Hash], ProveError<S::Error>> {
        let known = self.read.iter().position(|(l, i, _)| (*l, *i) == (level, index));
        let at = if let Some(at) = known {
            at
        } else {
            let count = (self.size >> (8 * u32::from(level))) - index * u64::from(TILE_WIDTH);
            let width = u16::try_from(count).map_or(TILE_WIDTH, |count| count.min(TILE_WIDTH));
            let hashes = self.source.hashes(level, index, width).map_err(ProveError::Source)?;
            if hashes.len() != usize::from(width) {
                return Err(ProveError::TileWidth);
            }
            self.read.push((level, index, hashes));
            self.read.len() - 1
        };
        self.read.get(at).map(|(_, _, hashes)| &**hashes).ok_or(ProveError::TileWidth)
    }
}

impl<S: TileSource> Nodes for Tiles<'_, S> {
    type Error = ProveError<S::Error>;

    fn node(&mut self, height: u32, index: u64) -> Result<Hash, Self::Error> {
        let (level, height) = in_tile(height);
        let first = index << height;
        let hashes = self.tile(level, first >> 8)?;
        let from = usize::try_from(first & 0xff).unwrap_or(usize::MAX);
        let part = hashes.get(from..from.saturating_add(1 << height));
        part.map(complete).ok_or(ProveError::TileWidth)
    }
}

/// The root over a power of two of hashes.
fn complete(hashes: &[Hash]) -> Hash {
    let mut row = hashes.to_vec();
    while row.len() > 1 {
        row = row.as_chunks::<2>().0.iter().map(|[left, right]| node_hash(left, right)).collect();
    }
    row.first().copied().unwrap_or(EMPTY_ROOT)
}
