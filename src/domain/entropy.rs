//! Randomness as an argument (ARCHITECTURE.md, invariant 4): the trait only.

/// A source of bytes that nobody can guess. Implementations for production draw from the operating
/// system; seeded ones are for tests and for `synth`.
pub trait Entropy: Send + Sync {
    /// Fills `out` whole, or fails and leaves it unusable.
    fn fill(&self, out: &mut [u8]) -> Result<(), EntropyError>;
}

/// The source gave nothing, or nothing usable.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("no randomness available")]
pub struct EntropyError;
