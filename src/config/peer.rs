//! `[gateway]`, `[tokeniser]`: a service that is called.

use serde::Deserialize;

use crate::domain::participant::ParticipantId;

/// A service: who it is and where it listens.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PeerSection {
    /// Its participant id, the `aud` of messages to it.
    pub id: ParticipantId,
    /// `https://host:port`. Port 0 means: the one that the service wrote into the folder `run` of
    /// the same installation (development on one machine).
    pub url: String,
}
