//! What waits for a person: objections with their clocks, enquiries, measured precision, and earlier
//! answers that are looked at again; through the gateway on a real store.
#![expect(clippy::unwrap_used, reason = "a test that cannot be set up fails")]

mod access;
mod clocks;
mod enquiries;
mod objectable;
mod objections;
mod passports;
mod precision;
mod reviews;
#[path = "../support/mod.rs"]
mod support;
mod world;
