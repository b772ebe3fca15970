//! R24: an employer in the integrity file has lost the right to apply (附件2 六（六）, 附件3 六（四）,
//! 附件4 四（二）5 “取消该单位申请补贴的资格”). As the employer is the applying subject, its staff
//! cannot apply through it; they are not debarred themselves. No duration is written (Q11). Whether a
//! right lost under one annex is lost under another is not written either (Q10), as with R22.

use super::debarment::{
    SCOPE, Standing, WHO_APPLIES, dated, evidence, is_debarment, last_day, rests_on, scope, sorted,
    standing,
};
use crate::domain::funding::beneficiary::enterprises;
use crate::domain::funding::case::Case;
use crate::domain::funding::finding::{FindingClass, Reason, Verdict};
use crate::domain::funding::id::{QuestionId, RuleId};
use crate::domain::funding::message::{ApplicationKind, SanctionKind};
use crate::domain::funding::months::MonthSet;
use crate::domain::funding::report::{Draft, Report, Rule};
use crate::domain::time::MonthSpan;

const HOW_LONG: QuestionId = QuestionId::new(11);

/// R24.
pub struct EmployerIntegrity;

impl Rule for EmployerIntegrity {
    fn id(&self) -> RuleId {
        RuleId::new(24)
    }

    fn judge(&self, case: &Case<'_>, report: &mut Report) {
        let barred = |e| sorted(case, e, SanctionKind::EmployerBarred);
        for fact in enterprises(&case.app.terms).into_iter().flat_map(barred) {
            // One by the clause on applicants is R22's to report.
            if standing(fact, case.app.date) == Standing::Outside || is_debarment(case, fact) {
                continue;
            }
            let here = fact.district == case.policy.district;
            let same_rule = rests_on(case, self.id(), fact);
            let parts = if here && same_rule { Parts::of(case) } else { Parts::all_new() };
            for running in parts.running {
                let class = (FindingClass::OpenQuestion, Verdict::Refer);
                let basis = fact.sanction.basis.clone();
                let draft = Draft::new(self, Reason::EmployerBarredLater, class, basis);
                let draft = draft.months(running).evidence(evidence(fact));
                let draft = dated(draft, fact, last_day(case, fact));
                report.find(draft.question(HOW_LONG));
            }
            if parts.new.is_empty() {
                continue;
            }
            let (class, question) = match (here, same_rule) {
                (true, true) => ((FindingClass::Ineligible, Verdict::Ineligible), None),
                (true, false) => ((FindingClass::OpenQuestion, Verdict::Refer), Some(SCOPE)),
                (false, _) => ((FindingClass::Notice, Verdict::Refer), Some(SCOPE)),
            };
            let mut draft =
                Draft::new(self, Reason::EmployerBarred, class, fact.sanction.basis.clone())
                    .evidence(evidence(fact));
            draft = dated(draft, fact, last_day(case, fact));
            if let Some(route) =
                case.policy.clauses.iter().find(|c| c.id.ends_with("/applicant-route"))
            {
                draft = draft.cite(route.citation.clone());
            }
            if let Some(question) = question {
                draft = draft.readings(question, &scope(here, Verdict::Ineligible));
            }
            if here {
                report.note(self.id(), HOW_LONG);
                report.note(self.id(), WHO_APPLIES);
            }
            for months in parts.new {
                report.find(draft.clone().months(months));
            }
        }
    }
}

/// Of what an application asks for, the part that runs already and the part that is applied for. What is
/// cancelled is the right to apply (“申请补贴的资格”); payments of a grant that runs already are not addressed.
struct Parts {
    /// The months of the grant that is continued or reviewed; `None` for all of the application.
    running: Vec<Option<MonthSpan>>,
    /// The other months.
    new: Vec<Option<MonthSpan>>,
}

impl Parts {
    fn of(case: &Case<'_>) -> Self {
        if case.app.kind == ApplicationKind::Review {
            return Self { running: vec![None], new: Vec::new() };
        }
        let Some(held) = case.continued else { return Self::all_new() };
        let inside = held.months.zip(case.months).and_then(|(own, asked)| own.overlap(asked));
        match inside.filter(|inside| Some(*inside) != case.months) {
            None => Self { running: vec![None], new: Vec::new() },
            Some(inside) => {
                let beyond = case.outside(&MonthSet::from_iter([inside]));
                let new = beyond.into_iter().map(Some).collect();
                Self { running: vec![Some(inside)], new }
            }
        }
    }

    /// Everything is applied for.
    fn all_new() -> Self {
        Self { running: Vec::new(), new: vec![None] }
    }
}
