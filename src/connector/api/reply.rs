//! What an operator is told of a message: where it stands, or how it ended.

use std::time::Duration;

use axum::response::{IntoResponse as _, Response};
use http::StatusCode;
use http::header::CONTENT_TYPE;
use serde_json::{Value, json};
use tokio::time::{Instant, timeout_at};

use super::super::outbox::{Item, ItemState};
use super::super::push::Pushed;
use super::super::remark::{self, Remark};
use super::super::{Connector, alias, reconcile as reconciliation};
use super::Replied;
use crate::domain::code::{Code, Refusal};
use crate::domain::registry::MessageType;
use crate::net::problem::Problem;

/// The reply to a push: what came of it within `wait`, else where it stands.
pub(super) async fn told(
    connector: &Connector,
    pushed: Pushed,
    wait: Duration,
    until: Instant,
) -> Replied {
    if pushed.state == ItemState::Waiting
        && !wait.is_zero()
        && let Some(item) = ended(connector, pushed.id, until).await?
    {
        return finished(item, &pushed.remarks).map_err(|problem| *problem);
    }
    let Pushed { id, jti, state, remarks } = pushed;
    let kept = json!({ "outbox": id, "jti": jti, "state": state });
    Ok(reply(StatusCode::ACCEPTED, &remark::into(kept, &remarks))?)
}

/// The item once it has ended, or `None` when `until` comes first.
pub(super) async fn ended(
    connector: &Connector,
    id: i64,
    until: Instant,
) -> Result<Option<Item>, Refusal> {
    let mut changed = connector.changed.subscribe();
    loop {
        changed.borrow_and_update();
        let item = connector.on_outbox(move |outbox| outbox.item(id)).await?;
        let item =
            item.filter(|item| !matches!(item.state, ItemState::Waiting | ItemState::Parked));
        if item.is_some() {
            return Ok(item);
        }
        if !matches!(timeout_at(until, changed.changed()).await, Ok(Ok(()))) {
            return Ok(None);
        }
    }
}

/// The reply about a message that has ended: its receipt, or its problem.
pub(super) fn finished(item: Item, remarks: &[Remark]) -> Result<Response, Box<Problem>> {
    if let (ItemState::Refused | ItemState::Failed, Some(refusal)) = (item.state, &item.problem) {
        let problem = Problem::from(refusal.clone());
        return Err(Box::new(match item.reply.zip(item.proof) {
            Some((receipt, proof)) => problem.signed(receipt, proof),
            None => problem,
        }));
    }
    let shown = remark::into(shown(&item), remarks);
    reply(StatusCode::OK, &shown).map_err(|refusal| Box::new(refusal.into()))
}

/// An item as an officer sees it; `result` repeats what the receipt says.
pub(super) fn shown(item: &Item) -> Value {
    let mut shown = json!({
        "outbox": item.id,
        "mt": item.ty.as_str(),
        "state": item.state,
        "jti": item.jti,
        "operator": item.operator,
        "created": item.created,
        "attempts": item.attempt,
    });
    if let (Some(receipt), Some(proof)) = (&item.reply, &item.proof) {
        shown["receipt"] = json!(receipt);
        shown["proof"] = json!(proof);
        shown["result"] = alias::result_of(receipt);
    }
    if item.ty == MessageType::Reconcile
        && let Some(lines) = reconciliation::compared(item)
    {
        shown["kinds"] = lines;
    }
    if let Some(problem) = &item.problem {
        shown["problem"] = json!(problem);
    }
    if let Some(ended) = item.ended {
        shown["ended"] = json!(ended);
    }
    if !item.verifications.is_empty() {
        shown["verifications"] = json!(item.verifications);
    }
    shown
}

pub(super) fn reply(status: StatusCode, value: &Value) -> Result<Response, Refusal> {
    let bytes = serde_json::to_vec(value).map_err(|_| Code::Internal)?;
    Ok((status, [(CONTENT_TYPE, "application/json")], bytes).into_response())
}
