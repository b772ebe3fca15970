<<<<<<< HEAD
//! Randomness as a port: nothing in the core draws random bytes by itself.

/// Source of random bytes; the real one asks the operating system, tests pass a seeded one.
pub trait Entropy: Send + Sync {
    /// Fills `out` with random bytes.
    fn fill(&self, out: &mut [u8]) -> Result<(), EntropyError>;
}

/// The source of randomness gave nothing; nothing secret may be made.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the source of randomness failed")]
=======
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
>>>>>>> ident
pub struct EntropyError;
