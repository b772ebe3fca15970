//! The embedded store: SQLite in WAL mode with `synchronous=FULL`, one writer thread that commits
//! groups, a pool of readers, and database checkpoints off the commit path.
//!
//! Owns SQL, files and threads. Leaves what entries and rows mean to `gateway` and `projection`.

mod checkpoint;
mod migrate;
mod read;
mod rewrite;
mod write;

use std::path::Path;
use std::sync::mpsc::{SyncSender, sync_channel};
use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::thread::JoinHandle;
use std::time::Duration;

use rusqlite::config::DbConfig;
use rusqlite::{Connection, OpenFlags};

use self::checkpoint::{CatchUp, WAL_BYTES_KEPT};
use self::read::SqliteSnapshot;
use crate::gateway::ports::{Committer, QUEUE_MAX, Reads, Snapshot, Writer};
use crate::projection::ViewError;

/// Most reads at once, each on a connection that is kept. Opening one reads the whole schema, which
/// costs more than a query; more readers than this only wait for the same processors.
const READERS_MAX: usize = 8;
/// How long a statement waits for a lock that another process holds.
const BUSY_TIMEOUT: Duration = Duration::from_secs(5);
/// Page cache of the writer and of each reader, in KiB (negative as SQLite wants it).
const CACHE_KIB: i64 = -8_192;

pub use self::migrate::MigrateError;

/// Opens a database file: migrates it, and keeps it ready for readers and one writer.
pub struct SqliteStore {
    path: Arc<Path>,
    /// The connection that opened the database, until the writer takes it. SQLite moves the whole
    /// write-ahead log into the database when the last connection closes, which after a kill would
    /// make opening wait for all of it.
    first: Mutex<Option<Connection>>,
    readers: Mutex<Readers>,
    returned: Condvar,
}

/// The reader connections.
#[derive(Default)]
struct Readers {
    idle: Vec<Connection>,
    in_use: usize,
}

impl SqliteStore {
    /// Opens `path`, creating it when `create` says so; refuses newer or changed migrations.
    pub fn open(path: &Path) -> Result<Self, MigrateError> {
        let mut connection = connect(path, false)?;
        migrate::run(&mut connection)?;
        Ok(Self {
            path: path.into(),
            first: Mutex::new(Some(connection)),
            readers: Mutex::default(),
            returned: Condvar::new(),
        })
    }

    /// Starts the writer thread around `committer`. The thread ends when every handle is dropped.
    pub fn start_writer<C>(&self, committer: C) -> Result<SqliteWriter<C::Item>, MigrateError>
    where
        C: Committer + 'static,
    {
        let first = self.first.lock().unwrap_or_else(PoisonError::into_inner).take();
        let connection = first.map_or_else(|| connect(&self.path, false), Ok)?;
        let (sender, receiver) = sync_channel(QUEUE_MAX);
        let wanted = CatchUp::default();
        let catch_up = wanted.clone();
        let writer = std::thread::Builder::new()
            .name("store-writer".to_owned())
            .spawn(move || write::run(connection, committer, &receiver, &catch_up))?;
        let (stop, stopped) = sync_channel::<()>(1);
        let path = Arc::clone(&self.path);
        let checkpointer = std::thread::Builder::new()
            .name("store-checkpoint".to_owned())
            .spawn(move || checkpoint::run(&path, &stopped, &wanted))?;
        Ok(SqliteWriter {
            sender: Some(sender),
            _stop: stop,
            threads: Mutex::new(vec![writer, checkpointer]),
        })
    }

    /// A reader connection, once one is free. A read never asks for a second one.
    fn reader(&self) -> Result<Reader<'_>, ViewError> {
        let full = |readers: &mut Readers| readers.idle.is_empty() && readers.in_use >= READERS_MAX;
        let readers = self.readers.lock().unwrap_or_else(PoisonError::into_inner);
        let mut readers =
            self.returned.wait_while(readers, full).unwrap_or_else(PoisonError::into_inner);
        readers.in_use += 1;
        let kept = readers.idle.pop();
        drop(readers);
        // Made before the connection, so that the place is given back when there is none.
        let mut reader = Reader { store: self, connection: kept };
        if reader.connection.is_none() {
            let made = connect(&self.path, true).map_err(|e| ViewError::Storage(e.to_string()))?;
            reader.connection = Some(made);
        }
        Ok(reader)
    }
}

