//! Who is at the other end: what a verified client certificate says, parsed once per connection.

use std::net::SocketAddr;
use std::sync::Arc;

use axum::extract::FromRequestParts;
use http::request::Parts;
use sha2::{Digest as _, Sha256};
use x509_parser::prelude::{FromDer as _, GeneralName, X509Certificate};

use super::problem::Problem;
use crate::domain::code::Code;
use crate::domain::participant::{PARTICIPANT_URN_PREFIX, ParticipantId};

/// Every URI of ours starts with this; URN namespaces are compared without regard to case
/// (RFC 8141 §3.1), so a look-alike in capitals counts as one too many.
const OWN_URN_PREFIX: &str = "urn:ydt:";

/// The participant that a client certificate names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PeerIdentity {
    /// The participant.
    pub participant: ParticipantId,
    /// SHA-256 of the certificate (DER), for the log of connections and the directory.
    pub fingerprint: [u8; 32],
}

/// A certificate that verified names no participant, or more than one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the certificate does not name exactly one participant")]
pub struct PeerUnknown;

impl PeerIdentity {
    /// Reads the identity from a certificate whose chain TLS has verified. Exactly one SAN URI
    /// `urn:ydt:…` has to be there, and it has to name a participant; the subject is never read.
    pub fn from_certificate(der: &[u8]) -> Result<Self, PeerUnknown> {
        let (_, certificate) = X509Certificate::from_der(der).map_err(|_| PeerUnknown)?;
        let san =
            certificate.subject_alternative_name().map_err(|_| PeerUnknown)?.ok_or(PeerUnknown)?;
        let mut ours = san.value.general_names.iter().filter_map(|name| match name {
            GeneralName::URI(uri) if is_ours(uri) => Some(*uri),
            _ => None,
        });
        let (Some(uri), None) = (ours.next(), ours.next()) else { return Err(PeerUnknown) };
        let id = uri.strip_prefix(PARTICIPANT_URN_PREFIX).ok_or(PeerUnknown)?;
        let participant = id.parse().map_err(|_| PeerUnknown)?;
        Ok(Self { participant, fingerprint: Sha256::digest(der).into() })
    }
}

fn is_ours(uri: &str) -> bool {
    uri.get(..OWN_URN_PREFIX.len()).is_some_and(|head| head.eq_ignore_ascii_case(OWN_URN_PREFIX))
}

/// What the listener knows about a connection; an extension of each of its requests.
#[derive(Clone, Debug)]
pub struct ConnectInfo {
    /// The participant; `None` without a client certificate, or with one that names none.
    pub peer: Option<Arc<PeerIdentity>>,
    /// Address of the other end.
    pub remote: SocketAddr,
}

/// Extracts the peer; refuses a request without one as `peer-unknown`.
#[derive(Clone, Debug)]
pub struct Peer(pub Arc<PeerIdentity>);

impl<S: Sync> FromRequestParts<S> for Peer {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        let peer = parts.extensions.get::<ConnectInfo>().and_then(|info| info.peer.clone());
        peer.map(Self).ok_or_else(|| Problem::from(Code::PeerUnknown))
    }
}
