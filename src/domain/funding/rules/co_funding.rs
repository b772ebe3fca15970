//! R09: designed co-funding (yangpu-2021-19 附件 三4 “建立共担共享机制”) is no duplication when the
//! agreement is referenced; shares are listed, also those of funders outside the directory. Who pays
//! what is not in the text: Q32, and so is what follows when the shares or sums together exceed the cost
//! that the agreement states. An agreement without a cost gives nothing to count against: shares above the
//! whole note Q32. Funders are known by the district's id or its names; where none of them is the
//! district, its share is asked for.

use crate::domain::funding::case::{Case, Held};
use crate::domain::funding::finding::{FindingClass, Label, Reading, Reason, Verdict};
use crate::domain::funding::id::{QuestionId, RuleId};
use crate::domain::funding::message::{CoFunder, CoFunding};
use crate::domain::funding::report::{Draft, Report, Rule};
use crate::domain::funding::stacking::is_co_funded;
use crate::domain::money::Fen;
use crate::domain::place;

const WHO_PAYS: QuestionId = QuestionId::new(32);
/// Code of a missing share.
const OWN_SHARE: &str = "co-funding-own-share";
/// All of it, in permille.
const WHOLE: u64 = 1_000;

/// R09.
pub struct CoFundingRule;

impl Rule for CoFundingRule {
    fn id(&self) -> RuleId {
        RuleId::new(9)
    }

    fn judge(&self, case: &Case<'_>, report: &mut Report) {
        let designed = case.policy.kinds.iter().any(|k| k == "co-funding");
        let source = case.policy.source.clone();
        match &case.app.terms.co_funding {
            Some(agreement) => {
                let class = (FindingClass::Info, Verdict::Clear);
                let mut draft = Draft::new(self, Reason::CoFunding, class, source);
                for funder in &agreement.funders {
                    draft = draft.step(Label::SharePermille, u64::from(funder.share_permille));
                }
                report.find(draft.fen(Label::CapFen, agreement.cost));
                match agreement.cost {
                    Some(cost) => self.count((case, report), agreement, cost),
                    None if whole(agreement) > WHOLE => report.note(self.id(), WHO_PAYS),
                    None => {}
                }
            }
            None if designed => {
                let class = (FindingClass::OpenQuestion, Verdict::Refer);
                let draft = Draft::new(self, Reason::CoFundingUnproven, class, source);
                let readings =
                    [("shares-by-alliance", Verdict::Clear), ("agreement-needed", Verdict::Refer)];
                report.find(draft.readings(WHO_PAYS, &readings));
            }
            None => {}
        }
    }
}

impl CoFundingRule {
    /// Everything under one agreement stays within its cost, and each funder within its share.
    fn count(&self, (case, report): (&Case<'_>, &mut Report), agreement: &CoFunding, cost: Fen) {
        let shares = whole(agreement);
        let asked = case.asked_total();
        let of_agreement = |h: &&Held<'_>| is_co_funded(&case.app.terms, &h.entry.grant.terms);
        let held: Vec<&Held<'_>> = case.held.iter().filter(of_agreement).collect();
        let granted: Fen = held.iter().filter_map(|h| h.total()).sum();
        let district = &case.policy.district;
        let is_own = |f: &&CoFunder| place::is_named(district, case.region(), &f.name);
        let own = agreement.funders.iter().filter(is_own).map(|f| u64::from(f.share_permille));
        let own = own.reduce(u64::saturating_add);
        if own.is_none() {
            report.lacks(OWN_SHARE, district.as_str(), None);
        }
        let share = own.map(|own| cost.part(own, WHOLE));
        // Its share is paid once, in however many grants.
        let here = held.iter().filter(|h| h.entry.district == *district);
        let before: Fen = here.filter_map(|h| h.total()).sum();
        let above_share = asked.zip(share).is_some_and(|(asked, share)| asked.plus(before) > share);
        let above_cost = asked.unwrap_or(Fen::ZERO).plus(granted) > cost;
        if shares <= WHOLE && !above_share && !above_cost {
            return;
        }
        let class = (FindingClass::OpenQuestion, Verdict::Refer);
        let source = case.policy.source.clone();
        let told = own.filter(|_| shares <= WHOLE && above_share).unwrap_or(shares);
        // By the agreement, what its cost and the share leave; where its shares exceed the whole, and where
        // the alliance is to say the share, no sum is certain.
        let left = cost.minus(granted).min(share.unwrap_or(cost).minus(before));
        let left = if shares > WHOLE { Fen::ZERO } else { left };
        let by_agreement = if left == Fen::ZERO { Verdict::Refer } else { Verdict::Capped };
        let reading = |code: &str, verdict, amount| Reading {
            question: WHO_PAYS,
            reading: code.to_owned(),
            verdict,
            months: None,
            amount,
        };
        let draft = Draft::new(self, Reason::CoFundingAboveCost, class, source)
            .reading(reading("shares-by-alliance", Verdict::Refer, None))
            .reading(reading("agreement-needed", by_agreement, Some(left)))
            .step(Label::SharePermille, told)
            .fen(Label::AskedFen, asked)
            .fen(Label::HeldFen, Some(granted).filter(|fen| *fen > Fen::ZERO))
            .fen(Label::ShareFen, share.filter(|_| above_share))
            .fen(Label::CapFen, Some(cost).filter(|_| !above_share || above_cost));
        report.find(held.iter().fold(draft, |draft, h| draft.evidence(h.evidence())));
    }
}

/// What the shares come to, in permille.
fn whole(agreement: &CoFunding) -> u64 {
    agreement.funders.iter().map(|f| u64::from(f.share_permille)).sum()
}
