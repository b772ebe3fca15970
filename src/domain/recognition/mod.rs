//! 互认: does a certification or qualification of one district count in another, for which
//! purpose, on which date, with which legal effect, under which document (DESIGN §6).
//!
//! Owns the rule and query bodies, the pure [`recognise`] and its words. Equivalence is a
//! directed, decided, purpose-bound, dated relation that a rule states; it is never computed from
//! ranks or letters, never followed through a third scheme and never reversed.

pub mod alliance;
pub mod answer;
pub mod case;
pub mod catalogue;
mod copies;
mod decide;
pub mod effect;
pub mod entitlement;
pub mod explain;
mod hours;
pub mod places;
pub mod precondition;
pub mod query;
pub mod recognise;
pub mod record;
pub mod rule;
pub mod rule_coverage;
pub mod view;

pub use alliance::{Alliance, Alliances, OutsideMember};
pub use answer::{
    Flag, HoursByKind, HoursOfYear, MinimumFinding, MinimumStanding, Outcome, PreconditionFinding,
    Proof, Recognition, RecordFinding, RuleFinding, SetAside, SetAsideReason, Source,
};
pub use case::{RecognitionCase, Talent};
pub use catalogue::{alliances, rules, services};
pub use effect::{Effect, Object, RecognitionPurpose};
pub use entitlement::{Entitlement, EntitlementQuery, SharedService, entitlement};
pub use explain::{
    Names, NoNames, Told, as_known_then, explain, explain_entitlement, explain_with_service,
};
pub use places::Places;
pub use query::{About, Question, RecognitionQuery};
pub use recognise::recognise;
pub use record::{Credential, Revision};
pub use rule::{
    ClassRef, HoursMinimum, IssuerMatch, LocalMeaning, Precondition, RecognitionRule, Requirement,
    RuleScope, RuleStatus, SourceCheck,
};
pub use rule_coverage::{Issued, RuleCoverage, issued_by_rules, joined, rule_coverage};
pub use view::{
    Holdings, LoggedRule, MemoryView, RecognitionView, RuleIndex, RuleKey, SeenAffiliation,
    SeenFact, Word,
};

#[cfg(test)]
mod testing;
#[cfg(test)]
mod tests;
