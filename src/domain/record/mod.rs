//! Records that districts push: certifications, qualifications and the facts that rules read.
//!
//! The body of a record message is one record, or in the bulk form `{"items": [...]}` with 1 to
//! 1,000 records of the same type under one signature; items are judged singly and in order, and
//! the receipt has one outcome per item (DESIGN §5).

pub mod affiliation;
pub mod certification;
pub mod fact;
pub mod life_cycle;
pub mod occupancy;
pub mod qualification;
