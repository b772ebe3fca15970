//! 长三角人才互认网关: a gateway that carries signed talent records, recognition look-ups and
//! duplicate-funding checks between districts.
//!
//! The map of the modules, the direction of their arrows and what is deliberately absent are in
//! `ARCHITECTURE.md`; a test reads `src/` and fails on an arrow that runs up.

pub mod api;
pub mod bench;
pub mod catalogue;
pub mod cli;
pub mod config;
pub mod connector;
pub mod domain;
pub mod evidence;
pub mod gateway;
pub mod import;
pub mod json;
pub mod jws;
pub mod log;
pub mod message;
pub mod net;
pub mod oprf;
pub mod pki;
pub mod projection;
pub mod schema;
pub mod service;
pub mod store;
pub mod synth;
pub mod system;
pub mod telemetry;
pub mod tokeniser;
