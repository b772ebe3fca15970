//! The contract of stores, on each store there is.
#![expect(clippy::unwrap_used, reason = "a test that cannot be set up fails")]

#[path = "store/contract.rs"]
mod contract;

use std::sync::Arc;

use contract::{Doer, Subject};
use talent_gateway::gateway::ports::{Reads, Writer};
use talent_gateway::store::sqlite::SqliteStore;

struct Sqlite {
    store: Arc<SqliteStore>,
    dir: tempfile::TempDir,
}

impl Sqlite {
    fn new() -> Self {
        let dir = tempfile::tempdir().unwrap();
        let store = Arc::new(SqliteStore::open(&dir.path().join("s.db")).unwrap());
        Self { store, dir }
    }
}

impl Subject for Sqlite {
    fn reads(&self) -> Arc<dyn Reads> {
        Arc::clone(&self.store) as Arc<dyn Reads>
    }

    fn writer(&self, committer: Doer) -> Box<dyn Writer<contract::Deed>> {
        Box::new(self.store.start_writer(committer).unwrap())
    }
}

macro_rules! on_sqlite {
    ($($name:ident)*) => { $(#[test] fn $name() { contract::$name(&Sqlite::new()); })* };
}

on_sqlite! {
    rows_are_found_by_key_prefix_and_subject
    a_group_that_fails_leaves_nothing
    a_message_id_is_taken_once_and_conflicts_are_kept_apart
    tiles_and_values_come_back
}

/// Written without a pause, far more than the write-ahead log should hold: it has to begin anew (its
/// file is cut then) while the load goes on, or whoever opens the database after a kill reads all of
/// it. How soon depends on the disk, so there is time for it on a slow one.
#[test]
fn the_write_ahead_log_begins_anew_under_load() {
    const GROUPS_MAX: u64 = 400;
    const GROUP_BYTES: usize = 2 << 20;
    let sqlite = Sqlite::new();
    let log = sqlite.dir.path().join("s.db-wal");
    let length = || std::fs::metadata(&log).map_or(0, |file| file.len());
    assert!(contract::load(&sqlite, GROUPS_MAX, GROUP_BYTES, length), "{} bytes", length());
}
