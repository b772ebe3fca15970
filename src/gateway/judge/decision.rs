//! Sanctions, rulings and joint rules: new ids, possible dates, and questions that the authority owns.

use std::convert::Infallible;

use super::{Bench, Judged, Objection, next_revision};
use crate::domain::code::{Code, Refusal};
use crate::domain::funding::message::{JointRule, Ruling, Sanction};
use crate::domain::subject::Ref;
use crate::projection::{JOINT_RULES, SANCTIONS, SanctionRow, owned_key};

pub(super) fn sanction(bench: &Bench<'_>, body: &Sanction) -> Result<Judged, Objection> {
    bench.check_epoch(&body.subject)?;
    let known = SANCTIONS.last(bench.view, &owned_key(bench.iss, &body.sanction))?;
    match &known {
        Some(_) if body.revision == 1 => {
            let expected = "a new id, or the next revision";
            return Err(Refusal::new(Code::RecordTaken).at("/body/sanction", expected).into());
        }
        Some(row) => revised(bench, row, body)?,
        None => next_revision(body.revision, 0)?,
    }
    if !body.is_ordered() {
        return Err(Refusal::new(Code::DateImpossible).at("/body/end", "after start").into());
    }
    Ok(Judged::default())
}

/// A revision says something else of the same subject; what was lifted stays so.
fn revised(bench: &Bench<'_>, row: &SanctionRow, body: &Sanction) -> Result<(), Objection> {
    next_revision(body.revision, row.sanction.revision)?;
    if row.sanction.withdrawn {
        let expected = "a sanction that was not lifted";
        return Err(Refusal::new(Code::RecordClosed).at("/body/sanction", expected).into());
    }
    let mut about = None;
    let Ok(_) = body.clone().map(&mut |reference| {
        about = Some(reference);
        Ok::<_, Infallible>(reference.into_inner())
    });
    let subject = match about {
        Some(Ref::Talent(token)) => bench.known(Ref::Talent(&token))?,
        Some(Ref::Object(token)) => bench.known(Ref::Object(&token))?,
        None => None,
    };
    if subject == Some(row.sanction.subject) && body.kind == row.sanction.kind {
        return Ok(());
    }
    let expected = "kind and subject of the first revision";
    Err(Refusal::new(Code::SubjectMismatch).at("/body/subject", expected).into())
}

/// A ruling settles a question for those whose question it is: the owners that the catalogue names,
/// or, where it names none, each district for itself.
pub(super) fn ruling(bench: &Bench<'_>, body: &Ruling) -> Result<Judged, Objection> {
    bench.catalogue.check_ruling(body, bench.iss)?;
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
    if !body.validity.is_ordered() {
        return Err(Refusal::new(Code::DateImpossible).at("/body/validity", "order").into());
    }
    Ok(Judged::default())
}
