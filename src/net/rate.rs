//! Rate limit per key by the generic cell rate algorithm (GCRA, ITU-T I.371), time passed in.
//!
//! One number per key: the theoretical arrival time (TAT), when the key's allowance is full again.

use std::collections::HashMap;
use std::hash::Hash;
use std::num::NonZeroU32;
use std::sync::{Mutex, PoisonError};

/// Keys that are remembered at once; keys are participants, so this is far from reached.
pub const RATE_KEYS_MAX: usize = 4096;

/// How much may happen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rate {
    /// Units in each period, sustained.
    pub units: NonZeroU32,
    /// The period in seconds.
    pub period_s: NonZeroU32,
    /// Units that may come at once after a pause.
    pub burst: NonZeroU32,
}

impl Rate {
    /// So many in a minute.
    pub const fn per_minute(units: NonZeroU32, burst: NonZeroU32) -> Self {
        Self { units, period_s: NonZeroU32::MIN.saturating_add(59), burst }
    }

    /// So many in a day.
    pub const fn per_day(units: NonZeroU32, burst: NonZeroU32) -> Self {
        Self { units, period_s: NonZeroU32::MIN.saturating_add(86_399), burst }
    }

    /// Microseconds that one unit takes to come back, rounded up: never more than the rate.
    fn unit_us(self) -> i64 {
        let period_us = i64::from(self.period_s.get()) * 1_000_000;
        let units = i64::from(self.units.get());
        period_us.div_euclid(units) + i64::from(period_us % units != 0)
    }
}

/// The key has used up its allowance.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RetryAfter {
    /// Milliseconds until the next one would be allowed; at least 1.
    pub wait_ms: i64,
}

impl RetryAfter {
    /// Whole seconds, rounded up, for the `Retry-After` header.
    pub fn seconds(self) -> u32 {
        u32::try_from(self.wait_ms.saturating_add(999) / 1000).unwrap_or(u32::MAX)
    }
}

/// Remembers when each key's allowance is full again.
#[derive(Debug)]
pub struct RateLimiter<K> {
    interval_us: i64,
    window_us: i64,
    keys_max: usize,
    full_at_us: Mutex<HashMap<K, i64>>,
}

impl<K: Eq + Hash + Clone> RateLimiter<K> {
    /// A limiter for at most [`RATE_KEYS_MAX`] keys.
    pub fn new(rate: Rate) -> Self {
        Self::with_keys_max(rate, RATE_KEYS_MAX)
    }

    /// A limiter for at most `keys_max` keys.
    pub fn with_keys_max(rate: Rate, keys_max: usize) -> Self {
        let interval_us = rate.unit_us();
        let window_us = interval_us.saturating_mul(i64::from(rate.burst.get()));
        Self { interval_us, window_us, keys_max, full_at_us: Mutex::new(HashMap::new()) }
    }

    /// Takes one unit of `key`'s allowance at `now_ms`, or says when to come back.
    pub fn check(&self, key: &K, now_ms: i64) -> Result<(), RetryAfter> {
        self.take(key, 1, now_ms)
    }

    /// Takes `units` of `key`'s allowance whole, or none. More than the burst never fits.
    ///
    /// When there are too many keys, those whose allowance is full are forgotten, which changes
    /// nothing; if that frees none, a new key has to wait.
    pub fn take(&self, key: &K, units: usize, now_ms: i64) -> Result<(), RetryAfter> {
        let now = now_ms.saturating_mul(1000);
        let mut keys = self.full_at_us.lock().unwrap_or_else(PoisonError::into_inner);
        let known = keys.get(key).copied();
        if known.is_none() && keys.len() >= self.keys_max {
            keys.retain(|_, full_at| *full_at > now);
            if keys.len() >= self.keys_max {
                return Err(wait(self.interval_us));
            }
        }
        let next = self.next(known, units, now)?;
        keys.insert(key.clone(), next);
        Ok(())
    }

    /// Says whether a unit is left, and takes none.
    pub fn ready(&self, key: &K, now_ms: i64) -> Result<(), RetryAfter> {
        let keys = self.full_at_us.lock().unwrap_or_else(PoisonError::into_inner);
        self.next(keys.get(key).copied(), 1, now_ms.saturating_mul(1000)).map(drop)
    }

    /// When the allowance is full again after `units` more.
    fn next(&self, known: Option<i64>, units: usize, now: i64) -> Result<i64, RetryAfter> {
        // The upper bound matters only after the clock was set back: nobody waits longer than a
        // full window.
        let latest = now.saturating_add(self.window_us);
        let full_at = known.unwrap_or(now).clamp(now, latest);
        let units = i64::try_from(units).unwrap_or(i64::MAX);
        let next = full_at.saturating_add(self.interval_us.saturating_mul(units));
        if next > latest { Err(wait(next.saturating_sub(latest))) } else { Ok(next) }
    }
}

