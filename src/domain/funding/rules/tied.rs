//! R25: employer and person are tied to the district: registered and taxed there (附件2 六（一）,
//! 附件3 六（一）), with Annex 4 also Shanghai social insurance and no 参公 institution (附件4 四（一）
//! “人才个人所得税缴纳在青浦并参加上海社保”). Judged month by month. Tax paid in two places on one
//! day cannot both be true, and is for two authorities to clear up; a move within a month is Q34.

use super::conditions;
use super::flexible::{FLEXIBLE, is_flexible, is_seconded, opened_months};
use super::instalments::{LEAVING, LEAVING_READINGS, is_running};
use crate::domain::funding::case::{
    Case, PART_MONTH, PART_MONTH_COUNTS, PART_MONTH_FREE, bounded, evidence_of, is_checked,
};
use crate::domain::funding::finding::{FindingClass, Label, Reason, Verdict};
use crate::domain::funding::id::RuleId;
use crate::domain::funding::ledger::HeldRecord;
use crate::domain::funding::message::{ApplicationKind, Condition};
use crate::domain::funding::months::{Days, MonthSet, runs};
use crate::domain::funding::report::{Draft, Report, Rule};
use crate::domain::record::affiliation::AffiliationMode;
use crate::domain::time::{Month, MonthSpan, Validity};

/// What a month that has days here and elsewhere is, by the readings of Q34.
const PART_MONTH_READINGS: [(&str, Verdict); 2] =
    [(PART_MONTH_COUNTS, Verdict::Clear), (PART_MONTH_FREE, Verdict::Ineligible)];
/// Prefix of Shanghai's codes in GB/T 2260.
const SHANGHAI: &str = "31";
const INCOME_TAX: &str = "income-tax-in-district";
const SOCIAL_INSURANCE: &str = "social-insurance-in-shanghai";

/// R25.
pub struct TiedToDistrict;

impl Rule for TiedToDistrict {
    fn id(&self) -> RuleId {
        RuleId::new(25)
    }

    fn judge(&self, case: &Case<'_>, report: &mut Report) {
        // 正文 四（一） opens the named benefits to flexible talents (R26).
        if is_flexible(case) || case.app.kind == ApplicationKind::Certification {
            return;
        }
        let opened = opened_months(case);
        for condition in conditions::of(case, self) {
            match condition.fact.as_str() {
                INCOME_TAX => self.place(AffiliationMode::IncomeTax, (case, report), condition),
                SOCIAL_INSURANCE => {
                    self.place(AffiliationMode::SocialInsurance, (case, report), condition);
                }
                _ => {
                    let reason = Reason::EmployerNotTied;
                    conditions::judge_except(self, reason, (case, report), condition, &opened);
                }
            }
        }
    }
}

/// Where a month's tax or insurance was paid.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Place {
    Here,
    /// The month is a secondment's (R26).
    Flexible,
    Elsewhere,
    /// Here and elsewhere on one day.
    Both,
    /// Here on some days, elsewhere on others.
    Moved,
    Unknown,
}

/// How the region of a record compares with where the place has to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Side {
    Here,
    Elsewhere,
    /// A coarser code: it may be here or not.
    Coarse,
}

/// Records of one mode, each with its side.
type Attested<'a> = Vec<(&'a HeldRecord, Validity, Side)>;

