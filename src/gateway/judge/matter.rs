//! Objections and enquiries: who may raise, decide, ask and answer, and in which order.

use std::collections::BTreeSet;

use super::{Bench, Judged, Objection};
use crate::domain::code::{Code, Refusal};
use crate::domain::directory::ParticipantKind;
use crate::domain::enquiry::{EnquiryBody, EnquiryReply};
use crate::domain::objection::{
    ObjectedRecord, ObjectionBody, ObjectionDecision, ObjectionOutcome,
};
use crate::domain::participant::ParticipantId;
use crate::domain::subject::{Ref, TokenRef};
use crate::projection::{
    ASSESSED, ENQUIRIES, Key, MARKS, OBJECTIONS, Objected, ObjectionState, View, enquiry_key,
    mark_prefix, objected, objection_key, open_matters, owned_key, same_person,
};

/// Most open objections and enquiries that one participant has begun: more than an office can
/// follow up is a mistake of a program.
const OPEN_MATTERS_MAX: u64 = 1_000;
/// Most objections to one record at a time.
const MARKS_MAX: usize = 16;

/// A record may be objected to by whoever knows its subject; nobody marks records of strangers.
pub(super) fn objection(bench: &Bench<'_>, body: &ObjectionBody) -> Result<Judged, Objection> {
    bench.check_epoch(&body.subject)?;
    if OBJECTIONS.get(bench.view, &owned_key(bench.iss, &body.objection))?.is_some() {
        return Err(refuse(Code::RecordTaken, "/body/objection", "a new id"));
    }
    check_open(bench.view, bench.iss)?;
    if body.received_on > bench.today {
        return Err(refuse(Code::DateImpossible, "/body/received_on", "not in the future"));
    }
    let Some(about) = objected(bench.view, &body.record)? else {
        return Err(refuse(Code::RecordUnknown, "/body/record", "a record of that owner"));
    };
    if body.voucher.as_ref().is_some_and(|voucher| !about.vouchers.contains(voucher)) {
        let expected = "a payment or recovery of the grant";
        return Err(refuse(Code::RecordUnknown, "/body/voucher", expected));
    }
    if !stands_for(bench, (&body.subject, &body.record.owner), &about)? {
        return Err(refuse(Code::SubjectMismatch, "/body/subject", "the subject of the record"));
    }
    let marks = MARKS.range(bench.view, &mark_prefix(&body.record), None, MARKS_MAX)?;
    if marks.len() == MARKS_MAX || marks.iter().any(|mark| mark.by == *bench.iss) {
        return Err(refuse(Code::ObjectionPending, "/body/record", "a record without one"));
    }
    Ok(Judged::default())
}

/// The owner of the record decides and extends; who raised the objection withdraws it.
pub(super) fn outcome(bench: &Bench<'_>, body: &ObjectionOutcome) -> Result<Judged, Objection> {
    let Some(row) = OBJECTIONS.get(bench.view, &objection_key(&body.objection))? else {
        return Err(refuse(
            Code::ObjectionUnknown,
            "/body/objection",
            "an objection that was raised",
        ));
    };
    let owner = match body.decision {
        ObjectionDecision::Withdrawn => &row.by,
        _ => &row.record.owner,
    };
    if owner != bench.iss {
        return Err(refuse(Code::NotOwner, "/body/decision", "a decision that is the sender's"));
    }
    if row.state != ObjectionState::Pending {
        return Err(refuse(Code::ObjectionState, "/body/objection", "a pending objection"));
    }
    if body.decided_on > bench.today || body.decided_on < row.received_on {
        return Err(refuse(Code::DateImpossible, "/body/decided_on", "since it was received"));
    }
    let reasons = body.decision.reasons();
    if !reasons.contains(&body.reason) {
        let fit: Vec<_> = reasons.iter().map(|reason| reason.as_str()).collect();
        return Err(refuse(Code::RecordContradiction, "/body/reason", &fit.join(", ")));
    }
    match body.decision {
        ObjectionDecision::Upheld | ObjectionDecision::Rejected => two_operators(body)?,
        ObjectionDecision::Extended => {
            let region = bench.directory.participant(bench.iss).and_then(|p| p.body.region.clone());
            let clock = region.and_then(|region| bench.catalogue.clock(&region));
            if row.extended || clock.is_none_or(|clock| clock.decide_days_max.is_none()) {
                let expected = "an extension, once, where the law of the province has one";
                return Err(refuse(Code::ObjectionState, "/body/decision", expected));
            }
        }
        ObjectionDecision::Withdrawn => {}
    }
    Ok(Judged::default())
}

