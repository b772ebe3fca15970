//! The log as an auditor reads it: checkpoint, tiles and entries agree with each other and with the
//! receipts.

use talent_gateway::domain::code::Code;
use talent_gateway::log::{Checkpoint, Hash, Leaf, LeafKind, TileSource, entries, root_at};

use crate::support::*;

/// Level 0 of a log that is younger than one tile.
struct Leaves(Vec<Hash>);

impl TileSource for Leaves {
    type Error = ();

    fn hashes(&self, level: u8, index: u64, width: u16) -> Result<Vec<Hash>, ()> {
        if (level, index) != (0, 0) {
            return Err(());
        }
        self.0.get(..usize::from(width)).map(<[Hash]>::to_vec).ok_or(())
    }
}

#[tokio::test]
async fn checkpoint_tiles_and_receipts_agree() {
    let world = World::new().await;
    let receipt = world.push(&world.qingpu, "certification/1", &certification("QP-1", 1, 1)).await;
    let note = world.jiashan.get("/log/checkpoint").await;
    assert_eq!(note.headers["content-type"], "text/plain; charset=utf-8");
    assert_eq!(note.headers["cache-control"], "max-age=2");
    let text = std::str::from_utf8(&note.body).unwrap();
    let key = world.log_key();
    let head = Checkpoint::open(text, std::slice::from_ref(key), key.name()).unwrap();
    let (size, root) = (head.checkpoint().size, head.checkpoint().root);
    assert_eq!(size, world.size());

    let tile = world.jiashan.get(&format!("/log/tile/0/000.p/{size}")).await;
    assert_eq!(tile.headers["content-type"], "application/octet-stream");
    let hashes = tile.body.as_chunks::<32>().0.iter().map(|h| Hash(*h)).collect();
    let leaves = Leaves(hashes);
    assert_eq!(root_at(size, &leaves), Ok(root));

    let bundle = world.jiashan.get(&format!("/log/tile/entries/000.p/{size}")).await.body;
    let found = entries(&bundle, u16::try_from(size).unwrap()).unwrap();
    let found: Vec<_> = found.into_iter().map(|entry| Leaf::parse(entry).unwrap()).collect();
    let hashes: Vec<_> = found.iter().map(Leaf::hash).collect();
    assert_eq!(hashes, leaves.0, "each entry hashes to its leaf");
    assert!(found.iter().any(|leaf| leaf.kind == LeafKind::Directory));
    let own = talent_gateway::jws::Digest::of(&receipt.compact);
    let at = usize::try_from(receipt.index).unwrap();
    assert_eq!(found[at], Leaf { kind: LeafKind::Receipt, digest: *own.as_bytes() });
}

#[tokio::test]
async fn full_tiles_never_change() {
    let world = World::new().await;
    // Records of a district, until there is a full tile.
    let mut record = 0;
    while world.size() < 256 {
        record += 1;
        let body = certification(&format!("QP-{record}"), 1, 1);
        let message = world.compose(&world.qingpu, "certification/1", &body);
        assert_eq!(world.qingpu.send(&message.compact).await.status, 200);
    }
    for path in ["/log/tile/0/000", "/log/tile/entries/000"] {
        let tile = world.jiashan.get(path).await;
        assert_eq!(tile.headers["cache-control"], "max-age=31536000, immutable", "{path}");
    }
    assert_eq!(world.jiashan.get("/log/tile/0/000").await.body.len(), 8_192);
    assert_eq!(world.jiashan.get("/log/tile/1/000.p/1").await.body.len(), 32);
    let narrow = world.jiashan.get("/log/tile/0/000.p/7").await.body;
    assert_eq!(narrow, world.jiashan.get("/log/tile/0/000").await.body[..7 * 32]);
}

#[tokio::test]
async fn other_paths_are_refused() {
    let world = World::new().await;
    for (path, code) in [
        ("/log/tile/0/0", Code::TileMalformed),
        ("/log/tile/64/000", Code::TileMalformed),
        ("/log/tile/0/000.p/256", Code::TileMalformed),
        ("/log/tile/0/x000/001", Code::TileMalformed),
        ("/log/tile/0/%300", Code::TileMalformed),
        ("/log/tile/entries", Code::TileMalformed),
        ("/log/tile/0/../../etc", Code::TileMalformed),
        ("/log/tile/0/000", Code::NotFound),
        ("/log/tile/1/000.p/1", Code::NotFound),
        ("/log/tile/entries/x018/x446/x744/x073/x709/x551/615", Code::NotFound),
    ] {
        world.qingpu.refused_get(path, code).await;
    }
}
