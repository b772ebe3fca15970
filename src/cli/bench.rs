//! `bench`: throughput, latency and CPU time of a real server beside the floor of its parts.

use std::fs::OpenOptions;
use std::io::Write as _;
use std::path::{Path, PathBuf};

use anyhow::Context as _;
use clap::{Args, Subcommand};
use serde_json::json;

use super::failure::{Exit, Failure, Outcome};
use super::init::{PortPlan, install};
use super::output::{Form, pairs, progress, table};
use crate::bench::{BenchError, Kind, Plan, ReadyPlan, ReadyReport, Report, Start, ready, run};
use crate::config::{self, GATEWAY_FILE, GatewayConfig};
use crate::gateway::Ports;
use crate::service::{Service, stop_signal, system_ports};

const EXAMPLES: &str = "\
Examples:
  talent-gateway bench push                        single certifications, 64 in flight
  talent-gateway bench batch --json                256 records under one signature
  talent-gateway bench ready                       ready again after kills, on 100,000 messages

Numbers of a debug build mean nothing.";

/// What the load generator takes.
#[derive(Clone, Debug, Args)]
struct LoadArgs {
    /// Messages to send; a tenth of them before the window opens
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(10..=1_000_000))]
    messages: Option<u32>,
    /// Connections, each with one request under way
    #[arg(long, value_name = "N", default_value_t = 64, value_parser = clap::value_parser!(u32).range(1..=512))]
    in_flight: u32,
    /// Keep the installation of the run in this new folder
    #[arg(long, value_name = "DIR")]
    dir: Option<PathBuf>,
}

#[derive(Debug, Subcommand)]
enum What {
    /// One record per message: 20,000 messages unless told otherwise
    Push(LoadArgs),
    /// 256 records per message: 200 messages unless told otherwise
    Batch(LoadArgs),
    /// Recognition queries: 10,000 messages unless told otherwise
    Query(LoadArgs),
    /// Fill a store, kill the server (SIGKILL), start it again, time until /readyz says 200:
    /// 100,000 messages unless told otherwise
    Ready {
        #[command(flatten)]
        load: LoadArgs,
        /// How often the server is killed; 2,000 more messages before each kill after the first
        #[arg(long, value_name = "N", default_value_t = 5, value_parser = clap::value_parser!(u32).range(1..=100))]
        kills: u32,
    },
    /// A server with nothing behind HTTP; the benchmark starts it itself
    #[command(hide = true)]
    Echo {
        /// Installation
        #[arg(long)]
        config: PathBuf,
        /// Size of every reply
        #[arg(long)]
        reply_bytes: usize,
    },
}

/// Measure a real server beside the floor of its parts
///
/// Makes a temporary development installation, starts the gateway in a process of its own, sends
/// signed messages over mutual TLS, and prints throughput, latency and CPU time of the server per
/// operation. Then measures what no server can do without (HTTP over the same TLS, signature, JSON,
/// schema, hash, reply, sealing, store) and prints the ratio.
#[derive(Debug, Args)]
#[command(after_long_help = EXAMPLES)]
pub struct Bench {
    #[command(subcommand)]
    what: What,
}

impl Bench {
    pub(super) async fn run(self, form: Form) -> Outcome {
        let (kind, usual, args) = match self.what {
            What::Echo { config, reply_bytes } => return echo(&config, reply_bytes, form).await,
            What::Ready { load, kills } => return readiness(load, kills, form).await,
            What::Push(args) => (Kind::Push, 20_000, args),
            What::Batch(args) => (Kind::Batch, 200, args),
            What::Query(args) => (Kind::Query, 10_000, args),
        };
        let messages = size(args.messages.unwrap_or(usual));
        let plan = Plan { kind, messages, in_flight: size(args.in_flight) };
        let dir = args.folder();
        let done = measure(&dir, plan).await;
        args.clean(&dir);
        form.print(&done?, told)
    }
}

impl LoadArgs {
    /// The folder of the run: the one asked for, or a temporary one.
    fn folder(&self) -> PathBuf {
        let temporary =
            || std::env::temp_dir().join(format!("talent-gateway-bench-{}", std::process::id()));
        self.dir.clone().unwrap_or_else(temporary)
    }

    /// Removes a temporary folder, and nothing but that: its name holds the process id of this run.
    fn clean(&self, dir: &Path) {
        if self.dir.is_none() {
            drop(std::fs::remove_dir_all(dir));
        }
    }
}

fn size(n: u32) -> usize {
    usize::try_from(n).unwrap_or(usize::MAX)
}

async fn measure(dir: &Path, plan: Plan) -> Outcome<Report> {
    let ports = system_ports();
    prepare(dir, &ports).await?;
    let bar = progress(7, "");
    let report = run(dir, plan, &ports, |step| {
        bar.set_message(step);
        bar.inc(1);
    });
    let report = report.await;
    bar.finish_and_clear();
    Ok(report?)
}

