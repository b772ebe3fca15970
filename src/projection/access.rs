//! Access is itself a record: who asked about whom, and who else was looked at on the way.
//!
//! An assessment follows links. A spouse is read where a clause reaches both (R11), and whoever may be
//! the applicant under another document is read to say so; they find it in their own access reports.
//! What the fold notes is what was within reach of the question; an agreement may have let less be
//! used of it.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::fold::EventMeta;
use super::funding::{POLICIES, grants_of, policy_key};
use super::link::{Reached, reached, same_person};
use super::table::{Key, Table};
use super::view::{Overlay, View, ViewError};
use crate::domain::context::QueryContext;
use crate::domain::funding::message::PolicyRef;
use crate::domain::funding::rules::SPOUSES;
use crate::domain::participant::ParticipantId;
use crate::domain::subject::{Ref, SubjectId};
use crate::domain::time::UtcSeconds;

/// Who asked about a subject, keyed by log position, and for those who were reached by links by their
/// subject after it; found by subject.
pub const ACCESS: Table<AccessRow> = Table::new(15);

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
    /// As perhaps the same person, by a link that does not count yet or by one passport.
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

/// Somebody asked for records: whoever may be the same person was looked for, and told of.
pub(super) fn beside(
    state: &mut Overlay<'_>,
    meta: &EventMeta,
    (query, context): (&str, &QueryContext),
    subject: SubjectId,
) -> Result<(), ViewError> {
    let perhaps = others(state, subject, &[Ref::Talent(subject)])?;
    for (other, how) in perhaps.into_iter().filter(|(_, how)| *how == ReachedAs::PossiblySame) {
        let key = Key::new().number(meta.pos).number(other.0);
        state.apply(ACCESS.put(key, Some(other), &row(meta, query, context, Some(how)))?);
    }
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
    for (other, how) in others(state, applicant, subjects)? {
        if how == ReachedAs::Spouse && !own && !grants_reach(state, other)? {
            continue;
        }
        let key = Key::new().number(meta.pos).number(other.0);
        state.apply(ACCESS.put(key, Some(other), &row(meta, query, context, Some(how)))?);
    }
    Ok(())
}

/// The other persons that links lead to, without those who are the applicant.
fn others(
    view: &dyn View,
    applicant: SubjectId,
    subjects: &[Ref<SubjectId>],
) -> Result<BTreeMap<SubjectId, ReachedAs>, ViewError> {
    let person = same_person(view, applicant)?;
    let named: Vec<SubjectId> = subjects.iter().map(|s| s.into_inner()).collect();
    let Reached { own, spouses } = reached(view, named.iter().copied(), |_| ())?;
    let perhaps = own.into_iter().filter(|s| !named.contains(s) && !person.contains(s));
    let perhaps = perhaps.map(|s| (s, ReachedAs::PossiblySame));
    Ok(perhaps.chain(spouses.into_iter().map(|s| (s, ReachedAs::Spouse))).collect())
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
