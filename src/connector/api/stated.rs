//! `PUT`: records stated as they stand now; the connector finds what of them is new.

use std::collections::HashMap;

use axum::extract::rejection::QueryRejection;
use axum::extract::{Path, Query, Request, State};
use http::StatusCode;
use serde::Deserialize;
use serde_json::{Value, json};
use tokio::time::Instant;

use super::super::operators::Officer;
use super::super::outbox::Item;
use super::super::put::{Answered, Intent, Placed};
use super::super::{alias, remark};
use super::reply::{ended, reply};
use super::request::{bad_wait, known, plain_body, waiting};
use super::{Replied, Shared};
use crate::domain::code::{Code, Refusal};
use crate::domain::record::BULK_ITEMS_MAX;

/// How records are stated.
#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Stating {
    #[serde(default)]
    wait: u64,
    /// To approve what another operator has stated, word for word.
    #[serde(default)]
    approve: bool,
}

/// Records as they stand now: what is new or changed is sent, what is known is not.
pub(super) async fn put(
    State(connector): Shared,
    officer: Officer,
    Path((name, major)): Path<(String, String)>,
    stating: Result<Query<Stating>, QueryRejection>,
    request: Request,
) -> Replied {
    let Query(Stating { wait, approve }) = stating.map_err(|_| bad_wait())?;
    let wait = waiting(wait)?;
    let intent = if approve { Intent::Approve } else { Intent::Send };
    let ty = known(&format!("{name}/{major}"))?;
    let mut body = plain_body(request).await?;
    officer.may_act()?;
    let items = match body.as_object_mut().and_then(|members| members.remove("items")) {
        Some(Value::Array(items)) if (1..=BULK_ITEMS_MAX).contains(&items.len()) => items,
        Some(_) => {
            return Err(Refusal::new(Code::SchemaViolation).at("/items", "1 to 1000 items").into());
        }
        None => vec![body],
    };
    let until = Instant::now() + wait;
    let placed = connector.put(ty, items, &officer.0, intent).await?;
    let mut ends = HashMap::new();
    for item in &placed {
        if let Placed::UnderWay { outbox, .. } = &item.placed
            && !ends.contains_key(outbox)
        {
            ends.insert(*outbox, ended(&connector, *outbox, until).await?);
        }
    }
    let shown = |item: &Answered| remark::into(shown_placed(&item.placed, &ends), &item.remarks);
    let items: Vec<_> = placed.iter().map(shown).collect();
    Ok(reply(StatusCode::OK, &json!({ "items": items }))?)
}

/// What became of an item of a `PUT`: `accepted`, `unchanged`, `waiting`, `parked` or `refused`.
fn shown_placed(placed: &Placed, ends: &HashMap<i64, Option<Item>>) -> Value {
    match placed {
        Placed::Refused(refusal) => json!({ "outcome": "refused", "problem": refusal }),
        Placed::Unchanged(accepted) => json!({
            "outcome": "unchanged",
            "revision": accepted.revision,
            "outbox": accepted.outbox,
            "position": accepted.position,
        }),
        Placed::Parked { outbox, revision } => json!({
            "outcome": "parked",
            "revision": revision,
            "outbox": outbox,
        }),
        Placed::UnderWay { outbox, index, revision, action } => {
            let mut shown = json!({ "outbox": outbox, "revision": revision, "action": action });
            let Some(item) = ends.get(outbox).and_then(Option::as_ref) else {
                shown["outcome"] = json!("waiting");
                return shown;
            };
            shown["jti"] = json!(item.jti);
            let result = item.reply.as_deref().map_or(Value::Null, alias::result_of);
            let mut problem = item.problem.as_ref().map(|problem| json!(problem));
            if let Some(code) = result.pointer(&format!("/items/{index}/code")) {
                problem = Some(json!({ "code": code }));
            }
            shown["outcome"] = json!(if problem.is_some() { "refused" } else { "accepted" });
            if let Some(problem) = problem {
                shown["problem"] = problem;
            }
            shown["position"] = result["position"].clone();
            shown
        }
    }
}
