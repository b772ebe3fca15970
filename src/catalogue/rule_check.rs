//! Does a recognition rule speak of what there is? A slip of the pen in a scheme, class, fact or
//! alliance would otherwise make a rule that never speaks, and nobody would notice.

use super::Catalogue;
use crate::domain::code::{Code, Refusal};
use crate::domain::funding::carriers::{is_recognition_fact, recognition_facts};
use crate::domain::near::{distance, slip_of};
use crate::domain::participant::ParticipantId;
use crate::domain::recognition::{
    Alliances, ClassRef, LocalMeaning, Object, RecognitionRule, Requirement, RuleScope,
};

impl Catalogue {
    /// Everything about a rule that can be known before it is published: what it says by itself
    /// ([`RecognitionRule::check`]) and that schemes, classes, facts, services and alliances exist.
    /// `alliances` are those of the catalogue, or those that a case file brings. Pointers lead into
    /// the rule.
    ///
    /// Schemes of members that the catalogue does not know are taken on their word, as their records
    /// are; what lies close to a known id is not. Facts, services and alliances are closed lists: a
    /// rule can name a document to be handed in, or write districts out, instead.
    pub fn check_recognition_rule(
        &self,
        rule: &RecognitionRule,
        alliances: &Alliances,
    ) -> Result<(), Refusal> {
        rule.check()?;
        self.check_scheme_of(rule.object, &rule.scheme, "/scheme")?;
        self.check_versions(rule)?;
        for (i, class) in rule.classes.iter().enumerate() {
            self.check_class_of(&rule.scheme, class, &format!("/classes/{i}"))?;
        }
        if let Some(LocalMeaning::Class { class }) = &rule.local {
            self.check_local(&rule.recogniser, class)?;
        }
        for (i, precondition) in rule.preconditions.iter().enumerate() {
            self.check_need(&precondition.need, &format!("/preconditions/{i}/need"))?;
        }
        if !rule.services.iter().all(|code| self.service(code).is_some()) {
            return Err(Refusal::new(Code::ServiceUnknown).at("/services", "services of the list"));
        }
        check_scope(rule, alliances)
    }

    /// The scheme is one of this object, or nobody here can say.
    fn check_scheme_of(&self, object: Object, scheme: &str, at: &str) -> Result<(), Refusal> {
        let wrong = |expected: &str| Err(Refusal::new(Code::SchemeUnknown).at(at, expected));
        let schemes = &self.schemes;
        let certifies = !schemes.versions(scheme).is_empty();
        let qualifies = schemes.qualification(scheme).map(|q| Object::from(q.object));
        match (object, certifies, qualifies) {
            (Object::Certification, true, _) => return Ok(()),
            (asked, false, Some(of)) if asked == of => return Ok(()),
            (_, false, None) => {}
            _ => return wrong("a scheme of this kind of object"),
        }
        if object == Object::Certification {
            if schemes.owner(scheme).is_some_and(|owner| owner.complete) {
                return wrong("a scheme of its authority");
            }
            if !scheme.contains('-') {
                return wrong("a scheme whose id begins with its authority");
            }
        }
        self.near_scheme(scheme).map_or(Ok(()), wrong)
    }

    /// The scheme that an id nobody knows was meant to be; `None` for a known id, and for a name of its
    /// own.
    pub(super) fn near_scheme(&self, scheme: &str) -> Option<&str> {
        let ids = self.schemes.certifications().map(|s| s.id.as_str());
        slip_of(scheme, ids.chain(self.schemes.qualifications().map(|q| q.id.as_str())))
    }

    fn check_versions(&self, rule: &RecognitionRule) -> Result<(), Refusal> {
        let versions = self.schemes.versions(&rule.scheme);
        let named: Vec<_> = versions.iter().filter_map(|s| s.version.as_deref()).collect();
        // A scheme without a named version takes any, one that is not known here says nothing.
        if versions.is_empty() || named.len() < versions.len() {
            return Ok(());
        }
        match rule.scheme_versions.iter().position(|v| !named.contains(&v.as_str())) {
            Some(i) => Err(Refusal::new(Code::SchemeUnknown)
                .at(format!("/scheme_versions/{i}"), named.join(", "))),
            None => Ok(()),
        }
    }

