//! When to try again: a pure schedule, so that a test can read it.

use std::time::Duration;

/// Longest wait after the first failure.
pub const DELAY_FIRST_MS: u64 = 500;
/// Longest wait after any failure: short enough that a queue moves soon after an outage ends.
pub const DELAY_MAX_MS: u64 = 60_000;

/// The wait before the next attempt after `attempt` failures (from 1): doubles up to
/// [`DELAY_MAX_MS`], spread over its upper half by `seed` so that districts do not come back
/// together after an outage of the gateway.
pub fn delay(attempt: u32, seed: u64) -> Duration {
    let doublings = attempt.saturating_sub(1).min(16);
    let longest = (DELAY_FIRST_MS << doublings).min(DELAY_MAX_MS);
    let half = longest / 2;
    let spread = mix(seed ^ u64::from(attempt).rotate_left(32)) % (half + 1);
    Duration::from_millis(half + spread)
}

/// The finaliser of SplitMix64: neighbouring seeds give unrelated numbers.
fn mix(mut x: u64) -> u64 {
    x = x.wrapping_add(0x9e37_79b9_7f4a_7c15);
    x = (x ^ (x >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    x = (x ^ (x >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    x ^ (x >> 31)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn waits_grow_and_then_stay() {
        let longest = |attempt| (0..200).map(|seed| delay(attempt, seed)).max().unwrap();
        assert!(longest(1) <= Duration::from_millis(DELAY_FIRST_MS));
        assert!(longest(3) > longest(1));
        assert!(longest(40) > Duration::from_millis(DELAY_MAX_MS * 9 / 10));
    }

    proptest! {
        #[test]
        fn every_wait_is_bounded_and_the_same_again(attempt: u32, seed: u64) {
            let d = delay(attempt, seed);
            prop_assert!(d >= Duration::from_millis(DELAY_FIRST_MS / 2));
            prop_assert!(d <= Duration::from_millis(DELAY_MAX_MS));
            prop_assert_eq!(d, delay(attempt, seed));
        }

        #[test]
        fn a_later_attempt_never_waits_less_than_half_of_an_earlier_one(a in 1u32..50, seed: u64) {
            prop_assert!(delay(a + 1, seed) * 2 >= delay(a, seed));
        }

        #[test]
        fn seeds_spread(attempt in 1u32..50, seed: u64) {
            let waits: std::collections::HashSet<_> =
                (0..20).map(|i| delay(attempt, seed.wrapping_add(i))).collect();
            prop_assert!(waits.len() > 5);
        }
    }
}
