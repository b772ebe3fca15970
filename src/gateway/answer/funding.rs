//! `query.funding/1` and the assessment of a hold: gathers what rules may read about one
//! application, so that the cost follows the subject's records, and asks the engine.

use std::collections::BTreeSet;
use std::sync::Arc;

use serde_json::{Value, json};

use super::{Answer, Desk, check_context, newest};
use crate::domain::context::Purpose;
use crate::domain::explain;
use crate::domain::funding::assess::assess;
use crate::domain::funding::claim::{ClaimKey, claim_keys};
use crate::domain::funding::facts::Facts;
use crate::domain::funding::finding::{AsOf, Assessment};
use crate::domain::funding::id::RuleId;
use crate::domain::funding::ledger::{Coverage, HeldRecord, LinkFact, OpenHold, SanctionFact};
use crate::domain::funding::message::{Application, FundingQuery, PolicyRef};
use crate::domain::funding::rules::SPOUSES;
use crate::domain::funding::view::FundingView as _;
use crate::domain::objection::ObjectedKind;
use crate::domain::participant::ParticipantId;
use crate::domain::record::RecordKind;
use crate::domain::registry::MessageType;
use crate::domain::subject::{Ref, SubjectId};
use crate::domain::text::Language;
use crate::gateway::coverage::{CoverageLine, coverage};
use crate::gateway::judge::{Objection, check_application};
use crate::projection::{
    CLAIMS, GRANTS, GRANTS_OF_PROJECT, GrantRow, HOLDS, Key, Marks, PRECISION, REACHED_MAX,
    RECORDS, Reached, RecordRow, ViewError, claim_key, grants_of, owned_key, project_key, reached,
    same_person, sanctions_of, teams_of,
};

/// Kinds that an assessment may rest on; the engine asks for the first of every district.
const KINDS: [&str; 6] =
    ["funding", "certification", "qualification", "affiliation", "occupancy", "fact"];
/// Most live holds on one claim key that a query looks at.
const OPEN_HOLDS_MAX: usize = 1_000;

pub(super) fn answer(
    desk: &Desk<'_>,
    query: MessageType,
    q: &FundingQuery,
) -> Result<Answer, Objection> {
    check_context(&q.context)?;
    check_application(desk.view, desk.catalogue, &q.application)?;
    let application = q.application.clone().map(&mut |r| desk.resolve(r))?;
    let (assessment, lines) = judged(desk, &application, q.context.purpose, Holds::All)?;
    Ok(Answer {
        query,
        about: Some((Ref::Talent(q.application.terms.subject), q.context.clone())),
        known_at: desk.known_at,
        coverage: json!(lines),
        body: json!({ "assessment": told(desk, &assessment) }),
        // What came of a finding is said of the answer that was given, not of one computed again.
        findings: q
            .known_at
            .is_none()
            .then(|| assessment.findings.iter().map(|f| f.id.clone()).collect()),
        given: None,
    })
}

/// Which open holds of other districts are findings? A query shows them all; the receipt of a hold lists
/// those of the same person before it by itself, and they are no reason against the first one. Whoever
/// may be the same person does not race yet, so that such holds are findings for a later one too.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Holds {
    All,
    SuspectedBefore(u64),
}

/// Assesses the application of the hold at log position `pos` on what the asker may use.
pub(in super::super) fn assessed(
    desk: &Desk<'_>,
    application: &Application<SubjectId>,
    purpose: Purpose,
    pos: u64,
) -> Result<(Assessment, Vec<CoverageLine>), ViewError> {
    judged(desk, application, purpose, Holds::SuspectedBefore(pos))
}

fn judged(
    desk: &Desk<'_>,
    application: &Application<SubjectId>,
    purpose: Purpose,
    holds: Holds,
) -> Result<(Assessment, Vec<CoverageLine>), ViewError> {
    let lines = coverage(desk.view, desk.directory, desk.asker, purpose, &KINDS, desk.now)?;
    let facts = facts(desk, (application, holds), purpose, &lines)?;
    let as_of = AsOf { valid_at: application.date, known_at: Some(desk.now) };
    Ok((assess(&facts, application, as_of), lines))
}

/// An assessment with each finding in words, and how whoever has what is missing is reached.
pub(in super::super) fn told(desk: &Desk<'_>, assessment: &Assessment) -> Value {
    let contact = |district: &ParticipantId| desk.contact(district);
    let words = |finding, language| explain::explain_with(finding, &contact, language);
    let mut value = json!(assessment);
    let findings = value.get_mut("findings").and_then(Value::as_array_mut);
    for (shown, finding) in findings.into_iter().flatten().zip(&assessment.findings) {
        if let Some(members) = shown.as_object_mut() {
            let text = json!({
                "zh": words(finding, Language::Zh),
                "en": words(finding, Language::En),
            });
            members.insert("text".to_owned(), text);
        }
    }
    let missing = value.get_mut("missing").and_then(Value::as_array_mut);
    for lacking in missing.into_iter().flatten() {
        let from = lacking.get("from").and_then(Value::as_str);
        let reached = from.and_then(|from| contact(&from.parse().ok()?));
        let Some(reached) = reached else { continue };
        for (language, contact) in
            [("zh", format!("（联系：{reached}）")), ("en", format!(" (contact: {reached})"))]
        {
            if let Some(Value::String(text)) =
                lacking.get_mut("text").and_then(|t| t.get_mut(language))
            {
                text.push_str(&contact);
            }
        }
    }
    value
}

