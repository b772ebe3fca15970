//! Is a case file one that the gateway could hold? What it says of policies, records, grants and links
//! is checked by the functions that check the messages, so that no case is judged on what no log
//! takes. Facts of a case have no order: payments are looked at one after the other, beside everything
//! that came back.

use std::collections::BTreeSet;
use std::convert::Infallible;

use super::Catalogue;
use crate::domain::code::{Code, Refusal};
use crate::domain::funding::bookkeeping;
use crate::domain::funding::case_file::{CaseFile, CaseGrant, CaseLink, CaseRecord};
use crate::domain::funding::ledger::LedgerEntry;
use crate::domain::funding::message::{Policy, PolicyRef, Terms};
use crate::domain::link::{LinkKind, is_parted};
use crate::domain::participant::ParticipantId;
use crate::domain::record::life_cycle::State;
use crate::domain::subject::SubjectId;
use crate::domain::time::Validity;

/// What is wrong with a case, with pointers into the file.
type Found = Vec<Refusal>;

impl Catalogue {
    /// Everything that is wrong with a case which fits its schema; empty when it can be judged.
    pub fn check_case(&self, case: &CaseFile) -> Vec<Refusal> {
        let mut found = Found::new();
        districts_of(case, &mut found);
        self.policies_of(case, &mut found);
        self.records_of(case, &mut found);
        self.grants_of(case, &mut found);
        self.claims_of(case, &mut found);
        links_of(case, &mut found);
        self.decisions_of(case, &mut found);
        found
    }

    fn known<'c>(&'c self, case: &'c CaseFile, policy: &PolicyRef) -> Option<&'c Policy> {
        let named = |p: &&Policy| p.id == policy.id && p.version == policy.version;
        case.policies.iter().find(named).or_else(|| self.policy(policy))
    }

    fn policies_of(&self, case: &CaseFile, found: &mut Found) {
        for (i, policy) in case.policies.iter().enumerate() {
            // A policy of the case stands in for the shipped one of its id and version.
            let shipped = self.policies.iter().filter(|p| p.version != policy.version);
            let before = case.policies.get(..i).unwrap_or_default();
            let versions = shipped.chain(before).filter(|p| p.id == policy.id).cloned();
            let checked = self.check_policy(policy, &versions.collect::<Vec<_>>());
            note(checked, &format!("/policies/{i}"), found);
        }
    }

    fn records_of(&self, case: &CaseFile, found: &mut Found) {
        let mut seen = BTreeSet::new();
        for (i, held) in case.records.iter().enumerate() {
            let kind = held.record.kind().as_str();
            let place = format!("/records/{i}/record/{kind}");
            let record = &held.record;
            let checked = self
                .check_content(record)
                .and_then(|()| self.check_classes(record, Some(&held.district)))
                .and_then(|()| {
                    new_id(&mut seen, (&held.district, kind, &record.head().record), "record")
                });
            note(checked, &place, found);
            let before = case.records.get(..i).unwrap_or_default();
            note(one_word(held, before), &place, found);
        }
    }

    /// A grant and application speak of a policy of whoever sends them, and of classes that exist.
    fn terms(
        &self,
        case: &CaseFile,
        terms: &Terms<String>,
        district: Option<&ParticipantId>,
    ) -> Result<(), Refusal> {
        let policy = self.known(case, &terms.policy);
        if let (Some(policy), Some(district)) = (policy, district)
            && policy.district != *district
        {
            return Err(Refusal::new(Code::NotOwner).at("/body/policy", "a policy of the district"));
        }
        self.check_class(terms)
    }

    fn grants_of(&self, case: &CaseFile, found: &mut Found) {
        let mut seen = BTreeSet::new();
        for (i, g) in case.grants.iter().enumerate() {
            let policy = self.known(case, &g.grant.terms.policy);
            let checked = bookkeeping::grant(&g.grant, policy)
                .and_then(|()| self.terms(case, &g.grant.terms, Some(&g.district)))
                .and_then(|()| new_id(&mut seen, (&g.district, "grant", &g.grant.grant), "grant"));
            note(checked, &format!("/grants/{i}/grant"), found);
            life_of(g, policy, &format!("/grants/{i}"), found);
        }
    }

