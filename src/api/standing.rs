//! Who asks, and may it still ask? The first thing that every endpoint looks at.

use axum::extract::FromRequestParts;
use http::request::Parts;

use super::state::ApiState;
use crate::domain::participant::ParticipantId;
use crate::net::peer::Peer;
use crate::net::problem::Problem;

/// An active participant of the directory of this moment. Checked on each request, because
/// connections are long-lived and a suspension acts at once.
pub(super) struct Active(pub ParticipantId);

impl FromRequestParts<ApiState> for Active {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &ApiState) -> Result<Self, Problem> {
        let Peer(peer) = Peer::from_request_parts(parts, state).await?;
        state.gateway.directory().check_standing(&peer.participant)?;
        Ok(Self(peer.participant.clone()))
    }
}
