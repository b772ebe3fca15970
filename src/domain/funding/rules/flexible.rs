//! R26: flexible talents of the Delta equally enjoy an apartment or apartment cash, tax and
//! insurance barriers notwithstanding (正文 四（一）; 附件4 三（二）2). The benefits named are these;
//! for others the words of Annex 4 四（一） stand, with Q18 noted.

use super::conditions;
use crate::domain::citation::Citation;
use crate::domain::funding::case::{Case, evidence_of};
use crate::domain::funding::finding::{FindingClass, Reason, Verdict};
use crate::domain::funding::id::{QuestionId, RuleId};
use crate::domain::funding::ledger::HeldRecord;
use crate::domain::funding::report::{Draft, Report, Rule};
use crate::domain::record::affiliation::AffiliationMode;
use crate::domain::time::MonthSpan;

/// Do flexible talents escape the tax condition, and for which benefits: Q18.
pub const FLEXIBLE: QuestionId = QuestionId::new(18);
const NONE: &str = "no-benefit";
const NAMED: &str = "named-benefits";
const ALL: &str = "all-benefits";

/// R26.
pub struct FlexibleTalent;

impl Rule for FlexibleTalent {
    fn id(&self) -> RuleId {
        RuleId::new(26)
    }

    fn judge(&self, case: &Case<'_>, report: &mut Report) {
        if let Some(clause) = opening(case) {
            let ruling = case.ruled(FLEXIBLE, &[NONE, NAMED, ALL]);
            let flexible = |record, months| {
                let class = (FindingClass::Condition, Verdict::ClearCond);
                let draft = Draft::new(self, Reason::FlexibleTalent, class, clause.clone())
                    .cite(case.policy.source.clone())
                    .months(months)
                    .evidence(evidence_of(record));
                ruling.into_iter().fold(draft, Draft::ruled)
            };
            if let Some(record) = secondment(case) {
                report.find(flexible(record, None));
                return;
            }
            for (record, months) in secondments_in_part(case) {
                report.find(flexible(record, Some(months)));
            }
        }
        // In the months of a secondment the benefit is open whether or not there are apartments.
        let open = opened_months(case);
        for condition in conditions::of(case, self) {
            let reason = Reason::EntryCondition;
            conditions::judge_except(self, reason, (case, report), condition, &open);
        }
    }
}

/// What opens the policy to flexible talents: its clause, as the text names its benefit; a ruling may
/// open others, or none.
pub fn opening<'a>(case: &Case<'a>) -> Option<&'a Citation> {
    let named = case.policy.clause(FlexibleTalent.id()).map(|c| &c.citation);
    match case.ruled(FLEXIBLE, &[NONE, NAMED, ALL]) {
        Some(fact) if fact.ruling.reading == NONE => None,
        Some(fact) if fact.ruling.reading == ALL => named.or(Some(&fact.ruling.citation)),
        _ => named,
    }
}

/// Is the applicant a flexible talent throughout, under a benefit that is open to such?
pub fn is_flexible(case: &Case<'_>) -> bool {
    opening(case).is_some() && secondment(case).is_some()
}

/// A secondment to the district that covers the benefit months, or the day of the application.
pub fn secondment<'a>(case: &Case<'a>) -> Option<&'a HeldRecord> {
    let covers = |(_, a): &(&HeldRecord, &crate::domain::record::affiliation::Affiliation<_>)| {
        let here = Some(a.region.as_str()) == case.region();
        let months = a.head.validity.months();
        here && match (case.months, months) {
            (Some(asked), Some(held)) => asked.overlap(held) == Some(asked),
            _ => a.head.validity.contains(case.app.date),
        }
    };
    case.affiliations(AffiliationMode::Secondment).into_iter().find(covers).map(|(r, _)| r)
}

/// Benefit months that a secondment opens.
pub fn opened_months(case: &Case<'_>) -> Vec<MonthSpan> {
    match opening(case) {
        Some(_) => secondments_in_part(case).into_iter().map(|(_, months)| months).collect(),
        None => Vec::new(),
    }
}

/// Secondments to the district that run in some of the benefit months, with those months: in them the
/// applicant is a flexible talent, in the others not.
pub fn secondments_in_part<'a>(case: &Case<'a>) -> Vec<(&'a HeldRecord, MonthSpan)> {
    let here = case.affiliations(AffiliationMode::Secondment).into_iter();
    here.filter(|(_, a)| Some(a.region.as_str()) == case.region())
        .filter_map(|(r, a)| Some((r, case.months?.overlap(a.head.validity.months()?)?)))
        .collect()
}
