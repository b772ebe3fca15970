//! R22: debarment of the applicant (附件2 六（五）, 附件3 六（三）, 附件4 四（二）4 “且 3年内不得再次
//! 申报”). The start is the decision's; whether the third anniversary is still barred is Q08; its
//! reach beyond the rule it rests on, or into another district, is Q10.

use jiff::ToSpan as _;
use jiff::civil::Date;

use crate::domain::funding::case::Case;
pub use crate::domain::funding::case::sanction_evidence as evidence;
use crate::domain::funding::finding::{FindingClass, Reason, Verdict};
use crate::domain::funding::id::{QuestionId, RuleId};
use crate::domain::funding::ledger::SanctionFact;
use crate::domain::funding::message::{SanctionEnd, SanctionKind};
use crate::domain::funding::report::{Draft, Report, Rule};
use crate::domain::subject::SubjectId;

/// Is the last day still barred: Q08.
const LAST_DAY: QuestionId = QuestionId::new(8);
/// Is the employer an applicant too: Q09. Each decision names whom it bars, and is read as it names.
const APPLICANT: QuestionId = QuestionId::new(9);
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

impl Rule for Debarment {
    fn id(&self) -> RuleId {
        RuleId::new(22)
    }

    fn judge(&self, case: &Case<'_>, report: &mut Report) {
        for person in &case.persons {
            for fact in sorted(case, *person, SanctionKind::PersonDebarred) {
                let standing = standing(fact, case.app.date);
                if standing == Standing::Outside {
                    continue;
                }
                report.find(self.draft(case, fact, standing));
                if case.app.terms.employer.is_some() && fact.district == case.policy.district {
                    report.note(self.id(), APPLICANT);
                }
            }
        }
    }
}

impl Debarment {
    fn draft(&self, case: &Case<'_>, fact: &SanctionFact, standing: Standing) -> Draft {
        let basis = &fact.sanction.basis;
        let here = fact.district == case.policy.district;
        let same_rule = case.policy.clauses.iter().any(|c| {
            c.rules.contains(&self.id())
                && (&c.citation.document, &c.citation.article) == (&basis.document, &basis.article)
        });
        let open = (FindingClass::OpenQuestion, Verdict::Refer);
        let draft = if !here || !same_rule {
            let class = if here { open } else { (FindingClass::Notice, Verdict::Refer) };
            let inside =
                if standing == Standing::Inside { Verdict::Barred } else { Verdict::Refer };
            Draft::new(self, Reason::DebarredElsewhere, class, basis.clone())
                .readings(SCOPE, &scope(here, inside))
        } else if standing == Standing::Anniversary {
            Draft::new(self, Reason::DebarmentLastDay, open, basis.clone())
                .readings(LAST_DAY, &[("barred", Verdict::Barred), ("free", Verdict::Clear)])
        } else {
            let class = (FindingClass::Barred, Verdict::Barred);
            Draft::new(self, Reason::Debarred, class, basis.clone())
        };
        draft.evidence(evidence(fact))
    }
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
