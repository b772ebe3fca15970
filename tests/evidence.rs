//! Evidence is verified as a stranger would: with a pin and texts, no server, no clock.

#![expect(clippy::unwrap_used, reason = "a test that cannot be set up fails")]

#[path = "evidence/bundle.rs"]
mod bundle;
#[path = "evidence/directory.rs"]
mod directory;
#[path = "evidence/fixture.rs"]
mod fixture;
#[path = "evidence/gateway.rs"]
mod gateway;
#[path = "evidence/reply.rs"]
mod reply;
mod support;
