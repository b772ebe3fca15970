//! The floor: what no server can do without, each part alone and in one thread, in the CPU time of
//! this process. No claims, directory, judgement, Merkle tree, proof or checkpoint is in it: those
//! are what the ratio is about.

use std::hint::black_box;
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::Value;

use super::error::BenchError;
use super::report::{Part, micros};
use super::work::{Kind, Work};
use super::{Plan, cpu, number, store};
use crate::domain::code::Code;
use crate::domain::registry::{Body, bulk_items};
use crate::gateway::Ports;
use crate::gateway::vault::{Part as Sealed, Vault};
use crate::json::{self, Bounds};
use crate::jws::{Digest, Typ};

/// A message taken apart.
pub(super) struct Sample<'a> {
    pub compact: &'a str,
    pub signing_input: &'a str,
    pub payload: &'a str,
    pub signature: [u8; 64],
}

impl<'a> Sample<'a> {
    pub(super) fn of(compact: &'a str) -> Option<Self> {
        let (signing_input, signature) = compact.rsplit_once('.')?;
        let (_, payload) = signing_input.split_once('.')?;
        let signature = URL_SAFE_NO_PAD.decode(signature).ok()?.try_into().ok()?;
        Some(Self { compact, signing_input, payload, signature })
    }
}

/// Every part, per operation. `echo` is the measured CPU time of a bare server per message.
pub(super) fn parts(
    work: &Work,
    reply: &[u8],
    echo: Duration,
    plan: Plan,
    ports: &Ports,
) -> Result<Vec<Part>, BenchError> {
    let text = work.messages.first().and_then(|m| std::str::from_utf8(m).ok());
    let sample = text.and_then(Sample::of).ok_or(BenchError::Floor("a message of the load"))?;
    let mut floor = vec![("HTTP over the same TLS, same sizes", echo)];
    floor.extend(reading(work, &sample, plan.kind)?);
    let reply = replying(work, &sample, reply, plan.kind, ports)?;
    floor.extend(reply.parts);
    floor.push((
        "store, groups of 64, fsync",
        store::per_message(&sample, work, &reply.compact, plan, ports)?,
    ));
    let per_message = number(plan.kind.operations());
    let part = |(part, took)| Part { part, us: micros(took) / per_message };
    Ok(floor.into_iter().map(part).collect())
}

type Timed = (&'static str, Duration);

/// Signature, JSON, schema, typed body, hash.
fn reading(work: &Work, sample: &Sample<'_>, kind: Kind) -> Result<Vec<Timed>, BenchError> {
    let key = work.asker.key.public();
    let input = sample.signing_input.as_bytes();
    let verify = cpu::per_call(|| {
        let _ = black_box(key.verify_bytes(black_box(input), &sample.signature));
    })?;
    let hash = cpu::per_call(|| {
        let _ = black_box(Digest::of(black_box(sample.compact)));
    })?;
    let json = cpu::per_call(|| {
        let bytes = URL_SAFE_NO_PAD.decode(black_box(sample.payload)).unwrap_or_default();
        let _ = black_box(json::read(&bytes, &Bounds::BULK));
    })?;
    let ty = kind.message_type();
    let schema = work
        .schemas
        .get(ty.as_str())
        .ok_or(Code::MessageTypeUnknown)
        .map_err(|code| BenchError::Refused(code.into()))?;
    let items: Vec<&Value> = match bulk_items(&work.body) {
        Some(items) => items?.iter().collect(),
        None => vec![&work.body],
    };
    let validate = cpu::per_call(|| {
        for item in &items {
            let _ = black_box(schema.validate(black_box(item)));
        }
    })?;
    let typed = cpu::per_call(|| {
        let _ = black_box(Body::parse(ty, black_box(&work.body), &|_| Ok(())));
    })?;
    Ok(vec![
        ("signature", verify),
        ("base64url and strict JSON", json),
        ("schema", validate),
        ("typed body", typed),
        ("SHA-256 of the message", hash),
    ])
}

/// A reply of the run, signed again, and what sealing takes.
struct Replying {
    parts: Vec<Timed>,
    compact: String,
}

fn replying(
    work: &Work,
    sample: &Sample<'_>,
    reply: &[u8],
    kind: Kind,
    ports: &Ports,
) -> Result<Replying, BenchError> {
    let broken = || BenchError::Floor("a reply of the run");
    let reply: Value = serde_json::from_slice(reply).map_err(|_| broken())?;
    let name = if kind == Kind::Query { "answer" } else { "receipt" };
    let compact = reply.get(name).and_then(Value::as_str).ok_or_else(broken)?.to_owned();
    let payload = compact.split('.').nth(1).and_then(|p| URL_SAFE_NO_PAD.decode(p).ok());
    let payload: Value =
        payload.and_then(|p| serde_json::from_slice(&p).ok()).ok_or_else(broken)?;
    let sign = cpu::per_call(|| {
        let _ = black_box(work.asker.key.sign_json(Typ::Receipt, black_box(&payload)));
    })?;
    let vault = Vault::new(&[7; 32])?;
    let entropy = &*ports.entropy;
    let seal = cpu::per_call(|| {
        if let Ok(key) = vault.entry_key(entropy) {
            let _ = black_box(key.seal(Sealed::Message, black_box(sample.compact.as_bytes())));
            if kind == Kind::Query {
                let _ = black_box(key.seal(Sealed::Reply, black_box(compact.as_bytes())));
            }
        }
    })?;
    let costs = vec![("reply as JSON, signed", sign), ("sealing (AES-256-GCM)", seal)];
    Ok(Replying { parts: costs, compact })
}
