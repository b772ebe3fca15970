//! One open commit group: each message in the order of the log, from replay and standing over the
//! judgement to its entry, receipt and leaf (DESIGN §5, §9).

use std::sync::Arc;

use serde::Deserialize as _;

use super::answer::Answer;
use super::commit::Work;
use super::directory::Directory;
use super::judge::{self, Objection};
use super::ports::{Entry, GroupTx, Outcome};
use super::publish::{self, Document};
use super::receipt::{self, About};
use super::reply::{Tiles, Unproven, internal, payload_unverified, reply_text};
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

/// The state of one open group.
pub(super) struct Group<'a> {
    pub(super) shared: &'a Shared,
    pub(super) tx: &'a mut dyn GroupTx,
    pub(super) tree: Tree,
    pub(super) directory: Arc<Directory>,
    pub(super) directory_changed: bool,
    pub(super) rules: Draft,
    pub(super) at: UtcSeconds,
    /// From when on the clocks of objections and enquiries are looked at again.
    pub(super) clocks_due: UtcSeconds,
}

/// A message inside the group.
pub(super) struct Message {
    pub claims: MessageClaims,
    pub digest: Digest,
    pub key: EntryKey,
    pub sealed: Vec<u8>,
}

impl Group<'_> {
    pub(super) fn take(
        &mut self,
        message: &Message,
        kid: &KeyId,
        work: Work,
    ) -> Result<Unproven, Objection> {
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
            Work::Push(ty, body) => {
                self.run_out()?;
                match self.push(message, ty, *body) {
                    Err(Objection::Refused(refusal)) if !refusal.code.retryable() => {
                        self.refuse(message, refusal, Outcome::Rejected, false)
                    }
                    other => other,
                }
            }
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
        if ty == MessageType::Objection || ty.class() == Class::Directory {
            // A clock may have run out before the objection came, or be another district's now.
            self.clocks_due = UtcSeconds(0);
        }
        Ok(reply)
    }

    /// Publishes the rules as the group so far leaves them: before it becomes visible, so that who
    /// sees it finds its rules. Who does not see it yet does not take them (`Rulebook::of`).
    pub(super) fn publish_rules(&mut self) -> Result<Arc<Rulebook>, ViewError> {
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
    pub(super) fn publish_directory(&mut self) -> Result<Document, ViewError> {
        let index = self.tree.size();
        let document = publish::document(self.shared, self.tx, &self.directory, self.at, index)?;
        let leaf =
            Leaf { kind: LeafKind::Directory, digest: *Digest::of(&document.compact).as_bytes() };
        self.tx.append(&document.entry(self.shared, leaf, index, self.at))?;
        self.grow(&leaf)?;
        Ok(document)
    }

    pub(super) fn path(&self, index: u64) -> Result<Vec<crate::log::Hash>, ViewError> {
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
    match Resolution::deserialize(payload_unverified(compact)?.get("res")?) {
        Ok(Resolution::Rejected(refusal)) => Some(refusal),
        _ => None,
    }
}
