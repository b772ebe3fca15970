//! Money: integer fen, CNY (GB/T 12406 code 156). 1 yuan = 100 fen.

mod capital;

use std::fmt;
use std::iter::Sum;

use serde::{Deserialize, Deserializer, Serialize};

/// A sum in fen, 0 to 2^53 − 1 (I-JSON, RFC 7493). Arithmetic saturates at the bounds: a sum that
/// large is refused at the door, so saturation is never reached by accepted data.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(transparent)]
pub struct Fen(u64);

impl Fen {
    /// Nothing.
    pub const ZERO: Self = Self(0);
    /// The largest sum that JSON carries exactly.
    pub const MAX: Self = Self((1 << 53) - 1);

    /// A sum of `fen`; `None` above the bound.
    pub const fn new(fen: u64) -> Option<Self> {
        if fen <= Self::MAX.0 { Some(Self(fen)) } else { None }
    }

    /// A sum of whole yuan, kept inside the bound.
    pub const fn from_yuan(yuan: u64) -> Self {
        match yuan.checked_mul(100) {
            Some(fen) if fen <= Self::MAX.0 => Self(fen),
            _ => Self::MAX,
        }
    }

    /// The number of fen.
    pub const fn get(self) -> u64 {
        self.0
    }

    /// Sum of both.
    #[must_use]
    pub fn plus(self, other: Self) -> Self {
        Self((self.0 + other.0).min(Self::MAX.0))
    }

    /// What is left after `other`; nothing when `other` is larger.
    #[must_use]
    pub fn minus(self, other: Self) -> Self {
        Self(self.0.saturating_sub(other.0))
    }

    /// The part `n` of `of` equal ones, rounded down; the whole where there are none.
    #[must_use]
    pub fn part(self, n: u64, of: u64) -> Self {
        let part = u128::from(self.0) * u128::from(n) / u128::from(of.max(1));
        u64::try_from(part).ok().and_then(Self::new).unwrap_or(self)
    }

    /// The sum `n` times.
    #[must_use]
    pub fn times(self, n: u32) -> Self {
        Self(self.0.saturating_mul(u64::from(n)).min(Self::MAX.0))
    }
}

impl Sum for Fen {
    fn sum<I: Iterator<Item = Self>>(iter: I) -> Self {
        iter.fold(Self::ZERO, Self::plus)
    }
}

impl fmt::Display for Fen {
    /// Yuan with two decimals, grouped by thousands: `4,800,000.00`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let yuan = (self.0 / 100).to_string();
        let mut grouped = String::with_capacity(yuan.len() + yuan.len() / 3);
        for (i, c) in yuan.chars().enumerate() {
            if i > 0 && (yuan.len() - i).is_multiple_of(3) {
                grouped.push(',');
            }
            grouped.push(c);
        }
        write!(f, "{grouped}.{:02}", self.0 % 100)
    }
}

impl<'de> Deserialize<'de> for Fen {
    fn deserialize<D: Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        let fen = u64::deserialize(d)?;
        Self::new(fen).ok_or_else(|| serde::de::Error::custom("sum above 2^53 - 1 fen"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shows_yuan() {
        assert_eq!(Fen::from_yuan(4_800_000).to_string(), "4,800,000.00");
        assert_eq!(Fen::new(105).unwrap().to_string(), "1.05");
        assert_eq!(Fen::new(1 << 53), None);
    }
}
