//! The class that a policy is for, from `certification/1`. A letter counts only inside its scheme:
//! C of Annex 4 is not C of Annex 2 (附件2 二（三）, 附件4 一（一）3; T43). It is judged by the benefit months,
//! and for a benefit without any on the day of the application. Where the policy writes its own
//! criteria (附件4 一（一）4 “全日制硕士研究生学历且取得副高级专业技术资格”) and nobody has certified under the
//! scheme, the class is derived from them. Reported under R30, the conditions at entry.

use super::certified::{Certified, Lack, Standing, class_of};
use super::conditions;
use super::criteria::{self, CERTIFICATION, Outcome, evaluate, rulings};
use super::entry::{EntryTime, WHICH_ANNEX};
use super::instalments::{LEAVING, LEAVING_READINGS, is_running};
use super::unknown::why_unknown;
use crate::domain::funding::case::{
    Case, PART_MONTH, PART_MONTH_COUNTS, PART_MONTH_FREE, evidence_of,
};
use crate::domain::funding::finding::{Evidence, FindingClass, OtherClass, Reason, Verdict};
use crate::domain::funding::id::{QuestionId, RuleId};
use crate::domain::funding::ledger::HeldRecord;
use crate::domain::funding::message::{
    ApplicationKind, ClassCriteria, Policy, PolicyClass, PolicyStatus,
};
use crate::domain::funding::report::{Draft, Report, Rule};
use crate::domain::record::life_cycle::State;
use crate::domain::time::MonthSpan;

/// The class test.
pub struct ClassHeld;

/// Schemes of Annex 2 and Annex 4: who is certified under both fits both annexes (Q26).
const TWO_ANNEXES: [&str; 2] = ["qingpu-industry", "qingpu-housing"];
/// Reading of Q35: the criteria describe a group of its own.
const ALTERNATIVE: &str = "alternative-group";
/// Reading of Q35: the criteria are asked for beside the class.
const ADDED: &str = "added-condition";
/// A change of class midway: Q14.
const CHANGE: QuestionId = QuestionId::new(14);
/// The readings of [`CHANGE`] for months in which another class is held already.
const CHANGE_READINGS: [(&str, Verdict); 2] =
    [("present-class-only", Verdict::Ineligible), ("former-class-runs-on", Verdict::Clear)];
/// Most policies of another class that a finding names.
const POLICIES_MAX: usize = 4;
/// An unwritten matter, or one for two offices: for a person.
const OPEN: (FindingClass, Verdict) = (FindingClass::OpenQuestion, Verdict::Refer);
const NOTICE: (FindingClass, Verdict) = (FindingClass::Notice, Verdict::Refer);
const INELIGIBLE: (FindingClass, Verdict) = (FindingClass::Ineligible, Verdict::Ineligible);

impl Rule for ClassHeld {
    fn id(&self) -> RuleId {
        EntryTime.id()
    }

    fn judge(&self, case: &Case<'_>, report: &mut Report) {
        let Some(class) = &case.policy.class else { return };
        if case.app.kind == ApplicationKind::Certification {
            return;
        }
        let certified = Certified::of(case, class);
        if let (Some(question), Some(criteria)) = (class.joined, &class.criteria) {
            return self.joined((case, report), (certified.as_ref(), criteria), question);
        }
        let claims_other =
            case.app.terms.class.as_ref().is_some_and(|c| !class.includes(&c.scheme, &c.class));
        match (certified, &class.criteria) {
            _ if claims_other => {
                report.find(draft(self, case, Reason::ClassNotHeld, INELIGIBLE).listed(case));
            }
            (Some(certified), _) => {
                self.certified((case, report), &certified);
                if fits_both_annexes(case, class) {
                    report.note(self.id(), WHICH_ANNEX);
                }
            }
            (None, Some(criteria)) => self.derive((case, report), criteria),
            (None, None) => lacks_certification(report, case, None),
        }
    }
}

/// A finding that rests on where the policy is written.
fn draft(
    rule: &dyn Rule,
    case: &Case<'_>,
    reason: Reason,
    class: (FindingClass, Verdict),
) -> Draft {
    Draft::new(rule, reason, class, case.policy.source.clone())
}

