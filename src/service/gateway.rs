//! The gateway's service.

use std::path::Path;
use std::sync::Arc;

use super::bound::bind;
use super::outbound::text;
use super::secret::read_secret;
use super::{Service, StartError};
use crate::config::{GatewayConfig, KeyFile, ListenerSection, PinnedFile};
use crate::gateway::ports::Writer;
use crate::gateway::vault::Vault;
use crate::gateway::{
    Gateway, GatewayKeys, Identity, Pinned, Ports, Pseudonyms, Submission,
};
use crate::jws::{KeyFileError, SigningKey, read_private_pem};
use crate::schema::Registry;
use crate::store::sqlite::SqliteStore;

/// Opens the gateway of a configuration without any listener: for its service, for `init`, and for
/// the commands that work on a store at rest.
///
/// # Errors
/// [`StartError`].
pub fn open_gateway(config: &GatewayConfig, ports: Ports) -> Result<Gateway, StartError> {
    let keys = keys(config)?;
    let pinned = pinned(config, &keys)?;
    let origin = config.log.origin.parse().map_err(|source| StartError::Origin {
        origin: config.log.origin.clone(),
        source,
    })?;
    let identity = Identity { id: config.id.clone(), origin, pinned };
    let schemas = Arc::new(Registry::load()?);
    let store_error = |source| StartError::Store { file: config.store.path.clone(), source };
    let store = Arc::new(SqliteStore::open(&config.store.path).map_err(store_error)?);
    let writer = Arc::clone(&store);
    let start = move |committer| {
        writer.start_writer(committer).map(|w| Box::new(w) as Box<dyn Writer<Submission>>)
    };
    Ok(Gateway::open(identity, keys, ports, schemas, store, start)?)
}

fn keys(config: &GatewayConfig) -> Result<GatewayKeys, StartError> {
    let keys = &config.keys;
    Ok(GatewayKeys {
        message: signing_key(&keys.message)?,
        receipt: signing_key(&keys.receipt)?,
        directory: signing_key(&keys.directory)?,
        log: signing_key(&keys.log)?,
        vault: Vault::new(&*read_secret(&keys.vault)?)?,
        pseudonyms: Pseudonyms::new(&*read_secret(&keys.pseudonym)?),
    })
}

/// The pin, which the gateway's own directory key has to fit: another key would sign a directory
/// that nobody believes.
fn pinned(config: &GatewayConfig, keys: &GatewayKeys) -> Result<Pinned, StartError> {
    let other = || StartError::OtherOperator { pinned: config.pinned.clone() };
    let file = PinnedFile::load(&config.pinned)?;
    let key = file.record().ok_or_else(other)?;
    if key.public() != keys.directory.public() || file.operator.participant != config.id {
        return Err(other());
    }
    Ok(Pinned { participant: file.operator, key })
}

/// Reads a private key.
pub(super) fn signing_key(key: &KeyFile) -> Result<SigningKey, KeyFileError> {
    read_private_pem(&key.file, key.kid.clone())
}
