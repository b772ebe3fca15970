//! Sanctions, rulings and joint rules: new ids, possible dates, and questions that the authority owns.

use super::{Bench, Judged, Objection};
use crate::domain::code::{Code, Refusal};
use crate::domain::funding::message::{JointRule, Ruling, Sanction};
use crate::domain::time::Validity;
use crate::projection::{JOINT_RULES, SANCTIONS, owned_key};

pub(super) fn sanction(bench: &Bench<'_>, body: &Sanction) -> Result<Judged, Objection> {
    bench.check_epoch(&body.subject)?;
    if SANCTIONS.get(bench.view, &owned_key(bench.iss, &body.sanction))?.is_some() {
        return Err(Refusal::new(Code::RecordTaken).at("/body/sanction", "a new id").into());
    }
    if !body.is_ordered() {
        return Err(Refusal::new(Code::DateImpossible).at("/body/end", "after start").into());
    }
    Ok(Judged::default())
}

/// A ruling settles a question for those whose question it is: the owners that the catalogue names,
/// or, where it names none, each district for itself.
pub(super) fn ruling(bench: &Bench<'_>, body: &Ruling) -> Result<Judged, Objection> {
    let owners = bench.catalogue.question(body.question).map(|q| q.owners.as_slice());
    let owned = owners.is_some_and(|owners| owners.is_empty() || owners.contains(bench.iss));
    if !owned {
        return Err(Refusal::new(Code::QuestionNotOwned)
            .at("/body/question", "a question of the sender")
            .into());
    }
    check_validity(&body.validity)?;
    Ok(Judged::default())
}

pub(super) fn joint_rule(bench: &Bench<'_>, body: &JointRule) -> Result<Judged, Objection> {
    if !body.districts.contains(bench.iss) {
        return Err(Refusal::new(Code::NotOwner)
            .at("/body/districts", "the sender among them")
            .into());
    }
    if JOINT_RULES.get(bench.view, &owned_key(bench.iss, &body.rule))?.is_some() {
        return Err(Refusal::new(Code::RecordTaken).at("/body/rule", "a new id").into());
    }
    check_validity(&body.validity)?;
    Ok(Judged::default())
}

fn check_validity(validity: &Validity) -> Result<(), Refusal> {
    if validity.is_ordered() {
        return Ok(());
    }
    Err(Refusal::new(Code::DateImpossible).at("/body/validity", "order"))
}