impl Draft {
    /// With the grounds of the class, where its document lists all: it is they that leave another class out.
    fn listed(self, case: &Case<'_>) -> Self {
        let criteria = case.policy.class.iter().filter_map(|c| c.criteria.as_ref());
        let grounds = criteria.filter(|c| c.exhaustive).flat_map(|c| &c.grounds);
        grounds.map(|g| g.citation.clone()).fold(self, Self::cite)
    }
}

impl ClassHeld {
    /// What is certified, month by month.
    fn certified(&self, (case, report): (&Case<'_>, &mut Report), certified: &Certified<'_>) {
        for record in certified.needed(case) {
            report.rests(self, &case.policy.source, &evidence_of(record), None);
        }
        let runs = certified.by_month(case);
        let begins = runs.first().map(|(_, s)| *s);
        let awarded = is_running(case)
            || begins == Some(Standing::Held)
            || certified.on(case.app.date) == Standing::Held;
        let runs_on = certified.in_instalments() && awarded;
        for (months, standing) in runs {
            let lack = match standing {
                Standing::Held => continue,
                Standing::Part(lack) => {
                    self.part((case, report), certified, (months, lack));
                    if !case.is_part_month_free() {
                        continue;
                    }
                    lack
                }
                Standing::Lacking(lack) => lack,
            };
            match months.and_then(|m| certified.last_by(m.first)) {
                // The award had its class; what is left of its instalments is Q15. A suspension has ended nothing,
                // and before a revocation nothing had ended either: whether that reaches back is another question.
                Some(last)
                    if runs_on && !matches!(lack, Lack::Suspended(_) | Lack::RevokedLater(_)) =>
                {
                    let draft = draft(self, case, Reason::ClassEnds, OPEN).months(months);
                    let draft = draft.readings(LEAVING, &LEAVING_READINGS);
                    report.find(draft.evidence(evidence_of(lack.record().unwrap_or(last))));
                }
                _ => self.lacking((case, report), certified, (months, lack)),
            }
        }
    }

    /// Months in which the class is held on some days only: whether they count is Q34. Where they do
    /// not, they are as the months on whose every day it is not held.
    fn part(
        &self,
        (case, report): (&Case<'_>, &mut Report),
        certified: &Certified<'_>,
        (months, lack): (Option<MonthSpan>, Lack<'_>),
    ) {
        let free = match lack {
            Lack::Revoked(_) => Verdict::Ineligible,
            _ => Verdict::Refer,
        };
        let readings = [(PART_MONTH_COUNTS, Verdict::Clear), (PART_MONTH_FREE, free)];
        let draft = draft(self, case, Reason::ClassPartMonth, OPEN).months(months);
        let held = months.map(|m| certified.touching(m)).unwrap_or_default();
        let on = held.into_iter().chain(lack.record()).map(evidence_of);
        report.find(on.fold(draft.readings(PART_MONTH, &readings), Draft::evidence));
    }

    /// Months in which the class is not held.
    fn lacking(
        &self,
        (case, report): (&Case<'_>, &mut Report),
        certified: &Certified<'_>,
        (months, lack): (Option<MonthSpan>, Lack<'_>),
    ) {
        let draft = |reason, class, record| {
            draft(self, case, reason, class).months(months).evidence(evidence_of(record))
        };
        report.find(match lack {
            Lack::NotKnown => return lacks_certification(report, case, months),
            Lack::Revoked(record) => draft(Reason::ClassRevoked, INELIGIBLE, record),
            Lack::RevokedLater(record) => draft(Reason::ClassRevoked, NOTICE, record),
            Lack::Suspended(record) => draft(Reason::ClassSuspended, NOTICE, record),
            // Each class has its own benefits (附件4 一 “按不同类别分别给予”, 一（二）), but the text does not
            // say that a class once certified shuts out another whose grounds are met as well, and
            // the class is looked at with every application (一（三） “审核兑现”): so a person compares,
            // and nobody is refused. After a change midway it is Q14.
            Lack::Other(record) => {
                let class = other_class(case, record);
                let draft = |kind| {
                    let draft = draft(Reason::ClassOther, kind, record).listed(case);
                    class.into_iter().fold(draft, Draft::class_held)
                };
                // Whoever does not own the question has nothing to ask its office.
                let asked = case.view.owners(CHANGE).contains(&case.policy.district);
                match certified.former(record).filter(|_| asked) {
                    Some(former) => {
                        draft(OPEN).evidence(evidence_of(former)).readings(CHANGE, &CHANGE_READINGS)
                    }
                    None => draft(NOTICE),
                }
            }
        });
    }

    /// Classes “以及” a group by criteria: whoever meets both is inside under every reading; whoever
    /// meets one of the two is a question.
    fn joined(
        &self,
        (case, report): (&Case<'_>, &mut Report),
        (certified, criteria): (Option<&Certified<'_>>, &ClassCriteria),
        question: QuestionId,
    ) {
        let certified = certified.filter(|c| !c.needed(case).is_empty());
        if let Some(certified) = certified {
            self.certified((case, report), certified);
        }
        let held = certified.is_some();
        let Some((ground, outcome)) = evaluate(case, criteria) else { return };
        if !held {
            lacks_certification(report, case, None);
        }
        let added = match &outcome {
            Outcome::Met(_) if held => Verdict::Clear,
            Outcome::NotMet(_) => Verdict::Ineligible,
            _ => Verdict::Refer,
        };
        // Where neither group is certain, neither reading lets the applicant in.
        let alternative = match &outcome {
            Outcome::Open(..) if !held => Verdict::Refer,
            _ => Verdict::Clear,
        };
        let joined = |evidence: Vec<Evidence>| {
            let draft = Draft::new(self, Reason::GroupsJoined, OPEN, ground.citation.clone())
                .readings(question, &[(ALTERNATIVE, alternative), (ADDED, added)]);
            evidence.into_iter().fold(draft, Draft::evidence)
        };
        match outcome {
            Outcome::Met(evidence) if held => {
                for one in &evidence {
                    report.rests(self, &ground.citation, one, None);
                }
            }
            Outcome::Met(evidence) => report.find(joined(evidence)),
            Outcome::Open(threshold, readings, evidence) => {
                let verdict = |met| if met && held { Verdict::Clear } else { Verdict::Refer };
                let each: Vec<_> =
                    readings.iter().map(|(code, met)| (code.as_str(), verdict(*met))).collect();
                report.find(joined(evidence).readings(threshold, &each));
            }
            Outcome::NotMet(evidence) if held => report.find(joined(evidence)),
            Outcome::NotMet(_) => {}
            Outcome::Unknown(facts) => {
                for fact in &facts {
                    conditions::ask((case, report), fact, None);
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
                let draft = resting(draft(Reason::ClassDerivedOpen, OPEN), evidence);
                report
                    .find(draft.readings(question, &criteria::verdicts(case, criteria, &readings)));
            }
            Outcome::Unknown(facts) => {
                for fact in &facts {
                    match fact.as_str() {
                        CERTIFICATION => lacks_certification(report, case, None),
                        fact => conditions::ask((case, report), fact, None),
                    }
                }
            }
            // The list ends in 等: whoever fits none of its grounds may still be certified.
            Outcome::NotMet(_) if !criteria.exhaustive => {
                lacks_certification(report, case, None);
            }
            Outcome::NotMet(evidence) => {
                report.find(resting(draft(Reason::ClassNotHeld, INELIGIBLE), evidence));
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

/// The class that `record` certifies, with what the district offers for it.
fn other_class(case: &Case<'_>, record: &HeldRecord) -> Option<OtherClass> {
    let (scheme, class) = class_of(record)?;
    let policies = case.view.of_scheme(scheme).into_iter().filter(|p| {
        p.district == case.policy.district
            && p.status != PolicyStatus::Draft
            && p.validity.contains(case.app.date)
            && p.class.as_ref().is_some_and(|c| c.includes(scheme, class))
    });
    let policies = policies.map(|p| p.name.clone()).take(POLICIES_MAX).collect();
    Some(OtherClass { scheme: scheme.to_owned(), class: class.to_owned(), policies })
}

fn lacks_certification(report: &mut Report, case: &Case<'_>, months: Option<MonthSpan>) {
    let district = case.policy.district.as_str();
    match why_unknown(case, CERTIFICATION) {
        Some(why) => report.lacks_since(CERTIFICATION, &why, district, months),
        None => report.lacks(CERTIFICATION, district, months),
    }
}
