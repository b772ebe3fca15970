//! R26: flexible talents of the Delta equally enjoy an apartment or apartment cash, tax and
//! insurance barriers notwithstanding (正文 四（一） “长三角地区”; 附件4 三（二）2 “对长三角地区柔性流动人才”).
//! The benefits named are these; for others the words of Annex 4 四（一） stand, with Q18 noted. Where
//! somebody is seconded from follows from where he works, pays tax or is insured meanwhile.

use super::conditions;
use crate::domain::citation::Citation;
use crate::domain::funding::case::{Case, Known, evidence_of, is_checked};
use crate::domain::funding::finding::{Evidence, FindingClass, Reason, Verdict};
use crate::domain::funding::id::{QuestionId, RuleId};
use crate::domain::funding::ledger::{HeldRecord, RulingFact};
use crate::domain::funding::report::{Draft, Report, Rule};
use crate::domain::record::affiliation::{Affiliation, AffiliationMode};
use crate::domain::subject::SubjectId;
use crate::domain::time::{MonthSpan, Validity};

/// Do flexible talents escape the tax condition, and for which benefits: Q18.
pub const FLEXIBLE: QuestionId = QuestionId::new(18);
const NONE: &str = "no-benefit";
const NAMED: &str = "named-benefits";
const ALL: &str = "all-benefits";
/// Is the applicant seconded from the Delta? The place is a record's to say; the case may where none does.
const HOME: &str = "home-in-yangtze-delta";
/// 上海、江苏、浙江、安徽, as their codes in GB/T 2260 begin (长三角一体化发展规划纲要).
const DELTA: [&str; 4] = ["31", "32", "33", "34"];
/// What ties somebody to the place that he is seconded from.
const TIES: [AffiliationMode; 4] = [
    AffiliationMode::Employment,
    AffiliationMode::Appointment,
    AffiliationMode::IncomeTax,
    AffiliationMode::SocialInsurance,
];

/// R26.
pub struct FlexibleTalent;

/// A secondment to the district.
struct Stay<'a> {
    record: &'a HeldRecord,
    /// The benefit months that it runs in; `None` where it covers all of them, or the day.
    months: Option<MonthSpan>,
    home: Home,
}

/// Where a secondment comes from, by a record or the case.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Home {
    /// From the Delta.
    InTheDelta(Evidence),
    /// From elsewhere.
    Outside(Evidence),
    /// Nobody said, or records disagree.
    Unknown,
}

impl Rule for FlexibleTalent {
    fn id(&self) -> RuleId {
        RuleId::new(26)
    }

