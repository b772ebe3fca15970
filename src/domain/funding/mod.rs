//! Funding: what districts pay, and whether it may be paid twice (重复资助核查).
//!
//! Owns the bodies of the funding messages, the ledger as rules read it, the rules and the
//! assessment. Leaves signing and storage to others; nothing here reads a clock. The gateway finds,
//! computes and explains; an authority decides (DESIGN §7).
//!
//! [`assess::assess`] is the entry: a pure function of a [`view::FundingView`], an application and
//! two times. [`claim`] says which holds race each other.

pub mod ask;
pub mod assess;
pub mod beneficiary;
pub mod bookkeeping;
pub mod carriers;
pub mod case;
pub mod case_facts;
pub mod case_file;
pub mod claim;
pub mod facts;
pub mod finding;
pub mod held;
pub mod id;
pub mod kind;
pub mod ledger;
pub mod message;
pub mod months;
mod outlived;
pub mod precision;
pub mod question;
pub mod report;
pub mod rule_version;
pub mod rules;
pub mod safe;
pub mod sameness;
pub mod stacking;
pub mod team;
pub mod view;
