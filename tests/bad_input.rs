//! What an office can send wrong about records, policies and money: each has its own code and place,
//! the refusal is receipted and logged, and nothing of it is in the ledger.
#![expect(clippy::unwrap_used, clippy::panic, reason = "a test that cannot be set up fails")]

mod support;

use serde_json::{Value, json};
use support::{Hub, certification, context, id, payload, token};
use talent_gateway::catalogue::Catalogue;
use talent_gateway::domain::code::Code;
use talent_gateway::gateway::Reply;
use talent_gateway::gateway::ports::Outcome;
use talent_gateway::jws::{Digest, Typ};
use talent_gateway::projection::TableId;

const RENT: &str = "qingpu/housing-rent/D";
const PURCHASE: &str = "qingpu/housing-purchase/C";

async fn hub(dir: &std::path::Path) -> Hub {
    let hub = Hub::new(dir).await;
    for policy in Catalogue::embedded()
        .unwrap()
        .policies
        .iter()
        .filter(|p| [RENT, PURCHASE, "wujiang/example-rent"].contains(&p.id.as_str()))
    {
        taken(&hub.send(policy.district.as_str(), "funding.policy/1", &json!(policy)).await);
    }
    hub
}

fn taken(reply: &Reply) {
    assert_eq!(reply.refusal, None);
}

fn code(reply: &Reply) -> Option<Code> {
    reply.refusal.as_ref().map(|r| r.code)
}

fn pointers(reply: &Reply) -> Vec<&str> {
    let violations = reply.refusal.iter().flat_map(|r| &r.violations);
    violations.map(|v| v.pointer.as_str()).collect()
}

/// Sends `bad` in the envelope of `good`: a sender's own library would refuse what no schema allows.
async fn send_raw(hub: &Hub, from: &str, mt: &str, good: &Value, bad: &Value) -> Reply {
    let mut claims = payload(&hub.compose(from, mt, good).compact);
    claims["body"] = bad.clone();
    let compact = hub.key(from).sign(Typ::Message, claims.to_string().as_bytes());
    hub.gateway.accept(&id(from), compact.as_bytes()).await.unwrap()
}

fn operators() -> Value {
    json!([{ "id": "op-1", "role": "window" }, { "id": "op-2", "role": "reviewer" }])
}

fn rent(id: &str, person: u64) -> Value {
    json!({
        "grant": id, "policy": { "id": RENT, "version": 1 }, "subject": token(person),
        "beneficiary": "person", "months": { "first": "2026-12", "last": "2027-11" },
        "approved": { "monthly": 400_000 }, "schedule": "monthly", "decided_on": "2026-11-21",
        "payers": [{ "tier": "district", "payer": "区财政（测试）", "share": { "percent": 100 } }],
        "fiscal_source": "区人才发展资金",
        "override": { "reason": "补录历史资助", "operators": operators() }
    })
}

fn application(person: u64) -> Value {
    json!({
        "kind": "grant", "policy": { "id": RENT, "version": 1 }, "subject": token(person),
        "beneficiary": "person", "months": { "first": "2026-12", "last": "2027-11" },
        "date": "2026-11-21", "amount": { "monthly": 400_000 }
    })
}

fn hold(id: &str, application: &Value) -> Value {
    json!({
        "hold": id, "application": application, "expires": support::START + 3_600,
        "context": context("funding-check")
    })
}

fn payment(grant: &str, voucher: &str, months: Option<(&str, &str)>, amount: u64) -> Value {
    let mut payment = json!({
        "grant": grant, "voucher": voucher, "budget_year": 2026, "amount": amount,
        "tier": "district", "paid_on": "2026-11-22"
    });
    if let Some((first, last)) = months {
        payment["months"] = json!({ "first": first, "last": last });
    }
    payment
}

fn payers(parts: &[(&str, u8)]) -> Value {
    let payer = |(tier, percent): &(&str, u8)| json!({ "tier": tier, "payer": "财政（测试）", "share": { "percent": percent } });
    parts.iter().map(payer).collect()
}

