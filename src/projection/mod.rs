//! From the log to the tables: `fold(state, event)` is pure and never judges again.
//!
//! Every table is a projection: a set of rows `(table, key) → value` with an optional subject to
//! find them by. The fold reads and writes them through an [`Overlay`] over any [`View`]; what it
//! changed comes out as [`Change`]s, which a store applies without knowing what they mean. So
//! `rebuild` runs the same fold over the log into empty tables and must end with equal rows.
//!
//! Owns the shape of rows and what each event does to them. Leaves deciding whether an event may
//! happen to `gateway::judge`.

mod access;
mod as_of;
mod decision;
mod directory;
mod enquiry;
mod feed;
mod fold;
mod funding;
mod given;
mod joint;
mod link;
mod matter;
mod objection;
mod past;
mod precision;
mod race;
mod reconcile;
mod record;
mod review;
mod subject;
mod table;
mod view;

pub use self::access::{ACCESS, AccessRow, ReachedAs};
pub use self::as_of::{AS_OF_ROWS_MAX, AsOf};
pub use self::decision::{
    JOINT_RULES, JointRuleRow, RULINGS, RulingRow, SANCTIONS, SanctionRow, joint_rules_in_effect,
    sanctions_of,
};
pub use self::directory::{AGREEMENTS, AgreementRow, CONSENTS, ConsentRow, KEYS, KeyRow};
pub use self::directory::{PARTICIPANTS, ParticipantRow};
pub use self::enquiry::{ENQUIRIES, EnquiryRow, Replied, enquiry_key};
pub use self::feed::{FEED, FeedChange, FeedRow};
pub use self::fold::fold;
pub use self::fold::{Event, EventMeta, Folding, Happened, ItemOutcome, Outcomes};
pub use self::funding::{
    ASSESSED, AssessedRow, CLAIMS, EXPIRIES, GRANTS, GRANTS_OF_PROJECT, GrantRow, HOLDS, HoldRow,
    HoldState, HoldVerdict, LIVE_HOLDS, OUTCOMES, OutcomeRow, POLICIES, PolicyRow,
    RECOGNITION_RULES, RecognitionRuleRow, claim_key, grants_of, owned_key, policy_key,
    project_key,
};
pub use self::joint::{JOINT_ACTS, JointAct, has_consented, joint_act_key};
pub use self::link::{
    LINKS, LinkRow, REACHED_MAX, Reached, SAME_PERSON_MAX, Tie, holders_of, is_settled, link_key,
    reached, same_person, ties,
};
pub use self::matter::{MATTERS, MatterRef, OPEN_MATTERS, RUNNING, open_matters};
pub use self::objection::{
    Decided, MARKS, Marks, OBJECTIONS, Objected, ObjectionRow, ObjectionState, is_marked,
    mark_prefix, objected, objection_key,
};
pub use self::past::{PAST, PAST_SINCE, PastRow};
pub use self::precision::{PRECISION, PrecisionRow};
pub use self::race::{HOLDS_OF_PERSON_MAX, RIVALS_MAX, comparison};
pub use self::reconcile::{RECONCILED, ReconciledRow, tally};
pub use self::record::{
    RECORDS, RecordRef, RecordRow, TEAMS_OF, record_key, record_prefix, teams_of,
};
pub use self::review::{
    GIVEN, Given, GivenRow, POSSIBLY_SAME, REVIEW_SECONDS_MAX, TOUCHED, Topic, TouchedRow, WATCHED,
    assessed_digest, is_due, watching,
};
pub use self::subject::{
    CANDIDATES, CandidateRow, Resolution, SUBJECTS, introduced, siblings, stranger, subject_of,
};
pub use self::table::{Key, Table};
pub use self::view::{Change, MemoryView, Overlay, Row, TableId, View, ViewError};
