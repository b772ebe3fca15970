//! A [`FundingView`] in memory: what the gateway loaded for one application, or a case file.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::id::{QuestionId, RuleId};
use super::kind::Kind;
use super::ledger::{
    Coverage, HeldRecord, LedgerEntry, LinkFact, OpenHold, RulingFact, SanctionFact,
};
use super::message::{JointRule, NumberRef, Policy, PolicyRef};
use super::sameness::NumberForm;
use super::view::FundingView;
use crate::domain::participant::ParticipantId;
use crate::domain::record::Record;
use crate::domain::subject::SubjectId;

/// What holds whomever an application is about: policies, kinds, rulings, joint rules. Gathered
/// once and shared between assessments.
#[derive(Clone, Debug, Default)]
pub struct RuleFacts {
    policies: BTreeMap<PolicyRef, Policy>,
    by_scheme: BTreeMap<String, BTreeSet<PolicyRef>>,
    kinds: BTreeMap<String, Kind>,
    owners: BTreeMap<QuestionId, Vec<ParticipantId>>,
    rulings: BTreeMap<QuestionId, Vec<RulingFact>>,
    joint_rules: Vec<JointRule>,
}

impl RuleFacts {
    /// Adds a policy.
    pub fn add_policy(&mut self, policy: Policy) {
        let key = PolicyRef { id: policy.id.clone(), version: policy.version };
        if let Some(class) = &policy.class {
            self.by_scheme.entry(class.scheme.clone()).or_default().insert(key.clone());
        }
        self.policies.insert(key, policy);
    }

    /// Adds a kind.
    pub fn add_kind(&mut self, kind: Kind) {
        self.kinds.insert(kind.code.clone(), kind);
    }

    /// Says whose ruling settles a question.
    pub fn add_owners(&mut self, question: QuestionId, owners: Vec<ParticipantId>) {
        self.owners.insert(question, owners);
    }

    /// Adds a ruling.
    pub fn add_ruling(&mut self, ruling: RulingFact) {
        self.rulings.entry(ruling.ruling.question).or_default().push(ruling);
    }

    /// Adds a joint rule that is in effect.
    pub fn add_joint_rule(&mut self, rule: JointRule) {
        self.joint_rules.push(rule);
    }
}

/// Facts and rules, indexed by what they are about.
#[derive(Clone, Debug, Default)]
pub struct Facts {
    rules: Arc<RuleFacts>,
    entries: BTreeMap<SubjectId, Vec<LedgerEntry>>,
    projects: BTreeMap<NumberForm, Vec<LedgerEntry>>,
    records: BTreeMap<SubjectId, Vec<HeldRecord>>,
    teams: BTreeMap<SubjectId, Vec<HeldRecord>>,
    links: BTreeMap<SubjectId, Vec<LinkFact>>,
    holds: Vec<OpenHold>,
    sanctions: BTreeMap<SubjectId, Vec<SanctionFact>>,
    coverage: Vec<Coverage>,
    regions: BTreeMap<ParticipantId, String>,
    hints: BTreeSet<RuleId>,
}

impl Facts {
    /// No facts yet, over rules that are gathered already.
    pub fn over(rules: Arc<RuleFacts>) -> Self {
        Self { rules, ..Self::default() }
    }

    /// Adds a policy.
    pub fn add_policy(&mut self, policy: Policy) {
        Arc::make_mut(&mut self.rules).add_policy(policy);
    }

    /// Adds a rule that is shown as a hint only.
    pub fn add_hint(&mut self, rule: RuleId) {
        self.hints.insert(rule);
    }

    /// Adds a kind.
    pub fn add_kind(&mut self, kind: Kind) {
        Arc::make_mut(&mut self.rules).add_kind(kind);
    }

    /// Adds a grant under its talent, employer, objects and project.
    pub fn add_entry(&mut self, entry: LedgerEntry) {
        let terms = &entry.grant.terms;
        let objects = terms.objects.iter().map(|o| o.object);
        let keys: BTreeSet<SubjectId> =
            [terms.subject].into_iter().chain(terms.employer).chain(objects).collect();
        if let Some(project) = &terms.project {
            self.projects.entry(project.form()).or_default().push(entry.clone());
        }
        for key in keys.into_iter().filter(|k| *k != terms.subject) {
            self.entries.entry(key).or_default().push(entry.clone());
        }
        self.entries.entry(terms.subject).or_default().push(entry);
    }

