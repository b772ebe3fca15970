//! R19: within one item the highest sub-item, of the three posts the highest only, deductions add up
//! (附件4 二（四） “管理岗位、专技岗位（职称）、技能岗位三项不重复计算，取最高项积分”). The items of a
//! registration are counted again. What the veto indicator (一票否决) holds is Q31; the table of
//! indicators is missing: Q25.

use super::conditions;
use crate::domain::citation::Citation;
use crate::domain::funding::case::{Case, Known, evidence_of};
use crate::domain::funding::finding::{Evidence, FindingClass, Label, Reason, Verdict};
use crate::domain::funding::id::{QuestionId, RuleId};
use crate::domain::funding::ledger::HeldRecord;
use crate::domain::funding::report::{Draft, Report, Rule};
use crate::domain::record::points::{Points, Scores};
use crate::domain::subject::SubjectId;
use crate::domain::time::MonthSpan;

const VETO: QuestionId = QuestionId::new(31);
const TABLE_MISSING: QuestionId = QuestionId::new(25);

/// R19.
pub struct PointsCount;

impl Rule for PointsCount {
    fn id(&self) -> RuleId {
        RuleId::new(19)
    }

    fn judge(&self, case: &Case<'_>, report: &mut Report) {
        for condition in conditions::of(case, self) {
            report.note(self.id(), TABLE_MISSING);
            let registrations = case.registrations_by_month();
            for (months, registration) in &registrations {
                let Some((record, points)) = registration else { continue };
                self.recount((record, points), report, &condition.citation, *months);
                if points.veto {
                    self.vetoed(report, &condition.citation, evidence_of(record), *months);
                }
            }
            // A registration decides; a case fact only where there is none.
            if registrations.iter().all(|(_, r)| r.is_none())
                && let Known::No(evidence) = case.known(&condition.fact)
            {
                self.vetoed(report, &condition.citation, evidence, None);
            }
        }
    }
}

impl PointsCount {
    fn vetoed(
        &self,
        report: &mut Report,
        citation: &Citation,
        evidence: Evidence,
        months: Option<MonthSpan>,
    ) {
        let class = (FindingClass::OpenQuestion, Verdict::Refer);
        let draft = Draft::new(self, Reason::PointsVeto, class, article(citation)).months(months);
        let readings = [("veto-ends", Verdict::Ineligible), ("veto-keeps", Verdict::Clear)];
        report.find(draft.evidence(evidence).readings(VETO, &readings));
    }

    fn recount(
        &self,
        (record, points): (&HeldRecord, &Points<SubjectId>),
        report: &mut Report,
        citation: &Citation,
        months: Option<MonthSpan>,
    ) {
        let stated = points.credited();
        // Without items the sum alone can be checked.
        let counted = points.recount().unwrap_or(Scores { total: stated.sum(), ..stated });
        let agree = counted == stated;
        if agree && points.entries.is_empty() {
            return;
        }
        let (reason, class) = if agree {
            (Reason::PointsCounted, (FindingClass::Info, Verdict::Clear))
        } else {
            (Reason::PointsMiscounted, (FindingClass::ContradictoryFacts, Verdict::Refer))
        };
        let number = |n: i64| u64::try_from(n).unwrap_or_default();
        // The phrase is of the posts, which general points alone have.
        let posts = agree || stated.general != counted.general;
        let clause = if posts { citation.clone() } else { article(citation) };
        let mut draft = Draft::new(self, reason, class, clause)
            .months(months)
            .evidence(evidence_of(record))
            .step(Label::PointsHeld, number(stated.total))
            .step(Label::PointsCounted, number(counted.total));
        if stated.general != counted.general {
            draft = draft
                .step(Label::PointsHeld, u64::from(stated.general))
                .step(Label::PointsCounted, u64::from(counted.general));
        }
        report.find(draft);
    }
}

/// The article as a whole: what it says of sums, deductions and the veto is in other sentences of it.
fn article(citation: &Citation) -> Citation {
    Citation { phrase: None, ..citation.clone() }
}
