//! R05: across districts nothing forbids, so an overlap of kind and months is a notice for two
//! authorities (附件2 六（四） “与本区其他相关政策”; changning-2020-2 三 “如与我区其他政策”), REFER Q01.
//! Only a joint rule or a ruling makes it more. What reaches another beneficiary for another matter is
//! no more across districts than within one: R06 shows it.

use super::exclusive::{Basis, clause_of, in_doubt, one_only, stacks};
use super::same_kind::{
    BetterHigher, ONE_AWARD, SAME_KIND, SameKind, TWO_AWARDS, is_personal_pair, repeated,
};
use super::worth::Left;
use crate::domain::citation::Citation;
use crate::domain::funding::case::{Case, Held, Meet, bounded, evidence_of, meet};
use crate::domain::funding::finding::{FindingClass, Label, Reason, Verdict};
use crate::domain::funding::id::{QuestionId, RuleId};
use crate::domain::funding::kind::Likeness;
use crate::domain::funding::ledger::RulingFact;
use crate::domain::funding::message::{JointEffect, JointRule, Level, Schedule};
use crate::domain::funding::months::runs;
use crate::domain::funding::report::{Draft, Report, Rule};
use crate::domain::money::Fen;
use crate::domain::participant::ParticipantId;
use crate::domain::record::affiliation::AffiliationMode;
use crate::domain::record::occupancy::OccupancyKind;
use crate::domain::time::MonthSpan;

/// Kind of an apartment given in kind.
const APARTMENT: &str = "apartment-in-kind";
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
        // What the nation or the city gives is no grant of another district, whoever sent it: that is R10's.
        let of_district = |h: &&Held<'_>| h.policy.is_none_or(|p| p.level == Level::District);
        let elsewhere = held.filter(|h| h.entry.district != *district && is_comparable(case, h));
        let elsewhere = elsewhere.filter(of_district);
        let mut taken_off = Vec::new();
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
                            taken_off.extend(self.overlap((case, report), (held, meet)));
                        }
                        _ => {
                            let readings =
                                [(ONE_AWARD, Verdict::Refer), (TWO_AWARDS, Verdict::Clear)];
                            let draft = notice(self, reason, (case, held, meet));
                            report.find(draft.readings(SAME_KIND, &readings));
                        }
                    }
                }
                Some(Likeness::Same) => {
                    taken_off.extend(self.overlap((case, report), (held, meet)));
                }
            }
        }
        self.occupied((case, report));
        if let Some(fact) = case.ruled(ACROSS, &[DIFFERENCE]) {
            self.difference((case, report), &taken_off, fact);
        }
    }
}

