//! From a plain body to an item of the outbox. Everything that can be found wrong here is found
//! here, before anything is stored or leaves.

use serde_json::Value;

use super::Connector;
use super::outbox::{Item, ItemState, NewItem};
use super::plain::{self, Approval, Blank, Notes};
use super::remark::{Remark, Verification};
use super::revisions;
use crate::domain::code::{Code, Refusal, Violation};
use crate::domain::context::{Operator, OperatorRole};
use crate::domain::participant::ParticipantId;
use crate::domain::registry::{Body, Class, MessageType, bulk_items};
use crate::jws::Jti;
use crate::schema::Registry;

/// Most places that are told at once.
const VIOLATIONS_MAX: usize = 20;

/// A message that is in the outbox for good.
pub(super) struct Pushed {
    pub id: i64,
    pub jti: Jti,
    pub state: ItemState,
    pub remarks: Vec<Remark>,
}

impl Connector {
    /// Puts a plain body of type `ty` into the outbox, for the participant `to` behind the gateway.
    pub(super) async fn push(
        &self,
        ty: MessageType,
        body: Value,
        to: Option<ParticipantId>,
        operator: &Operator,
    ) -> Result<Pushed, Refusal> {
        if !matches!(ty.class(), Class::Record | Class::Act) {
            return Err(Refusal::new(Code::NotPermitted).detail(
                "该类消息不经前置机推送",
                "messages of this type are not pushed through the connector",
            ));
        }
        let (body, approval, notes) = self.prepare(ty, body, operator).await?;
        self.check_signed_off(ty, &body, approval)?;
        let Notes { remarks, verifications } = notes;
        let state = approval.state();
        let pushed = self.enqueue(ty, state, body, to, operator, verifications).await?;
        Ok(Pushed { remarks, ..pushed })
    }

    /// Puts a body that was checked into the outbox, with the revisions that it holds.
    pub(super) async fn enqueue(
        &self,
        ty: MessageType,
        state: ItemState,
        body: Value,
        to: Option<ParticipantId>,
        operator: &Operator,
        verifications: Vec<Verification>,
    ) -> Result<Pushed, Refusal> {
        let (now, id) = (self.ports.clock.now(), self.ports.ids.uuid_v7());
        let jti = Jti::new(id).ok_or(Code::Internal)?;
        let (lane, operator) = (lane(ty, &body), operator.clone());
        let id = self
            .on_outbox(move |outbox| {
                let (body, operator, to) = (&body, &operator, to.as_ref());
                let revisions = &revisions::of_body(ty, body);
                let verifications = &verifications;
                outbox.add(&NewItem {
                    ty,
                    state,
                    lane,
                    body,
                    operator,
                    to,
                    jti,
                    now,
                    revisions,
                    verifications,
                })
            })
            .await?;
        tracing::info!(outbox = id, mt = ty.as_str(), %jti, "in the outbox");
        self.outbox_changed();
        Ok(Pushed { id, jti, state, remarks: Vec::new() })
    }

    /// Tokens for identifiers, operators into their places, and what is to be said.
    pub(super) async fn prepare(
        &self,
        ty: MessageType,
        body: Value,
        operator: &Operator,
    ) -> Result<(Value, Approval, Notes), Refusal> {
        let today = self.ports.clock.now().date_cst();
        let mut blank = Blank::of(body, operator, today)?;
        let tokens = self.tokenise(blank.inputs()).await?;
        let notes = blank.take_notes();
        let mut body = blank.fill(&tokens)?;
        let approval = plain::sign_off(ty, &mut body, operator)?;
        Ok((body, approval, notes))
    }

    /// See [`check`]. What needs a second operator is judged as it will be once somebody has
    /// approved, so that nobody approves in vain.
    pub(super) fn check_signed_off(
        &self,
        ty: MessageType,
        body: &Value,
        approval: Approval,
    ) -> Result<(), Refusal> {
        if approval == Approval::None {
            return check(&self.schemas, ty, body);
        }
        let mut approved = body.clone();
        plain::approve(&mut approved, &stand_in())?;
        check(&self.schemas, ty, &approved)
    }

    /// The second of two operators lets a parked message go.
    pub(super) async fn approve(&self, id: i64, second: &Operator) -> Result<Item, Refusal> {
        if !matches!(second.role, OperatorRole::Window | OperatorRole::Reviewer) {
            return Err(Refusal::new(Code::NotPermitted)
                .detail("复核须由经办或复核人员进行", "a window or reviewer operator approves"));
        }
        let item = self.on_outbox(move |outbox| outbox.item(id)).await?;
        let mut item =
            item.filter(|item| item.state == ItemState::Parked).ok_or_else(not_parked)?;
        plain::approve(&mut item.body, second)?;
        check(&self.schemas, item.ty, &item.body)?;
        let body = item.body.clone();
        if !self.on_outbox(move |outbox| outbox.release(id, &body)).await? {
            return Err(not_parked());
        }
        tracing::info!(outbox = id, operator = second.id, "approved");
        self.outbox_changed();
        item.state = ItemState::Waiting;
        Ok(item)
    }
}

/// Schema, then values that a schema cannot tell (dates that do not exist). Pointers lead into
/// the body as it was given.
pub(super) fn check(schemas: &Registry, ty: MessageType, body: &Value) -> Result<(), Refusal> {
    let schema = schemas.get(ty.as_str()).ok_or(Code::MessageTypeUnknown)?;
    let bulk = bulk_items(body).transpose()?;
    if bulk.is_some() && ty.class() != Class::Record {
        return Err(Refusal::new(Code::SchemaViolation).at("/items", "a record message type"));
    }
    let mut violations = Vec::new();
    for (index, item) in bulk.unwrap_or(std::slice::from_ref(body)).iter().enumerate() {
        let prefix = if bulk.is_some() { format!("/items/{index}") } else { String::new() };
        let found = schema.validate(item).err().unwrap_or_default();
        violations.extend(found.into_iter().map(|v| Violation {
            pointer: format!("{prefix}{}", v.pointer.strip_prefix("/body").unwrap_or(&v.pointer)),
            expected: v.expected,
        }));
        if violations.len() >= VIOLATIONS_MAX {
            break;
        }
    }
    if !violations.is_empty() {
        violations.truncate(VIOLATIONS_MAX);
        let mut refusal = Refusal::new(Code::SchemaViolation).detail(
            "内容不符合模式，未发送任何数据：请按 errors 所列位置修改后重新提交",
            "the content does not fit its schema and nothing was sent: mend the places in errors and push again",
        );
        refusal.violations = violations;
        return Err(refusal);
    }
    let body = Body::parse(ty, body, &|_| Ok(()))?;
    match body.into_records() {
        Ok(records) => records.into_iter().collect::<Result<Vec<_>, _>>().map(drop),
        Err(_) => Ok(()),
    }
}

/// Single records of different ids may overtake each other; nothing else may: revisions, and a grant
/// and its payments, are judged in the order of the log.
fn lane(ty: MessageType, body: &Value) -> Option<String> {
    let record = body.get("record").filter(|_| ty.class() == Class::Record)?.as_str()?;
    Some(format!("{}/{record}", ty.as_str()))
}

/// There is nothing to approve.
pub(super) fn not_parked() -> Refusal {
    Refusal::new(Code::NotFound).detail(
        "没有待复核的该消息，或已被复核",
        "no such message waits for approval, or it was approved already",
    )
}

/// Stands where the second operator will stand, for the check before.
pub(super) fn stand_in() -> Operator {
    Operator { id: "op-".to_owned() + &"0".repeat(32), role: OperatorRole::Reviewer }
}
