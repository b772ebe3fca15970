//! Facts that an office attests (`fact/1`) instead of the case: R12, R25. What is attested better
//! decides; what has run out or was revoked is not known, and never read as no.

use serde_json::json;

use super::super::act::Truth;
use super::super::plain::{District, Draft, TIED};
use super::super::teller::{TALENT, Teller};
use super::points::register;
use super::{Kind, YEAR, kind};
use crate::domain::funding::finding::Verdict;
use crate::domain::registry::MessageType;
use crate::domain::time::Month;

pub(super) const KINDS: &[Kind] = &[
    kind("facts-attested", &[], &[25], |t| tied(t, Attested::Yes)),
    kind("fact-attested-no", &[25], &[], |t| tied(t, Attested::No)),
    kind("fact-revoked", &[], &[25], |t| tied(t, Attested::Revoked)),
    kind("fact-corrected", &[], &[25], |t| tied(t, Attested::Corrected)),
    kind("attested-against-the-case", &[25], &[], |t| tied(t, Attested::AgainstTheCase)),
    kind("home-attested", &[12], &[], |t| home(t, Home::Owned)),
    kind("no-home-attested", &[], &[12], |t| home(t, Home::None)),
    kind("home-of-the-past", &[], &[12], |t| home(t, Home::Past)),
];

#[derive(Clone, Copy)]
enum Attested {
    Yes,
    No,
    Revoked,
    Corrected,
    AgainstTheCase,
}

/// Everything that ties employer and person to Qingpu, from records alone.
fn tied(t: &mut Teller, attested: Attested) {
    let first = t.month();
    t.certify(District::Qingpu, "qingpu-housing", "D");
    t.attest_of_firm(TIED[0], true);
    t.attest_of_firm(TIED[3], true);
    let stays = matches!(attested, Attested::Yes | Attested::Revoked);
    let tax = t.attest_of_firm(TIED[1], stays);
    match attested {
        Attested::Revoked => t.revise(&tax, "revoke", json!({})),
        Attested::Corrected => t.revise(&tax, "amend", json!({ "value": true })),
        Attested::Yes | Attested::No | Attested::AgainstTheCase => {}
    }
    for mode in ["income-tax", "social-insurance"] {
        let region = District::Qingpu.region().to_string();
        let paid = json!({ "mode": mode, "region": region, "validity": { "from": "2019-01-01" } });
        t.record(District::Qingpu, MessageType::Affiliation, (TALENT, 0), paid);
    }
    let asked = Draft::of("qingpu/housing-rent/D").months(first, YEAR).monthly(3_500);
    let not_tied = Truth::clear().and(25, Verdict::Ineligible, &[]);
    let (asked, truth) = match attested {
        Attested::Yes | Attested::Corrected => (asked, Truth::clear()),
        Attested::No => (asked, not_tied),
        Attested::Revoked => (asked, Truth::clear().lacking()),
        // The office issues what the case has verified only: the office is believed.
        Attested::AgainstTheCase => (asked.yes(&[TIED[1]]), not_tied),
    };
    t.check(asked, truth);
}

#[derive(Clone, Copy)]
enum Home {
    Owned,
    None,
    Past,
}

/// 附件4 二（二）: the family owns no home in the district.
fn home(t: &mut Teller, home: Home) {
    let first: Month = t.january();
    register(t, 60);
    let (owns_none, until) = match home {
        Home::Owned => (false, None),
        Home::None => (true, None),
        Home::Past => (false, Some(first.plus(-1).last_day())),
    };
    t.attest("family-owns-no-home-in-district", owns_none, until);
    let asked = Draft::of("qingpu/points-rent/tier-1").months(first, YEAR).monthly(1_000);
    let asked = asked.yes(&TIED).yes(&["self-renting-in-district", "below-high-level-standard"]);
    let truth = match home {
        Home::Owned => Truth::clear().and(12, Verdict::Ineligible, &[]),
        Home::None => Truth::clear(),
        // What held last year says nothing of this one: it is asked for.
        Home::Past => Truth::clear().lacking(),
    };
    t.check(asked, truth);
}
