//! A district's connector between a plain REST client, a tokeniser and a gateway, over real TLS.

#![expect(clippy::unwrap_used, reason = "a test that cannot be set up fails")]

#[path = "connector/ask.rs"]
mod ask;
#[path = "connector/captured.rs"]
mod captured;
#[path = "connector/operators.rs"]
mod operators;
#[path = "connector/plain.rs"]
mod plain;
#[path = "connector/push.rs"]
mod push;
#[path = "connector/reconcile.rs"]
mod reconcile;
#[path = "connector/tokeniser.rs"]
mod tokeniser;
#[path = "connector/world.rs"]
mod world;
