//! The funding ledger stays consistent: who may hold, grant, pay, stop and recover what. A hold is
//! assessed and takes its place in the race here, in the order of the log (DESIGN §7).

use std::collections::BTreeSet;

use serde_json::json;

use super::{Bench, Judged, Objection};
use crate::catalogue::Catalogue;
use crate::domain::code::{Code, Refusal, Violation};
use crate::domain::funding::bookkeeping;
use crate::domain::funding::claim::{ClaimKey, claim_keys, conflicts};
use crate::domain::funding::finding::Verdict;
use crate::domain::funding::held::{self, Payable};
use crate::domain::funding::kind::Kind;
use crate::domain::funding::ledger::LedgerEntry;
use crate::domain::funding::message::{
    Application, FindingOutcome, Grant, Hold, Payment, Policy, PolicyRef, Recovery, Release, Stop,
};
use crate::domain::objection::{ObjectedKind, ObjectedRecord};
use crate::domain::recognition::{RecognitionRule, RuleStatus, SourceCheck};
use crate::domain::reconcile::{ClockBody, HoldRef};
use crate::domain::subject::SubjectId;
use crate::gateway::answer::{Desk, assessed, told};
use crate::gateway::rulebook::Rulebook;
use crate::jws::HoldRank;
use crate::projection::{
    ASSESSED, CLAIMS, GIVEN, GRANTS, GrantRow, HOLDS, HOLDS_OF_PERSON_MAX, HoldRow, HoldState,
    HoldVerdict, Key, LIVE_HOLDS, POLICIES, RECOGNITION_RULES, RIVALS_MAX, View, ViewError,
    assessed_digest, claim_key, comparison, is_due, is_marked, owned_key, policy_key, same_person,
};

/// Most live holds of one participant: holds are no free oracle (DESIGN §7).
const LIVE_HOLDS_MAX: u64 = 10_000;

pub(super) fn policy(bench: &Bench<'_>, policy: &Policy) -> Result<Judged, Objection> {
    if policy.district != *bench.iss {
        return Err(refuse(Code::NotOwner, "/body/district", "the sender"));
    }
    let key = policy_key(&PolicyRef { id: policy.id.clone(), version: policy.version });
    if POLICIES.get(bench.view, &key)?.is_some() {
        return Err(refuse(Code::RevisionStale, "/body/version", "a new version"));
    }
    let versions = POLICIES.range(bench.view, &Key::new().text(&policy.id), None, usize::MAX)?;
    let published: Vec<Policy> = versions.into_iter().map(|row| row.policy).collect();
    bench.catalogue.check_policy(policy, &published)?;
    Ok(Judged::default())
}

pub(super) fn recognition_rule(
    bench: &Bench<'_>,
    rule: &RecognitionRule,
) -> Result<Judged, Objection> {
    if rule.recogniser != *bench.iss {
        return Err(refuse(Code::NotOwner, "/body/recogniser", "the sender"));
    }
    let catalogue = bench.catalogue;
    catalogue
        .check_recognition_rule(rule, &catalogue.alliances)
        .map_err(|refusal| refusal.under("/body"))?;
    // Case files may try an invented rule out; published, nobody would see that nobody decided it.
    if rule.source_check == SourceCheck::Invented && rule.status == RuleStatus::InForce {
        let expected = "example or draft, where the source is invented";
        return Err(refuse(Code::RecognitionUnfit, "/body/status", expected));
    }
    let prefix = owned_key(&rule.recogniser, &rule.rule);
    let known = RECOGNITION_RULES.last(bench.view, &prefix)?.map_or(0, |row| row.rule.revision);
    super::next_revision(rule.revision, known)?;
    Ok(Judged::default())
}

