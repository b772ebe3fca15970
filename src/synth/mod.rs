//! Seeded generator of fictitious talents with ground truth: the same seed gives the same people,
//! records and expected findings for ever.
//!
//! Owns plain, connector-side records; leaves tokens, signatures and sending to whoever uses it.
//! Names say that nobody is real (试…, 测…, 虚…, 虚构…公司); a generated number has right check digits and may
//! by chance be that of a person who exists, so it is for test systems only.

pub mod district;
mod entropy;
mod number;
pub mod person;
pub mod plain;
mod story;

pub use district::{Scenario, district};
pub use entropy::SeededEntropy;
pub use person::{Employer, Person, PlainDocument, people};
pub use plain::{
    Action, Amount, Case, District, Expected, Outcome, PlainApplication, PlainCertification,
    PlainConfirmation, PlainGrant, PlainLink, PlainOccupancy, Story,
};
