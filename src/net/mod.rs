//! Listener, TLS, limits, problem responses, outbound client.
//!
//! Owns connections from accept to drain, what a client certificate proves, the bounds of HTTP, and
//! the one place where a refusal becomes a response (`problem`). Leaves endpoints to `api`,
//! `tokeniser` and `connector`, and a participant's standing to `gateway`: a certificate says who a
//! peer is, never whether it may still speak, so standing is checked on each request.
//!
//! How a service uses it: build a `Router` whose handlers return `Result<_, Problem>`, wrap it with
//! [`edge::wrap`], hand it to [`listener::serve`].

pub mod body;
pub mod client;
pub mod echo;
pub mod edge;
pub mod headers;
pub mod language;
pub mod limits;
pub mod listener;
pub mod peer;
pub mod problem;
pub mod rate;
pub mod request_id;
pub mod status;
pub mod tls;
