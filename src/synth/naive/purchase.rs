//! A purchase subsidy of class C (附件4 一（二）3, 一（三）), instalment by instalment: at most a million yuan, a
//! hundred and twentieth of it in each month, nothing in the months after. Spoken of where nothing was drawn before.

use serde_json::Value;

use super::super::act::Truth;
use super::TIES;
use super::said::{Said, month, months_of, text};
use crate::domain::funding::finding::Verdict;

const POLICY: &str = "qingpu/housing-purchase/C";
/// Fen.
const AT_MOST: u64 = 100_000_000;
const INSTALMENTS: usize = 120;

/// What a check of `application` must find; `None` where it is of something else, or rests on more than the class.
pub(super) fn derive(application: &Value, said: &Said) -> Option<Truth> {
    let plain = application["policy"]["id"] == POLICY
        && application["kind"] == "grant"
        && application["beneficiary"] == "person"
        && ["class", "case_by_case", "parent_plan", "co_funding", "project", "objects"]
            .iter()
            .all(|member| application[*member].is_null());
    let facts = application["case_facts"].as_array()?;
    let tied = TIES.iter().all(|tie| {
        facts.iter().any(|fact| fact["code"] == *tie && fact["value"]["answer"] == "yes")
    });
    if !plain || !tied || facts.len() != TIES.len() || !said.sanctions.is_empty() {
        return None;
    }
    let person = said.same_as(&text(&application["subject"])?);
    let drawn = said.held.iter().any(|h| person.contains(&h.person));
    let alone = said.spouses(&person).is_empty() && said.suspected(&person).is_empty();
    let mut own = said.classes.iter().filter(|c| person.contains(&c.person));
    let class = own.next()?;
    if drawn || !alone || own.next().is_some() {
        return None;
    }
    let (months, last) = match &application["months"] {
        Value::Null => (INSTALMENTS, month(application["date"].as_str()?)? + 119),
        span => {
            let span = months_of(span)?;
            (span.len(), *span.last()?)
        }
    };
    let held = class.scheme == "qingpu-housing" && class.letter == "C" && class.holds_in(last);
    held.then(|| paid_out(&application["amount"], months))?
}

/// Pays month by month what is asked for, as far as the instalments until then reach.
fn paid_out(amount: &Value, months: usize) -> Option<Truth> {
    let n = u64::try_from(months).ok()?;
    let total = amount["total"].as_u64();
    let asked = total.or_else(|| Some(amount["monthly"].as_u64()? * n))?;
    let within = months.min(INSTALMENTS);
    let mut until_now = 0;
    for instalment in 1..=u64::try_from(within).ok()? {
        until_now = AT_MOST * instalment / 120;
    }
    // What is asked for the months of the ten years; a total is that of all instalments where all are named.
    let inside = match (amount["monthly"].as_u64(), total) {
        (Some(monthly), _) => (0..within).map(|_| monthly).sum(),
        (None, total) => total?,
    };
    let mut truth = Truth::clear();
    if asked > AT_MOST {
        truth = truth.and(29, Verdict::Capped, &[]);
    }
    if months > INSTALMENTS {
        truth = truth.and(17, Verdict::Capped, &[]);
    }
    let faster = months < INSTALMENTS && inside.min(AT_MOST) > until_now;
    Some(truth.and(17, if faster { Verdict::Capped } else { Verdict::Clear }, &[]))
}
