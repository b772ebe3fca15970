//! R28: policies of Annex 2 and Annex 4 have a quota by employer (附件2 六（二）, 附件4 四（二）3
//! “根据用人单位人才规模及贡献度实行额度管理”). No numbers are written: the gateway carries the district's
//! counter, never another district's. What lies above it is the district's own matter: a notice.

use crate::domain::funding::case::{Case, evidence_of};
use crate::domain::funding::finding::{FindingClass, Label, Reason, Verdict};
use crate::domain::funding::id::RuleId;
use crate::domain::funding::report::{Draft, Report, Rule};
use crate::domain::record::quota::{Quota, QuotaUnit};
use crate::domain::subject::SubjectId;

/// R28.
pub struct EmployerQuota;

impl Rule for EmployerQuota {
    fn id(&self) -> RuleId {
        RuleId::new(28)
    }

    fn judge(&self, case: &Case<'_>, report: &mut Report) {
        let Some(clause) = case.policy.clause(self.id()) else { return };
        if !case.app.kind.claims_money() {
            return;
        }
        let under =
            |d: &str, a: &str| (d, a) == (&*clause.citation.document, &*clause.citation.article);
        for (record, quota) in case.quotas() {
            if !under(&quota.basis.document, &quota.basis.article) {
                continue;
            }
            let asked = match quota.unit {
                // Whoever goes on is one of those counted already.
                QuotaUnit::Persons if is_counted(case, quota) => continue,
                QuotaUnit::Persons => Some(1),
                QuotaUnit::Fen => case.asked_total().map(crate::domain::money::Fen::get),
            };
            // A sum that nobody stated is not compared.
            let Some(asked) = asked else { continue };
            let over = quota.used.saturating_add(asked) > quota.limit;
            let (reason, class) = if over {
                (Reason::QuotaUsedUp, (FindingClass::Notice, Verdict::Refer))
            } else {
                (Reason::QuotaLeft, (FindingClass::Info, Verdict::Clear))
            };
            let left = quota.limit.saturating_sub(quota.used);
            let (limit, used, rest) = match quota.unit {
                QuotaUnit::Persons => (Label::QuotaLimit, Label::QuotaUsed, Label::QuotaLeft),
                QuotaUnit::Fen => (Label::QuotaLimitFen, Label::QuotaUsedFen, Label::QuotaLeftFen),
            };
            report.find(
                Draft::new(self, reason, class, clause.citation.clone())
                    .evidence(evidence_of(record))
                    .step(limit, quota.limit)
                    .step(used, quota.used)
                    .step(rest, left),
            );
        }
    }
}

/// Does the applicant go on with a grant of this employer that ran in the time of the quota? Then he is one of the
/// persons counted, and takes no further place.
fn is_counted(case: &Case<'_>, quota: &Quota<SubjectId>) -> bool {
    let (Some(held), Some(time)) = (case.continued, quota.head.validity.months()) else {
        return false;
    };
    held.entry.grant.terms.employer == case.app.terms.employer
        && held.months.is_some_and(|months| months.overlap(time).is_some())
}
