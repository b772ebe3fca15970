//! Debarments, clawback, employers, integrity records: R22 to R24, R35.

use jiff::civil::Date;
use serde_json::{Value, json};

use super::super::act::Truth;
use super::super::plain::{District, Draft, TIED};
use super::super::teller::{OTHER, TALENT, Teller, month};
use super::{Kind, YEAR, housing_rent, kind};
use crate::domain::funding::finding::Verdict;
use crate::domain::time::Month;

pub(super) const KINDS: &[Kind] = &[
    kind("debarred", &[22], &[35], |t| debarred(t, Debarred::Within)),
    kind("debarred-last-day", &[22], &[], |t| debarred(t, Debarred::Anniversary)),
    kind("debarment-over", &[], &[22, 23], |t| debarred(t, Debarred::Over)),
    kind("debarred-elsewhere", &[22], &[23], |t| debarred(t, Debarred::Elsewhere)),
    kind("somebody-else-debarred", &[], &[22], |t| debarred(t, Debarred::Other)),
    kind("paid-and-not-returned", &[23], &[22], |t| returned(t, false)),
    kind("paid-and-returned", &[], &[23], |t| returned(t, true)),
    kind("employer-barred", &[24], &[22], |t| employer(t, Barred::Here)),
    kind("employer-barred-elsewhere", &[24], &[], |t| employer(t, Barred::Elsewhere)),
    kind("employer-barred-until-yesterday", &[], &[24], |t| employer(t, Barred::Yesterday)),
    kind("another-employer-barred", &[], &[24], |t| employer(t, Barred::Other)),
    kind("integrity-record", &[35], &[22], |t| recorded(t, false)),
    kind("integrity-record-ended", &[], &[35], |t| recorded(t, true)),
];

fn annex4(item: u8) -> Value {
    json!({ "document": "qingpu-2020-88", "article": format!("附件4 四（二）{item}") })
}

#[derive(Clone, Copy)]
enum Debarred {
    Within,
    Anniversary,
    Over,
    Elsewhere,
    Other,
}

/// Three years from the day of the decision; whether the anniversary is barred is open.
fn debarred(t: &mut Teller, how: Debarred) {
    let first = t.month();
    let day = |months: i32| first.plus(-months).first_day();
    let start = match how {
        Debarred::Anniversary => day(36),
        Debarred::Over => day(36).yesterday().unwrap_or(day(37)),
        _ => day(t.rng.i32(1..36)),
    };
    let role = if matches!(how, Debarred::Other) { OTHER } else { TALENT };
    let (by, basis) = match how {
        Debarred::Elsewhere => {
            (District::Jiashan, json!({ "document": "example-jiashan", "article": "示例" }))
        }
        _ => (District::Qingpu, annex4(4)),
    };
    t.certify(District::Qingpu, "qingpu-housing", "D");
    if role == OTHER {
        t.certify_as((OTHER, 0), District::Qingpu, "qingpu-housing", "D");
        let since = json!({ "from": "2015-05-01" });
        t.link(District::Qingpu, "spouse", [(TALENT, 0), (OTHER, 0)], &since);
    }
    let subject = t.who(role, 0);
    t.sanction(
        by,
        json!({
            "kind": "person-debarred", "subject": subject, "start": start, "end": { "years": 3 },
            "basis": basis,
        }),
    );
    let truth = match how {
        Debarred::Within => Truth::clear().and(22, Verdict::Barred, &[]),
        Debarred::Anniversary => Truth::clear().and(22, Verdict::Refer, &[8]),
        Debarred::Elsewhere => Truth::clear().and(22, Verdict::Refer, &[10]),
        Debarred::Over | Debarred::Other => Truth::clear(),
    };
    t.check(housing_rent(first, 3_500), truth);
}

/// Debarred in July 2020 for three years, which are over; what was paid before stays owed.
fn returned(t: &mut Teller, returned: bool) {
    let held = month(2019, 1);
    let purchase = Draft::of("qingpu/housing-purchase/C").months(held, YEAR).total(36_000);
    t.certify(District::Qingpu, "qingpu-housing", "D");
    let grant = t.grant(purchase);
    t.pay(District::Qingpu, &grant, 36_000, Date::constant(2019, 12, 31));
    let subject = t.who(TALENT, 0);
    t.sanction(
        District::Qingpu,
        json!({
            "kind": "person-debarred", "subject": subject, "start": "2020-07-01",
            "end": { "years": 3 }, "basis": annex4(4),
        }),
    );
    if returned {
        t.recover(District::Qingpu, &grant, 36_000, Date::constant(2020, 9, 1));
    }
    let first = month(2023, 8).plus(t.rng.i32(0..24));
    let owed = Truth::clear().and(23, Verdict::Refer, &[]);
    t.check(housing_rent(first, 3_500), if returned { Truth::clear() } else { owed });
}

#[derive(Clone, Copy)]
enum Barred {
    Here,
    Elsewhere,
    Yesterday,
    Other,
}

/// The staff cannot apply through an employer that has lost its right.
fn employer(t: &mut Teller, how: Barred) {
    let first = t.month();
    t.certify(District::Qingpu, "qingpu-housing", "D");
    let subject = if matches!(how, Barred::Other) { t.other_firm() } else { t.firm() };
    let end = match how {
        Barred::Yesterday => json!({ "last-day": first.plus(-1).last_day() }),
        _ => json!("open"),
    };
    let (by, basis) = match how {
        Barred::Elsewhere => {
            (District::Wujiang, json!({ "document": "example-wujiang", "article": "示例" }))
        }
        _ => (District::Qingpu, annex4(5)),
    };
    t.sanction(
        by,
        json!({
            "kind": "employer-barred", "subject": subject, "start": "2021-01-01", "end": end,
            "basis": basis,
        }),
    );
    let truth = match how {
        Barred::Here => Truth::clear().and(24, Verdict::Ineligible, &[]),
        Barred::Elsewhere => Truth::clear().and(24, Verdict::Refer, &[10]),
        Barred::Yesterday | Barred::Other => Truth::clear(),
    };
    t.check(housing_rent(first, 3_500), truth);
}

/// Another district's integrity file, in its own terms and without effect here.
fn recorded(t: &mut Teller, ended: bool) {
    let first: Month = t.month();
    t.certify(District::Qingpu, "qingpu-housing", "D");
    let end = if ended { json!({ "last-day": first.plus(-1).last_day() }) } else { json!("open") };
    let subject = t.who(TALENT, 0);
    t.sanction(
        District::Changning,
        json!({
            "kind": "person-recorded", "subject": subject, "start": "2021-01-01", "end": end,
            "basis": { "document": "changning-2020-2", "article": "二（五）20" },
            "terms": "退出机制：终止资助 / exit: funding ended",
        }),
    );
    let shown = Truth::clear().and(35, Verdict::Clear, &[]);
    let asked = Draft::of("qingpu/housing-rent/D").months(first, YEAR).monthly(3_500).yes(&TIED);
    t.check(asked, if ended { Truth::clear() } else { shown });
}
