//! `tokeniser.toml`: the tokeniser.

use std::num::NonZeroU32;
use std::path::{Path, PathBuf};

use serde::Deserialize;

use super::{
    ClientSection, Config, KeyFile, ListenerSection, PeerSection, TOKENISER_FILE, TelemetrySection,
    rebase,
};
use crate::domain::participant::ParticipantId;

/// Configuration of the tokeniser.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TokeniserConfig {
    /// Its participant id, the `aud` of every message to it.
    pub id: ParticipantId,
    /// The operator and its directory key, see [`super::PinnedFile`].
    pub pinned: PathBuf,
    /// Folder into which the address that was taken is written.
    #[serde(default)]
    pub run: Option<PathBuf>,
    /// The newest signed directory that was seen; kept here so that a start needs no gateway.
    pub directory: PathBuf,
    /// Where participants connect.
    pub listener: ListenerSection,
    /// Where the directory comes from.
    pub gateway: PeerSection,
    /// The certificate it shows there.
    pub client: ClientSection,
    /// Its keys.
    pub keys: TokeniserKeysSection,
    /// How much a participant may ask.
    #[serde(default)]
    pub quota: QuotaSection,
    /// The process log.
    #[serde(default)]
    pub telemetry: TelemetrySection,
}

/// The tokeniser's keys.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TokeniserKeysSection {
    /// Signs answers.
    pub receipt: KeyFile,
    /// 32 bytes in base64url from which the key of each epoch is derived, mode 0600.
    pub oprf_seed: PathBuf,
    /// The epochs that are evaluated, from 1; two during a change.
    pub epochs: Vec<u32>,
}

/// Elements that a participant may have evaluated.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct QuotaSection {
    /// Per day.
    pub per_day: NonZeroU32,
    /// At once after a pause.
    pub burst: NonZeroU32,
}

impl Default for QuotaSection {
    /// A large district's day.
    fn default() -> Self {
        Self {
            per_day: NonZeroU32::MIN.saturating_add(49_999),
            burst: NonZeroU32::MIN.saturating_add(9_999),
        }
    }
}

impl Config for TokeniserConfig {
    const FILE: &'static str = TOKENISER_FILE;

    fn rebase(&mut self, folder: &Path) {
        rebase(&mut self.pinned, folder);
        if let Some(run) = &mut self.run {
            rebase(run, folder);
        }
        rebase(&mut self.directory, folder);
        self.listener.rebase(folder);
        self.client.rebase(folder);
        self.keys.receipt.rebase(folder);
        rebase(&mut self.keys.oprf_seed, folder);
    }
}
