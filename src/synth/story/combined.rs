//! Several hard cases at once: a spouse, a move between districts, a cap that is crossed, a second
//! document, a sanction … Each part is drawn so that it is there, only looks as if it were, or is
//! absent. The truth of the whole is derived from the messages by [`naive`](super::super::naive), never by
//! the engine and never by adding up parts. Longer than other files because the parts of both kinds share
//! their helpers.

use serde_json::{Value, json};

use super::super::act::Truth;
use super::super::naive::derive;
use super::super::person::hong_kong_pair;
use super::super::plain::{District, Draft, TIED};
use super::super::teller::{OTHER, TALENT, Teller, month};
use super::points::{register, register_as};
use super::{Kind, YEAR, housing_rent, industry_rent, kind, neighbour_rent, points_rent};
use crate::domain::registry::MessageType;
use crate::domain::time::Month;

pub(super) const KINDS: &[Kind] = &[
    kind("combined-rent", &[], &[], rent).combined(),
    kind("combined-points", &[], &[], points).combined(),
];

/// How one part came out.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Part {
    Absent,
    /// It only looks like it.
    Near,
    There,
}

/// Parts of a hundred that are there, and that only look like it.
const THERE_PERCENT: u8 = 35;
const NEAR_PERCENT: u8 = 30;

fn part(t: &mut Teller) -> Part {
    match t.rng.u8(0..100) {
        0..THERE_PERCENT => Part::There,
        n if n < THERE_PERCENT + NEAR_PERCENT => Part::Near,
        _ => Part::Absent,
    }
}

/// The rules that were only resembled, so far.
struct Near(Vec<u8>);

impl Near {
    fn note(&mut self, part: Part, rules: &[u8]) -> Part {
        if part == Part::Near {
            self.0.extend(rules);
        }
        part
    }
}

/// Checks, with the derived truth.
fn check(t: &mut Teller, document: usize, draft: Draft, near: &Near) {
    t.check_as(document, draft, Truth::clear());
    let truth = derive(t.acts());
    // A combination that the derivation does not speak of would be a mistake of this file; an
    // expectation that nothing meets shows it.
    let unknown = || Truth::clear().lacking().near(&[1]);
    t.label(truth.unwrap_or_else(unknown).near(&near.0));
}

/// 附件4 一: class D asks for rent.
fn rent(t: &mut Teller) {
    let mut near = Near(Vec::new());
    let first = month(2025, 1).plus(t.rng.i32(0..8));
    let documents = documents(t);
    t.certify_as((TALENT, 1), District::Qingpu, "qingpu-housing", "D");
    class(t, first, &mut near);
    elsewhere(t, first, &mut near);
    let held = earlier_rent(t, first, &mut near);
    same_kind(t, first, &mut near);
    leases(t, first, &mut near);
    if let Some((grant, last)) = held {
        paid(t, (&grant, last), first, &mut near);
    }
    link(t, &documents);
    if near.note(part(t), &[11]) != Part::Absent {
        spouse(t, first, &mut near);
    }
    sanctions(t, first, &mut near);
    let yuan = match near.note(part(t), &[29]) {
        Part::There => 4_000 + 100 * t.rng.u64(1..=9),
        Part::Near => 4_000,
        Part::Absent => 3_000,
    };
    let asked = housing_rent(first, yuan).set("objects", t.lease(0));
    check(t, 0, asked, &near);
}

/// 附件4 二: points rent for a year.
fn points(t: &mut Teller) {
    let mut near = Near(Vec::new());
    let first = month(2025, 1);
    let documents = documents(t);
    let veto = part(t) == Part::There;
    register_with(t, veto);
    elsewhere(t, first, &mut near);
    let held = earlier_points(t, first, &mut near);
    if let Some((grant, last)) = held {
        paid(t, (&grant, last), first, &mut near);
    }
    link(t, &documents);
    contract(t, first, &mut near);
    high_class(t, first, &mut near);
    if near.note(part(t), &[11]) != Part::Absent {
        spouse(t, first, &mut near);
    }
    sanctions(t, first, &mut near);
    let yuan = if part(t) == Part::There { 1_200 } else { 1_000 };
    let asked = Draft::of("qingpu/points-rent/tier-1").months(first, YEAR).monthly(yuan);
    let asked = asked.yes(&TIED).yes(&["self-renting-in-district", "below-high-level-standard"]);
    let home = "family-owns-no-home-in-district";
    let asked = if part(t) == Part::There { asked.no(home) } else { asked.yes(&[home]) };
    check(t, 0, asked, &near);
}

/// Which document earlier benefits were drawn under, and what is known of the two.
struct Documents {
    linked: bool,
    confirmed: bool,
}

