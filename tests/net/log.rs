//! The access log names route and participant, never what the client put into the address.

use std::io;
use std::sync::{Arc, Mutex};

use axum::Router;
use axum::body::Body;
use axum::routing::get;
use http::Request;
use talent_gateway::net::edge;
use talent_gateway::system::SystemIds;
use tower::ServiceExt as _;

#[derive(Clone, Default)]
struct Captured(Arc<Mutex<Vec<u8>>>);

impl io::Write for Captured {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[tokio::test]
async fn the_log_holds_the_template_only() {
    let captured = Captured::default();
    let writer = captured.clone();
    let subscriber = tracing_subscriber::fmt().with_writer(move || writer.clone()).finish();
    let guard = tracing::subscriber::set_default(subscriber);
    let router = Router::new().route("/v1/messages/{iss}/{jti}", get(|| async { "ok" }));
    let app = edge::wrap(router, Arc::new(SystemIds));
    for path in ["/v1/messages/qingpu/secret-a?q=secret-b", "/secret-c/secret-d"] {
        let request = Request::get(path).body(Body::empty()).unwrap();
        app.clone().oneshot(request).await.unwrap();
    }
    drop(guard);
    let text = String::from_utf8(captured.0.lock().unwrap().clone()).unwrap();
    assert!(text.contains("/v1/messages/{iss}/{jti}"), "{text}");
    assert!(text.contains("not-found"), "{text}");
    assert!(!text.contains("secret"), "{text}");
}
