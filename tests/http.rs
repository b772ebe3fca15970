//! The gateway's endpoints over real TLS, a real store and real signatures: what they promise to
//! good and to bad clients.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test that cannot be set up fails")]

#[path = "http/support.rs"]
mod support;

#[path = "http/contract.rs"]
mod contract;
#[path = "http/feed.rs"]
mod feed;
#[path = "http/log.rs"]
mod log;
#[path = "http/ops.rs"]
mod ops;
#[path = "http/push.rs"]
mod push;
#[path = "http/query.rs"]
mod query;
#[path = "http/race.rs"]
mod race;
#[path = "http/reads.rs"]
mod reads;
#[path = "http/refused.rs"]
mod refused;
#[path = "http/transport.rs"]
mod transport;
