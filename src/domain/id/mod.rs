//! Identity documents, credit codes, region codes, and the bytes a matching token is made of.
//!
//! Owns what a number of each kind must look like and which part of it stands for the person. Plain
//! numbers live only at the connector and in `import`; nothing here is ever part of a message.
//! Names of persons are read nowhere: a name is never a match and never sent (DESIGN §8).
//! Leaves the token itself to `oprf`, links between documents of one person to `subject.link/1`.

pub mod document;
pub mod document_type;
mod layout;
pub mod match_input;
pub mod nationality;
pub mod notice;
pub mod number;
pub mod passport;
pub mod region;
pub mod uscc;

pub use document::{Document, Form, Nationality};
pub use document_type::DocumentType;
pub use match_input::{Domain, MatchInput, ObjectKind};
pub use notice::{IdRefusal, Notice, Reason, Severity};
pub use number::{PersonKey, SecretNumber, mask};
pub use passport::PassportIdentity;
pub use region::{Division, RegionCode, Standing};
pub use uscc::{Uscc, VerificationSource};
