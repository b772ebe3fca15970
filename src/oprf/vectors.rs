//! RFC 9497 appendix A.1.2, our own end-to-end vector, and what must fail.

use std::collections::VecDeque;
use std::fmt::Write as _;
use std::sync::Mutex;

use serde::Deserialize;

use super::*;
use crate::domain::entropy::Entropy;
use crate::domain::id::{Document, DocumentType, MatchInput};

#[derive(Deserialize)]
struct Rfc {
    seed: String,
    key_info: String,
    public_key: String,
    batches: Vec<Batch>,
}

#[derive(Deserialize)]
struct Batch {
    input: Vec<String>,
    blind: Vec<String>,
    blinded: Vec<String>,
    evaluated: Vec<String>,
    output: Vec<String>,
    proof: String,
    proof_scalar: String,
}

fn unhex(text: &str) -> Vec<u8> {
    assert!(text.len().is_multiple_of(2));
    (0..text.len()).step_by(2).map(|i| u8::from_str_radix(&text[i..i + 2], 16).unwrap()).collect()
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut out, b| {
        let _ = write!(out, "{b:02x}");
        out
    })
}

/// Gives the scalars of a script, each padded to what a reduction modulo the order takes.
struct Script(Mutex<VecDeque<Vec<u8>>>);

impl Script {
    fn new<'a>(scalars: impl IntoIterator<Item = &'a String>) -> Self {
        Self(Mutex::new(scalars.into_iter().map(|s| unhex(s)).collect()))
    }
}

impl Entropy for Script {
    fn fill(&self, out: &mut [u8]) -> Result<(), EntropyError> {
        let scalar = self.0.lock().unwrap().pop_front().ok_or(EntropyError)?;
        out.fill(0);
        out[..scalar.len()].copy_from_slice(&scalar);
        Ok(())
    }
}

/// Counts up: good enough to blind with in a test.
struct Counter(Mutex<u8>);

impl Entropy for Counter {
    fn fill(&self, out: &mut [u8]) -> Result<(), EntropyError> {
        let mut n = self.0.lock().unwrap();
        *n = n.wrapping_add(1);
        out.fill(*n);
        Ok(())
    }
}

fn counter() -> Counter {
    Counter(Mutex::new(0))
}

fn input(number: &str) -> MatchInput {
    let today = jiff::civil::date(2026, 1, 1);
    let document = Document::parse(DocumentType::ResidentId, number, today).unwrap();
    MatchInput::talent(document.person_key().unwrap()).unwrap()
}

const NUMBERS: [&str; 3] = ["11010519491231002X", "31011819900101001X", "320509198811111237"];

#[test]
fn rfc_9497_vectors_hold() {
    let text = include_str!("../../tests/vectors/oprf/rfc9497-a12.json");
    let rfc: Rfc = serde_json::from_str(text).unwrap();
    let seed = unhex(&rfc.seed).try_into().unwrap();
    let key = server::Key::from_info(&seed, &unhex(&rfc.key_info), 1).unwrap();
    assert_eq!(hex(&key.public().to_bytes()), rfc.public_key);
    for b in &rfc.batches {
        let script = Script::new(&b.blind);
        let (states, blinded): (Vec<_>, Vec<_>) =
            b.input.iter().map(|i| client::blind_bytes(&unhex(i), &script).unwrap()).unzip();
        let sent: Vec<_> = blinded.iter().map(|e| hex(&e.to_bytes())).collect();
        assert_eq!(sent, b.blinded);
        let script = Script::new([&b.proof_scalar]);
        let (evaluated, proof) = key.evaluate_batch(&blinded, &script).unwrap();
        let answered: Vec<_> = evaluated.iter().map(|e| hex(&e.to_bytes())).collect();
        assert_eq!(answered, b.evaluated);
        assert_eq!(hex(&proof.to_bytes()), b.proof);
        let outputs = client::outputs(&states, &evaluated, &proof, &key.public()).unwrap();
        let outputs: Vec<_> = outputs.iter().map(|o| hex(o.as_slice())).collect();
        assert_eq!(outputs, b.output);
    }
}

#[derive(Deserialize)]
struct Project {
    seed: String,
    epoch: u32,
    public_key: String,
    tokens: Vec<ProjectToken>,
}

#[derive(Deserialize)]
struct ProjectToken {
    input: String,
    number: String,
    token: String,
}

/// The vectors that an implementation in another language checks itself against.
#[test]
fn project_vectors_hold() {
    let text = include_str!("../../tests/vectors/oprf/project.json");
    let vectors: Project = serde_json::from_str(text).unwrap();
    let seed = unhex(&vectors.seed).try_into().unwrap();
    let key = server::Key::derive(&seed, vectors.epoch).unwrap();
    assert_eq!(key.public().to_string(), vectors.public_key);
    for t in vectors.tokens {
        assert_eq!(input(&t.number).expose(), t.input.as_bytes());
        // Two blinds, one token.
        for start in [0, 100] {
            let entropy = Counter(Mutex::new(start));
            let (state, blinded) = client::blind(&input(&t.number), &entropy).unwrap();
            let (evaluated, proof) = key.evaluate_batch(&[blinded], &entropy).unwrap();
            let tokens = client::finalize_batch(&[state], &evaluated, &proof, &key.public());
            assert_eq!(tokens.unwrap()[0].to_string(), t.token);
        }
    }
}

