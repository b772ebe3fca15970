//! The CA profile: names and lifetimes, read from TOML (`certs/ca.toml`).

use serde::Deserialize;

use super::PkiError;

/// Longest life of the development root, in days.
pub const CA_DAYS_MAX: u32 = 3650;
/// Longest life of a server or client certificate, in days: what a lost CRL could leave open.
pub const LEAF_DAYS_MAX: u32 = 30;
/// Longest life of a revocation list, in hours.
pub const CRL_HOURS_MAX: u32 = 168;
/// Longest name in the subject, in characters (X.520 `ub-common-name`, `ub-organization-name`).
const NAME_CHARS_MAX: usize = 64;

/// Names and lifetimes of a development CA; made only by [`Profile::parse`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Profile {
    pub(super) common_name: String,
    pub(super) organization: String,
    pub(super) ca_days: u32,
    pub(super) leaf_days: u32,
    pub(super) crl_hours: u32,
}

impl Profile {
    /// The profile kept in `certs/ca.toml`.
    pub fn development() -> Result<Self, PkiError> {
        Self::parse(include_str!("../../certs/ca.toml"))
    }

    /// Reads a profile; unknown members and lifetimes outside their bounds are errors.
    pub fn parse(text: &str) -> Result<Self, PkiError> {
        let raw: Raw = toml::from_str(text).map_err(|e| PkiError::Profile(e.to_string()))?;
        for (name, value) in
            [("common_name", &raw.common_name), ("organization", &raw.organization)]
        {
            if !(1..=NAME_CHARS_MAX).contains(&value.chars().count()) {
                return Err(PkiError::Profile(format!("{name}: 1 to {NAME_CHARS_MAX} characters")));
            }
        }
        for (name, value, max) in [
            ("ca_days", raw.ca_days, CA_DAYS_MAX),
            ("leaf_days", raw.leaf_days, LEAF_DAYS_MAX),
            ("crl_hours", raw.crl_hours, CRL_HOURS_MAX),
        ] {
            if !(1..=max).contains(&value) {
                return Err(PkiError::Profile(format!("{name}: 1 to {max}")));
            }
        }
        let Raw { common_name, organization, ca_days, leaf_days, crl_hours } = raw;
        Ok(Self { common_name, organization, ca_days, leaf_days, crl_hours })
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Raw {
    common_name: String,
    organization: String,
    ca_days: u32,
    leaf_days: u32,
    crl_hours: u32,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn profiles_are_bounded_and_closed() {
        Profile::development().unwrap();
        let good = include_str!("../../certs/ca.toml");
        for (from, to) in [
            ("leaf_days = 7", "leaf_days = 0"),
            ("leaf_days = 7", "leaf_days = 31"),
            ("crl_hours = 48", "crl_hours = 169"),
            ("ca_days = 365", "ca_days = 365\nkey = \"x\""),
            ("ca_days = 365", ""),
            ("YDT talent gateway development CA", ""),
        ] {
            let bad = good.replacen(from, to, 1);
            assert_ne!(bad, good);
            assert!(Profile::parse(&bad).is_err(), "{from} → {to}");
        }
    }
}
