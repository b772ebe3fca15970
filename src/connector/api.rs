//! The local REST: plain JSON on the district's own network, operators by bearer token. The
//! contract for integrators is `docs/connector.md`.

mod ask;
mod here;
mod outgoing;
mod reply;
mod request;
mod stated;

use std::sync::Arc;

use axum::Router;
use axum::extract::State;
use axum::response::Response;
use axum::routing::{get, post};

use super::Connector;
use crate::domain::registry::MessageType;
use crate::net::problem::Problem;
pub use request::WAIT_SECONDS_MAX;

type Shared = State<Arc<Connector>>;
type Replied = Result<Response, Problem>;

/// The routes, for a plain listener on loopback or the office's own network. Wrap them with
/// [`crate::net::edge::wrap`].
pub fn router(connector: Arc<Connector>) -> Router {
    Router::new()
        .route("/local/v1/messages/{name}/{major}", post(outgoing::messages).put(stated::put))
        .route("/local/v1/records", post(outgoing::records))
        .route("/local/v1/check", post(ask::check))
        .route("/local/v1/recognise", post(ask::recognise))
        .route("/local/v1/entitlement", post(ask::entitlement))
        .route("/local/v1/query", post(ask::query))
        .route("/local/v1/objection", post(outgoing::objection))
        .route("/local/v1/objection/outcome", outgoing::as_it_is(MessageType::ObjectionOutcome))
        .route("/local/v1/enquiry", post(outgoing::enquiry))
        .route("/local/v1/enquiry/reply", outgoing::as_it_is(MessageType::EnquiryReply))
        .route("/local/v1/worklist", post(ask::worklist))
        .route("/local/v1/reconcile", post(outgoing::reconcile))
        .route("/local/v1/outbox", get(here::outbox))
        .route("/local/v1/outbox/{id}", get(here::item))
        .route("/local/v1/pending", get(here::pending))
        .route("/local/v1/pending/{id}/approve", post(here::approve))
        .route("/local/v1/feed", get(here::feed))
        .route("/local/v1/health", get(here::health))
        .with_state(connector)
}
