//! Bodies of queries and of `token.evaluate/1`. Funding queries are in `funding`, recognition
//! queries in `recognition`.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::context::QueryContext;
use super::record::fact::FactSubject;
use super::subject::{Ref, TokenRef};

/// `query.records/1`: which records of a subject the asker's agreements let it see.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RecordsQuery {
    /// Why.
    pub context: QueryContext,
    /// The talent or the enterprise.
    pub subject: TokenRef,
    /// Which of the two; absent means a talent. Quotas and some facts are about enterprises.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub about: Option<FactSubject>,
    /// Record kinds asked for: `certification`, `qualification`, `affiliation` …
    pub kinds: Vec<String>,
    /// Give the whole chain of each record, not only the revision that counts on the day?
    #[serde(default)]
    pub history: bool,
    /// The day in the world that is asked about; absent means the day of the answer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub valid_at: Option<Date>,
    /// Size of the log that the answer may rest on: entries at positions below it are known.
    /// Absent means everything that is logged when the answer is made.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub known_at: Option<u64>,
}

impl RecordsQuery {
    /// The subject with its token domain.
    pub fn subject(&self) -> Ref<TokenRef> {
        match self.about {
            None | Some(FactSubject::Talent) => Ref::Talent(self.subject),
            Some(FactSubject::Enterprise) => Ref::Object(self.subject),
        }
    }
}

/// `query.access/1`: who asked about a subject, why (个人查询记录).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AccessQuery {
    /// Why.
    pub context: QueryContext,
    /// The talent.
    pub subject: TokenRef,
}

/// `token.evaluate/1`, to the tokeniser: blinded elements of one epoch.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TokenEvaluate {
    /// Epoch of the key, from 1.
    pub epoch: u32,
    /// Blinded ristretto255 elements, base64url of 32 bytes each, 1 to 64.
    pub elements: Vec<String>,
}

/// Body of the answer to `token.evaluate/1`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TokenEvaluated {
    /// Epoch of the key.
    pub epoch: u32,
    /// Evaluated elements in the order asked, base64url.
    pub elements: Vec<String>,
    /// One DLEQ proof for the batch, base64url of 64 bytes.
    pub proof: String,
}
