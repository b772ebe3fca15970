//! The commit group: replay, standing, revisions and business rules are judged here, in the order
//! of the log, inside one transaction; receipts and leaves are made here; replies leave after the
//! transaction is durable and the checkpoint over it is signed (DESIGN §5, §9).

use std::sync::Arc;

use tokio::sync::oneshot;

use super::answer::Answer;
use super::directory::Directory;
use super::judge::{self, Objection};
use super::ports::{Committer, Entry, GroupTx, Outcome};
use super::publish::{self, Document};
use super::receipt::{self, About};
use super::reply::{Reply, Tiles, Unproven, internal, payload_unverified, reply_text};
use super::rulebook::{Draft, Rulebook};
use super::shared::Shared;
use super::vault::{EntryKey, Part};
use crate::domain::code::{Code, Refusal};
use crate::domain::participant::KeyId;
use crate::domain::registry::{Body, Class, MessageType};
use crate::domain::time::UtcSeconds;
use crate::jws::{Digest, KeyLookup as _, MessageClaims, Resolution};
use crate::log::{Leaf, LeafKind, Tree, inclusion_proof};
use crate::projection::{EventMeta, Folding, Overlay, ViewError};

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
    replies: Vec<Result<Unproven, Refusal>>,
}

/// The state of one open group.
pub(super) struct Group<'a> {
    pub(super) shared: &'a Shared,
    pub(super) tx: &'a mut dyn GroupTx,
    tree: Tree,
    directory: Arc<Directory>,
    directory_changed: bool,
    rules: Draft,
    pub(super) at: UtcSeconds,
}

impl GatewayCommitter {
    pub(super) fn new(shared: Arc<Shared>, tree: Tree, last_at: UtcSeconds) -> Self {
        let directory = shared.directory.load_full();
        let rulebook = shared.rulebook.load_full();
        let (waiters, probes) = (Vec::new(), Vec::new());
        Self { shared, tree, directory, rulebook, last_at, waiters, probes, next: None }
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
        };
        group.expire()?;
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
        let tree = group.tree;
        self.next = Some(Next { tree, directory, rulebook, last_at: at, replies });
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

/// A message inside the group.
pub(super) struct Message {
    pub claims: MessageClaims,
    pub digest: Digest,
    pub key: EntryKey,
    pub sealed: Vec<u8>,
}

impl Group<'_> {
    fn take(&mut self, message: &Message, kid: &KeyId, work: Work) -> Result<Unproven, Objection> {
        let claims = &message.claims;
        if let Some(entry) = self.tx.snapshot().entry_of(&claims.iss, *claims.jti.as_uuid())? {
            if entry.digest == *message.digest.as_bytes() {
                return self.replay(&entry);
            }
            return self.equivocation(message);
        }
        claims.check_deliverable(self.at)?;
        self.directory.check_standing(&claims.iss)?;
        // A revocation that was logged meanwhile acts at once.
        self.directory.key(kid).ok_or(Code::KeyUnknown)?.check_in_force(self.at)?;
        match work {
            Work::Refuse(refusal) => self.refuse(message, refusal, Outcome::Rejected, false),
            Work::Answer(answer) => self.answer(message, *answer),
            Work::Push(ty, body) => match self.push(message, ty, *body) {
                Err(Objection::Refused(refusal)) if !refusal.code.retryable() => {
                    self.refuse(message, refusal, Outcome::Rejected, false)
                }
                other => other,
            },
        }
    }

    fn replay(&mut self, entry: &Entry) -> Result<Unproven, Objection> {
        let compact = reply_text(&self.shared.vault, entry)?;
        let refusal = refusal_of(entry.outcome, &compact);
        Ok(Unproven {
            outcome: entry.outcome,
            refusal,
            compact,
            index: entry.pos,
            path: Vec::new(),
            replayed: true,
        })
    }

    /// Other bytes under a used `jti`. One conflicting body is kept as proof: the same bytes again
    /// get its refusal again, and of still others only digest and code are logged.
    fn equivocation(&mut self, message: &Message) -> Result<Unproven, Objection> {
        let claims = &message.claims;
        let kept = self.tx.snapshot().equivocation_of(&claims.iss, *claims.jti.as_uuid())?;
        match kept {
            Some(entry) if entry.digest == *message.digest.as_bytes() => self.replay(&entry),
            kept => {
                let refusal = Refusal::from(Code::Equivocation);
                self.refuse(message, refusal, Outcome::Equivocation, kept.is_none())
            }
        }
    }

    fn refuse(
        &mut self,
        message: &Message,
        refusal: Refusal,
        outcome: Outcome,
        keep: bool,
    ) -> Result<Unproven, Objection> {
        let res = Resolution::Rejected(refusal.clone());
        let compact = receipt::sign(self.shared, &self.about(message), res)?;
        self.append(message, outcome, LeafKind::Receipt, compact, false, keep, Some(refusal))
    }

    pub(super) fn push(
        &mut self,
        message: &Message,
        ty: MessageType,
        body: Body,
    ) -> Result<Unproven, Objection> {
        let meta = self.meta(message);
        if matches!(ty, MessageType::FundingHold | MessageType::FundingGrant) {
            // It is assessed by the rules that were logged before it, also in this group.
            self.publish_rules()?;
        }
        let (judged, changes) = {
            let mut overlay = Overlay::new(self.tx.snapshot());
            let mut folding = Folding::new(&mut overlay, meta, &self.shared.pseudonyms);
            let judged = judge::judge(self.shared, &self.directory, &mut folding, body)?;
            folding.finish()?;
            (judged, overlay.into_changes())
        };
        let res = receipt::acceptance(&judged);
        let compact = receipt::sign(self.shared, &self.about(message), res)?;
        let seal = judged.assessment.is_some();
        let kind = LeafKind::Receipt;
        let reply = self.append(message, Outcome::Accepted, kind, compact, seal, true, None)?;
        self.rules.note(&changes)?;
        self.tx.apply(changes)?;
        if ty.class() == Class::Directory {
            self.directory = Arc::new(Directory::load(self.tx.snapshot(), &self.shared.pinned)?);
            self.directory_changed = true;
        }
        Ok(reply)
    }

