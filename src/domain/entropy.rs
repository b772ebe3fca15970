//! Randomness as a port: nothing in the core draws random bytes by itself.

/// Source of random bytes; the real one asks the operating system, tests pass a seeded one.
pub trait Entropy: Send + Sync {
    /// Fills `out` with random bytes.
    fn fill(&self, out: &mut [u8]) -> Result<(), EntropyError>;
}

/// The source of randomness gave nothing; nothing secret may be made.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the source of randomness failed")]
pub struct EntropyError;
