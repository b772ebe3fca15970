//! Keeps the write-ahead log short: what it holds is read again, frame by frame, when the database
//! is opened after a kill.
//!
//! Copying into the database runs beside the writer. But SQLite begins the log anew only when a
//! checkpoint has copied its very last frame, and while the writer adds groups without a pause no
//! checkpoint beside it ever does: the log would grow as long as the load lasts. So once it is too
//! long, the writer itself copies the few frames that came in since, between two groups.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError};
use std::time::Duration;

use rusqlite::Connection;

use super::connect;

/// How often the write-ahead log is moved into the database file.
const CHECKPOINT_EVERY: Duration = Duration::from_secs(2);
/// How often its length is looked at.
const LOOK_EVERY: Duration = Duration::from_millis(200);
/// Length of the log, in bytes, from which it is to begin anew: at some 500 MB a second, recovery
/// reads this and what is added meanwhile in a fraction of a second.
const WAL_BYTES_MAX: u64 = 64 << 20;
/// Length to which the file is cut when the log begins anew; overwriting is cheaper than growing.
pub(super) const WAL_BYTES_KEPT: i64 = 32 << 20;

/// Asks the writer for a checkpoint between two groups.
#[derive(Clone, Debug, Default)]
pub(super) struct CatchUp(Arc<AtomicBool>);

impl CatchUp {
    /// Done by the writer after a group: copies the rest when that was asked for. It waits for
    /// nobody: a reader that still needs the log only delays its new beginning.
    pub(super) fn after_group(&self, connection: &Connection) {
        if self.0.load(Ordering::Relaxed) && self.0.swap(false, Ordering::Relaxed) {
            checkpoint(connection);
        }
    }
}

/// Moves the log into the database now and then, until the writer is gone.
pub(super) fn run(path: &Path, stopped: &Receiver<()>, writer: &CatchUp) {
    let connection = match connect(path, false) {
        Ok(connection) => connection,
        Err(error) => {
            tracing::error!(%error, "no connection for database checkpoints");
            return;
        }
    };
    let log = log_of(path);
    let mut waited = Duration::ZERO;
    while stopped.recv_timeout(LOOK_EVERY) == Err(RecvTimeoutError::Timeout) {
        waited += LOOK_EVERY;
        let overgrown = std::fs::metadata(&log).is_ok_and(|file| file.len() > WAL_BYTES_MAX);
        if overgrown {
            checkpoint(&connection);
            // What came in during the first is little for the second, and less for the writer.
            checkpoint(&connection);
            writer.0.store(true, Ordering::Relaxed);
        } else if waited >= CHECKPOINT_EVERY {
            checkpoint(&connection);
        } else {
            continue;
        }
        waited = Duration::ZERO;
    }
}

fn log_of(path: &Path) -> PathBuf {
    let mut log = path.as_os_str().to_owned();
    log.push("-wal");
    log.into()
}

fn checkpoint(connection: &Connection) {
    let done = connection.query_row("PRAGMA wal_checkpoint(PASSIVE)", [], |_| Ok(()));
    if let Err(error) = done {
        tracing::warn!(%error, "database checkpoint failed");
    }
}
