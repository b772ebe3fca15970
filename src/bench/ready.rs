//! How long a gateway takes to be ready again on a store that holds something, after it was killed.

use std::io::{self, Read as _, Write as _};
use std::net::{SocketAddr, TcpStream};
use std::path::Path;
use std::time::{Duration, Instant};

use serde::Serialize;

use super::error::BenchError;
use super::load::Load;
use super::report::millis;
use super::server::Server;
use super::work::{Kind, Work};
use super::{Plan, cpu};
use crate::config::{self, GatewayConfig};
use crate::gateway::Ports;

/// What is asked for: ready within this time on a store of 100,000 messages (DESIGN §12).
const TARGET: Duration = Duration::from_secs(1);
/// Messages that are sent before each kill after the first, so that there is something to recover.
const BETWEEN: usize = 2_000;
/// Longest wait for `/readyz`.
const PATIENCE: Duration = Duration::from_mins(1);
/// Pause between two questions.
const PAUSE: Duration = Duration::from_millis(2);
/// Longest reply to `/readyz` that is read, in bytes.
const REPLY_MAX: u64 = 4_096;

/// What to measure.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ReadyPlan {
    /// Messages before the first kill.
    pub messages: usize,
    /// How often the server is killed and started again.
    pub kills: usize,
    /// Connections, each with one request under way.
    pub in_flight: usize,
}

/// What a run found.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct ReadyReport {
    /// Messages in the store at the first kill.
    pub messages: usize,
    /// The starts after a kill, in order; the first follows the whole load.
    pub after_kill: Vec<Start>,
    /// A start after a graceful end of work: killed at rest, with nothing to recover.
    pub at_rest: Start,
    /// The slowest start after a kill, in ms.
    pub slowest_ms: f64,
    /// What is asked for, in ms.
    pub target_ms: f64,
}

/// One start.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Start {
    /// Size of the write-ahead log that was found, in bytes.
    pub wal_bytes: u64,
    /// Size of the database file that was found, in bytes.
    pub database_bytes: u64,
    /// From starting the process to the first 200 of `/readyz`, in ms.
    pub ready_ms: f64,
    /// CPU time of the process up to then, user and system, in ms (steps of 10).
    pub cpu_ms: f64,
}

/// Fills a store, kills the server (SIGKILL) right after its last reply, starts it again and asks
/// `/readyz` until it says 200; and so on with a little more load.
///
/// # Errors
/// [`BenchError`].
pub async fn ready(
    folder: &Path,
    plan: ReadyPlan,
    ports: &Ports,
    mut step: impl FnMut(&'static str),
) -> Result<ReadyReport, BenchError> {
    step("starting the server");
    let mut server = Server::gateway(folder)?;
    step("signing");
    let rounds = plan.kills.max(1);
    let total = plan.messages + (rounds - 1) * BETWEEN;
    let load = Plan { kind: Kind::Push, messages: total, in_flight: plan.in_flight };
    let work = Work::prepare(folder, &server, load, ports).await?;
    let mut after_kill = Vec::with_capacity(rounds);
    let mut sent = 0;
    for round in 0..rounds {
        step("load, kill, start");
        let until = plan.messages + round * BETWEEN;
        let load = Load::new(&server, &work.asker, plan.in_flight, &work.messages, ports)?;
        load.send(sent..until).await?;
        sent = until;
        // SIGKILL, while the last replies are still on their way.
        drop(server);
        let (again, start) = start(folder)?;
        server = again;
        after_kill.push(start);
    }
    step("start at rest");
    // Long enough for the write-ahead log to be moved into the database.
    tokio::time::sleep(PAUSE_AT_REST).await;
    drop(server);
    let (server, at_rest) = start(folder)?;
    drop(server);
    let slowest_ms = after_kill.iter().map(|s| s.ready_ms).fold(0.0, f64::max);
    let target_ms = millis(TARGET);
    Ok(ReadyReport { messages: plan.messages, after_kill, at_rest, slowest_ms, target_ms })
}

/// More than two rounds of database checkpoints.
const PAUSE_AT_REST: Duration = Duration::from_secs(5);

#[expect(clippy::disallowed_methods, reason = "another process is asked again and again")]
fn start(folder: &Path) -> Result<(Server, Start), BenchError> {
    let config: GatewayConfig = config::load(folder)?;
    let database = config.store.path;
    let size = |file: &Path| std::fs::metadata(file).map_or(0, |m| m.len());
    let mut wal = database.clone().into_os_string();
    wal.push("-wal");
    let (wal_bytes, database_bytes) = (size(Path::new(&wal)), size(&database));
    let began = Instant::now();
    let server = Server::gateway(folder)?;
    let operations = server.operations.ok_or(BenchError::Server)?;
    while !is_ready(operations)? {
        if began.elapsed() > PATIENCE {
            return Err(BenchError::Server);
        }
        std::thread::sleep(PAUSE);
    }
    let ready_ms = millis(began.elapsed());
    let cpu_ms = millis(cpu::of_process(server.pid())?);
    Ok((server, Start { wal_bytes, database_bytes, ready_ms, cpu_ms }))
}

/// Does `/readyz` of the operations listener, which speaks plain HTTP, say 200?
fn is_ready(address: SocketAddr) -> io::Result<bool> {
    let mut stream = TcpStream::connect(address)?;
    stream.set_read_timeout(Some(PATIENCE))?;
    stream.write_all(b"GET /readyz HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n")?;
    let mut reply = Vec::new();
    stream.take(REPLY_MAX).read_to_end(&mut reply)?;
    Ok(reply.starts_with(b"HTTP/1.1 200"))
}
