//! How many elements a participant may have evaluated: GCRA (ITU-T I.371) where a batch costs as
//! many units as it has elements. A quota is what makes trying out ID numbers slow (`formats.md` §6).

use std::collections::HashMap;
use std::num::NonZeroU32;
use std::sync::{Mutex, PoisonError};

use crate::domain::participant::ParticipantId;

/// Microseconds of a day.
const DAY_US: i64 = 86_400_000_000;

/// An allowance of elements.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Elements {
    /// Sustained, per day: what the participant declared that its cases need.
    pub per_day: NonZeroU32,
    /// How many may come at once after a pause: a bulk push, or the first load of a district.
    pub burst: NonZeroU32,
}

/// The default allowance: a large district's day; trying 2^36 numbers at it takes 3,700 years.
pub const ELEMENTS_DEFAULT: Elements = Elements {
    per_day: NonZeroU32::MIN.saturating_add(49_999),
    burst: NonZeroU32::MIN.saturating_add(9_999),
};

/// Remembers when each participant's allowance is full again. Keys are participants whose signature
/// was checked, so the directory bounds them.
pub(super) struct ElementQuota {
    /// Microseconds that one element takes to come back.
    unit_us: i64,
    /// Microseconds of the whole burst.
    burst_us: i64,
    /// In microseconds since 1970.
    full_at: Mutex<HashMap<ParticipantId, i64>>,
}

impl ElementQuota {
    pub(super) fn new(elements: Elements) -> Self {
        let per_day = i64::from(elements.per_day.get());
        // Rounded up, so that the quota never allows more than the rate.
        let unit_us = DAY_US.div_euclid(per_day) + i64::from(DAY_US % per_day != 0);
        let burst_us = unit_us.saturating_mul(i64::from(elements.burst.get()));
        Self { unit_us, burst_us, full_at: Mutex::default() }
    }

    /// Takes `count` units whole, or none and says how many seconds to wait. A batch larger than
    /// the burst never fits.
    pub(super) fn take(&self, who: &ParticipantId, count: usize, now_ms: i64) -> Result<(), u32> {
        let count = i64::try_from(count).unwrap_or(i64::MAX);
        let now = now_ms.saturating_mul(1000);
        let latest = now.saturating_add(self.burst_us);
        let mut known = self.full_at.lock().unwrap_or_else(PoisonError::into_inner);
        // The upper bound matters only after the clock was set back.
        let full_at = known.get(who).copied().unwrap_or(now).clamp(now, latest);
        let next = full_at.saturating_add(self.unit_us.saturating_mul(count));
        if next > latest {
            let wait_s = next.saturating_sub(latest) / 1_000_000 + 1;
            return Err(u32::try_from(wait_s).unwrap_or(u32::MAX));
        }
        known.insert(who.clone(), next);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn quota(per_day: u32, burst: u32) -> ElementQuota {
        ElementQuota::new(Elements {
            per_day: NonZeroU32::new(per_day).unwrap(),
            burst: NonZeroU32::new(burst).unwrap(),
        })
    }

    #[test]
    fn a_batch_is_taken_whole_or_not_at_all() {
        let quota = quota(86_400, 10);
        let (a, b) = ("qingpu".parse().unwrap(), "jiashan".parse().unwrap());
        assert_eq!(quota.take(&a, 8, 0), Ok(()));
        assert!(quota.take(&a, 3, 0).is_err());
        assert_eq!(quota.take(&a, 2, 0), Ok(()), "the refused batch took nothing");
        assert_eq!(quota.take(&a, 1, 0), Err(2), "one per second, rounded up");
        assert_eq!(quota.take(&b, 10, 0), Ok(()), "participants do not share");
        assert_eq!(quota.take(&a, 1, 1000), Ok(()));
        assert!(quota.take(&b, 11, 60_000).is_err(), "above the burst");
    }

    proptest! {
        #[test]
        fn never_more_than_burst_and_rate(
            per_day in 1u32..200_000,
            burst in 1u32..500,
            steps in prop::collection::vec((0i64..60_000, 1usize..=64), 1..200),
        ) {
            let quota = quota(per_day, burst);
            let who: ParticipantId = "qingpu".parse().unwrap();
            let (mut now, mut allowed) = (0i64, 0i64);
            for (step, count) in steps {
                now += step;
                match quota.take(&who, count, now) {
                    Ok(()) => allowed += i64::try_from(count).unwrap(),
                    Err(wait) => prop_assert!(wait >= 1),
                }
            }
            let most = i64::from(burst) + now * i64::from(per_day) / 86_400_000;
            prop_assert!(allowed <= most, "{allowed} > {most}");
        }
    }
}
