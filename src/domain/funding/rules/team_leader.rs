//! R30, for leaders of teams: the purchase subsidy of an agricultural team is its leader's (附件3 三（二）1
//! “最高给予A类带头人100万元”), not a member's nor an adviser's. The certification of the team says who leads;
//! the case may say so where no certification is at hand.

use super::conditions;
use super::entry::EntryTime;
use crate::domain::funding::case::Case;
use crate::domain::funding::finding::{FindingClass, Reason, Verdict};
use crate::domain::funding::id::RuleId;
use crate::domain::funding::report::{Draft, Report, Rule};
use crate::domain::funding::team::LEADS_TEAM;
use crate::domain::record::certification::TeamRole;

/// R30, the role in a team.
pub struct TeamLeader;

impl Rule for TeamLeader {
    fn id(&self) -> RuleId {
        EntryTime.id()
    }

    fn judge(&self, case: &Case<'_>, report: &mut Report) {
        for condition in conditions::of(case, self).filter(|c| c.fact == LEADS_TEAM) {
            match case.role_in_team() {
                Some((TeamRole::Leader, _)) => {}
                Some((TeamRole::Member | TeamRole::Adviser, evidence)) => {
                    let class = (FindingClass::Ineligible, Verdict::Ineligible);
                    let citation = condition.citation.clone();
                    let draft = Draft::new(self, Reason::NotTeamLeader, class, citation);
                    report.find(draft.evidence(evidence));
                }
                None => conditions::judge(self, Reason::NotTeamLeader, (case, report), condition),
            }
        }
    }
}
