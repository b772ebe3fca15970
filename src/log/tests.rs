//! The module against the published vectors and the recursive definitions of RFC 6962.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::sync::LazyLock;

use proptest::prelude::*;

use super::testing::leaves;
use super::*;

/// A store of full tiles and leaves, as `TileSource` describes it.
#[derive(Default)]
struct Store {
    leaves: Vec<Hash>,
    roots: BTreeMap<(u8, u64), Hash>,
    reads: RefCell<usize>,
}

impl Store {
    fn grow(&mut self, tree: &mut Tree, leaf: Hash) {
        self.leaves.push(leaf);
        for tile in tree.append(leaf) {
            let hashes = self.hashes(tile.level(), tile.index(), 256).unwrap();
            assert_eq!(tile.bytes(), hashes.iter().flat_map(|h| h.0).collect::<Vec<_>>());
            assert_eq!(tile.root(), naive::root(&hashes));
            self.roots.insert((tile.level(), tile.index()), tile.root());
        }
    }

    fn of(leaves: &[Hash]) -> (Self, Tree) {
        let (mut store, mut tree) = (Self::default(), Tree::new());
        for leaf in leaves {
            store.grow(&mut tree, *leaf);
        }
        (store, tree)
    }
}

impl TileSource for Store {
    type Error = (u8, u64);

    fn hashes(&self, level: u8, index: u64, width: u16) -> Result<Vec<Hash>, (u8, u64)> {
        assert!((1..=256).contains(&width));
        *self.reads.borrow_mut() += 1;
        let range = index * 256..index * 256 + u64::from(width);
        let hash = |at: u64| match level {
            0 => self.leaves.get(usize::try_from(at).unwrap()),
            _ => self.roots.get(&(level - 1, at)),
        };
        range.map(|at| hash(at).copied().ok_or((level, at))).collect()
    }
}

const LARGE: usize = 65_538 + 256;

static LARGE_LOG: LazyLock<Vec<Hash>> = LazyLock::new(|| leaves(LARGE));

#[test]
fn published_vectors_of_certificate_transparency() {
    let inputs: [&[u8]; 8] = [
        b"",
        b"\x00",
        b"\x10",
        b"\x20\x21",
        b"\x30\x31",
        b"\x40\x41\x42\x43",
        b"\x50\x51\x52\x53\x54\x55\x56\x57",
        b"\x60\x61\x62\x63\x64\x65\x66\x67\x68\x69\x6a\x6b\x6c\x6d\x6e\x6f",
    ];
    let roots = [
        "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
        "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
        "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
        "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
        "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
        "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
        "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
        "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
    ];
    let mut tree = Tree::new();
    assert_eq!(tree.root().to_string(), roots[0]);
    for (input, root) in inputs.iter().zip(&roots[1..]) {
        tree.append(leaf_hash(input));
        assert_eq!(tree.root().to_string(), *root);
    }
}

/// Root, every inclusion proof and every consistency proof, from memory and from tiles.
#[test]
fn small_trees_equal_the_definition() {
    let all = leaves(130);
    for size in 1..=all.len() {
        let leaves = &all[..size];
        let (store, tree) = Store::of(leaves);
        let root = naive::root(leaves);
        assert_eq!(tree.root(), root);
        assert_eq!(root_at(size as u64, &store), Ok(root));
        for index in 0..size {
            let path = naive::path(index, leaves);
            assert_eq!(tree.inclusion_proof(index as u64).as_ref(), Ok(&path));
            let (at, n) = (index as u64, size as u64);
            assert_eq!(inclusion_proof(at, n, &store).as_ref(), Ok(&path));
            assert_eq!(verify_inclusion(&leaves[index], at, n, &path, &root), Ok(()));
        }
        for old in 0..=size {
            let proof = naive::proof(old, leaves);
            let (m, n) = (old as u64, size as u64);
            assert_eq!(consistency_proof(m, n, &store).as_ref(), Ok(&proof));
            let old_root = naive::root(&leaves[..old]);
            assert_eq!(verify_consistency(m, &old_root, n, &root, &proof), Ok(()));
        }
    }
}

