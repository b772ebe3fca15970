//! R23: on the grounds of a debarment everything is to be returned (附件2 六（五）, 附件3 六（三）,
//! 附件4 四（二）4 “必须返还包括但不限于全部补贴、资助和奖励”). What was paid under the same rule and has
//! not come back is for the district to pursue; whether grants of other rules are meant is Q10, and
//! whether returned months still count toward a cap is Q38.

use super::debarment::{SCOPE, evidence, scope, sorted};
use crate::domain::funding::case::{Case, Held};
use crate::domain::funding::finding::{FindingClass, Label, Reason, Verdict};
use crate::domain::funding::id::{QuestionId, RuleId};
use crate::domain::funding::ledger::SanctionFact;
use crate::domain::funding::message::{Policy, SanctionKind};
use crate::domain::funding::report::{Draft, Report, Rule};
use crate::domain::money::Fen;

const MONTHS_COUNT: QuestionId = QuestionId::new(38);

/// R23.
pub struct Clawback;

impl Rule for Clawback {
    fn id(&self) -> RuleId {
        RuleId::new(23)
    }

    fn judge(&self, case: &Case<'_>, report: &mut Report) {
        let facts =
            case.persons.iter().flat_map(|p| sorted(case, *p, SanctionKind::PersonDebarred));
        // Another district's sanction binds nothing here (R35).
        let here = facts.filter(|f| f.district == case.policy.district);
        for fact in here.filter(|f| f.sanction.start <= case.app.date) {
            let before = |h: &&Held<'_>| h.entry.grant.decided_on <= fact.sanction.start;
            // What a review is about is owed like the grants beside it.
            let reviewed = case.reviewed.iter().filter(|h| h.entry.is_public());
            for held in case.held_here().chain(reviewed).filter(before) {
                self.owed((case, report), fact, held);
            }
        }
    }
}

impl Clawback {
    fn owed(&self, (case, report): (&Case<'_>, &mut Report), fact: &SanctionFact, held: &Held<'_>) {
        if held.entry.recoveries.iter().any(|r| r.months.is_some()) {
            report.note(self.id(), MONTHS_COUNT);
        }
        let paid: Fen = held.entry.payments.iter().map(|p| p.amount).sum();
        let left = held.entry.paid();
        if left == Fen::ZERO {
            return;
        }
        let same_rule = held.policy.is_some_and(|p| self.governs(p, fact));
        let orders = same_rule || self.governs(case.policy, fact);
        if !orders {
            return;
        }
        let reason = if same_rule { Reason::Clawback } else { Reason::ClawbackScope };
        let class = match reason {
            Reason::Clawback => FindingClass::Notice,
            _ => FindingClass::OpenQuestion,
        };
        let draft = Draft::new(self, reason, (class, Verdict::Refer), fact.sanction.basis.clone())
            .evidence(evidence(fact))
            .evidence(held.evidence())
            .step(Label::PaidFen, paid.get())
            .step(Label::LeftFen, left.get());
        // Where it reaches, what was returned has to be compared first.
        let readings = scope(true, Verdict::Refer);
        report.find(if same_rule { draft } else { draft.readings(SCOPE, &readings) });
    }

    /// Does the policy stand under the clause that the sanction rests on?
    fn governs(&self, policy: &Policy, fact: &SanctionFact) -> bool {
        let basis = &fact.sanction.basis;
        policy.clauses.iter().any(|c| {
            c.rules.contains(&self.id())
                && (&c.citation.document, &c.citation.article) == (&basis.document, &basis.article)
        })
    }
}
