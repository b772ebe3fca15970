//! What the measures say (standards.md §1): those of the demonstration zone of 2020, the examples that ship
//! with the binary, and the rules of the prelude. Written down from the text, not read from the rules; longer than
//! other files because it is all of the measures, to be read in one go.

use serde_json::Value;

use super::Asked;
use super::files::{Filed, from, is_checked, office, place, today, until};
use crate::domain::recognition::Effect;

/// What a measure says of one paper.
#[derive(Debug)]
pub(super) struct Speaks {
    pub(super) rule: String,
    pub(super) effect: Effect,
    /// Do data prove all that it asks for? `None` is open; refuted is no.
    pub(super) proven: Option<bool>,
    /// An example, which decides nothing.
    pub(super) example: bool,
    /// The local class that a paper stands for.
    pub(super) local: Option<(&'static str, &'static str)>,
    /// Two cases of one open question: of these at most one can come true.
    pub(super) either_or: bool,
}

/// A district of the zone with the offices of its side.
struct Side {
    district: &'static str,
    province: &'static str,
    offices: [&'static str; 3],
}

const SIDES: [Side; 3] = [
    Side { district: "qingpu", province: "shanghai", offices: ["310000", "310000", "310118"] },
    Side { district: "jiashan", province: "zhejiang", offices: ["330000", "330400", "330421"] },
    Side { district: "wujiang", province: "jiangsu", offices: ["320000", "320500", "320509"] },
];

/// The measure was reported on 2020-09-22, that of work permits on 2020-09-01.
const MEASURE: &str = "2020-09-22";
const PERMITS: &str = "2020-09-01";

/// 国家职业资格目录: exams that the provinces run.
const EXAMS: [&str; 4] = ["二级建造师", "二级造价工程师", "二级注册计量师", "初级注册安全工程师"];
/// 正高级 to 员级 (GB/T 12407): what is not divided into 正高 and 副高 (410), or has no level (499), is none.
const LEVELS: [&str; 6] = ["411", "412", "420", "430", "434", "435"];

/// What a paper is asked about with, and everything else that is filed.
pub(super) struct Case<'a> {
    pub(super) asked: &'a Asked,
    pub(super) all: &'a [Filed],
    pub(super) paper: &'a Filed,
    pub(super) body: &'a Value,
}

/// Everything that speaks of the paper; examples where nothing else does.
pub(super) fn speaks(case: &Case<'_>) -> Vec<Speaks> {
    let mut all = zone(case);
    all.extend(super::prelude::rules(case));
    if all.is_empty() {
        all = super::prelude::examples(case);
    }
    for one in &mut all {
        // What nobody has seen is no certificate yet; a no needs none.
        let refuses = one.effect == Effect::NotRecognised;
        if !refuses && !is_checked(case.body) && one.proven == Some(true) {
            one.proven = None;
        }
    }
    all
}

impl Case<'_> {
    pub(super) fn is(&self, object: &str, scheme: &str, classes: &[&str]) -> bool {
        let class = self.body["class"].as_str().unwrap_or_default();
        self.paper.object() == object
            && self.body["scheme"] == scheme
            && (classes.is_empty() || classes.contains(&class))
    }

    pub(super) fn is_for(&self, purposes: &[&str]) -> bool {
        self.asked.service.is_none() && purposes.contains(&self.asked.purpose.as_str())
    }

    /// Sent by that district, or a copy in the files of who asks.
    pub(super) fn sent_by(&self, district: &str) -> bool {
        self.paper.sender == district || self.paper.sender == self.asked.at
    }

    /// Is the talent tied to the district that asks? Its own offices know.
    pub(super) fn tied(&self, mode: &str) -> Option<bool> {
        let here = place(&self.asked.at);
        let ties = self.all.iter().filter(|f| f.first()["mode"] == mode);
        let mut known = ties.filter(|f| {
            let on_day = f.on(&self.asked.day);
            let lends = mode == "secondment" && self.lends(f.sender);
            on_day.stands
                && !f.objected
                && is_checked(on_day.body)
                && on_day.body["region"].as_str().map(today) == Some(here)
                && (f.sender == self.asked.at || lends)
        });
        known.next().map(|_| true)
    }

    /// Who certified the talent lends.
    fn lends(&self, district: &str) -> bool {
        office(self.body) == place(district) || self.paper.sender == district
    }

    /// What districts say of the talent; nothing where they contradict each other.
    pub(super) fn told(&self, name: &str) -> Option<bool> {
        let mut told = None;
        for fact in self.all.iter().filter(|f| f.first()["name"] == name) {
            let on_day = fact.on(&self.asked.day);
            if !on_day.stands || fact.objected || !is_checked(on_day.body) {
                continue;
            }
            let says = on_day.body["value"].as_bool();
            if told.is_some() && told != says {
                return None;
            }
            told = says;
        }
        told
    }
}

