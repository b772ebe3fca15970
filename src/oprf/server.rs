//! The tokeniser's side: a key per epoch, evaluation of batches. Keeps no table and sees no input.

use std::fmt;

use voprf::VoprfServer;

use super::draw::Draw;
use super::{BATCH_MAX, BlindedElement, EvaluatedElement, OprfError, Proof, PublicKey, Suite};
use crate::domain::entropy::Entropy;

/// First line of the `info` of DeriveKeyPair; the epoch in decimal follows after LF.
pub const KEY_LABEL: &str = "ydt-oprf/v1";

/// The private key of one epoch. Wiped from memory on drop; `Debug` shows the epoch only.
pub struct Key {
    server: VoprfServer<Suite>,
    epoch: u32,
}

impl Key {
    /// `DeriveKeyPair(seed, info = "ydt-oprf/v1" LF epoch)` of RFC 9497 §3.2.1. Epochs count from 1.
    pub fn derive(seed: &[u8; 32], epoch: u32) -> Result<Self, OprfError> {
        Self::from_info(seed, format!("{KEY_LABEL}\n{epoch}").as_bytes(), epoch)
    }

    pub(super) fn from_info(seed: &[u8; 32], info: &[u8], epoch: u32) -> Result<Self, OprfError> {
        let server = VoprfServer::new_from_seed(seed, info).map_err(|_| OprfError::Input)?;
        Ok(Self { server, epoch })
    }

    /// The epoch that the key was derived for.
    pub fn epoch(&self) -> u32 {
        self.epoch
    }

    /// The key that the directory lists and clients check proofs against.
    pub fn public(&self) -> PublicKey {
        PublicKey(self.server.get_public_key())
    }

    /// Evaluates 1 to [`BATCH_MAX`] elements, in order, with one proof for all of them.
    pub fn evaluate_batch(
        &self,
        blinded: &[BlindedElement],
        entropy: &dyn Entropy,
    ) -> Result<(Vec<EvaluatedElement>, Proof), OprfError> {
        if !(1..=BATCH_MAX).contains(&blinded.len()) {
            return Err(OprfError::Batch);
        }
        let elements: Vec<_> = blinded.iter().map(|b| b.0.clone()).collect();
        let mut draw = Draw::scalar(entropy)?;
        let result = self.server.batch_blind_evaluate(&mut draw, &elements);
        draw.finish()?;
        let result = result.map_err(|_| OprfError::Batch)?;
        let evaluated = result.messages.into_iter().map(EvaluatedElement).collect();
        Ok((evaluated, Proof(result.proof)))
    }
}

impl fmt::Debug for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Key(epoch {})", self.epoch)
    }
}
