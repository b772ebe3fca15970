//! `PUT`: a record as it stands now. The connector finds out whether that is new, changed or known
//! already, and gives it its revision and action, so that stating the same again sends nothing.
//!
//! An item is the body of its message type without `action`, with these differences: `state`
//! (`active`, `suspended`, `revoked`; absent means active) says where the record stands, `revision`
//! may be left out, and the record id may be `{"derive": ["…"], "prefix": "…"}`, which becomes a
//! keyed hash. What is new of record types goes out as one bulk message.
//!
//! What acts against a finding (`override`) waits for a second operator. That operator states the same
//! items once more to approve them ([`Intent::Approve`]): who approves a table has the table, and the
//! connector sees that it is the same one.

use std::collections::HashSet;

use serde_json::{Value, json};
use zeroize::Zeroizing;

use super::Connector;
use super::outbox::{ItemState, Outbox};
use super::plain::{self, Approval, Blank, IDENTIFIERS_MAX};
use super::push::not_parked;
use super::remark::{Remark, Verification};
use super::revisions::{self, Accepted, Open};
use super::stated::{Stated, stated};
use super::step::{Step, next_revision, once, under_way};
use crate::domain::code::{Code, Refusal};
use crate::domain::context::Operator;
use crate::domain::record::life_cycle::Action;
use crate::domain::registry::{Class, MessageType};

/// Name of the secret behind derived record ids in the connector's file.
const ID_SECRET: &str = "record-id-secret";

/// What became of one item.
pub(super) enum Placed {
    /// Wrong, or it cannot follow what was sent before; nothing of it is stored.
    Refused(Refusal),
    /// Accepted before with this very content.
    Unchanged(Accepted),
    /// In the outbox, from now or from before.
    UnderWay { outbox: i64, index: usize, revision: u32, action: Option<Action> },
    /// In the outbox, from now or from before, until a second operator approves it.
    Parked { outbox: i64, revision: u32 },
}

/// What stating an item is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Intent {
    /// To have it sent, or parked.
    Send,
    /// To let go what another operator has parked with this very content. Nothing new is sent.
    Approve,
}

/// An item and what has to be done about it.
struct Due {
    body: Value,
    approval: Approval,
    step: Step,
    /// Does what [`Step::Wait`] waits for wait for a second operator?
    is_parked: bool,
    /// A parked message of the same record with another content.
    replaces: Option<i64>,
}

/// An item that goes into the outbox.
struct New {
    /// Its place in the request.
    at: usize,
    body: Value,
    approval: Approval,
    verifications: Vec<Verification>,
}

/// An item and what is to be said about its identifiers.
pub(super) struct Answered {
    pub(super) placed: Placed,
    pub(super) remarks: Vec<Remark>,
}

impl Connector {
    /// Places every item; the results are in the order of the items.
    pub(super) async fn put(
        &self,
        ty: MessageType,
        items: Vec<Value>,
        operator: &Operator,
        intent: Intent,
    ) -> Result<Vec<Answered>, Refusal> {
        if revisions::key_member(ty).is_none() {
            return Err(Refusal::new(Code::NotPermitted).detail(
                "此类消息没有可据以去重的编号，请用 POST",
                "messages of this type have no id of their own: use POST",
            ));
        }
        let secret = self.id_secret().await?;
        let read = items.into_iter().map(|item| stated(ty, item, &secret)).collect();
        let bodies = self.without_identifiers(ty, read, operator).await?;
        // One at a time: between looking a record up and writing its next revision nobody may come.
        let _turn = self.putting.lock().await;
        let mut seen = HashSet::new();
        let mut placed = Vec::with_capacity(bodies.len());
        let (mut sending, mut remarks) = (Vec::new(), Vec::with_capacity(bodies.len()));
        for (at, mut stated) in bodies.into_iter().enumerate() {
            let notes =
                stated.as_mut().map(|(s, _)| std::mem::take(&mut s.notes)).unwrap_or_default();
            remarks.push(notes.remarks);
            let seen_by = notes.verifications;
            let placing = match self.step(ty, stated, &mut seen).await {
                Ok(due) => {
                    let send = |body, approval| {
                        sending.push(New { at, body, approval, verifications: seen_by });
                    };
                    self.place(due, operator, intent, send).await
                }
                Err(refusal) => Err(refusal),
            };
            placed.push(placing.unwrap_or_else(Placed::Refused));
        }
        self.send_off(ty, sending, &mut placed, operator).await?;
        let pairs = placed.into_iter().zip(remarks);
        Ok(pairs.map(|(placed, remarks)| Answered { placed, remarks }).collect())
    }

