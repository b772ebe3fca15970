//! The gateway's endpoints, one file each: what it takes, what it gives, its documentation.
//!
//! Owns paths, parameters, media types, caching, the OpenAPI description and the browsable
//! reference. Leaves decisions to `gateway`, and connections, limits of HTTP and the form of
//! problems to `net`.
//!
//! Every endpoint takes [`Active`](standing::Active), which refuses a peer that is not, or is no
//! longer, an active participant: a certificate says who a peer is, never whether it may still
//! speak.

mod checkpoint;
mod directory;
pub mod docs;
mod feed;
mod message;
mod messages;
pub mod metrics;
mod model;
pub mod openapi;
pub mod ops;
mod polls;
mod respond;
mod schemas;
mod standing;
mod state;
mod tile;

use axum::{Router, middleware};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

pub use self::feed::FEED_WAIT_MAX;
pub use self::metrics::Metrics;
pub use self::respond::REPLAYED;
pub use self::state::{ApiLimits, ApiState};

/// The gateway listener's routes. Wrap them with [`crate::net::edge::wrap`].
pub fn router(state: ApiState) -> Router {
    let (router, description) = described().split_for_parts();
    let pages = docs::Pages::new(&description, state.gateway.schemas());
    let metrics = state.metrics.clone();
    router
        .merge(docs::routes(pages))
        .layer(middleware::from_fn_with_state(metrics, metrics::count))
        .with_state(state)
}

/// The endpoints and their description, which cannot drift apart.
fn described() -> OpenApiRouter<ApiState> {
    OpenApiRouter::with_openapi(openapi::base())
        .routes(routes!(messages::send))
        .routes(routes!(message::again))
        .routes(routes!(feed::feed))
        .routes(routes!(directory::directory))
        .routes(routes!(schemas::index))
        .routes(routes!(schemas::by_name))
        .routes(routes!(schemas::by_type))
        .routes(routes!(checkpoint::checkpoint))
        .routes(routes!(tile::tile))
}