fn fact(record: &str, value: bool) -> Value {
    let mut fact = certification(record, 1, "issue", token(1));
    for name in ["scheme", "scheme_version", "class", "basis"] {
        fact.as_object_mut().unwrap().remove(name);
    }
    fact["about"] = json!("talent");
    fact["name"] = json!("family-owns-no-home-in-district");
    fact["value"] = json!(value);
    fact
}

fn recovery(grant: &str, voucher: &str, months: Option<(&str, &str)>, amount: u64) -> Value {
    let mut recovery = json!({
        "grant": grant, "voucher": voucher, "amount": amount, "reason": "error",
        "date": "2026-11-22"
    });
    if let Some((first, last)) = months {
        recovery["months"] = json!({ "first": first, "last": last });
    }
    recovery
}

fn link(id: &str, kind: &str) -> Value {
    json!({
        "link": id, "revision": 1, "kind": kind, "subjects": [token(1), token(2)],
        "validity": { "from": "2026-01-01" }, "evidence": "documents-examined",
        "operators": operators()
    })
}

fn ruling() -> Value {
    json!({
        "question": "Q02", "reading": "separate", "validity": { "from": "2026-01-01" },
        "citation": { "document": "青浦区人才办答复（虚构）", "article": "一" }
    })
}

fn policy() -> Value {
    let catalogue = Catalogue::embedded().unwrap();
    let mut policy = json!(catalogue.policies.iter().find(|p| p.id == RENT).unwrap());
    policy["id"] = json!("qingpu/test-rent");
    policy["validity"] = json!({ "from": "2024-01-01", "until": "2024-12-31" });
    policy
}

fn points() -> Value {
    let mut points = certification("p9", 1, "issue", token(9));
    for name in ["scheme", "scheme_version", "class", "basis"] {
        points.as_object_mut().unwrap().remove(name);
    }
    points["scores"] = json!({
        "general": 45, "industry": 9, "contribution": 0, "deduction": 0, "total": 54
    });
    points["veto"] = json!(false);
    points["years"] = json!([{ "year": 2026, "minimum": 50, "selected": true }]);
    points
}

fn title() -> Value {
    let mut title = certification("t9", 1, "issue", token(9));
    for name in ["scheme_version", "basis"] {
        title.as_object_mut().unwrap().remove(name);
    }
    title["object"] = json!("title");
    title["scheme"] = json!("shanghai-title");
    title["class"] = json!("412");
    title
}

/// An example rule of Qingpu: a tier of Jiashan counts as a class here.
fn recognition() -> Value {
    let rules = talent_gateway::domain::recognition::rules().unwrap();
    json!(rules.iter().find(|r| r.rule == "example-jiaxing-senior-housing").unwrap())
}

/// A message, and the code and place of its refusal.
type Step = (&'static str, Value, Option<(Code, &'static str)>);

