//! The signed directory: kept on disk, renewed from the gateway, never believed below a version
//! that was seen.

use std::sync::Arc;
use std::time::Duration;

use arc_swap::ArcSwapOption;

use super::Connector;
use super::hub::{self, HubError};
use super::outbox::{Outbox, OutboxError};
use crate::domain::code::{Code, Refusal};
use crate::domain::time::UtcSeconds;
use crate::evidence::{Pin, TrustedDirectory};
use crate::jws::KeyUse;

/// How often the directory is asked for: a new key is known after this time at the latest, or when
/// something it signed arrives.
const RENEW_EVERY: Duration = Duration::from_mins(5);
/// Pause after a failed attempt.
const RENEW_AGAIN: Duration = Duration::from_secs(10);
/// Name of the stored value.
const META: &str = "directory";

pub(super) struct DirectoryKeeper {
    pin: Pin,
    current: ArcSwapOption<TrustedDirectory>,
}

impl DirectoryKeeper {
    /// Takes up the stored document. One that does not lead to the pin is not used, and not an
    /// error either: the operator may have been given a new pin.
    pub(super) fn open(pin: Pin, outbox: &Outbox) -> Result<Self, OutboxError> {
        let stored = outbox.meta(META)?.and_then(|bytes| String::from_utf8(bytes).ok());
        let current =
            stored.and_then(|compact| match TrustedDirectory::open(&compact, &pin, None) {
                Ok(directory) => Some(Arc::new(directory)),
                Err(error) => {
                    tracing::warn!(%error, "the stored directory is not used");
                    None
                }
            });
        Ok(Self { pin, current: ArcSwapOption::new(current) })
    }

    fn take_up(&self, compact: &str) -> Result<Arc<TrustedDirectory>, Refusal> {
        let next = match self.current.load_full() {
            Some(current) => current.succeed(compact),
            None => TrustedDirectory::open(compact, &self.pin, None),
        };
        let next = Arc::new(next.map_err(|error| {
            tracing::error!(%error, "the gateway's directory is not believed");
            Refusal::new(Code::SignatureInvalid).detail(
                "网关目录未通过验证：请与网关运营方核对目录密钥指纹",
                "the gateway's directory does not verify: compare the fingerprint of the directory key with its operator",
            )
        })?);
        self.current.store(Some(Arc::clone(&next)));
        Ok(next)
    }
}

impl Connector {
    /// The directory of the moment; asks the gateway when there is none yet.
    pub(super) async fn directory(&self) -> Result<Arc<TrustedDirectory>, Refusal> {
        match self.directory.current.load_full() {
            Some(directory) => Ok(directory),
            None => self.renew_directory().await,
        }
    }

    /// The directory that is held, without asking anyone.
    pub(super) fn directory_held(&self) -> Option<Arc<TrustedDirectory>> {
        self.directory.current.load_full()
    }

    /// Asks the gateway for the newest directory and verifies it.
    pub(super) async fn renew_directory(&self) -> Result<Arc<TrustedDirectory>, Refusal> {
        let compact = hub::directory(&self.gateway)
            .await
            .map_err(|error: HubError| error.into_refusal("网关", "the gateway"))?;
        let held = self.directory_held().map(|directory| directory.version());
        let next = self.directory.take_up(&compact)?;
        if held != Some(next.version()) {
            self.on_outbox(move |outbox| outbox.put_meta(META, compact.as_bytes())).await?;
            tracing::info!(version = next.version(), "directory");
        }
        Ok(next)
    }
}

/// The newest epoch whose key the directory lists.
pub(super) fn epoch(directory: &TrustedDirectory) -> Result<u32, Refusal> {
    directory.oprf_epochs().last().ok_or_else(|| {
        Refusal::new(Code::EpochUnknown)
            .detail("目录中没有令牌密钥周期", "the directory lists no epoch of the tokeniser")
    })
}

/// Does our own message key stand in the directory and hold now? For the health page.
pub(super) fn knows_own_key(
    connector: &Connector,
    directory: &TrustedDirectory,
    now: UtcSeconds,
) -> bool {
    directory.keys_of(&connector.participant, KeyUse::Message).any(|key| {
        key.kid() == connector.key.kid()
            && key.public() == connector.key.public()
            && key.check_in_force(now).is_ok()
    })
}

/// Renews the directory for ever.
pub(super) async fn run(connector: &Connector) {
    loop {
        let pause = match connector.renew_directory().await {
            Ok(_) => RENEW_EVERY,
            Err(_) => RENEW_AGAIN,
        };
        tokio::time::sleep(pause).await;
    }
}
