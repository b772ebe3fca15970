//! What happens around every request, in one place: id, bound on concurrency, panics, the final
//! form of problems, headers, access log.

use std::future::poll_fn;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::pin;
use std::sync::Arc;
use std::task::Poll;
use std::time::Instant;

use axum::Router;
use axum::extract::{MatchedPath, Request, State};
use axum::middleware::{self, Next};
use axum::response::{IntoResponse as _, Response};
use http::StatusCode;
use tokio::sync::Semaphore;

use super::limits::REQUESTS_MAX;
use super::peer::ConnectInfo;
use super::problem::Problem;
use super::request_id::{REQUEST_ID, RequestId};
use super::{headers, language};
use crate::domain::code::Code;
use crate::domain::ports::Ids;

/// Puts the edge around a finished router: its routes and what no route matches.
///
/// Handlers find [`RequestId`] and the client's `Language` as request extensions.
pub fn wrap(router: Router, ids: Arc<dyn Ids>) -> Router {
    wrap_with(router, ids, REQUESTS_MAX)
}

/// As [`wrap`], with another bound on requests that are worked on at once.
pub fn wrap_with(router: Router, ids: Arc<dyn Ids>, requests_max: usize) -> Router {
    let permits = Semaphore::new(requests_max.min(Semaphore::MAX_PERMITS));
    let edge = Arc::new(Edge { ids, permits });
    router.layer(middleware::from_fn_with_state(edge, around))
}

struct Edge {
    ids: Arc<dyn Ids>,
    permits: Semaphore,
}

async fn around(State(edge): State<Arc<Edge>>, mut request: Request, next: Next) -> Response {
    let started = Instant::now();
    let id = RequestId(edge.ids.uuid_v7());
    let language = language::accepted(request.headers());
    let access = Access::of(&request);
    request.extensions_mut().insert(id);
    request.extensions_mut().insert(language);

    let mut response = match edge.permits.try_acquire() {
        Ok(_permit) => run(next, request, id).await,
        Err(_) => Problem::from(Code::Overloaded).into_response(),
    };
    let problem = problem_in(&response);
    if let Some(problem) = &problem {
        problem.write(&mut response, language, Some(id));
    }
    headers::secure(response.headers_mut());
    if let Some(value) = id.header() {
        response.headers_mut().insert(REQUEST_ID, value);
    }
    access.log(response.status(), problem.as_deref(), id, started);
    response
}

/// Runs the handler; a panic in it becomes `internal` and harms no other stream of the connection.
async fn run(next: Next, request: Request, id: RequestId) -> Response {
    let mut handler = pin!(next.run(request));
    let outcome =
        poll_fn(|cx| match catch_unwind(AssertUnwindSafe(|| handler.as_mut().poll(cx))) {
            Ok(poll) => poll.map(Some),
            Err(_) => Poll::Ready(None),
        });
    outcome.await.unwrap_or_else(|| {
        tracing::error!(request_id = %id, "a handler panicked");
        Problem::from(Code::Internal).into_response()
    })
}

/// The problem that a handler returned, or the one that stands for a framework's error.
fn problem_in(response: &Response) -> Option<Arc<Problem>> {
    response
        .extensions()
        .get::<Arc<Problem>>()
        .cloned()
        .or_else(|| Problem::of_status(response.status()).map(Arc::new))
}

/// What the access log tells of a request: never path parameters, query or headers.
struct Access {
    method: http::Method,
    route: Option<MatchedPath>,
    connection: Option<ConnectInfo>,
}

impl Access {
    fn of(request: &Request) -> Self {
        Self {
            method: request.method().clone(),
            route: request.extensions().get().cloned(),
            connection: request.extensions().get().cloned(),
        }
    }

    fn log(&self, status: StatusCode, problem: Option<&Problem>, id: RequestId, started: Instant) {
        let peer = self.connection.as_ref().and_then(|c| c.peer.as_ref());
        tracing::info!(
            method = %self.method,
            route = self.route.as_ref().map_or("-", MatchedPath::as_str),
            status = status.as_u16(),
            code = problem.map_or("-", |p| p.refusal().code.as_str()),
            latency_us = u64::try_from(started.elapsed().as_micros()).unwrap_or(u64::MAX),
            request_id = %id,
            participant = peer.map_or("-", |p| p.participant.as_str()),
            "request"
        );
    }
}

#[cfg(test)]
mod tests {
    use axum::body::Body;
    use axum::routing::get;
    use http_body_util::BodyExt as _;
    use serde_json::Value;
    use tower::ServiceExt as _;
    use uuid::Uuid;

    use super::*;

    struct OneId;
    impl Ids for OneId {
        fn uuid_v7(&self) -> Uuid {
            Uuid::from_u128(0x0192_0000_0000_7000_8000_0000_0000_0001)
        }
    }

    fn app(requests_max: usize) -> Router {
        async fn panics() -> &'static str {
            panic!("on purpose")
        }
        let router = Router::new()
            .route("/ok", get(|| async { "ok" }))
            .route("/panic", get(panics))
            .route("/number/{n}", get(|n: axum::extract::Path<u8>| async move { n.to_string() }));
        wrap_with(router, Arc::new(OneId), requests_max)
    }

    async fn call(app: Router, method: &str, path: &str) -> (Response, Value) {
        let request = http::Request::builder()
            .method(method)
            .uri(path)
            .header("accept-language", "en")
            .body(Body::empty())
            .unwrap();
        let (parts, body) = app.oneshot(request).await.unwrap().into_parts();
        let bytes = body.collect().await.unwrap().to_bytes();
        let value = serde_json::from_slice(&bytes).unwrap_or(Value::Null);
        (Response::from_parts(parts, Body::from(bytes)), value)
    }

    #[tokio::test]
    async fn everything_that_goes_wrong_is_a_problem() {
        for (method, path, requests_max, code) in [
            ("GET", "/nowhere", 9, "not-found"),
            ("POST", "/ok", 9, "method-not-allowed"),
            ("GET", "/panic", 9, "internal"),
            ("GET", "/number/19880101", 9, "bad-request"),
            ("GET", "/ok", 0, "overloaded"),
        ] {
            let (response, problem) = call(app(requests_max), method, path).await;
            assert_eq!(problem["code"], code, "{path}");
            assert_eq!(problem["request_id"], OneId.uuid_v7().to_string());
            assert_eq!(response.status().as_u16(), problem["status"]);
            assert!(!problem.to_string().contains("19880101"), "no value of the request");
            assert_eq!(response.headers()["cache-control"], "no-store");
        }
    }

    #[tokio::test]
    async fn what_goes_well_carries_id_and_headers() {
        let (response, _) = call(app(1), "GET", "/ok").await;
        assert_eq!(response.status(), 200);
        assert_eq!(response.headers()[REQUEST_ID], OneId.uuid_v7().to_string());
        assert_eq!(response.headers()["x-content-type-options"], "nosniff");
    }
}
