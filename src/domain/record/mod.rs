//! Records that districts push: certifications, qualifications and the facts that rules read.
//!
//! Every record message carries `{"records": [...]}` with 1 to 1,000 records, so that a single push
//! and a bulk push are one mechanism; the receipt has one outcome per record.

pub mod affiliation;
pub mod certification;
pub mod fact;
pub mod life_cycle;
pub mod occupancy;
pub mod qualification;
