//! Numbers of rules (`R01`…) and of open questions (`Q01`…), as the rule catalogue prints them.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// Text that is not a rule or question number; carries no part of the text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("expected {expected}")]
pub struct ParseNumberError {
    /// What was expected.
    pub expected: &'static str,
}

macro_rules! number {
    ($name:ident, $prefix:literal, $max:literal, $what:literal) => {
        #[doc = concat!($what, ": `", $prefix, "01` to `", $prefix, stringify!($max), "`.")]
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(u8);

        impl $name {
            /// The number, 1 to the largest that the catalogue knows. Kept inside the bounds.
            pub const fn new(n: u8) -> Self {
                Self(if n == 0 {
                    1
                } else if n > $max {
                    $max
                } else {
                    n
                })
            }

            /// The number without its letter.
            pub const fn number(self) -> u8 {
                self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, "{}{:02}", $prefix, self.0)
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                fmt::Display::fmt(self, f)
            }
        }

        impl FromStr for $name {
            type Err = ParseNumberError;

            fn from_str(s: &str) -> Result<Self, Self::Err> {
                let err = ParseNumberError { expected: $what };
                let digits = s.strip_prefix($prefix).filter(|d| d.len() == 2).ok_or(err)?;
                match digits.parse::<u8>() {
                    Ok(n @ 1..=$max) if digits.bytes().all(|b| b.is_ascii_digit()) => Ok(Self(n)),
                    _ => Err(err),
                }
            }
        }

        impl Serialize for $name {
            fn serialize<S: Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
                s.collect_str(self)
            }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
                let s = <std::borrow::Cow<'de, str>>::deserialize(d)?;
                s.parse().map_err(serde::de::Error::custom)
            }
        }
    };
}

number!(RuleId, "R", 35, "a rule number");
number!(QuestionId, "Q", 39, "a question number");

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_have_one_form() {
        assert_eq!("R05".parse::<RuleId>().unwrap(), RuleId::new(5));
        assert_eq!(RuleId::new(5).to_string(), "R05");
        for bad in ["R5", "R00", "R36", "r05", "R+5", "R005", "Q05", ""] {
            assert!(bad.parse::<RuleId>().is_err(), "{bad}");
        }
        assert_eq!("Q39".parse::<QuestionId>().unwrap().to_string(), "Q39");
        assert!("Q40".parse::<QuestionId>().is_err());
    }
}
