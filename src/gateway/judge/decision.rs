//! Sanctions, rulings and joint rules: new ids, possible dates, and questions that the authority owns.

use super::{Bench, Judged, Objection};
use crate::domain::code::{Code, Refusal};
use crate::domain::funding::message::{JointRule, Ruling, Sanction, SanctionEnd};
use crate::projection::{JOINT_RULES, SANCTIONS, owned_key};

pub(super) fn sanction(bench: &Bench<'_>, body: &Sanction) -> Result<Judged, Objection> {
    bench.check_epoch(&body.subject)?;
    if SANCTIONS.get(bench.view, &owned_key(bench.iss, &body.sanction))?.is_some() {
        return Err(Refusal::new(Code::RecordTaken).at("/body/sanction", "a new id").into());
    }
    if matches!(body.end, SanctionEnd::LastDay(last) if last < body.start) {
        return Err(Refusal::new(Code::DateImpossible).at("/body/end", "after start").into());
    }
    Ok(Judged::default())
}

/// A ruling settles a question for those whose question it is: the owners that the catalogue names,
/// or, where it names none, each district for itself.
pub(super) fn ruling(bench: &Bench<'_>, body: &Ruling) -> Result<Judged, Objection> {
    let owned = bench
        .catalogue
        .question(body.question)
        .filter(|q| q.owners.is_empty() || q.owners.contains(bench.iss));
    let Some(question) = owned else {
        return Err(Refusal::new(Code::QuestionNotOwned)
            .at("/body/question", "a question of the sender")
            .into());
    };
    // A ruling that computes nothing is kept and cited in its own words.
    let readings: Vec<&str> = question.readings.iter().map(|r| r.code.as_str()).collect();
    if !readings.is_empty() && !readings.contains(&body.reading.as_str()) {
        let expected = readings.join(", ");
        return Err(Refusal::new(Code::ReadingUnknown).at("/body/reading", expected).into());
    }
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
    Ok(Judged::default())
}
