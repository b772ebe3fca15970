//! Seeded generator of fictitious talents with ground truth: the same seed gives the same people,
//! messages and expected findings for ever.
//!
//! Owns stories as plain message bodies, what a check of them must find, and the score against it.
//! Leaves tokens, signatures and sending to whoever uses it. Names say that nobody is real (试…, 测…,
//! 虚…, 虚构…公司); a generated number has right check digits and may by chance be that of a person who
//! exists, so it is for test systems only.

mod act;
mod crowd;
mod entropy;
mod identify;
mod ledger;
mod look_up;
mod naive;
mod number;
mod paper;
pub mod person;
pub mod plain;
pub mod prelude;
mod register;
mod score;
mod story;
mod teller;

pub use act::{Act, Label, Story, Truth};
pub use crowd::{Crowd, Judged, certification, title};
pub use entropy::SeededEntropy;
pub use identify::Unreadable;
pub use ledger::play;
pub use look_up::{Answered, Entitled, Hours, LookUp, OfRecord, Recognised, Stated};
pub use naive::{derive, derive_look_up};
pub use paper::{PaperKind, paper_kinds};
pub use person::{Employer, Person, PlainDocument, PlainPassport, people};
pub use plain::District;
pub use register::{Rulebook, RulebookError, look_up};
pub use score::{Counts, Difference, LookUps, Score};
pub use story::{Kind, Match, kinds, kinds_apart};

/// The stories `from` to `to − 1` of a seed, one at a time: nothing is kept. A story is the same
/// whatever range it is asked in.
pub fn stories(seed: u64, range: std::ops::Range<usize>) -> impl Iterator<Item = Story> {
    range.map(move |index| story::tell(seed, index))
}

/// Stories that need an exchange of their own, because what happens in them reaches every talent of a
/// district: a ruling, a joint rule, a leaked key, the gateway's clock. Their talents are in no story of
/// [`stories`].
pub fn stories_apart(seed: u64, range: std::ops::Range<usize>) -> impl Iterator<Item = Story> {
    range.map(move |index| story::tell_apart(seed, index))
}