    /// Publishes the rules as the group so far leaves them: before it becomes visible, so that who
    /// sees it finds its rules. Who does not see it yet does not take them (`Rulebook::of`).
    fn publish_rules(&mut self) -> Result<Arc<Rulebook>, ViewError> {
        let (view, size) = (self.tx.snapshot(), self.tree.size());
        let book = Arc::clone(self.rules.current(view, &self.shared.catalogue, size)?);
        if !Arc::ptr_eq(&self.shared.rulebook.load(), &book) {
            self.shared.rulebook.store(Arc::clone(&book));
        }
        Ok(book)
    }

    fn answer(&mut self, message: &Message, answer: Answer) -> Result<Unproven, Objection> {
        let meta = self.meta(message);
        let changes = {
            let mut overlay = Overlay::new(self.tx.snapshot());
            let mut folding = Folding::new(&mut overlay, meta, &self.shared.pseudonyms);
            let (about, findings) = (answer.about.as_ref(), answer.findings.clone());
            folding.answered(answer.query, about, findings, answer.given.clone())?;
            folding.finish()?;
            overlay.into_changes()
        };
        let compact = receipt::sign_answer(self.shared, &self.about(message), answer)?;
        let kind = LeafKind::Answer;
        let reply = self.append(message, Outcome::Answered, kind, compact, true, true, None)?;
        self.tx.apply(changes)?;
        Ok(reply)
    }

    fn about<'m>(&self, message: &'m Message) -> About<'m> {
        let (digest, at, index) = (message.digest, self.at, self.tree.size());
        About { claims: &message.claims, digest, at, index }
    }

    fn meta(&self, message: &Message) -> EventMeta {
        EventMeta {
            pos: self.tree.size(),
            at: self.at,
            iss: message.claims.iss.clone(),
            jti: *message.claims.jti.as_uuid(),
            to: message.claims.to.clone(),
        }
    }

    #[expect(clippy::too_many_arguments, reason = "the one place where an entry is put together")]
    fn append(
        &mut self,
        message: &Message,
        outcome: Outcome,
        kind: LeafKind,
        compact: String,
        seal_reply: bool,
        keep_body: bool,
        refusal: Option<Refusal>,
    ) -> Result<Unproven, Objection> {
        let reply_digest = *Digest::of(&compact).as_bytes();
        let leaf = Leaf { kind, digest: reply_digest };
        let reply = if seal_reply {
            message
                .key
                .seal(Part::Reply, compact.as_bytes())
                .map_err(|_| internal("a reply could not be sealed"))?
        } else {
            compact.as_bytes().to_vec()
        };
        let index = self.tree.size();
        self.tx.append(&Entry {
            pos: index,
            at: self.at,
            iss: message.claims.iss.clone(),
            jti: *message.claims.jti.as_uuid(),
            mt: message.claims.mt.to_string(),
            digest: *message.digest.as_bytes(),
            outcome,
            leaf: leaf.hash(),
            reply_digest,
            reply,
            wrapped_key: (seal_reply || keep_body).then(|| message.key.wrapped().to_vec()),
            body: keep_body.then(|| message.sealed.clone()),
        })?;
        self.grow(&leaf)?;
        Ok(Unproven { outcome, refusal, compact, index, path: Vec::new(), replayed: false })
    }

    fn grow(&mut self, leaf: &Leaf) -> Result<(), ViewError> {
        for tile in self.tree.append(leaf.hash()) {
            let hashes: Vec<_> = tile.hashes().collect();
            self.tx.put_tile(tile.level(), tile.index(), &hashes, tile.root())?;
        }
        Ok(())
    }

    /// Every change of the directory ends in a new signed document, which is a leaf itself.
    fn publish_directory(&mut self) -> Result<Document, ViewError> {
        let index = self.tree.size();
        let document = publish::document(self.shared, self.tx, &self.directory, self.at, index)?;
        let leaf =
            Leaf { kind: LeafKind::Directory, digest: *Digest::of(&document.compact).as_bytes() };
        self.tx.append(&document.entry(self.shared, leaf, index, self.at))?;
        self.grow(&leaf)?;
        Ok(document)
    }

    fn path(&self, index: u64) -> Result<Vec<crate::log::Hash>, ViewError> {
        if let Ok(path) = self.tree.inclusion_proof(index) {
            return Ok(path);
        }
        inclusion_proof(index, self.tree.size(), &Tiles(self.tx.snapshot())).map_err(|_| {
            ViewError::Inconsistent { table: 0, what: "the log has no path to an entry" }
        })
    }
}

/// The refusal that a stored receipt carries. The gateway wrote it itself, so it is only read.
pub(super) fn refusal_of(outcome: Outcome, compact: &str) -> Option<Refusal> {
    if !matches!(outcome, Outcome::Rejected | Outcome::Equivocation) {
        return None;
    }
    let payload = payload_unverified(compact)?;
    let mut result = payload.get("res")?.as_object()?.clone();
    result.remove("outcome");
    serde_json::from_value(result.into()).ok()
}
