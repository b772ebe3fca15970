//! Enquiries between districts and their replies.

use serde::{Deserialize, Serialize};

use super::feed::{FeedChange, notify};
use super::fold::EventMeta;
use super::funding::owned_key;
use super::matter::{self, MatterRef};
use super::table::{Key, Table};
use super::view::{Overlay, ViewError};
use crate::domain::enquiry::{
    EnquiryAbout, EnquiryAnswer, EnquiryBody, EnquiryQuestion, EnquiryRef, EnquiryReply,
};
use crate::domain::participant::ParticipantId;
use crate::domain::time::UtcSeconds;

/// Enquiries, keyed by (who asks, id).
pub const ENQUIRIES: Table<EnquiryRow> = Table::new(62);

/// An enquiry and its reply.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct EnquiryRow {
    /// Who asks.
    pub by: ParticipantId,
    /// Id there.
    pub enquiry: String,
    /// Log position.
    pub pos: u64,
    /// When the log took it.
    pub at: UtcSeconds,
    /// Who is asked.
    pub to: ParticipantId,
    /// Case number of who asks.
    pub case: String,
    /// What it is about.
    pub about: EnquiryAbout,
    /// What is asked.
    pub questions: Vec<EnquiryQuestion>,
    /// Working days that the other side has.
    pub within_days: u32,
    /// The reply.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub replied: Option<Replied>,
    /// Did its clock run out before the reply?
    pub overdue: bool,
}

/// A reply.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Replied {
    /// Log position.
    pub pos: u64,
    /// When the log took it.
    pub at: UtcSeconds,
    /// The answers.
    pub answers: Vec<EnquiryAnswer>,
}

/// Key of an enquiry.
pub fn enquiry_key(enquiry: &EnquiryRef) -> Key {
    owned_key(&enquiry.by, &enquiry.enquiry)
}

pub(super) fn ask(
    state: &mut Overlay<'_>,
    meta: &EventMeta,
    body: EnquiryBody,
) -> Result<(), ViewError> {
    let to = meta.to.clone().ok_or_else(|| ENQUIRIES.inconsistent("an enquiry to nobody"))?;
    let row = EnquiryRow {
        by: meta.iss.clone(),
        enquiry: body.enquiry,
        pos: meta.pos,
        at: meta.at,
        to,
        case: body.case,
        about: body.about,
        questions: body.questions,
        within_days: body.within_days,
        replied: None,
        overdue: false,
    };
    let reference = MatterRef::Enquiry(reference(&row));
    matter::open(state, meta.pos, &reference, [&row.by, &row.to])?;
    tell_to(state, meta, &row, FeedChange::EnquiryReceived)?;
    write(state, &row)
}

pub(super) fn reply(
    state: &mut Overlay<'_>,
    meta: &EventMeta,
    body: EnquiryReply,
) -> Result<(), ViewError> {
    let mut row = get(state, &body.enquiry)?;
    row.replied = Some(Replied { pos: meta.pos, at: meta.at, answers: body.answers });
    matter::close(state, row.pos, &row.by)?;
    tell_by(state, meta, &row, FeedChange::EnquiryReplied)?;
    write(state, &row)
}

pub(super) fn overdue(
    state: &mut Overlay<'_>,
    meta: &EventMeta,
    reference: &EnquiryRef,
) -> Result<bool, ViewError> {
    let mut row = get(state, reference)?;
    if row.replied.is_some() {
        return Ok(false);
    }
    row.overdue = true;
    tell_by(state, meta, &row, FeedChange::EnquiryOverdue)?;
    tell_to(state, meta, &row, FeedChange::EnquiryOverdue)?;
    write(state, &row)?;
    Ok(true)
}

fn reference(row: &EnquiryRow) -> EnquiryRef {
    EnquiryRef { by: row.by.clone(), enquiry: row.enquiry.clone() }
}

fn get(state: &Overlay<'_>, reference: &EnquiryRef) -> Result<EnquiryRow, ViewError> {
    ENQUIRIES
        .get(state, &enquiry_key(reference))?
        .ok_or_else(|| ENQUIRIES.inconsistent("no such enquiry"))
}

fn write(state: &mut Overlay<'_>, row: &EnquiryRow) -> Result<(), ViewError> {
    state.apply(ENQUIRIES.put(enquiry_key(&reference(row)), None, row)?);
    Ok(())
}

fn tell_by(
    state: &mut Overlay<'_>,
    meta: &EventMeta,
    row: &EnquiryRow,
    change: FeedChange,
) -> Result<(), ViewError> {
    let (case, concerns) = (Some(row.case.clone()), Some(row.enquiry.clone()));
    notify(state, &row.by, meta.feed_entry(change, case, concerns))
}

/// Who is asked learns of its own record, never of the asker's case.
fn tell_to(
    state: &mut Overlay<'_>,
    meta: &EventMeta,
    row: &EnquiryRow,
    change: FeedChange,
) -> Result<(), ViewError> {
    let concerns = row.about.record.as_ref().map(|r| r.record.clone());
    notify(state, &row.to, meta.feed_entry(change, None, concerns))
}
