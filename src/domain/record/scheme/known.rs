//! The schemes of the catalogue, and whether a record names one of them as it is.

use std::collections::BTreeMap;

use super::{QualificationClasses, QualificationScheme, Scheme, SchemeAuthority};
use crate::domain::code::{Code, Refusal};
use crate::domain::codelist::CodeLists;
use crate::domain::id::RegionCode;
use crate::domain::partial_date::PartialDate;
use crate::domain::participant::ParticipantId;
use crate::domain::record::certification::Certification;
use crate::domain::record::credence::owner_of;
use crate::domain::record::life_cycle::{Action, AttestationLevel, RecordHead};
use crate::domain::record::qualification::Qualification;

/// The schemes that are known here.
#[derive(Clone, Debug, Default)]
pub struct Schemes {
    authorities: BTreeMap<String, SchemeAuthority>,
    certifications: BTreeMap<String, Vec<Scheme>>,
    qualifications: BTreeMap<String, QualificationScheme>,
}

impl Schemes {
    /// From the files of the catalogue; `catalogue lint` looks for what contradicts itself.
    pub fn new(
        authorities: Vec<SchemeAuthority>,
        schemes: Vec<Scheme>,
        qualifications: Vec<QualificationScheme>,
    ) -> Self {
        let mut certifications: BTreeMap<String, Vec<Scheme>> = BTreeMap::new();
        for scheme in schemes {
            certifications.entry(scheme.id.clone()).or_default().push(scheme);
        }
        Self {
            authorities: authorities.into_iter().map(|a| (a.id.clone(), a)).collect(),
            certifications,
            qualifications: qualifications.into_iter().map(|q| (q.id.clone(), q)).collect(),
        }
    }

    /// The authority of that id.
    pub fn authority(&self, id: &str) -> Option<&SchemeAuthority> {
        self.authorities.get(id)
    }

    /// The authority that owns an id of this form, whether or not the scheme is known.
    pub fn owner(&self, scheme: &str) -> Option<&SchemeAuthority> {
        self.authority(owner_of(scheme))
    }

    /// Every authority.
    pub fn authorities(&self) -> impl Iterator<Item = &SchemeAuthority> {
        self.authorities.values()
    }

    /// Every version of every certification scheme, by id.
    pub fn certifications(&self) -> impl Iterator<Item = &Scheme> {
        self.certifications.values().flatten()
    }

    /// Every version of one certification scheme; empty when it is not known.
    pub fn versions(&self, scheme: &str) -> &[Scheme] {
        self.certifications.get(scheme).map_or(&[], Vec::as_slice)
    }

    /// Every scheme of qualifications, by id.
    pub fn qualifications(&self) -> impl Iterator<Item = &QualificationScheme> {
        self.qualifications.values()
    }

    /// The scheme of qualifications of that id.
    pub fn qualification(&self, scheme: &str) -> Option<&QualificationScheme> {
        self.qualifications.get(scheme)
    }

    /// Who issues under the scheme, as far as that is known here.
    pub fn issuers<'a>(&'a self, scheme: &'a str) -> impl Iterator<Item = &'a SchemeAuthority> {
        let certified = self.versions(scheme).first().map(|s| s.authority.as_str());
        let qualified = self.qualification(scheme).map(|q| q.issuers.iter().map(String::as_str));
        let ids = certified.into_iter().chain(qualified.into_iter().flatten());
        ids.filter_map(|id| self.authority(id))
    }

    /// Do schemes of this authority apply in the district: its own, or those of a city, province or
    /// the state for which it sends?
    pub fn applies(&self, authority: &str, district: &ParticipantId) -> bool {
        authority == district.as_str()
            || self.authority(authority).is_some_and(|a| a.senders.contains(district))
    }

