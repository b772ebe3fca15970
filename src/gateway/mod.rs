//! Use cases: accept, answer, hold, feed, directory, rebuild; and the ports they need.

mod judge;
pub mod ports;
mod pseudonym;
pub mod vault;

pub use self::pseudonym::Pseudonyms;