/// The measures of the zone: between its three districts, for papers of the side they come from.
fn zone(case: &Case<'_>) -> Vec<Speaks> {
    let Case { asked, body, .. } = case;
    let (office, day) = (office(body), asked.day.as_str());
    let of_zone = SIDES.iter().any(|side| side.district == asked.at);
    let from = SIDES.iter().find(|side| side.offices.contains(&office));
    let Some(side) = from.filter(|s| of_zone && s.district != asked.at && case.sent_by(s.district))
    else {
        return Vec::new();
    };
    let reviewed = ["appointment", "title-review"];
    let counted = ["evaluation", "title-review", "appointment", "selection", "registration"];
    if case.is("occupational", "national-occupational", &EXAMS) && office == side.offices[0] {
        return if day < MEASURE { Vec::new() } else { occupational(case) };
    }
    if case.is("title", &format!("{}-title", side.province), &LEVELS) && case.is_for(&reviewed) {
        let needs = [case.tied("employment"), case.told("title-meets-national-standard")];
        let rule = format!("zone-2020-title-{}", side.province);
        let says = says(&rule, Effect::AppointableWithoutReview, &needs);
        return if day < MEASURE { Vec::new() } else { vec![says] };
    }
    if case.is("education-hours", &format!("{}-hours", side.province), &[]) && case.is_for(&counted)
    {
        let rule = format!("zone-2020-hours-{}", side.province);
        let says = says(&rule, Effect::HoursAccumulate, &[]);
        return if day < MEASURE { Vec::new() } else { vec![says] };
    }
    if case.is("work-permit", "foreign-work-permit", &["A"]) && day >= PERMITS {
        let (permit, term) = (Effect::PermitValid, five_years(case));
        if case.is_for(&["work"]) {
            return vec![says("zone-2020-work-permit-a", permit, &[term])];
        }
        if case.is_for(&["employer-change"]) {
            let stayed = case.told("left-china-since-permit").map(|left| !left);
            return vec![says("zone-2020-work-permit-a-employer", permit, &[term, stayed])];
        }
    }
    Vec::new()
}

/// 已注册: practice after 备案; not registered, at once. Registration and appointment ask for neither.
fn occupational(case: &Case<'_>) -> Vec<Speaks> {
    if case.is_for(&["registration", "appointment"]) {
        return vec![says("zone-2020-occupational", Effect::ValidDirectly, &[])];
    }
    if !case.is_for(&["practice"]) {
        return Vec::new();
    }
    let registered = case.body["registered"].as_bool();
    let free = registered.map(|is| !is);
    let either = [
        says("zone-2020-occupational-practice", Effect::ValidDirectly, &[free]),
        says("zone-2020-occupational-registered", Effect::ValidAfterFiling, &[registered]),
    ];
    either.into_iter().map(|one| Speaks { either_or: true, ..one }).collect()
}

/// Five years from the first day on, which does not count itself; open where the end was put off, or is.
fn five_years(case: &Case<'_>) -> Option<bool> {
    let within = |first: &str, last: Option<&str>| {
        let (year, rest) = first.split_once('-')?;
        let limit = format!("{:04}-{rest}", year.parse::<u32>().ok()? + 5);
        Some(last? <= limit.as_str())
    };
    let (first, now) = (from(case.paper.first()), from(case.body));
    let whole = within(first.min(now), until(case.body))?;
    if !whole && case.paper.was_extended(&case.asked.day) && within(now, until(case.body))? {
        return None;
    }
    Some(whole)
}

pub(super) fn says(rule: &str, effect: Effect, needs: &[Option<bool>]) -> Speaks {
    let proven = if needs.contains(&Some(false)) {
        Some(false)
    } else if needs.contains(&None) {
        None
    } else {
        Some(true)
    };
    let (rule, example, local) = (rule.to_owned(), false, None);
    Speaks { rule, effect, proven, example, local, either_or: false }
}
