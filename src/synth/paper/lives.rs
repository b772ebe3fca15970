//! What becomes of papers, ties and facts: ended, suspended, reinstated, revoked, amended, under objection.

use serde_json::json;

use super::super::teller::{Paper, Teller, says};
use super::{PaperKind, Side, any, kind, moved, occupational, sides, title_of};
use crate::domain::recognition::{Effect, Outcome};

pub(super) const KINDS: &[PaperKind] = &[
    kind("paper-expired", expired),
    kind("paper-not-begun", not_begun),
    kind("paper-suspended", |t| stopped(t, "suspend")),
    kind("paper-revoked", |t| stopped(t, "revoke")),
    kind("paper-reinstated", reinstated),
    kind("paper-revoked-while-suspended", revoked_while_suspended),
    kind("paper-under-objection", objected),
    kind("paper-amended", amended),
    kind("contract-ended", contract_ended),
    kind("contract-under-objection", contract_objected),
    kind("fact-revoked", fact_revoked),
];

const FREE: Option<Effect> = Some(Effect::AppointableWithoutReview);

fn ask(t: &mut Teller, to: Side, day: &str, outcome: Outcome) {
    let effect = FREE.filter(|_| outcome != Outcome::NotValid);
    t.ask((to.district, "appointment", Some("title")), day, says(outcome, effect));
}

/// A title of who moved, valid as said. Gives who is asked and the record.
fn titled(t: &mut Teller, validity: (&str, Option<&str>)) -> (Side, Side, String) {
    let (from, to) = sides(t);
    let (begins, ends) = validity;
    let title = title_of(t, from).valid(begins, ends);
    let record = t.file(title);
    moved(t, from, to);
    (from, to, record)
}

fn expired(t: &mut Teller) {
    let (_, to, _) = titled(t, ("2018-06-01", Some("2023-05-31")));
    ask(t, to, "2023-05-31", Outcome::Recognised);
    ask(t, to, "2023-06-01", Outcome::NotValid);
}

fn not_begun(t: &mut Teller) {
    let (_, to, _) = titled(t, ("2023-07-01", None));
    ask(t, to, "2023-06-30", Outcome::NotValid);
    ask(t, to, "2023-07-01", Outcome::Recognised);
}

fn from(day: &str) -> serde_json::Value {
    json!({ "validity": { "from": day } })
}

/// From the day on, and not before.
fn stopped(t: &mut Teller, action: &str) {
    let (_, to, record) = titled(t, ("2019-03-01", None));
    t.revise(&record, action, from("2023-09-10"));
    ask(t, to, "2023-09-09", Outcome::Recognised);
    ask(t, to, "2023-09-10", Outcome::NotValid);
}

fn reinstated(t: &mut Teller) {
    let (_, to, record) = titled(t, ("2019-03-01", Some("2030-12-31")));
    t.revise(&record, "suspend", from("2022-02-01"));
    ask(t, to, "2022-03-15", Outcome::NotValid);
    let again = json!({ "validity": { "from": "2022-08-01", "until": "2030-12-31" } });
    t.revise(&record, "reinstate", again);
    ask(t, to, "2022-07-31", Outcome::NotValid);
    ask(t, to, "2022-08-01", Outcome::Recognised);
}

fn revoked_while_suspended(t: &mut Teller) {
    let (_, to, record) = titled(t, ("2019-03-01", None));
    t.revise(&record, "suspend", from("2022-02-01"));
    t.revise(&record, "revoke", from("2022-05-01"));
    let day = any(t, &["2022-02-01", "2022-06-01"], "2022-06-01");
    ask(t, to, day, Outcome::NotValid);
}

/// 异议处理中, until the talent takes it back.
fn objected(t: &mut Teller) {
    let (owner, to, record) = titled(t, ("2019-03-01", None));
    let objection = t.object(to.district, (owner.district, "qualification", &record));
    ask(t, to, "2024-02-01", Outcome::NotValid);
    t.take_back(to.district, &objection);
    ask(t, to, "2024-02-01", Outcome::Recognised);
}

/// Registered since: from then on practice needs 备案.
fn amended(t: &mut Teller) {
    let (owner, to) = sides(t);
    let paper = occupational::exam(t, owner).with("registered", json!(false));
    let record = t.file(paper);
    let registered = json!({ "registered": true, "validity": { "from": "2023-04-01" } });
    t.revise(&record, "amend", registered);
    let asked = (to.district, "practice", Some("occupational"));
    let says = |effect| says(Outcome::Recognised, Some(effect));
    t.ask(asked, "2023-03-31", says(Effect::ValidDirectly));
    t.ask(asked, "2023-04-01", says(Effect::ValidAfterFiling));
}

/// A title of who moved, with the contract as given. Gives who is asked and the contract.
fn contracted(t: &mut Teller, until: Option<&str>) -> (Side, String) {
    let (owner, to) = sides(t);
    let title = title_of(t, owner);
    t.file(title);
    t.file(Paper::fact(owner.district, "title-meets-national-standard", true));
    let contract = Paper::tie(to.district, "employment", to.district).valid("2021-01-01", until);
    (to, t.file(contract))
}

fn contract_ended(t: &mut Teller) {
    let (to, _) = contracted(t, Some("2023-12-31"));
    ask(t, to, "2023-12-31", Outcome::Recognised);
    ask(t, to, "2024-01-01", Outcome::Conditional);
}

fn contract_objected(t: &mut Teller) {
    let (to, contract) = contracted(t, None);
    let objection = t.object(to.district, (to.district, "affiliation", &contract));
    ask(t, to, "2024-02-01", Outcome::Conditional);
    t.take_back(to.district, &objection);
    ask(t, to, "2024-02-01", Outcome::Recognised);
}

/// What its sender took back proves nothing.
fn fact_revoked(t: &mut Teller) {
    let (owner, to) = sides(t);
    let title = title_of(t, owner);
    t.file(title);
    t.file(Paper::tie(to.district, "employment", to.district));
    let fact = Paper::fact(owner.district, "title-meets-national-standard", true);
    let record = t.file(fact);
    ask(t, to, "2022-11-01", Outcome::Recognised);
    t.revise(&record, "revoke", from("2022-10-01"));
    ask(t, to, "2022-11-01", Outcome::Conditional);
}
