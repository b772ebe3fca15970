//! The store's part of the floor: the rows that a message leaves, written by the same store in
//! groups of the load's size, with nobody judging them.

use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::time::Duration;

use super::error::BenchError;
use super::floor::Sample;
use super::work::{Kind, Work};
use super::{BULK, Plan, WARM_UP, cpu};
use crate::domain::subject::SubjectId;
use crate::gateway::Ports;
use crate::gateway::ports::{Committer, Entry, GroupTx, Outcome, Writer};
use crate::jws::Digest;
use crate::log::Hash;
use crate::projection::{Change, Key, TableId, ViewError};
use crate::store::sqlite::SqliteStore;

/// Messages in one transaction.
const GROUP: usize = 64;
/// Most records that are made ready in memory: 51,200 take some 100 MB.
const MESSAGES_MAX: usize = 51_200;
/// What a stored record row has beside its record: owner, position, times, state (bytes).
const ROW_EXTRA: usize = 150;

/// An entry and its rows.
type Item = Vec<(Entry, Vec<Change>)>;

/// Writes what it is given and tells when it is durable.
struct Sink(SyncSender<bool>);

impl Committer for Sink {
    type Item = Item;

    fn group(&mut self, tx: &mut dyn GroupTx, items: Vec<Item>) -> Result<(), ViewError> {
        for (entry, changes) in items.into_iter().flatten() {
            tx.append(&entry)?;
            tx.apply(changes)?;
        }
        Ok(())
    }

    fn committed(&mut self) {
        // Who waits is there as long as the writer is.
        let _ = self.0.send(true);
    }

    fn rolled_back(&mut self, _error: &ViewError) {
        let _ = self.0.send(false);
    }
}

/// CPU time per message, over as many messages as the load had, up to [`MESSAGES_MAX`] records.
pub(super) fn per_message(
    sample: &Sample<'_>,
    work: &Work,
    reply: &str,
    plan: Plan,
    ports: &Ports,
) -> Result<Duration, BenchError> {
    let broken = || BenchError::Floor("the store");
    let folder = std::env::temp_dir().join(format!("talent-gateway-floor-{}", std::process::id()));
    std::fs::create_dir_all(&folder)?;
    let done = (|| {
        let store = SqliteStore::open(&folder.join("floor.db")).map_err(|_| broken())?;
        let (told, durable) = sync_channel(1);
        let writer = store.start_writer(Sink(told)).map_err(|_| broken())?;
        let rows = Rows { sample, work, reply, plan, ports };
        let count = plan.messages.min(MESSAGES_MAX / plan.kind.operations());
        let warm = count / WARM_UP;
        rows.write(&writer, &durable, 0..warm)?;
        rows.write(&writer, &durable, warm..count)
    })();
    drop(std::fs::remove_dir_all(&folder));
    done
}

struct Rows<'a> {
    sample: &'a Sample<'a>,
    work: &'a Work,
    reply: &'a str,
    plan: Plan,
    ports: &'a Ports,
}

impl Rows<'_> {
    /// Writes these messages; CPU time per message of writing alone.
    fn write(
        &self,
        writer: &dyn Writer<Item>,
        durable: &Receiver<bool>,
        range: std::ops::Range<usize>,
    ) -> Result<Duration, BenchError> {
        let group = if self.plan.kind == Kind::Batch { GROUP / 8 } else { GROUP };
        let count = u32::try_from(range.len()).unwrap_or(u32::MAX).max(1);
        let mut groups = Vec::new();
        let mut at = range.start;
        while at < range.end {
            let end = range.end.min(at + group);
            groups.push((at..end).map(|n| self.item(n)).collect::<Item>());
            at = end;
        }
        let pid = std::process::id();
        let before = cpu::of_process(pid)?;
        for group in groups {
            writer.submit(group).map_err(|_| BenchError::Floor("the store is full"))?;
            if durable.recv() != Ok(true) {
                return Err(BenchError::Floor("the store refused a group"));
            }
        }
        Ok(cpu::of_process(pid)?.saturating_sub(before) / count)
    }

    fn item(&self, n: usize) -> (Entry, Vec<Change>) {
        let pos = n as u64;
        let digest = Digest::of(n.to_le_bytes()).0;
        let entry = Entry {
            pos,
            at: self.ports.clock.now(),
            iss: self.work.aud.clone(),
            jti: self.ports.ids.uuid_v7(),
            mt: self.plan.kind.message_type().as_str().to_owned(),
            digest,
            outcome: Outcome::Accepted,
            leaf: Hash(digest),
            reply_digest: digest,
            reply: self.reply.as_bytes().to_vec(),
            wrapped_key: Some(vec![7; 60]),
            body: Some(self.sample.compact.as_bytes().to_vec()),
        };
        let changes = match self.plan.kind {
            Kind::Push => self.record(n, pos << 16),
            Kind::Batch => {
                let each = |i| self.record(n * BULK + i, (pos << 16) | i as u64);
                (0..BULK).flat_map(each).collect()
            }
            Kind::Query => vec![put(15, &Key::new().number(pos), Some(pos), 250)],
        };
        (entry, changes)
    }

    /// A new subject under its keyed hash, and its record.
    fn record(&self, n: usize, subject: u64) -> Vec<Change> {
        let key = Digest::of(n.to_be_bytes()).0;
        let record = Key::new().byte(1).text("qingpu").text(&format!("bench-{n:08}")).number(1);
        let size = self.work.body.to_string().len() / self.plan.kind.operations() + ROW_EXTRA;
        vec![put(1, &Key::new().bytes(&key), None, 14), put(2, &record, Some(subject), size)]
    }
}

fn put(table: u8, key: &Key, subject: Option<u64>, size: usize) -> Change {
    let subject = subject.map(SubjectId);
    Change::Put {
        table: TableId(table),
        key: key.as_bytes().to_vec(),
        subject,
        value: vec![b'x'; size],
    }
}
