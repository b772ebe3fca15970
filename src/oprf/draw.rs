//! Our [`Entropy`] as the generator that `voprf` asks for.

use rand_core::{CryptoRng, Error, RngCore};
use zeroize::Zeroizing;

use super::OprfError;
use crate::domain::entropy::{Entropy, EntropyError};

/// Bytes that one random scalar takes: reduced modulo the group order, so twice its size.
const SCALAR_BYTES: usize = 64;

/// The bytes for one random scalar, drawn before use: the generator that `voprf` asks for cannot
/// report a failing source.
pub(super) struct Draw {
    bytes: Zeroizing<[u8; SCALAR_BYTES]>,
    used: usize,
    overdrawn: bool,
}

impl Draw {
    pub(super) fn scalar(entropy: &dyn Entropy) -> Result<Self, OprfError> {
        let mut bytes = Zeroizing::new([0; SCALAR_BYTES]);
        entropy.fill(bytes.as_mut())?;
        Ok(Self { bytes, used: 0, overdrawn: false })
    }

    /// Must be asked after use: more bytes are wanted only when the first scalar was zero, which an
    /// honest source gives once in 2^252 draws. What was made is then thrown away.
    pub(super) fn finish(self) -> Result<(), OprfError> {
        if self.overdrawn { Err(EntropyError.into()) } else { Ok(()) }
    }
}

impl RngCore for Draw {
    fn next_u32(&mut self) -> u32 {
        let mut bytes = [0; 4];
        self.fill_bytes(&mut bytes);
        u32::from_le_bytes(bytes)
    }

    fn next_u64(&mut self) -> u64 {
        let mut bytes = [0; 8];
        self.fill_bytes(&mut bytes);
        u64::from_le_bytes(bytes)
    }

    fn fill_bytes(&mut self, out: &mut [u8]) {
        let end = self.used.saturating_add(out.len());
        if let Some(drawn) = self.bytes.get(self.used..end) {
            out.copy_from_slice(drawn);
            self.used = end;
        } else {
            // Not zero, or the caller would ask for ever.
            out.fill(1);
            self.overdrawn = true;
        }
    }

    fn try_fill_bytes(&mut self, out: &mut [u8]) -> Result<(), Error> {
        self.fill_bytes(out);
        Ok(())
    }
}

impl CryptoRng for Draw {}
