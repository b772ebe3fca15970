//! Clients of the other roles: mutual TLS, and ports that were free ones.

use std::path::Path;
use std::sync::Arc;

use super::tls::{text, wrong};
use super::{StartError, read_address};
use crate::config::{ClientSection, PeerSection};
use crate::domain::ports::Clock;
use crate::net::client::{Client, ClientError, Versions};
use crate::net::tls;

/// A client of `peer` that shows the certificate of `section`.
///
/// A peer whose URL has port 0 is looked up in `run`, where it writes its address when it starts.
///
/// # Errors
/// [`StartError`].
pub fn outbound(
    peer: &PeerSection,
    section: &ClientSection,
    run: Option<&Path>,
    clock: Arc<dyn Clock>,
) -> Result<Client, StartError> {
    outbound_with(peer, section, run, clock, Versions::Negotiated)
}

/// As [`outbound`], with versions of HTTP that the caller chooses.
///
/// # Errors
/// [`StartError`].
pub fn outbound_with(
    peer: &PeerSection,
    section: &ClientSection,
    run: Option<&Path>,
    clock: Arc<dyn Clock>,
    versions: Versions,
) -> Result<Client, StartError> {
    let url = url_of(peer, run)?;
    let chain = text(&section.certificate)?;
    let key = text(&section.key)?;
    let (roots, crl) = (text(&section.roots)?, text(&section.crl)?);
    let wrong = wrong(&section.certificate);
    let identity = tls::Identity::from_pem(&chain, &key).map_err(&wrong)?;
    let trust = tls::Trust::with_revocation(&roots, &crl).map_err(&wrong)?;
    let config = tls::client_config(Some(identity), trust, clock).map_err(&wrong)?;
    Client::https_with(&url, config, versions).map_err(|source| StartError::Peer { url, source })
}

fn url_of(peer: &PeerSection, run: Option<&Path>) -> Result<String, StartError> {
    let Some(host) = peer.url.strip_suffix(":0") else { return Ok(peer.url.clone()) };
    let missing = || StartError::Peer { url: peer.url.clone(), source: ClientError::Address };
    let run = run.ok_or_else(missing)?;
    let address = read_address(run, peer.id.as_str()).map_err(|source| {
        StartError::PeerNotRunning { file: run.join(format!("{}.addr", peer.id)), source }
    })?;
    Ok(format!("{host}:{}", address.port()))
}
