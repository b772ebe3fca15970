//! How evidence names what a finding rests on, and which of it is in doubt.

use std::collections::{BTreeMap, BTreeSet};

use super::{Case, Held, held_among, held_by};
use crate::domain::funding::finding::{Evidence, Reason};
use crate::domain::funding::ledger::{HeldRecord, LinkFact, OpenHold, SanctionFact};
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
        let projects = held_among(self.view, projects);
        let grants = held_by(self.view, &read).into_iter().chain(projects);
        let grants =
            grants.filter_map(|h| Some((h.evidence(), doubt(h.entry.suspect, h.entry.objected)?)));
        let records = read.iter().flat_map(|s| self.view.records(*s));
        let records = records.chain(read.iter().flat_map(|s| self.view.team_records(*s)));
        let records = records.filter_map(|r| Some((evidence_of(r), doubt(r.suspect, r.objected)?)));
        let sanctions = read.iter().flat_map(|s| self.view.sanctions(*s));
        let sanctions =
            sanctions.filter_map(|s| Some((sanction_evidence(s), doubt(s.suspect, s.objected)?)));
        let holds = self.view.holds().iter();
        let holds = holds.filter_map(|h| Some((hold_evidence(h), doubt(false, h.objected)?)));
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
        Evidence {
            district: self.entry.district.clone(),
            what: "grant".to_owned(),
            id: self.entry.grant.grant.clone(),
            position: self.entry.position,
        }
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

/// Why a record leads to REFER and no further.
fn doubt(suspect: bool, objected: bool) -> Option<Reason> {
    match (suspect, objected) {
        (true, _) => Some(Reason::SuspectRecord),
        (false, true) => Some(Reason::UnderObjection),
        (false, false) => None,
    }
}