    /// Does the office that a record names issue under its scheme, and does `issued` come from who
    /// sends for it? Asked of schemes whose issuers are all known; who files the paper of another
    /// authority says how far it was seen (`copy-seen` …) instead. Where a participant lies that is
    /// none of the founding districts is not known here: it is taken on its word.
    pub fn check_issuer<S>(
        &self,
        scheme: &str,
        head: &RecordHead<S>,
        sender: Option<&ParticipantId>,
    ) -> Result<(), Refusal> {
        let others = self.qualification(scheme).is_some_and(|q| q.others);
        let issuers: Vec<_> = self.issuers(scheme).collect();
        if ends(head.action) || others || issuers.is_empty() {
            return Ok(());
        }
        let unfit = |pointer: &str, expected: String| {
            Err(Refusal::new(Code::IssuerUnfit).at(pointer, expected))
        };
        let region = RegionCode::parse(&head.authority.region);
        let covers = |a: &&&SchemeAuthority| region.is_some_and(|r| a.covers(r));
        let Some(issuer) = issuers.iter().find(covers) else {
            let names: Vec<_> = issuers.iter().map(|a| a.id.as_str()).collect();
            return unfit("/body/authority/region", format!("a region of {}", names.join(", ")));
        };
        let place = sender.and_then(RegionCode::of_district);
        let outside = place.is_some_and(|region| !issuer.covers(region));
        if outside && head.attestation.level == AttestationLevel::Issued {
            let expected = "issued from a district of the authority's region alone";
            return unfit("/body/attestation/level", expected.to_owned());
        }
        Ok(())
    }

    /// Is there such a class in any version of the scheme? `None` where nobody here can say: the
    /// scheme is open, or not known and its authority's list is not complete.
    pub fn has_class(&self, lists: &CodeLists, scheme: &str, class: &str) -> Option<bool> {
        if let Some(found) = self.qualification(scheme) {
            return match &found.classes {
                QualificationClasses::Open => None,
                QualificationClasses::Only(classes) => Some(classes.iter().any(|c| c == class)),
                QualificationClasses::List(at) => {
                    Some(lists.list(at).is_some_and(|list| list.entry(class).is_some()))
                }
            };
        }
        let versions = self.versions(scheme);
        if versions.is_empty() {
            return self.owner(scheme).filter(|owner| owner.complete).map(|_| false);
        }
        let listed = versions.iter().flat_map(|s| &s.classes).any(|c| c.class == class);
        if listed || !versions.iter().any(|s| s.open) { Some(listed) } else { None }
    }

    /// Does a certification name a scheme, a version and a class that exist? Only what an authority
    /// with a complete list owns can be unknown. A record that is suspended, reinstated or revoked
    /// is not asked: what is wrong must stay possible to end.
    pub fn check_certification<S>(&self, record: &Certification<S>) -> Result<(), Refusal> {
        if ends(record.head.action) {
            return Ok(());
        }
        let versions = self.versions(&record.scheme);
        if versions.is_empty() {
            return match self.owner(&record.scheme) {
                Some(owner) if owner.complete => Err(unknown_scheme("/body/scheme", owner)),
                _ => Ok(()),
            };
        }
        let meant = |s: &&Scheme| s.version.as_ref().is_none_or(|v| *v == record.scheme_version);
        let Some(scheme) = versions.iter().find(meant) else {
            let known: Vec<_> = versions.iter().filter_map(|s| s.version.as_deref()).collect();
            return Err(
                Refusal::new(Code::SchemeUnknown).at("/body/scheme_version", known.join(", "))
            );
        };
        in_force(scheme, &record.head)?;
        if scheme.open || scheme.classes.iter().any(|c| c.class == record.class) {
            return Ok(());
        }
        let known: Vec<_> = scheme.classes.iter().map(|c| c.class.as_str()).collect();
        Err(unknown_class(&known.join(", ")))
    }

    /// Is the class of a qualification in the list of its scheme? Schemes that are not known here
    /// are not asked about.
    pub fn check_qualification<S>(
        &self,
        lists: &CodeLists,
        record: &Qualification<S>,
    ) -> Result<(), Refusal> {
        if ends(record.head.action) {
            return Ok(());
        }
        let Some(scheme) = self.qualification(&record.scheme) else { return Ok(()) };
        if scheme.object != record.object {
            return Err(Refusal::new(Code::SchemeUnknown)
                .at("/body/scheme", "a scheme of this kind of object"));
        }
        match &scheme.classes {
            QualificationClasses::Open => Ok(()),
            QualificationClasses::Only(classes) if classes.contains(&record.class) => Ok(()),
            QualificationClasses::Only(classes) => Err(unknown_class(&classes.join(", "))),
            QualificationClasses::List(at) => {
                let list = lists.list(at);
                let entry = list.and_then(|l| l.entry(&record.class));
                if entry.is_some_and(|e| e.in_use(record.head.validity.from)) {
                    return Ok(());
                }
                Err(unknown_class(&format!("a code of {}@{}", at.list, at.version)))
            }
        }
    }
}

