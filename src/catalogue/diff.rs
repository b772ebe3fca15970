//! What a policy writer's file changes in the catalogue.

use std::fmt;

use serde::Serialize;
use serde_json::{Map, Value};

use super::Catalogue;
use crate::domain::funding::message::Policy;

/// One policy that the file adds or changes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Change {
    /// Its id.
    pub policy: String,
    /// Its version.
    pub version: u32,
    /// Added or changed.
    pub what: ChangeKind,
    /// The members that differ, by name; none for an added policy.
    pub members: Vec<String>,
}

/// What became of a policy.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum ChangeKind {
    /// A new id or a new version.
    Added,
    /// The same id and version, other contents.
    Changed,
}

impl fmt::Display for ChangeKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Added => "added",
            Self::Changed => "changed",
        })
    }
}

/// Puts `policies` in the place of those with the same id and version, and says what differs.
pub fn replace(catalogue: &mut Catalogue, policies: Vec<Policy>) -> Vec<Change> {
    let mut changes = Vec::new();
    for new in policies {
        let (policy, version) = (new.id.clone(), new.version);
        let same = |p: &&mut Policy| p.id == policy && p.version == version;
        match catalogue.policies.iter_mut().find(same) {
            None => {
                catalogue.policies.push(new);
                let what = ChangeKind::Added;
                changes.push(Change { policy, version, what, members: Vec::new() });
            }
            Some(old) if *old == new => {}
            Some(old) => {
                let members = differing(&members(old), &members(&new));
                *old = new;
                changes.push(Change { policy, version, what: ChangeKind::Changed, members });
            }
        }
    }
    changes
}

fn members(policy: &Policy) -> Map<String, Value> {
    match serde_json::to_value(policy) {
        Ok(Value::Object(members)) => members,
        _ => Map::new(),
    }
}

fn differing(old: &Map<String, Value>, new: &Map<String, Value>) -> Vec<String> {
    let mut names: Vec<_> =
        old.keys().chain(new.keys().filter(|k| !old.contains_key(*k))).collect();
    names.retain(|name| old.get(*name) != new.get(*name));
    names.into_iter().cloned().collect()
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;

    #[test]
    fn a_change_names_its_members_and_the_same_again_is_none() {
        let mut catalogue = Arc::unwrap_or_clone(Catalogue::embedded().unwrap());
        let count = catalogue.policies.len();
        let mut changed = catalogue.policies[0].clone();
        changed.amount.cap = None;
        changed.questions.clear();
        let mut added = changed.clone();
        added.version = 2;
        let same = catalogue.policies[1].clone();
        let report = replace(&mut catalogue, vec![changed.clone(), same, added]);
        assert_eq!(report.len(), 2);
        assert_eq!(report[0].members, ["amount", "questions"]);
        assert_eq!((report[1].what, report[1].version), (ChangeKind::Added, 2));
        assert_eq!(catalogue.policies[0], changed);
        assert_eq!(catalogue.policies.len(), count + 1);
    }
}
