//! What is here: the outbox, what waits for a second operator, the feed, health.

use axum::extract::rejection::QueryRejection;
use axum::extract::{Path, Query, State};
use http::StatusCode;
use serde::Deserialize;
use serde_json::json;
use tokio::time::Instant;

use super::super::operators::Officer;
use super::super::{Outbox, directory, reconcile as reconciliation};
use super::reply::{ended, finished, reply, shown};
use super::request::{WaitQuery, wait_of};
use super::{Replied, Shared};
use crate::domain::code::{Code, Refusal};

#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct After {
    #[serde(default)]
    after: u64,
}

pub(super) async fn outbox(State(connector): Shared, _: Officer) -> Replied {
    Ok(reply(StatusCode::OK, &json!(connector.counts().await?))?)
}

pub(super) async fn item(State(connector): Shared, _: Officer, Path(id): Path<i64>) -> Replied {
    let item = connector.on_outbox(move |outbox| outbox.item(id)).await?;
    Ok(reply(StatusCode::OK, &shown(&item.ok_or(Code::NotFound)?))?)
}

/// What waits for a second operator, with the content that it will carry (tokens, no identifiers).
pub(super) async fn pending(State(connector): Shared, _: Officer) -> Replied {
    let items = connector.on_outbox(Outbox::parked).await?;
    let items: Vec<_> = items
        .iter()
        .map(|item| {
            let mut shown = shown(item);
            shown["body"] = item.body.clone();
            shown
        })
        .collect();
    Ok(reply(StatusCode::OK, &json!({ "pending": items }))?)
}

pub(super) async fn approve(
    State(connector): Shared,
    officer: Officer,
    Path(id): Path<i64>,
    wait: WaitQuery,
) -> Replied {
    let wait = wait_of(&wait)?;
    officer.may_act()?;
    let until = Instant::now() + wait;
    let item = connector.approve(id, &officer.0).await?;
    if !wait.is_zero()
        && let Some(item) = ended(&connector, id, until).await?
    {
        return finished(item, &[]).map_err(|problem| *problem);
    }
    Ok(reply(StatusCode::ACCEPTED, &shown(&item))?)
}

pub(super) async fn feed(
    State(connector): Shared,
    _: Officer,
    query: Result<Query<After>, QueryRejection>,
) -> Replied {
    let Query(After { after }) = query.map_err(|_| {
        Refusal::new(Code::BadRequest).detail("after 为非负整数", "after is a non-negative integer")
    })?;
    let entries = connector.on_outbox(move |outbox| outbox.feed_after(after)).await?;
    let next = entries.last().and_then(|entry| entry["seq"].as_u64()).unwrap_or(after);
    Ok(reply(StatusCode::OK, &json!({ "entries": entries, "next": next }))?)
}

/// For monitoring, without a token: numbers only.
pub(super) async fn health(State(connector): Shared) -> Replied {
    let counts = connector.counts().await?;
    let now = connector.ports.clock.now();
    let held = connector.directory_held();
    let directory = held.as_ref().map(|directory| {
        json!({
            "version": directory.version(),
            "stale": directory.is_stale(now),
            "knows_own_key": directory::knows_own_key(&connector, directory, now),
        })
    });
    let waiting_s = counts.oldest_waiting.map(|since| now.0.saturating_sub(since));
    let reconciled = connector.on_outbox(Outbox::last_reconciled).await?;
    let problem = counts.problem.as_ref().map(|problem| problem.code);
    let health = json!({
        "participant": connector.participant(),
        "directory": directory,
        "waiting": counts.waiting,
        "parked": counts.parked,
        "failed": counts.failed,
        "oldest_waiting_seconds": waiting_s,
        "problem": problem,
        "reconciled": reconciled.as_ref().map(reconciliation::health),
    });
    Ok(reply(StatusCode::OK, &health)?)
}