    /// Adds a record under its subject; the certification of a team under its members too.
    pub fn add_record(&mut self, record: HeldRecord) {
        if let Record::Certification(team) = &record.record {
            for member in &team.members {
                self.teams.entry(member.subject).or_default().push(record.clone());
            }
        }
        self.records.entry(record.record.head().subject).or_default().push(record);
    }

    /// Adds a link under both subjects.
    pub fn add_link(&mut self, link: LinkFact) {
        let [one, other] = link.subjects;
        self.links.entry(one).or_default().push(link.clone());
        self.links.entry(other).or_default().push(link);
    }

    /// Adds a live hold.
    pub fn add_hold(&mut self, hold: OpenHold) {
        self.holds.push(hold);
    }

    /// Adds a sanction, unless it was lifted.
    pub fn add_sanction(&mut self, sanction: SanctionFact) {
        if sanction.sanction.withdrawn {
            return;
        }
        self.sanctions.entry(sanction.sanction.subject).or_default().push(sanction);
    }

    /// Says whose ruling settles a question.
    pub fn add_owners(&mut self, question: QuestionId, owners: Vec<ParticipantId>) {
        Arc::make_mut(&mut self.rules).add_owners(question, owners);
    }

    /// Adds a ruling.
    pub fn add_ruling(&mut self, ruling: RulingFact) {
        Arc::make_mut(&mut self.rules).add_ruling(ruling);
    }

    /// Adds a joint rule that is in effect.
    pub fn add_joint_rule(&mut self, rule: JointRule) {
        Arc::make_mut(&mut self.rules).add_joint_rule(rule);
    }

    /// Says whether a district's data are in.
    pub fn add_coverage(&mut self, coverage: Coverage) {
        self.coverage.push(coverage);
    }

    /// Says which region code a district has.
    pub fn add_region(&mut self, district: ParticipantId, region: impl Into<String>) {
        self.regions.insert(district, region.into());
    }
}

fn slice<'a, K: Ord, V>(map: &'a BTreeMap<K, Vec<V>>, key: &K) -> &'a [V] {
    map.get(key).map_or(&[], Vec::as_slice)
}

impl FundingView for Facts {
    fn policy(&self, policy: &PolicyRef) -> Option<&Policy> {
        self.rules.policies.get(policy)
    }

    fn versions(&self, id: &str) -> Vec<&Policy> {
        let first = PolicyRef { id: id.to_owned(), version: 0 };
        let from_there = self.rules.policies.range(first..);
        from_there.map(|(_, policy)| policy).take_while(|policy| policy.id == id).collect()
    }

    fn of_scheme(&self, scheme: &str) -> Vec<&Policy> {
        let policies = self.rules.by_scheme.get(scheme).into_iter().flatten();
        policies.filter_map(|p| self.rules.policies.get(p)).collect()
    }

    fn kind(&self, code: &str) -> Option<&Kind> {
        self.rules.kinds.get(code)
    }

    fn entries(&self, subject: SubjectId) -> &[LedgerEntry] {
        slice(&self.entries, &subject)
    }

    fn project_entries(&self, project: &NumberRef) -> &[LedgerEntry] {
        slice(&self.projects, &project.form())
    }

    fn records(&self, subject: SubjectId) -> &[HeldRecord] {
        slice(&self.records, &subject)
    }

    fn team_records(&self, subject: SubjectId) -> &[HeldRecord] {
        slice(&self.teams, &subject)
    }

    fn links(&self, subject: SubjectId) -> &[LinkFact] {
        slice(&self.links, &subject)
    }

    fn holds(&self) -> &[OpenHold] {
        &self.holds
    }

    fn sanctions(&self, subject: SubjectId) -> &[SanctionFact] {
        slice(&self.sanctions, &subject)
    }

    fn owners(&self, question: QuestionId) -> &[ParticipantId] {
        slice(&self.rules.owners, &question)
    }

    fn rulings(&self, question: QuestionId) -> &[RulingFact] {
        slice(&self.rules.rulings, &question)
    }

    fn joint_rules(&self) -> &[JointRule] {
        &self.rules.joint_rules
    }

    fn hints(&self) -> &BTreeSet<RuleId> {
        &self.hints
    }

    fn coverage(&self) -> &[Coverage] {
        &self.coverage
    }

    fn region(&self, district: &ParticipantId) -> Option<&str> {
        self.regions.get(district).map(String::as_str)
    }
}
