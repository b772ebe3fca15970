//! Bare HTTP, for measuring: reads a body and gives a reply of a fixed size.

use axum::Router;
use axum::body::Body;
use axum::extract::Request;
use axum::http::StatusCode;
use bytes::Bytes;

use super::body::{self, BodyLimit};

/// Routes that take any request whose body is a message by its size.
pub fn router(reply_bytes: usize) -> Router {
    let reply = Bytes::from(vec![b' '; reply_bytes]);
    let handle = move |request: Request| {
        let reply = reply.clone();
        async move {
            match body::read(request.into_body(), BodyLimit::MESSAGE).await {
                Ok(_) => (StatusCode::OK, Body::from(reply)),
                Err(_) => (StatusCode::BAD_REQUEST, Body::empty()),
            }
        }
    };
    Router::new().fallback(handle)
}