    fn claims_of(&self, case: &CaseFile, found: &mut Found) {
        let mut seen = BTreeSet::new();
        for (i, h) in case.holds.iter().enumerate() {
            let checked = new_id(&mut seen, (&h.district, "hold", &h.hold), "hold");
            note(checked, &format!("/holds/{i}"), found);
            let policy = self.known(case, &h.application.terms.policy);
            let checked = bookkeeping::application(&h.application, policy)
                .and_then(|()| self.terms(case, &h.application.terms, Some(&h.district)));
            note(checked, &format!("/holds/{i}/application"), found);
        }
        for (i, step) in case.steps.iter().enumerate() {
            let policy = self.known(case, &step.application.terms.policy);
            let checked = bookkeeping::application(&step.application, policy)
                .and_then(|()| self.terms(case, &step.application.terms, None));
            note(checked, &format!("/steps/{i}/application"), found);
        }
    }

    fn decisions_of(&self, case: &CaseFile, found: &mut Found) {
        let mut seen = BTreeSet::new();
        for (i, s) in case.sanctions.iter().enumerate() {
            let place = format!("/sanctions/{i}/sanction");
            let end = Refusal::new(Code::DateImpossible).at("/body/end", "after start");
            note(if s.sanction.is_ordered() { Ok(()) } else { Err(end) }, &place, found);
            let id = (&s.district, "sanction", &s.sanction.sanction);
            note(new_id(&mut seen, id, "sanction"), &place, found);
        }
        for (i, r) in case.rulings.iter().enumerate() {
            let checked = self.check_ruling(&r.ruling, &r.district);
            note(checked, &format!("/rulings/{i}/ruling"), found);
        }
        for (i, rule) in case.joint_rules.iter().enumerate() {
            note(ordered(&rule.validity), &format!("/joint_rules/{i}"), found);
        }
    }
}

/// A sender has one word about one thing, as the gate asks; what a leaked key may have signed is no word.
fn one_word(held: &CaseRecord, before: &[CaseRecord]) -> Result<(), Refusal> {
    let stands = |record: &CaseRecord| record.state == State::Active && !record.suspect;
    let about = |held: &CaseRecord| {
        let record = &held.record;
        (held.district.clone(), record.head().subject.clone(), record.is_about_enterprise())
    };
    let contrary = before.iter().enumerate().find_map(|(j, other)| {
        let at = held.record.denies(&other.record)?;
        (stands(other) && stands(held) && about(other) == about(held)).then_some((at, j))
    });
    match contrary {
        None => Ok(()),
        Some((at, j)) => Err(contradiction(&format!("/body{at}"), &format!("/records/{j}"))),
    }
}

/// One sender says the opposite of what it said elsewhere in the file.
pub(super) fn contradiction(place: &str, other: &str) -> Refusal {
    Refusal::new(Code::RecordContradiction).at(place, format!("the value at {other}")).detail(
        "同一单位对同一事实、同一期间作了相反的说明，网关不会同时收下；请保留其中一条，或写明是哪两个单位",
        "one sender says the opposite of the same fact for the same period, which the gateway does not \
         take: keep one of them, or say which two senders they are of",
    )
}

/// A district is covered or it is not, and lies in one region.
fn districts_of(case: &CaseFile, found: &mut Found) {
    let mut seen = BTreeSet::new();
    for (i, row) in case.districts.iter().enumerate() {
        if !seen.insert(&row.district) {
            let place = format!("/districts/{i}/district");
            found.push(Refusal::new(Code::RecordContradiction).at(place, "each district once"));
        }
    }
}