    /// Tokens for the identifiers of all items, asked for together.
    async fn without_identifiers(
        &self,
        ty: MessageType,
        read: Vec<Result<Stated, Refusal>>,
        operator: &Operator,
    ) -> Result<Vec<Result<(Stated, Approval), Refusal>>, Refusal> {
        let today = self.ports.clock.now().date_cst();
        let (mut inputs, mut blanks) = (Vec::new(), Vec::with_capacity(read.len()));
        for stated in read {
            blanks.push(stated.and_then(|stated| {
                let Stated { body, state, revision, .. } = stated;
                let mut blank = Blank::of(body, operator, today)?;
                let from = inputs.len();
                inputs.append(&mut blank.take_inputs());
                Ok((blank, from..inputs.len(), state, revision))
            }));
        }
        if inputs.len() > IDENTIFIERS_MAX {
            let expected = format!("at most {IDENTIFIERS_MAX} identifiers in one request");
            return Err(Refusal::new(Code::JsonTooLarge).at("/items", expected));
        }
        let tokens = self.tokenise(&inputs).await?;
        let filled = blanks.into_iter().map(|blank| {
            let (mut blank, range, state, revision) = blank?;
            let notes = blank.take_notes();
            let mut body = blank.fill(tokens.get(range).unwrap_or_default())?;
            let approval = plain::sign_off(ty, &mut body, operator)?;
            Ok((Stated { body, state, revision, notes }, approval))
        });
        Ok(filled.collect())
    }

    /// What has to be done about an item, and its body with revision and action.
    async fn step(
        &self,
        ty: MessageType,
        stated: Result<(Stated, Approval), Refusal>,
        seen: &mut HashSet<String>,
    ) -> Result<Due, Refusal> {
        let (Stated { mut body, state, revision, .. }, approval) = stated?;
        let member = revisions::key_member(ty).unwrap_or_default();
        let key = revisions::key(ty, &body).ok_or_else(|| {
            Refusal::new(Code::SchemaViolation).at(format!("/{member}"), "required, a string")
        })?;
        let mut known = {
            let key = key.clone();
            self.on_outbox(move |outbox| outbox.known(ty, &key)).await?
        };
        let digest = revisions::digest(&body);
        let is_parked = match &known.open {
            Some(Open { outbox, .. }) => self.is_parked(*outbox).await?,
            None => false,
        };
        // What nobody has approved yet may still be stated otherwise.
        let other = known.open.take_if(|open| is_parked && open.digest != digest);
        let step = if ty.class() == Class::Record {
            next_revision(state, revision, digest, known)?
        } else {
            once(digest, known)?
        };
        if let Step::Send(revision, action) = &step {
            number(&mut body, *revision, *action);
            self.check_signed_off(ty, &body, approval)?;
        }
        if !seen.insert(key) {
            return Err(Refusal::new(Code::RecordTaken)
                .at(format!("/{member}"), "once")
                .detail("同一请求中编号重复", "the id occurs twice in one request"));
        }
        Ok(Due { body, approval, step, is_parked, replaces: other.map(|open| open.outbox) })
    }

