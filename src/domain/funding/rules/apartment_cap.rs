//! R15: apartment support for at most six years in all (附件4 三（三） “累计不超过 6年”). Gaps are
//! allowed. Whether months of cash in its place, or at full rent, are counted is Q19; whether a month of
//! which only some days were lived in counts is Q34.

use super::cap::{Count, Used};
use crate::domain::funding::case::{
    Case, PART_MONTH, PART_MONTH_COUNTS, PART_MONTH_FREE, bounded, evidence_of,
};
use crate::domain::funding::id::{QuestionId, RuleId};
use crate::domain::funding::ledger::HeldRecord;
use crate::domain::funding::months::{Days, MonthSet};
use crate::domain::funding::report::{Report, Rule};
use crate::domain::record::occupancy::{Occupancy, OccupancyKind};
use crate::domain::subject::SubjectId;
use crate::domain::time::MonthSpan;

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
        let lived = lived(case);
        let part = part_months(&lived);
        if !part.is_empty() {
            count.choose(PART_MONTH, [PART_MONTH_FREE, PART_MONTH_COUNTS]);
        }
        for (record, occupancy, months) in &lived {
            let full_rent = occupancy.discount_percent == 0;
            uncertain |= full_rent;
            let (in_part, whole) = MonthSet::from_iter([*months]).split(&part);
            let all = whole.spans().iter().map(|s| (s, false));
            for (span, is_part) in all.chain(in_part.spans().iter().map(|s| (s, true))) {
                let mut used = Used::span(*span, evidence_of(record));
                if full_rent {
                    used = used.only_if(CASH_AND_FULL_RENT, 1);
                }
                if is_part {
                    used = used.only_if(PART_MONTH, 1);
                }
                count.count(used, began);
            }
        }
        if uncertain {
            count.choose(CASH_AND_FULL_RENT, ["not-counted", "counted"]);
        }
        count.report(self, case, report);
    }
}

/// Talent apartments of the district that were lived in by the day of the application, with the months of each.
fn lived<'a>(case: &Case<'a>) -> Vec<(&'a HeldRecord, &'a Occupancy<SubjectId>, MonthSpan)> {
    let apartments = case.occupancies_here().into_iter();
    apartments
        .filter(|(_, o)| o.kind == OccupancyKind::TalentApartment)
        .filter_map(|(r, o)| Some((r, o, bounded(case.touched(o)?))))
        .collect()
}

/// Months of which some days were not lived in. Who moves from one apartment to the next on the day after has
/// lived in the whole month.
fn part_months(lived: &[(&HeldRecord, &Occupancy<SubjectId>, MonthSpan)]) -> MonthSet {
    let ends = lived.iter().flat_map(|(_, _, months)| [months.first, months.last]);
    ends.filter(|month| {
        let held = lived.iter().map(|(_, o, _)| Days::held(*month, &o.head.validity));
        !Days::all(*month).without(held.fold(Days::default(), Days::with)).is_empty()
    })
    .collect()
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
