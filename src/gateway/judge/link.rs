//! Links: both subjects must be the sender's, or the second that of another district's records of a
//! passport; nobody certified as different is joined, and one sender names one spouse at a time.

use std::collections::BTreeSet;

use super::{Bench, Judged, Objection, next_revision};
use crate::domain::code::{Code, Refusal};
use crate::domain::link::{LinkBody, LinkKind, is_parted};
use crate::domain::participant::ParticipantId;
use crate::domain::subject::{Ref, SubjectId, TokenRef};
use crate::projection::{LINKS, LinkRow, SAME_PERSON_MAX, holders_of, link_key, same_person};

/// May these two subjects be linked like this?
pub(super) fn link(bench: &Bench<'_>, body: &LinkBody) -> Result<Judged, Objection> {
    let [a, b] = &body.subjects;
    bench.check_epoch(a)?;
    bench.check_epoch(b)?;
    let holder = holder(bench, body)?;
    if a == b && holder == bench.iss {
        return Err(Refusal::new(Code::LinkConflict).at("/body/subjects", "two subjects").into());
    }
    let known = LINKS.last(bench.view, &link_key(bench.iss, &body.link))?;
    next_revision(body.revision, known.as_ref().map_or(0, |row| row.revision))?;
    if let [first, second, ..] = body.operators.as_slice()
        && first.id == second.id
    {
        return Err(Refusal::new(Code::TwoOperators).at("/body/operators", "distinct").into());
    }
    if !body.validity.is_ordered() {
        return Err(Refusal::new(Code::DateImpossible).at("/body/validity", "order").into());
    }
    // A passport is known by its owner: whoever it is known of has named it.
    let asked = a.composite && holder != bench.iss;
    let (a, b) = (subject(bench, 0, a, bench.iss, asked)?, subject(bench, 1, b, holder, false)?);
    if let Some(row) = known {
        check_same_link(&row, body.kind, [a, b])?;
    }
    if body.withdrawn {
        return Ok(Judged::default());
    }
    check_kind(bench, body.kind, [a, b])?;
    if body.kind == LinkKind::Spouse {
        one_spouse(bench, body, [a, b])?;
    }
    Ok(Judged::default())
}

/// A sender has one word about whose spouse somebody is on a day: who finds out otherwise ends or withdraws
/// the link that said it. Another district may know of a later marriage, so that its word is taken beside.
fn one_spouse(bench: &Bench<'_>, body: &LinkBody, [a, b]: [SubjectId; 2]) -> Result<(), Objection> {
    for (one, other) in [(a, b), (b, a)] {
        let married = same_person(bench.view, other)?;
        for subject in same_person(bench.view, one)? {
            let links = LINKS.of_subject(bench.view, subject)?;
            let contrary = links.into_iter().find(|row| {
                row.owner == *bench.iss
                    && row.kind == LinkKind::Spouse
                    && row.link != body.link
                    && !row.withdrawn
                    && !row.suspect
                    && row.validity.meets(&body.validity)
                    && !married.contains(&row.other)
            });
            if let Some(row) = contrary {
                let expected = format!("not beside the link logged at position {}", row.pos);
                return Err(Refusal::new(Code::RecordContradiction)
                    .at("/body/subjects", expected)
                    .detail(
                        format!("本单位的另一条关联（日志位置 {}）登记了同一期间的另一配偶；请先终止或撤回其中一条", row.pos),
                        format!(
                            "another link of the sender (log position {}) names another spouse for the same period: end or withdraw one of them first",
                            row.pos
                        ),
                    )
                    .into());
            }
        }
    }
    Ok(())
}

/// May a link of this kind count beside those that do? Asked when the link comes and again with each
/// approval: much may lie between.
pub(super) fn check_kind(
    bench: &Bench<'_>,
    kind: LinkKind,
    [a, b]: [SubjectId; 2],
) -> Result<(), Objection> {
    match kind {
        LinkKind::Same => check_joinable(bench, a, b),
        kind if kind.is_of_two() && same_person(bench.view, a)?.contains(&b) => {
            Err(Refusal::new(Code::LinkConflict).at("/body/subjects", "two persons").into())
        }
        LinkKind::Different | LinkKind::Spouse | LinkKind::Team => Ok(()),
    }
}

/// Would a `same` link make one person of two that are certified as two, or of too many subjects?
fn check_joinable(bench: &Bench<'_>, a: SubjectId, b: SubjectId) -> Result<(), Objection> {
    let mut joined: BTreeSet<SubjectId> = same_person(bench.view, a)?.into_iter().collect();
    joined.extend(same_person(bench.view, b)?);
    if joined.len() > SAME_PERSON_MAX {
        let expected = format!("at most {SAME_PERSON_MAX} subjects of one person");
        return Err(Refusal::new(Code::LinkLimit).at("/body", expected).into());
    }
    let mut different = Vec::new();
    for one in &joined {
        let links = LINKS.of_subject(bench.view, *one)?.into_iter();
        // What the other district has not confirmed yet certifies nothing.
        let parts = |l: &LinkRow| l.kind.is_of_two() && l.confirmed && !l.withdrawn;
        let links = links.filter(parts);
        different.extend(links.map(|link| [link.subject, link.other]));
    }
    if is_parted(&joined, different) {
        return Err(Refusal::new(Code::LinkConflict).at("/body/subjects", "one person").into());
    }
    Ok(())
}

/// A revision says something else of the same two subjects, not the same of others.
fn check_same_link(row: &LinkRow, kind: LinkKind, [a, b]: [SubjectId; 2]) -> Result<(), Objection> {
    let same = [row.subject, row.other] == [a, b] || [row.other, row.subject] == [a, b];
    if same && row.kind == kind {
        return Ok(());
    }
    let expected = "kind and subjects of the first revision";
    Err(Refusal::new(Code::SubjectMismatch).at("/body/subjects", expected).into())
}

/// Whose records the second subject is of. Another district's are named only where a passport is not
/// that of the sender's records by itself, and where people have compared the papers of both.
fn holder<'b>(bench: &'b Bench<'_>, body: &'b LinkBody) -> Result<&'b ParticipantId, Objection> {
    let Some(holder) = body.holder.as_ref().filter(|holder| *holder != bench.iss) else {
        return Ok(bench.iss);
    };
    let compares = matches!(body.kind, LinkKind::Same | LinkKind::Different);
    if compares && body.subjects[1].composite {
        return Ok(holder);
    }
    Err(Refusal::new(Code::RecordContradiction)
        .at("/body/holder", "with kind same or different and a passport as second subject")
        .into())
}

/// The subject behind a token, which must occur in the records, grants, holds or sanctions of `holder`. A
/// passport that the sender has asked about is its own side of a link to another district's records of
/// it: whoever has the papers in hand compares them, and that district confirms.
fn subject(
    bench: &Bench<'_>,
    index: usize,
    token: &TokenRef,
    holder: &ParticipantId,
    asked: bool,
) -> Result<SubjectId, Objection> {
    if let Some(id) = bench.known_of(Ref::Talent(token), holder)?
        && (asked || holders_of(bench.view, [id])?.contains_key(holder))
    {
        return Ok(id);
    }
    let whose = if holder == bench.iss { "the sender's" } else { "the holder's" };
    Err(Refusal::new(Code::SubjectUnknown)
        .at(
            format!("/body/subjects/{index}"),
            format!("a subject of {whose} records, grants, holds or sanctions"),
        )
        .into())
}