pub(super) fn hold(bench: &Bench<'_>, hold: &Hold<SubjectId>) -> Result<Judged, Objection> {
    let key = owned_key(bench.iss, &hold.hold);
    if HOLDS.get(bench.view, &key)?.is_some() {
        return Err(refuse(Code::RecordTaken, "/body/hold", "a new id"));
    }
    if !hold.context.has_basis() {
        return Err(refuse(Code::BasisMissing, "/body/context", "legal_basis or consent"));
    }
    let latest = bench.at.plus_seconds(Hold::<SubjectId>::LIFETIME_SECONDS_MAX);
    if hold.expires <= bench.at || hold.expires > latest {
        return Err(refuse(Code::HoldLimit, "/body/expires", "within 30 days from now"));
    }
    let live = LIVE_HOLDS.get(bench.view, &Key::new().text(bench.iss.as_str()))?.unwrap_or(0);
    if live >= LIVE_HOLDS_MAX {
        return Err(Code::HoldLimit.into());
    }
    let application = &hold.application;
    check_application(bench.view, bench.catalogue, application)?;
    own_policy(bench, &application.terms.policy)?;
    let rules = Rulebook::of(bench.rulebook, bench.view, bench.catalogue, bench.pos)?;
    let desk = desk(bench, &rules);
    let (assessment, coverage) = assessed(&desk, application, hold.context.purpose, bench.pos)?;
    let kinds = kinds(bench, application)?;
    let rivals = rivals(bench, application, &kinds)?;
    let against: Vec<_> = rivals.iter().map(reference).collect();
    let verdict = HoldVerdict {
        verdict: assessment.verdict,
        findings: assessment.findings.iter().map(|f| f.id.clone()).collect(),
        against: against.clone(),
        kinds: kinds.clone(),
    };
    let contacts: Vec<_> = rivals.iter().map(|row| contact(bench, row)).collect();
    let mut told = told(&desk, &assessment);
    told["against"] = json!(against);
    told["kinds"] = json!(kinds);
    told["contacts"] = json!(contacts);
    told["coverage_lines"] = json!(coverage);
    let rank = if against.is_empty() { HoldRank::First } else { HoldRank::Contested };
    Ok(Judged {
        hold: Some(rank),
        assessment: Some(told),
        verdict: Some(verdict),
        ..Judged::default()
    })
}

pub(super) fn release(bench: &Bench<'_>, body: &Release) -> Result<Judged, Objection> {
    live_hold(bench, &body.hold, "/body/hold")?;
    Ok(Judged::default())
}

pub(super) fn clock(bench: &Bench<'_>, body: &ClockBody) -> Result<Judged, Objection> {
    for (index, hold) in body.expired_holds.iter().enumerate() {
        let row = HOLDS.get(bench.view, &owned_key(&hold.owner, &hold.hold))?;
        let due = row.is_some_and(|r| r.state == HoldState::Live && r.hold.expires <= body.at);
        if !due || body.at > bench.at {
            let pointer = format!("/body/expired_holds/{index}");
            return Err(refuse(Code::HoldState, &pointer, "a live hold whose time is over"));
        }
    }
    Ok(Judged::default())
}

pub(super) fn grant(bench: &Bench<'_>, grant: &Grant<SubjectId>) -> Result<Judged, Objection> {
    if GRANTS.get(bench.view, &owned_key(bench.iss, &grant.grant))?.is_some() {
        return Err(refuse(Code::RecordTaken, "/body/grant", "a new id"));
    }
    if let Some(id) = &grant.terms.top_up_of {
        grant_row(bench, id, "/body/top_up_of")?;
    }
    let policy = own_policy(bench, &grant.terms.policy)?;
    bookkeeping::grant(grant, Some(&policy))?;
    bookkeeping::happened(grant.decided_on, bench.today, "/body/decided_on")?;
    bench.catalogue.check_class(&grant.terms)?;
    let (clean, beyond) = match &grant.hold {
        None => (false, Vec::new()),
        Some(id) => {
            let row = live_hold(bench, id, "/body/hold")?;
            let held = &row.hold.application;
            if held.terms.subject != grant.terms.subject || held.terms.policy != grant.terms.policy
            {
                return Err(refuse(
                    Code::HoldState,
                    "/body/hold",
                    "a hold on the same person and policy",
                ));
            }
            // Graver than CAPPED is a finding to act against; the order is that of DESIGN §7.
            let (verdict, payable) = standing(bench, &row)?;
            let (owner, kind) = (bench.iss.clone(), ObjectedKind::Hold);
            let objected = ObjectedRecord { owner, kind, record: id.clone() };
            let clean =
                row.is_first() && verdict <= Verdict::Capped && !is_marked(bench.view, &objected)?;
            (clean, held::beyond(grant, held, payable.as_ref(), Some(&policy)))
        }
    };
    if grant.override_.is_some() || (clean && beyond.is_empty()) {
        return Ok(Judged::default());
    }
    Err(override_required(clean, beyond).into())
}

