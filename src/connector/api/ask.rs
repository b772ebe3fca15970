//! Questions, which are answered at once or not at all.

use axum::extract::{Request, State};
use http::StatusCode;
use serde_json::{Value, json};

use super::super::ask::NoAnswer;
use super::super::operators::Officer;
use super::super::{Connector, alias};
use super::reply::reply;
use super::request::{known, plain_body};
use super::{Replied, Shared};
use crate::domain::registry::MessageType;
use crate::net::problem::Problem;

pub(super) async fn check(State(connector): Shared, officer: Officer, request: Request) -> Replied {
    let body =
        alias::question(plain_body(request).await?, Some("funding-check"), "/application/subject")?;
    answered(&connector, known("query.funding/1")?, body, &officer).await
}

pub(super) async fn recognise(
    State(connector): Shared,
    officer: Officer,
    request: Request,
) -> Replied {
    let body = alias::question(plain_body(request).await?, Some("recognition"), "/subject")?;
    answered(&connector, known("query.recognition/1")?, body, &officer).await
}

pub(super) async fn entitlement(
    State(connector): Shared,
    officer: Officer,
    request: Request,
) -> Replied {
    let body = alias::question(plain_body(request).await?, Some("service"), "/subject")?;
    answered(&connector, MessageType::EntitlementQuery, body, &officer).await
}

pub(super) async fn query(State(connector): Shared, officer: Officer, request: Request) -> Replied {
    let body = alias::party(plain_body(request).await?)?;
    answered(&connector, MessageType::RecordsQuery, body, &officer).await
}

/// What waits for a person here: objections and enquiries, unless the request says otherwise.
pub(super) async fn worklist(
    State(connector): Shared,
    officer: Officer,
    request: Request,
) -> Replied {
    let mut body = plain_body(request).await?;
    if let Some(members) = body.as_object_mut() {
        members.entry("include").or_insert_with(|| json!(["objections", "enquiries"]));
    }
    answered(&connector, MessageType::WorklistQuery, body, &officer).await
}

pub(super) async fn answered(
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
