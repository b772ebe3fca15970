//! Load generator and component floor: `talent-gateway bench`.
//!
//! The server is a process of its own, reached over mutual TLS on loopback like any other; this
//! process generates the load. What the server's CPU did per operation stands beside the sum of
//! its unavoidable parts, measured in the same run: a ratio says more than microseconds of one
//! machine.

mod cpu;
mod error;
mod floor;
mod load;
mod ready;
mod report;
mod server;
mod store;
mod work;

use std::path::Path;
use std::time::{Duration, Instant};

pub use self::error::BenchError;
pub use self::ready::{ReadyPlan, ReadyReport, Start, ready};
pub use self::report::{Part, Report};
pub use self::work::Kind;

use self::load::Load;
use self::report::{micros, millis, quantile};
use self::server::Server;
use self::work::Work;
use crate::gateway::Ports;

/// Records in a bulk message of the benchmark.
pub const BULK: usize = 256;
/// One message in this many is sent before the window opens.
const WARM_UP: usize = 10;
/// Time for a server without work to come to rest before its memory is read.
const REST: Duration = Duration::from_secs(1);

/// What to measure.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Plan {
    /// Which message.
    pub kind: Kind,
    /// How many messages.
    pub messages: usize,
    /// Connections, each with one request under way.
    pub in_flight: usize,
}

/// Runs a plan on the development installation in `folder`. `step` is told what goes on.
///
/// # Errors
/// [`BenchError`]; a single refused message ends the run, since its numbers would mean nothing.
pub async fn run(
    folder: &Path,
    plan: Plan,
    ports: &Ports,
    mut step: impl FnMut(&'static str),
) -> Result<Report, BenchError> {
    step("starting the server");
    let server = Server::gateway(folder)?;
    step("signing");
    let work = Work::prepare(folder, &server, plan, ports).await?;
    step("load");
    let (window, reply) = measure(&server, &work, plan, ports).await?;
    drop(server);
    step("floor: echo");
    let echo = Server::echo(folder, reply.len())?;
    let (echoed, _) = measure(&echo, &work, plan, ports).await?;
    drop(echo);
    step("floor: parts");
    let floor = floor::parts(&work, &reply, echoed.cpu_per_message(), plan, ports)?;
    step("starting again");
    let again = Server::gateway(folder)?;
    tokio::time::sleep(REST).await;
    let rss_kib = cpu::rss_kib(again.pid())?;
    Ok(report(plan, &work, &window, reply.len(), floor, (again.ready, rss_kib)))
}

/// What a measured window came to.
struct Window {
    wall: Duration,
    cpu: Duration,
    latencies: Vec<Duration>,
}

impl Window {
    fn cpu_per_message(&self) -> Duration {
        self.cpu / u32::try_from(self.latencies.len()).unwrap_or(u32::MAX).max(1)
    }
}

/// Sends everything; the window opens after the warm-up. Gives one reply back as a sample.
async fn measure(
    server: &Server,
    work: &Work,
    plan: Plan,
    ports: &Ports,
) -> Result<(Window, Vec<u8>), BenchError> {
    let load = Load::new(server, &work.asker, plan.in_flight, &work.messages, ports)?;
    let warm = work.messages.len() / WARM_UP;
    load.send(0..warm).await?;
    let (began, before) = (Instant::now(), cpu::of_process(server.pid())?);
    let latencies = load.send(warm..work.messages.len()).await?;
    let (wall, cpu) = (began.elapsed(), cpu::of_process(server.pid())?.saturating_sub(before));
    Ok((Window { wall, cpu, latencies }, load.sample()))
}

fn report(
    plan: Plan,
    work: &Work,
    window: &Window,
    reply_bytes: usize,
    floor: Vec<Part>,
    (ready, rss_kib): (Duration, u64),
) -> Report {
    let per_message = plan.kind.operations();
    let mut sorted = window.latencies.clone();
    sorted.sort_unstable();
    let operations = sorted.len() * per_message;
    let cpu_us_per_op = micros(window.cpu_per_message()) / number(per_message);
    let floor_us = floor.iter().map(|part| part.us).sum::<f64>();
    Report {
        kind: plan.kind,
        operations,
        in_flight: plan.in_flight,
        message_bytes: work.messages.first().map_or(0, bytes::Bytes::len),
        reply_bytes,
        ops_per_s: number(operations) / window.wall.as_secs_f64(),
        p50_ms: millis(quantile(&sorted, 500)),
        p99_ms: millis(quantile(&sorted, 990)),
        p999_ms: millis(quantile(&sorted, 999)),
        cpu_us_per_op,
        floor_us,
        ratio_to_floor: cpu_us_per_op / floor_us,
        target_ratio: plan.kind.target(),
        floor,
        entries: work.entries + work.messages.len(),
        ready_ms: millis(ready),
        idle_rss_kib: rss_kib,
    }
}

/// A count as a number to divide by; counts here are far below 2^52.
#[expect(clippy::cast_precision_loss, reason = "counts of a run are far below 2^52")]
fn number(n: usize) -> f64 {
    n as f64
}