/// Says what the override would be for.
fn override_required(clean: bool, beyond: Vec<Violation>) -> Refusal {
    let refusal =
        Refusal::new(Code::OverrideRequired).at("/body/override", "reason and two operators");
    let mut refusal = if clean {
        refusal.detail(
            "资助内容超出预占所载，或超出上限允许的部分：须说明理由并由两名不同经办人确认",
            "the grant goes beyond what was held, or beyond what a cap leaves: a reason and two operators are needed",
        )
    } else {
        refusal.detail(
            "没有有效的首位预占，或核查结果不利：须说明理由并由两名不同经办人确认",
            "there is no first hold, or its assessment stands against the grant: a reason and two operators are needed",
        )
    };
    refusal.violations.extend(beyond);
    refusal
}

/// The verdict of a hold as things stand, and what the caps leave of it: a change that nobody has
/// looked at yet is looked at now, so that no grant slips in between a message and its review.
fn standing(bench: &Bench<'_>, row: &HoldRow) -> Result<(Verdict, Option<Payable>), Objection> {
    let given = GIVEN.get(bench.view, &Key::new().number(row.pos))?;
    let given = given.filter(|_| row.state == HoldState::Live);
    let due = given.is_some() && is_due(bench.view, row.pos)?;
    if !due && row.verdict != Verdict::Capped {
        return Ok((row.verdict, None));
    }
    let rules = Rulebook::of(bench.rulebook, bench.view, bench.catalogue, bench.pos)?;
    let purpose = row.hold.context.purpose;
    let desk = desk(bench, &rules);
    let (now, _) = assessed(&desk, &row.hold.application, purpose, row.pos)?;
    let same = given.is_none_or(|given| assessed_digest(&told(&desk, &now)) == given.sha256);
    let verdict = if same || !due { row.verdict } else { now.verdict };
    Ok((verdict, now.payable))
}

pub(super) fn payment(bench: &Bench<'_>, body: &Payment) -> Result<Judged, Objection> {
    let (entry, policy) = own_grant(bench, &body.grant)?;
    bookkeeping::payment(&entry, policy.as_ref(), body)?;
    bookkeeping::happened(body.paid_on, bench.today, "/body/paid_on")?;
    Ok(Judged::default())
}

pub(super) fn stop(bench: &Bench<'_>, body: &Stop) -> Result<Judged, Objection> {
    let (entry, policy) = own_grant(bench, &body.grant)?;
    bookkeeping::stop(&entry, policy.as_ref(), body.last_month)?;
    Ok(Judged::default())
}

pub(super) fn recovery(bench: &Bench<'_>, body: &Recovery) -> Result<Judged, Objection> {
    let (entry, policy) = own_grant(bench, &body.grant)?;
    bookkeeping::recovery(&entry, policy.as_ref(), body)?;
    bookkeeping::happened(body.date, bench.today, "/body/date")?;
    Ok(Judged::default())
}

pub(super) fn outcome(bench: &Bench<'_>, body: &FindingOutcome) -> Result<Judged, Objection> {
    let [first, second] = &body.operators;
    if first.id == second.id {
        return Err(refuse(Code::TwoOperators, "/body/operators", "two distinct operators"));
    }
    let reasons = body.outcome.reasons();
    if !reasons.contains(&body.reason.as_str()) {
        return Err(refuse(Code::RecordContradiction, "/body/reason", &reasons.join(", ")));
    }
    let row = ASSESSED.get(bench.view, &Key::new().number(body.assessment.position))?;
    let found = row.is_some_and(|r| r.by == *bench.iss && r.findings.contains(&body.finding));
    if !found {
        return Err(refuse(
            Code::FindingUnknown,
            "/body/finding",
            "a finding of an own assessment",
        ));
    }
    Ok(Judged::default())
}

/// The live holds that conflict with an application, in the order of the log.
fn rivals(
    bench: &Bench<'_>,
    application: &Application<SubjectId>,
    kinds: &[Kind],
) -> Result<Vec<HoldRow>, Objection> {
    let persons = same_person(bench.view, application.terms.subject)?;
    let mut references = BTreeSet::new();
    for person in persons.iter().copied().map(ClaimKey::Talent) {
        references.extend(CLAIMS.range(bench.view, &claim_key(&person), None, RIVALS_MAX)?);
    }
    if references.iter().filter(|r| r.owner == *bench.iss).count() >= HOLDS_OF_PERSON_MAX {
        return Err(refuse(Code::HoldLimit, "/body/application/subject", "at most 16 live holds"));
    }
    for claim in claim_keys(application) {
        references.extend(CLAIMS.range(bench.view, &claim_key(&claim), None, RIVALS_MAX)?);
    }
    let mut rivals = Vec::with_capacity(references.len());
    for reference in references {
        rivals.extend(HOLDS.get(bench.view, &owned_key(&reference.owner, &reference.hold))?);
    }
    rivals.sort_by_key(|row: &HoldRow| row.pos);
    let known = rivals.iter().map(|row| (&row.hold.application, row.kinds.as_slice()));
    let facts = comparison(bench.view, known.chain([(application, kinds)]))?;
    // Whoever is one person with the applicant stands for the applicant.
    let closure = |s: SubjectId| if persons.contains(&s) { persons[0] } else { s };
    rivals.retain(|row| conflicts(&facts, application, &row.hold.application, closure));
    Ok(rivals)
}

