//! Is the gateway able to do its work right now? And how busy it is.

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use tokio::sync::oneshot;

use super::Gateway;
use super::commit::Submission;
use super::reply::internal;
use crate::domain::code::{Code, Refusal};

/// Longest time that a self-test may take: far above a commit, far below a monitor's patience.
pub const SELF_TEST_TIME: Duration = Duration::from_secs(3);

/// What the self-test signs. It has a newline, so no signature over it passes for one over a JWS.
const TEXT: &[u8] = b"ydt-self-test/v1\n";

impl Gateway {
    /// Signs and verifies with the receipt key, and writes one durable value that is no log entry.
    ///
    /// # Errors
    /// [`Code::Internal`] when the key does not sign what verifies; [`Code::Overloaded`] when the
    /// write was not durable within [`SELF_TEST_TIME`].
    pub async fn self_test(&self) -> Result<(), Refusal> {
        let key = &self.shared.receipt_key;
        key.public()
            .verify_bytes(TEXT, &key.sign_bytes(TEXT))
            .map_err(|_| internal("the receipt key does not verify"))?;
        self.probe().await
    }

    /// A write that leaves no entry of its own.
    pub(super) async fn probe(&self) -> Result<(), Refusal> {
        let (done, waiter) = oneshot::channel();
        self.writer.submit(Submission::probe(done)).map_err(|_| Refusal::new(Code::Overloaded))?;
        match tokio::time::timeout(SELF_TEST_TIME, waiter).await {
            Ok(Ok(result)) => result,
            Ok(Err(_)) | Err(_) => Err(Code::Overloaded.into()),
        }
    }

    /// How much the gateway has done and has before it.
    pub fn load(&self) -> Load {
        let flow = &self.shared.flow;
        Load {
            size: *self.shared.size.borrow(),
            submitted: flow.submitted.load(Ordering::Relaxed),
            groups: flow.groups.load(Ordering::Relaxed),
            grouped: flow.grouped.load(Ordering::Relaxed),
        }
    }
}

/// What the gateway has done since it was opened.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Load {
    /// Entries of the log under the newest checkpoint.
    pub size: u64,
    /// Messages handed to the writer.
    pub submitted: u64,
    /// Commit groups that became durable.
    pub groups: u64,
    /// Messages in those groups or in groups that were undone.
    pub grouped: u64,
}

impl Load {
    /// Messages that wait for the writer or are in its open group.
    pub fn waiting(&self) -> u64 {
        self.submitted.saturating_sub(self.grouped)
    }
}

/// Counters behind [`Load`].
#[derive(Debug, Default)]
pub(super) struct Flow {
    pub submitted: AtomicU64,
    pub groups: AtomicU64,
    pub grouped: AtomicU64,
}

impl Flow {
    /// A group became durable. One of self-tests alone does not count.
    pub(super) fn committed(&self, messages: usize) {
        self.undone(messages);
        self.groups.fetch_add(u64::from(messages > 0), Ordering::Relaxed);
    }

    /// A group was undone: its messages wait no longer.
    pub(super) fn undone(&self, messages: usize) {
        self.grouped.fetch_add(messages as u64, Ordering::Relaxed);
    }
}
