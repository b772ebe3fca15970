//! Links: both subjects must be the sender's, and nobody certified as different is joined.

use super::{Bench, Judged, Objection, next_revision};
use crate::domain::code::{Code, Refusal};
use crate::domain::link::{LinkBody, LinkKind};
use crate::domain::subject::{Ref, TokenRef};
use crate::projection::{Key, LINKS, RECORDS, SUBJECTS, same_person};

/// May these two subjects be linked like this?
pub(super) fn link(bench: &Bench<'_>, body: &LinkBody) -> Result<Judged, Objection> {
    let [a, b] = &body.subjects;
    bench.check_epoch(a)?;
    bench.check_epoch(b)?;
    if a == b {
        return Err(Refusal::new(Code::LinkConflict).at("/body/subjects", "two subjects").into());
    }
    let prefix = Key::new().text(bench.iss.as_str()).text(&body.link);
    let known = LINKS.last(bench.view, &prefix)?.map_or(0, |row| row.revision);
    next_revision(body.revision, known)?;
    if let [first, second, ..] = body.operators.as_slice()
        && first.id == second.id
    {
        return Err(Refusal::new(Code::TwoOperators).at("/body/operators", "distinct").into());
    }
    let mut ids = Vec::with_capacity(2);
    for (index, token) in body.subjects.iter().enumerate() {
        let id = SUBJECTS.get(bench.view, &talent_key(bench, token))?;
        let mut mine = false;
        if let Some(id) = id {
            let rows = RECORDS.of_subject(bench.view, id)?;
            mine = rows.iter().any(|row| row.owner == *bench.iss);
            ids.push(id);
        }
        if !mine {
            return Err(Refusal::new(Code::SubjectUnknown)
                .at(format!("/body/subjects/{index}"), "a subject of the sender's records")
                .into());
        }
    }
    let [a, b] = ids[..] else { return Ok(Judged::default()) };
    if body.withdrawn {
        return Ok(Judged::default());
    }
    let joined = same_person(bench.view, a)?;
    match body.kind {
        LinkKind::Same => {
            let others = same_person(bench.view, b)?;
            for one in &joined {
                for link in LINKS.of_subject(bench.view, *one)? {
                    let different = link.kind == LinkKind::Different && !link.withdrawn;
                    if different && others.contains(&link.other) {
                        return Err(Code::LinkConflict.into());
                    }
                }
            }
        }
        LinkKind::Different if joined.contains(&b) => return Err(Code::LinkConflict.into()),
        LinkKind::Different | LinkKind::Spouse | LinkKind::Team => {}
    }
    Ok(Judged::default())
}

fn talent_key(bench: &Bench<'_>, token: &TokenRef) -> Key {
    Key::new().bytes(&bench.resolution.lookup(Ref::Talent(token)))
}
