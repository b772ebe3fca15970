//! The district's side: blind, check the proof, finalise. Input and blind never leave it.

use std::fmt;

use voprf::VoprfClient;
use zeroize::Zeroizing;

use super::draw::Draw;
use super::{BATCH_MAX, BlindedElement, EvaluatedElement, OprfError, Proof, PublicKey, Suite};
use crate::domain::entropy::Entropy;
use crate::domain::id::MatchInput;
use crate::domain::subject::Token;

/// What the client keeps of one input until the answer comes: the input and its blind. Wiped from
/// memory on drop, never shown.
pub struct Blind {
    client: VoprfClient<Suite>,
    input: Zeroizing<Vec<u8>>,
}

/// Bytes of a VOPRF output (SHA-512); a token is the first half.
const OUTPUT_BYTES: usize = 64;

/// Blinds one input with a fresh random scalar.
pub fn blind(
    input: &MatchInput,
    entropy: &dyn Entropy,
) -> Result<(Blind, BlindedElement), OprfError> {
    blind_bytes(input.expose(), entropy)
}

/// Checks the batch proof against the public key of the epoch and makes one token per state, in
/// order. Nothing is returned unless the proof holds for every element.
pub fn finalize_batch(
    states: &[Blind],
    evaluated: &[EvaluatedElement],
    proof: &Proof,
    key: &PublicKey,
) -> Result<Vec<Token>, OprfError> {
    let outputs = outputs(states, evaluated, proof, key)?;
    outputs
        .iter()
        .map(|o| o.first_chunk::<32>().map(|head| Token::from_bytes(*head)).ok_or(OprfError::Input))
        .collect()
}

pub(super) fn blind_bytes(
    input: &[u8],
    entropy: &dyn Entropy,
) -> Result<(Blind, BlindedElement), OprfError> {
    let mut draw = Draw::scalar(entropy)?;
    let result = VoprfClient::<Suite>::blind(input, &mut draw);
    draw.finish()?;
    let result = result.map_err(|_| OprfError::Input)?;
    let state = Blind { client: result.state, input: Zeroizing::new(input.to_vec()) };
    Ok((state, BlindedElement(result.message)))
}

pub(super) fn outputs(
    states: &[Blind],
    evaluated: &[EvaluatedElement],
    proof: &Proof,
    key: &PublicKey,
) -> Result<Vec<Zeroizing<[u8; OUTPUT_BYTES]>>, OprfError> {
    if !(1..=BATCH_MAX).contains(&states.len()) || states.len() != evaluated.len() {
        return Err(OprfError::Batch);
    }
    let inputs: Vec<&[u8]> = states.iter().map(|s| s.input.as_slice()).collect();
    let clients: Vec<_> = states.iter().map(|s| s.client.clone()).collect();
    let messages: Vec<_> = evaluated.iter().map(|e| e.0.clone()).collect();
    let finished = VoprfClient::batch_finalize(&inputs, &clients, &messages, &proof.0, key.0)
        .map_err(|_| OprfError::Proof)?;
    finished
        .map(|output| {
            let output = output.map_err(|_| OprfError::Input)?;
            let mut bytes = Zeroizing::new([0; OUTPUT_BYTES]);
            bytes.copy_from_slice(&output);
            Ok(bytes)
        })
        .collect()
}

impl fmt::Debug for Blind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Blind(..)")
    }
}