/// What became of a grant.
fn life_of(g: &CaseGrant, policy: Option<&Policy>, place: &str, found: &mut Found) {
    let Ok(grant) = g.grant.clone().map(&mut |_| Ok::<_, Infallible>(SubjectId(0)));
    let mut entry = LedgerEntry {
        district: g.district.clone(),
        grant,
        stopped: None,
        payments: Vec::new(),
        recoveries: g.recoveries.clone(),
        suspect: g.suspect,
        objected: g.objected,
        position: None,
    };
    for (i, payment) in g.payments.iter().enumerate() {
        let checked = same_grant(&payment.grant, &g.grant.grant)
            .and_then(|()| bookkeeping::payment(&entry, policy, payment));
        note(checked, &format!("{place}/payments/{i}"), found);
        entry.payments.push(payment.clone());
    }
    entry.recoveries.clear();
    for (i, recovery) in g.recoveries.iter().enumerate() {
        let checked = same_grant(&recovery.grant, &g.grant.grant)
            .and_then(|()| bookkeeping::recovery(&entry, policy, recovery));
        note(checked, &format!("{place}/recoveries/{i}"), found);
        entry.recoveries.push(recovery.clone());
    }
    if let Some(Err(mut refusal)) = g.stopped.map(|last| bookkeeping::stop(&entry, policy, last)) {
        // In a case file the last month stands by itself.
        for violation in &mut refusal.violations {
            violation.pointer = format!("{place}/stopped");
        }
        found.push(refusal);
    }
}

fn links_of(case: &CaseFile, found: &mut Found) {
    let pairs = |kind: LinkKind| {
        let links = case.links.iter().enumerate();
        // What is not confirmed certifies nothing; a suspicion of one person is looked at with the rest.
        let counts = |l: &CaseLink| l.confirmed || l.kind == LinkKind::Same;
        links.filter(move |(_, l)| l.kind == kind && counts(l)).map(|(i, l)| (i, &l.subjects))
    };
    for (i, link) in case.links.iter().enumerate() {
        note(ordered(&link.validity), &format!("/links/{i}"), found);
        if link.by_passport && (link.kind != LinkKind::Same || link.confirmed) {
            let expected =
                "only of kind same and not confirmed: what a person has compared is a link";
            let refusal = Refusal::new(Code::RecordContradiction);
            found.push(refusal.at(format!("/links/{i}/by_passport"), expected));
        }
    }
    for (i, [a, b]) in pairs(LinkKind::Different).chain(pairs(LinkKind::Spouse)) {
        let mut person = BTreeSet::from([a]);
        // Each round joins at least one more, or is the last.
        for _ in 0..case.links.len() {
            for (_, [c, d]) in pairs(LinkKind::Same) {
                if person.contains(c) || person.contains(d) {
                    person.extend([c, d]);
                }
            }
        }
        if is_parted(&person, [[a, b]]) {
            let refusal = Refusal::new(Code::LinkConflict);
            found.push(refusal.at(format!("/links/{i}/subjects"), "two persons"));
        }
    }
}

fn ordered(validity: &Validity) -> Result<(), Refusal> {
    if validity.is_ordered() {
        return Ok(());
    }
    Err(Refusal::new(Code::DateImpossible).at("/body/validity", "order"))
}

fn same_grant(named: &str, grant: &str) -> Result<(), Refusal> {
    if named == grant {
        return Ok(());
    }
    Err(Refusal::new(Code::GrantUnknown).at("/body/grant", "the grant that it belongs to"))
}

fn new_id<'c>(
    seen: &mut BTreeSet<(&'c ParticipantId, &'static str, &'c String)>,
    id: (&'c ParticipantId, &'static str, &'c String),
    member: &str,
) -> Result<(), Refusal> {
    if seen.insert(id) {
        return Ok(());
    }
    Err(Refusal::new(Code::RecordTaken).at(format!("/body/{member}"), "a new id"))
}

fn note(checked: Result<(), Refusal>, place: &str, found: &mut Found) {
    found.extend(checked.err().map(|refusal| refusal.moved(place)));
}