/// The kinds of an application's policy as the shared list has them.
fn kinds(bench: &Bench<'_>, application: &Application<SubjectId>) -> Result<Vec<Kind>, ViewError> {
    let policy = POLICIES.get(bench.view, &policy_key(&application.terms.policy))?;
    let codes = policy.map(|row| row.policy.kinds).unwrap_or_default();
    Ok(bench.catalogue.kinds.iter().filter(|k| codes.contains(&k.code)).cloned().collect())
}

fn desk<'a>(bench: &'a Bench<'_>, rules: &'a Rulebook) -> Desk<'a> {
    Desk {
        view: bench.view,
        known_at: bench.pos,
        directory: bench.directory,
        catalogue: bench.catalogue,
        rules,
        resolution: bench.resolution,
        asker: bench.iss,
        now: bench.at,
    }
}

/// Whom to call about a hold that stands before.
fn contact(bench: &Bench<'_>, row: &HoldRow) -> serde_json::Value {
    let office = bench.directory.participant(&row.owner);
    json!({
        "district": row.owner,
        "name": office.map(|o| &o.body.name),
        "contact": office.map(|o| &o.body.contact),
    })
}

fn reference(row: &HoldRow) -> HoldRef {
    HoldRef { owner: row.owner.clone(), hold: row.hold.hold.clone() }
}

fn own_policy(bench: &Bench<'_>, policy: &PolicyRef) -> Result<Policy, Objection> {
    match POLICIES.get(bench.view, &policy_key(policy))? {
        None => Err(refuse(Code::PolicyUnknown, "/body/policy", "a published policy and version")),
        Some(row) if row.owner != *bench.iss => {
            Err(refuse(Code::NotOwner, "/body/policy", "a policy of the sender"))
        }
        Some(row) => Ok(row.policy),
    }
}

/// An application that can be meant, under a policy as far as it is known here, with case facts that are
/// known and fit.
pub(in crate::gateway) fn check_application<S>(
    view: &dyn View,
    catalogue: &Catalogue,
    body: &Application<S>,
) -> Result<(), Objection> {
    let row = POLICIES.get(view, &policy_key(&body.terms.policy))?;
    bookkeeping::application(body, row.as_ref().map(|row| &row.policy))
        .and_then(|()| catalogue.check_class(&body.terms))
        .map_err(|refusal| refusal.moved("/body/application"))?;
    Ok(())
}

fn live_hold(bench: &Bench<'_>, id: &str, pointer: &str) -> Result<HoldRow, Objection> {
    match HOLDS.get(bench.view, &owned_key(bench.iss, id))? {
        None => Err(refuse(Code::HoldUnknown, pointer, "a hold of the sender")),
        Some(row) if row.state != HoldState::Live => {
            Err(refuse(Code::HoldState, pointer, "a live hold"))
        }
        // A leaked key freezes the holds of its time.
        Some(row) if bench.directory.is_suspect(bench.iss, row.at, row.pos) => {
            Err(refuse(Code::HoldState, pointer, "a hold that is not suspect"))
        }
        Some(row) => Ok(row),
    }
}

/// A grant of the sender as rules read it, and its policy.
fn own_grant(bench: &Bench<'_>, id: &str) -> Result<(LedgerEntry, Option<Policy>), Objection> {
    let row = grant_row(bench, id, "/body/grant")?;
    let policy = POLICIES.get(bench.view, &policy_key(&row.grant.terms.policy))?;
    Ok((row.into_entry(false, false), policy.map(|row| row.policy)))
}

fn grant_row(bench: &Bench<'_>, id: &str, pointer: &str) -> Result<GrantRow, Objection> {
    let row = GRANTS.get(bench.view, &owned_key(bench.iss, id))?;
    row.ok_or_else(|| refuse(Code::GrantUnknown, pointer, "a grant of the sender"))
}

fn refuse(code: Code, pointer: &str, expected: &str) -> Objection {
    Refusal::new(code).at(pointer, expected).into()
}
