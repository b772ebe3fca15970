//! What every store must do, told once: entries, rows, tiles and values as the ports describe them,
//! whole groups or nothing, and readers that see committed states only.

use std::sync::Arc;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};

use talent_gateway::domain::subject::SubjectId;
use talent_gateway::domain::time::UtcSeconds;
use talent_gateway::gateway::ports::{Committer, Entry, GroupTx, Outcome, Reads, Writer, read};
use talent_gateway::log::Hash;
use talent_gateway::projection::{Change, TableId, ViewError};

/// A store under test: its readers, and a writer around a committer.
pub trait Subject {
    fn reads(&self) -> Arc<dyn Reads>;
    fn writer(&self, committer: Doer) -> Box<dyn Writer<Deed>>;
}

/// Something to do in the writer's transaction.
pub type Deed = Box<dyn FnOnce(&mut dyn GroupTx) -> Result<(), ViewError> + Send>;

/// Runs what it is given, and tells whether the group became durable.
pub struct Doer(SyncSender<bool>);

impl Committer for Doer {
    type Item = Deed;

    fn group(&mut self, tx: &mut dyn GroupTx, items: Vec<Deed>) -> Result<(), ViewError> {
        items.into_iter().try_for_each(|deed| deed(tx))
    }

    fn committed(&mut self) {
        self.0.send(true).unwrap();
    }

    fn rolled_back(&mut self, _: &ViewError) {
        self.0.send(false).unwrap();
    }
}

struct Bench {
    reads: Arc<dyn Reads>,
    writer: Box<dyn Writer<Deed>>,
    done: Receiver<bool>,
}

impl Bench {
    fn new(subject: &impl Subject) -> Self {
        let (sender, done) = sync_channel(1);
        Self { reads: subject.reads(), writer: subject.writer(Doer(sender)), done }
    }

    /// Runs one group; did it become durable?
    fn run(
        &self,
        f: impl FnOnce(&mut dyn GroupTx) -> Result<(), ViewError> + Send + 'static,
    ) -> bool {
        assert!(self.writer.submit(Box::new(f)).is_ok());
        self.done.recv().unwrap()
    }
}

const T: TableId = TableId(7);

fn put(key: &[u8], subject: Option<u64>, value: &[u8]) -> Change {
    Change::Put {
        table: T,
        key: key.to_vec(),
        subject: subject.map(SubjectId),
        value: value.to_vec(),
    }
}

fn entry(pos: u64, jti: u8, outcome: Outcome) -> Entry {
    Entry {
        pos,
        at: UtcSeconds(1_000),
        iss: "qingpu".parse().unwrap(),
        jti: uuid::Uuid::from_bytes([jti; 16]),
        mt: "certification/1".to_owned(),
        digest: [u8::try_from(pos).unwrap(); 32],
        outcome,
        leaf: Hash([1; 32]),
        reply_digest: [2; 32],
        reply: b"reply".to_vec(),
        wrapped_key: Some(b"key".to_vec()),
        body: Some(b"body".to_vec()),
    }
}

pub fn rows_are_found_by_key_prefix_and_subject(subject: &impl Subject) {
    let bench = Bench::new(subject);
    assert!(bench.run(|tx| {
        tx.apply(vec![
            put(b"a1", Some(1), b"x"),
            put(b"a2", Some(2), b"y"),
            put(b"a2\xff", None, b"z"),
            put(b"b", Some(1), b"w"),
        ])?;
        // A transaction reads what it wrote.
        assert_eq!(tx.snapshot().get(T, b"a1")?, Some(b"x".to_vec()));
        tx.apply(vec![put(b"a1", Some(2), b"x2"), Change::Delete { table: T, key: b"b".to_vec() }])
    }));
    read(&bench.reads, |s| {
        assert_eq!(s.get(T, b"a1")?, Some(b"x2".to_vec()));
        assert_eq!(s.get(T, b"b")?, None);
        assert_eq!(s.get(TableId(8), b"a1")?, None);
        let keys = |rows: Vec<talent_gateway::projection::Row>| -> Vec<Vec<u8>> {
            rows.into_iter().map(|row| row.key).collect()
        };
        assert_eq!(
            keys(s.range(T, b"a", None, 9)?),
            [b"a1".to_vec(), b"a2".to_vec(), b"a2\xff".to_vec()]
        );
        assert_eq!(keys(s.range(T, b"a", Some(b"a1"), 1)?), [b"a2".to_vec()]);
        assert_eq!(s.last(T, b"a2")?.unwrap().key, b"a2\xff");
        assert_eq!(s.last(T, b"c")?, None);
        assert_eq!(keys(s.of_subject(T, SubjectId(1))?), Vec::<Vec<u8>>::new());
        assert_eq!(keys(s.of_subject(T, SubjectId(2))?), [b"a1".to_vec(), b"a2".to_vec()]);
        let mut seen = Vec::new();
        s.each_row(&mut |_, key, subject, _| seen.push((key.to_vec(), subject)))?;
        assert_eq!(seen.len(), 3);
        Ok(())
    })
    .unwrap();
}

