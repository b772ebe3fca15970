//! Funding: what districts pay, and whether it may be paid twice (重复资助核查).
//!
//! Owns the bodies of the funding messages and the vocabulary of rules and questions. Leaves
//! signing and storage to others; nothing here reads a clock. The gateway finds, computes and
//! explains; an authority decides (DESIGN §7).

pub mod id;
pub mod message;
