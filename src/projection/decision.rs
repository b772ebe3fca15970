//! What authorities decide beside policies and grants: sanctions, rulings on open questions, and
//! joint rules with the consents that put them into effect.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::feed::{FeedChange, FeedRow, notify};
use super::fold::EventMeta;
use super::funding::owned_key;
use super::joint::{JointAct, await_consents, has_consented};
use super::objection;
use super::table::{Key, Table};
use super::view::{Overlay, View, ViewError};
use crate::domain::directory::MessageRef;
use crate::domain::funding::message::{JointRule, Ruling, Sanction};
use crate::domain::objection::{ObjectedKind, ObjectedRecord};
use crate::domain::participant::ParticipantId;
use crate::domain::subject::SubjectId;
use crate::domain::time::UtcSeconds;

/// Sanctions, keyed by (owner, sanction, revision), found by person or employer.
pub const SANCTIONS: Table<SanctionRow> = Table::new(44);
/// Rulings, keyed by log position.
pub const RULINGS: Table<RulingRow> = Table::new(45);
/// Joint rules, keyed by (proposer, rule).
pub const JOINT_RULES: Table<JointRuleRow> = Table::new(46);

/// A sanction.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SanctionRow {
    /// Who decided.
    pub owner: ParticipantId,
    /// Log position.
    pub pos: u64,
    /// When the log took it.
    pub at: UtcSeconds,
    /// The sanction.
    pub sanction: Sanction<SubjectId>,
}

/// A ruling.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RulingRow {
    /// Whose ruling.
    pub owner: ParticipantId,
    /// Log position.
    pub pos: u64,
    /// The ruling.
    pub ruling: Ruling,
}

/// A joint rule as proposed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct JointRuleRow {
    /// Who proposed it; the proposal is this district's own consent.
    pub owner: ParticipantId,
    /// Log position.
    pub pos: u64,
    /// Id of its message, which consents name.
    pub jti: uuid::Uuid,
    /// The rule.
    pub rule: JointRule,
}

/// The sanctions of a person or an employer, each in its last revision; those that were lifted are
/// left out.
pub fn sanctions_of(view: &dyn View, subject: SubjectId) -> Result<Vec<SanctionRow>, ViewError> {
    let mut last: BTreeMap<(ParticipantId, String), SanctionRow> = BTreeMap::new();
    // Rows come in the order of the key, the revisions of each in theirs.
    for row in SANCTIONS.of_subject(view, subject)? {
        last.insert((row.owner.clone(), row.sanction.sanction.clone()), row);
    }
    Ok(last.into_values().filter(|row| !row.sanction.withdrawn).collect())
}

/// The joint rules that every district they bind has consented to. None exists by default (R05).
pub fn joint_rules_in_effect(view: &dyn View) -> Result<Vec<JointRule>, ViewError> {
    let mut rules = Vec::new();
    for row in JOINT_RULES.all(view)? {
        let target = MessageRef { iss: row.owner.clone(), jti: row.jti };
        let mut agreed = true;
        for district in row.rule.districts.iter().filter(|d| **d != row.owner) {
            agreed &= has_consented(view, &target, district)?;
        }
        if agreed {
            rules.push(row.rule);
        }
    }
    Ok(rules)
}

pub(super) fn sanction(
    state: &mut Overlay<'_>,
    meta: &EventMeta,
    sanction: Sanction<SubjectId>,
) -> Result<(), ViewError> {
    let (owner, record) = (meta.iss.clone(), sanction.sanction.clone());
    let (subject, revision) = (sanction.subject, sanction.revision);
    let key = owned_key(&owner, &record).number(u64::from(revision));
    let row = SanctionRow { owner: owner.clone(), pos: meta.pos, at: meta.at, sanction };
    state.apply(SANCTIONS.put(key, Some(subject), &row)?);
    if revision > 1 {
        let objected = ObjectedRecord { owner, kind: ObjectedKind::Sanction, record };
        objection::corrected(state, meta, &objected)?;
    }
    Ok(())
}

pub(super) fn ruling(
    state: &mut Overlay<'_>,
    meta: &EventMeta,
    ruling: Ruling,
) -> Result<(), ViewError> {
    let row = RulingRow { owner: meta.iss.clone(), pos: meta.pos, ruling };
    state.apply(RULINGS.put(Key::new().number(meta.pos), None, &row)?);
    Ok(())
}

pub(super) fn joint_rule(
    state: &mut Overlay<'_>,
    meta: &EventMeta,
    rule: JointRule,
) -> Result<(), ViewError> {
    await_consents(state, meta, &JointAct::JointRule(rule.rule.clone()))?;
    for district in rule.districts.iter().filter(|district| **district != meta.iss) {
        let entry = meta.feed_entry(FeedChange::JointRuleAwaitsConsent, None, None);
        let target = Some(MessageRef { iss: meta.iss.clone(), jti: meta.jti });
        notify(state, district, FeedRow { target, ..entry })?;
    }
    let key = Key::new().text(meta.iss.as_str()).text(&rule.rule);
    let row = JointRuleRow { owner: meta.iss.clone(), pos: meta.pos, jti: meta.jti, rule };
    state.apply(JOINT_RULES.put(key, None, &row)?);
    Ok(())
}