/// A reader connection in use; gives itself back.
struct Reader<'s> {
    store: &'s SqliteStore,
    connection: Option<Connection>,
}

impl Drop for Reader<'_> {
    fn drop(&mut self) {
        let mut readers = self.store.readers.lock().unwrap_or_else(PoisonError::into_inner);
        readers.in_use -= 1;
        readers.idle.extend(self.connection.take());
        drop(readers);
        self.store.returned.notify_one();
    }
}

impl Reads for SqliteStore {
    fn read(
        &self,
        f: &mut dyn FnMut(&dyn Snapshot) -> Result<(), ViewError>,
    ) -> Result<(), ViewError> {
        let reader = self.reader()?;
        let connection = reader.connection.as_ref();
        let connection =
            connection.ok_or_else(|| ViewError::Storage("no reader connection".to_owned()))?;
        let tx = connection.unchecked_transaction().map_err(storage)?;
        let result = f(&SqliteSnapshot(&tx));
        tx.finish().map_err(storage)?;
        result
    }
}

/// Handle of the writer thread.
pub struct SqliteWriter<I> {
    sender: Option<SyncSender<I>>,
    _stop: SyncSender<()>,
    threads: Mutex<Vec<JoinHandle<()>>>,
}

impl<I: Send> Writer<I> for SqliteWriter<I> {
    fn submit(&self, item: I) -> Result<(), I> {
        match &self.sender {
            Some(sender) => sender.try_send(item).map_err(|e| match e {
                std::sync::mpsc::TrySendError::Full(item)
                | std::sync::mpsc::TrySendError::Disconnected(item) => item,
            }),
            None => Err(item),
        }
    }
}

impl<I> Drop for SqliteWriter<I> {
    /// Lets the writer finish what is queued.
    fn drop(&mut self) {
        self.sender = None;
        let mut threads = self.threads.lock().unwrap_or_else(PoisonError::into_inner);
        // The writer stands first; the checkpointer ends once `_stop` is dropped after this.
        if !threads.is_empty() && threads.remove(0).join().is_err() {
            tracing::error!("the writer thread ended abnormally");
        }
    }
}

fn connect(path: &Path, read_only: bool) -> Result<Connection, rusqlite::Error> {
    let access = if read_only {
        OpenFlags::SQLITE_OPEN_READ_ONLY
    } else {
        OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_CREATE
    };
    let connection = Connection::open_with_flags(path, access | OpenFlags::SQLITE_OPEN_NO_MUTEX)?;
    connection.busy_timeout(BUSY_TIMEOUT)?;
    connection.pragma_update(None, "cache_size", CACHE_KIB)?;
    connection.set_prepared_statement_cache_capacity(32);
    // A plan that never depends on bound values: else SQLite compiles a statement again when `tbl`
    // or a limit is bound to another small number, which took a sixth of the time of bulk messages.
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true)?;
    if !read_only {
        // An acknowledgement is a legal receipt: it must survive a power cut.
        connection.pragma_update(None, "page_size", 8_192)?;
        connection.pragma_update(None, "journal_mode", "wal")?;
        connection.pragma_update(None, "synchronous", "full")?;
        connection.pragma_update(None, "foreign_keys", true)?;
        connection.pragma_update(None, "wal_autocheckpoint", 0)?;
        connection.pragma_update(None, "journal_size_limit", WAL_BYTES_KEPT)?;
    }
    Ok(connection)
}

#[expect(clippy::needless_pass_by_value, reason = "the shape that `map_err` takes")]
fn storage(error: rusqlite::Error) -> ViewError {
    ViewError::Storage(error.to_string())
}