    fn check_class_of(&self, scheme: &str, class: &str, at: &str) -> Result<(), Refusal> {
        match self.schemes.has_class(&self.codes, scheme, class) {
            Some(false) => Err(Refusal::new(Code::ClassUnknown).at(at, "a class of its scheme")),
            _ => Ok(()),
        }
    }

    /// A local class is one of a scheme that applies where the rule does: the district's own, or that
    /// of a city, province or the state around it.
    fn check_local(&self, recogniser: &ParticipantId, local: &ClassRef) -> Result<(), Refusal> {
        let foreign = Refusal::new(Code::ClassForeign)
            .at("/local/class/scheme", "a scheme that applies in the recognising district");
        let own = local.scheme.split_once('-').is_some_and(|(id, _)| id == recogniser.as_str());
        let applies = match self.schemes.versions(&local.scheme).first() {
            Some(scheme) => self.schemes.applies(&scheme.authority, recogniser),
            None => own,
        };
        if !applies {
            return Err(foreign);
        }
        self.check_scheme_of(Object::Certification, &local.scheme, "/local/class/scheme")?;
        self.check_class_of(&local.scheme, &local.class, "/local/class/class")
    }

    fn check_need(&self, need: &Requirement, at: &str) -> Result<(), Refusal> {
        match need {
            Requirement::Fact { name, .. } if !is_recognition_fact(name) => {
                let near = recognition_facts().min_by_key(|known| distance(known, name));
                let near = near.filter(|known| distance(known, name) <= known.len() / 3);
                Err(Refusal::new(Code::FactUnknown)
                    .at(format!("{at}/name"), near.unwrap_or("a fact of docs/facts.md"))
                    .detail(
                        "互认规则所需的事实须有载体（docs/facts.md）；没有载体的，请用 document 由当事人提交材料",
                        "a fact that a recognition rule asks for has a carrier (docs/facts.md); \
                         without one, name a document that is handed in",
                    ))
            }
            Requirement::Holds { object, class } => {
                self.check_scheme_of(*object, &class.scheme, &format!("{at}/class/scheme"))?;
                self.check_class_of(&class.scheme, &class.class, &format!("{at}/class/class"))
            }
            _ => Ok(()),
        }
    }
}