    fn judge(&self, case: &Case<'_>, report: &mut Report) {
        if let Some(clause) = opening(case) {
            let ruling = case.ruled(FLEXIBLE, &[NONE, NAMED, ALL]);
            for stay in stays(case) {
                self.judge_stay((case, report), clause, &stay, ruling);
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

impl FlexibleTalent {
    fn judge_stay(
        &self,
        (case, report): (&Case<'_>, &mut Report),
        clause: &Citation,
        stay: &Stay<'_>,
        ruling: Option<&RulingFact>,
    ) {
        let draft = |reason, class| {
            Draft::new(self, reason, class, clause.clone())
                .cite(case.policy.source.clone())
                .months(stay.months)
                .evidence(evidence_of(stay.record))
        };
        match &stay.home {
            Home::InTheDelta(evidence) => {
                report.rests(self, clause, evidence, stay.months);
                let class = (FindingClass::Condition, Verdict::ClearCond);
                let draft = draft(Reason::FlexibleTalent, class);
                report.find(ruling.into_iter().fold(draft, Draft::ruled));
            }
            Home::Outside(evidence) => {
                let draft =
                    draft(Reason::SecondedFromOutside, (FindingClass::Info, Verdict::Clear));
                report.find(draft.evidence(evidence.clone()));
            }
            Home::Unknown => report.lacks(HOME, "applicant", stay.months),
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

/// Is the applicant a flexible talent throughout, under a benefit that is open to such? Whoever may be
/// one is asked where he comes from and for nothing else.
pub fn is_flexible(case: &Case<'_>) -> bool {
    opening(case).is_some() && secondment(case).is_some()
}

/// A secondment to the district, from the Delta or from where nobody said, that covers the benefit
/// months, or the day of the application.
pub fn secondment<'a>(case: &Case<'a>) -> Option<&'a HeldRecord> {
    let stays = stays(case).into_iter();
    stays.filter(Stay::may_open).find(|s| s.months.is_none()).map(|s| s.record)
}

/// Is the applicant seconded, from the Delta or from where nobody said, in some of these months?
pub fn is_seconded(case: &Case<'_>, months: Option<MonthSpan>) -> bool {
    let meets = |s: &Stay<'_>| s.months.zip(months).is_none_or(|(a, b)| a.overlap(b).is_some());
    stays(case).iter().any(|s| s.may_open() && meets(s))
}

/// Benefit months that a secondment opens.
pub fn opened_months(case: &Case<'_>) -> Vec<MonthSpan> {
    if opening(case).is_none() {
        return Vec::new();
    }
    stays(case).iter().filter(|s| s.may_open()).filter_map(|s| s.months.or(case.months)).collect()
}

/// The benefit months that no secondment opens: one entry without months where none is opened, nothing
/// where all are.
pub fn unopened_months(case: &Case<'_>) -> Vec<Option<MonthSpan>> {
    if is_flexible(case) {
        return Vec::new();
    }
    match opened_months(case).as_slice() {
        [] => vec![None],
        opened => case.outside(&opened.iter().copied().collect()).into_iter().map(Some).collect(),
    }
}

impl Stay<'_> {
    fn may_open(&self) -> bool {
        !matches!(self.home, Home::Outside(_))
    }
}

/// The secondments to the district that run in some of the benefit months, or on the day: in those months
/// the applicant is a flexible talent, in the others not. One that covers them all stands for the others.
fn stays<'a>(case: &Case<'a>) -> Vec<Stay<'a>> {
    let here = case.affiliations(AffiliationMode::Secondment).into_iter();
    let here = here.filter(|(_, a)| Some(a.region.as_str()) == case.region());
    let mut stays: Vec<Stay<'_>> = here
        .filter_map(|(record, a)| {
            let months = match (case.months, a.head.validity.months()) {
                (Some(asked), Some(held)) => Some(asked.overlap(held)?).filter(|m| *m != asked),
                _ if a.head.validity.contains(case.app.date) => None,
                _ => return None,
            };
            Some(Stay { record, months, home: home(case, a) })
        })
        .collect();
    let whole = |s: &Stay<'_>| s.months.is_none() && s.may_open();
    let known = |s: &Stay<'_>| whole(s) && s.home != Home::Unknown;
    if let Some(at) = stays.iter().position(known).or_else(|| stays.iter().position(whole)) {
        stays = vec![stays.swap_remove(at)];
    }
    stays
}

/// Where a secondment comes from: where the applicant works, pays tax or is insured while it runs, other
/// than here.
fn home(case: &Case<'_>, stay: &Affiliation<SubjectId>) -> Home {
    let tied = TIES.into_iter().flat_map(|mode| case.affiliations(mode)).filter(|(record, a)| {
        is_checked(record) && a.region != stay.region && meet(&a.head.validity, &stay.head.validity)
    });
    let (mut inside, mut outside) = (Vec::new(), Vec::new());
    for (record, a) in tied {
        match is_in_the_delta(&a.region) {
            Some(true) => inside.push((record.is_doubted(), evidence_of(record))),
            Some(false) => outside.push((record.is_doubted(), evidence_of(record))),
            None => {}
        }
    }
    match (inside.into_iter().min(), outside.into_iter().min()) {
        (Some((_, evidence)), None) => Home::InTheDelta(evidence),
        (None, Some((_, evidence))) => Home::Outside(evidence),
        _ => match case.known(HOME) {
            Known::Yes(evidence) => Home::InTheDelta(evidence),
            Known::No(evidence) => Home::Outside(evidence),
            Known::Unknown => Home::Unknown,
        },
    }
}

/// `None` where the code names no province.
fn is_in_the_delta(region: &str) -> Option<bool> {
    let province = region.get(..2).filter(|province| *province != "00")?;
    Some(DELTA.contains(&province))
}

fn meet(a: &Validity, b: &Validity) -> bool {
    let ends_before = |a: &Validity, b: &Validity| a.until.is_some_and(|until| until < b.from);
    !ends_before(a, b) && !ends_before(b, a)
}