/// A batch under the key of epoch 1: states, what was sent, what came back.
fn exchange() -> (server::Key, Vec<client::Blind>, Vec<EvaluatedElement>, Proof) {
    let entropy = counter();
    let key = server::Key::derive(&[7; 32], 1).unwrap();
    let (states, blinded): (Vec<_>, Vec<_>) =
        NUMBERS.iter().map(|n| client::blind(&input(n), &entropy).unwrap()).unzip();
    let (evaluated, proof) = key.evaluate_batch(&blinded, &entropy).unwrap();
    (key, states, evaluated, proof)
}

#[test]
fn a_proof_holds_for_one_key_and_one_batch_only() {
    let (key, states, evaluated, proof) = exchange();
    let tokens = client::finalize_batch(&states, &evaluated, &proof, &key.public()).unwrap();
    assert_eq!(tokens.len(), NUMBERS.len());

    let later = server::Key::derive(&[7; 32], 2).unwrap();
    assert_ne!(later.public(), key.public());
    let wrong = |evaluated: &[EvaluatedElement], proof: &Proof, key: &server::Key| {
        client::finalize_batch(&states, evaluated, proof, &key.public()).unwrap_err()
    };
    assert_eq!(wrong(&evaluated, &proof, &later), OprfError::Proof, "wrong epoch");

    let mut swapped = evaluated.clone();
    swapped.swap(0, 1);
    assert_eq!(wrong(&swapped, &proof, &key), OprfError::Proof, "changed order");

    let mut bytes = proof.to_bytes();
    bytes[32] ^= 1;
    let forged = Proof::from_bytes(&bytes).unwrap();
    assert_eq!(wrong(&evaluated, &forged, &key), OprfError::Proof, "changed proof");
    assert_eq!(wrong(&evaluated[..2], &proof, &key), OprfError::Batch, "one answer missing");
}

#[test]
fn a_key_that_tags_one_member_of_a_batch_is_found() {
    let entropy = counter();
    let (honest, tagging) =
        (server::Key::derive(&[7; 32], 1).unwrap(), server::Key::derive(&[8; 32], 1).unwrap());
    let (states, blinded): (Vec<_>, Vec<_>) =
        NUMBERS.iter().map(|n| client::blind(&input(n), &entropy).unwrap()).unzip();
    let (mut evaluated, proof) = honest.evaluate_batch(&blinded, &entropy).unwrap();
    let (other, _) = tagging.evaluate_batch(&blinded[1..2], &entropy).unwrap();
    evaluated[1] = other[0].clone();
    let refused = client::finalize_batch(&states, &evaluated, &proof, &honest.public());
    assert_eq!(refused.unwrap_err(), OprfError::Proof);
}

#[derive(Deserialize)]
struct MustFail {
    elements: Vec<Bad>,
    proofs: Vec<Bad>,
}

#[derive(Deserialize)]
struct Bad {
    why: String,
    text: String,
}

#[test]
fn malformed_elements_and_proofs_are_refused() {
    let text = include_str!("../../tests/vectors/oprf/must-fail.json");
    let vectors: MustFail = serde_json::from_str(text).unwrap();
    for bad in vectors.elements {
        assert_eq!(
            BlindedElement::parse(&bad.text).unwrap_err(),
            OprfError::Element,
            "{}",
            bad.why
        );
        assert_eq!(EvaluatedElement::parse(&bad.text).unwrap_err(), OprfError::Element);
        assert_eq!(PublicKey::parse(&bad.text).unwrap_err(), OprfError::Element);
    }
    for bad in vectors.proofs {
        assert_eq!(Proof::parse(&bad.text).unwrap_err(), OprfError::Element, "{}", bad.why);
    }
}

#[test]
fn wire_forms_read_back() {
    let (key, _, evaluated, proof) = exchange();
    let again = serde_json::to_string(&(key.public(), &evaluated, &proof)).unwrap();
    let (k, e, p): (PublicKey, Vec<EvaluatedElement>, Proof) =
        serde_json::from_str(&again).unwrap();
    assert!(k == key.public() && e == evaluated && p == proof);
    assert_eq!(key.public().to_string().len(), 43);
}

#[test]
fn batches_are_bounded() {
    let (key, ..) = exchange();
    let (_, blinded) = client::blind(&input(NUMBERS[0]), &counter()).unwrap();
    let full = vec![blinded; BATCH_MAX + 1];
    assert_eq!(key.evaluate_batch(&[], &counter()).unwrap_err(), OprfError::Batch);
    assert_eq!(key.evaluate_batch(&full, &counter()).unwrap_err(), OprfError::Batch);
    assert!(key.evaluate_batch(&full[..BATCH_MAX], &counter()).is_ok());
}

/// A dead source of randomness must neither hang nor give a predictable blind.
#[test]
fn dead_entropy_is_an_error() {
    struct Zeros;
    impl Entropy for Zeros {
        fn fill(&self, out: &mut [u8]) -> Result<(), EntropyError> {
            out.fill(0);
            Ok(())
        }
    }
    let none = Script::new([]);
    let failed = OprfError::Entropy(EntropyError);
    assert_eq!(client::blind(&input(NUMBERS[0]), &none).unwrap_err(), failed);
    assert_eq!(client::blind(&input(NUMBERS[0]), &Zeros).unwrap_err(), failed);
    let (_, blinded) = client::blind(&input(NUMBERS[0]), &counter()).unwrap();
    let (key, ..) = exchange();
    assert_eq!(key.evaluate_batch(&[blinded], &Zeros).unwrap_err(), failed);
}