/// At least one millisecond, and never less than asked for.
fn wait(us: i64) -> RetryAfter {
    RetryAfter { wait_ms: (us / 1000).saturating_add(1) }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn rate(per_minute: u32, burst: u32) -> Rate {
        Rate::per_minute(NonZeroU32::new(per_minute).unwrap(), NonZeroU32::new(burst).unwrap())
    }

    #[test]
    fn a_burst_then_the_rate() {
        let limiter = RateLimiter::new(rate(60, 3));
        for _ in 0..3 {
            assert!(limiter.check(&"a", 0).is_ok());
        }
        let wait = limiter.check(&"a", 0).unwrap_err();
        assert_eq!(wait.seconds(), 2, "1,001 ms round up");
        assert!(limiter.check(&"b", 0).is_ok(), "keys do not share");
        assert!(limiter.check(&"a", 999).is_err());
        assert!(limiter.check(&"a", 1000).is_ok());
        assert!(limiter.check(&"a", 1000).is_err());
    }

    #[test]
    fn keys_are_bounded_and_forgotten_only_when_full() {
        let limiter = RateLimiter::with_keys_max(rate(60, 1), 2);
        assert!(limiter.check(&1, 0).is_ok());
        assert!(limiter.check(&2, 0).is_ok());
        assert!(limiter.check(&3, 0).is_err(), "no room");
        assert!(limiter.check(&1, 0).is_err(), "still remembered");
        assert!(limiter.check(&3, 1000).is_ok(), "room after the others are full again");
    }

    #[test]
    fn a_clock_set_back_blocks_for_one_window_at_most() {
        let limiter = RateLimiter::new(rate(60, 1));
        assert!(limiter.check(&"a", 1_000_000_000).is_ok());
        let wait = limiter.check(&"a", 0).unwrap_err();
        assert!(wait.wait_ms <= 1001);
        for now_ms in [i64::MAX, i64::MIN, i64::MAX, 0] {
            if let Err(wait) = limiter.check(&"a", now_ms) {
                assert!((1..=1001).contains(&wait.wait_ms), "{now_ms}");
            }
        }
    }

    #[test]
    fn several_units_are_taken_whole_or_not_at_all() {
        let units = NonZeroU32::new(86_400).unwrap();
        let limiter = RateLimiter::new(Rate::per_day(units, NonZeroU32::new(10).unwrap()));
        assert!(limiter.take(&"a", 8, 0).is_ok());
        assert!(limiter.take(&"a", 3, 0).is_err());
        assert!(limiter.take(&"a", 2, 0).is_ok(), "the refused ones took nothing");
        assert_eq!(
            limiter.take(&"a", 1, 0).unwrap_err().seconds(),
            2,
            "one per second, rounded up"
        );
        assert!(limiter.take(&"b", 10, 0).is_ok(), "keys do not share");
        assert!(limiter.take(&"b", 11, 60_000).is_err(), "above the burst");
    }

    #[test]
    fn asking_takes_nothing() {
        let limiter = RateLimiter::new(rate(60, 1));
        for _ in 0..3 {
            assert!(limiter.ready(&"a", 0).is_ok());
        }
        assert!(limiter.check(&"a", 0).is_ok());
        assert!(limiter.ready(&"a", 0).is_err());
    }

    proptest! {
        #[test]
        fn never_more_than_burst_and_rate(
            per_minute in 1u32..6000,
            burst in 1u32..500,
            steps in prop::collection::vec((0i64..2000, 1usize..=64), 1..200),
        ) {
            let limiter = RateLimiter::new(rate(per_minute, burst));
            let (mut now, mut allowed) = (0i64, 0i64);
            for (step, units) in steps {
                now += step;
                match limiter.take(&(), units, now) {
                    Ok(()) => allowed += i64::try_from(units).unwrap(),
                    Err(wait) => prop_assert!(wait.wait_ms >= 1),
                }
            }
            let most = i64::from(burst) + now * i64::from(per_minute) / 60_000;
            prop_assert!(allowed <= most, "{allowed} > {most}");
        }

        #[test]
        fn waiting_as_told_is_enough(per_minute in 1u32..6000, burst in 1u32..50) {
            let limiter = RateLimiter::new(rate(per_minute, burst));
            let wait = loop {
                if let Err(wait) = limiter.check(&(), 5) { break wait; }
            };
            prop_assert!(limiter.check(&(), 5 + wait.wait_ms).is_ok());
        }
    }
}