/// A travel permit and a residence permit; half of the time Qingpu links them. Both were shown, so
/// both stand in Qingpu's records.
fn documents(t: &mut Teller) -> Documents {
    let documents = hong_kong_pair(t.draw());
    t.documents(documents);
    for document in 0..2 {
        t.certify_as((TALENT, document), District::Qingpu, "qingpu-industry", "D");
    }
    // Whoever has to confirm holds a record of the person.
    t.certify_as((TALENT, 1), District::Wujiang, "wujiang-example", "C");
    Documents { linked: t.rng.bool(), confirmed: t.rng.bool() }
}

fn link(t: &mut Teller, documents: &Documents) {
    if documents.linked {
        let since = json!({ "from": "2018-01-01" });
        t.link(District::Qingpu, "same", [(TALENT, 0), (TALENT, 1)], &since);
    }
    if documents.linked && documents.confirmed {
        t.confirm(District::Wujiang);
    }
}

/// The travel permit or the residence permit.
fn either(t: &mut Teller) -> (usize, usize) {
    (TALENT, usize::from(t.rng.bool()))
}

fn class(t: &mut Teller, first: Month, near: &mut Near) {
    let record = t.certify(District::Qingpu, "qingpu-housing", "D");
    match near.note(part(t), &[30]) {
        Part::There if t.rng.bool() => t.revise(&record, "suspend", json!({})),
        Part::There => {
            let until = first.plus(-1).last_day();
            let over = json!({ "validity": { "from": "2020-06-15", "until": until } });
            t.revise(&record, "amend", over);
        }
        Part::Near => {
            t.revise(&record, "suspend", json!({}));
            t.revise(&record, "reinstate", json!({}));
        }
        Part::Absent => {}
    }
}

/// Rent in Wujiang: for some of the months, up to the month before, or stopped in time. Only Wujiang
/// has to confirm a link then.
fn elsewhere(t: &mut Teller, first: Month, near: &mut Near) {
    let (part, whom) = (near.note(part(t), &[5]), either(t));
    let of_wujiang = |first| Draft::of("wujiang/example-rent").months(first, YEAR).monthly(2_500);
    match part {
        Part::There => {
            let shared = t.rng.i32(1..12);
            t.grant_to(whom, of_wujiang(first.plus(shared - 12)));
        }
        Part::Near if t.rng.bool() => {
            t.grant_to(whom, of_wujiang(first.plus(-12)));
        }
        Part::Near => {
            let grant = t.grant_to(whom, of_wujiang(first.plus(-6)));
            t.stop(District::Wujiang, &grant, first.plus(-1));
        }
        Part::Absent => {}
    }
}

/// Rent of Qingpu up to the month before: so long that the cap is crossed, or just not. Gives the grant
/// and its last month.
fn earlier_rent(t: &mut Teller, first: Month, near: &mut Near) -> Option<(String, Month)> {
    let count = match near.note(part(t), &[13]) {
        Part::There => t.rng.u32(49..=54),
        Part::Near => t.rng.u32(40..=48),
        Part::Absent => return None,
    };
    let (whom, from) = (either(t), first.plus(-i32::try_from(count).unwrap_or(0)));
    let grant = t.grant_to(whom, housing_rent(from, 3_000).months(from, count));
    Some((grant, first.plus(-1)))
}

/// Points awards of the years before: five, or four.
fn earlier_points(t: &mut Teller, first: Month, near: &mut Near) -> Option<(String, Month)> {
    let years = match near.note(part(t), &[14]) {
        Part::There => 5,
        Part::Near => t.rng.i32(1..5),
        Part::Absent => return None,
    };
    let whom = either(t);
    let grants = (1..=years).map(|back| t.grant_to(whom, points_rent(first.plus(-12 * back))));
    let grants: Vec<String> = grants.collect();
    grants.into_iter().next().map(|grant| (grant, first.plus(-1)))
}

/// Rent of Annex 2 for some of the months, or right before.
fn same_kind(t: &mut Teller, first: Month, near: &mut Near) {
    match near.note(part(t), &[1]) {
        Part::There => {
            let from = first.plus(t.rng.i32(-6..=0));
            t.grant(industry_rent(from, 2_000));
        }
        Part::Near => {
            t.grant(industry_rent(first.plus(-12), 2_000));
        }
        Part::Absent => {}
    }
}

/// Somebody else draws rent in Jiashan on the lease of the applicant, or on another.
fn leases(t: &mut Teller, first: Month, near: &mut Near) {
    let (lease, from) = match near.note(part(t), &[6]) {
        Part::There => (0, first),
        Part::Near if t.rng.bool() => (1, first),
        Part::Near => (0, first.plus(-12)),
        Part::Absent => return,
    };
    let held = Draft::of("jiashan/example-rent").months(from, YEAR).monthly(2_000);
    let held = held.set("objects", t.lease(lease)).set("employer", t.other_firm());
    t.grant_to((OTHER, 0), held);
}