async fn readiness(args: LoadArgs, kills: u32, form: Form) -> Outcome {
    let messages = size(args.messages.unwrap_or(100_000));
    let plan = ReadyPlan { messages, kills: size(kills), in_flight: size(args.in_flight) };
    let dir = args.folder();
    let done = measure_ready(&dir, plan).await;
    args.clean(&dir);
    form.print(&done?, told_ready)
}

async fn measure_ready(dir: &Path, plan: ReadyPlan) -> Outcome<ReadyReport> {
    let ports = system_ports();
    prepare(dir, &ports).await?;
    let bar = progress(plan.kills as u64 + 3, "");
    let report = ready(dir, plan, &ports, |step| {
        bar.set_message(step);
        bar.inc(1);
    });
    let report = report.await;
    bar.finish_and_clear();
    Ok(report?)
}

/// A development installation for one run.
async fn prepare(dir: &Path, ports: &Ports) -> Outcome {
    install(dir, PortPlan::Free, ports, |_| {})
        .await
        .context("the installation was not made (give a new folder with --dir)")?;
    Ok(without_rate(dir).context("configuration of the run")?)
}

/// One participant sends as fast as it can here.
fn without_rate(dir: &Path) -> std::io::Result<()> {
    let mut file = OpenOptions::new().append(true).open(dir.join(GATEWAY_FILE))?;
    writeln!(file, "\n[limits]\nmessages_per_minute = 60000000\nmessages_burst = 10000000")?;
    writeln!(file, "subjects_per_day = 100000000\nsubjects_per_case = 100000000")
}

async fn echo(dir: &Path, reply_bytes: usize, form: Form) -> Outcome {
    let config: GatewayConfig = config::load(dir)?;
    let service = Service::echo(&config, system_ports(), reply_bytes).await?;
    let bound = service.bound().to_vec();
    form.print(&json!({ "role": "echo", "bound": bound }), |_| String::new())?;
    service.run(stop_signal()).await;
    Ok(())
}

fn told(report: &Report) -> String {
    let operations = format!(
        "{} ({} bytes a message, {} a reply, {} in flight)",
        report.operations, report.message_bytes, report.reply_bytes, report.in_flight
    );
    let target =
        report.target_ratio.map_or(String::new(), |t| format!(" (asked for: at most {t})"));
    let numbers = pairs([
        ("operations", operations),
        ("operations per second", format!("{:.0}", report.ops_per_s)),
        (
            "latency of a message, ms",
            format!(
                "p50 {:.2}, p99 {:.2}, p99.9 {:.2}",
                report.p50_ms, report.p99_ms, report.p999_ms
            ),
        ),
        ("server CPU, µs per operation", format!("{:.1}", report.cpu_us_per_op)),
        ("floor, µs per operation", format!("{:.1}", report.floor_us)),
        ("ratio to floor", format!("{:.2}{target}", report.ratio_to_floor)),
        (
            "started again",
            format!(
                "ready in {:.0} ms on {} messages, {} MiB at rest",
                report.ready_ms,
                report.entries,
                report.idle_rss_kib / 1024
            ),
        ),
    ]);
    let floor = report.floor.iter().map(|p| vec![p.part.to_owned(), format!("{:.1}", p.us)]);
    format!("{numbers}\n\n{}", table(&["part of the floor", "µs"], floor))
}

fn told_ready(report: &ReadyReport) -> String {
    let line = |name: String, s: &Start| {
        vec![
            name,
            (s.wal_bytes >> 20).to_string(),
            (s.database_bytes >> 20).to_string(),
            format!("{:.0}", s.ready_ms),
            format!("{:.0}", s.cpu_ms),
        ]
    };
    let kills = report.after_kill.iter().enumerate();
    let lines = kills
        .map(|(n, s)| line(format!("after kill {}", n + 1), s))
        .chain([line("at rest".to_owned(), &report.at_rest)]);
    let rows = table(&["start", "log, MiB", "database, MiB", "ready, ms", "CPU, ms"], lines);
    let slowest = format!(
        "slowest start after a kill on {} messages: {:.0} ms (asked for: at most {:.0})",
        report.messages, report.slowest_ms, report.target_ms
    );
    format!("{rows}\n\n{slowest}")
}

impl From<BenchError> for Failure {
    fn from(error: BenchError) -> Self {
        match error {
            BenchError::Config(error) => error.into(),
            BenchError::Start(error) => error.into(),
            BenchError::Client(error) => error.into(),
            BenchError::Refused(refusal) => refusal.into(),
            error @ BenchError::Reply { .. } => Self::new(Exit::Refused, error),
            error => Self::new(Exit::Failed, error),
        }
    }
}
