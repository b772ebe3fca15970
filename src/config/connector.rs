//! `connector.toml`: a district's own node, and what the command line sends as when it is given the
//! district's folder.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};

use jiff::civil::Time;
use serde::Deserialize;

use super::{
    CONNECTOR_FILE, ClientSection, Config, KeyFile, PeerSection, StoreSection, TelemetrySection,
    rebase,
};
use crate::domain::participant::ParticipantId;
use crate::domain::reconcile::CountedKind;

/// Configuration of a connector.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ConnectorConfig {
    /// The district's participant id.
    pub id: ParticipantId,
    /// The operator of the gateway and its directory key, see [`super::PinnedFile`].
    pub pinned: PathBuf,
    /// Folder into which the address that was taken is written.
    #[serde(default)]
    pub run: Option<PathBuf>,
    /// Where the district's own systems connect.
    pub listener: LocalListenerSection,
    /// The gateway.
    pub gateway: PeerSection,
    /// The tokeniser.
    pub tokeniser: PeerSection,
    /// The certificate it shows to both.
    pub client: ClientSection,
    /// Its keys.
    pub keys: ConnectorKeysSection,
    /// Who may use it.
    pub operators: OperatorsSection,
    /// Outbox and what was seen of the log.
    pub store: StoreSection,
    /// Daily reconciliation; none is made where absent.
    #[serde(default)]
    pub reconcile: Option<ReconcileSection>,
    /// The process log.
    #[serde(default)]
    pub telemetry: TelemetrySection,
}

/// A plain listener on the district's own network.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LocalListenerSection {
    /// Where it listens; port 0 takes any free one. Identifiers travel in the clear here: loopback,
    /// or behind a TLS terminator of the district.
    pub address: SocketAddr,
}

/// The district's keys.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ConnectorKeysSection {
    /// Signs messages.
    pub message: KeyFile,
}

/// The officers who may use the connector.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OperatorsSection {
    /// Opaque id, role and SHA-256 of the bearer token of each.
    pub file: PathBuf,
}

/// When the connector states what was sent, without being asked.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ReconcileSection {
    /// Time of day in UTC+8: `02:30`.
    pub daily_at: Time,
    /// Kinds that the district's systems hand over in full, each within the day; all if absent.
    #[serde(default = "all_kinds")]
    pub kinds: Vec<CountedKind>,
}

fn all_kinds() -> Vec<CountedKind> {
    CountedKind::all().collect()
}

impl Config for ConnectorConfig {
    const FILE: &'static str = CONNECTOR_FILE;

    fn rebase(&mut self, folder: &Path) {
        rebase(&mut self.pinned, folder);
        if let Some(run) = &mut self.run {
            rebase(run, folder);
        }
        self.client.rebase(folder);
        self.keys.message.rebase(folder);
        rebase(&mut self.operators.file, folder);
        rebase(&mut self.store.path, folder);
    }
}
