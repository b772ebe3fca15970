//! Papers of one certificate: no copy outlives the record of the office that gave it, and where nobody sent
//! that, copies that say different classes leave it to a person.

use std::collections::BTreeMap;

use super::files::{Filed, from, is_checked, lies_in, office, place, seat};

/// What the other papers of its certificate say of a paper.
#[derive(Debug, Default)]
pub(super) struct Said {
    /// The office's own record ended, has not begun, or is under objection.
    pub(super) ended: bool,
    /// Is that by an objection alone, which will be decided?
    pub(super) only_objected: bool,
    /// It says another class.
    pub(super) differs: bool,
}

pub(super) fn said(paper: &Filed, all: &[Filed], day: &str) -> Said {
    let body = paper.on(day).body;
    let others: Vec<&Filed> =
        all.iter().filter(|f| f.is_paper() && f.id != paper.id && is_one(paper, f, day)).collect();
    let first_hand = |f: &&&Filed| f.sender != paper.sender && is_original(f, day);
    // A sender that entered one certificate twice is taken at the record that stands.
    let mut originals: BTreeMap<&str, (bool, bool, &Filed)> = BTreeMap::new();
    for original in others.iter().filter(first_hand) {
        let on_day = original.on(day);
        let ended = !on_day.stands || original.objected;
        let told = (ended, on_day.body["class"] != body["class"], *original);
        let best = originals.entry(original.sender).or_insert(told);
        if (told.0, told.1) < (best.0, best.1) {
            *best = told;
        }
    }
    let mut said = Said { only_objected: true, ..Said::default() };
    if originals.is_empty() {
        said.differs = paper.object() != "education-hours"
            && !is_original(paper, day)
            && others.iter().any(|other| {
                let on_day = other.on(day);
                let counts = on_day.stands && !other.objected && is_checked(on_day.body);
                counts && on_day.body["class"] != body["class"]
            });
    }
    for (ended, differs, original) in originals.into_values() {
        said.ended |= ended;
        said.only_objected &= !ended || original.on(day).stands;
        said.differs |= differs && !ended;
    }
    said
}

/// Sent by a district of the office's own area, on the office's word, under a scheme of that area.
fn is_original(paper: &Filed, day: &str) -> bool {
    let body = paper.on(day).body;
    let here = place(paper.sender);
    let scheme = body["scheme"].as_str().unwrap_or_default();
    body["attestation"]["level"] == "issued"
        && lies_in(office(body), here)
        && seat(scheme).is_none_or(|seat| lies_in(seat, here))
}

/// One number under one scheme of one province (and in one year, of hours); of certifications without a
/// number one class from one day on.
fn is_one(paper: &Filed, other: &Filed, day: &str) -> bool {
    let (here, first) = (paper.on(day).body, paper.first());
    let mut there = other.statements().filter(|there| {
        there["scheme"] == here["scheme"]
            && office(there).get(..2) == office(here).get(..2)
            && there["hours"]["year"] == here["hours"]["year"]
    });
    let number =
        |body: &serde_json::Value| body["certificate"]["certificate"].as_str().map(str::to_owned);
    paper.object() == other.object()
        && there.any(|there| match (number(here), number(there)) {
            (Some(here), Some(there)) => here == there,
            _ => {
                paper.object() == "certification"
                    && there["class"] == first["class"]
                    && from(there) == from(first)
            }
        })
}
