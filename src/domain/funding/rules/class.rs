//! The class that a policy is for, from `certification/1`. A letter counts only inside its scheme:
//! C of Annex 4 is not C of Annex 2 (附件2 二（三）, 附件4 一（一）3; T43). Where the policy writes its own
//! criteria (附件4 一（一）4 “全日制硕士研究生学历且取得副高级专业技术资格”) and nobody has certified under the
//! scheme, the class is derived from them. Reported under R30, the conditions at entry.

use super::conditions;
use super::criteria::{self, CERTIFICATION, Outcome, evaluate, rulings};
use super::entry::{EntryTime, WHICH_ANNEX};
use super::instalments::{LEAVING, LEAVING_READINGS, is_running};
use crate::domain::funding::case::{Case, evidence_of};
use crate::domain::funding::finding::{Evidence, FindingClass, Reason, Verdict};
use crate::domain::funding::id::{QuestionId, RuleId};
use crate::domain::funding::ledger::HeldRecord;
use crate::domain::funding::message::{ApplicationKind, ClassCriteria, Policy, PolicyClass};
use crate::domain::funding::months::MonthSet;
use crate::domain::funding::report::{Draft, Report, Rule};
use crate::domain::record::life_cycle::State;
use crate::domain::time::{Month, MonthSpan, Validity};

/// The class test.
pub struct ClassHeld;

/// Schemes of Annex 2 and Annex 4: who is certified under both fits both annexes (Q26).
const TWO_ANNEXES: [&str; 2] = ["qingpu-industry", "qingpu-housing"];
/// Reading of Q35: the criteria describe a group of its own.
const ALTERNATIVE: &str = "alternative-group";
/// Reading of Q35: the criteria are asked for beside the class.
const ADDED: &str = "added-condition";

