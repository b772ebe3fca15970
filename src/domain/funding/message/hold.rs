//! `funding.hold/1`, `funding.release/1` and `query.funding/1`.

use serde::{Deserialize, Serialize};

use super::application::Application;
use crate::domain::context::QueryContext;
use crate::domain::subject::{Ref, TokenRef};
use crate::domain::time::UtcSeconds;

/// `funding.hold/1`: assesses an application and reserves it against others until it expires.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, bound(deserialize = "S: Deserialize<'de>"))]
pub struct Hold<S = TokenRef> {
    /// Id in the sender's system, 1–64 of `A-Z a-z 0-9 . _ -`; unique per sender.
    pub hold: String,
    /// What is held.
    pub application: Application<S>,
    /// When the hold ends by itself; at most [`Hold::LIFETIME_SECONDS_MAX`] after acceptance.
    pub expires: UtcSeconds,
    /// Why.
    pub context: QueryContext,
}

/// `funding.release/1`: the sender gives a hold up.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Release {
    /// The hold.
    pub hold: String,
    /// Why; no personal data.
    pub reason: String,
}

/// `query.funding/1`: assesses an application and reserves nothing.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, bound(deserialize = "S: Deserialize<'de>"))]
pub struct FundingQuery<S = TokenRef> {
    /// Why.
    pub context: QueryContext,
    /// What is asked about.
    pub application: Application<S>,
    /// Size of the log that the answer may rest on: entries at positions below it are known.
    /// Absent means everything that is logged when the answer is made.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub known_at: Option<u64>,
}

impl<S> Hold<S> {
    /// Longest life of a hold in seconds: 30 days, so that a forgotten hold blocks nobody for long.
    pub const LIFETIME_SECONDS_MAX: i64 = 30 * 86_400;

    /// The same hold with every talent and object replaced.
    pub fn map<T, E>(self, f: &mut impl FnMut(Ref<S>) -> Result<T, E>) -> Result<Hold<T>, E> {
        Ok(Hold {
            hold: self.hold,
            application: self.application.map(f)?,
            expires: self.expires,
            context: self.context,
        })
    }
}

impl<S> FundingQuery<S> {
    /// The same query with every talent and object replaced.
    pub fn map<T, E>(
        self,
        f: &mut impl FnMut(Ref<S>) -> Result<T, E>,
    ) -> Result<FundingQuery<T>, E> {
        Ok(FundingQuery {
            context: self.context,
            application: self.application.map(f)?,
            known_at: self.known_at,
        })
    }
}
