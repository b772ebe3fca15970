//! The one place that reads the real clock, makes real ids and draws real randomness.

#![expect(
    clippy::disallowed_methods,
    reason = "everything else takes a `Clock`, `Ids` or `Entropy` as an argument"
)]

use std::time::{SystemTime, UNIX_EPOCH};

use uuid::Uuid;

use crate::domain::entropy::{Entropy, EntropyError};
use crate::domain::ports::{Clock, Ids};
use crate::domain::time::UtcSeconds;

/// The clock of the machine.
#[derive(Clone, Copy, Debug, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    fn now(&self) -> UtcSeconds {
        UtcSeconds(self.now_ms().div_euclid(1000))
    }

    /// A clock set before 1970 reads as 1970: nothing we sign is valid then.
    fn now_ms(&self) -> i64 {
        let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        i64::try_from(since.as_millis()).unwrap_or(i64::MAX)
    }
}

/// Ids from the machine's clock and randomness.
#[derive(Clone, Copy, Debug, Default)]
pub struct SystemIds;

impl Ids for SystemIds {
    fn uuid_v7(&self) -> Uuid {
        Uuid::now_v7()
    }
}

/// Randomness of the operating system.
#[derive(Clone, Copy, Debug, Default)]
pub struct SystemEntropy;

impl Entropy for SystemEntropy {
    fn fill(&self, out: &mut [u8]) -> Result<(), EntropyError> {
        getrandom::fill(out).map_err(|_| EntropyError)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_system_gives_time_ids_and_randomness() {
        assert!(SystemClock.now() > UtcSeconds(1_700_000_000));
        assert_eq!(SystemIds.uuid_v7().get_version_num(), 7);
        let (mut a, mut b) = ([0; 32], [0; 32]);
        SystemEntropy.fill(&mut a).unwrap();
        SystemEntropy.fill(&mut b).unwrap();
        assert_ne!(a, b);
    }
}
