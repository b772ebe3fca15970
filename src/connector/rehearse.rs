//! What can be said about an item of a `PUT` without a tokeniser, without what was sent before and
//! without the ledger: a table is checked by it before anything leaves.

use jiff::civil::Date;
use serde_json::Value;

use super::plain::{self, Approval, Blank};
use super::push::{check, stand_in};
use super::put::number;
use super::remark::Remark;
use super::stated::{Stated, stated};
use crate::catalogue::Catalogue;
use crate::domain::code::{Code, Refusal};
use crate::domain::context::{Operator, OperatorRole};
use crate::domain::funding::bookkeeping;
use crate::domain::record::life_cycle::{Action, State};
use crate::domain::registry::{Body, Class, MessageType};
use crate::domain::subject::Token;
use crate::schema::Registry;

/// Checks an item of a `PUT` as far as that goes from the item alone: identifiers, members, schema,
/// dates, and what gateway and catalogue say of the content whatever was sent before. Nothing is
/// stored and nothing leaves. Gives what is to be said about the identifiers.
///
/// # Errors
/// What `PUT` or the gateway would refuse, with pointers into the item.
pub fn rehearse(
    schemas: &Registry,
    catalogue: &Catalogue,
    ty: MessageType,
    item: Value,
    today: Date,
) -> Result<Vec<Remark>, Refusal> {
    let Stated { body, state, revision, .. } = stated(ty, item, &[0; 32])?;
    let first = Operator { id: "op-0".to_owned(), role: OperatorRole::System };
    let mut blank = Blank::of(body, &first, today)?;
    let notes = blank.take_notes();
    let token = Token::from_bytes([0; 32]);
    let tokens: Vec<_> = blank.inputs().iter().map(|input| input.reference(token, 1)).collect();
    let mut body = blank.fill(&tokens)?;
    if plain::sign_off(ty, &mut body, &first)? == Approval::Second {
        plain::approve(&mut body, &stand_in())?;
    }
    // Whether the record is new is not known here: what bounds new ones only is left to the gateway.
    let action = match (state, revision) {
        (State::Active, Some(1)) => Action::Issue,
        (State::Active, _) => Action::Amend,
        (State::Suspended, _) => Action::Suspend,
        (State::Revoked, _) => Action::Revoke,
    };
    let action = (ty.class() == Class::Record).then_some(action);
    number(&mut body, revision.unwrap_or(1), action);
    check(schemas, ty, &body)?;
    content(catalogue, ty, &body, today).map_err(|refusal| refusal.moved(""))?;
    Ok(notes.remarks)
}

/// What the gateway asks of the content by itself (`gateway::judge`), through the same functions.
fn content(
    catalogue: &Catalogue,
    ty: MessageType,
    body: &Value,
    today: Date,
) -> Result<(), Refusal> {
    match Body::parse(ty, body, &|_| Ok(()))? {
        Body::FundingGrant(grant) => {
            bookkeeping::grant(&grant, None)?;
            catalogue.check_class(&grant.terms)
        }
        Body::FundingPayment(payment) => bookkeeping::paid_sum(&payment),
        body => match body.into_records() {
            Err(_) => Err(Refusal::new(Code::NotPermitted)),
            Ok(records) => records.into_iter().try_for_each(|record| {
                let record = record?;
                catalogue.check_content(&record)?;
                record.head().attestation.check_seen(today)?;
                catalogue.check_classes(&record, None)
            }),
        },
    }
}
