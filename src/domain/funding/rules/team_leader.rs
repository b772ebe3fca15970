//! R30, for leaders of teams: the purchase subsidy of an agricultural team is its leader's (附件3 三（二）1
//! “最高给予A类带头人100万元”), not a member's nor an adviser's. The certification of the team says who leads;
//! the case may say so where no certification is at hand. The award of a team is the team's, so a member
//! may be named in its application; but what is said of the leader there (附件3 二（一）4 “带头人（自然人）须为
//! 企业法定代表人且为第一大股东”) is not said of a member.

use super::conditions;
use super::entry::EntryTime;
use crate::domain::funding::case::Case;
use crate::domain::funding::finding::{FindingClass, Reason, Verdict};
use crate::domain::funding::id::RuleId;
use crate::domain::funding::message::{Beneficiary, Condition};
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
        self.stands_for_leader(case, report);
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

/// Conditions of teams that are written of the leader, and stated of whom the application names.
const OF_THE_LEADER: [&str; 2] = ["legal-representative", "largest-shareholder"];

impl TeamLeader {
    fn stands_for_leader(&self, case: &Case<'_>, report: &mut Report) {
        let to_team = case.policy.beneficiaries.contains(&Beneficiary::Team);
        let written = |c: &&Condition| OF_THE_LEADER.contains(&c.fact.as_str());
        let condition = case.policy.conditions.iter().filter(|_| to_team).find(written);
        let (Some(condition), Some((role, evidence))) = (condition, case.role_in_team()) else {
            return;
        };
        if role != TeamRole::Leader {
            let class = (FindingClass::Notice, Verdict::Refer);
            let citation = condition.citation.clone();
            let draft = Draft::new(self, Reason::NotTeamLeader, class, citation);
            report.find(draft.evidence(evidence));
        }
    }
}
