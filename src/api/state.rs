//! What the endpoints share.

use std::num::NonZeroU32;
use std::sync::Arc;

use super::metrics::Metrics;
use super::polls::Polls;
use crate::domain::participant::ParticipantId;
use crate::domain::ports::Clock;
use crate::gateway::Gateway;
use crate::net::body::BodyLimit;
use crate::net::rate::{Rate, RateLimiter};

/// Bounds of the endpoints.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ApiLimits {
    /// Size of a message, and how long it may take to arrive.
    pub message: BodyLimit,
    /// Messages per participant. The default lets an outbox of 100,000 single records drain within
    /// a quarter of an hour; a broken loop is stopped long before it harms the others.
    pub rate: Rate,
    /// Refused messages per participant; above it nothing more is judged for a while. An outbox
    /// with a few hundred wrong records gets through, a loop over one does not.
    pub refusals: Rate,
    /// Long polls that a participant may hold at once: one per follower, and room for a second
    /// connector while the first one is replaced.
    pub polls: u32,
}

impl Default for ApiLimits {
    fn default() -> Self {
        let number = |n| NonZeroU32::new(n).unwrap_or(NonZeroU32::MIN);
        Self {
            message: BodyLimit::MESSAGE,
            rate: Rate::per_minute(number(6_000), number(1_000)),
            refusals: Rate::per_minute(number(120), number(1_000)),
            polls: 4,
        }
    }
}

/// State of the gateway listener's endpoints; cheap to clone.
#[derive(Clone)]
pub struct ApiState {
    pub(super) gateway: Arc<Gateway>,
    pub(super) clock: Arc<dyn Clock>,
    pub(super) metrics: Metrics,
    pub(super) limits: ApiLimits,
    pub(super) rate: Arc<RateLimiter<ParticipantId>>,
    pub(super) refusals: Arc<RateLimiter<ParticipantId>>,
    pub(super) polls: Arc<Polls>,
}

impl ApiState {
    /// The endpoints of `gateway`.
    pub fn new(
        gateway: Arc<Gateway>,
        limits: ApiLimits,
        metrics: Metrics,
        clock: Arc<dyn Clock>,
    ) -> Self {
        let rate = Arc::new(RateLimiter::new(limits.rate));
        let refusals = Arc::new(RateLimiter::new(limits.refusals));
        let polls = Arc::new(Polls::new(limits.polls));
        Self { gateway, clock, metrics, limits, rate, refusals, polls }
    }

    /// Lets every long poll return what it has, and none begin to wait: call it when the listener
    /// is asked to stop, since a poll may wait longer than the listener drains.
    pub fn end_polls(&self) {
        self.polls.end();
    }
}
