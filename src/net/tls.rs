//! TLS settings: 1.3 only, no resumption, revocation that fails closed.
//!
//! Resumption is off on both sides because rustls asks the verifier on a full handshake only: a
//! resumed session would let a revoked certificate in.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use rustls::client::{Resumption, WebPkiServerVerifier};
use rustls::crypto::CryptoProvider;
use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, CertificateRevocationListDer, PrivateKeyDer, UnixTime};
use rustls::server::{NoServerSessionStorage, WebPkiClientVerifier};
use rustls::time_provider::TimeProvider;
use rustls::version::TLS13;
use rustls::{ClientConfig, RootCertStore, ServerConfig};

use crate::domain::ports::Clock;

/// Why a TLS configuration was not made: the operator's files are at fault.
#[derive(Debug, thiserror::Error)]
pub enum TlsError {
    /// A file is not the PEM that is expected, or holds nothing.
    #[error("no readable {0} in the PEM")]
    Pem(&'static str),
    /// A certificate cannot be a root.
    #[error("a root certificate is unusable: {0}")]
    Root(rustls::Error),
    /// The verifier cannot be built: no roots, or a malformed revocation list.
    #[error("verifier: {0}")]
    Verifier(#[from] rustls::server::VerifierBuilderError),
    /// Key and certificate do not fit, or the provider lacks TLS 1.3.
    #[error("TLS: {0}")]
    Tls(#[from] rustls::Error),
}

/// Makes aws-lc-rs the process's provider. Called once at start; a second call changes nothing.
pub fn install_provider() {
    // An error means that one is installed already, and only this function installs one.
    let _ = rustls::crypto::aws_lc_rs::default_provider().install_default();
}

/// Our own certificate chain and key.
pub struct Identity {
    chain: Vec<CertificateDer<'static>>,
    key: PrivateKeyDer<'static>,
}

impl Identity {
    /// Reads chain (leaf first) and key.
    pub fn from_pem(chain_pem: &str, key_pem: &str) -> Result<Self, TlsError> {
        let chain = certificates(chain_pem)?;
        let key = PrivateKeyDer::from_pem_slice(key_pem.as_bytes())
            .map_err(|_| TlsError::Pem("private key"))?;
        Ok(Self { chain, key })
    }
}

impl fmt::Debug for Identity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Identity").field("certificates", &self.chain.len()).finish_non_exhaustive()
    }
}

/// Whom we believe: roots, and revocation lists when revocation is configured.
#[derive(Clone, Debug)]
pub struct Trust {
    roots: Arc<RootCertStore>,
    crls: Vec<CertificateRevocationListDer<'static>>,
}

impl Trust {
    /// Roots only; nothing is checked for revocation.
    pub fn without_revocation(roots_pem: &str) -> Result<Self, TlsError> {
        let mut roots = RootCertStore::empty();
        for root in certificates(roots_pem)? {
            roots.add(root).map_err(TlsError::Root)?;
        }
        Ok(Self { roots: Arc::new(roots), crls: Vec::new() })
    }

    /// Roots with revocation lists. An empty text is an error, since no list at all would mean no
    /// check at all; expired lists and certificates that no list covers are refused.
    pub fn with_revocation(roots_pem: &str, crls_pem: &str) -> Result<Self, TlsError> {
        let crls: Vec<_> = CertificateRevocationListDer::pem_slice_iter(crls_pem.as_bytes())
            .collect::<Result<_, _>>()
            .map_err(|_| TlsError::Pem("revocation list"))?;
        if crls.is_empty() {
            return Err(TlsError::Pem("revocation list"));
        }
        Ok(Self { crls, ..Self::without_revocation(roots_pem)? })
    }
}

/// Does the listener ask for a client certificate?
#[derive(Clone, Debug)]
pub enum ClientAuth {
    /// Every client has to show one that this trust accepts.
    Required(Trust),
    /// None is asked for.
    None,
}

/// Settings of a TLS listener: HTTP/2 and HTTP/1.1 by ALPN, dates judged by `clock`.
pub fn server_config(
    identity: Identity,
    clients: ClientAuth,
    clock: Arc<dyn Clock>,
) -> Result<ServerConfig, TlsError> {
    let builder = ServerConfig::builder_with_details(provider(), Arc::new(Time(clock)))
        .with_protocol_versions(&[&TLS13])?;
    let builder = match clients {
        ClientAuth::None => builder.with_no_client_auth(),
        ClientAuth::Required(trust) => {
            let verifier = WebPkiClientVerifier::builder_with_provider(trust.roots, provider())
                .with_crls(trust.crls)
                .enforce_revocation_expiration()
                .build()?;
            builder.with_client_cert_verifier(verifier)
        }
    };
    let mut config = builder.with_single_cert(identity.chain, identity.key)?;
    config.session_storage = Arc::new(NoServerSessionStorage {});
    config.send_tls13_tickets = 0;
    config.max_early_data_size = 0;
    config.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
    Ok(config)
}

/// Settings of the outbound client; `identity` is our client certificate. ALPN is left to
/// `client`, whose connector sets it.
pub fn client_config(
    identity: Option<Identity>,
    servers: Trust,
    clock: Arc<dyn Clock>,
) -> Result<ClientConfig, TlsError> {
    let verifier = WebPkiServerVerifier::builder_with_provider(servers.roots, provider())
        .with_crls(servers.crls)
        .enforce_revocation_expiration()
        .build()?;
    let builder = ClientConfig::builder_with_details(provider(), Arc::new(Time(clock)))
        .with_protocol_versions(&[&TLS13])?
        .with_webpki_verifier(verifier);
    let mut config = match identity {
        Some(own) => builder.with_client_auth_cert(own.chain, own.key)?,
        None => builder.with_no_client_auth(),
    };
    config.resumption = Resumption::disabled();
    Ok(config)
}

/// Named here and not taken from the process, so that tests need no installation.
fn provider() -> Arc<CryptoProvider> {
    Arc::new(rustls::crypto::aws_lc_rs::default_provider())
}

fn certificates(pem: &str) -> Result<Vec<CertificateDer<'static>>, TlsError> {
    let found: Vec<_> = CertificateDer::pem_slice_iter(pem.as_bytes())
        .collect::<Result<_, _>>()
        .map_err(|_| TlsError::Pem("certificate"))?;
    if found.is_empty() { Err(TlsError::Pem("certificate")) } else { Ok(found) }
}

/// Our clock in the shape rustls asks for.
struct Time(Arc<dyn Clock>);

impl TimeProvider for Time {
    fn current_time(&self) -> Option<UnixTime> {
        let seconds = u64::try_from(self.0.now().0).ok()?;
        Some(UnixTime::since_unix_epoch(Duration::from_secs(seconds)))
    }
}

impl fmt::Debug for Time {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Time(..)")
    }
}
