//! The sender: takes the outbox to the gateway, in order, and never signs one `jti` twice
//! (`formats.md` §1.5).
//!
//! Signed at send time; the bytes are kept before they leave and sent again until their receipt is
//! verified. Only once they can no longer be accepted (`exp` + skew) is the gateway asked whether it
//! has a receipt for them, and only if it has none is the message signed anew under a new `jti`.

use std::sync::Arc;
use std::time::Duration;

use tokio::task::JoinSet;

use super::hub::{self, HubError, SignedReply};
use super::outbox::{Ending, Item, ItemState, Next, Signed};
use super::revisions::Logged;
use super::{Connector, retry};
use crate::domain::code::{Code, Refusal};
use crate::domain::registry::MessageType;
use crate::evidence::{EvidenceError, ReplyClaims, VerifiedReply, verify_reply};
use crate::jws::{CLOCK_SKEW_SECONDS, ItemOutcome, Jti, Resolution};
use crate::message::Composer;

/// Messages on their way at once: enough to fill the gateway's commit groups.
const AT_ONCE_MAX: usize = 16;
/// Longest sleep of the sender when nothing wakes it.
const LOOK_AGAIN: Duration = Duration::from_secs(30);
/// Pause when the outbox file cannot be read.
const FILE_AGAIN: Duration = Duration::from_secs(5);

/// How an attempt ended.
enum Attempt {
    /// A verified receipt, and what it says.
    Ended(SignedReply, Result<Logged, Refusal>),
    /// Refused unsigned, in a way that sending again cannot mend.
    GivenUp(Refusal),
    /// Nothing yet.
    Again(Refusal),
}

/// Sends for ever.
pub(super) async fn run(connector: &Arc<Connector>) {
    let mut changed = connector.changed.subscribe();
    loop {
        changed.borrow_and_update();
        let now_ms = connector.ports.clock.now_ms();
        let next = connector.on_outbox(move |outbox| outbox.next(now_ms, AT_ONCE_MAX)).await;
        let pause = match next {
            Ok(Next::Send(items)) => {
                side_by_side(connector, items).await;
                continue;
            }
            Ok(Next::At(due_ms)) => {
                let wait_ms = u64::try_from(due_ms.saturating_sub(now_ms)).unwrap_or(0);
                // What comes in meanwhile stands behind what is waited for, so only time wakes us.
                tokio::time::sleep(Duration::from_millis(wait_ms).min(LOOK_AGAIN)).await;
                continue;
            }
            Ok(Next::Idle) => LOOK_AGAIN,
            Err(_) => FILE_AGAIN,
        };
        // An error means that nobody can change the outbox any more: the time-out then wakes us.
        let _ = tokio::time::timeout(pause, changed.changed()).await;
    }
}

async fn side_by_side(connector: &Arc<Connector>, items: Vec<Item>) {
    let mut attempts = JoinSet::new();
    for item in items {
        let connector = Arc::clone(connector);
        attempts.spawn(async move { connector.deliver(item).await });
    }
    let mut failed = false;
    while let Some(done) = attempts.join_next().await {
        failed |= !matches!(done, Ok(Ok(())));
    }
    connector.outbox_changed();
    if failed {
        tokio::time::sleep(FILE_AGAIN).await;
    }
}

impl Connector {
    /// One attempt, and what came of it into the file.
    async fn deliver(&self, item: Item) -> Result<(), Refusal> {
        let (id, attempt) = (item.id, item.attempt.saturating_add(1));
        let now = self.ports.clock.now();
        match self.attempt(&item).await {
            Attempt::Ended(reply, said) => {
                let state = if said.is_ok() { ItemState::Done } else { ItemState::Refused };
                let code = code(said.as_ref().err());
                tracing::info!(outbox = id, ?state, code, "receipt");
                if item.ty == MessageType::Reconcile
                    && let Ok(Logged { refused, .. }) = &said
                    && !refused.is_empty()
                {
                    tracing::warn!(outbox = id, kinds = refused.len(), "reconciliation differs");
                }
                self.on_outbox(move |outbox| {
                    let reply = Some((reply.compact.as_str(), reply.proof.as_str()));
                    let (logged, problem) = (said.as_ref().ok(), said.as_ref().err());
                    outbox.end(id, &Ending { state, reply, problem, logged }, now)
                })
                .await
            }
            Attempt::GivenUp(refusal) => {
                tracing::warn!(outbox = id, code = refusal.code.as_str(), "given up");
                self.on_outbox(move |outbox| {
                    let state = ItemState::Failed;
                    let problem = Some(&refusal);
                    outbox.end(id, &Ending { state, reply: None, problem, logged: None }, now)
                })
                .await
            }
            Attempt::Again(refusal) => {
                tracing::warn!(outbox = id, attempt, code = refusal.code.as_str(), "not delivered");
                let wait = retry::delay(attempt, seed(item.jti));
                let wait_ms = i64::try_from(wait.as_millis()).unwrap_or(i64::MAX);
                let due_ms = self.ports.clock.now_ms().saturating_add(wait_ms);
                self.on_outbox(move |outbox| outbox.put_off(id, attempt, due_ms, &refusal)).await
            }
        }
    }

    async fn attempt(&self, item: &Item) -> Attempt {
        let message = match self.bytes_of(item).await {
            Ok(Bytes::Send(message)) => message,
            Ok(Bytes::Answered(message, reply)) => return self.judge(&message, reply).await,
            Err(refusal) => return verdict(refusal),
        };
        match hub::send(&self.gateway, &message).await {
            Ok(reply) => self.judge(&message, reply).await,
            Err(HubError::Refused(refusal)) => verdict(refusal),
            Err(error) => Attempt::Again(error.into_refusal("网关", "the gateway")),
        }
    }

