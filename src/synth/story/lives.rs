//! What becomes of records, links, holds and sanctions in the course of time: amended, suspended,
//! reinstated, revoked, withdrawn, under objection, released, lifted.

use serde_json::json;

use super::super::act::Truth;
use super::super::plain::{District, Draft};
use super::super::teller::{OTHER, TALENT, Teller};
use super::points::{register, register_as};
use super::{Kind, NEIGHBOURS, YEAR, housing_rent, kind, later, points_rent};
use crate::domain::funding::finding::Verdict;
use crate::domain::registry::MessageType;

pub(super) const KINDS: &[Kind] = &[
    kind("class-suspended", &[30], &[21], |t| class(t, &["suspend"])),
    kind("class-reinstated", &[], &[30], |t| class(t, &["suspend", "reinstate"])),
    kind("class-revoked", &[30], &[], |t| class(t, &["revoke"])),
    kind("class-revoked-while-suspended", &[30], &[], |t| class(t, &["suspend", "revoke"])),
    kind("class-amended", &[], &[30], |t| class(t, &["amend"])),
    kind("class-e-suspended", &[], &[21], class_e_suspended),
    kind("apartment-entered-by-mistake", &[], &[34], apartment_revoked),
    kind("marriage-entered-by-mistake", &[], &[11], marriage_withdrawn),
    kind("grant-under-objection", &[4], &[], grant_objected),
    kind("class-under-objection", &[21], &[], class_objected),
    kind("another-record-under-objection", &[4], &[], other_objected),
    kind("hold-released", &[5], &[], |t| hold(t, 1)),
    kind("hold-follows-a-hold", &[5], &[], |t| hold(t, 2)),
    kind("debarred-without-end", &[22], &[35], |t| debarred(t, true)),
    kind("debarment-lifted", &[], &[22, 35], |t| debarred(t, false)),
];

/// A certification after these revisions.
fn class(t: &mut Teller, actions: &[&str]) {
    let first = t.month();
    let record = t.certify(District::Qingpu, "qingpu-housing", "D");
    for action in actions {
        // What is amended is the validity; the class stays.
        let more = if *action == "amend" {
            json!({ "validity": { "from": "2020-06-15" } })
        } else {
            json!({})
        };
        t.revise(&record, action, more);
    }
    let truth = match actions.last() {
        Some(&"revoke") => Truth::clear().and(30, Verdict::Ineligible, &[]),
        Some(&"suspend") => Truth::clear().and(30, Verdict::Refer, &[]),
        _ => Truth::clear(),
    };
    t.check(housing_rent(first, 3_500), truth);
}

/// Suspended, it does not keep its holder out of the points.
fn class_e_suspended(t: &mut Teller) {
    let first = t.january();
    register(t, 60);
    let record = t.certify(District::Qingpu, "qingpu-housing", "E");
    t.revise(&record, "suspend", json!({}));
    t.check(points_rent(first), Truth::clear());
}

fn apartment_revoked(t: &mut Teller) {
    let first = t.month();
    let stay = json!({
        "kind": "talent-apartment",
        "discount_percent": 0,
        "validity": { "from": first.first_day(), "until": later(first, YEAR - 1).last_day() },
    });
    let record = t.record(District::Changning, MessageType::Occupancy, (TALENT, 0), stay);
    t.revise(&record, "revoke", json!({}));
    let asked = Draft::of("changning/rent-cash-or-apartment").months(first, YEAR).monthly(2_500);
    t.check(asked, Truth::clear());
}

fn marriage_withdrawn(t: &mut Teller) {
    let first = t.january();
    register(t, 60);
    register_as(t, OTHER, 60);
    t.grant_to((OTHER, 0), points_rent(first));
    let since = json!({ "from": "2015-05-01" });
    let link = t.link(District::Qingpu, "spouse", [(TALENT, 0), (OTHER, 0)], &since);
    t.withdraw(&link);
    t.check(points_rent(first), Truth::clear());
}

/// Two subsidies of Changning, the first of them granted; its id.
fn twice(t: &mut Teller) -> (Draft, String) {
    let first = super::same_district::since_returnees(t);
    let held = Draft::of("changning/returnee-apartment-rent").months(first, YEAR).monthly(3_000);
    let grant = t.grant(held);
    let asked = Draft::of("changning/rent-cash-or-apartment").months(first, YEAR);
    (asked.monthly(t.up_to(3_000)), grant)
}

fn one_only() -> Truth {
    Truth::clear().and(4, Verdict::OneOnly, &[])
}

/// 异议处理中: it leads to REFER and no further; taken back, it counts again.
fn grant_objected(t: &mut Teller) {
    let (asked, grant) = twice(t);
    t.check(asked.clone(), one_only());
    let changning = District::Changning;
    let objection = t.object(changning, (changning, "funding", &grant));
    t.check(asked.clone(), Truth::clear().and(4, Verdict::Refer, &[]));
    t.take_back(changning, &objection);
    t.check(asked, one_only());
}

fn class_objected(t: &mut Teller) {
    let first = t.january();
    register(t, 60);
    let record = t.certify(District::Qingpu, "qingpu-housing", "E");
    let objection = t.object(District::Qingpu, (District::Qingpu, "certification", &record));
    t.check(points_rent(first), Truth::clear().and(21, Verdict::Refer, &[]));
    t.take_back(District::Qingpu, &objection);
    t.check(points_rent(first), Truth::clear().and(21, Verdict::Ineligible, &[]));
}

/// Nothing rests on the record that is objected to.
fn other_objected(t: &mut Teller) {
    let record = t.certify(District::Changning, "changning-example", "returnee");
    let (asked, _) = twice(t);
    let objection = t.object(District::Changning, (District::Changning, "certification", &record));
    t.check(asked, one_only());
    t.take_back(District::Changning, &objection);
}

/// Districts hold for the talent one after the other, and give up in the same order: the next one
/// moves up, until nobody is left.
fn hold(t: &mut Teller, districts: usize) {
    let first = t.month();
    t.certify(District::Qingpu, "qingpu-housing", "D");
    let mut holds = Vec::new();
    for (policy, yuan) in NEIGHBOURS.into_iter().take(districts) {
        let claimed = Draft::of(policy).months(first, YEAR).monthly(yuan);
        let district = claimed.district;
        holds.push((district, t.hold(claimed)));
    }
    let asked = housing_rent(later(first, 3), t.up_to(4_000));
    for (district, hold) in holds {
        t.check(asked.clone(), Truth::clear().and(5, Verdict::Refer, &[1]));
        t.release(district, &hold);
    }
    t.check(asked, Truth::clear());
}

/// A decision without an end bars until another one ends it; one that was ended the day before does not.
fn debarred(t: &mut Teller, open: bool) {
    let first = t.month();
    t.certify(District::Qingpu, "qingpu-housing", "D");
    let end = if open { json!("open") } else { json!({ "last-day": first.plus(-1).last_day() }) };
    let subject = t.who(TALENT, 0);
    t.sanction(
        District::Qingpu,
        json!({
            "kind": "person-debarred", "subject": subject, "start": "2020-07-01", "end": end,
            "basis": { "document": "qingpu-2020-88", "article": "附件4 四（二）4" },
        }),
    );
    let barred = Truth::clear().and(22, Verdict::Barred, &[]);
    t.check(housing_rent(first, 3_500), if open { barred } else { Truth::clear() });
}
