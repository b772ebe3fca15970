//! What talks about talents, not about computers: no I/O, no clock, no randomness, no async.
//!
//! Owns the meaning of identifiers, dates, money, records, recognition and funding. Leaves bytes on
//! the wire to `json` and `jws`, storage to `store`, words on HTTP to `net`.

pub mod calendar;
pub mod citation;
pub mod clocks;
pub mod code;
pub mod codelist;
pub mod context;
pub mod coverage;
pub mod directory;
pub mod enquiry;
pub mod entropy;
pub mod explain;
pub mod funding;
pub mod id;
pub mod link;
pub mod matter;
pub mod money;
pub mod near;
pub mod objection;
pub mod partial_date;
pub mod participant;
pub mod place;
pub mod ports;
pub mod query;
pub mod recognition;
pub mod reconcile;
pub mod record;
pub mod registry;
pub mod review;
pub mod spelling;
pub mod subject;
pub mod text;
pub mod time;
