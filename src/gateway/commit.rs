//! The gateway's half of the writer thread: a group is judged inside one transaction; replies leave
//! after it is durable and the checkpoint over it is signed (DESIGN §5, §9).

use std::sync::Arc;
use std::sync::atomic::Ordering;

use tokio::sync::oneshot;

use super::answer::Answer;
use super::directory::Directory;
use super::group::{Group, Message};
use super::judge::Objection;
use super::ports::{Committer, GroupTx};
use super::publish::Document;
use super::reply::{Reply, Unproven};
use super::rulebook::{Draft, Rulebook};
use super::shared::Shared;
use super::vault::EntryKey;
use crate::domain::code::{Code, Refusal};
use crate::domain::participant::KeyId;
use crate::domain::registry::{Body, MessageType};
use crate::domain::time::UtcSeconds;
use crate::jws::{Digest, MessageClaims};
use crate::log::Tree;
use crate::projection::ViewError;

/// A message on its way to the writer: authenticated, and sealed for storage. Only the gateway
/// makes and reads one.
pub struct Submission(Kind);

enum Kind {
    Message(Box<Submitted>),
    Probe(Probe),
}

/// The message of a submission, and who waits for its reply.
pub(super) struct Submitted {
    pub claims: MessageClaims,
    pub kid: KeyId,
    pub digest: Digest,
    pub key: EntryKey,
    pub sealed: Vec<u8>,
    pub work: Work,
    pub reply: Waiter,
}

impl Submission {
    pub(super) fn message(message: Submitted) -> Self {
        Self(Kind::Message(Box::new(message)))
    }

    /// A write that leaves no entry: shows that the writer writes.
    pub(super) fn probe(done: Probe) -> Self {
        Self(Kind::Probe(done))
    }
}

/// What the writer shall do with it.
pub(super) enum Work {
    /// Refuse it with a signed receipt.
    Refuse(Refusal),
    /// Judge it and apply it.
    Push(MessageType, Box<Body>),
    /// Log this answer to it.
    Answer(Box<Answer>),
}

type Waiter = oneshot::Sender<Result<Reply, Refusal>>;
type Probe = oneshot::Sender<Result<(), Refusal>>;

/// Name of the value that a self-test writes: when it last did.
const META_PROBE: &str = "probe";

/// The gateway's half of the writer thread.
pub struct GatewayCommitter {
    shared: Arc<Shared>,
    tree: Tree,
    directory: Arc<Directory>,
    rulebook: Arc<Rulebook>,
    last_at: UtcSeconds,
    clocks_due: UtcSeconds,
    waiters: Vec<Waiter>,
    probes: Vec<Probe>,
    next: Option<Next>,
}

/// What holds once the transaction is durable.
struct Next {
    tree: Tree,
    directory: Option<(Arc<Directory>, Document)>,
    rulebook: Arc<Rulebook>,
    last_at: UtcSeconds,
    clocks_due: UtcSeconds,
    replies: Vec<Result<Unproven, Refusal>>,
}

impl GatewayCommitter {
    pub(super) fn new(shared: Arc<Shared>, tree: Tree, last_at: UtcSeconds) -> Self {
        let directory = shared.directory.load_full();
        let rulebook = shared.rulebook.load_full();
        let (waiters, probes) = (Vec::new(), Vec::new());
        // Clocks may have run out while nothing ran.
        let clocks_due = UtcSeconds(0);
        let next = None;
        Self { shared, tree, directory, rulebook, last_at, clocks_due, waiters, probes, next }
    }

    /// Takes the probes out, so that messages are left. What a group that was undone left behind
    /// has been answered by then.
    fn messages(&mut self, items: Vec<Submission>) -> Vec<Submitted> {
        let mut messages = Vec::with_capacity(items.len());
        for Submission(kind) in items {
            match kind {
                Kind::Message(message) => messages.push(*message),
                Kind::Probe(probe) => self.probes.push(probe),
            }
        }
        messages
    }
}

impl Committer for GatewayCommitter {
    type Item = Submission;

    fn group(&mut self, tx: &mut dyn GroupTx, items: Vec<Submission>) -> Result<(), ViewError> {
        let (waiters, items): (Vec<_>, Vec<_>) = self
            .messages(items)
            .into_iter()
            .map(|s| (s.reply, (s.claims, s.kid, s.digest, s.key, s.sealed, s.work)))
            .unzip();
        self.waiters = waiters;
        let at = self.shared.clock.now().max(self.last_at);
        if !self.probes.is_empty() {
            tx.put_meta(META_PROBE, &at.0.to_be_bytes())?;
        }
        let mut group = Group {
            shared: &self.shared,
            tx,
            tree: self.tree.clone(),
            directory: Arc::clone(&self.directory),
            directory_changed: false,
            rules: Draft::new(Arc::clone(&self.rulebook)),
            at,
            clocks_due: self.clocks_due,
        };
        group.expire()?;
        group.run_out()?;
        let document = self.shared.document.load();
        group.directory_changed |= document.as_ref().as_ref().is_some_and(|d| d.is_due(at));
        let mut replies = Vec::with_capacity(items.len());
        for (claims, kid, digest, key, sealed, work) in items {
            let message = Message { claims, digest, key, sealed };
            match group.take(&message, &kid, work) {
                Ok(reply) => replies.push(Ok(reply)),
                Err(Objection::Refused(refusal)) => replies.push(Err(refusal)),
                Err(Objection::View(error)) => return Err(error),
            }
        }
        let document =
            if group.directory_changed { Some(group.publish_directory()?) } else { None };
        for reply in replies.iter_mut().flatten() {
            reply.path = group.path(reply.index)?;
        }
        let directory = document.map(|document| (Arc::clone(&group.directory), document));
        let rulebook = group.publish_rules()?;
        let (tree, clocks_due) = (group.tree, group.clocks_due);
        self.next = Some(Next { tree, directory, rulebook, last_at: at, clocks_due, replies });
        Ok(())
    }

    fn committed(&mut self) {
        let Some(next) = self.next.take() else { return };
        let grown = next.tree.size() != self.tree.size();
        if grown {
            self.shared.sign_checkpoint(&next.tree);
        }
        self.tree = next.tree;
        self.last_at = next.last_at;
        self.clocks_due = next.clocks_due;
        self.shared.clocks_due.store(self.clocks_due.0, Ordering::Relaxed);
        self.rulebook = next.rulebook;
        if let Some((directory, document)) = next.directory {
            self.directory = Arc::clone(&directory);
            self.shared.directory.store(directory);
            self.shared.document.store(Arc::new(Some(document)));
        }
        if grown {
            // Before the replies: who has one may ask for the tiles under its checkpoint.
            self.shared.size.send_replace(self.tree.size());
        }
        self.shared.flow.committed(self.waiters.len());
        let checkpoint = self.shared.checkpoint.load();
        for probe in self.probes.drain(..) {
            drop(probe.send(Ok(())));
        }
        for (waiter, reply) in self.waiters.drain(..).zip(next.replies) {
            // A waiter that has gone away will ask again with the same bytes.
            drop(waiter.send(reply.map(|unproven| unproven.prove(&checkpoint))));
        }
    }

    fn rolled_back(&mut self, _error: &ViewError) {
        self.next = None;
        self.shared.rulebook.store(Arc::clone(&self.rulebook));
        self.shared.flow.undone(self.waiters.len());
        for probe in self.probes.drain(..) {
            drop(probe.send(Err(Code::Overloaded.into())));
        }
        for waiter in self.waiters.drain(..) {
            drop(waiter.send(Err(Code::Overloaded.into())));
        }
    }
}