#[test]
fn trees_around_tile_boundaries_equal_the_definition() {
    let all = &LARGE_LOG[..];
    let (mut store, mut tree) = (Store::default(), Tree::new());
    let sizes = [1, 254, 255, 256, 257, 258, 511, 512, 513, 600, 65_535, 65_536, 65_537, 65_538];
    for size in sizes {
        for leaf in &all[store.leaves.len()..size] {
            store.grow(&mut tree, *leaf);
        }
        let n = size as u64;
        let root = naive::root(&all[..size]);
        assert_eq!(tree.root(), root, "{size}");
        assert_eq!(root_at(n, &store), Ok(root), "{size}");
        for index in [0, 1, size / 3, size / 2, size.saturating_sub(256), size - 1] {
            let index = index.min(size - 1);
            let path = naive::path(index, &all[..size]);
            assert_eq!(inclusion_proof(index as u64, n, &store).as_ref(), Ok(&path));
            if index + 256 >= size {
                assert_eq!(tree.inclusion_proof(index as u64).as_ref(), Ok(&path));
            }
            assert_eq!(verify_inclusion(&all[index], index as u64, n, &path, &root), Ok(()));
        }
        for old in [0, 1, 255, 256, 257, size / 2, size - 1, size] {
            let old = old.min(size);
            let proof = naive::proof(old, &all[..size]);
            assert_eq!(consistency_proof(old as u64, n, &store).as_ref(), Ok(&proof));
            let old_root = naive::root(&all[..old]);
            assert_eq!(verify_consistency(old as u64, &old_root, n, &root, &proof), Ok(()));
        }
    }
}

#[test]
fn recent_leaves_need_no_storage_and_old_ones_say_so() {
    let (_, tree) = Store::of(&LARGE_LOG[..65_600]);
    // 65,600 = 256 × 256 + 64: the last partial tile, and the full one before it.
    for index in 65_536 - 256..65_600 {
        let path = tree.inclusion_proof(index).unwrap();
        let leaf = &LARGE_LOG[usize::try_from(index).unwrap()];
        assert_eq!(verify_inclusion(leaf, index, 65_600, &path, &tree.root()), Ok(()));
    }
    assert_eq!(tree.inclusion_proof(65_536 - 257), Err(NotRecent));
    assert_eq!(tree.inclusion_proof(65_600), Err(NotRecent));
}

#[test]
fn a_restored_tree_goes_on_like_the_one_before() {
    for size in [0, 1, 255, 256, 257, 512, 65_535, 65_536, 65_537] {
        let (mut store, mut tree) = Store::of(&LARGE_LOG[..size]);
        let mut restored = Tree::restore(size as u64, &store).unwrap();
        for leaf in &LARGE_LOG[size..size + 3] {
            assert_eq!(restored.root(), tree.root());
            let (a, b) = (restored.append(*leaf).len(), tree.append(*leaf));
            assert_eq!(a, b.len());
            store.leaves.push(*leaf);
        }
        assert_eq!(restored.root(), tree.root());
        let index = size as u64;
        assert_eq!(restored.inclusion_proof(index), tree.inclusion_proof(index));
    }
}

#[test]
fn restoring_notices_a_damaged_store() {
    let (mut store, _) = Store::of(&LARGE_LOG[..600]);
    assert_eq!(Tree::restore(700, &store).unwrap_err(), RestoreError::Source((0, 600)));
    assert_eq!(Tree::restore(MAX_SIZE + 1, &store).unwrap_err(), RestoreError::Size);
    store.leaves[300] = Hash([0; 32]);
    assert_eq!(Tree::restore(600, &store).unwrap_err(), RestoreError::Contradiction);
}

#[test]
fn a_dropped_clone_leaves_no_trace() {
    let (_, tree) = Store::of(&LARGE_LOG[..500]);
    let before = (tree.size(), tree.root());
    let mut group = tree.clone();
    for leaf in &LARGE_LOG[500..700] {
        group.append(*leaf);
    }
    assert_eq!(group.root(), naive::root(&LARGE_LOG[..700]));
    drop(group);
    assert_eq!((tree.size(), tree.root()), before);
}

