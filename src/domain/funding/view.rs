//! Everything that a rule may read. The gateway implements it over what it loaded for one
//! application, so that the cost follows the subject's records and not the size of the tables.

use std::collections::BTreeSet;

use super::id::{QuestionId, RuleId};
use super::kind::Kind;
use super::ledger::{
    Coverage, HeldRecord, LedgerEntry, LinkFact, OpenHold, RulingFact, SanctionFact,
};
use super::message::{JointRule, NumberRef, Policy, PolicyRef};
use crate::domain::participant::ParticipantId;
use crate::domain::subject::SubjectId;

/// The facts and rules that one assessment may read. Talents and objects share one number space.
/// Order inside the slices has no meaning.
pub trait FundingView {
    /// The policy.
    fn policy(&self, policy: &PolicyRef) -> Option<&Policy>;
    /// Every version of a policy, in order.
    fn versions(&self, id: &str) -> Vec<&Policy>;
    /// Policies for classes of a scheme, in order.
    fn of_scheme(&self, scheme: &str) -> Vec<&Policy>;
    /// A kind of the shared list.
    fn kind(&self, code: &str) -> Option<&Kind>;
    /// Grants whose talent, employer or object is `subject`.
    fn entries(&self, subject: SubjectId) -> &[LedgerEntry];
    /// Grants that fund a project of this number, whoever is named as its authority.
    fn project_entries(&self, project: &NumberRef) -> &[LedgerEntry];
    /// Records of a talent, and facts about an enterprise.
    fn records(&self, subject: SubjectId) -> &[HeldRecord];
    /// Certifications of teams that list the talent, whoever heads them.
    fn team_records(&self, subject: SubjectId) -> &[HeldRecord];
    /// Links that the talent is part of.
    fn links(&self, subject: SubjectId) -> &[LinkFact];
    /// Live holds that share a claim key with the application.
    fn holds(&self) -> &[OpenHold];
    /// Sanctions of a talent or an employer.
    fn sanctions(&self, subject: SubjectId) -> &[SanctionFact];
    /// Districts whose ruling settles a question for everybody; empty means each for itself.
    fn owners(&self, question: QuestionId) -> &[ParticipantId];
    /// Rulings on a question.
    fn rulings(&self, question: QuestionId) -> &[RulingFact];
    /// Joint rules that are in effect.
    fn joint_rules(&self) -> &[JointRule];
    /// Rules that are shown as hints only.
    fn hints(&self) -> &BTreeSet<RuleId>;
    /// Every district of the directory: were its data in?
    fn coverage(&self) -> &[Coverage];
    /// GB/T 2260 code of a district.
    fn region(&self, district: &ParticipantId) -> Option<&str>;
}
