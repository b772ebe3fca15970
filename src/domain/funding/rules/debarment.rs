//! R22: debarment of the applicant (附件2 六（五）, 附件3 六（三）, 附件4 四（二）4 “且 3年内不得再次
//! 申报”). The start is the decision's; whether the third anniversary is still barred is Q08; its
//! reach beyond the rule it rests on, or into another district, is Q10; whether one that names the
//! employer reaches those who apply through it is Q09. What is barred is to apply again: it says nothing of
//! a grant that was made before and is reviewed. What of that comes back is R23's.

use jiff::ToSpan as _;
use jiff::civil::Date;

use super::same_kind::MAIN_TEXT;
use crate::domain::funding::beneficiary::enterprises;
use crate::domain::funding::case::Case;
pub use crate::domain::funding::case::sanction_evidence as evidence;
use crate::domain::funding::finding::{DayLabel, FindingClass, Reason, Verdict};
use crate::domain::funding::id::{QuestionId, RuleId};
use crate::domain::funding::ledger::SanctionFact;
use crate::domain::funding::message::{ApplicationKind, SanctionEnd, SanctionKind};
use crate::domain::funding::report::{Draft, Report, Rule};
use crate::domain::subject::SubjectId;

/// Is the last day still barred: Q08.
const LAST_DAY: QuestionId = QuestionId::new(8);
/// Is the employer an applicant too: Q09. It is the 申请主体 (附件2 四), so a decision may name it.
pub const WHO_APPLIES: QuestionId = QuestionId::new(9);
/// How far a debarment reaches: Q10.
pub const SCOPE: QuestionId = QuestionId::new(10);

/// R22.
pub struct Debarment;

/// Where a day lies against a sanction.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// Outside on every reading.
    Outside,
    /// Inside on every reading.
    Inside,
    /// The anniversary, which the text does not settle.
    Anniversary,
}

/// Whose debarment it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Applicant {
    /// The person's who asks.
    Person,
    /// The employer's, through which he asks.
    Employer,
}

impl Rule for Debarment {
    fn id(&self) -> RuleId {
        RuleId::new(22)
    }

    fn judge(&self, case: &Case<'_>, report: &mut Report) {
        let debarred = |p: &SubjectId| sorted(case, *p, SanctionKind::PersonDebarred);
        for fact in case.persons.iter().flat_map(debarred) {
            self.judge_one((case, report), fact, Applicant::Person);
        }
        let barred = |e| sorted(case, e, SanctionKind::EmployerBarred);
        for fact in enterprises(&case.app.terms).into_iter().flat_map(barred) {
            if is_debarment(case, fact) {
                self.judge_one((case, report), fact, Applicant::Employer);
            }
        }
    }
}

