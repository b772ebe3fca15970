//! `talent-gateway.toml`: the gateway.

use std::num::NonZeroU32;
use std::path::{Path, PathBuf};

use serde::Deserialize;

use super::{
    CalendarSection, Config, GATEWAY_FILE, KeyFile, ListenerSection, OperationsSection,
    StoreSection, TelemetrySection, rebase,
};
use crate::domain::participant::ParticipantId;

/// Configuration of the gateway.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct GatewayConfig {
    /// Its participant id, the `aud` of every message to it.
    pub id: ParticipantId,
    /// The operator and its directory key, see [`super::PinnedFile`].
    pub pinned: PathBuf,
    /// Folder into which the addresses that were taken are written.
    #[serde(default)]
    pub run: Option<PathBuf>,
    /// Where participants connect.
    pub listener: ListenerSection,
    /// Where monitoring connects.
    pub operations: OperationsSection,
    /// The database.
    pub store: StoreSection,
    /// The transparency log.
    pub log: LogSection,
    /// Its keys.
    pub keys: GatewayKeysSection,
    /// What one participant may send.
    #[serde(default)]
    pub limits: LimitsSection,
    /// Further notices of working days; those of the binary alone where absent.
    #[serde(default)]
    pub calendar: Option<CalendarSection>,
    /// The process log.
    #[serde(default)]
    pub telemetry: TelemetrySection,
}

/// The transparency log.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LogSection {
    /// Its origin, a schema-less URL (C2SP tlog-checkpoint). Never changed once there are entries.
    pub origin: String,
}

/// What one participant may send. What is absent is as the gateway has it by itself.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LimitsSection {
    /// Messages per minute, sustained.
    #[serde(default)]
    pub messages_per_minute: Option<NonZeroU32>,
    /// Messages that may come at once after a pause.
    #[serde(default)]
    pub messages_burst: Option<NonZeroU32>,
    /// Different subjects that may be asked about in a day.
    #[serde(default)]
    pub subjects_per_day: Option<NonZeroU32>,
    /// Different subjects under one case number in a day.
    #[serde(default)]
    pub subjects_per_case: Option<NonZeroU32>,
}

/// The gateway's keys, one per use.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct GatewayKeysSection {
    /// Signs `clock/1`.
    pub message: KeyFile,
    /// Signs receipts and answers.
    pub receipt: KeyFile,
    /// Signs the directory.
    pub directory: KeyFile,
    /// Signs checkpoints.
    pub log: KeyFile,
    /// 32 bytes in base64url that wrap the keys of entries, mode 0600. Without it nothing stored
    /// can be read again: keep a copy apart from the database.
    pub vault: PathBuf,
    /// 32 bytes in base64url under which tokens are indexed, mode 0600.
    pub pseudonym: PathBuf,
}

impl Config for GatewayConfig {
    const FILE: &'static str = GATEWAY_FILE;

    fn rebase(&mut self, folder: &Path) {
        rebase(&mut self.pinned, folder);
        if let Some(run) = &mut self.run {
            rebase(run, folder);
        }
        if let Some(calendar) = &mut self.calendar {
            rebase(&mut calendar.folder, folder);
        }
        self.listener.rebase(folder);
        rebase(&mut self.store.path, folder);
        let keys = &mut self.keys;
        for key in [&mut keys.message, &mut keys.receipt, &mut keys.directory, &mut keys.log] {
            key.rebase(folder);
        }
        rebase(&mut keys.vault, folder);
        rebase(&mut keys.pseudonym, folder);
    }
}