impl CrossDistrict {
    /// What follows where the two are of one kind; handed back where the one held is taken off the one asked for.
    fn overlap<'h>(
        &self,
        (case, report): (&Case<'_>, &mut Report),
        (held, meet): (&'h Held<'h>, Meet),
    ) -> Option<(&'h Held<'h>, Meet)> {
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
            None => return self.without_joint_rule((case, report), (held, meet)),
        }
        None
    }

    /// A ruling of the own district says what follows here; without one, two authorities do.
    fn without_joint_rule<'h>(
        &self,
        (case, report): (&Case<'_>, &mut Report),
        (held, meet): (&'h Held<'h>, Meet),
    ) -> Option<(&'h Held<'h>, Meet)> {
        if let Some(reason) = in_doubt(case, held) {
            let draft = notice(self, reason, (case, held, meet));
            report.find(draft.readings(ACROSS, &READINGS_IN_DOUBT));
            match meet {
                Meet::Undated => ask_months(case, report, held),
                Meet::Months(_) => ask_places(case, report, (held, meet)),
            }
            return None;
        }
        let mut taken_off = None;
        let ruling = case.ruled(ACROSS, &READINGS.map(|(code, _)| code));
        match ruling.map(|f| (f, f.ruling.reading.as_str())) {
            Some((fact, HIGHER_ONLY)) => {
                let basis = Basis { clause: exclusivity(case, held), ruling: Some(fact) };
                one_only(self, Reason::CrossDistrict, (case, report), (held, meet), basis);
            }
            // All of them together are taken off.
            Some((_, DIFFERENCE)) => taken_off = Some((held, meet)),
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
            ask_months(case, report, held);
        } else {
            // Whatever is ruled, tax paid there and claimed here cannot both be true (R25).
            ask_places(case, report, (held, meet));
        }
        taken_off
    }

    /// An apartment of another district with a discount on its rent, known from living there and not from a grant.
    fn occupied(&self, (case, report): (&Case<'_>, &mut Report)) {
        let Some(apartment) = case.view.kind(APARTMENT) else { return };
        let kinds = case.policy.kinds.iter().filter_map(|kind| case.view.kind(kind));
        let Some(likeness) = kinds.map(|kind| kind.likeness(apartment)).max() else { return };
        for (record, occupancy) in case.occupancies_elsewhere() {
            let lived = case.lived(occupancy);
            let Some(meet) = lived.and_then(|lived| meet(case.months, Some(lived))) else {
                continue;
            };
            let granted = |h: &Held<'_>| {
                let flat = h.policy.is_some_and(|p| p.kinds.iter().any(|kind| kind == APARTMENT));
                flat && h.entry.district == record.district && case.meet(h).is_some()
            };
            let discounted =
                occupancy.kind == OccupancyKind::TalentApartment && occupancy.discount_percent > 0;
            if !discounted || case.held.iter().any(granted) {
                continue;
            }
            let (reason, question, readings) = match likeness {
                Likeness::Different => continue,
                Likeness::Doubtful => {
                    let readings = vec![(ONE_AWARD, Verdict::Refer), (TWO_AWARDS, Verdict::Clear)];
                    (Reason::DoubtfulKind, SAME_KIND, readings)
                }
                Likeness::Same => (Reason::CrossDistrict, ACROSS, READINGS_IN_DOUBT.to_vec()),
            };
            let class = (FindingClass::Notice, Verdict::Refer);
            let clause = case.policy.clause(SameKind.id());
            let clause = clause.map_or(&case.policy.source, |clause| &clause.citation);
            let draft = Draft::new(self, reason, class, clause.clone())
                .cite(case.policy.source.clone())
                .months(meet.months())
                .evidence(evidence_of(record))
                .step(Label::DiscountPercent, u64::from(occupancy.discount_percent));
            report.find(draft.readings(question, &readings));
        }
    }

    /// It is ruled that only the difference is paid: of what the caps leave, month by month, what is held
    /// elsewhere in the month is taken off, of all grants together.
    fn difference(
        &self,
        (case, report): (&Case<'_>, &mut Report),
        taken_off: &[(&Held<'_>, Meet)],
        fact: &RulingFact,
    ) {
        let left = Left::of(case);
        let of_months = |held: &Held<'_>, meet: Meet| Some((meet.months()?, held.monthly()?));
        let undated = taken_off.iter().filter(|(h, meet)| of_months(h, *meet).is_none());
        let undated: Fen = undated.filter_map(|(held, _)| held.total()).sum();
        let asked = case.months.map(bounded);
        let runs = asked.map_or_else(Vec::new, |asked| {
            runs(asked, |month| {
                let here = taken_off.iter().filter_map(|(h, meet)| of_months(h, *meet));
                let here = here.filter(|(span, _)| span.contains(month));
                let held: Fen = here.map(|(_, monthly)| monthly).sum();
                (held, left.shut.contains(month))
            })
        });
        // What is not paid for want of a month under a cap is not paid a second time.
        let open = runs.iter().filter(|(_, (_, shut))| !shut);
        let off: Option<Fen> = left.monthly.map(|monthly| {
            open.map(|(span, (held, _))| monthly.min(*held).times(span.count())).sum()
        });
        let payable = left.total.map(|total| total.minus(off.unwrap_or_default()).minus(undated));
        let draft = |months: Option<MonthSpan>| {
            let of = taken_off.iter().filter(|(_, meet)| {
                meet.months().zip(months).is_none_or(|(a, b)| a.overlap(b).is_some())
            });
            let mut draft = notice_of(self, Reason::CrossDistrict, case, of.copied());
            if let Some(span) = months {
                draft = draft.step(Label::MonthsOverlap, u64::from(span.count()));
            }
            draft = draft.months(months).fen(Label::AskedFen, case.asked_total());
            draft.fen(Label::PayableFen, payable).outcome(Verdict::Capped).ruled(fact)
        };
        for (span, _) in runs.iter().filter(|(_, (held, _))| *held > Fen::ZERO) {
            report.find(draft(Some(*span)));
        }
        if taken_off.iter().any(|(h, meet)| of_months(h, *meet).is_none()) {
            report.find(draft(None));
        }
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

fn notice(
    rule: &dyn Rule,
    reason: Reason,
    (case, held, meet): (&Case<'_>, &Held<'_>, Meet),
) -> Draft {
    let draft = notice_of(rule, reason, case, std::iter::once((held, meet))).months(meet.months());
    match meet.months() {
        Some(span) => draft.step(Label::MonthsOverlap, u64::from(span.count())),
        None => draft,
    }
}

/// The same of several grants together, without its months.
fn notice_of<'h>(
    rule: &dyn Rule,
    reason: Reason,
    case: &Case<'_>,
    held: impl Iterator<Item = (&'h Held<'h>, Meet)>,
) -> Draft {
    let class = (FindingClass::Notice, Verdict::Refer);
    let held: Vec<&Held<'_>> = held.map(|(held, _)| held).collect();
    let clause = held.first().map_or_else(|| case.policy.source.clone(), |h| exclusivity(case, h));
    let mut draft = Draft::new(rule, reason, class, clause);
    for held in &held {
        draft = draft.cite_sources(case, held).evidence(held.evidence());
    }
    let monthly: Vec<Fen> = held.iter().filter_map(|h| h.monthly()).collect();
    let monthly = Some(monthly).filter(|m| !m.is_empty()).map(|m| m.into_iter().sum());
    draft =
        draft.fen(Label::HeldMonthlyFen, monthly).fen(Label::AskedMonthlyFen, case.asked_monthly());
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
