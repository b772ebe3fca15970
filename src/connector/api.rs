//! The local REST: plain JSON on the district's own network, operators by bearer token. The
//! contract for integrators is `docs/connector.md`.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::extract::rejection::QueryRejection;
use axum::extract::{Path, Query, Request, State};
use axum::response::{IntoResponse as _, Response};
use axum::routing::{MethodRouter, get, post};
use http::StatusCode;
use http::header::CONTENT_TYPE;
use serde::Deserialize;
use serde_json::{Value, json};
use tokio::time::{Instant, timeout_at};

use super::ask::NoAnswer;
use super::operators::Officer;
use super::outbox::{Item, ItemState};
use super::push::Pushed;
use super::put::{Answered, Intent, Placed};
use super::reconcile::{self as reconciliation, Statement};
use super::remark::{self, Remark};
use super::{Connector, alias, directory};
use crate::domain::code::{Code, Refusal};
use crate::domain::participant::ParticipantId;
use crate::domain::record::BULK_ITEMS_MAX;
use crate::domain::registry::{Class, MessageType};
use crate::json::{self as strict, Bounds};
use crate::net::body::{self, BodyLimit};
use crate::net::limits::{BODY_BYTES_MAX, BODY_READ_TIME};
use crate::net::problem::Problem;

/// Longest `?wait=`, in seconds: below the half minute after which proxies cut a silent request.
pub const WAIT_SECONDS_MAX: u64 = 25;
/// Largest local request: the bulk form in plain JSON is about as large as on the wire.
const REQUEST: BodyLimit = BodyLimit { bytes_max: BODY_BYTES_MAX, within: BODY_READ_TIME };

type Shared = State<Arc<Connector>>;
type Replied = Result<Response, Problem>;

/// The routes, for a plain listener on loopback or the office's own network. Wrap them with
/// [`crate::net::edge::wrap`].
pub fn router(connector: Arc<Connector>) -> Router {
    Router::new()
        .route("/local/v1/messages/{name}/{major}", post(messages).put(put))
        .route("/local/v1/records", post(records))
        .route("/local/v1/check", post(check))
        .route("/local/v1/recognise", post(recognise))
        .route("/local/v1/entitlement", post(entitlement))
        .route("/local/v1/query", post(query))
        .route("/local/v1/objection", post(objection))
        .route("/local/v1/objection/outcome", as_it_is(MessageType::ObjectionOutcome))
        .route("/local/v1/enquiry", post(enquiry))
        .route("/local/v1/enquiry/reply", as_it_is(MessageType::EnquiryReply))
        .route("/local/v1/worklist", post(worklist))
        .route("/local/v1/reconcile", post(reconcile))
        .route("/local/v1/outbox", get(outbox))
        .route("/local/v1/outbox/{id}", get(item))
        .route("/local/v1/pending", get(pending))
        .route("/local/v1/pending/{id}/approve", post(approve))
        .route("/local/v1/feed", get(feed))
        .route("/local/v1/health", get(health))
        .with_state(connector)
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Wait {
    #[serde(default)]
    wait: u64,
    /// The participant behind the gateway that a message is for.
    #[serde(default)]
    to: Option<ParticipantId>,
}

/// How records are stated.
#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Stating {
    #[serde(default)]
    wait: u64,
    /// To approve what another operator has stated, word for word.
    #[serde(default)]
    approve: bool,
}

#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct After {
    #[serde(default)]
    after: u64,
}

type WaitQuery = Result<Query<Wait>, QueryRejection>;

// === what goes out ===

/// Any message type with a plain body: a push into the outbox, or a query.
async fn messages(
    State(connector): Shared,
    officer: Officer,
    Path((name, major)): Path<(String, String)>,
    wait: WaitQuery,
    request: Request,
) -> Replied {
    let (wait, to) = (wait_of(&wait)?, addressee(&wait));
    let ty = known(&format!("{name}/{major}"))?;
    let body = plain_body(request).await?;
    match ty.class() {
        Class::Query => answered(&connector, ty, body, &officer).await,
        _ => pushed(&connector, (ty, body, to), &officer, wait).await,
    }
}

