//! Access is itself a record: who asked about whom, and who else was looked at on the way.
//!
//! An assessment follows links. A spouse is read where a clause reaches both (R11), and whoever may be
//! the applicant under another document is read to say so; they find it in their own access reports.
//! What the fold notes is what was within reach of the question; an agreement may have let less be
//! used of it.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use super::fold::EventMeta;
use super::funding::{POLICIES, grants_of, policy_key};
use super::link::{LINKS, same_person};
use super::table::{Key, Table};
use super::view::{Overlay, View, ViewError};
use crate::domain::context::QueryContext;
use crate::domain::funding::id::RuleId;
use crate::domain::funding::message::PolicyRef;
use crate::domain::link::LinkKind;
use crate::domain::participant::ParticipantId;
use crate::domain::subject::{Ref, SubjectId};
use crate::domain::time::UtcSeconds;

/// Who asked about a subject, keyed by log position, and for those who were reached by links by their
/// subject after it; found by subject.
pub const ACCESS: Table<AccessRow> = Table::new(15);

/// 夫妻双方不重复享受: the one rule that reaches a spouse.
const SPOUSES: RuleId = RuleId::new(11);
/// Most persons and objects that one assessment follows links from.
const FOLLOWED_MAX: usize = 64;

/// Who asked about a subject, and why.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AccessRow {
    /// Who.
    pub by: ParticipantId,
    /// Log position.
    pub pos: u64,
    /// When.
    pub at: UtcSeconds,
    /// What was asked.
    pub query: String,
    /// Why.
    pub context: QueryContext,
    /// How the question about somebody else reached this subject; absent where it was about this
    /// one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reached_as: Option<ReachedAs>,
}

/// How a question about one person reaches another.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ReachedAs {
    /// As a spouse, by a clause that treats both as one.
    Spouse,
    /// As perhaps the same person, by a link that does not count yet.
    PossiblySame,
}

/// Somebody asked about a subject.
pub(super) fn asked(
    state: &mut Overlay<'_>,
    meta: &EventMeta,
    (query, context): (&str, &QueryContext),
    subject: SubjectId,
) -> Result<(), ViewError> {
    let key = Key::new().number(meta.pos);
    state.apply(ACCESS.put(key, Some(subject), &row(meta, query, context, None))?);
    Ok(())
}

/// Somebody asked about an application: `subjects` are its person, employer and objects, in this
/// order.
pub(super) fn assessed(
    state: &mut Overlay<'_>,
    meta: &EventMeta,
    (query, context): (&str, &QueryContext),
    subjects: &[Ref<SubjectId>],
    policy: &PolicyRef,
) -> Result<(), ViewError> {
    let Some(Ref::Talent(applicant)) = subjects.first().copied() else { return Ok(()) };
    let own = has_clause(state, policy)?;
    for (other, how) in reached(state, applicant, subjects)? {
        if how == ReachedAs::Spouse && !own && !grants_reach(state, other)? {
            continue;
        }
        let key = Key::new().number(meta.pos).number(other.0);
        state.apply(ACCESS.put(key, Some(other), &row(meta, query, context, Some(how)))?);
    }
    Ok(())
}

/// The other persons that links lead to, without those who are the applicant.
fn reached(
    view: &dyn View,
    applicant: SubjectId,
    subjects: &[Ref<SubjectId>],
) -> Result<BTreeMap<SubjectId, ReachedAs>, ViewError> {
    let person: BTreeSet<SubjectId> = same_person(view, applicant)?.into_iter().collect();
    let mut order: Vec<SubjectId> = subjects.iter().map(|s| s.into_inner()).collect();
    let mut seen: BTreeSet<SubjectId> = order.iter().copied().collect();
    let mut others = BTreeMap::new();
    let mut next = 0;
    while let Some(from) = order.get(next).copied().filter(|_| next < FOLLOWED_MAX) {
        next += 1;
        for link in LINKS.of_subject(view, from)? {
            let leads = !link.withdrawn && matches!(link.kind, LinkKind::Same | LinkKind::Spouse);
            if !leads || !seen.insert(link.other) {
                continue;
            }
            order.push(link.other);
            let spouse =
                link.kind == LinkKind::Spouse || others.get(&from) == Some(&ReachedAs::Spouse);
            if spouse {
                others.insert(link.other, ReachedAs::Spouse);
            } else if !person.contains(&link.other) {
                others.insert(link.other, ReachedAs::PossiblySame);
            }
        }
    }
    Ok(others)
}

fn grants_reach(view: &dyn View, spouse: SubjectId) -> Result<bool, ViewError> {
    for row in grants_of(view, spouse)? {
        if has_clause(view, &row.grant.terms.policy)? {
            return Ok(true);
        }
    }
    Ok(false)
}

fn has_clause(view: &dyn View, policy: &PolicyRef) -> Result<bool, ViewError> {
    let row = POLICIES.get(view, &policy_key(policy))?;
    Ok(row.is_some_and(|row| row.policy.clause(SPOUSES).is_some()))
}

fn row(
    meta: &EventMeta,
    query: &str,
    context: &QueryContext,
    reached_as: Option<ReachedAs>,
) -> AccessRow {
    AccessRow {
        by: meta.iss.clone(),
        pos: meta.pos,
        at: meta.at,
        query: query.to_owned(),
        context: context.clone(),
        reached_as,
    }
}
