//! R09: designed co-funding (yangpu-2021-19 附件 三4 “建立共担共享机制”) is no duplication when the
//! agreement is referenced; shares are listed, also those of funders outside the directory. Who pays
//! what is not in the text: Q32.

use crate::domain::funding::case::Case;
use crate::domain::funding::finding::{FindingClass, Label, Reason, Verdict};
use crate::domain::funding::id::{QuestionId, RuleId};
use crate::domain::funding::report::{Draft, Report, Rule};

const WHO_PAYS: QuestionId = QuestionId::new(32);

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
