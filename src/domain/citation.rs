//! Where a rule stands in writing. No clause, no finding (DESIGN §2.5).

use std::fmt;

use serde::{Deserialize, Serialize};

/// A place in a policy document.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Citation {
    /// Short name of the document (`qingpu-2020-88`) or its full reference (`青委〔2020〕88号`).
    pub document: String,
    /// Article in the document's own numbering: `附件4 四（二）2`.
    pub article: String,
    /// The short phrase that the rule rests on, as the document writes it (no copy of sentences).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub phrase: Option<String>,
}

impl fmt::Display for Citation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.document, self.article)
    }
}
