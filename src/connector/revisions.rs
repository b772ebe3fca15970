//! What the connector knows of the revisions that it sent: the newest one that was accepted of each
//! record, and those under way. Rows are written in the transaction that puts a message into the
//! outbox or ends it, so they are true whenever the process dies.

use rusqlite::{OptionalExtension as _, Transaction, params};
use serde_json::{Map, Value};
use sha2::{Digest as _, Sha256};

use super::outbox::{Outbox, OutboxError};
use crate::domain::record::life_cycle::State;
use crate::domain::registry::{Class, MessageType, bulk_items};

/// One revision of a record, as it goes into the outbox.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Revision {
    /// Names the record among those of its type.
    pub key: String,
    pub number: u32,
    /// `None` where an amendment leaves it as it was.
    pub state: Option<State>,
    pub digest: [u8; 32],
}

/// A revision that the gateway accepted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Accepted {
    pub revision: u32,
    pub state: State,
    pub digest: [u8; 32],
    pub outbox: i64,
    pub position: u64,
}

/// A revision that waits for its receipt.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Open {
    pub outbox: i64,
    pub index: usize,
    pub revision: u32,
    pub state: Option<State>,
    pub digest: [u8; 32],
}

/// What is known of one record.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Known {
    pub accepted: Option<Accepted>,
    /// The newest one under way.
    pub open: Option<Open>,
}

/// Which items of an accepted message count, and where the message lies in the log.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Logged {
    pub position: u64,
    /// Items that were accepted; 0 of a message that is no bulk.
    pub accepted: Vec<u32>,
    /// Items of the bulk form that were refused.
    pub refused: Vec<u32>,
}

/// The member that names a record of this type in its sender's system, if the type has one.
pub(super) fn key_member(ty: MessageType) -> Option<&'static str> {
    match ty {
        MessageType::FundingGrant | MessageType::FundingPayment => Some("grant"),
        _ if ty.class() == Class::Record => Some("record"),
        _ => None,
    }
}

/// The name of a record among those of its type; a payment is named by grant and voucher.
pub(super) fn key(ty: MessageType, body: &Value) -> Option<String> {
    let name = body.get(key_member(ty)?)?.as_str()?;
    match ty {
        MessageType::FundingPayment => Some(format!("{name}/{}", body.get("voucher")?.as_str()?)),
        _ => Some(name.to_owned()),
    }
}

/// The revisions that a body for the wire holds, one per item; `None` for an item without a name.
pub(super) fn of_body(ty: MessageType, body: &Value) -> Vec<Option<Revision>> {
    let items = match bulk_items(body) {
        Some(Ok(items)) => items,
        _ => std::slice::from_ref(body),
    };
    items.iter().map(|item| of_item(ty, item)).collect()
}

fn of_item(ty: MessageType, item: &Value) -> Option<Revision> {
    let state = match item.get("action").and_then(Value::as_str) {
        Some("amend") => None,
        Some("suspend") => Some(State::Suspended),
        Some("revoke") => Some(State::Revoked),
        _ => Some(State::Active),
    };
    let number = item.get("revision").and_then(Value::as_u64).unwrap_or(1);
    Some(Revision {
        key: key(ty, item)?,
        number: u32::try_from(number).ok()?,
        state,
        digest: digest(item),
    })
}

/// SHA-256 of a content with tokens: members in the order of their names, without the members that
/// say which revision it is, and without who stands for an override: that is not for the content to say,
/// and the second operator states the same content as the first.
pub(super) fn digest(body: &Value) -> [u8; 32] {
    let mut hash = Sha256::new();
    match body {
        Value::Object(members) => {
            absorb_members(&mut hash, members, &["revision", "action", "override"]);
            if let Some(Value::Object(by)) = members.get("override") {
                absorb_members(&mut hash, by, &["operators"]);
            }
        }
        other => absorb(&mut hash, other),
    }
    hash.finalize().into()
}

fn absorb(hash: &mut Sha256, value: &Value) {
    match value {
        Value::Object(members) => absorb_members(hash, members, &[]),
        Value::Array(items) => {
            hash.update(b"[");
            for item in items {
                absorb(hash, item);
                hash.update(b",");
            }
            hash.update(b"]");
        }
        // Text is quoted and escaped, so that no two contents write the same.
        scalar => hash.update(scalar.to_string()),
    }
}

fn absorb_members(hash: &mut Sha256, members: &Map<String, Value>, without: &[&str]) {
    let mut names: Vec<_> = members.keys().filter(|n| !without.contains(&n.as_str())).collect();
    names.sort_unstable();
    hash.update(b"{");
    for name in names {
        hash.update(Value::from(name.as_str()).to_string());
        hash.update(b":");
        absorb(hash, members.get(name).unwrap_or(&Value::Null));
        hash.update(b",");
    }
    hash.update(b"}");
}

