//! Daily reconciliation (对账) and what time alone brings about.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::matter::Overdue;
use super::participant::ParticipantId;
use super::record::RecordKind;
use super::registry::{Class, MessageType};
use super::time::UtcSeconds;

/// A kind that is counted in reconciliation: each record kind, and `funding`, which is counted by its
/// grants, because what follows a grant hangs on it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct CountedKind(&'static str);

impl CountedKind {
    /// The ledger.
    pub const FUNDING: Self = Self("funding");

    /// Every kind, records first.
    pub fn all() -> impl Iterator<Item = Self> {
        let records = RecordKind::ALL.into_iter().map(|kind| Self(kind.as_str()));
        records.chain([Self::FUNDING])
    }

    /// The kind that an accepted message of this type counts under, if it counts at all.
    pub fn of(ty: MessageType) -> Option<Self> {
        match ty {
            MessageType::FundingGrant => Some(Self::FUNDING),
            _ if ty.class() == Class::Record => Self::all().find(|kind| kind.0 == ty.name()),
            _ => None,
        }
    }

    /// As in messages.
    pub const fn as_str(self) -> &'static str {
        self.0
    }
}

/// A text that names no counted kind.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a record kind (certification, qualification …) or funding")]
pub struct ParseKindError;

impl FromStr for CountedKind {
    type Err = ParseKindError;

    fn from_str(text: &str) -> Result<Self, ParseKindError> {
        Self::all().find(|kind| kind.0 == text).ok_or(ParseKindError)
    }
}

impl Serialize for CountedKind {
    fn serialize<S: Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        s.serialize_str(self.0)
    }
}

impl<'de> Deserialize<'de> for CountedKind {
    fn deserialize<D: Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        let text = <std::borrow::Cow<'de, str>>::deserialize(d)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}

impl fmt::Display for CountedKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0)
    }
}

/// `reconcile/1`: what a district says it has sent, per record kind. Coverage comes from here.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ReconcileBody {
    /// One line per record kind.
    pub kinds: Vec<ReconcileLine>,
}

/// The state of one record kind.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ReconcileLine {
    /// Record kind: `certification`, `funding` …
    pub kind: String,
    /// Everything that the district decided up to this second has been sent.
    pub complete_until: UtcSeconds,
    /// Number of accepted records of this kind.
    pub count: u64,
    /// SHA-256 of the sorted `jti/item` lines of its accepted records, lower-case hex.
    pub digest: String,
    /// Known gaps in words, without personal data.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub gaps: Vec<String>,
}

/// `clock/1`, sent by the gateway itself: what time alone brings about.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ClockBody {
    /// The second that this tick stands for.
    pub at: UtcSeconds,
    /// Holds that end at or before it.
    pub expired_holds: Vec<HoldRef>,
    /// Objections and enquiries whose clock ran out.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub overdue: Vec<Overdue>,
}

/// A hold, by owner and id.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct HoldRef {
    /// Who holds.
    pub owner: ParticipantId,
    /// Id of the hold in the owner's system.
    pub hold: String,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn records_and_grants_count() {
        for ty in MessageType::ALL.iter().copied() {
            let counts = CountedKind::of(ty).is_some();
            let expected = ty.class() == Class::Record || ty == MessageType::FundingGrant;
            assert_eq!(counts, expected, "{}", ty.as_str());
        }
        assert_eq!("funding".parse(), Ok(CountedKind::FUNDING));
        assert_eq!("funding.grant".parse::<CountedKind>(), Err(ParseKindError));
    }
}
