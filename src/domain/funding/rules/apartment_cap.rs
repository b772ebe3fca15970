//! R15: apartment support for at most six years in all (附件4 三（三） “累计不超过 6年”). Gaps are
//! allowed. Whether months of cash in its place, or at full rent, are counted is Q19.

use super::cap::{Count, Used};
use crate::domain::funding::case::{Case, evidence_of};
use crate::domain::funding::id::{QuestionId, RuleId};
use crate::domain::funding::report::{Report, Rule};
use crate::domain::record::occupancy::OccupancyKind;

const CASH_AND_FULL_RENT: QuestionId = QuestionId::new(19);

/// R15.
pub struct ApartmentCap;

impl Rule for ApartmentCap {
    fn id(&self) -> RuleId {
        RuleId::new(15)
    }

    fn judge(&self, case: &Case<'_>, report: &mut Report) {
        let Some(cap) = case.policy.cap(self.id()) else { return };
        let mut count = Count::new(case, cap);
        let began = case.began(case.policy);
        for used in &mut count.used {
            used.mark_uncertain(case);
        }
        let uncertain_grants = count.used.iter().any(|u| u.depends_on(CASH_AND_FULL_RENT));
        let mut uncertain = uncertain_grants;
        for (record, occupancy) in case.occupancies_here() {
            if occupancy.kind != OccupancyKind::TalentApartment {
                continue;
            }
            let Some(lived) = case.lived(occupancy, Some(case.app.date)) else { continue };
            let used = Used::span(lived, evidence_of(record));
            if occupancy.discount_percent == 0 {
                uncertain = true;
                count.count(used.only_if(CASH_AND_FULL_RENT, 1), began);
            } else {
                count.count(used, began);
            }
        }
        if uncertain {
            count.choose(CASH_AND_FULL_RENT, ["not-counted", "counted"]);
        }
        count.report(self, case, report);
    }
}

impl Used {
    /// Months of a cash subsidy, or of an apartment at full rent, count only under one reading.
    fn mark_uncertain(&mut self, case: &Case<'_>) {
        let uncertain = case.held_here().any(|h| {
            let in_cash = h.policy.is_some_and(|p| p.kinds.iter().any(|k| k == "apartment-cash"));
            let full_rent = h.entry.grant.terms.discount_percent == Some(0);
            (in_cash || full_rent) && self.rests_on(&h.evidence())
        });
        if uncertain {
            let used = std::mem::take(self);
            *self = used.only_if(CASH_AND_FULL_RENT, 1);
        }
    }
}
