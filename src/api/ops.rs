//! The operations listener, on loopback by default: alive, ready, metrics. No peers, no messages.

use std::sync::Arc;

use axum::Router;
use axum::extract::State;
use axum::response::Response;
use axum::routing::get;
use prometheus_client::encoding::text::encode;
use prometheus_client::registry::Registry;

use super::respond::with_type;
use crate::domain::code::Code;
use crate::gateway::Gateway;
use crate::net::problem::Problem;

/// Media type of OpenMetrics text.
const OPENMETRICS: &str = "application/openmetrics-text; version=1.0.0; charset=utf-8";

/// What the operations listener shows.
#[derive(Clone)]
pub struct OpsState {
    /// Asked for its self-test.
    pub gateway: Arc<Gateway>,
    /// Everything that is measured in this process.
    pub registry: Arc<Registry>,
}

/// The operations listener's routes. Wrap them with [`crate::net::edge::wrap`].
pub fn router(state: OpsState) -> Router {
    Router::new()
        .route("/healthz", get(alive))
        .route("/readyz", get(ready))
        .route("/metrics", get(metrics))
        .with_state(state)
}

/// The process answers. Says nothing about its store: a restart would not mend that.
async fn alive() -> Response {
    with_type("text/plain; charset=utf-8", "alive\n")
}

/// A signature that verifies and a durable write, now.
async fn ready(State(state): State<OpsState>) -> Result<Response, Problem> {
    state.gateway.self_test().await?;
    Ok(with_type("text/plain; charset=utf-8", "ready\n"))
}

async fn metrics(State(state): State<OpsState>) -> Result<Response, Problem> {
    state.gateway.measure_precision().await?;
    let mut text = String::new();
    encode(&mut text, &state.registry).map_err(|_| Problem::from(Code::Internal))?;
    Ok(with_type(OPENMETRICS, text))
}