/// An alliance is known, the sender a member of it on the first day, and everybody written out a
/// member at some time.
fn check_scope(rule: &RecognitionRule, alliances: &Alliances) -> Result<(), Refusal> {
    let RuleScope::Alliance { alliance, districts, .. } = &rule.scope else { return Ok(()) };
    let Some(known) = alliances.get(alliance) else {
        let codes: Vec<_> = alliances.all().iter().map(|a| a.alliance.as_str()).collect();
        return Err(Refusal::new(Code::AllianceUnknown).at("/scope/alliance", codes.join(", ")));
    };
    if !known.has(&rule.recogniser, rule.validity.from) {
        return Err(Refusal::new(Code::RuleUnknown)
            .at("/scope/alliance", "an alliance of the sender on that day"));
    }
    let ever = |d: &ParticipantId| known.members.iter().any(|m| m.participant.as_ref() == Some(d));
    match districts.iter().position(|d| !ever(d)) {
        Some(i) => Err(Refusal::new(Code::AllianceUnknown)
            .at(format!("/scope/districts/{i}"), "a member of the alliance")),
        None => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    fn shipped(id: &str) -> Value {
        let rules = crate::domain::recognition::rules().unwrap();
        json!(rules.into_iter().find(|r| r.rule == id).unwrap())
    }

    fn refused(mut rule: Value, place: &str, slip: &Value) -> Option<(Code, String)> {
        let (outer, member) = place.rsplit_once('/').unwrap();
        match rule.pointer_mut(outer).unwrap() {
            Value::Array(items) => items[member.parse::<usize>().unwrap()] = slip.clone(),
            object => object[member] = slip.clone(),
        }
        let rule: RecognitionRule = serde_json::from_value(rule).unwrap();
        let catalogue = Catalogue::embedded().unwrap();
        let checked = catalogue.check_recognition_rule(&rule, &catalogue.alliances);
        checked.err().map(|r| (r.code, r.violations[0].pointer.clone()))
    }

    #[test]
    fn what_ships_passes() {
        let catalogue = Catalogue::embedded().unwrap();
        for rule in crate::domain::recognition::rules().unwrap() {
            let checked = catalogue.check_recognition_rule(&rule, &catalogue.alliances);
            assert_eq!(checked, Ok(()), "{} {}", rule.recogniser, rule.rule);
        }
    }

    /// A shipped rule, what stands where instead, and how that is told; the place is that of the slip
    /// unless another is named.
    macro_rules! slips {
        ($($rule:ident $place:literal = $slip:tt => $code:ident $($at:literal)?;)*) => {
            [$(($rule, $place, json!($slip), Code::$code, slips!(@at $place $($at)?)),)*]
        };
        (@at $place:literal) => { $place };
        (@at $place:literal $at:literal) => { $at };
    }

    const HOUSING: &str = "example-jiaxing-senior-housing";
    const MEDICAL: &str = "example-jiaxing-medical";
    const OCCUPATIONAL: &str = "zone-2020-occupational";
    const TITLE: &str = "zone-2020-title-zhejiang";
    const HOURS: &str = "zone-2020-hours-zhejiang";

    #[test]
    fn each_slip_is_found_in_its_place() {
        let local = |scheme: &str, class: &str| json!({ "kind": "class", "class": { "scheme": scheme, "class": class } });
        let (no_class, no_scheme) = (local("qingpu-housing", "Z"), local("qingpu-nothing", "A"));
        let (jiaxing, hangzhou) = (local("jiaxing-talent", "顶尖"), local("hangzhou-talent", "A"));
        let registered = json!({ "kind": "registered", "value": true });
        let class = json!({ "scheme": "qingpu-housing", "class": "Z" });
        let held = json!({ "kind": "holds", "object": "certification", "class": class });
        let table = slips! {
            HOUSING "/scheme" = "jiaxing-talnet" => SchemeUnknown;
            HOUSING "/scheme" = "zhejiang-title" => SchemeUnknown;
            HOUSING "/scheme" = "qingpu-nothing" => SchemeUnknown;
            HOUSING "/scheme" = "talent" => SchemeUnknown;
            HOUSING "/classes/0" = "高極" => ClassUnknown;
            HOUSING "/local" = no_class => ClassUnknown "/local/class/class";
            HOUSING "/local" = no_scheme => SchemeUnknown "/local/class/scheme";
            HOUSING "/local" = jiaxing => ClassForeign "/local/class/scheme";
            HOUSING "/local" = hangzhou => ClassForeign "/local/class/scheme";
            HOUSING "/preconditions/0/need/name" = "owns-no-home-in-distrct" => FactUnknown;
            HOUSING "/preconditions/0/need" = held => ClassUnknown "/preconditions/0/need/class/class";
            HOUSING "/preconditions/0/need" = registered => RecognitionUnfit;
            HOUSING "/scope/alliance" = "delta-demonstration-zoen" => AllianceUnknown;
            HOUSING "/scope/districts" = ["qingpu", "jiashan", "wujang"] => AllianceUnknown "/scope/districts/2";
            HOUSING "/purposes" = ["housing", "practice"] => RecognitionUnfit "/purposes/1";
            OCCUPATIONAL "/scheme" = "nation-occupational" => SchemeUnknown;
            TITLE "/classes/0" = "4l1" => ClassUnknown;
            TITLE "/effect" = "valid-after-filing" => RecognitionUnfit;
            HOURS "/effect" = "valid-directly" => RecognitionUnfit;
            MEDICAL "/services" = ["medcal"] => ServiceUnknown;
        };
        for (rule, place, slip, code, at) in table {
            let found = refused(shipped(rule), place, &slip);
            assert_eq!(found, Some((code, at.to_owned())), "{rule} {place} {slip}");
        }
    }

    #[test]
    fn what_only_others_know_is_taken_on_their_word() {
        let scheme = json!("hangzhou-talent");
        assert_eq!(refused(shipped(HOUSING), "/scheme", &scheme), None);
        // Jiashan certifies under the scheme of the city around it.
        let mut here = shipped("example-qingpu-industry-service");
        here["local"] =
            json!({ "kind": "class", "class": { "scheme": "jiaxing-talent", "class": "高级" } });
        assert_eq!(refused(here, "/recogniser", &json!("jiashan")), None);
    }
}
