//! R05: across districts nothing forbids, so an overlap of kind and months is a notice for two
//! authorities (附件2 六（四） “与本区其他相关政策”; changning-2020-2 三 “如与我区其他政策”), REFER Q01.
//! Only a joint rule or a ruling makes it more. What reaches another beneficiary for another matter is
//! no more across districts than within one: R06 shows it.

use super::exclusive::{Basis, clause_of, in_doubt, one_only, stacks};
use super::same_kind::{
    BetterHigher, ONE_AWARD, SAME_KIND, SameKind, TWO_AWARDS, is_personal_pair, repeated,
};
use crate::domain::citation::Citation;
use crate::domain::funding::case::{Case, Held, Meet};
use crate::domain::funding::finding::{FindingClass, Label, Reason, Verdict};
use crate::domain::funding::id::{QuestionId, RuleId};
use crate::domain::funding::kind::Likeness;
use crate::domain::funding::message::{JointEffect, JointRule, Schedule};
use crate::domain::funding::report::{Draft, Report, Rule};
use crate::domain::participant::ParticipantId;
use crate::domain::record::affiliation::AffiliationMode;

/// Code of missing benefit months of the grant held.
const HELD_MONTHS: &str = "benefit-months";
/// Code of missing benefit months of the application.
const MONTHS: &str = "months";
/// Does a grant of another district bar or reduce one here: Q01.
pub const ACROSS: QuestionId = QuestionId::new(1);
/// Reading of [`ACROSS`]: both may be held.
pub const ALLOWED: &str = "allowed";
/// Reading of [`ACROSS`]: only the higher one.
pub const HIGHER_ONLY: &str = "higher-only";
/// Reading of [`ACROSS`]: the one asked for is reduced by the one held.
pub const DIFFERENCE: &str = "difference-only";
/// The readings of [`ACROSS`] with what they lead to.
pub const READINGS: [(&str, Verdict); 3] =
    [(ALLOWED, Verdict::Clear), (HIGHER_ONLY, Verdict::OneOnly), (DIFFERENCE, Verdict::Capped)];

/// The same where the numbers do not tell whether it is one plan: only where both may be held anyway does
/// a ruling help before that is compared.
const READINGS_IN_DOUBT: [(&str, Verdict); 3] =
    [(ALLOWED, Verdict::Clear), (HIGHER_ONLY, Verdict::Refer), (DIFFERENCE, Verdict::Refer)];

/// R05.
pub struct CrossDistrict;

impl Rule for CrossDistrict {
    fn id(&self) -> RuleId {
        RuleId::new(5)
    }

    fn judge(&self, case: &Case<'_>, report: &mut Report) {
        let district = &case.policy.district;
        let others = case.held_by_others();
        let held = case.held.iter().chain(&others);
        let elsewhere = held.filter(|h| h.entry.district != *district && is_comparable(case, h));
        for held in elsewhere.filter(|h| !stacks(case, h)) {
            let Some(meet) = case.meet(held) else { continue };
            match case.likeness(held) {
                Some(Likeness::Different) => {}
                None | Some(Likeness::Doubtful) => {
                    let reason = match held.policy {
                        Some(p) if !p.kinds.is_empty() => Reason::DoubtfulKind,
                        _ => Reason::UnmappedKind,
                    };
                    match case.ruled(SAME_KIND, &[ONE_AWARD, TWO_AWARDS]) {
                        // One kind: what follows across districts is Q01.
                        Some(fact) if fact.ruling.reading == ONE_AWARD => {
                            report.note(self.id(), SAME_KIND);
                            self.overlap((case, report), (held, meet));
                        }
                        _ => {
                            let readings =
                                [(ONE_AWARD, Verdict::Refer), (TWO_AWARDS, Verdict::Clear)];
                            let draft = notice(self, reason, (case, held, meet));
                            report.find(draft.readings(SAME_KIND, &readings));
                        }
                    }
                }
                Some(Likeness::Same) => self.overlap((case, report), (held, meet)),
            }
        }
    }
}

impl CrossDistrict {
    fn overlap(&self, (case, report): (&Case<'_>, &mut Report), (held, meet): (&Held<'_>, Meet)) {
        let joint = joint_rule(case, &held.entry.district);
        match joint.map(|r| (r.effect, r.citation.clone())) {
            Some((JointEffect::OneOnly, clause)) if in_doubt(case, held).is_some() => {
                report.find(repeated(self, case, (held, meet), clause));
            }
            Some((JointEffect::OneOnly, clause)) => {
                one_only(self, Reason::JointRule, (case, report), (held, meet), clause);
            }
            Some((JointEffect::Allowed, clause)) => {
                let class = (FindingClass::Info, Verdict::Clear);
                let draft = Draft::new(self, Reason::JointRule, class, clause);
                report.find(draft.months(meet.months()).evidence(held.evidence()));
            }
            None => self.without_joint_rule((case, report), (held, meet)),
        }
    }

