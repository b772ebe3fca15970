//! A gateway's store at rest, with the keys that open it: for commands that work on the database.

use std::sync::Arc;

use super::StartError;
use super::secret::read_secret;
use crate::config::GatewayConfig;
use crate::gateway::Pseudonyms;
use crate::gateway::ports::Reads;
use crate::gateway::vault::Vault;
use crate::store::sqlite::SqliteStore;

/// A database and its keys.
pub struct Store {
    /// The database.
    pub sqlite: Arc<SqliteStore>,
    /// Opens bodies.
    pub vault: Vault,
    /// Finds subjects.
    pub pseudonyms: Pseudonyms,
}

impl Store {
    /// The way to read it.
    pub fn reads(&self) -> Arc<dyn Reads> {
        Arc::clone(&self.sqlite) as Arc<dyn Reads>
    }
}

/// Opens the store of a configuration, which has to exist.
///
/// # Errors
/// [`StartError`].
pub fn open_store(config: &GatewayConfig) -> Result<Store, StartError> {
    let file = &config.store.path;
    if let Err(source) = std::fs::metadata(file) {
        return Err(StartError::File { file: file.clone(), source });
    }
    let store_error = |source| StartError::Store { file: file.clone(), source };
    Ok(Store {
        sqlite: Arc::new(SqliteStore::open(file).map_err(store_error)?),
        vault: Vault::new(&*read_secret(&config.keys.vault)?)?,
        pseudonyms: Pseudonyms::new(&*read_secret(&config.keys.pseudonym)?),
    })
}