/// What was drawn before is paid in the months asked for, or was paid in time.
fn paid(t: &mut Teller, (grant, last): (&str, Month), first: Month, near: &mut Near) {
    match near.note(part(t), &[33]) {
        Part::There => t.pay(District::Qingpu, grant, 1_000, first.plus(1).first_day()),
        Part::Near => t.pay(District::Qingpu, grant, 1_000, last.last_day()),
        Part::Absent => {}
    }
}

/// A spouse with points rent, with rent of some kind, or with neither; married in all of the months,
/// in some or in none.
fn spouse(t: &mut Teller, first: Month, near: &mut Near) {
    register_as(t, OTHER, 60);
    let held = match t.rng.u8(0..4) {
        0 | 1 => points_rent(month(first.year(), 1)),
        2 => neighbour_rent(t, first),
        _ => Draft::of("wujiang/example-purchase").months(first, YEAR).total(480_000),
    };
    let firm = t.other_firm();
    t.grant_to((OTHER, 0), held.set("employer", firm));
    let validity = match t.rng.u8(0..4) {
        0 | 1 => json!({ "from": "2015-05-01" }),
        2 => json!({ "from": "2015-05-01", "until": first.plus(-1).last_day() }),
        _ => json!({ "from": first.plus(4).first_day() }),
    };
    t.link(District::Qingpu, "spouse", [(TALENT, 0), (OTHER, 0)], &validity);
    near.0.push(11);
}

fn contract(t: &mut Teller, first: Month, near: &mut Near) {
    let part = near.note(part(t), &[20]);
    if part == Part::Absent {
        return;
    }
    let region = District::Qingpu.region().to_string();
    let mut work = json!({ "mode": "employment", "region": region, "employer": t.firm() });
    work["validity"] = json!({ "from": "2017-03-01" });
    if part == Part::There {
        let until = first.plus(-t.rng.i32(1..4)).last_day();
        work["validity"] = json!({ "from": "2017-03-01", "until": until });
        work["dissolved"] = json!(t.rng.bool());
    }
    t.record(District::Qingpu, MessageType::Affiliation, (TALENT, 0), work);
}

/// Of class E, and therefore above the points; or no longer.
fn high_class(t: &mut Teller, first: Month, near: &mut Near) {
    let part = near.note(part(t), &[21]);
    if part == Part::Absent {
        return;
    }
    let whom = either(t);
    let record = t.certify_as(whom, District::Qingpu, "qingpu-housing", "E");
    if part == Part::Near {
        let until = first.plus(-1).last_day();
        let over = json!({ "validity": { "from": "2020-06-15", "until": until } });
        t.revise(&record, "amend", over);
    }
}

fn register_with(t: &mut Teller, veto: bool) {
    register(t, 60);
    if veto {
        let last = t.acts().last().and_then(|a| a.body["record"].as_str().map(str::to_owned));
        t.revise(&last.unwrap_or_default(), "amend", json!({ "veto": true }));
    }
}

/// Of the talent: debarred here, elsewhere, until yesterday. Of the employer, likewise. An integrity
/// file of Changning.
fn sanctions(t: &mut Teller, first: Month, near: &mut Near) {
    let whom = either(t);
    let person = t.who(whom.0, whom.1);
    let over = json!({ "last-day": first.plus(-1).last_day() });
    let annex4 =
        |n: u8| json!({ "document": "qingpu-2020-88", "article": format!("附件4 四（二）{n}") });
    let theirs = json!({ "document": "example-jiashan", "article": "示例" });
    for (rule, kind, subject, item) in
        [(22, "person-debarred", person.clone(), 4), (24, "employer-barred", t.firm(), 5)]
    {
        let (by, basis, end) = match near.note(part(t), &[rule]) {
            // Rarer than others: a bar leaves little to look at.
            Part::There if t.rng.bool() => continue,
            Part::There if t.rng.bool() => (District::Jiashan, theirs.clone(), json!("open")),
            Part::There => (District::Qingpu, annex4(item), json!("open")),
            Part::Near => (District::Qingpu, annex4(item), over.clone()),
            Part::Absent => continue,
        };
        sanction(t, by, (kind, subject), (&basis, &end));
    }
    let basis = json!({ "document": "changning-2020-2", "article": "二（五）20" });
    let end = match near.note(part(t), &[35]) {
        Part::There => json!("open"),
        Part::Near => over,
        Part::Absent => return,
    };
    sanction(t, District::Changning, ("person-recorded", person), (&basis, &end));
}

fn sanction(
    t: &mut Teller,
    by: District,
    (kind, subject): (&str, Value),
    (basis, end): (&Value, &Value),
) {
    let mut body = json!({
        "kind": kind, "subject": subject, "start": "2023-01-01", "end": end, "basis": basis,
    });
    if kind == "person-recorded" {
        body["terms"] = json!("退出机制：终止资助 / exit: funding ended");
    }
    t.sanction(by, body);
}