    /// A ruling of the own district says what follows here; without one, two authorities do.
    fn without_joint_rule(
        &self,
        (case, report): (&Case<'_>, &mut Report),
        (held, meet): (&Held<'_>, Meet),
    ) {
        if let Some(reason) = in_doubt(case, held) {
            let draft = notice(self, reason, (case, held, meet));
            report.find(draft.readings(ACROSS, &READINGS_IN_DOUBT));
            return match meet {
                Meet::Undated => ask_months(case, report, held),
                Meet::Months(_) => ask_places(case, report, (held, meet)),
            };
        }
        let ruling = case.ruled(ACROSS, &READINGS.map(|(code, _)| code));
        match ruling.map(|f| (f, f.ruling.reading.as_str())) {
            Some((fact, HIGHER_ONLY)) => {
                let basis = Basis { clause: exclusivity(case, held), ruling: Some(fact) };
                one_only(self, Reason::CrossDistrict, (case, report), (held, meet), basis);
            }
            Some((fact, DIFFERENCE)) => {
                let draft = reduced(
                    notice(self, Reason::CrossDistrict, (case, held, meet)),
                    (case, held, meet),
                );
                report.find(draft.outcome(Verdict::Capped).ruled(fact));
            }
            Some((fact, _)) => {
                let draft = notice(self, Reason::CrossDistrict, (case, held, meet));
                report.find(draft.outcome(Verdict::Clear).ruled(fact));
            }
            None => {
                let draft = notice(self, Reason::CrossDistrict, (case, held, meet));
                report.find(draft.readings(ACROSS, &READINGS));
            }
        }
        if meet == Meet::Undated {
            return ask_months(case, report, held);
        }
        // Whatever is ruled, tax paid there and claimed here cannot both be true (R25).
        ask_places(case, report, (held, meet));
    }
}

/// Is it one beneficiary or one matter? A team and its leader are two, which a clause of either side may
/// yet make one; without a clause nothing is asked within one district, so nothing is asked across.
pub fn is_comparable(case: &Case<'_>, held: &Held<'_>) -> bool {
    let by_clause = || {
        let rules = [&SameKind as &dyn Rule, &BetterHigher];
        rules.iter().any(|rule| clause_of(case, held, *rule).is_some())
    };
    !case.is_for_another(held)
        || case.likeness(held).is_none()
        || (is_personal_pair(case, held) && by_clause())
}

/// The sum that is left where the one held is taken off, month by month or in all.
fn reduced(draft: Draft, (case, held, meet): (&Case<'_>, &Held<'_>, Meet)) -> Draft {
    let left = match (meet.months(), case.asked_monthly(), held.monthly()) {
        (Some(both), Some(asked), Some(holds)) => {
            let rest = case.months.map_or(0, |all| all.count().saturating_sub(both.count()));
            Some(asked.minus(holds).times(both.count()).plus(asked.times(rest)))
        }
        _ => case.asked_total().zip(held.total()).map(|(asked, holds)| asked.minus(holds)),
    };
    draft.fen(Label::PayableFen, left)
}

fn notice(
    rule: &dyn Rule,
    reason: Reason,
    (case, held, meet): (&Case<'_>, &Held<'_>, Meet),
) -> Draft {
    let class = (FindingClass::Notice, Verdict::Refer);
    let mut draft = Draft::new(rule, reason, class, exclusivity(case, held))
        .cite_sources(case, held)
        .months(meet.months())
        .evidence(held.evidence())
        .fen(Label::HeldMonthlyFen, held.monthly())
        .fen(Label::AskedMonthlyFen, case.asked_monthly());
    if let Some(span) = meet.months() {
        draft = draft.step(Label::MonthsOverlap, u64::from(span.count()));
    }
    if let Some(clause) = case.policy.clause(RuleId::new(25)) {
        draft = draft.cite(clause.citation.clone());
    }
    draft
}

/// The clause that says 本区 or 我区, which is why nothing is forbidden across the border.
fn exclusivity(case: &Case<'_>, held: &Held<'_>) -> Citation {
    clause_of(case, held, &SameKind)
        .or_else(|| clause_of(case, held, &BetterHigher))
        .unwrap_or_else(|| case.policy.source.clone())
}

/// Where one of the two names no months, nothing says that they meet. What is paid once has none; they are
/// asked for where a running benefit left them out, or where places are to be compared in them (R25).
fn ask_months(case: &Case<'_>, report: &mut Report, held: &Held<'_>) {
    let places = case.policy.clause(RuleId::new(25)).is_some();
    let runs = held.entry.grant.schedule != Schedule::Once;
    if held.months.is_none() && (places || runs) {
        report.lacks(HELD_MONTHS, held.entry.district.as_str(), None);
    } else if held.months.is_some() && places {
        report.lacks(MONTHS, "applicant", None);
    }
}

/// A claim that rests on tax paid in one place contradicts one that rests on another (R25), so both
/// authorities are asked for the months that meet, unless they have attested both places.
fn ask_places(case: &Case<'_>, report: &mut Report, (held, meet): (&Held<'_>, Meet)) {
    if case.policy.clause(RuleId::new(25)).is_none() {
        return;
    }
    let attested = |district: &ParticipantId| {
        [AffiliationMode::IncomeTax, AffiliationMode::SocialInsurance].into_iter().all(|mode| {
            let records = case.affiliations(mode).into_iter();
            let mut own = records.filter(|(record, _)| record.district == *district);
            own.any(|(_, a)| {
                let known = a.head.validity.months();
                meet.months().is_some_and(|m| known.and_then(|k| k.overlap(m)) == Some(m))
            })
        })
    };
    let districts = [&case.policy.district, &held.entry.district];
    for district in districts.into_iter().filter(|d| !attested(d)) {
        report.lacks("tax-and-insurance-place", district.as_str(), meet.months());
    }
}

/// The joint rule in effect between the own district and another one.
pub fn joint_rule<'a>(case: &Case<'a>, other: &ParticipantId) -> Option<&'a JointRule> {
    let both =
        |r: &&JointRule| r.districts.contains(&case.policy.district) && r.districts.contains(other);
    let of_kind = |r: &&JointRule| {
        r.kinds.is_empty() || case.policy.kinds.iter().any(|k| r.kinds.contains(k))
    };
    let rules = case.view.joint_rules().iter();
    rules
        .filter(|r| r.validity.contains(case.as_of.valid_at))
        .filter(both)
        .filter(of_kind)
        .min_by(|a, b| a.rule.cmp(&b.rule))
}
