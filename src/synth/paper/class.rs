//! Certifications, skill levels and diplomas: letters that do not carry over, services that rules open and
//! refuse, 毕业, 结业 and 肄业.

use serde_json::json;

use super::super::look_up::Stated;
use super::super::plain::District;
use super::super::teller::{Paper, Teller, says};
use super::{PaperKind, SIDES, any, day, kind, sides};
use crate::domain::recognition::{Effect, Outcome};

pub(super) const KINDS: &[PaperKind] = &[
    kind("class-letter-elsewhere", letter).after(elsewhere),
    kind("class-of-a-project", project).after(elsewhere),
    kind("class-by-an-example-only", example).after(elsewhere),
    kind("service-that-a-class-opens", |t| medical(t, "高级", [true, false])).after(elsewhere),
    kind("service-that-a-class-does-not-open", |t| medical(t, "基础", [false, false]))
        .after(elsewhere),
    kind("service-as-a-local-class", |t| apartment(t, true)).after(elsewhere),
    kind("service-without-a-secondment", |t| apartment(t, false)).after(elsewhere),
    kind("service-of-the-own-district", own_class).after(elsewhere),
    kind("service-before-the-rule", too_early).after(elsewhere),
    kind("service-that-no-rule-names", not_named).after(elsewhere),
    kind("skill-level", skill),
    kind("skill-that-opens-training", training).after(elsewhere),
    kind("skill-that-a-rule-refuses", apprentice),
    kind("diploma-of-who-graduated", |t| diploma(t, Some(true))),
    kind("diploma-in-part-time", |t| diploma(t, Some(false))),
    kind("diploma-of-unknown-mode", |t| diploma(t, None)),
    kind("diploma-of-who-did-not-graduate", not_graduated),
    kind("doctor-of-honour", honour),
];

/// A home whose own certifications no rule speaks of.
pub(super) fn elsewhere(t: &mut Teller) {
    t.settle(District::Yangpu);
}

const LATER: &str = "2025-04-20";

/// What a writer says of a service: yes; of a no, whether a person looks first.
fn service([entitled, person_decides]: [bool; 2]) -> Stated {
    Stated::Service { entitled, person_decides }
}

pub(super) fn jiaxing(class: &str) -> Paper {
    Paper::certified(District::Jiashan, "jiaxing-talent", class).by_office("330421")
}

/// C of one scheme is not C of another.
fn letter(t: &mut Teller) {
    t.file(Paper::certified(District::Wujiang, "wujiang-example", "C"));
    let (day, purpose) = (day(t), any(t, &["housing", "funding", "points"], "housing"));
    t.ask((District::Qingpu, purpose, None), &day, says(Outcome::NoRule, None));
}

/// A project's A is no person's.
fn project(t: &mut Teller) {
    t.file(Paper::certified(District::Jiashan, "jiaxing-elite-plan", "A").by_office("330400"));
    let day = day(t);
    t.ask((District::Qingpu, "funding", None), &day, says(Outcome::NoRule, None));
}

/// Nobody decided it.
fn example(t: &mut Teller) {
    let class = any(t, &["高级", "基础"], "高级");
    t.file(jiaxing(class));
    t.ask((District::Qingpu, "housing", None), LATER, says(Outcome::NoRule, None));
}

fn medical(t: &mut Teller, class: &str, stated: [bool; 2]) {
    t.file(jiaxing(class));
    let asked = any(t, &["medical", "education"], "medical");
    t.ask_service((District::Qingpu, asked), LATER, service(stated));
}

fn apartment(t: &mut Teller, seconded: bool) {
    let class = any(t, &["C", "D"], "D");
    t.file(Paper::certified(District::Qingpu, "qingpu-housing", class));
    if seconded {
        let by = any(t, &[District::Wujiang, District::Qingpu], District::Wujiang);
        t.file(Paper::tie(by, "secondment", District::Wujiang));
    }
    let stated = service([seconded, !seconded]);
    t.ask_service((District::Wujiang, "talent-apartment"), LATER, stated);
}

