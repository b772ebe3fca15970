//! What somebody is in a certified team (附件3 二（一）1 “1名带头人和至少 4名成员（不含顾问、理事等）”). A team's
//! certification names its head as subject and lists the others with their roles; it is found by each of
//! them.

use super::case::{Case, certification, evidence_of};
use super::finding::Evidence;
use super::ledger::HeldRecord;
use super::message::{Beneficiary, Policy};
use super::outlived::is_outlived;
use crate::domain::record::certification::{Certification, TeamRole};
use crate::domain::record::life_cycle::State;
use crate::domain::subject::SubjectId;

/// Fact of a condition: the applicant leads the certified team. Its carrier is the certification.
pub const LEADS_TEAM: &str = "leads-certified-team";

/// Facts that the list of a certified team states, each with the scheme of the team. A member's yes, an
/// adviser's no (附件3 二（一）1 “不含顾问、理事等”); of the leader 附件3 三（二）2 says nothing, who is asked about.
const MEMBERSHIPS: [(&str, &str); 1] = [(MEMBER, "qingpu-agri-team")];
/// Fact of a target group: the applicant is a member of an agricultural team.
pub const MEMBER: &str = "agri-team-member";

/// What somebody is in a team, whatever became of its certification.
#[derive(Clone, Copy, Debug)]
pub struct TeamPlace<'a> {
    /// As its list says.
    pub role: TeamRole,
    /// The certification.
    pub record: &'a HeldRecord,
}

impl<'a> Case<'a> {
    /// What the lists of certified teams say of a fact, with their records.
    pub fn listed(&self, fact: &str) -> Vec<(bool, &'a HeldRecord, &'a Certification<SubjectId>)> {
        let Some((_, scheme)) = MEMBERSHIPS.iter().find(|(code, _)| *code == fact) else {
            return Vec::new();
        };
        let active = |r: &HeldRecord| r.state == State::Active;
        let listed = self.team_records().filter_map(|(record, cert)| {
            let member = match self.role_in(cert)? {
                TeamRole::Member => true,
                TeamRole::Adviser => false,
                TeamRole::Leader => return None,
            };
            (cert.scheme == *scheme && active(record)).then_some((member, record, cert))
        });
        listed.collect()
    }

    /// What the applicant is in a team that states `fact`: by the certification in force, else by one that
    /// has ended.
    pub fn place_in_team(&self, fact: &str) -> Option<TeamPlace<'a>> {
        // Who leads is said by the scheme of the policy's class.
        let scheme = match fact {
            LEADS_TEAM => self.policy.class.as_ref()?.scheme.as_str(),
            _ => MEMBERSHIPS.iter().find(|(code, _)| *code == fact)?.1,
        };
        self.team_records()
            .filter(|(_, cert)| cert.scheme == scheme)
            .filter_map(|(record, cert)| Some(TeamPlace { role: self.role_in(cert)?, record }))
            .min_by_key(|place| (place.record.state != State::Active, evidence_of(place.record)))
    }

    /// Certifications that may give the applicant a class: his own, and under a policy for teams or for
    /// their people those of a team that counts him.
    pub fn class_certifications(&self) -> Vec<(&'a HeldRecord, &'a Certification<SubjectId>)> {
        let teams = is_for_teams(self.policy);
        let counts = |c: &Certification<SubjectId>| {
            self.is_person(c.head.subject)
                || teams && self.role_in(c).is_some_and(|role| role != TeamRole::Adviser)
        };
        self.team_records().filter(|(_, c)| counts(c)).collect()
    }

    /// What the applicant is in a team that is certified, on the day, in a class that the policy is for:
    /// leader, where any such certification says so.
    pub fn role_in_team(&self) -> Option<(TeamRole, Evidence)> {
        let class = self.policy.class.as_ref()?;
        let fits = |c: &Certification<SubjectId>| {
            class.includes(&c.scheme, &c.class) && c.head.validity.contains(self.app.date)
        };
        self.team_records()
            .filter(|(record, c)| record.state == State::Active && fits(c))
            .filter_map(|(record, c)| Some((self.role_in(c)?, evidence_of(record))))
            .min_by_key(|(role, evidence)| (*role != TeamRole::Leader, evidence.clone()))
    }

    /// The role that one certification gives the applicant. Its subject leads unless it lists another
    /// leader, or says what the subject is.
    fn role_in(&self, cert: &Certification<SubjectId>) -> Option<TeamRole> {
        let listed = cert.members.iter().find(|m| self.is_person(m.subject));
        let led = cert.members.iter().any(|m| m.role == TeamRole::Leader);
        let head = if led { TeamRole::Member } else { TeamRole::Leader };
        let is_head = self.is_person(cert.head.subject);
        listed.map(|m| m.role).or_else(|| is_head.then_some(head))
    }

    fn is_person(&self, subject: SubjectId) -> bool {
        self.persons.contains(&subject)
    }

    fn team_records(
        &self,
    ) -> impl Iterator<Item = (&'a HeldRecord, &'a Certification<SubjectId>)> + use<'a> {
        let (view, here) = (self.view, &self.policy.district);
        let records = self
            .persons
            .clone()
            .into_iter()
            .flat_map(move |p| view.records(p).iter().chain(view.team_records(p)));
        let persons = self.persons.clone();
        let stands = move |r: &&HeldRecord| !is_outlived(view, &persons, r);
        records.filter(stands).filter_map(move |r| certification(view, here, r))
    }
}

/// Does the policy pay teams, or the people of a team as such?
fn is_for_teams(policy: &Policy) -> bool {
    let to_leader = policy.conditions.iter().any(|c| c.fact == LEADS_TEAM);
    to_leader || policy.beneficiaries.contains(&Beneficiary::Team)
}