    /// Does what can be done at once; what is new is given to `send`.
    async fn place(
        &self,
        due: Due,
        operator: &Operator,
        intent: Intent,
        send: impl FnOnce(Value, Approval),
    ) -> Result<Placed, Refusal> {
        match (due.step, intent) {
            (Step::Nothing(accepted), _) => Ok(Placed::Unchanged(accepted)),
            (Step::Wait(Open { outbox, revision, .. }), Intent::Send) if due.is_parked => {
                Ok(Placed::Parked { outbox, revision })
            }
            (Step::Wait(Open { outbox, index, revision, .. }), _) => {
                if due.is_parked {
                    self.approve(outbox, operator).await?;
                }
                Ok(Placed::UnderWay { outbox, index, revision, action: None })
            }
            (Step::Send(..), Intent::Approve) if due.replaces.is_some() => {
                Err(Refusal::new(Code::RecordState).detail(
                    "内容与待复核的不同：请与提交人核对",
                    "the content is not what waits for approval: compare it with who submitted it",
                ))
            }
            (Step::Send(..), Intent::Approve) => Err(not_parked()),
            (Step::Send(revision, action), Intent::Send) => {
                if let Some(outbox) = due.replaces {
                    self.withdraw(outbox).await?;
                }
                send(due.body, due.approval);
                Ok(match due.approval {
                    Approval::None => Placed::UnderWay { outbox: 0, index: 0, revision, action },
                    Approval::Second => Placed::Parked { outbox: 0, revision },
                })
            }
        }
    }

    async fn is_parked(&self, id: i64) -> Result<bool, Refusal> {
        let item = self.on_outbox(move |outbox| outbox.item(id)).await?;
        Ok(item.is_some_and(|item| item.state == ItemState::Parked))
    }

    /// Takes back what nobody has approved, because its record is now stated otherwise.
    async fn withdraw(&self, id: i64) -> Result<(), Refusal> {
        let now = self.ports.clock.now();
        let problem = Refusal::new(Code::RecordState).detail(
            "复核前已由新提交的内容取代，未发送",
            "stated otherwise before anybody approved it, and never sent",
        );
        let withdrawn = self.on_outbox(move |outbox| outbox.withdraw(id, &problem, now)).await?;
        if withdrawn { Ok(()) } else { Err(under_way()) }
    }

    /// Puts what is new into the outbox: records as one bulk message, anything else one by one.
    async fn send_off(
        &self,
        ty: MessageType,
        sending: Vec<New>,
        placed: &mut [Placed],
        operator: &Operator,
    ) -> Result<(), Refusal> {
        let mut messages = Vec::new();
        if ty.class() == Class::Record && sending.len() > 1 {
            // No record has an override.
            let (mut at, mut bodies, mut seen) = (Vec::new(), Vec::new(), Vec::new());
            for (n, new) in sending.into_iter().enumerate() {
                at.push(new.at);
                bodies.push(new.body);
                seen.extend(new.verifications.into_iter().map(|v| v.of_item(n)));
            }
            messages.push((at, ItemState::Waiting, json!({ "items": bodies }), seen));
        } else {
            messages.extend(
                sending
                    .into_iter()
                    .map(|new| (vec![new.at], new.approval.state(), new.body, new.verifications)),
            );
        }
        for (rows, state, body, seen) in messages {
            let pushed = self.enqueue(ty, state, body, None, operator, seen).await?;
            for (n, at) in rows.into_iter().enumerate() {
                match placed.get_mut(at) {
                    Some(Placed::UnderWay { outbox, index, .. }) => {
                        (*outbox, *index) = (pushed.id, n);
                    }
                    Some(Placed::Parked { outbox, .. }) => *outbox = pushed.id,
                    _ => {}
                }
            }
        }
        Ok(())
    }

    /// The secret of derived record ids: made at the first use, then the same for ever.
    async fn id_secret(&self) -> Result<Zeroizing<Vec<u8>>, Refusal> {
        let mut fresh = [0; 32];
        self.ports.entropy.fill(&mut fresh).map_err(|_| Code::Internal)?;
        let secret = self.on_outbox(move |o: &Outbox| o.meta_once(ID_SECRET, &fresh)).await?;
        Ok(Zeroizing::new(secret))
    }
}

/// Writes revision and action into the body of a record; nothing into any other.
pub(super) fn number(body: &mut Value, revision: u32, action: Option<Action>) {
    if let (Some(members), Some(action)) = (body.as_object_mut(), action) {
        members.insert("revision".to_owned(), json!(revision));
        members.insert("action".to_owned(), json!(action));
    }
}