/// The offering district's own rules say whether it is open.
fn own_class(t: &mut Teller) {
    t.file(Paper::certified(District::Qingpu, "qingpu-housing", "D"));
    t.ask_service((District::Qingpu, "medical"), LATER, service([false, true]));
}

fn too_early(t: &mut Teller) {
    t.file(jiaxing("高端"));
    t.ask_service((District::Qingpu, "medical"), "2023-12-31", service([false, false]));
    t.ask_service((District::Qingpu, "medical"), "2024-01-01", service([true, false]));
}

fn not_named(t: &mut Teller) {
    t.file(jiaxing("顶尖"));
    let asked = any(t, &["sports", "tourism", "culture"], "sports");
    t.ask_service((District::Qingpu, asked), LATER, service([false, false]));
}

/// 五级 and 新八级工: no list of the zone names them.
fn skill(t: &mut Teller) {
    let (from, to) = sides(t);
    let levels = [
        ("skill-level-five", "一级"),
        ("skill-level-five", "五级"),
        ("skill-level-eight", "特级技师"),
        ("skill-level-eight", "首席技师"),
    ];
    let (scheme, class) = any(t, &levels, levels[0]);
    t.file(Paper::of(from.district, "skill", scheme, class).by_office(from.province));
    let (day, purpose) = (day(t), any(t, &["appointment", "title-review"], "appointment"));
    t.ask((to.district, purpose, Some("skill")), &day, says(Outcome::NoRule, None));
}

/// 二级 is above 三级: the number falls as skill rises.
fn training(t: &mut Teller) {
    let from = any(t, &SIDES[1..], SIDES[1]);
    let class = any(t, &["一级", "二级", "三级", "四级"], "二级");
    let paper = Paper::of(from.district, "skill", "skill-level-five", class);
    t.file(paper.by_office(from.province));
    let opens = ["一级", "二级"].contains(&class);
    t.ask_service((District::Changning, "public-training"), LATER, service([opens, false]));
}

fn apprentice(t: &mut Teller) {
    let paper = Paper::of(District::Qingpu, "skill", "skill-level-eight", "学徒工");
    t.file(paper.by_office("310000"));
    let asked = (District::Jiashan, "appointment", Some("skill"));
    t.ask(asked, LATER, says(Outcome::NotRecognised, None));
}

fn graduated(t: &mut Teller, class: &str) -> Paper {
    let from = any(t, &SIDES[..2], SIDES[0]);
    Paper::of(from.district, "education", "education-gbt4658", class).by_office(from.province)
}

fn ask_diploma(t: &mut Teller, outcome: Outcome, effect: Option<Effect>) {
    let purpose = any(t, &["points", "funding"], "points");
    t.ask((District::Wujiang, purpose, Some("education")), LATER, says(outcome, effect));
}

fn diploma(t: &mut Teller, full_time: Option<bool>) {
    let class = any(t, &["11", "14", "21"], "21");
    let mut paper = graduated(t, class);
    if let Some(full_time) = full_time {
        paper = paper.with("full_time", json!(full_time));
    }
    t.file(paper);
    let effect = Some(Effect::ValidDirectly);
    match full_time {
        Some(true) => ask_diploma(t, Outcome::Recognised, effect),
        Some(false) => ask_diploma(t, Outcome::Conditional, None),
        None => ask_diploma(t, Outcome::Conditional, effect),
    }
}

/// 结业 and 肄业 are not 毕业, whatever the level.
fn not_graduated(t: &mut Teller) {
    let class = any(t, &["12", "13", "15", "16", "22", "23"], "22");
    let paper = graduated(t, class);
    t.file(paper.with("full_time", json!(true)));
    ask_diploma(t, Outcome::NoRule, None);
}

/// 名誉博士 has the code 1, before 博士: codes are no ranks.
fn honour(t: &mut Teller) {
    let from = any(t, &SIDES[..2], SIDES[0]);
    let paper = Paper::of(from.district, "education", "degree-gbt6864", "1");
    t.file(paper.by_office(from.province));
    ask_diploma(t, Outcome::NoRule, None);
}