/// Was the version in force on the day from which the certification holds? An amendment restates an
/// earlier decision, so that only the first day of the scheme bounds it.
fn in_force<S>(scheme: &Scheme, head: &RecordHead<S>) -> Result<(), Refusal> {
    let day = head.validity.from;
    let early = scheme.from.as_ref().is_some_and(|from| day < from.first_day());
    let ended = scheme.until.as_ref().is_some_and(|until| day > until.last_day());
    if !early && (!ended || scheme.end_open || head.action != Action::Issue) {
        return Ok(());
    }
    let bound = |date: &Option<PartialDate>| date.as_ref().map(ToString::to_string);
    let (zh, en) = match (bound(&scheme.from), bound(&scheme.until)) {
        (Some(from), Some(until)) => (format!("{from} 至 {until}"), format!("{from} to {until}")),
        (Some(from), None) => {
            (format!("{from} 起，长期"), format!("{from} on, until further notice"))
        }
        (None, Some(until)) => (format!("至 {until} 止"), format!("an unknown day to {until}")),
        (None, None) => ("长期".to_owned(), "any day on".to_owned()),
    };
    Err(Refusal::new(Code::SchemeNotInForce)
        .at("/body/validity/from", format!("a day from {en}"))
        .detail(
            format!("{}的施行期为 {zh}", scheme.name.zh),
            format!("{} is in force from {en}", scheme.name.en),
        ))
}

/// Actions that say nothing new about scheme or class.
fn ends(action: Action) -> bool {
    matches!(action, Action::Suspend | Action::Reinstate | Action::Revoke)
}

fn unknown_scheme(pointer: &str, owner: &SchemeAuthority) -> Refusal {
    Refusal::new(Code::SchemeUnknown).at(pointer, "a scheme of its authority").detail(
        format!("{}的认定体系目录中没有这一体系", owner.name.zh),
        format!("the list of schemes of {} has no such scheme", owner.name.en),
    )
}