impl Debarment {
    fn judge_one(
        &self,
        (case, report): (&Case<'_>, &mut Report),
        fact: &SanctionFact,
        applicant: Applicant,
    ) {
        if case.app.kind == ApplicationKind::Review {
            let found = self.in_review(case, fact, applicant);
            return found.into_iter().for_each(|draft| report.find(draft));
        }
        let standing = standing(fact, case.app.date);
        if standing == Standing::Outside {
            return;
        }
        report.find(self.draft(case, fact, (applicant, standing)));
        if case.app.terms.employer.is_some() && fact.district == case.policy.district {
            report.note(self.id(), WHO_APPLIES);
        }
        if case.policy.questions.contains(&MAIN_TEXT) {
            report.note(self.id(), MAIN_TEXT);
        }
    }

    /// In a review the day on which the grant was decided counts; that of its application is on no record,
    /// so one that was decided while the debarment ran is compared and not refused.
    fn in_review(
        &self,
        case: &Case<'_>,
        fact: &SanctionFact,
        applicant: Applicant,
    ) -> Option<Draft> {
        let granted = case.reviewed.map(|h| standing(fact, h.entry.grant.decided_on));
        if let Some(granted @ (Standing::Inside | Standing::Anniversary)) = granted {
            let draft = self.draft(case, fact, (applicant, granted));
            return Some(if draft.is(Verdict::Barred) {
                draft.because(Reason::DebarredWhenGranted).outcome(Verdict::Refer)
            } else {
                draft
            });
        }
        (standing(fact, case.app.date) != Standing::Outside).then(|| {
            let class = (FindingClass::Info, Verdict::Clear);
            let basis = fact.sanction.basis.clone();
            Draft::new(self, Reason::DebarredSince, class, basis).evidence(evidence(fact))
        })
    }

    /// Every question that stands between the decision and this application has to be read against the
    /// applicant for him to be barred; one that is read for him frees him.
    fn draft(
        &self,
        case: &Case<'_>,
        fact: &SanctionFact,
        (applicant, standing): (Applicant, Standing),
    ) -> Draft {
        let basis = &fact.sanction.basis;
        let here = fact.district == case.policy.district;
        let same_rule = rests_on(case, self.id(), fact);
        let mut open: Vec<(QuestionId, Vec<(&str, Verdict)>)> = Vec::new();
        let mut reason = Reason::Debarred;
        if standing == Standing::Anniversary {
            open.push((LAST_DAY, vec![("barred", Verdict::Barred), ("free", Verdict::Clear)]));
            reason = Reason::DebarmentLastDay;
        }
        if !(here && same_rule) {
            open.push((SCOPE, scope(here, Verdict::Barred).to_vec()));
            reason = Reason::DebarredElsewhere;
        }
        if applicant == Applicant::Employer {
            let readings = [("person-only", Verdict::Clear), ("employer-too", Verdict::Barred)];
            open.push((WHO_APPLIES, readings.to_vec()));
            reason = Reason::EmployerDebarred;
        }
        let class = if here { FindingClass::OpenQuestion } else { FindingClass::Notice };
        let draft = Draft::new(self, reason, (class, Verdict::Refer), basis.clone());
        let draft = dated(draft, fact, last_day(case, fact));
        read(case, draft.evidence(evidence(fact)), open)
    }
}

/// `draft` with the days of the sanction.
pub fn dated(draft: Draft, fact: &SanctionFact, last: Option<Date>) -> Draft {
    let draft = draft.day(DayLabel::BarredFrom, fact.sanction.start);
    last.into_iter().fold(draft, |draft, last| draft.day(DayLabel::BarredUntil, last))
}

/// The last day that is barred for certain: the one before the anniversary, unless a ruling (Q08) bars that too.
pub fn last_day(case: &Case<'_>, fact: &SanctionFact) -> Option<Date> {
    match fact.sanction.end {
        SanctionEnd::Open => None,
        SanctionEnd::LastDay(last) => Some(last),
        SanctionEnd::Years(years) => {
            let anniversary = fact.sanction.start.saturating_add(i16::from(years).years());
            let ruling = case.ruled(LAST_DAY, &["barred", "free"]);
            if ruling.is_some_and(|r| r.ruling.reading == "barred") {
                Some(anniversary)
            } else {
                anniversary.yesterday().ok()
            }
        }
    }
}

/// `draft` as the rulings on its questions leave it: one that frees decides; where all that were open are
/// read against the applicant he is barred; otherwise the rest stays open.
fn read(case: &Case<'_>, mut draft: Draft, open: Vec<(QuestionId, Vec<(&str, Verdict)>)>) -> Draft {
    let (mut left, mut freed) = (Vec::new(), false);
    for (question, readings) in open {
        let codes: Vec<&str> = readings.iter().map(|(code, _)| *code).collect();
        let Some(fact) = case.ruled(question, &codes) else {
            left.push((question, readings));
            continue;
        };
        let said = readings.iter().find(|(code, _)| *code == fact.ruling.reading);
        freed |= said.is_some_and(|(_, verdict)| *verdict == Verdict::Clear);
        draft = draft.ruled(fact);
    }
    match left.as_slice() {
        _ if freed => draft.outcome(Verdict::Clear),
        [] => draft.outcome(Verdict::Barred),
        [(question, readings)] => draft.readings(*question, readings),
        several => several.iter().fold(draft, |draft, (question, readings)| {
            let alone = |verdict| if verdict == Verdict::Barred { Verdict::Refer } else { verdict };
            let readings: Vec<_> = readings.iter().map(|(c, v)| (*c, alone(*v))).collect();
            draft.readings(*question, &readings)
        }),
    }
}

/// Was an employer debarred by the clause that debars applicants, and not by the one that takes away the
/// right of employers (R24)?
pub fn is_debarment(case: &Case<'_>, fact: &SanctionFact) -> bool {
    fact.district == case.policy.district && rests_on(case, Debarment.id(), fact)
}

/// Does the sanction rest on the clause by which the policy calls `rule`?
pub fn rests_on(case: &Case<'_>, rule: RuleId, fact: &SanctionFact) -> bool {
    let basis = &fact.sanction.basis;
    case.policy.clauses.iter().any(|c| {
        c.rules.contains(&rule)
            && (&c.citation.document, &c.citation.article) == (&basis.document, &basis.article)
    })
}

/// How far a sanction may reach, with what follows where it does: beyond its own rule (`here`: of
/// this district), or into another district.
pub fn scope(here: bool, inside: Verdict) -> [(&'static str, Verdict); 3] {
    let here = if here { inside } else { Verdict::Clear };
    [("this-rule", Verdict::Clear), ("all-district", here), ("everywhere", inside)]
}

/// Sanctions of one kind in a fixed order.
pub fn sorted<'a>(
    case: &Case<'a>,
    subject: SubjectId,
    kind: SanctionKind,
) -> Vec<&'a SanctionFact> {
    let facts = case.view.sanctions(subject).iter();
    let mut facts: Vec<_> = facts.filter(|f| f.sanction.kind == kind).collect();
    facts.sort_by_key(|f| (&f.district, &f.sanction.sanction));
    facts
}

/// Where `day` lies.
pub fn standing(fact: &SanctionFact, day: Date) -> Standing {
    if day < fact.sanction.start {
        return Standing::Outside;
    }
    match fact.sanction.end {
        SanctionEnd::Open => Standing::Inside,
        SanctionEnd::LastDay(last) if day <= last => Standing::Inside,
        SanctionEnd::LastDay(_) => Standing::Outside,
        SanctionEnd::Years(years) => {
            let anniversary = fact.sanction.start.saturating_add(i16::from(years).years());
            match day.cmp(&anniversary) {
                std::cmp::Ordering::Less => Standing::Inside,
                std::cmp::Ordering::Equal => Standing::Anniversary,
                std::cmp::Ordering::Greater => Standing::Outside,
            }
        }
    }
}
