//! Configuration: one TOML file per role, one Rust file per section, nothing unknown accepted.
//!
//! Owns the shape of the files, relative paths (they start at the file's own folder) and what to do
//! about a mistake. Leaves reading keys and opening sockets to `service`. The environment is never
//! read: what a process does is in one file and its flags.

mod calendar;
mod client;
mod connector;
mod error;
mod gateway;
mod keys;
mod listener;
mod peer;
mod pinned;
mod telemetry;
mod tokeniser;

use std::net::SocketAddr;
use std::path::{Path, PathBuf};

use serde::Deserialize;
use serde::de::DeserializeOwned;

pub use self::calendar::{CALENDAR_FILES_MAX, CalendarSection};
pub use self::client::ClientSection;
pub use self::connector::{
    ConnectorConfig, ConnectorKeysSection, LocalListenerSection, OperatorsSection, ReconcileSection,
};
pub use self::error::ConfigError;
pub use self::gateway::{GatewayConfig, GatewayKeysSection, LimitsSection, LogSection};
pub use self::keys::KeyFile;
pub use self::listener::ListenerSection;
pub use self::peer::PeerSection;
pub use self::pinned::{PinnedFile, PinnedKey};
pub use self::telemetry::{Format, TelemetrySection};
pub use self::tokeniser::{QuotaSection, TokeniserConfig, TokeniserKeysSection};

/// Largest configuration file, in bytes: one that is larger is no configuration.
pub const FILE_BYTES_MAX: u64 = 256 * 1024;

/// Name of the gateway's configuration file in an installation.
pub const GATEWAY_FILE: &str = "talent-gateway.toml";
/// Name of the tokeniser's configuration file in its folder.
pub const TOKENISER_FILE: &str = "tokeniser.toml";
/// Name of a connector's configuration file in its folder.
pub const CONNECTOR_FILE: &str = "connector.toml";

/// A role's whole configuration.
pub trait Config: DeserializeOwned {
    /// Name of its file when a folder is given instead of a file.
    const FILE: &'static str;

    /// Makes relative paths start at `folder`.
    fn rebase(&mut self, folder: &Path);
}

/// Reads a configuration; `path` is the file, or the folder that holds it under its usual name.
///
/// # Errors
/// [`ConfigError`], with file, line and what to do.
pub fn load<C: Config>(path: &Path) -> Result<C, ConfigError> {
    let file = if path.is_dir() { path.join(C::FILE) } else { path.to_owned() };
    let text = read_bounded(&file)?;
    let mut config: C =
        toml::from_str(&text).map_err(|error| ConfigError::toml(&file, &text, &error))?;
    let folder = file.parent().unwrap_or(Path::new("."));
    config.rebase(folder);
    Ok(config)
}

/// A store's file.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StoreSection {
    /// The database; made when it does not exist.
    pub path: PathBuf,
}

/// The listener for monitoring: plain HTTP, loopback unless somebody decides otherwise.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OperationsSection {
    /// Where it listens; port 0 takes any free one.
    pub address: SocketAddr,
}

/// Moves a relative path to `folder`; an absolute one stays.
fn rebase(path: &mut PathBuf, folder: &Path) {
    *path = folder.join(&*path);
}

/// Reads a text file of at most [`FILE_BYTES_MAX`].
///
/// # Errors
/// [`ConfigError::Io`], [`ConfigError::TooLarge`].
pub fn read_bounded(file: &Path) -> Result<String, ConfigError> {
    use std::io::Read as _;

    let io = |source| ConfigError::Io { file: file.to_owned(), source };
    let mut text = String::new();
    let opened = std::fs::File::open(file).map_err(io)?;
    opened.take(FILE_BYTES_MAX + 1).read_to_string(&mut text).map_err(io)?;
    if text.len() as u64 > FILE_BYTES_MAX {
        return Err(ConfigError::TooLarge { file: file.to_owned() });
    }
    Ok(text)
}

#[cfg(test)]
mod tests;
