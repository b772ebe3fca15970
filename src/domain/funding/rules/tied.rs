//! R25: employer and person are tied to the district: registered and taxed there (附件2 六（一）,
//! 附件3 六（一）), with Annex 4 also Shanghai social insurance and no 参公 institution (附件4 四（一）
//! “人才个人所得税缴纳在青浦并参加上海社保”). Judged month by month. Tax paid in two places for one
//! month cannot both be true, and is for two authorities to clear up.

use super::conditions;
use super::flexible::{FLEXIBLE, opened_months, opening, secondment};
use super::instalments::{LEAVING, LEAVING_READINGS, is_running};
use crate::domain::funding::case::{Case, bounded, evidence_of};
use crate::domain::funding::finding::{Evidence, FindingClass, Label, Reason, Verdict};
use crate::domain::funding::id::RuleId;
use crate::domain::funding::message::{ApplicationKind, Condition};
use crate::domain::funding::report::{Draft, Report, Rule};
use crate::domain::record::affiliation::AffiliationMode;
use crate::domain::text::Text;
use crate::domain::time::{Month, MonthSpan};

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
        let exempt = opening(case).is_some() && secondment(case).is_some();
        if exempt || case.app.kind == ApplicationKind::Certification {
            return;
        }
        for condition in conditions::of(case, self) {
            match condition.fact.as_str() {
                INCOME_TAX => self.place(AffiliationMode::IncomeTax, (case, report), condition),
                SOCIAL_INSURANCE => {
                    self.place(AffiliationMode::SocialInsurance, (case, report), condition);
                }
                _ => {
                    let reason = Reason::EmployerNotTied;
                    conditions::judge(self, reason, (case, report), condition);
                }
            }
        }
    }
}

/// Where a month's tax or insurance was paid.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Place {
    Here,
    Elsewhere,
    Both,
    Unknown,
}

impl TiedToDistrict {
    fn place(
        &self,
        mode: AffiliationMode,
        (case, report): (&Case<'_>, &mut Report),
        condition: &Condition,
    ) {
        let attested = case.affiliations(mode);
        let flexible = opened_months(case);
        if attested.is_empty() {
            let reason = Reason::PersonNotTied;
            return conditions::judge_except(self, reason, (case, report), condition, &flexible);
        }
        let now = Month::of(case.app.date);
        let here = |region: &str| match mode {
            AffiliationMode::IncomeTax => Some(region) == case.region(),
            _ => region.starts_with(SHANGHAI),
        };
        let of_month = |month: Month| {
            if flexible.iter().any(|span| span.contains(month)) {
                return Place::Here;
            }
            // Months that lie ahead are judged by what holds on the day of the application.
            let at = month.min(now.max(first_month(case)));
            let in_month = attested
                .iter()
                .filter(|(_, a)| a.head.validity.months().is_some_and(|m| m.contains(at)));
            let regions: Vec<bool> = in_month.map(|(_, a)| here(&a.region)).collect();
            match (regions.contains(&true), regions.contains(&false)) {
                (true, true) => Place::Both,
                (true, false) => Place::Here,
                (false, true) => Place::Elsewhere,
                (false, false) => Place::Unknown,
            }
        };
        let evidence: Vec<Evidence> = attested.iter().map(|(r, _)| evidence_of(r)).collect();
        let whole = case.months.or_else(|| MonthSpan::new(now, now));
        for (span, place) in whole.into_iter().flat_map(|w| runs(bounded(w), of_month)) {
            let months = case.months.map(|_| span);
            self.report(place, (case, report), (condition, months), &evidence);
        }
    }

    fn report(
        &self,
        place: Place,
        (case, report): (&Case<'_>, &mut Report),
        (condition, months): (&Condition, Option<MonthSpan>),
        evidence: &[Evidence],
    ) {
        let citation = condition.citation.clone();
        let draft = match place {
            Place::Here => return,
            Place::Unknown => {
                match conditions::binding(case, condition) {
                    conditions::Binding::Binds(_) => {}
                    conditions::Binding::Open(d) => return report.note(self.id(), d.question),
                    conditions::Binding::Not(_) => return,
                }
                let text =
                    Text::new("这些月份没有缴纳地记录", "no place is on record for these months");
                return report.lacks(&condition.fact, text, case.policy.district.as_str(), months);
            }
            Place::Elsewhere => {
                if secondment(case).is_some() {
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
        };
        let draft = evidence.iter().cloned().fold(draft.months(months), Draft::evidence);
        report.find(match months {
            Some(span) => draft.step(Label::MonthsOverlap, u64::from(span.count())),
            None => draft,
        });
    }
}

fn first_month(case: &Case<'_>) -> Month {
    case.months.map_or_else(|| Month::of(case.app.date), |m| m.first)
}

/// Neighbouring months with the same outcome, as spans.
fn runs(whole: MonthSpan, of_month: impl Fn(Month) -> Place) -> Vec<(MonthSpan, Place)> {
    let mut out: Vec<(MonthSpan, Place)> = Vec::new();
    for month in whole.months() {
        let place = of_month(month);
        match out.last_mut() {
            Some((span, last)) if *last == place => span.last = month,
            _ => out.push((MonthSpan { first: month, last: month }, place)),
        }
    }
    out
}
