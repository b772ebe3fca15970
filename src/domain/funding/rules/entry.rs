//! R30: conditions at entry: newly introduced (附件2 三（一）1 “对新引进的”), and for 青峰 at most one
//! year of work in the district (附件1 一 “在本区工作不超过一年”; a year to the day is inside). 新引进
//! is undefined: Q26.

use jiff::ToSpan as _;

use super::conditions;
use crate::domain::funding::case::{Case, evidence_of};
use crate::domain::funding::finding::{FindingClass, Reason, Verdict};
use crate::domain::funding::id::RuleId;
use crate::domain::funding::report::{Draft, Report, Rule};
use crate::domain::funding::team::LEADS_TEAM;
use crate::domain::record::affiliation::AffiliationMode;

/// R30, entry-time conditions.
pub struct EntryTime;

/// The fact that employment records decide.
const AT_MOST_ONE_YEAR: &str = "works-in-district-at-most-one-year";

impl Rule for EntryTime {
    fn id(&self) -> RuleId {
        RuleId::new(30)
    }

    fn judge(&self, case: &Case<'_>, report: &mut Report) {
        // Who leads a team is the certification's to say.
        for condition in conditions::of(case, self).filter(|c| c.fact != LEADS_TEAM) {
            let worked = case.affiliations(AffiliationMode::Employment);
            let first = worked.iter().find(|(_, a)| {
                Some(a.region.as_str()) == case.region() && a.head.validity.contains(case.app.date)
            });
            match first {
                Some((record, work)) if condition.fact == AT_MOST_ONE_YEAR => {
                    let last = work.head.validity.from.saturating_add(1.year());
                    if case.app.date > last {
                        let class = (FindingClass::Ineligible, Verdict::Ineligible);
                        let citation = condition.citation.clone();
                        let draft = Draft::new(self, Reason::EntryCondition, class, citation);
                        report.find(draft.evidence(evidence_of(record)));
                    }
                }
                _ => conditions::judge(self, Reason::EntryCondition, (case, report), condition),
            }
        }
    }
}
