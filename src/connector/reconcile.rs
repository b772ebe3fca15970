//! Daily reconciliation (对账): the connector counts what the gateway has accepted from here and says
//! so, which is where coverage comes from (DESIGN §5).
//!
//! Count and digest are made when the message is signed: it stands alone in the queue, so that by then
//! everything before it has its receipt. What is stated is that everything which the district decided
//! up to `complete_until` *has been given to this connector*; the connector can vouch for the rest of
//! the way only. So somebody says which kinds are handed over in full: the request, or the
//! configuration.

use std::collections::BTreeMap;
use std::time::Duration;

use jiff::civil::Time;
use serde::Deserialize;
use serde_json::{Value, json};

use super::Connector;
use super::alias;
use super::outbox::{Item, ItemState};
use super::push::{self, Pushed};
use crate::domain::code::{Code, Refusal};
use crate::domain::context::{Operator, OperatorRole};
use crate::domain::reconcile::CountedKind;
use crate::domain::registry::MessageType;
use crate::domain::time::UtcSeconds;

/// Pause between two looks at the time of day, which cost nothing.
const LOOK: Duration = Duration::from_secs(1);
/// Seconds of a day, and of the way from UTC to UTC+8.
const DAY: i64 = 86_400;
const CST: i64 = 8 * 3_600;

/// When the connector reconciles by itself, and what.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Daily {
    /// Time of day in UTC+8.
    pub at: Time,
    /// Kinds that the district hands over in full.
    pub kinds: Vec<CountedKind>,
}

/// `POST /local/v1/reconcile`: what to state.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Statement {
    /// Kinds that are handed over in full; those of the configuration, or all, where absent.
    #[serde(default)]
    kinds: Option<Vec<CountedKind>>,
    /// Everything decided up to this second was handed over; now, where absent.
    #[serde(default)]
    complete_until: Option<UtcSeconds>,
    /// Known gaps in words, by kind.
    #[serde(default)]
    gaps: BTreeMap<CountedKind, Vec<String>>,
}

impl Statement {
    pub(super) fn read(body: Value) -> Result<Self, Refusal> {
        serde_json::from_value(body).map_err(|_| {
            Refusal::new(Code::SchemaViolation).at("", "kinds, complete_until, gaps by kind")
        })
    }
}

impl Connector {
    /// Puts a reconciliation into the outbox. Count and digest come when it is signed.
    pub(super) async fn reconcile(
        &self,
        statement: Statement,
        operator: &Operator,
    ) -> Result<Pushed, Refusal> {
        let now = self.ports.clock.now();
        let until = statement.complete_until.unwrap_or(now);
        if until > now {
            return Err(
                Refusal::new(Code::DateImpossible).at("/complete_until", "not in the future")
            );
        }
        let mut kinds = match (statement.kinds, &self.daily) {
            (Some(kinds), _) => kinds,
            (None, Some(daily)) => daily.kinds.clone(),
            (None, None) => CountedKind::all().collect(),
        };
        kinds.sort_unstable();
        kinds.dedup();
        if let Some(kind) = statement.gaps.keys().find(|kind| !kinds.contains(kind)) {
            let expected = "a kind that is stated";
            return Err(Refusal::new(Code::SchemaViolation).at(format!("/gaps/{kind}"), expected));
        }
        let lines = kinds.iter().map(|kind| {
            let mut line = json!({ "kind": kind, "complete_until": until });
            if let Some(gaps) = statement.gaps.get(kind).filter(|gaps| !gaps.is_empty()) {
                line["gaps"] = json!(gaps);
            }
            line
        });
        let body = json!({ "kinds": lines.collect::<Vec<_>>() });
        push::check(&self.schemas, MessageType::Reconcile, &self.counted(body.clone()).await?)?;
        let state = ItemState::Waiting;
        self.enqueue(MessageType::Reconcile, state, body, None, operator, Vec::new()).await
    }