/// What every assessment rests on: the rules, districts and their coverage.
fn ground(desk: &Desk<'_>, lines: &[CoverageLine]) -> Facts {
    let mut facts = Facts::over(Arc::clone(&desk.rules.funding));
    for row in desk.directory.participants() {
        if let Some(region) = &row.body.region {
            facts.add_region(row.body.participant.clone(), region.clone());
        }
    }
    for line in lines.iter().filter(|line| line.kind == KINDS[0]) {
        facts.add_coverage(Coverage {
            district: line.district.clone(),
            covered: line.covered,
            complete_until: line.until,
            reason: line.reason,
        });
    }
    facts
}

fn facts(
    desk: &Desk<'_>,
    (application, holds): (&Application<SubjectId>, Holds),
    purpose: Purpose,
    lines: &[CoverageLine],
) -> Result<Facts, ViewError> {
    let mut facts = ground(desk, lines);
    let mut grants = BTreeSet::new();
    let mut marks = Marks::default();
    hints(desk, &mut facts)?;
    let reached = reach(desk, application, &mut facts)?;
    let own_clause = clause_of(&facts, &application.terms.policy, SPOUSES);
    for grantee in reached.spouses {
        for row in grants_of(desk.view, grantee)? {
            // A spouse is looked at only where a clause reaches them.
            if own_clause || clause_of(&facts, &row.grant.terms.policy, SPOUSES) {
                marks.add(desk.view, row.grant.terms.subject, desk.known_at)?;
                add_grant(desk, (purpose, &marks), row, &mut grants, &mut facts);
            }
        }
        if own_clause {
            homes(desk, (purpose, &mut marks), grantee, &mut facts)?;
        }
    }
    let own: BTreeSet<SubjectId> = reached.own.iter().copied().collect();
    let mut teams = BTreeSet::new();
    for subject in reached.own {
        marks.add(desk.view, subject, desk.known_at)?;
        // Only the last revision says where a record stands.
        for row in newest(RECORDS.of_subject(desk.view, subject)?) {
            let foreign_quota = row.record.kind() == RecordKind::Quota && row.owner != *desk.asker;
            if !foreign_quota && desk.may_use(&row.owner, row.record.kind().as_str(), purpose) {
                facts.add_record(held(desk, &marks, row));
            }
        }
        for row in teams_of(desk.view, subject)?.into_iter().take(REACHED_MAX) {
            let head = row.record.head();
            let key = (row.owner.clone(), head.record.clone());
            // The team's head is in the facts already where he is the applicant.
            let known = own.contains(&head.subject) || !teams.insert(key);
            if !known && desk.may_use(&row.owner, RecordKind::Certification.as_str(), purpose) {
                marks.add(desk.view, head.subject, desk.known_at)?;
                facts.add_record(held(desk, &marks, row));
            }
        }
        for row in sanctions_of(desk.view, subject)? {
            if desk.may_use(&row.owner, KINDS[0], purpose) {
                let (kind, id) = (ObjectedKind::Sanction, &row.sanction.sanction);
                facts.add_sanction(SanctionFact {
                    suspect: desk.directory.is_suspect(&row.owner, row.at, row.pos),
                    objected: !marks.on(&row.owner, kind, id).is_empty(),
                    district: row.owner,
                    sanction: row.sanction,
                    position: Some(row.pos),
                });
            }
        }
        for row in grants_of(desk.view, subject)? {
            marks.add(desk.view, row.grant.terms.subject, desk.known_at)?;
            add_grant(desk, (purpose, &marks), row, &mut grants, &mut facts);
        }
    }
    if let Some(project) = &application.terms.project {
        let prefix = project_key(Key::new(), project);
        for reference in GRANTS_OF_PROJECT.range(desk.view, &prefix, None, REACHED_MAX)? {
            let key = owned_key(&reference.owner, &reference.grant);
            if let Some(row) = GRANTS.get(desk.view, &key)? {
                marks.add(desk.view, row.grant.terms.subject, desk.known_at)?;
                add_grant(desk, (purpose, &marks), row, &mut grants, &mut facts);
            }
        }
    }
    for hold in open_holds(desk, (application, &own), purpose, holds)? {
        facts.add_hold(hold);
    }
    Ok(facts)
}

/// Where a spouse lives: of all records of a spouse, those of occupancy alone (R11, Q06).
fn homes(
    desk: &Desk<'_>,
    (purpose, marks): (Purpose, &mut Marks),
    spouse: SubjectId,
    facts: &mut Facts,
) -> Result<(), ViewError> {
    let kind = RecordKind::Occupancy;
    let records = newest(RECORDS.of_subject(desk.view, spouse)?).into_iter();
    for row in records.filter(|row| row.record.kind() == kind) {
        if desk.may_use(&row.owner, kind.as_str(), purpose) {
            marks.add(desk.view, spouse, desk.known_at)?;
            facts.add_record(held(desk, marks, row));
        }
    }
    Ok(())
}

