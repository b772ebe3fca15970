//! What stands in the files beside a story and has nothing to do with it: no truth may change by it.

use serde_json::json;

use super::super::plain::{District, Draft};
use super::super::teller::{PASSER_BY, TALENT, Teller};
use super::{Kind, Match, YEAR, neighbour_rent};
use crate::domain::registry::MessageType;

/// Of a hundred ordinary talents, so many have something else in the files; of the hard ones, half.
const ORDINARY_PERCENT: u8 = 5;
const HARD_PERCENT: u8 = 50;

/// Something that has nothing to do with the story, now and then. Where documents are linked, nothing is
/// said of the talent: whoever says something has to consent.
pub(super) fn before(t: &mut Teller, kind: &Kind, papers_linked: bool) {
    let ordinary = kind.name == super::ORDINARY.name;
    let percent = if ordinary { ORDINARY_PERCENT } else { HARD_PERCENT };
    if t.rng.u8(0..100) >= percent {
        return;
    }
    let linked = papers_linked || kind.combined || kind.matching == Some(Match::Link);
    match t.rng.u8(0..4) {
        0 => namesake_funded(t),
        1 => namesake_debarred(t),
        _ if linked => namesake_funded(t),
        2 => exam_fee(t),
        _ => youth_station(t),
    }
}

/// Somebody of the same name draws rent in a neighbour district, year after year.
fn namesake_funded(t: &mut Teller) {
    t.namesake();
    let first = t.month();
    let held = neighbour_rent(t, first.plus(-12)).months(first.plus(-12), 5 * YEAR);
    let firm = t.other_firm();
    t.grant_to((PASSER_BY, 0), held.set("employer", firm));
}

/// Somebody of the same name is debarred in Qingpu, without end.
fn namesake_debarred(t: &mut Teller) {
    t.namesake();
    let subject = t.who(PASSER_BY, 0);
    let basis = json!({ "document": "qingpu-2020-88", "article": "附件4 四（二）4" });
    let sanction = json!({
        "kind": "person-debarred", "subject": subject, "start": "2019-01-01", "end": "open",
        "basis": basis,
    });
    t.sanction(District::Qingpu, sanction);
}

/// An examination fee that Yangpu pays back: a kind that is like none of the others.
fn exam_fee(t: &mut Teller) {
    let first = t.month();
    let fee = Draft::of("yangpu/exam-fee-reimbursement").months(first, 1).total(500);
    t.grant(fee.set("beneficiary", json!("enterprise")));
}

/// Some nights in a youth station of Hongkou.
fn youth_station(t: &mut Teller) {
    let first = t.month();
    let stay = json!({
        "kind": "youth-station",
        "discount_percent": 30,
        "validity": { "from": first.first_day(), "until": first.last_day() },
    });
    t.record(District::Hongkou, MessageType::Occupancy, (TALENT, 0), stay);
}
