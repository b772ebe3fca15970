//! An item of a `PUT`, read: what the connector adds or works out is told from what is of the message.

use hmac::{Hmac, KeyInit as _, Mac as _};
use serde_json::Value;
use sha2::Sha256;

use super::plain::Notes;
use super::{identify, revisions};
use crate::domain::code::{Code, Refusal};
use crate::domain::record::life_cycle::State;
use crate::domain::registry::{Class, MessageType};

/// Most texts that one record id is derived from.
const DERIVE_TEXTS_MAX: usize = 8;
/// Longest prefix of a derived record id: with the hash it fits the 64 characters of an id.
const PREFIX_CHARS_MAX: usize = 31;

/// An item, read: its body may still hold identifiers.
pub(super) struct Stated {
    pub body: Value,
    pub state: State,
    pub revision: Option<u32>,
    /// What is told and kept about its identifiers, once they are taken out.
    pub notes: Notes,
}

/// Takes out of an item what is not of its message type.
pub(super) fn stated(ty: MessageType, mut body: Value, secret: &[u8]) -> Result<Stated, Refusal> {
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

#[cfg(test)]
mod tests {
    use serde_json::json;

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