async fn records(
    State(connector): Shared,
    officer: Officer,
    wait: WaitQuery,
    request: Request,
) -> Replied {
    let wait = wait_of(&wait)?;
    let (ty, body) = alias::records(plain_body(request).await?)?;
    pushed(&connector, (ty, body, None), &officer, wait).await
}

/// Records as they stand now: what is new or changed is sent, what is known is not.
async fn put(
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

async fn check(State(connector): Shared, officer: Officer, request: Request) -> Replied {
    let body =
        alias::question(plain_body(request).await?, Some("funding-check"), "/application/subject")?;
    answered(&connector, known("query.funding/1")?, body, &officer).await
}

async fn recognise(State(connector): Shared, officer: Officer, request: Request) -> Replied {
    let body = alias::question(plain_body(request).await?, Some("recognition"), "/subject")?;
    answered(&connector, known("query.recognition/1")?, body, &officer).await
}

async fn entitlement(State(connector): Shared, officer: Officer, request: Request) -> Replied {
    let body = alias::question(plain_body(request).await?, Some("service"), "/subject")?;
    answered(&connector, MessageType::EntitlementQuery, body, &officer).await
}

async fn query(State(connector): Shared, officer: Officer, request: Request) -> Replied {
    let body = alias::party(plain_body(request).await?)?;
    answered(&connector, MessageType::RecordsQuery, body, &officer).await
}

/// A person says that a record is wrong: `person`, or `employer_uscc`, is whom it is about.
async fn objection(
    State(connector): Shared,
    officer: Officer,
    wait: WaitQuery,
    request: Request,
) -> Replied {
    let wait = wait_of(&wait)?;
    let body = alias::party(plain_body(request).await?)?;
    pushed(&connector, (MessageType::Objection, body, None), &officer, wait).await
}

/// An endpoint whose body is that of the message, less what the connector fills in.
fn as_it_is(ty: MessageType) -> MethodRouter<Arc<Connector>> {
    let push = move |State(connector): Shared,
                     officer: Officer,
                     wait: WaitQuery,
                     request: Request| async move {
        let wait = wait_of(&wait)?;
        let body = plain_body(request).await?;
        pushed(&connector, (ty, body, None), &officer, wait).await
    };
    post(push)
}

/// Asks the district that `to` names.
async fn enquiry(
    State(connector): Shared,
    officer: Officer,
    wait: WaitQuery,
    request: Request,
) -> Replied {
    let wait = wait_of(&wait)?;
    let (to, body) = alias::addressed(plain_body(request).await?)?;
    pushed(&connector, (MessageType::Enquiry, body, Some(to)), &officer, wait).await
}

/// What waits for a person here: objections and enquiries, unless the request says otherwise.
async fn worklist(State(connector): Shared, officer: Officer, request: Request) -> Replied {
    let mut body = plain_body(request).await?;
    if let Some(members) = body.as_object_mut() {
        members.entry("include").or_insert_with(|| json!(["objections", "enquiries"]));
    }
    answered(&connector, MessageType::WorklistQuery, body, &officer).await
}

async fn pushed(
    connector: &Connector,
    (ty, body, to): (MessageType, Value, Option<ParticipantId>),
    officer: &Officer,
    wait: Duration,
) -> Replied {
    officer.may_act()?;
    let until = Instant::now() + wait;
    let pushed = connector.push(ty, body, to, &officer.0).await?;
    told(connector, pushed, wait, until).await
}

/// Says what has been sent in full: count and digest are made here.
async fn reconcile(
    State(connector): Shared,
    officer: Officer,
    wait: WaitQuery,
    request: Request,
) -> Result<Response, Problem> {
    let wait = wait_of(&wait)?;
    let statement = Statement::read(plain_body(request).await?)?;
    officer.may_act()?;
    let until = Instant::now() + wait;
    let pushed = connector.reconcile(statement, &officer.0).await?;
    told(&connector, pushed, wait, until).await
}

/// The reply to a push: what came of it within `wait`, else where it stands.
async fn told(
    connector: &Connector,
    pushed: Pushed,
    wait: Duration,
    until: Instant,
) -> Result<Response, Problem> {
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

async fn answered(
    connector: &Connector,
    ty: MessageType,
    body: Value,
    officer: &Officer,
) -> Replied {
    let body = if ty == MessageType::RecordsQuery { alias::about(body) } else { body };
    match connector.ask(ty, body, &officer.0).await {
        Ok(answer) => Ok(reply(StatusCode::OK, &answer)?),
        Err(NoAnswer::Unsigned(refusal)) => Err(refusal.into()),
        Err(NoAnswer::Signed(refusal, evidence)) => {
            Err(Problem::from(refusal).signed(evidence.compact, evidence.proof))
        }
    }
}

/// The item once it has ended, or `None` when `until` comes first.
async fn ended(connector: &Connector, id: i64, until: Instant) -> Result<Option<Item>, Refusal> {
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
fn finished(item: Item, remarks: &[Remark]) -> Result<Response, Box<Problem>> {
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

// === what is here ===

async fn outbox(State(connector): Shared, _: Officer) -> Replied {
    Ok(reply(StatusCode::OK, &json!(connector.counts().await?))?)
}

async fn item(State(connector): Shared, _: Officer, Path(id): Path<i64>) -> Replied {
    let item = connector.on_outbox(move |outbox| outbox.item(id)).await?;
    Ok(reply(StatusCode::OK, &shown(&item.ok_or(Code::NotFound)?))?)
}

/// What waits for a second operator, with the content that it will carry (tokens, no identifiers).
async fn pending(State(connector): Shared, _: Officer) -> Replied {
    let items = connector.on_outbox(super::Outbox::parked).await?;
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

async fn approve(
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

async fn feed(
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
async fn health(State(connector): Shared) -> Replied {
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
    let reconciled = connector.on_outbox(super::Outbox::last_reconciled).await?;
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

/// An item as an officer sees it; `result` repeats what the receipt says.
fn shown(item: &Item) -> Value {
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

// === helpers ===

async fn plain_body(request: Request) -> Result<Value, Problem> {
    let json = request.headers().get(CONTENT_TYPE).and_then(|value| value.to_str().ok());
    let essence = json.and_then(|value| value.split(';').next()).unwrap_or_default().trim();
    if !essence.eq_ignore_ascii_case("application/json") {
        return Err(Refusal::new(Code::UnsupportedMediaType)
            .detail("请以 application/json 发送", "send application/json")
            .into());
    }
    let bytes = body::read(request.into_body(), REQUEST).await?;
    let value = strict::read(&bytes, &Bounds::BULK)?;
    if value.is_object() {
        Ok(value)
    } else {
        Err(Refusal::new(Code::SchemaViolation).at("", "an object").into())
    }
}

fn wait_of(query: &WaitQuery) -> Result<Duration, Refusal> {
    query.as_ref().map_err(|_| bad_wait()).and_then(|Query(Wait { wait, .. })| waiting(*wait))
}

fn waiting(seconds: u64) -> Result<Duration, Refusal> {
    if seconds <= WAIT_SECONDS_MAX { Ok(Duration::from_secs(seconds)) } else { Err(bad_wait()) }
}

fn bad_wait() -> Refusal {
    Refusal::new(Code::BadRequest).detail(
        format!("wait 为 0 至 {WAIT_SECONDS_MAX} 的整数秒"),
        format!("wait is a whole number of seconds from 0 to {WAIT_SECONDS_MAX}"),
    )
}

/// See [`wait_of`], which has refused a query that does not read.
fn addressee(query: &WaitQuery) -> Option<ParticipantId> {
    query.as_ref().ok().and_then(|Query(wait)| wait.to.clone())
}

fn known(mt: &str) -> Result<MessageType, Refusal> {
    MessageType::parse(mt).ok_or_else(|| {
        Refusal::new(Code::MessageTypeUnknown)
            .detail("本版本不支持该消息类型", "this release does not know the message type")
    })
}

fn reply(status: StatusCode, value: &Value) -> Result<Response, Refusal> {
    let bytes = serde_json::to_vec(value).map_err(|_| Code::Internal)?;
    Ok((status, [(CONTENT_TYPE, "application/json")], bytes).into_response())
}