#[test]
fn proofs_read_each_tile_once() {
    let (store, _) = Store::of(&LARGE_LOG[..65_538]);
    *store.reads.borrow_mut() = 0;
    inclusion_proof(1000, 65_538, &store).unwrap();
    assert!(*store.reads.borrow() <= 4, "{}", store.reads.borrow());
}

#[test]
fn positions_outside_the_tree_are_refused() {
    let (store, _) = Store::of(&LARGE_LOG[..10]);
    assert_eq!(inclusion_proof(10, 10, &store), Err(ProveError::OutOfRange));
    assert_eq!(inclusion_proof(0, 0, &store), Err(ProveError::OutOfRange));
    assert_eq!(inclusion_proof(0, u64::MAX, &store), Err(ProveError::OutOfRange));
    assert_eq!(consistency_proof(11, 10, &store), Err(ProveError::OutOfRange));
    assert_eq!(inclusion_proof(0, 11, &store), Err(ProveError::Source((0, 10))));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn changed_proofs_fail(size in 2usize..700, a: usize, b: usize, bit in 0usize..256) {
        let leaves = &LARGE_LOG[..size];
        let (index, old) = (a % size, 1 + b % (size - 1));
        let (root, old_root) = (naive::root(leaves), naive::root(&leaves[..old]));
        let (n, at, m) = (size as u64, index as u64, old as u64);
        let flip = |hash: Hash| flipped(&hash, bit);

        let path = naive::path(index, leaves);
        let check = |path: &[Hash]| verify_inclusion(&leaves[index], at, n, path, &root);
        prop_assert_eq!(check(&path), Ok(()));
        for changed in changes(&path, flip) {
            prop_assert!(check(&changed).is_err());
        }
        prop_assert!(verify_inclusion(&flip(leaves[index]), at, n, &path, &root).is_err());
        prop_assert!(verify_inclusion(&leaves[index], at, n, &path, &flip(root)).is_err());
        prop_assert!(verify_inclusion(&leaves[index], at ^ 1, n, &path, &root).is_err());

        let proof = naive::proof(old, leaves);
        let check = |proof: &[Hash]| verify_consistency(m, &old_root, n, &root, proof);
        prop_assert_eq!(check(&proof), Ok(()));
        for changed in changes(&proof, flip) {
            prop_assert!(check(&changed).is_err());
        }
        prop_assert!(verify_consistency(m, &flip(old_root), n, &root, &proof).is_err());
        prop_assert!(verify_consistency(m, &old_root, n, &flip(root), &proof).is_err());
    }

    #[test]
    fn verification_takes_any_input(
        index: u64, size: u64, path in prop::collection::vec(any::<[u8; 32]>(), 0..70),
    ) {
        let path: Vec<_> = path.into_iter().map(Hash).collect();
        let (leaf, root) = (Hash([1; 32]), Hash([2; 32]));
        prop_assert!(verify_inclusion(&leaf, index, size, &path, &root).is_err());
        prop_assert!(verify_consistency(index, &leaf, size, &root, &path).is_err());
    }
}

fn flipped(hash: &Hash, bit: usize) -> Hash {
    let mut bytes = hash.0;
    bytes[bit / 8] ^= 1 << (bit % 8);
    Hash(bytes)
}

/// A path with one hash more or less at either end, and with each hash changed.
fn changes(path: &[Hash], flip: impl Fn(Hash) -> Hash) -> Vec<Vec<Hash>> {
    let extra = [Hash([7; 32])];
    let mut changed = vec![[path, &extra].concat(), [&extra, path].concat()];
    if !path.is_empty() {
        changed.extend([path[1..].to_vec(), path[..path.len() - 1].to_vec()]);
    }
    for at in 0..path.len() {
        let mut one = path.to_vec();
        one[at] = flip(one[at]);
        changed.push(one);
    }
    changed
}