pub(super) fn enquiry(bench: &Bench<'_>, body: &EnquiryBody) -> Result<Judged, Objection> {
    let to = bench.to.filter(|to| *to != bench.iss);
    let kind = to.and_then(|to| bench.directory.participant(to)).map(|row| row.body.kind);
    let (Some(to), Some(ParticipantKind::District)) = (to, kind) else {
        return Err(refuse(Code::AddresseeMissing, "/to", "another district"));
    };
    if ENQUIRIES.get(bench.view, &owned_key(bench.iss, &body.enquiry))?.is_some() {
        return Err(refuse(Code::RecordTaken, "/body/enquiry", "a new id"));
    }
    check_open(bench.view, bench.iss)?;
    if let Some(record) = &body.about.record {
        check_asked_record(bench, record, to)?;
    }
    match (&body.about.finding, body.about.position) {
        (Some(finding), Some(position)) => {
            let row = ASSESSED.get(bench.view, &Key::new().number(position))?;
            if !row.is_some_and(|row| row.by == *bench.iss && row.findings.contains(finding)) {
                let expected = "a finding of an own assessment";
                return Err(refuse(Code::FindingUnknown, "/body/about/finding", expected));
            }
        }
        (None, Some(position)) if position >= bench.pos => {
            return Err(refuse(
                Code::RecordUnknown,
                "/body/about/position",
                "a position of the log",
            ));
        }
        _ => {}
    }
    Ok(Judged::default())
}

pub(super) fn reply(bench: &Bench<'_>, body: &EnquiryReply) -> Result<Judged, Objection> {
    let Some(row) = ENQUIRIES.get(bench.view, &enquiry_key(&body.enquiry))? else {
        return Err(refuse(Code::EnquiryUnknown, "/body/enquiry", "an enquiry that was made"));
    };
    if row.to != *bench.iss {
        return Err(refuse(Code::NotOwner, "/body/enquiry", "an enquiry to the sender"));
    }
    if row.replied.is_some() {
        return Err(refuse(Code::EnquiryState, "/body/enquiry", "an enquiry without a reply"));
    }
    let asked: BTreeSet<_> = row.questions.iter().collect();
    let answered: BTreeSet<_> = body.answers.iter().map(|a| &a.question).collect();
    if asked != answered || body.answers.len() != answered.len() {
        let expected = "one answer for each question asked";
        return Err(refuse(Code::AnswersIncomplete, "/body/answers", expected));
    }
    Ok(Judged::default())
}

fn check_asked_record(
    bench: &Bench<'_>,
    record: &ObjectedRecord,
    to: &ParticipantId,
) -> Result<(), Objection> {
    if record.owner != *to {
        return Err(refuse(
            Code::NotOwner,
            "/body/about/record/owner",
            "the district that is asked",
        ));
    }
    if objected(bench.view, record)?.is_none() {
        return Err(refuse(Code::RecordUnknown, "/body/about/record", "a record of that owner"));
    }
    Ok(())
}

/// Is the token somebody whom the record is about, or the same person under another token?
fn stands_for(
    bench: &Bench<'_>,
    (token, owner): (&TokenRef, &ParticipantId),
    about: &Objected,
) -> Result<bool, Objection> {
    // Who shows the passport that the record is of stands for its subject, whoever holds the record.
    if let Some(subject) = bench.known_of(Ref::Talent(token), owner)? {
        let persons = same_person(bench.view, subject)?;
        if persons.into_iter().any(|person| about.parties.contains(&Ref::Talent(person))) {
            return Ok(true);
        }
    }
    let enterprise = bench.known(Ref::Object(token))?;
    Ok(enterprise.is_some_and(|subject| about.parties.contains(&Ref::Object(subject))))
}

fn check_open(view: &dyn View, by: &ParticipantId) -> Result<(), Objection> {
    if open_matters(view, by)? >= OPEN_MATTERS_MAX {
        return Err(Code::OpenLimit.into());
    }
    Ok(())
}

fn two_operators(body: &ObjectionOutcome) -> Result<(), Objection> {
    match body.operators.as_slice() {
        [first, second] if first.id != second.id => Ok(()),
        _ => Err(refuse(Code::TwoOperators, "/body/operators", "two distinct operators")),
    }
}

fn refuse(code: Code, pointer: &str, expected: &str) -> Objection {
    Refusal::new(code).at(pointer, expected).into()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::projection::{MemoryView, OPEN_MATTERS};

    #[test]
    fn a_participant_has_a_bounded_number_of_open_matters() {
        let by: ParticipantId = "qingpu".parse().unwrap();
        let mut view = MemoryView::default();
        let mut with = |open: u64| {
            let key = Key::new().text(by.as_str());
            view.apply(vec![OPEN_MATTERS.put(key, None, &open).unwrap()]);
            match check_open(&view, &by) {
                Ok(()) => None,
                Err(Objection::Refused(refusal)) => Some(refusal.code),
                Err(Objection::View(error)) => panic!("{error}"),
            }
        };
        assert_eq!(with(OPEN_MATTERS_MAX - 1), None);
        assert_eq!(with(OPEN_MATTERS_MAX), Some(Code::OpenLimit));
    }
}
