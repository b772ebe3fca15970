//! 互认: does a certification or qualification of one district count in another, for which
//! purpose, on which date, with which legal effect, under which document (DESIGN §6).
//!
//! Owns the rule and query bodies, the pure [`recognise`] and its words. Equivalence is a
//! directed, decided, purpose-bound, dated relation that a rule states; it is never computed from
//! ranks or letters, never followed through a third scheme and never reversed.

pub mod effect;
pub mod query;
pub mod rule;

pub use effect::{Effect, Object, RecognitionPurpose};
pub use query::{About, Question, RecognitionQuery};
pub use rule::{
    ClassRef, IssuerMatch, LocalMeaning, Precondition, RecognitionRule, Requirement, RuleScope,
    RuleStatus, SourceCheck,
};
