//! Why a benchmark gave no numbers.

use std::io;

use crate::config::ConfigError;
use crate::domain::code::Refusal;
use crate::gateway::vault::VaultError;
use crate::net::client::ClientError;
use crate::service::StartError;

/// Why a benchmark gave no numbers.
#[derive(Debug, thiserror::Error)]
pub enum BenchError {
    /// A file, a process, or `/proc`.
    #[error("{what}: {source}")]
    Io {
        /// What was tried.
        what: &'static str,
        /// Why it failed.
        source: io::Error,
    },
    /// The server ended before it was ready; its own words are on standard error.
    #[error("the server did not start")]
    Server,
    /// The installation does not read.
    #[error(transparent)]
    Config(#[from] ConfigError),
    /// A client or a key could not be made.
    #[error(transparent)]
    Start(#[from] StartError),
    /// No reply.
    #[error(transparent)]
    Client(#[from] ClientError),
    /// A message could not be made.
    #[error(transparent)]
    Refused(#[from] Refusal),
    /// The server refused a message of the load.
    #[error("the server answered {status}: {body}")]
    Reply {
        /// HTTP status.
        status: u16,
        /// The problem; messages of the load hold nothing of anybody.
        body: String,
    },
    /// Sealing failed.
    #[error(transparent)]
    Vault(#[from] VaultError),
    /// A part of the floor broke off.
    #[error("a part of the floor could not be measured: {0}")]
    Floor(&'static str),
}

impl From<io::Error> for BenchError {
    fn from(source: io::Error) -> Self {
        Self::Io { what: "a process could not be measured", source }
    }
}