/// Rules whose measured precision is below the threshold only hint.
fn hints(desk: &Desk<'_>, facts: &mut Facts) -> Result<(), ViewError> {
    for row in PRECISION.all(desk.view)? {
        if let Ok(rule) = row.rule.parse()
            && row.counted.is_hint(desk.catalogue.precision)
        {
            facts.add_hint(rule);
        }
    }
    Ok(())
}

fn held(desk: &Desk<'_>, marks: &Marks, row: RecordRow) -> HeldRecord {
    let (kind, id) = (row.record.kind().into(), &row.record.head().record);
    HeldRecord {
        suspect: desk.directory.is_suspect(&row.owner, row.at, row.pos),
        objected: !marks.on(&row.owner, kind, id).is_empty(),
        district: row.owner,
        record: row.record,
        state: row.state,
        position: Some(row.pos),
    }
}

/// Live holds of other districts that share a claim key with the application, or would if those `reached`
/// were the applicant.
fn open_holds(
    desk: &Desk<'_>,
    (application, reached): (&Application<SubjectId>, &BTreeSet<SubjectId>),
    purpose: Purpose,
    holds: Holds,
) -> Result<Vec<OpenHold>, ViewError> {
    let persons = same_person(desk.view, application.terms.subject)?;
    let suspected = reached.iter().filter(|subject| !persons.contains(subject));
    let mut claims: Vec<ClaimKey> = suspected.copied().map(ClaimKey::Talent).collect();
    let before = match holds {
        Holds::All => {
            claims.extend(claim_keys(application));
            claims.extend(persons.into_iter().map(ClaimKey::Talent));
            u64::MAX
        }
        Holds::SuspectedBefore(pos) => pos,
    };
    let mut references = BTreeSet::new();
    for claim in &claims {
        references.extend(CLAIMS.range(desk.view, &claim_key(claim), None, OPEN_HOLDS_MAX)?);
    }
    let mut holds = Vec::new();
    for reference in references {
        let foreign = reference.owner != *desk.asker;
        if !foreign || !desk.may_use(&reference.owner, KINDS[0], purpose) {
            continue;
        }
        let key = owned_key(&reference.owner, &reference.hold);
        let Some(row) = HOLDS.get(desk.view, &key)? else { continue };
        // A hold of a leaked key freezes and shows nothing.
        if row.pos >= before || desk.directory.is_suspect(&row.owner, row.at, row.pos) {
            continue;
        }
        let mut marks = Marks::default();
        marks.add(desk.view, row.hold.application.terms.subject, desk.known_at)?;
        let objected = !marks.on(&row.owner, ObjectedKind::Hold, &row.hold.hold).is_empty();
        let mut application = row.hold.application;
        application.case_facts.clear();
        let (district, hold) = (row.owner, row.hold.hold);
        let position = Some(row.pos);
        holds.push(OpenHold { district, hold, application, objected, position });
    }
    Ok(holds)
}

fn add_grant(
    desk: &Desk<'_>,
    (purpose, marks): (Purpose, &Marks),
    row: GrantRow,
    seen: &mut BTreeSet<u64>,
    facts: &mut Facts,
) {
    if !desk.may_use(&row.owner, KINDS[0], purpose) || !seen.insert(row.pos) {
        return;
    }
    let suspect = desk.directory.is_suspect(&row.owner, row.at, row.pos);
    let objected = !marks.on(&row.owner, ObjectedKind::Funding, &row.grant.grant).is_empty();
    facts.add_entry(row.into_entry(suspect, objected));
}

/// Does a clause of the policy switch the rule on?
fn clause_of(facts: &Facts, policy: &PolicyRef, rule: RuleId) -> bool {
    facts.policy(policy).is_some_and(|p| p.clause(rule).is_some())
}

/// Follows the links of an application's subjects, and adds them to the facts on the way.
fn reach(
    desk: &Desk<'_>,
    application: &Application<SubjectId>,
    facts: &mut Facts,
) -> Result<Reached, ViewError> {
    let terms = &application.terms;
    let objects = terms.objects.iter().map(|o| o.object);
    let subjects = [terms.subject].into_iter().chain(terms.employer).chain(objects);
    let mut ties = BTreeSet::new();
    reached(desk.view, subjects, |tie| {
        let (one, other) = (tie.subject.min(tie.other), tie.subject.max(tie.other));
        // It is met from both sides: each is added once.
        if ties.insert((tie.link, one, other)) {
            facts.add_link(LinkFact {
                district: tie.owner.clone(),
                kind: tie.kind,
                subjects: [tie.subject, tie.other],
                validity: tie.validity,
                confirmed: tie.counts,
                by_passport: tie.link.is_none(),
                position: tie.link,
            });
        }
    })
}
