//! Queries: what a participant may see of a subject, computed on one consistent state.

mod as_of;
mod entitlement;
mod funding;
mod recognition;
mod records;
mod suspected;
mod worklist;

pub(super) use self::as_of::{answer_as_of, as_it_was};
pub(super) use self::funding::{assessed, told};

use serde_json::{Value, json};

use super::directory::Directory;
use super::judge::Objection;
use super::rulebook::Rulebook;
use crate::catalogue::Catalogue;
use crate::domain::code::Code;
use crate::domain::context::{Purpose, QueryContext};
use crate::domain::participant::ParticipantId;
use crate::domain::query::AccessQuery;
use crate::domain::record::chain::Step;
use crate::domain::record::life_cycle::Action;
use crate::domain::registry::{Body, MessageType};
use crate::domain::subject::{Ref, SubjectId, TokenRef};
use crate::domain::time::{UtcSeconds, Validity};
use crate::projection::{
    ACCESS, Given, RecordRow, Resolution, View, ViewError, introduced, same_person, stranger,
    subject_of,
};

/// An answer before it is signed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer {
    /// The query.
    pub query: MessageType,
    /// Whom it was about and why, for the access report.
    pub about: Option<(Ref<TokenRef>, QueryContext)>,
    /// Number of log entries it rests on.
    pub known_at: u64,
    /// Coverage block.
    pub coverage: Value,
    /// Content.
    pub body: Value,
    /// Ids of the findings of an assessment, which outcomes may name later.
    pub findings: Option<Vec<String>>,
    /// What is kept of it, so that a later change can find it.
    pub given: Option<Given>,
}

/// What answering needs besides the query.
pub struct Desk<'a> {
    /// A consistent state.
    pub view: &'a dyn View,
    /// Number of log entries in it.
    pub known_at: u64,
    /// The directory of that state.
    pub directory: &'a Directory,
    /// The catalogue that ships with the binary: services, alliances.
    pub catalogue: &'a Catalogue,
    /// The rules of that state.
    pub rules: &'a Rulebook,
    /// Table keys of tokens.
    pub resolution: &'a dyn Resolution,
    /// Who asks.
    pub asker: &'a ParticipantId,
    /// When.
    pub now: UtcSeconds,
}

/// Answers a query.
pub fn answer(desk: &Desk<'_>, query: MessageType, body: &Body) -> Result<Answer, Objection> {
    let Some((Ref::Talent(subject), _)) = body.about() else {
        return answer_known(desk, query, body);
    };
    let known = introduced(desk.view, desk.resolution, &subject, desk.asker)?;
    answer_known(&Desk { view: &known, ..*desk }, query, body)
}

/// Answers a query about somebody whom the state knows.
fn answer_known(desk: &Desk<'_>, query: MessageType, body: &Body) -> Result<Answer, Objection> {
    let mut answer = match body {
        Body::RecordsQuery(q) => records::answer(desk, query, q),
        Body::AccessQuery(q) => access(desk, query, q),
        Body::RecognitionQuery(q) => recognition::answer(desk, query, q),
        Body::EntitlementQuery(q) => entitlement::answer(desk, query, q),
        Body::FundingQuery(q) => funding::answer(desk, query, q),
        Body::WorklistQuery(q) => worklist::answer(desk, query, q),
        _ => Err(Code::MessageTypeUnknown.into()),
    }?;
    answer.given = Given::of(body, &answer.body);
    Ok(answer)
}

impl Desk<'_> {
    /// May the asker use this owner's records of a kind for the purpose? Its own always.
    pub(super) fn may_use(&self, owner: &ParticipantId, kind: &str, purpose: Purpose) -> bool {
        let day = self.now.date_cst();
        owner == self.asker
            || self.directory.permission(owner, self.asker, kind, purpose, day).is_some()
    }

    /// The public contact of a participant's office.
    pub(super) fn contact(&self, participant: &ParticipantId) -> Option<String> {
        self.directory.participant(participant).map(|row| row.body.contact.clone())
    }

    /// The internal id behind a token; a stranger gets one that nothing else has.
    pub(super) fn resolve(&self, reference: Ref<TokenRef>) -> Result<SubjectId, ViewError> {
        let token = reference.as_ref();
        let known = subject_of(self.view, self.resolution, token, self.asker)?;
        Ok(known.unwrap_or_else(|| stranger(self.resolution.lookup(token, None))))
    }
}

/// The context of a query must give a legal basis or a consent.
pub(super) fn check_context(context: &QueryContext) -> Result<(), Objection> {
    if context.has_basis() { Ok(()) } else { Err(Code::BasisMissing.into()) }
}

fn access(desk: &Desk<'_>, query: MessageType, q: &AccessQuery) -> Result<Answer, Objection> {
    check_context(&q.context)?;
    let mut rows = Vec::new();
    for subject in persons(desk, &q.subject)? {
        rows.extend(ACCESS.of_subject(desk.view, subject)?);
    }
    rows.sort_by_key(|row| row.pos);
    Ok(Answer {
        query,
        about: Some((Ref::Talent(q.subject), q.context.clone())),
        known_at: desk.known_at,
        coverage: json!([]),
        body: json!({ "accesses": rows }),
        findings: None,
        given: None,
    })
}

/// The subjects that are the person behind a token; none when nothing is known.
pub(super) fn persons(desk: &Desk<'_>, token: &TokenRef) -> Result<Vec<SubjectId>, ViewError> {
    match subject_of(desk.view, desk.resolution, Ref::Talent(token), desk.asker)? {
        Some(subject) => same_person(desk.view, subject),
        None => Ok(Vec::new()),
    }
}

/// The last revision of each record. Rows come in key order: kind, owner, record, revision.
fn newest(rows: Vec<RecordRow>) -> Vec<RecordRow> {
    let mut newest: Vec<RecordRow> = Vec::with_capacity(rows.len());
    for row in rows {
        let same = newest.last().is_some_and(|last| is_same_record(last, &row));
        if same {
            newest.pop();
        }
        newest.push(row);
    }
    newest
}

/// Are these revisions of one record?
fn is_same_record(a: &RecordRow, b: &RecordRow) -> bool {
    a.owner == b.owner
        && a.record.kind() == b.record.kind()
        && a.record.head().record == b.record.head().record
}

/// A revision of a record that is known.
struct Known {
    row: RecordRow,
    /// May it have been signed with a key that has leaked?
    suspect: bool,
}

impl Known {
    fn of(desk: &Desk<'_>, row: RecordRow) -> Self {
        let suspect = desk.directory.is_suspect(&row.owner, row.at, row.pos);
        Self { row, suspect }
    }
}

impl Step for Known {
    fn action(&self) -> Action {
        self.row.record.head().action
    }

    fn validity(&self) -> Validity {
        self.row.record.head().validity
    }

    fn is_suspect(&self) -> bool {
        self.suspect
    }
}
