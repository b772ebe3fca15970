//! 职称: titles of people who moved into the zone.

use super::super::plain::District;
use super::super::teller::{Paper, Teller, says};
use super::{PaperKind, Side, any, day, kind, moved, sides, third, title_of};
use crate::domain::recognition::{Effect, Outcome};

pub(super) const KINDS: &[PaperKind] = &[
    kind("title-of-who-moved", who_moved),
    kind("title-without-a-contract", no_contract),
    kind("title-below-the-standard", below_the_standard),
    kind("title-contract-said-elsewhere", said_elsewhere),
    kind("title-only-declared", declared),
    kind("title-facts-that-contradict", contradicting),
    kind("title-when-the-measure-began", first_day),
    kind("title-outside-the-zone", outside),
    kind("title-of-a-district-outside-the-zone", from_outside),
    kind("title-for-another-purpose", other_purpose),
    kind("title-without-a-level", no_level),
    kind("title-of-the-own-city", own_city),
    kind("title-under-a-retired-region-code", retired_code),
    kind("title-under-a-code-of-the-statistics-bureau", statistics_code),
];

const FREE: Option<Effect> = Some(Effect::AppointableWithoutReview);

fn ask(t: &mut Teller, to: Side, outcome: Outcome, effect: Option<Effect>) {
    let (day, purpose) = (day(t), any(t, &["appointment", "title-review"], "appointment"));
    t.ask((to.district, purpose, Some("title")), &day, says(outcome, effect));
}

fn who_moved(t: &mut Teller) {
    let (from, to) = sides(t);
    let title = title_of(t, from);
    t.file(title.with("certificate", t.certificate(1)));
    moved(t, from, to);
    ask(t, to, Outcome::Recognised, FREE);
}

fn no_contract(t: &mut Teller) {
    let (from, to) = sides(t);
    let title = title_of(t, from);
    t.file(title);
    t.file(Paper::fact(from.district, "title-meets-national-standard", true));
    ask(t, to, Outcome::Conditional, FREE);
}

/// Data say that the title is below the national standard: a person looks, no effect is promised.
fn below_the_standard(t: &mut Teller) {
    let (from, to) = sides(t);
    let title = title_of(t, from);
    t.file(title);
    t.file(Paper::tie(to.district, "employment", to.district));
    t.file(Paper::fact(from.district, "title-meets-national-standard", false));
    ask(t, to, Outcome::Conditional, None);
}

/// Where somebody works, that district knows; another one's word proves nothing.
fn said_elsewhere(t: &mut Teller) {
    let (from, to) = sides(t);
    let title = title_of(t, from);
    t.file(title);
    t.file(Paper::tie(from.district, "employment", to.district));
    t.file(Paper::fact(from.district, "title-meets-national-standard", true));
    ask(t, to, Outcome::Conditional, FREE);
}

fn declared(t: &mut Teller) {
    let (from, to) = sides(t);
    let title = title_of(t, from);
    t.file(title.seen("declared"));
    moved(t, from, to);
    ask(t, to, Outcome::Conditional, FREE);
}

fn contradicting(t: &mut Teller) {
    let (from, to) = sides(t);
    let title = title_of(t, from);
    t.file(title);
    moved(t, from, to);
    t.file(Paper::fact(to.district, "title-meets-national-standard", false));
    ask(t, to, Outcome::Conditional, FREE);
}

fn first_day(t: &mut Teller) {
    let (from, to) = sides(t);
    let title = title_of(t, from);
    t.file(title);
    moved(t, from, to);
    let asked = (to.district, "appointment", Some("title"));
    t.ask(asked, "2020-09-21", says(Outcome::NoRule, None));
    t.ask(asked, "2020-09-22", says(Outcome::Recognised, FREE));
}

/// The measure is the zone's: the other districts of Shanghai are not in it.
fn outside(t: &mut Teller) {
    let from = any(t, &super::SIDES[1..], super::SIDES[1]);
    let title = title_of(t, from);
    t.file(title);
    let at = any(t, &[District::Changning, District::Hongkou, District::Yangpu], District::Yangpu);
    t.file(Paper::tie(at, "employment", at));
    let day = day(t);
    t.ask((at, "appointment", Some("title")), &day, says(Outcome::NoRule, None));
}

/// A title of Shanghai that a district outside the zone sent, asked about in Jiashan or Wujiang.
fn from_outside(t: &mut Teller) {
    let to = any(t, &super::SIDES[1..], super::SIDES[1]);
    let title = title_of(t, super::SIDES[0]);
    t.file(title.copied_by(District::Hongkou).seen("issued"));
    moved(t, super::SIDES[0], to);
    ask(t, to, Outcome::NoRule, None);
}

fn other_purpose(t: &mut Teller) {
    let (from, to) = sides(t);
    let title = title_of(t, from);
    t.file(title);
    moved(t, from, to);
    let (day, purpose) = (day(t), any(t, &["housing", "points", "practice", "funding"], "points"));
    t.ask((to.district, purpose, Some("title")), &day, says(Outcome::NoRule, None));
}

/// 高级, not divided, and 未定职级: codes that name no level of the measure.
fn no_level(t: &mut Teller) {
    let (from, to) = sides(t);
    let class = any(t, &["410", "499"], "499");
    t.file(Paper::of(from.district, "title", from.title, class).by_office(from.province));
    moved(t, from, to);
    ask(t, to, Outcome::NoRule, None);
}

/// Whoever of Shanghai sent it: in Qingpu it needs no recognition.
fn own_city(t: &mut Teller) {
    let qingpu = super::SIDES[0];
    let title = title_of(t, qingpu);
    let by = any(t, &[District::Qingpu, District::Changning, District::Yangpu], District::Qingpu);
    t.file(title.copied_by(by).seen("issued"));
    ask(t, qingpu, Outcome::NoRule, None);
}

/// 吴江市 and 吴江县 are 吴江区, 青浦县 is 青浦区.
fn retired_code(t: &mut Teller) {
    let old =
        [(super::SIDES[2], "320584"), (super::SIDES[2], "320525"), (super::SIDES[0], "310229")];
    let (from, code) = any(t, &old, old[0]);
    let to = third(from, any(t, &super::SIDES, from));
    let title = title_of(t, from);
    t.file(title.by_office(code));
    moved(t, from, to);
    ask(t, to, Outcome::Recognised, FREE);
}

/// 320576 is a code of statistics bureaus for a park in Suzhou, and no region.
fn statistics_code(t: &mut Teller) {
    let (from, to) = (super::SIDES[2], any(t, &super::SIDES[..2], super::SIDES[0]));
    let title = title_of(t, from);
    t.file(title.by_office("320576"));
    moved(t, from, to);
    ask(t, to, Outcome::NoRule, None);
}
