//! The server under measurement: this program again, in a process of its own.

use std::io::{BufRead as _, BufReader};
use std::net::SocketAddr;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use super::error::BenchError;

/// A running server. It is ended with this value.
pub(super) struct Server {
    child: Child,
    /// Where it listens.
    pub address: SocketAddr,
    /// Where its operations listener is, when it has one.
    pub operations: Option<SocketAddr>,
    /// From its start until it told so.
    pub ready: Duration,
}

impl Server {
    /// The gateway of the installation.
    pub(super) fn gateway(folder: &Path) -> Result<Self, BenchError> {
        let mut command = command()?;
        command.args(["serve", "--json", "--log", "error", "--config"]).arg(folder);
        Self::start(command)
    }

    /// A server that only takes requests of the same connections and gives `reply_bytes` back.
    pub(super) fn echo(folder: &Path, reply_bytes: usize) -> Result<Self, BenchError> {
        let mut command = command()?;
        command.args(["bench", "echo", "--json", "--reply-bytes", &reply_bytes.to_string()]);
        command.arg("--config").arg(folder);
        Self::start(command)
    }

    pub(super) fn pid(&self) -> u32 {
        self.child.id()
    }

    fn start(mut command: Command) -> Result<Self, BenchError> {
        let began = Instant::now();
        let mut child = command
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .spawn()
            .map_err(|source| BenchError::Io { what: "the server", source })?;
        let mut line = String::new();
        let told = child.stdout.take().map(|out| BufReader::new(out).read_line(&mut line));
        let ready = began.elapsed();
        let told = serde_json::from_str::<serde_json::Value>(&line)
            .ok()
            .filter(|_| matches!(told, Some(Ok(_))))
            .unwrap_or_default();
        let bound = |pointer| told.pointer(pointer)?.as_str()?.parse().ok();
        let (address, operations) = (bound("/bound/0/address"), bound("/bound/1/address"));
        // From here on the child ends with the value, also on the way out by an error.
        let missing = SocketAddr::from(([0, 0, 0, 0], 0));
        let server = Self { child, address: address.unwrap_or(missing), operations, ready };
        if address.is_some() { Ok(server) } else { Err(BenchError::Server) }
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // It may have ended by itself; everything that it acknowledged is durable.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn command() -> Result<Command, BenchError> {
    let what = "the path of this program";
    Ok(Command::new(std::env::current_exe().map_err(|source| BenchError::Io { what, source })?))
}