impl Outbox {
    /// What is known of a record.
    pub(super) fn known(&self, ty: MessageType, key: &str) -> Result<Known, OutboxError> {
        let db = self.db();
        let accepted = db
            .prepare_cached(
                "SELECT revision, state, digest, outbox, position FROM revision
                 WHERE mt = ?1 AND key = ?2",
            )?
            .query_row((ty.as_str(), key), |row| {
                let text: String = row.get(1)?;
                Ok((row.get(0)?, text, row.get(2)?, row.get(3)?, row.get::<_, i64>(4)?))
            })
            .optional()?;
        let accepted = match accepted {
            None => None,
            Some((revision, text, digest, outbox, position)) => Some(Accepted {
                revision,
                state: state(&text).ok_or(OutboxError::Damaged("the state of a record"))?,
                digest,
                outbox,
                position: u64::try_from(position).unwrap_or(0),
            }),
        };
        let open = db
            .prepare_cached(
                "SELECT outbox, idx, revision, state, digest FROM revision_open
                 WHERE mt = ?1 AND key = ?2 ORDER BY outbox DESC, idx DESC LIMIT 1",
            )?
            .query_row((ty.as_str(), key), |row| {
                let text: Option<String> = row.get(3)?;
                Ok(Open {
                    outbox: row.get(0)?,
                    index: usize::try_from(row.get::<_, i64>(1)?).unwrap_or(0),
                    revision: row.get(2)?,
                    state: text.as_deref().and_then(state),
                    digest: row.get(4)?,
                })
            })
            .optional()?;
        Ok(Known { accepted, open })
    }
}

/// Writes down what is under way with message `outbox`.
pub(super) fn begin(
    tx: &Transaction<'_>,
    ty: MessageType,
    outbox: i64,
    revisions: &[Option<Revision>],
) -> Result<(), OutboxError> {
    let mut insert = tx.prepare_cached(
        "INSERT INTO revision_open (outbox, idx, mt, key, revision, state, digest)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
    )?;
    for (index, revision) in (0_u32..).zip(revisions) {
        let Some(Revision { key, number, state, digest }) = revision else { continue };
        let state = state.map(word);
        insert.execute(params![outbox, index, ty.as_str(), key, number, state, digest])?;
    }
    Ok(())
}

/// Message `outbox` has ended: what was accepted becomes the newest revision of its record.
pub(super) fn settle(
    tx: &Transaction<'_>,
    outbox: i64,
    logged: Option<&Logged>,
) -> Result<(), OutboxError> {
    if let Some(Logged { position, refused, .. }) = logged {
        for index in refused {
            tx.execute(
                "DELETE FROM revision_open WHERE outbox = ?1 AND idx = ?2",
                (outbox, index),
            )?;
        }
        tx.execute(
            "INSERT INTO revision (mt, key, revision, state, digest, outbox, position)
             SELECT mt, key, revision,
                    coalesce(state,
                             (SELECT r.state FROM revision r WHERE r.mt = o.mt AND r.key = o.key),
                             'active'),
                    digest, outbox, ?2
             FROM revision_open o WHERE outbox = ?1 ORDER BY idx
             ON CONFLICT (mt, key) DO UPDATE SET revision = excluded.revision,
                 state = excluded.state, digest = excluded.digest, outbox = excluded.outbox,
                 position = excluded.position
             WHERE excluded.revision >= revision.revision",
            (outbox, i64::try_from(*position).unwrap_or(i64::MAX)),
        )?;
    }
    tx.execute("DELETE FROM revision_open WHERE outbox = ?1", [outbox])?;
    Ok(())
}

const fn word(state: State) -> &'static str {
    match state {
        State::Active => "active",
        State::Suspended => "suspended",
        State::Revoked => "revoked",
    }
}

/// The state with this name.
pub(super) fn state(text: &str) -> Option<State> {
    [State::Active, State::Suspended, State::Revoked].into_iter().find(|s| word(*s) == text)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn the_digest_is_of_the_content() {
        let a = json!({"record": "R1", "revision": 1, "action": "issue", "x": {"b": 1, "a": [2]}});
        let b = json!({"record": "R1", "revision": 2, "action": "amend", "x": {"a": [2], "b": 1}});
        assert_eq!(digest(&a), digest(&b));
        for other in [
            json!({"record": "R1", "x": {"b": 1, "a": [2, null]}}),
            json!({"record": "R1", "x": {"b": "1", "a": [2]}}),
            json!({"record": "R1\",\"y\":\"", "x": {"b": 1, "a": [2]}}),
        ] {
            assert_ne!(digest(&a), digest(&other), "{other}");
        }
    }

    #[test]
    fn an_override_counts_by_its_reason_and_not_by_its_operators() {
        let grant = |by: Value| digest(&json!({"grant": "G1", "override": by}));
        let one = grant(json!({"reason": "r", "operators": ["a"]}));
        assert_eq!(one, grant(json!({"reason": "r", "operators": ["b", "a"]})));
        assert_ne!(one, grant(json!({"reason": "s", "operators": ["a"]})));
        assert_ne!(one, digest(&json!({"grant": "G1"})));
    }

    #[test]
    fn records_and_ledger_entries_have_names() {
        let grant = json!({"grant": "G1", "voucher": "V1"});
        assert_eq!(key(MessageType::FundingGrant, &grant).as_deref(), Some("G1"));
        assert_eq!(key(MessageType::FundingPayment, &grant).as_deref(), Some("G1/V1"));
        assert_eq!(key(MessageType::Link, &json!({"link": "l"})), None);
        let bulk = json!({"items": [{"record": "A", "action": "suspend", "revision": 3}, {}]});
        let found = of_body(MessageType::Fact, &bulk);
        assert_eq!(found[0].as_ref().unwrap().state, Some(State::Suspended));
        assert_eq!(found[1], None);
    }
}