impl TiedToDistrict {
    fn place(
        &self,
        mode: AffiliationMode,
        (case, report): (&Case<'_>, &mut Report),
        condition: &Condition,
    ) {
        let attested: Attested<'_> = case
            .affiliations(mode)
            .into_iter()
            .filter(|(r, _)| is_checked(r))
            .map(|(r, a)| (r, a.head.validity, side(mode, &a.region, case.region())))
            .collect();
        let flexible = opened_months(case);
        if attested.is_empty() {
            let reason = Reason::PersonNotTied;
            return conditions::judge_except(self, reason, (case, report), condition, &flexible);
        }
        let of_month = |month: Month| {
            if flexible.iter().any(|span| span.contains(month)) {
                Place::Flexible
            } else {
                place_in(month, &attested)
            }
        };
        let now = Month::of(case.app.date);
        let whole = case.months.or_else(|| MonthSpan::new(now, now));
        for (span, place) in whole.into_iter().flat_map(|w| runs(bounded(w), of_month)) {
            self.report((span, place), (case, report), condition, &attested);
        }
    }

    fn report(
        &self,
        (span, place): (MonthSpan, Place),
        (case, report): (&Case<'_>, &mut Report),
        condition: &Condition,
        attested: &Attested<'_>,
    ) {
        let months = case.months.map(|_| span);
        let citation = condition.citation.clone();
        let draft = match place {
            Place::Flexible => return,
            Place::Here => {
                for record in needed(span, attested) {
                    report.rests(self, &citation, &evidence_of(record), months);
                }
                return;
            }
            Place::Unknown => {
                match conditions::binding(case, condition) {
                    conditions::Binding::Binds(_) => {}
                    conditions::Binding::Open(d) => return report.note(self.id(), d.question),
                    conditions::Binding::Not(_) => return,
                }
                return report.lacks(&condition.fact, case.policy.district.as_str(), months);
            }
            Place::Elsewhere => {
                if is_seconded(case, months) {
                    report.note(self.id(), FLEXIBLE);
                }
                if is_running(case) {
                    let class = (FindingClass::OpenQuestion, Verdict::Refer);
                    Draft::new(self, Reason::PersonNotTied, class, citation)
                        .readings(LEAVING, &LEAVING_READINGS)
                } else {
                    conditions::unmet(self, Reason::PersonNotTied, case, condition)
                }
            }
            Place::Both => {
                let class = (FindingClass::ContradictoryFacts, Verdict::Refer);
                Draft::new(self, Reason::TaxInTwoPlaces, class, citation)
            }
            Place::Moved => {
                let class = (FindingClass::OpenQuestion, Verdict::Refer);
                Draft::new(self, Reason::MovedWithinMonth, class, citation)
                    .readings(PART_MONTH, &PART_MONTH_READINGS)
            }
        };
        let mut draft = draft.months(months);
        let of_span = |v: &Validity| v.months().and_then(|m| m.overlap(span)).is_some();
        for (record, ..) in attested.iter().filter(|(_, v, s)| of_span(v) && *s != Side::Coarse) {
            draft = draft.evidence(evidence_of(record));
        }
        if months.is_some() && place == Place::Both {
            draft = draft.step(Label::MonthsOverlap, u64::from(span.count()));
        }
        report.find(draft);
    }
}

/// Months ahead are judged like the others: by what is known to hold then. A place without an end
/// holds on; one with a known end does not.
fn place_in(month: Month, attested: &Attested<'_>) -> Place {
    let on = |side: Side| {
        let of_side = attested.iter().filter(|(_, _, s)| *s == side);
        of_side.fold(Days::default(), |days, (_, v, _)| days.with(Days::held(month, v)))
    };
    let (here, elsewhere) = (on(Side::Here), on(Side::Elsewhere));
    match (here.is_empty(), elsewhere.is_empty()) {
        (false, false) if here.meets(elsewhere) => Place::Both,
        (false, false) => Place::Moved,
        (false, true) => Place::Here,
        (true, false) => Place::Elsewhere,
        (true, true) => Place::Unknown,
    }
}

/// Records that place the span here: the undoubted alone, where they cover it.
fn needed<'a>(span: MonthSpan, attested: &Attested<'a>) -> Vec<&'a HeldRecord> {
    let months = |v: &Validity| v.months().and_then(|m| m.overlap(span));
    let here: Vec<_> = attested.iter().filter(|(_, _, s)| *s == Side::Here).collect();
    let sound = here.iter().filter(|(r, ..)| !r.is_doubted());
    let covered: MonthSet = sound.filter_map(|(_, v, _)| months(v)).collect();
    let sound_alone = covered.count() == span.count();
    let wanted = here
        .into_iter()
        .filter(|(r, v, _)| months(v).is_some() && !(sound_alone && r.is_doubted()));
    wanted.map(|(r, ..)| *r).collect()
}

fn side(mode: AffiliationMode, region: &str, here: Option<&str>) -> Side {
    let is_here = match mode {
        AffiliationMode::IncomeTax => Some(region) == here,
        _ => region.starts_with(SHANGHAI),
    };
    let stem = region.trim_end_matches("00");
    match here {
        _ if is_here => Side::Here,
        Some(here) if stem.len() < region.len() && here.starts_with(stem) => Side::Coarse,
        _ => Side::Elsewhere,
    }
}
