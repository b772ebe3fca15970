//! Bodies of the funding messages. Generic over what stands for a talent or an object: a `TokenRef`
//! on the wire, a `SubjectId` in the gateway's tables, a label in a case file.

mod application;
mod case_fact;
mod criteria;
mod grant;
mod hold;
mod outcome;
mod policy;
mod rule;

pub use self::application::{
    Amount, Application, ApplicationKind, Beneficiary, ClassRef, CoFunder, CoFunding, NumberRef,
    ObjectKind, ObjectRef, PolicyRef, Terms,
};
pub use self::case_fact::{Answer, CaseFact, CaseValue, FactUnit};
pub use self::criteria::{ClassCriteria, ClassGround, Criterion};
pub use self::grant::{Grant, Override, Payer, PayerTier, Payment, Recovery, Share, Stop};
pub use self::hold::{FundingQuery, Hold, Release};
pub use self::outcome::{AssessmentRef, FindingOutcome, Outcome};
pub use self::policy::{
    AmountDoubt, AmountReading, AmountUnit, Cap, CapDoubt, ClauseRef, Condition, ConditionDoubt,
    Level, Payout, Policy, PolicyAmount, PolicyClass, PolicyStatus, Schedule,
};
pub use self::rule::{JointEffect, JointRule, Ruling, Sanction, SanctionEnd, SanctionKind};