/// What the certifications under the policy's scheme say.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Certified<'a> {
    /// A class that the policy is for, on these records.
    Fits(Vec<(&'a HeldRecord, Validity)>),
    /// Such a class once, no longer.
    Ended(Evidence),
    /// Another class of the scheme: its authority has decided.
    Other,
    /// Nothing.
    No,
}

impl Rule for ClassHeld {
    fn id(&self) -> RuleId {
        EntryTime.id()
    }

    fn judge(&self, case: &Case<'_>, report: &mut Report) {
        let Some(class) = &case.policy.class else { return };
        if case.app.kind == ApplicationKind::Certification {
            return;
        }
        if let (Some(question), Some(criteria)) = (class.joined, &class.criteria) {
            return self.joined((case, report), (class, criteria), question);
        }
        let claims_other =
            case.app.terms.class.as_ref().is_some_and(|c| !class.includes(&c.scheme, &c.class));
        match (certified(case, class), &class.criteria) {
            (Certified::Ended(evidence), _) if is_running(case) => {
                let class = (FindingClass::OpenQuestion, Verdict::Refer);
                let draft =
                    Draft::new(self, Reason::ClassNotHeld, class, case.policy.source.clone());
                report.find(draft.evidence(evidence).readings(LEAVING, &LEAVING_READINGS));
            }
            (Certified::Ended(evidence), _) => {
                report.find(self.not_held(case).evidence(evidence));
            }
            _ if claims_other => report.find(self.not_held(case)),
            (Certified::Fits(records), _) => {
                self.held((case, report), &records);
                if fits_both_annexes(case, class) {
                    report.note(self.id(), WHICH_ANNEX);
                }
            }
            (Certified::No, Some(criteria)) => self.derive((case, report), criteria),
            (Certified::Other | Certified::No, _) => {
                lacks_certification(report, case, None);
            }
        }
    }
}

impl ClassHeld {
    fn not_held(&self, case: &Case<'_>) -> Draft {
        let outcome = (FindingClass::Ineligible, Verdict::Ineligible);
        Draft::new(self, Reason::ClassNotHeld, outcome, case.policy.source.clone())
    }

    /// The class is held on the day; months in which it is not are cut off.
    fn held(&self, (case, report): (&Case<'_>, &mut Report), records: &[(&HeldRecord, Validity)]) {
        let source = &case.policy.source;
        for (record, _) in records {
            report.rests(self, source, &evidence_of(record), None);
        }
        let covered = records.iter().filter_map(|(_, v)| v.months()).collect();
        for months in case.outside(&covered) {
            let ended = records
                .iter()
                .filter(|(_, v)| v.until.is_some_and(|u| Month::of(u) < months.first))
                .max_by_key(|(_, v)| v.until);
            let instalments = case.policy.payout.as_ref().and_then(|p| p.instalments);
            match ended {
                Some((record, _)) if instalments.is_some_and(|n| n > 1) => {
                    let class = (FindingClass::OpenQuestion, Verdict::Refer);
                    let draft = Draft::new(self, Reason::ClassEnds, class, source.clone());
                    let draft = draft.months(Some(months)).readings(LEAVING, &LEAVING_READINGS);
                    report.find(draft.evidence(evidence_of(record)));
                }
                _ => lacks_certification(report, case, Some(months)),
            }
        }
    }

    /// Classes “以及” a group by criteria: whoever meets both is inside under every reading; whoever
    /// meets one of the two is a question.
    fn joined(
        &self,
        (case, report): (&Case<'_>, &mut Report),
        (class, criteria): (&PolicyClass, &ClassCriteria),
        question: QuestionId,
    ) {
        let held = match certified(case, class) {
            Certified::Fits(records) => {
                self.held((case, report), &records);
                true
            }
            _ => false,
        };
        let Some((ground, outcome)) = evaluate(case, criteria) else { return };
        if !held {
            lacks_certification(report, case, None);
        }
        let added = match &outcome {
            Outcome::Met(_) if held => Verdict::Clear,
            Outcome::NotMet(_) => Verdict::Ineligible,
            _ => Verdict::Refer,
        };
        let class = (FindingClass::OpenQuestion, Verdict::Refer);
        let joined = |evidence: Vec<Evidence>| {
            let draft = Draft::new(self, Reason::GroupsJoined, class, ground.citation.clone())
                .readings(question, &[(ALTERNATIVE, Verdict::Clear), (ADDED, added)]);
            evidence.into_iter().fold(draft, Draft::evidence)
        };
        match outcome {
            Outcome::Met(evidence) if held => {
                for one in &evidence {
                    report.rests(self, &ground.citation, one, None);
                }
            }
            Outcome::Met(evidence) => report.find(joined(evidence)),
            Outcome::Open(threshold, _, evidence) => {
                report.find(joined(evidence).question(threshold));
            }
            Outcome::NotMet(evidence) if held => report.find(joined(evidence)),
            Outcome::NotMet(_) => {}
            Outcome::Unknown(facts) => {
                for fact in &facts {
                    conditions::ask(report, fact);
                }
                if held {
                    report.find(joined(Vec::new()));
                }
            }
        }
    }

    fn derive(&self, (case, report): (&Case<'_>, &mut Report), criteria: &ClassCriteria) {
        let Some((ground, outcome)) = evaluate(case, criteria) else {
            return lacks_certification(report, case, None);
        };
        let draft = |reason, class| Draft::new(self, reason, class, ground.citation.clone());
        let rulings = rulings(case, ground);
        let resting = |draft: Draft, on: Vec<Evidence>| {
            let draft = rulings.iter().copied().fold(draft, Draft::ruled);
            on.into_iter().fold(draft, Draft::evidence)
        };
        match outcome {
            Outcome::Met(evidence) => {
                for one in &evidence {
                    let on = (criteria::asked_as(one), &ground.citation);
                    conditions::rests(self, (case, report), on, one, None);
                }
                let class = (FindingClass::Info, Verdict::Clear);
                report.find(resting(draft(Reason::ClassDerived, class), evidence));
            }
            Outcome::Open(question, readings, evidence) => {
                let class = (FindingClass::OpenQuestion, Verdict::Refer);
                let draft = resting(draft(Reason::ClassDerivedOpen, class), evidence);
                report.find(draft.readings(question, &criteria::verdicts(&readings)));
            }
            Outcome::Unknown(facts) => {
                for fact in &facts {
                    match fact.as_str() {
                        CERTIFICATION => lacks_certification(report, case, None),
                        fact => conditions::ask(report, fact),
                    }
                }
            }
            // The list ends in 等: whoever fits none of its grounds may still be certified.
            Outcome::NotMet(_) if !criteria.exhaustive => {
                lacks_certification(report, case, None);
            }
            Outcome::NotMet(evidence) => {
                let class = (FindingClass::Ineligible, Verdict::Ineligible);
                report.find(resting(draft(Reason::ClassNotHeld, class), evidence));
            }
        }
    }
}

/// Does the applicant also hold, on the day, a class of the other annex that a housing policy is for?
fn fits_both_annexes(case: &Case<'_>, class: &PolicyClass) -> bool {
    if !TWO_ANNEXES.contains(&class.scheme.as_str()) {
        return false;
    }
    let others = TWO_ANNEXES.iter().filter(|scheme| **scheme != class.scheme);
    let policies: Vec<&Policy> = others.flat_map(|scheme| case.view.of_scheme(scheme)).collect();
    case.class_certifications().into_iter().any(|(record, cert)| {
        let in_force = record.state == State::Active && cert.head.validity.contains(case.app.date);
        let fits = |p: &Policy| {
            let alike = p.kinds.iter().any(|kind| case.policy.kinds.contains(kind));
            alike && p.class.as_ref().is_some_and(|c| c.includes(&cert.scheme, &cert.class))
        };
        in_force && policies.iter().any(|p| fits(p))
    })
}

fn certified<'a>(case: &Case<'a>, class: &PolicyClass) -> Certified<'a> {
    let (mut other, mut ended, mut fitting) = (false, None, Vec::new());
    let certifications = case.class_certifications().into_iter();
    for (record, cert) in certifications.filter(|(_, c)| c.scheme == class.scheme) {
        let active = record.state == State::Active;
        let in_force = active && cert.head.validity.contains(case.app.date);
        match (class.includes(&cert.scheme, &cert.class), in_force) {
            (true, true) => fitting.push((record, cert.head.validity)),
            (true, false) => {
                // One that begins later has not ended; its months count beside one in force.
                if !active || cert.head.validity.from <= case.app.date {
                    ended = ended.max(Some(evidence_of(record)));
                }
                if active {
                    fitting.push((record, cert.head.validity));
                }
            }
            (false, true) => other = true,
            (false, false) => {}
        }
    }
    let on = case.app.date;
    if fitting.iter().any(|(_, v)| v.contains(on)) {
        return Certified::Fits(needed(case, fitting));
    }
    match ended {
        Some(evidence) => Certified::Ended(evidence),
        None if other => Certified::Other,
        None => Certified::No,
    }
}

/// The records that the class rests on: those that add the day or a month, the undoubted first.
fn needed<'a>(
    case: &Case<'_>,
    mut records: Vec<(&'a HeldRecord, Validity)>,
) -> Vec<(&'a HeldRecord, Validity)> {
    let on = case.app.date;
    records.sort_by_key(|(r, v)| (r.is_doubted(), !v.contains(on), v.from, evidence_of(r)));
    let (mut covered, mut day) = (MonthSet::default(), false);
    let mut left: u32 = case.outside(&covered).iter().map(|m| m.count()).sum();
    records.retain(|(_, validity)| {
        covered.extend(validity.months());
        let lacks = case.outside(&covered).iter().map(|m| m.count()).sum();
        let adds = lacks < left || (!day && validity.contains(on));
        (left, day) = (lacks, day || validity.contains(on));
        adds
    });
    records
}

fn lacks_certification(report: &mut Report, case: &Case<'_>, months: Option<MonthSpan>) {
    report.lacks(CERTIFICATION, case.policy.district.as_str(), months);
}
