//! 互认: does a certification or qualification of one district count in another, for which
//! purpose, on which date, with which legal effect, under which document (DESIGN §6).
//!
//! Owns the rule and query bodies, the pure [`recognise`] and its words. Equivalence is a
//! directed, decided, purpose-bound, dated relation that a rule states; it is never computed from
//! ranks or letters, never followed through a third scheme and never reversed.

pub mod answer;
pub mod case;
pub mod catalogue;
pub mod effect;
pub mod explain;
mod hours;
pub mod precondition;
pub mod query;
pub mod recognise;
pub mod record;
pub mod rule;
pub mod view;

pub use answer::{
    Flag, HoursByKind, HoursOfYear, Outcome, PreconditionFinding, Proof, Recognition,
    RecordFinding, RuleFinding,
};
pub use case::{RecognitionCase, Talent};
pub use catalogue::rules;
pub use effect::{Effect, Object, RecognitionPurpose};
pub use explain::explain;
pub use query::{About, Question, RecognitionQuery};
pub use recognise::recognise;
pub use record::{Credential, Revision};
pub use rule::{
    ClassRef, IssuerMatch, LocalMeaning, Precondition, RecognitionRule, Requirement, RuleScope,
    RuleStatus, SourceCheck,
};
pub use view::{
    Holdings, LoggedRule, MemoryView, RecognitionView, RuleIndex, RuleKey, SeenAffiliation,
    SeenFact,
};

#[cfg(test)]
mod testing;
#[cfg(test)]
mod tests;
