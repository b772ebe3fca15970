//! Messages that go out through the outbox, and the reply to each: what came of it, else where it stands.

use std::time::Duration;

use axum::extract::{Path, Request, State};
use axum::routing::{MethodRouter, post};
use serde_json::Value;
use std::sync::Arc;
use tokio::time::Instant;

use super::super::operators::Officer;
use super::super::reconcile::Statement;
use super::super::{Connector, alias};
use super::ask::answered;
use super::reply::told;
use super::request::{WaitQuery, addressee, known, plain_body, wait_of};
use super::{Replied, Shared};
use crate::domain::participant::ParticipantId;
use crate::domain::registry::{Class, MessageType};

/// Any message type with a plain body: a push into the outbox, or a query.
pub(super) async fn messages(
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

pub(super) async fn records(
    State(connector): Shared,
    officer: Officer,
    wait: WaitQuery,
    request: Request,
) -> Replied {
    let wait = wait_of(&wait)?;
    let (ty, body) = alias::records(plain_body(request).await?)?;
    pushed(&connector, (ty, body, None), &officer, wait).await
}

/// A person says that a record is wrong: `person`, or `employer_uscc`, is whom it is about.
pub(super) async fn objection(
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
pub(super) fn as_it_is(ty: MessageType) -> MethodRouter<Arc<Connector>> {
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
pub(super) async fn enquiry(
    State(connector): Shared,
    officer: Officer,
    wait: WaitQuery,
    request: Request,
) -> Replied {
    let wait = wait_of(&wait)?;
    let (to, body) = alias::addressed(plain_body(request).await?)?;
    pushed(&connector, (MessageType::Enquiry, body, Some(to)), &officer, wait).await
}

/// Says what has been sent in full: count and digest are made here.
pub(super) async fn reconcile(
    State(connector): Shared,
    officer: Officer,
    wait: WaitQuery,
    request: Request,
) -> Replied {
    let wait = wait_of(&wait)?;
    let statement = Statement::read(plain_body(request).await?)?;
    officer.may_act()?;
    let until = Instant::now() + wait;
    let pushed = connector.reconcile(statement, &officer.0).await?;
    told(&connector, pushed, wait, until).await
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
