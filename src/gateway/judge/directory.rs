//! Directory messages: revisions without gaps, keys that are sound, new and proven, revocation by
//! whom it is due to.

use super::{Bench, Judged, Objection, next_revision};
use crate::domain::code::{Code, Refusal};
use crate::domain::directory::{
    AgreementBody, KeyBody, KeyRegistration, ParticipantBody, ParticipantKind,
};
use crate::gateway::directory::parse_key;
use crate::jws::{KeyUse, check_proof, possession_text};
use crate::oprf;
use crate::projection::{AGREEMENTS, KEYS, Key, PARTICIPANTS};

pub(super) fn participant(bench: &Bench<'_>, body: &ParticipantBody) -> Result<Judged, Objection> {
    let key = Key::new().text(body.participant.as_str());
    let known = PARTICIPANTS.get(bench.view, &key)?.map_or(0, |row| row.body.revision);
    next_revision(body.revision, known)?;
    Ok(Judged::default())
}

pub(super) fn agreement(bench: &Bench<'_>, body: &AgreementBody) -> Result<Judged, Objection> {
    let key = Key::new().text(bench.iss.as_str()).text(&body.agreement);
    let known = AGREEMENTS.get(bench.view, &key)?.map_or(0, |row| row.body.revision);
    next_revision(body.revision, known)?;
    Ok(Judged::default())
}

pub(super) fn key(bench: &Bench<'_>, body: &KeyBody) -> Result<Judged, Objection> {
    match body {
        KeyBody::Register(registration) => register(bench, registration)?,
        KeyBody::Revoke(revocation) => {
            let row = KEYS.get(bench.view, &Key::new().text(revocation.kid.as_str()))?.ok_or_else(
                || Refusal::new(Code::KeyUnknown).at("/body/kid", "a registered key"),
            )?;
            if row.revocation.is_some() {
                return Err(Code::KeyRevoked.into());
            }
            let own = revocation.kid.participant().as_ref() == Some(bench.iss);
            if !own && !is_operator(bench) {
                return Err(Code::NotOwner.into());
            }
        }
    }
    Ok(Judged::default())
}

/// A new key: from the operator only, of a known participant, sound, never seen before, proven.
fn register(bench: &Bench<'_>, registration: &KeyRegistration) -> Result<(), Objection> {
    if !is_operator(bench) {
        return Err(Code::NotPermitted.into());
    }
    let owner = registration.kid.participant();
    if owner.is_none_or(|owner| bench.directory.participant(&owner).is_none()) {
        return Err(Refusal::new(Code::PeerUnknown).at("/body/kid", "a participant").into());
    }
    if registration.exp <= registration.nbf {
        return Err(Refusal::new(Code::DateImpossible).at("/body/exp", "after nbf").into());
    }
    for row in KEYS.all(bench.view)? {
        let known = &row.registration;
        if known.kid == registration.kid || known.jwk.x == registration.jwk.x {
            return Err(Refusal::new(Code::KeyTaken).at("/body/kid", "a new key").into());
        }
    }
    if registration.use_ == KeyUse::Oprf.as_str() {
        return register_oprf(bench, registration);
    }
    let (key_use, public) = parse_key(registration)?;
    check_proof(&registration.kid, key_use, &public, &registration.nonce, &registration.proof)?;
    Ok(())
}

/// The tokeniser's key of a new epoch, which proves itself by evaluating the text of its own
/// registration (`formats.md` §2).
fn register_oprf(bench: &Bench<'_>, registration: &KeyRegistration) -> Result<(), Objection> {
    let kid = &registration.kid;
    let public = oprf::PublicKey::parse(&registration.jwk.x)
        .map_err(|_| Refusal::new(Code::KeyNotCanonical).at("/body/jwk/x", "a group element"))?;
    if registration.epoch.is_none_or(|epoch| bench.directory.has_epoch(epoch)) {
        return Err(Refusal::new(Code::EpochUnknown).at("/body/epoch", "a new epoch").into());
    }
    let text = possession_text(kid, KeyUse::Oprf, &public.to_bytes(), &registration.nonce)?;
    oprf::possession::check(&public, text.as_bytes(), &registration.proof).map_err(|_| {
        Refusal::new(Code::KeyProof).at("/body/proof", "an evaluation of the text and its proof")
    })?;
    Ok(())
}

fn is_operator(bench: &Bench<'_>) -> bool {
    bench
        .directory
        .participant(bench.iss)
        .is_some_and(|row| row.body.kind == ParticipantKind::Gateway)
}
