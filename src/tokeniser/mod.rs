//! The tokeniser service: evaluates blinded identifiers (RFC 9497), keeps no table.
//!
//! Owns `POST /v1/tokens`: who may ask, how often, and the signed answer. Leaves the group
//! arithmetic to `oprf` and the list of participants' keys to the directory, which is handed in as a
//! [`KeyLookup`]. What it learns is how often a participant asked, nothing else: elements are
//! blinded, and neither they nor anything made of them is kept or logged.
//!
//! Evaluation is a function of element and epoch, so a message that comes twice gives no one
//! anything new; it is answered again and counts against the quota again, which saves a table of
//! message ids.

mod evaluate;

use std::collections::BTreeMap;
use std::sync::Arc;

use axum::Router;
use axum::routing::post;

use crate::domain::participant::ParticipantId;
pub use crate::gateway::Ports;
use crate::jws::{KeyLookup, SigningKey};
use crate::net::rate::{Rate, RateLimiter};
use crate::oprf::server::Key;
use crate::schema::Registry;

/// Requests of a participant before any signature is checked: one batch every 100 ms, which keeps a
/// core free.
pub const REQUESTS_DEFAULT: Rate = Rate::per_minute(number(600), number(120));

/// Elements of a participant: a large district's day, a bulk push or a district's first load at
/// once. It is what makes trying out ID numbers slow (`formats.md` §6): 2^36 take 3,700 years.
pub const ELEMENTS_DEFAULT: Rate = Rate::per_day(number(50_000), number(10_000));

/// Who the tokeniser is and what it may be asked for.
pub struct TokeniserConfig {
    /// Its participant id, the `aud` of every message to it.
    pub id: ParticipantId,
    /// Signs the answers: its `receipt` key.
    pub receipt: SigningKey,
    /// One key per epoch that is in use. A destroyed epoch is simply absent.
    pub keys: Vec<Key>,
    /// Requests per participant.
    pub requests: Rate,
    /// Elements per participant.
    pub elements: Rate,
}

/// The tokeniser's state: keys and allowances, nothing about anybody.
pub struct Tokeniser {
    id: ParticipantId,
    receipt: SigningKey,
    keys: BTreeMap<u32, Arc<Key>>,
    participants: Arc<dyn KeyLookup + Send + Sync>,
    schemas: Arc<Registry>,
    requests: RateLimiter<ParticipantId>,
    elements: RateLimiter<ParticipantId>,
    ports: Ports,
}

impl Tokeniser {
    /// A tokeniser. `participants` knows the message keys of those who may ask now: whoever feeds
    /// it from the signed directory leaves out the keys of suspended participants.
    pub fn new(
        config: TokeniserConfig,
        participants: Arc<dyn KeyLookup + Send + Sync>,
        schemas: Arc<Registry>,
        ports: Ports,
    ) -> Self {
        let keys = config.keys.into_iter().map(|key| (key.epoch(), Arc::new(key))).collect();
        Self {
            id: config.id,
            receipt: config.receipt,
            keys,
            participants,
            schemas,
            requests: RateLimiter::new(config.requests),
            elements: RateLimiter::new(config.elements),
            ports,
        }
    }
}

/// The routes. The listener has to ask for client certificates.
pub fn router(tokeniser: Arc<Tokeniser>) -> Router {
    Router::new().route("/v1/tokens", post(evaluate::tokens)).with_state(tokeniser)
}

const fn number(n: u32) -> std::num::NonZeroU32 {
    match std::num::NonZeroU32::new(n) {
        Some(n) => n,
        None => std::num::NonZeroU32::MIN,
    }
}
