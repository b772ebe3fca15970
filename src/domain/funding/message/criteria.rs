//! Criteria by which a policy itself says who belongs to a class (附件2 二, 附件4 一（一）): the class is
//! derived from records and case facts where no certification decides.

use serde::{Deserialize, Serialize};

use crate::domain::citation::Citation;
use crate::domain::funding::id::QuestionId;

/// The written grounds of a class; one that is met is enough.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ClassCriteria {
    /// Does the list say all? A list that ends in 等 leaves other grounds to the authority.
    pub exhaustive: bool,
    /// The grounds, 1 to 16.
    pub grounds: Vec<ClassGround>,
}

/// One ground: all of its criteria must be met.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ClassGround {
    /// The criteria, 1 to 8.
    pub all: Vec<Criterion>,
    /// Where it stands.
    pub citation: Citation,
}

/// One criterion.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub enum Criterion {
    /// Education of one of these levels (GB/T 4658), from `qualification/1`.
    Education {
        /// Codes of the levels that are enough.
        levels: Vec<String>,
        /// Must it be full-time (全日制)?
        full_time: bool,
    },
    /// A title of one of these levels (GB/T 12407), from `qualification/1`.
    Title {
        /// Codes of the levels that are enough.
        levels: Vec<String>,
    },
    /// Engaged by an employer of the district (被本区用人单位聘任), from `affiliation/1`.
    Engaged {},
    /// Certified under a scheme of somebody else, from `certification/1`: an academician, a member of a
    /// national plan.
    Certified {
        /// The scheme.
        scheme: String,
        /// The classes that are enough.
        classes: Vec<String>,
    },
    /// A yes/no fact.
    Fact {
        /// Its code.
        fact: String,
    },
    /// A yes/no fact on each day that the text may mean: fact `age-at-most-35` on `application` is
    /// `age-at-most-35-on-application`. Where the days differ, the question is raised.
    FactOnDates {
        /// First part of the codes.
        fact: String,
        /// The days, as the readings of the question are called.
        dates: Vec<String>,
        /// The question.
        question: QuestionId,
    },
    /// A whole number that is at least so much (以上). Where it is equal, the question is raised.
    AtLeast {
        /// Its code; the unit is in the name.
        fact: String,
        /// The threshold.
        value: i64,
        /// Is 以上 inclusive (Q17)?
        question: QuestionId,
    },
}