/// A good message, what is wrong with it in the bad one, and how that is told.
struct Row {
    from: &'static str,
    mt: &'static str,
    good: Value,
    /// Pointer into the body, and what stands there instead.
    slip: (&'static str, Value),
    code: Code,
    at: &'static str,
}

macro_rules! rows {
    ($($mt:literal $good:expr, $place:literal = $slip:tt => $code:ident $at:literal;)*) => {
        vec![$(Row {
            from: "qingpu", mt: $mt, good: $good, slip: ($place, json!($slip)),
            code: Code::$code, at: $at,
        },)*]
    };
}

/// The bad-input list of records.
fn of_records() -> Vec<Row> {
    let cert = || certification("c9", 1, "issue", token(9));
    let leader = json!({ "subject": token(9), "role": "leader" });
    let two = json!([leader, { "subject": token(8), "role": "leader" }]);
    let year = json!([{ "year": 2026, "minimum": 50 }, { "year": 2026, "minimum": 60 }]);
    rows! {
        "certification/1" cert(), "/members" = two => RecordContradiction "/body/members";
        "points/1" points(), "/years" = year => RecordContradiction "/body/years";
        "certification/1" cert(), "/scheme" = "qingpu-nothing" => SchemeUnknown "/body/scheme";
        "certification/1" cert(), "/scheme" = "nope" => SchemeUnknown "/body/scheme";
        "certification/1" cert(), "/scheme" = "jiaxing-talnt" => SchemeUnknown "/body/scheme";
        "qualification/1" title(), "/scheme" = "shanghai-titel" => SchemeUnknown "/body/scheme";
        "fact/1" fact("f9", true), "/name" = "family-owns-no-home-in-distrct" => FactUnknown "/body/name";
        "fact/1" fact("f9", true), "/value" = false => RecordContradiction "/body/value";
        "certification/1" cert(), "/scheme_version" = "1999" => SchemeUnknown "/body/scheme_version";
        "certification/1" cert(), "/class" = "Z" => ClassUnknown "/body/class";
        "certification/1" cert(), "/authority/region" = "510100" => IssuerUnfit "/body/authority/region";
        "qualification/1" title(), "/authority/region" = "510100" => IssuerUnfit "/body/authority/region";
        "qualification/1" title(), "/scheme" = "zhejiang-title" => IssuerUnfit "/body/authority/region";
        "certification/1" cert(), "/validity/until" = "2025-12-31" => DateImpossible "/body/validity";
        "certification/1" cert(), "/validity/until" = "2028-02-30" => DateImpossible "/body/validity/until";
        "certification/1" cert(), "/attestation/as_of" = "2027-01-01" => DateImpossible "/body/attestation/as_of";
        "subject.link/1" link("l9", "same"), "/kind" = "same" => LinkConflict "/body/subjects";
        "subject.link/1" link("l9", "spouse"), "/validity/until" = "2025-12-31" => DateImpossible "/body/validity";
    }
}

/// The bad-input list of policies and rulings.
fn of_rules() -> Vec<Row> {
    let overlap = json!({ "from": "2024-06-01" });
    let gap = json!({ "from": "2025-02-01" });
    let second = || {
        let mut policy = policy();
        policy["version"] = json!(2);
        policy["validity"] = json!({ "from": "2025-01-01" });
        policy
    };
    rows! {
        "funding.policy/1" policy(), "/kinds" = ["town-help"] => KindUnknown "/body/kinds/0";
        "funding.policy/1" policy(), "/amount/unit" = "unspecified" => RecordContradiction "/body/amount/unit";
        "funding.policy/1" policy(), "/source/article" = " " => BasisMissing "/body/source/article";
        "funding.policy/1" policy(), "/clauses/0/citation/article" = " " => BasisMissing "/body/clauses/0/citation/article";
        "funding.policy/1" policy(), "/clauses/0/id" = "qingpu/annex9/none" => RuleUnknown "/body/clauses/0/id";
        "funding.policy/1" policy(), "/clauses/0/rules" = ["R02"] => RuleUnknown "/body/clauses/0";
        "funding.policy/1" policy(), "/caps/0/rule" = "R20" => RuleUnknown "/body/caps/0/rule";
        "funding.policy/1" policy(), "/class/classes" = ["D", "Z"] => ClassUnknown "/body/class/classes/1";
        "funding.policy/1" policy(), "/class/scheme" = "qingpu-nothing" => ClassUnknown "/body/class/scheme";
        "funding.policy/1" policy(), "/id" = "wujiang/test-rent" => NotOwner "/body/id";
        "funding.policy/1" policy(), "/validity/until" = "2023-12-31" => DateImpossible "/body/validity";
        "funding.policy/1" second(), "/validity" = overlap => DateImpossible "/body/validity";
        "funding.policy/1" second(), "/validity" = gap => DateImpossible "/body/validity";
        "funding.ruling/1" ruling(), "/question" = "Q21" => QuestionNotOwned "/body/question";
        "funding.ruling/1" ruling(), "/validity/until" = "2025-12-31" => DateImpossible "/body/validity";
    }
}

/// The bad-input list of recognition rules.
fn of_recognition() -> Vec<Row> {
    let local = |scheme: &str, class: &str| json!({ "kind": "class", "class": { "scheme": scheme, "class": class } });
    let (none, foreign) = (local("qingpu-housing", "Z"), local("jiaxing-talent", "顶尖"));
    let fact = json!({ "kind": "fact", "name": "owns-no-home-in-distrct", "value": true });
    rows! {
        "recognition.rule/1" recognition(), "/scheme" = "jiaxing-talnet" => SchemeUnknown "/body/scheme";
        "recognition.rule/1" recognition(), "/classes" = ["高極"] => ClassUnknown "/body/classes/0";
        "recognition.rule/1" recognition(), "/local" = none => ClassUnknown "/body/local/class/class";
        "recognition.rule/1" recognition(), "/local" = foreign => ClassForeign "/body/local/class/scheme";
        "recognition.rule/1" recognition(), "/effect" = "valid-after-filing" => RecognitionUnfit "/body/effect";
        "recognition.rule/1" recognition(), "/purposes" = ["practice"] => RecognitionUnfit "/body/purposes/0";
        "recognition.rule/1" recognition(), "/preconditions/0/need" = fact => FactUnknown "/body/preconditions/0/need/name";
        "recognition.rule/1" recognition(), "/scope/alliance" = "delta-zoen" => AllianceUnknown "/body/scope/alliance";
    }
}

/// The bad-input list of money.
fn of_money() -> Vec<Row> {
    let paid = |voucher| payment("g1", voucher, Some(("2027-01", "2027-01")), 400_000);
    let back = |voucher| recovery("g1", voucher, Some(("2026-12", "2026-12")), 1_000);
    let reversed = json!({ "first": "2027-11", "last": "2026-12" });
    let outside = json!({ "first": "2027-11", "last": "2027-12" });
    let again = json!({ "first": "2026-12", "last": "2026-12" });
    let long = json!({ "first": "1990-01", "last": "2090-01" });
    rows! {
        "funding.grant/1" rent("g9", 9), "/approved/monthly" = (-5) => AmountAbsurd "/body/approved/monthly";
        "funding.grant/1" rent("g9", 9), "/approved/monthly" = 0 => AmountAbsurd "/body/approved";
        "funding.grant/1" rent("g9", 9), "/approved/monthly" = 100_000_000_001_u64 => AmountAbsurd "/body/approved";
        "funding.grant/1" rent("g9", 9), "/approved/monthly" = 90_000_000_000_u64 => AmountAbsurd "/body/approved";
        "funding.grant/1" rent("g9", 9), "/months" = reversed => DateImpossible "/body/months";
        "funding.grant/1" rent("g9", 9), "/months" = long => DateImpossible "/body/months";
        "funding.grant/1" rent("g9", 9), "/decided_on" = "2026-02-30" => DateImpossible "/body/decided_on";
        "funding.grant/1" rent("g9", 9), "/decided_on" = "soon" => SchemaViolation "/body/decided_on";
        "funding.grant/1" rent("g9", 9), "/decided_on" = "2026-11-23" => DateImpossible "/body/decided_on";
        "funding.grant/1" rent("g9", 9), "/payers" = (payers(&[("district", 100), ("town", 50)])) => RecordContradiction "/body/payers";
        "funding.grant/1" rent("g9", 9), "/payers" = (payers(&[("district", 30)])) => RecordContradiction "/body/payers";
        "funding.grant/1" rent("g9", 9), "/payers/0/share" = { "fen": 10_000_000_000_u64 } => RecordContradiction "/body/payers";
        "funding.grant/1" rent("g9", 9), "/beneficiary" = "enterprise" => BeneficiaryUnfit "/body/beneficiary";
        "funding.grant/1" rent("g9", 9), "/policy/id" = "wujiang/example-rent" => NotOwner "/body/policy";
        "funding.grant/1" rent("g9", 9), "/class" = { "scheme": "qingpu-housing", "class": "Z" } => ClassUnknown "/body/class";
        "funding.hold/1" hold("h9", &application(8)), "/application/amount/monthly" = 0 => AmountAbsurd "/body/application/amount";
        "funding.hold/1" hold("h9", &application(8)), "/application/beneficiary" = "team" => BeneficiaryUnfit "/body/application/beneficiary";
        "funding.hold/1" hold("h9", &application(8)), "/application/discount_percent" = 31 => SchemaViolation "/body/application/discount_percent";
        "funding.hold/1" hold("h9", &application(8)), "/application/amount/monthly" = (-1) => AmountAbsurd "/body/application/amount/monthly";
        "funding.payment/1" paid("v9"), "/amount" = 0 => AmountAbsurd "/body/amount";
        "funding.payment/1" paid("v9"), "/amount" = (-1) => AmountAbsurd "/body/amount";
        "funding.payment/1" paid("v9"), "/tier" = "national" => RecordContradiction "/body/tier";
        "funding.payment/1" paid("v9"), "/paid_on" = "2026-11-20" => DateImpossible "/body/paid_on";
        "funding.payment/1" paid("v9"), "/paid_on" = "2099-02-01" => DateImpossible "/body/paid_on";
        "funding.payment/1" paid("v9"), "/amount" = 4_800_000 => PaymentAboveGrant "/body/amount";
        "funding.payment/1" paid("v9"), "/amount" = 400_001 => PaymentAboveGrant "/body/months";
        "funding.payment/1" paid("v9"), "/months" = again => PaymentAboveGrant "/body/months";
        "funding.payment/1" paid("v9"), "/months" = outside => MonthsOutsideGrant "/body/months";
        "funding.recovery/1" back("r9"), "/amount" = 0 => AmountAbsurd "/body/amount";
        "funding.recovery/1" back("r9"), "/amount" = (-1) => AmountAbsurd "/body/amount";
        "funding.recovery/1" back("r9"), "/date" = "1990-01-01" => DateImpossible "/body/date";
        "funding.recovery/1" back("r9"), "/date" = "2099-01-01" => DateImpossible "/body/date";
        "funding.recovery/1" back("r9"), "/amount" = 400_001 => RecoveryAbovePaid "/body/amount";
        "funding.recovery/1" back("r9"), "/months" = outside => MonthsOutsideGrant "/body/months";
        "funding.stop/1" json!({ "grant": "g1", "last_month": "2027-06", "reason": "left" }),
            "/last_month" = "2027-12" => MonthsOutsideGrant "/body/last_month";
    }
}

/// `good` with the slip in it.
fn slipped(good: &Value, (place, slip): &(&str, Value)) -> Value {
    let mut bad = good.clone();
    let (outer, member) = place.rsplit_once('/').unwrap();
    bad.pointer_mut(outer).unwrap()[member] = slip.clone();
    bad
}

/// What the ledger of Qingpu holds of the persons of the tables.
async fn ledger(hub: &Hub) -> Vec<Value> {
    let mut held = Vec::new();
    for person in [1, 2, 8, 9] {
        let query = json!({
            "context": context("funding-check"), "subject": token(person),
            "kinds": ["certification", "points", "fact"]
        });
        let answer = payload(&hub.send("qingpu", "query.records/1", &query).await.compact);
        held.push(answer["body"].clone());
    }
    held
}

/// Every row of every table, in order.
async fn tables(hub: &Hub) -> Vec<(TableId, Vec<u8>, Vec<u8>)> {
    let all = hub.gateway.read_blocking(|snapshot| {
        let mut rows = Vec::new();
        snapshot.each_row(&mut |table, key, _, value| {
            rows.push((table, key.to_vec(), value.to_vec()));
        })?;
        Ok(rows)
    });
    all.await.unwrap()
}

/// The log holds one entry more: that this message was refused, and the receipt, but not the message.
async fn is_logged_as_refused(hub: &Hub, row: &Row, size: u64, reply: &Reply) {
    let entries = hub.gateway.read_blocking(move |s| s.entries(size, 2)).await.unwrap();
    let [entry] = entries.as_slice() else { panic!("{} entries", entries.len()) };
    assert_eq!(entry.outcome, Outcome::Rejected);
    assert_eq!((entry.pos, entry.iss.as_str(), entry.mt.as_str()), (size, row.from, row.mt));
    assert_eq!(entry.reply_digest, *Digest::of(&reply.compact).as_bytes());
    assert_eq!(entry.body, None, "what was refused is not kept");
    assert_eq!(hub.gateway.load().size, size + 1);
}

#[tokio::test]
async fn each_slip_has_its_code_and_place_and_leaves_no_trace() {
    let dir = tempfile::tempdir().unwrap();
    let hub = hub(dir.path()).await;
    for n in [1, 2] {
        let record = certification(&format!("c{n}"), 1, "issue", token(n));
        taken(&hub.send("qingpu", "certification/1", &record).await);
    }
    taken(&hub.send("qingpu", "subject.link/1", &link("l1", "different")).await);
    taken(&hub.send("qingpu", "funding.policy/1", &policy()).await);
    taken(&hub.send("qingpu", "funding.grant/1", &rent("g1", 1)).await);
    let first = payment("g1", "v1", Some(("2026-12", "2026-12")), 400_000);
    taken(&hub.send("qingpu", "funding.payment/1", &first).await);
    taken(&hub.send("qingpu", "fact/1", &fact("f1", true)).await);
    let before = ledger(&hub).await;
    let rows_before = tables(&hub).await;
    let rows: Vec<Row> =
        [of_records(), of_rules(), of_recognition(), of_money()].into_iter().flatten().collect();
    for row in &rows {
        let what = format!("{} {} = {}", row.mt, row.slip.0, row.slip.1);
        // The version of the policy that was published is taken.
        let mut good = row.good.clone();
        if row.mt == "funding.policy/1" && good["version"] == 1 {
            good["id"] = json!("qingpu/test-rent-2");
        }
        let bad = slipped(&good, &row.slip);
        let size = hub.gateway.load().size;
        let reply = send_raw(&hub, row.from, row.mt, &good, &bad).await;
        assert_eq!(code(&reply), Some(row.code), "{what}: {:?}", reply.refusal);
        assert!(pointers(&reply).contains(&row.at), "{what}: {:?}", reply.refusal);
        let receipt = payload(&reply.compact);
        assert_eq!(receipt["res"]["outcome"], "rejected", "{what}: {receipt:#}");
        assert_eq!(receipt["res"]["code"], row.code.as_str(), "{what}");
        assert_eq!(receipt["log"]["index"], size, "{what}: it is in the log");
        assert!(!reply.proof.is_empty(), "{what}");
        is_logged_as_refused(&hub, row, size, &reply).await;
        assert_eq!(tables(&hub).await, rows_before, "{what}: a table was touched");
    }
    assert_eq!(ledger(&hub).await, before, "nothing half done");
    assert_eq!(hub.gateway.check_rebuild().await.unwrap(), []);
    // Without the slip each of them would have been taken: the table tests the slip, not the rest.
    let mut sent = Vec::new();
    for row in rows.iter().filter(|row| row.slip.1 != row.good[&row.slip.0[1..]]) {
        if !sent.contains(&&row.good) && (row.mt != "funding.policy/1" || row.good["version"] == 2)
        {
            taken(&hub.send(row.from, row.mt, &row.good).await);
            sent.push(&row.good);
        }
    }
    assert_eq!(hub.gateway.check_rebuild().await.unwrap(), []);
}

#[tokio::test]
async fn only_the_owner_rules_and_only_rules_of_a_kind_are_published() {
    let dir = tempfile::tempdir().unwrap();
    let hub = hub(dir.path()).await;
    let reply = hub.send("wujiang", "funding.ruling/1", &ruling()).await;
    assert_eq!(
        (code(&reply), pointers(&reply)),
        (Some(Code::QuestionNotOwned), vec!["/body/question"])
    );
    // What the shared list lacks has no kind; and a document that nobody listed brings its own clauses.
    let mut own = policy();
    own["kinds"] = json!([]);
    own["clauses"] = json!([{
        "id": "qingpu/other/exclusivity", "rules": ["R01"],
        "citation": { "document": "qingpu-other", "article": "一" }
    }]);
    taken(&hub.send("qingpu", "funding.policy/1", &own).await);
    // A version without an end is followed by the next one, which begins later.
    let mut rent: Value = policy();
    rent["id"] = json!(RENT);
    rent["version"] = json!(2);
    rent["validity"] = json!({ "from": "2020-06-01" });
    let reply = hub.send("qingpu", "funding.policy/1", &rent).await;
    assert_eq!(code(&reply), Some(Code::DateImpossible), "it begins on the same day");
    rent["validity"] = json!({ "from": "2026-01-01" });
    taken(&hub.send("qingpu", "funding.policy/1", &rent).await);
}

/// Agreements of everybody, and their word that nothing else is to come: without both, every hold is
/// referred to a person.
async fn covered(hub: &Hub) {
    let kinds = ["funding", "certification", "qualification", "affiliation", "occupancy", "fact"];
    for owner in support::DISTRICTS {
        let grants: Vec<Value> = kinds
            .iter()
            .map(|kind| json!({ "kind": kind, "purposes": ["funding-check"], "fields": [] }))
            .collect();
        let agreement = json!({
            "agreement": "a1", "revision": 1, "grants": grants,
            "legal_basis": { "document": "示范区互认办法", "article": "一" },
            "validity": { "from": "2026-01-01" }, "residence": "hub", "max_age_hours": 48
        });
        taken(&hub.send(owner, "agreement/1", &agreement).await);
        let nothing = |kind: &&str| {
            json!({
                "kind": kind, "complete_until": support::START, "count": 0,
                "digest": Digest::of("").to_string()
            })
        };
        let kinds: Vec<Value> = kinds.iter().map(nothing).collect();
        taken(&hub.send(owner, "reconcile/1", &json!({ "kinds": kinds })).await);
    }
}

#[tokio::test]
#[expect(clippy::too_many_lines, reason = "one table of slips on one pair of holds")]
async fn a_grant_beyond_its_hold_or_its_cap_needs_an_override() {
    let dir = tempfile::tempdir().unwrap();
    let hub = hub(dir.path()).await;
    covered(&hub).await;
    let plain = json!({
        "id": "qingpu/plain", "version": 1, "district": "qingpu",
        "name": { "zh": "生活补贴（示例）", "en": "living allowance (example)" },
        "kinds": ["living-allowance"], "level": "district", "beneficiaries": ["person"],
        "amount": { "unit": "month", "cap": 400_000 },
        "source": { "document": "example-qingpu", "article": "一" },
        "validity": { "from": "2020-01-01" }, "status": "example"
    });
    taken(&hub.send("qingpu", "funding.policy/1", &plain).await);
    let body = |person, monthly: u64| {
        let mut body = application(person);
        body["policy"]["id"] = json!("qingpu/plain");
        body["amount"] = json!({ "monthly": monthly });
        body
    };
    for (id, body, verdict, payable) in [
        ("h1", body(1, 400_000), "CLEAR", Value::Null),
        ("h2", body(2, 500_000), "CAPPED", json!({ "monthly": 400_000 })),
    ] {
        let reply = hub.send("qingpu", "funding.hold/1", &hold(id, &body)).await;
        let res = payload(&reply.compact)["res"].clone();
        assert_eq!(res["assessment"]["verdict"], verdict, "{res:#}");
        assert_eq!(res["assessment"]["payable"], payable, "{res:#}");
    }
    let grant = |hold: &str, person: u64| {
        let mut grant = rent(&format!("g-{hold}"), person);
        grant["policy"]["id"] = json!("qingpu/plain");
        grant["hold"] = json!(hold);
        grant.as_object_mut().unwrap().remove("override");
        grant
    };
    let other = json!({ "authority": "国家", "number": "P1" });
    for (held, person, slip, at) in [
        ("h1", 1, ("/months", json!({ "first": "2026-12", "last": "2027-12" })), "/body/months"),
        ("h1", 1, ("/approved", json!({ "monthly": 400_001 })), "/body/approved"),
        ("h1", 1, ("/approved", json!({ "total": 4_800_001 })), "/body/approved"),
        ("h1", 1, ("/discount_percent", json!(10)), "/body/discount_percent"),
        ("h1", 1, ("/parent_plan", other.clone()), "/body/parent_plan"),
        ("h1", 1, ("/project", other), "/body/project"),
        ("h1", 1, ("/employer", json!(token(900))), "/body/employer"),
        (
            "h1",
            1,
            ("/objects", json!([{ "kind": "lease", "object": token(901) }])),
            "/body/objects",
        ),
        (
            "h1",
            1,
            ("/case_by_case", json!({ "document": "d", "article": "a" })),
            "/body/case_by_case",
        ),
        ("h2", 2, ("/approved", json!({ "monthly": 500_000 })), "/body/approved"),
        ("h2", 2, ("/approved", json!({ "monthly": 400_001 })), "/body/approved"),
        ("h2", 2, ("/approved", json!({ "total": 4_800_012 })), "/body/approved"),
    ] {
        let bad = slipped(&grant(held, person), &slip);
        let reply = hub.send("qingpu", "funding.grant/1", &bad).await;
        assert_eq!(code(&reply), Some(Code::OverrideRequired), "{slip:?}: {:?}", reply.refusal);
        assert_eq!(pointers(&reply), ["/body/override", at], "{slip:?}");
        assert!(reply.refusal.unwrap().detail.is_some(), "in words");
    }
    // Less than was held needs nobody else; the part under the cap neither; more, two operators.
    let mut less = grant("h1", 1);
    less["months"]["last"] = json!("2027-05");
    less["approved"] = json!({ "total": 2_000_000 });
    taken(&hub.send("qingpu", "funding.grant/1", &less).await);
    let mut more = grant("h2", 2);
    more["approved"] = json!({ "monthly": 500_000 });
    more["override"] = json!({ "reason": "个案研究决定", "operators": operators() });
    taken(&hub.send("qingpu", "funding.grant/1", &more).await);
    assert_eq!(hub.gateway.check_rebuild().await.unwrap(), []);
}

#[tokio::test]
async fn instalments_stops_and_recoveries_are_one_account() {
    let dir = tempfile::tempdir().unwrap();
    let hub = hub(dir.path()).await;
    // 960,000 yuan over 120 months from 2026-11: 8,000 a month.
    let mut purchase = rent("p1", 1);
    purchase["policy"] = json!({ "id": PURCHASE, "version": 1 });
    purchase["approved"] = json!({ "total": 96_000_000 });
    purchase.as_object_mut().unwrap().remove("months");
    let month = |m| Some((m, m));
    let stop = |last| json!({ "grant": "p1", "last_month": last, "reason": "left" });
    let steps: Vec<Step> = vec![
        ("funding.grant/1", purchase, None),
        ("funding.payment/1", payment("p1", "v1", month("2026-11"), 800_000), None),
        (
            "funding.payment/1",
            payment("p1", "v2", month("2026-11"), 1),
            Some((Code::PaymentAboveGrant, "/body/months")),
        ),
        (
            "funding.payment/1",
            payment("p1", "v2", month("2036-11"), 800_000),
            Some((Code::MonthsOutsideGrant, "/body/months")),
        ),
        ("funding.payment/1", payment("p1", "v2", Some(("2026-12", "2027-02")), 2_400_000), None),
        // A month inside a payment for several is paid.
        (
            "funding.payment/1",
            payment("p1", "v3", month("2027-01"), 800_000),
            Some((Code::PaymentAboveGrant, "/body/months")),
        ),
        (
            "funding.recovery/1",
            recovery("p1", "r1", month("2036-11"), 800_000),
            Some((Code::MonthsOutsideGrant, "/body/months")),
        ),
        // A payment to a wrong account comes back, and is made again.
        ("funding.recovery/1", recovery("p1", "r1", month("2026-11"), 800_000), None),
        ("funding.payment/1", payment("p1", "v3", month("2026-11"), 800_000), None),
        (
            "funding.payment/1",
            payment("p1", "v4", month("2026-11"), 800_000),
            Some((Code::PaymentAboveGrant, "/body/months")),
        ),
        ("funding.stop/1", stop("2036-11"), Some((Code::MonthsOutsideGrant, "/body/last_month"))),
        ("funding.stop/1", stop("2027-01"), None),
        // Three months are due, four were paid: nothing more, with months or without.
        (
            "funding.payment/1",
            payment("p1", "v4", None, 1),
            Some((Code::PaymentAboveGrant, "/body/amount")),
        ),
        // What was paid for months after the stop comes back.
        ("funding.recovery/1", recovery("p1", "r2", month("2027-02"), 800_000), None),
        (
            "funding.payment/1",
            payment("p1", "v4", month("2027-01"), 1),
            Some((Code::PaymentAboveGrant, "/body/amount")),
        ),
        (
            "funding.recovery/1",
            recovery("p1", "r3", None, 2_400_001),
            Some((Code::RecoveryAbovePaid, "/body/amount")),
        ),
    ];
    for (n, (mt, body, expected)) in steps.into_iter().enumerate() {
        let reply = hub.send("qingpu", mt, &body).await;
        let told = code(&reply).zip(pointers(&reply).first().copied());
        assert_eq!(told, expected, "step {n}: {:?}", reply.refusal);
    }
    assert_eq!(hub.gateway.check_rebuild().await.unwrap(), []);
}
