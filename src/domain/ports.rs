//! What the core needs from the outside world but never reaches for itself: the time and new ids.
//!
//! Implementations that read the real clock live in `crate::system`; tests pass fixed ones.

use uuid::Uuid;

use super::time::UtcSeconds;

/// A source of the current time.
pub trait Clock: Send + Sync {
    /// The current instant in whole UTC seconds.
    fn now(&self) -> UtcSeconds;

    /// The current instant in milliseconds since 1970 (UTC).
    fn now_ms(&self) -> i64;
}

/// A source of new ids.
pub trait Ids: Send + Sync {
    /// A new UUID version 7 (RFC 9562 §5.7): ordered by time of creation.
    fn uuid_v7(&self) -> Uuid;
}