fn unknown_class(expected: &str) -> Refusal {
    Refusal::new(Code::ClassUnknown).at("/body/class", expected)
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    fn schemes() -> Schemes {
        let authority = |id: &str, complete: bool| {
            json!({
                "id": id, "name": { "zh": id, "en": id }, "complete": complete,
                "region": "310000", "senders": ["qingpu"],
            })
        };
        let scheme = |id: &str, version: Option<&str>, open: bool, classes: &[&str]| {
            let classes: Vec<_> = classes
                .iter()
                .map(|c| json!({ "class": c, "name": { "zh": c, "en": c } }))
                .collect();
            let mut scheme = json!({
                "id": id, "authority": "here", "name": { "zh": id, "en": id },
                "dimension": "personal-tier", "decided_by": { "zh": "某机关", "en": "an office" },
                "source": { "document": "d", "article": "a" }, "status": "in-force",
                "open": open, "classes": classes,
            });
            if let Some(version) = version {
                scheme["version"] = version.into();
            }
            scheme
        };
        let read = |v: Value| serde_json::from_value(v).unwrap();
        let title: QualificationScheme = serde_json::from_value(json!({
            "id": "here-title", "object": "title", "name": { "zh": "职称", "en": "titles" },
            "status": "in-force", "classes": { "list": { "list": "level", "version": "1" } },
            "issuers": ["here"],
        }))
        .unwrap();
        Schemes::new(
            vec![
                serde_json::from_value(authority("here", true)).unwrap(),
                serde_json::from_value(authority("there", false)).unwrap(),
            ],
            vec![
                read(scheme("here-housing", Some("2020"), false, &["A", "C"])),
                read(scheme("here-housing", Some("2024"), false, &["A"])),
                read(scheme("here-tier", None, false, &["高级"])),
                read(scheme("here-plan", None, true, &[])),
            ],
            vec![title],
        )
    }

    fn head(action: &str) -> Value {
        json!({
            "record": "r", "revision": 1, "action": action,
            "subject": { "token": "ZmljdGl0aW91cyB0b2tlbiBuby4gMy4uLi4uLi4uLi4", "epoch": 1 },
            "authority": { "name": "机关", "region": "310118" },
            "attestation": { "level": "issued", "as_of": "2026-01-01" },
            "validity": { "from": "2026-01-01" },
        })
    }

    fn certified(scheme: &str, version: &str, class: &str, action: &str) -> Certification {
        let mut record = head(action);
        record["scheme"] = scheme.into();
        record["scheme_version"] = version.into();
        record["class"] = class.into();
        record["basis"] = json!({ "document": "d", "article": "a" });
        serde_json::from_value(record).unwrap()
    }

    #[test]
    fn a_class_exists_only_in_its_scheme_and_version() {
        let table = [
            ("here-housing", "2020", "C", None),
            ("here-housing", "2024", "C", Some((Code::ClassUnknown, "/body/class"))),
            ("here-housing", "2020", "c", Some((Code::ClassUnknown, "/body/class"))),
            ("here-housing", "2021", "A", Some((Code::SchemeUnknown, "/body/scheme_version"))),
            ("here-none", "2020", "A", Some((Code::SchemeUnknown, "/body/scheme"))),
            ("here", "2020", "A", Some((Code::SchemeUnknown, "/body/scheme"))),
            ("here-tier", "any", "高级", None),
            ("here-tier", "any", "C", Some((Code::ClassUnknown, "/body/class"))),
            ("here-plan", "any", "anything", None),
            ("there-housing", "2020", "A", None),
            ("hangzhou-talent", "2020", "F", None),
        ];
        let schemes = schemes();
        for (scheme, version, class, expected) in table {
            let refused = schemes
                .check_certification(&certified(scheme, version, class, "issue"))
                .map_err(|r| (r.code, r.violations[0].pointer.clone()))
                .err();
            let expected = expected.map(|(code, pointer): (Code, &str)| (code, pointer.to_owned()));
            assert_eq!(refused, expected, "{scheme} {version} {class}");
        }
    }

    #[test]
    fn who_issues_is_in_the_register() {
        let schemes = schemes();
        let judged = |scheme: &str, region: &str, level: &str, sender: &str, action: &str| {
            let mut head = head(action);
            head["authority"]["region"] = region.into();
            head["attestation"]["level"] = level.into();
            let head: RecordHead<crate::domain::subject::TokenRef> =
                serde_json::from_value(head).unwrap();
            let refused = schemes.check_issuer(scheme, &head, Some(&sender.parse().unwrap()));
            refused.err().map(|r| (r.code, r.violations[0].pointer.clone()))
        };
        let region = Some((Code::IssuerUnfit, "/body/authority/region".to_owned()));
        let level = Some((Code::IssuerUnfit, "/body/attestation/level".to_owned()));
        for (scheme, place, checked, sender, action, expected) in [
            ("here-title", "310118", "issued", "qingpu", "issue", None),
            ("here-title", "310000", "declared", "jiashan", "issue", None),
            // 青浦县, until 1999.
            ("here-title", "310229", "issued", "qingpu", "issue", None),
            ("here-title", "510100", "declared", "qingpu", "issue", region.clone()),
            ("here-title", "510100", "declared", "qingpu", "revoke", None),
            ("here-title", "310118", "issued", "jiashan", "amend", level),
            ("here-title", "310118", "issued", "newcomer", "issue", None),
            ("here-housing", "330421", "issued", "qingpu", "issue", region),
            ("somebody-title", "510100", "issued", "jiashan", "issue", None),
        ] {
            let found = judged(scheme, place, checked, sender, action);
            assert_eq!(found, expected, "{scheme} {place} {checked} {sender} {action}");
        }
    }

    #[test]
    fn a_version_certifies_only_while_it_is_in_force() {
        let judged = |until: Option<&str>, end_open: bool, on: &str, action: &str| {
            let mut scheme = serde_json::to_value(&schemes().versions("here-housing")[0]).unwrap();
            scheme["from"] = "2020-06-01".into();
            if let Some(until) = until {
                scheme["until"] = until.into();
            }
            scheme["end_open"] = end_open.into();
            let authority =
                json!({ "id": "here", "name": { "zh": "x", "en": "x" }, "complete": true });
            let schemes = Schemes::new(
                vec![serde_json::from_value(authority).unwrap()],
                vec![serde_json::from_value(scheme).unwrap()],
                vec![],
            );
            let mut record = certified("here-housing", "2020", "A", action);
            record.head.validity.from = on.parse().unwrap();
            let refused = schemes.check_certification(&record).err();
            // An end that nobody set is not written as nothing.
            let said = refused.as_ref().and_then(|r| r.detail.clone());
            if let Some(said) = said.filter(|_| until.is_none()) {
                assert!(said.zh.ends_with("的施行期为 2020-06-01 起，长期"), "{}", said.zh);
                let en = "is in force from 2020-06-01 on, until further notice";
                assert!(said.en.ends_with(en), "{}", said.en);
            }
            refused.map(|r| r.code)
        };
        let refused = Some(Code::SchemeNotInForce);
        let table = [
            (None, false, "2020-06-01", "issue", None),
            (None, false, "2020-05-31", "issue", refused),
            (None, false, "2020-05-31", "amend", refused),
            (None, false, "2020-05-31", "revoke", None),
            (Some("2022"), false, "2022-12-31", "issue", None),
            (Some("2022"), false, "2023-01-01", "issue", refused),
            (Some("2022"), false, "2023-01-01", "amend", None),
            (Some("2022"), true, "2023-01-01", "issue", None),
        ];
        for (until, open, on, action, expected) in table {
            assert_eq!(judged(until, open, on, action), expected, "{until:?} {open} {on} {action}");
        }
    }

    #[test]
    fn what_nobody_can_say_is_not_said() {
        let (schemes, lists) = (schemes(), CodeLists::default());
        let table = [
            ("here-housing", "C", Some(true)),
            ("here-housing", "F", Some(false)),
            ("here-none", "A", Some(false)),
            ("here-plan", "anything", None),
            ("there-housing", "A", None),
            ("elsewhere", "A", None),
        ];
        for (scheme, class, expected) in table {
            assert_eq!(schemes.has_class(&lists, scheme, class), expected, "{scheme} {class}");
        }
    }

    #[test]
    fn what_is_wrong_can_be_ended() {
        let schemes = schemes();
        for action in ["suspend", "reinstate", "revoke"] {
            let record = certified("here-none", "2020", "A", action);
            assert_eq!(schemes.check_certification(&record), Ok(()), "{action}");
        }
        let amended = certified("here-none", "2020", "A", "amend");
        assert!(schemes.check_certification(&amended).is_err());
    }

    #[test]
    fn a_qualification_names_a_code_in_use() {
        let list = serde_json::from_value(json!({
            "list": "level", "version": "1", "name": { "zh": "级别", "en": "levels" },
            "complete": true, "source": { "standard": "test", "check": "own" },
            "entries": [
                { "code": "412", "zh": "副高级", "en": "associate senior" },
                { "code": "old", "zh": "旧", "en": "old", "until": "2010" },
            ],
        }))
        .unwrap();
        let lists = CodeLists::new([list], []).unwrap();
        let refused = |scheme: &str, object: &str, class: &str| {
            let mut record = head("issue");
            record["scheme"] = scheme.into();
            record["object"] = object.into();
            record["class"] = class.into();
            let record: Qualification = serde_json::from_value(record).unwrap();
            schemes().check_qualification(&lists, &record).err().map(|r| r.code)
        };
        assert_eq!(refused("here-title", "title", "412"), None);
        assert_eq!(refused("here-title", "title", "副高级"), Some(Code::ClassUnknown));
        assert_eq!(refused("here-title", "title", "old"), Some(Code::ClassUnknown));
        assert_eq!(refused("here-title", "skill", "412"), Some(Code::SchemeUnknown));
        assert_eq!(refused("somebody-title", "title", "whatever"), None);
    }
}
