//! The feed follower: a durable copy of what the gateway tells this participant, by long poll.

use std::time::Duration;

use serde_json::Value;

use super::hub::{self, HubError};
use super::{Connector, retry};
use crate::domain::code::{Code, Refusal};
use crate::projection::FeedRow;

/// Least time between two polls, so that a gateway that answers at once is not hammered.
const PAUSE: Duration = Duration::from_millis(200);
/// Seed of the waits; one follower per connector needs no spreading of its own.
const SEED: u64 = 0;

/// Follows for ever.
pub(super) async fn run(connector: &Connector) {
    let mut failures = 0_u32;
    loop {
        let pause = match connector.follow().await {
            Ok(()) => {
                failures = 0;
                PAUSE
            }
            Err(refusal) => {
                failures = failures.saturating_add(1);
                tracing::warn!(failures, code = refusal.code.as_str(), "feed");
                retry::delay(failures, SEED)
            }
        };
        tokio::time::sleep(pause).await;
    }
}

impl Connector {
    /// One poll. The sequence is dense: a gap or a step back is refused, and asked for again.
    async fn follow(&self) -> Result<(), Refusal> {
        let last = self.on_outbox(super::Outbox::feed_last).await?;
        let entries = hub::feed(&self.gateway, last)
            .await
            .map_err(|error: HubError| error.into_refusal("网关", "the gateway"))?;
        let rows = entries.iter().zip(last.saturating_add(1)..).map(|(entry, seq)| row(entry, seq));
        let rows = rows.collect::<Option<Vec<_>>>().ok_or_else(|| {
            tracing::error!(after = last, "the feed has a gap or another form");
            Refusal::new(Code::Internal)
        })?;
        if !rows.is_empty() {
            self.on_outbox(move |outbox| outbox.feed_add(&rows)).await?;
        }
        Ok(())
    }
}

/// An entry as it is kept; `None` unless it is the one that is due.
fn row(entry: &Value, due: u64) -> Option<(u64, String)> {
    let row: FeedRow = serde_json::from_value(entry.clone()).ok()?;
    (row.seq == due).then(|| (due, entry.to_string()))
}