    /// The bytes to send: those that were kept, or new ones that are kept first.
    async fn bytes_of(&self, item: &Item) -> Result<Bytes, Refusal> {
        let now = self.ports.clock.now();
        let Some(signed) = &item.signed else { return self.sign(item, item.jti).await };
        if now <= signed.exp.plus_seconds(CLOCK_SKEW_SECONDS) {
            return Ok(Bytes::Send(signed.compact.clone()));
        }
        let found = hub::reply_of(&self.gateway, &self.participant, item.jti).await;
        let found = found.map_err(|error| error.into_refusal("网关", "the gateway"))?;
        if let Some(reply) = found {
            return Ok(Bytes::Answered(signed.compact.clone(), reply));
        }
        let jti = Jti::new(self.ports.ids.uuid_v7()).ok_or(Code::Internal)?;
        tracing::info!(outbox = item.id, old = %item.jti, new = %jti, "signed anew");
        self.sign(item, jti).await
    }

    async fn sign(&self, item: &Item, jti: Jti) -> Result<Bytes, Refusal> {
        let composer = Composer { schemas: &self.schemas, key: &self.key, aud: &self.gateway.id };
        // Only now has everything before it its receipt.
        let counted = match item.ty {
            MessageType::Reconcile => Some(self.counted(item.body.clone()).await?),
            _ => None,
        };
        let body = counted.as_ref().unwrap_or(&item.body);
        let now = self.ports.clock.now();
        let message = composer.compose(item.ty, body, now, *jti.as_uuid(), item.to.clone())?;
        let signed = Signed { compact: message.compact.clone(), exp: message.exp };
        let id = item.id;
        self.on_outbox(move |outbox| outbox.signed(id, jti, &signed)).await?;
        Ok(Bytes::Send(message.compact))
    }

    /// Believes a reply only when it verifies.
    async fn judge(&self, message: &str, reply: SignedReply) -> Attempt {
        let verified = match self.verify(message, &reply).await {
            Ok(verified) => verified,
            Err(refusal) => return Attempt::Again(refusal),
        };
        let ReplyClaims::Receipt(receipt) = verified.into_claims() else {
            return Attempt::Again(not_believed());
        };
        let said = match receipt.res {
            Resolution::Accepted(acceptance) => {
                let (accepted, refused): (Vec<_>, Vec<_>) =
                    acceptance.items.iter().partition(|item| item.refused.is_none());
                let numbers = |items: Vec<&ItemOutcome>| items.iter().map(|i| i.index).collect();
                let (mut accepted, refused): (Vec<u32>, _) = (numbers(accepted), numbers(refused));
                if acceptance.items.is_empty() {
                    accepted.push(0);
                }
                Ok(Logged { position: receipt.log.index, accepted, refused })
            }
            Resolution::Rejected(refusal) => Err(refusal),
        };
        Attempt::Ended(reply, said)
    }

    /// Verifies a reply against the exact message. A key that the held directory does not know yet
    /// makes it ask for the newest one, once.
    pub(super) async fn verify(
        &self,
        message: &str,
        reply: &SignedReply,
    ) -> Result<VerifiedReply, Refusal> {
        let check = |directory: &crate::evidence::TrustedDirectory| {
            verify_reply(directory, directory.log(), message, &reply.compact, &reply.proof)
        };
        let directory = self.directory().await?;
        let first = check(&directory);
        let verified = match first {
            Err(
                EvidenceError::Seal { code: Code::KeyUnknown, .. } | EvidenceError::Proof { .. },
            ) => check(&*self.renew_directory().await?),
            other => other,
        };
        verified.map_err(|error| {
            tracing::error!(%error, "a reply of the gateway is not believed");
            not_believed()
        })
    }
}

/// What to do next about an item.
enum Bytes {
    Send(String),
    /// Sent long ago, and the gateway has this reply for it.
    Answered(String, SignedReply),
}

/// What an unsigned refusal means for an item. Those about us (certificate, key, clock) are mended
/// by people while the item waits; those about the message would come again.
fn verdict(refusal: Refusal) -> Attempt {
    let about_us = matches!(
        refusal.code,
        Code::PeerUnknown
            | Code::PeerSuspended
            | Code::PeerMismatch
            | Code::KeyUnknown
            | Code::KeyUse
            | Code::KeyRevoked
            | Code::KeyNotValid
            | Code::AlgorithmNotAllowed
            | Code::SignatureInvalid
            | Code::AudienceMismatch
            | Code::Expired
            | Code::NotYetValid
            | Code::NotFound
            | Code::MethodNotAllowed
    );
    if about_us || refusal.code.retryable() {
        Attempt::Again(refusal)
    } else {
        Attempt::GivenUp(refusal)
    }
}

pub(super) fn not_believed() -> Refusal {
    Refusal::new(Code::SignatureInvalid).detail(
        "网关的回执或答复未通过验证，不予采信：请联系网关运营方",
        "the gateway's receipt or answer does not verify and is not believed: ask the operator of the gateway",
    )
}

/// Spreads the retries of different messages.
fn seed(jti: Jti) -> u64 {
    let (_, low) = jti.as_uuid().as_u64_pair();
    low
}

fn code(refusal: Option<&Refusal>) -> &'static str {
    refusal.map_or("-", |refusal| refusal.code.as_str())
}
