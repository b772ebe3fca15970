//! `PUT`: a record as it stands now. The connector finds out whether that is new, changed or known
//! already, and gives it its revision and action, so that stating the same again sends nothing.
//!
//! An item is the body of its message type without `action`, with these differences: `state`
//! (`active`, `suspended`, `revoked`; absent means active) says where the record stands, `revision`
//! may be left out, and the record id may be `{"derive": ["…"], "prefix": "…"}`, which becomes a
//! keyed hash. What is new of record types goes out as one bulk message.

use std::collections::HashSet;

use hmac::{Hmac, KeyInit as _, Mac as _};
use jiff::civil::Date;
use serde_json::{Value, json};
use sha2::Sha256;
use zeroize::Zeroizing;

use super::outbox::{ItemState, Outbox};
use super::plain::{self, Approval, Blank, IDENTIFIERS_MAX, Notes};
use super::push::{check, stand_in};
use super::remark::{Remark, Verification};
use super::revisions::{self, Accepted};
use super::step::{Step, next_revision, once};
use super::{Connector, identify};
use crate::domain::code::{Code, Refusal};
use crate::domain::context::{Operator, OperatorRole};
use crate::domain::record::life_cycle::{Action, State};
use crate::domain::registry::{Class, MessageType};
use crate::domain::subject::{Token, TokenRef};
use crate::schema::Registry;

/// Most texts that one record id is derived from.
const DERIVE_TEXTS_MAX: usize = 8;
/// Longest prefix of a derived record id: with the hash it fits the 64 characters of an id.
const PREFIX_CHARS_MAX: usize = 31;
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
}

/// An item, read: its body still holds identifiers.
struct Stated {
    body: Value,
    state: State,
    revision: Option<u32>,
    notes: Notes,
}

/// An item and what is to be said about its identifiers.
pub(super) struct Answered {
    pub(super) placed: Placed,
    pub(super) remarks: Vec<Remark>,
}

/// Checks an item of a `PUT` as far as that goes without a tokeniser and without what was sent
/// before: identifiers, members, schema, dates. Nothing is stored and nothing leaves. Gives what is
/// to be said about the identifiers.
///
/// # Errors
/// What `PUT` would refuse, with pointers into the item.
pub fn rehearse(
    schemas: &Registry,
    ty: MessageType,
    item: Value,
    today: Date,
) -> Result<Vec<Remark>, Refusal> {
    let stated = stated(ty, item, &[0; 32])?;
    let operator = Operator { role: OperatorRole::System, ..stand_in() };
    let mut blank = Blank::of(stated.body, &operator, today)?;
    let notes = blank.take_notes();
    let token = TokenRef { token: Token::from_bytes([0; 32]), epoch: 1 };
    let tokens = vec![token; blank.inputs().len()];
    let mut body = blank.fill(&tokens)?;
    signed_off(ty, &mut body, &operator)?;
    let action = (ty.class() == Class::Record).then_some(Action::Issue);
    number(&mut body, stated.revision.unwrap_or(1), action);
    check(schemas, ty, &body)?;
    Ok(notes.remarks)
}