    /// The body with count and digest of what was accepted, in the lines that lack both.
    pub(super) async fn counted(&self, mut body: Value) -> Result<Value, Refusal> {
        for line in body.get_mut("kinds").and_then(Value::as_array_mut).into_iter().flatten() {
            if line.get("count").is_some() || line.get("digest").is_some() {
                continue;
            }
            let kind = line["kind"].as_str().and_then(|kind| kind.parse::<CountedKind>().ok());
            let kind = kind.ok_or(Code::SchemaViolation)?;
            let (count, digest) = self.on_outbox(move |outbox| outbox.tally(kind)).await?;
            line["count"] = json!(count);
            line["digest"] = json!(digest);
        }
        Ok(body)
    }
}

/// What became of a reconciliation that has ended: its lines, and whether the gateway counts the same.
pub(super) fn compared(item: &Item) -> Option<Value> {
    let receipt = item.reply.as_deref().filter(|_| item.state == ItemState::Done)?;
    let sent = alias::payload(&item.signed.as_ref()?.compact)?;
    let result = alias::result_of(receipt);
    let mut lines = sent.pointer("/body/kinds")?.clone();
    for (i, line) in lines.as_array_mut()?.iter_mut().enumerate() {
        let refused = result.pointer(&format!("/items/{i}/outcome"));
        line["matched"] = json!(refused != Some(&json!("rejected")));
    }
    Some(lines)
}

/// For the health page: when the last reconciliation ended, what it said and what differed.
pub(super) fn health(item: &Item) -> Value {
    let lines = compared(item);
    let lines = lines.as_ref().and_then(Value::as_array).into_iter().flatten();
    let differ = lines.filter(|line| line["matched"] == json!(false));
    let differ: Vec<&Value> = differ.map(|line| &line["kind"]).collect();
    json!({ "ended": item.ended, "state": item.state, "differ": differ })
}

/// Reconciles once a day, for ever; never, where the configuration does not say when. A time of day
/// that passed while the connector was down is not made up for: nobody handed anything over then.
pub(super) async fn run(connector: &Connector) {
    let Some(daily) = &connector.daily else { return std::future::pending().await };
    let mut looked = connector.ports.clock.now();
    loop {
        tokio::time::sleep(LOOK).await;
        let now = connector.ports.clock.now();
        if let Some(due) = due_between(daily.at, looked, now) {
            let statement = Statement { complete_until: Some(due), ..Statement::default() };
            // The connector itself is the operator of its outbox here.
            let own = Operator { id: "op-connector".to_owned(), role: OperatorRole::System };
            if let Err(refusal) = connector.reconcile(statement, &own).await {
                tracing::warn!(code = refusal.code.as_str(), "reconciliation");
            }
        }
        looked = now;
    }
}

/// The time of day `at` (UTC+8), where it came after `looked` and not after `now`.
fn due_between(at: Time, looked: UtcSeconds, now: UtcSeconds) -> Option<UtcSeconds> {
    let second = i64::from(at.hour()) * 3_600 + i64::from(at.minute()) * 60;
    let since = now.0.saturating_add(CST).saturating_sub(second).rem_euclid(DAY);
    Some(now.plus_seconds(-since)).filter(|due| *due > looked)
}

#[cfg(test)]
mod tests {
    use jiff::civil::time;

    use super::*;

    #[test]
    fn the_time_of_day_is_that_of_china_and_comes_once_a_day() {
        const MIDNIGHT_UTC: i64 = 1_795_219_200;
        let due = |hour, looked, now| {
            let (looked, now) = (UtcSeconds(MIDNIGHT_UTC + looked), UtcSeconds(MIDNIGHT_UTC + now));
            due_between(time(hour, 0, 0, 0), looked, now).map(|due| due.0 - MIDNIGHT_UTC)
        };
        assert_eq!(due(8, -1, 0), Some(0));
        assert_eq!(due(8, 0, 1), None, "once");
        assert_eq!(due(9, -1, 3_599), None);
        assert_eq!(due(9, 3_599, 3_600), Some(3_600));
        assert_eq!(due(0, 0, 16 * 3_600 + 5), Some(16 * 3_600), "midnight in China");
        assert_eq!(due(8, -3 * DAY, 60), Some(0), "days without a look are not made up for");
    }
}
