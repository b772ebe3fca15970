//! How evidence names what a finding rests on, and which of it is in doubt.

use std::collections::{BTreeMap, BTreeSet};

use super::{Case, Held};
use crate::domain::funding::finding::{Evidence, Reason};
use crate::domain::funding::ledger::{HeldRecord, LedgerEntry, LinkFact, OpenHold, SanctionFact};
use crate::domain::link::LinkKind;
use crate::domain::subject::SubjectId;

/// How evidence names a case fact.
pub(super) const CASE_FACT: &str = "case-fact";

impl Case<'_> {
    /// Evidence in doubt, and why: it rests on a key that has leaked, or it is under objection.
    pub fn doubts(&self) -> BTreeMap<Evidence, Reason> {
        let spouses = self.spouses().into_iter().flat_map(|(s, _)| self.person(s));
        let read: BTreeSet<SubjectId> = self
            .persons
            .iter()
            .copied()
            .chain(self.app.terms.employer)
            .chain(self.app.terms.objects.iter().map(|o| o.object))
            .chain(spouses)
            .collect();
        let read: Vec<SubjectId> = read.into_iter().collect();
        let projects = self.app.terms.project.iter().flat_map(|p| self.view.project_entries(p));
        let grants = read.iter().flat_map(|s| self.view.entries(*s)).chain(projects);
        let grants = grants.filter_map(|g| doubted(g, g.suspect, g.objected, grant_evidence));
        let records = read.iter().flat_map(|s| self.view.records(*s));
        let records = records.chain(read.iter().flat_map(|s| self.view.team_records(*s)));
        let records = records.filter_map(|r| doubted(r, r.suspect, r.objected, evidence_of));
        let sanctions = read.iter().flat_map(|s| self.view.sanctions(*s));
        let sanctions =
            sanctions.filter_map(|s| doubted(s, s.suspect, s.objected, sanction_evidence));
        let holds = self.view.holds().iter();
        let holds = holds.filter_map(|h| doubted(h, false, h.objected, hold_evidence));
        grants.chain(records).chain(sanctions).chain(holds).collect()
    }

    /// Evidence that names a link by its sender, whatever the district of the grant or record that it leads
    /// to.
    pub fn link_evidence(&self, link: &LinkFact) -> Evidence {
        let kind = match link.kind {
            LinkKind::Spouse => "spouse",
            _ if link.by_passport => "passport",
            _ => "same",
        };
        Evidence {
            district: link.district.as_ref().unwrap_or(&self.policy.district).clone(),
            what: "link".to_owned(),
            id: kind.to_owned(),
            position: link.position,
        }
    }

    /// Evidence that names a case fact.
    pub fn case_evidence(&self, code: &str) -> Evidence {
        Evidence {
            district: self.policy.district.clone(),
            what: CASE_FACT.to_owned(),
            id: code.to_owned(),
            position: None,
        }
    }
}

impl Held<'_> {
    /// Evidence that names the grant.
    pub fn evidence(&self) -> Evidence {
        grant_evidence(self.entry)
    }
}

/// Evidence that names a grant.
fn grant_evidence(entry: &LedgerEntry) -> Evidence {
    Evidence {
        district: entry.district.clone(),
        what: "grant".to_owned(),
        id: entry.grant.grant.clone(),
        position: entry.position,
    }
}

/// Evidence that names a record.
pub fn evidence_of(held: &HeldRecord) -> Evidence {
    Evidence {
        district: held.district.clone(),
        what: held.record.kind().as_str().to_owned(),
        id: held.record.head().record.clone(),
        position: held.position,
    }
}

/// Evidence that names a sanction.
pub fn sanction_evidence(fact: &SanctionFact) -> Evidence {
    Evidence {
        district: fact.district.clone(),
        what: "sanction".to_owned(),
        id: fact.sanction.sanction.clone(),
        position: fact.position,
    }
}

/// Evidence that names a live hold.
pub fn hold_evidence(hold: &OpenHold) -> Evidence {
    Evidence {
        district: hold.district.clone(),
        what: "hold".to_owned(),
        id: hold.hold.clone(),
        position: hold.position,
    }
}

/// What leads to REFER and no further, and why. Most is in no doubt, and then nobody names it.
fn doubted<T>(
    fact: &T,
    suspect: bool,
    objected: bool,
    evidence: fn(&T) -> Evidence,
) -> Option<(Evidence, Reason)> {
    let reason = match (suspect, objected) {
        (true, _) => Reason::SuspectRecord,
        (false, true) => Reason::UnderObjection,
        (false, false) => return None,
    };
    Some((evidence(fact), reason))
}