impl Connector {
    /// Places every item; the results are in the order of the items.
    pub(super) async fn put(
        &self,
        ty: MessageType,
        items: Vec<Value>,
        operator: &Operator,
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
            let notes = stated.as_mut().map(|s| std::mem::take(&mut s.notes)).unwrap_or_default();
            remarks.push(notes.remarks);
            placed.push(match self.step(ty, stated, &mut seen).await {
                Err(refusal) => Placed::Refused(refusal),
                Ok((_, Step::Nothing(accepted))) => Placed::Unchanged(accepted),
                Ok((_, Step::Wait(open))) => Placed::UnderWay {
                    outbox: open.outbox,
                    index: open.index,
                    revision: open.revision,
                    action: None,
                },
                Ok((body, Step::Send(revision, action))) => {
                    sending.push((at, body, notes.verifications));
                    Placed::UnderWay { outbox: 0, index: 0, revision, action }
                }
            });
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
    ) -> Result<Vec<Result<Stated, Refusal>>, Refusal> {
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
            signed_off(ty, &mut body, operator)?;
            Ok(Stated { body, state, revision, notes })
        });
        Ok(filled.collect())
    }

    /// What has to be done about an item, and its body with revision and action.
    async fn step(
        &self,
        ty: MessageType,
        stated: Result<Stated, Refusal>,
        seen: &mut HashSet<String>,
    ) -> Result<(Value, Step), Refusal> {
        let Stated { mut body, state, revision, .. } = stated?;
        let member = revisions::key_member(ty).unwrap_or_default();
        let key = revisions::key(ty, &body).ok_or_else(|| {
            Refusal::new(Code::SchemaViolation).at(format!("/{member}"), "required, a string")
        })?;
        let known = {
            let key = key.clone();
            self.on_outbox(move |outbox| outbox.known(ty, &key)).await?
        };
        let digest = revisions::digest(&body);
        let step = if ty.class() == Class::Record {
            next_revision(state, revision, digest, known)?
        } else {
            once(digest, known)?
        };
        if let Step::Send(revision, action) = &step {
            number(&mut body, *revision, *action);
            self.check(ty, &body)?;
        }
        if !seen.insert(key) {
            return Err(Refusal::new(Code::RecordTaken)
                .at(format!("/{member}"), "once")
                .detail("同一请求中编号重复", "the id occurs twice in one request"));
        }
        Ok((body, step))
    }

    /// Puts what is new into the outbox: records as one bulk message, anything else one by one.
    async fn send_off(
        &self,
        ty: MessageType,
        mut sending: Vec<(usize, Value, Vec<Verification>)>,
        placed: &mut [Placed],
        operator: &Operator,
    ) -> Result<(), Refusal> {
        let mut messages = Vec::new();
        if ty.class() == Class::Record && sending.len() > 1 {
            let (mut at, mut bodies, mut seen) = (Vec::new(), Vec::new(), Vec::new());
            for (n, (row, body, of_item)) in sending.into_iter().enumerate() {
                at.push(row);
                bodies.push(body);
                seen.extend(of_item.into_iter().map(|v| v.of_item(n)));
            }
            messages.push((at, json!({ "items": bodies }), seen));
        } else {
            messages.extend(sending.drain(..).map(|(at, body, seen)| (vec![at], body, seen)));
        }
        for (rows, body, seen) in messages {
            let pushed = self.enqueue(ty, ItemState::Waiting, body, None, operator, seen).await?;
            for (n, at) in rows.into_iter().enumerate() {
                if let Some(Placed::UnderWay { outbox, index, .. }) = placed.get_mut(at) {
                    (*outbox, *index) = (pushed.id, n);
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

/// Takes out of an item what is not of its message type.
fn stated(ty: MessageType, mut body: Value, secret: &[u8]) -> Result<Stated, Refusal> {
    let at =
        |pointer: &str, expected: &str| Refusal::new(Code::SchemaViolation).at(pointer, expected);
    let members = body.as_object_mut().ok_or_else(|| at("", "an object"))?;
    let (mut state, mut revision) = (State::Active, None);
    if ty.class() == Class::Record {
        if members.contains_key("action") {
            return Err(at("/action", "left out: it follows from state"));
        }
        if let Some(text) = members.remove("state") {
            state = text
                .as_str()
                .and_then(revisions::state)
                .ok_or_else(|| at("/state", "active, suspended or revoked"))?;
        }
        if let Some(number) = members.remove("revision") {
            let number = number.as_u64().and_then(|n| u32::try_from(n).ok()).filter(|n| *n > 0);
            revision = Some(number.ok_or_else(|| at("/revision", "a whole number from 1"))?);
        }
    }
    let member = revisions::key_member(ty).unwrap_or_default();
    if let Some(id) = members.get_mut(member).filter(|id| id.is_object()) {
        let derived = derived(ty, id, secret);
        identify::wipe(id);
        *id = derived.ok_or_else(|| {
            at(&format!("/{member}"), "a text, or derive (1 to 8 texts) and a short prefix")
        })?;
    }
    Ok(Stated { body, state, revision, notes: Notes::default() })
}

/// `prefix` and 32 hexadecimal digits of an HMAC-SHA-256: the same texts give the same id, and who
/// does not have the secret cannot try texts out.
fn derived(ty: MessageType, id: &Value, secret: &[u8]) -> Option<Value> {
    let members = id.as_object().filter(|m| m.keys().all(|k| k == "derive" || k == "prefix"))?;
    let prefix = members.get("prefix").map_or(Some(""), Value::as_str)?;
    let texts = members.get("derive")?.as_array()?;
    let fits = (1..=DERIVE_TEXTS_MAX).contains(&texts.len());
    if !fits || prefix.chars().count() > PREFIX_CHARS_MAX {
        return None;
    }
    let mut mac = Hmac::<Sha256>::new_from_slice(secret).ok()?;
    mac.update(ty.name().as_bytes());
    for text in texts {
        let text = text.as_str()?;
        mac.update(&u64::try_from(text.len()).ok()?.to_be_bytes());
        mac.update(text.as_bytes());
    }
    let mac = mac.finalize().into_bytes();
    let mut out = prefix.to_owned();
    for byte in mac.iter().take(16) {
        for nibble in [byte >> 4, byte & 15] {
            out.push(char::from_digit(u32::from(nibble), 16)?);
        }
    }
    Some(Value::from(out))
}

fn signed_off(ty: MessageType, body: &mut Value, operator: &Operator) -> Result<(), Refusal> {
    match plain::sign_off(ty, body, operator)? {
        Approval::None => Ok(()),
        Approval::Second => Err(Refusal::new(Code::NotPermitted).detail(
            "须第二人复核的内容请用 POST 逐条提交",
            "what a second operator has to approve is pushed one by one with POST",
        )),
    }
}

/// Writes revision and action into the body of a record; nothing into any other.
fn number(body: &mut Value, revision: u32, action: Option<Action>) {
    if let (Some(members), Some(action)) = (body.as_object_mut(), action) {
        members.insert("revision".to_owned(), json!(revision));
        members.insert("action".to_owned(), json!(action));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn derived_ids_are_stable_and_keyed() {
        let ty = MessageType::Certification;
        let id =
            |texts: Value, secret| derived(ty, &json!({"derive": texts, "prefix": "R-"}), secret);
        let one = id(json!(["a", "b"]), &[1; 32]).unwrap();
        assert_eq!(id(json!(["a", "b"]), &[1; 32]).unwrap(), one);
        assert_eq!(one.as_str().unwrap().len(), 34);
        for other in [id(json!(["ab"]), &[1; 32]), id(json!(["a", "b"]), &[2; 32])] {
            assert_ne!(other.unwrap(), one);
        }
        assert_eq!(id(json!([]), &[1; 32]), None);
        assert_eq!(id(json!([1]), &[1; 32]), None);
    }
}