pub fn a_group_that_fails_leaves_nothing(subject: &impl Subject) {
    let bench = Bench::new(subject);
    assert!(bench.run(|tx| tx.append(&entry(0, 1, Outcome::Accepted))));
    let failed = !bench.run(|tx| {
        tx.apply(vec![put(b"k", None, b"v")])?;
        tx.append(&entry(1, 2, Outcome::Accepted))?;
        tx.put_meta("name", b"value")?;
        Err(ViewError::Storage("on purpose".to_owned()))
    });
    assert!(failed);
    read(&bench.reads, |s| {
        assert_eq!(s.size()?, 1);
        assert_eq!(s.get(T, b"k")?, None);
        assert_eq!(s.meta("name")?, None);
        Ok(())
    })
    .unwrap();
    assert!(bench.run(|tx| tx.append(&entry(1, 2, Outcome::Rejected))), "the store works on");
}

pub fn a_message_id_is_taken_once_and_conflicts_are_kept_apart(subject: &impl Subject) {
    let bench = Bench::new(subject);
    assert!(bench.run(|tx| tx.append(&entry(0, 1, Outcome::Accepted))));
    assert!(bench.run(|tx| tx.append(&entry(1, 1, Outcome::Equivocation))));
    assert!(!bench.run(|tx| tx.append(&entry(2, 1, Outcome::Rejected))), "taken");
    read(&bench.reads, |s| {
        let (iss, jti) = ("qingpu".parse().unwrap(), uuid::Uuid::from_bytes([1; 16]));
        assert_eq!(s.entry_of(&iss, jti)?, Some(entry(0, 1, Outcome::Accepted)));
        assert_eq!(s.equivocation_of(&iss, jti)?, Some(entry(1, 1, Outcome::Equivocation)));
        assert_eq!(s.entry_of(&"jiashan".parse().unwrap(), jti)?, None);
        assert_eq!(s.entries(0, 9)?.len(), 2);
        assert_eq!(s.entries(1, 1)?.first().map(|e| e.pos), Some(1));
        assert_eq!(s.leaves(0, 9)?, [Hash([1; 32]), Hash([1; 32])]);
        Ok(())
    })
    .unwrap();
}

pub fn tiles_and_values_come_back(subject: &impl Subject) {
    let bench = Bench::new(subject);
    let hashes: Vec<Hash> = (0..=255).map(|n| Hash([n; 32])).collect();
    let kept = hashes.clone();
    assert!(bench.run(move |tx| {
        tx.put_tile(0, 0, &kept, Hash([9; 32]))?;
        tx.put_meta("name", b"one")?;
        tx.put_meta("name", b"two")
    }));
    read(&bench.reads, |s| {
        assert_eq!(s.tile(0, 0)?, Some(hashes));
        assert_eq!(s.tile(1, 0)?, None);
        assert_eq!(s.tile_roots(0, 0, 9)?, [Hash([9; 32])]);
        assert_eq!(s.meta("name")?, Some(b"two".to_vec()));
        Ok(())
    })
    .unwrap();
}

/// Writes groups of new rows one after the other until what `look` says has become less; whether it did.
pub fn load(subject: &impl Subject, groups: u64, bytes: usize, look: impl Fn() -> u64) -> bool {
    const ROW: usize = 4_096;
    let bench = Bench::new(subject);
    let mut largest = 0;
    (0..groups).any(|group| {
        let rows = (0..bytes / ROW)
            .map(|n| put(&[group.to_be_bytes(), n.to_be_bytes()].concat(), None, &[7; ROW]));
        let rows = rows.collect();
        assert!(bench.run(move |tx| tx.apply(rows)));
        let now = look();
        largest = largest.max(now);
        now < largest
    })
}
