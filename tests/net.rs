//! Real TLS and HTTP on loopback: what the network layer promises.

#![expect(clippy::unwrap_used, clippy::expect_used, reason = "a test that cannot be set up fails")]

#[path = "net/support.rs"]
mod support;

#[path = "net/bodies.rs"]
mod bodies;
#[path = "net/drain.rs"]
mod drain;
#[path = "net/log.rs"]
mod log;
#[path = "net/peers.rs"]
mod peers;
#[path = "net/pki.rs"]
mod pki;
#[path = "net/slow.rs"]
mod slow;
