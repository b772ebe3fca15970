//! Why a role does not start, and what to do.

use std::io;
use std::net::SocketAddr;
use std::path::PathBuf;

use super::secret::SecretError;
use crate::config::ConfigError;
use crate::gateway::OpenError;
use crate::gateway::vault::VaultError;
use crate::jws::KeyFileError;
use crate::net::client::ClientError;
use crate::net::tls::TlsError;
use crate::oprf::OprfError;
use crate::schema::SchemaError;
use crate::store::sqlite::MigrateError;

/// Why a role does not start: the operator's to mend.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// A configuration file.
    #[error(transparent)]
    Config(#[from] ConfigError),
    /// A file that the configuration names.
    #[error("{}: {source}", file.display())]
    File {
        /// The file.
        file: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// A private key.
    #[error(transparent)]
    Key(#[from] KeyFileError),
    /// A secret of 32 bytes.
    #[error(transparent)]
    Secret(#[from] SecretError),
    /// The vault key.
    #[error("vault key: {0}")]
    Vault(#[from] VaultError),
    /// Certificates.
    #[error("{}: {source}", file.display())]
    Tls {
        /// The certificate that the settings begin with.
        file: PathBuf,
        /// What is wrong.
        source: TlsError,
    },
    /// The origin of the log is no key name.
    #[error("log.origin {origin:?}: {source}")]
    Origin {
        /// As configured.
        origin: String,
        /// What is wrong.
        source: crate::log::KeyError,
    },
    /// A key of the configuration is not the pinned one.
    #[error("keys.directory is not the key that {} pins", pinned.display())]
    OtherOperator {
        /// The pinned file.
        pinned: PathBuf,
    },
    /// The schemas of this build do not compile.
    #[error(transparent)]
    Schema(#[from] SchemaError),
    /// The database.
    #[error("{}: {source}", file.display())]
    Store {
        /// The database.
        file: PathBuf,
        /// What is wrong.
        source: MigrateError,
    },
    /// The log in the database.
    #[error(transparent)]
    Open(#[from] OpenError),
    /// The key of an epoch.
    #[error("oprf seed: {0}")]
    Oprf(#[from] OprfError),
    /// An address is taken or not ours.
    #[error("{address}: {source}")]
    Bind {
        /// The address.
        address: SocketAddr,
        /// What the system said.
        source: io::Error,
    },
    /// Who may use a connector.
    #[error("{}: {source}", file.display())]
    Operators {
        /// The operator file.
        file: PathBuf,
        /// What is wrong.
        source: crate::connector::OperatorsError,
    },
    /// A connector's outbox.
    #[error("{}: {source}", file.display())]
    Connector {
        /// The outbox.
        file: PathBuf,
        /// What is wrong.
        source: crate::connector::OpenError,
    },
    /// The URL of a peer.
    #[error("{url}: {source}")]
    Peer {
        /// As configured.
        url: String,
        /// What is wrong.
        source: ClientError,
    },
    /// The peer of the same installation has not written its address: it does not run.
    #[error("{}: {source}", file.display())]
    PeerNotRunning {
        /// Where its address would be.
        file: PathBuf,
        /// What the system said.
        source: io::Error,
    },
}

impl StartError {
    /// What to do about it.
    pub fn hint(&self) -> &'static str {
        match self {
            Self::Config(error) => error.hint(),
            Self::File { .. } | Self::Key(KeyFileError::Io { .. }) => {
                "check the path in the configuration; relative paths start at its folder"
            }
            Self::Key(_) | Self::Secret(_) => {
                "private files belong to one user and have mode 0600; restore them from their backup"
            }
            Self::Vault(_) | Self::Schema(_) | Self::Oprf(_) => {
                "this build or machine is broken: reinstall the release"
            }
            Self::Tls { .. } => {
                "check certificate, key, roots and revocation list; in a development installation \
                 `talent-gateway init DIR --renew` issues new ones"
            }
            Self::Origin { .. } => "a schema-less URL without spaces, such as gateway.example/log",
            Self::OtherOperator { .. } => {
                "this store belongs to the operator that is pinned: use its directory key"
            }
            Self::Store { .. } => {
                "another process may hold the database, or it was made by a newer release"
            }
            Self::Open(_) => {
                "the database does not agree with itself: restore the newest backup and keep this \
                 file for the investigation"
            }
            Self::Operators { .. } => "docs/connector.md shows the form of the file",
            Self::Connector { .. } => {
                "another process may hold the outbox, or its key belongs to another district"
            }
            Self::Bind { .. } => "another process listens there; port 0 takes any free one",
            Self::Peer { .. } => "https://host:port, without a path",
            Self::PeerNotRunning { .. } => "start that role first, or give its port in the url",
        }
    }
}
