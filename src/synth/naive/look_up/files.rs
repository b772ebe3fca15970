//! What the messages say of papers, ties and facts: bodies as they were sent, days as text, persons as
//! text, places as numbers of GB/T 2260. Longer than other files because the types of the engine are not used.

use std::collections::BTreeSet;

use serde_json::Value;

use super::super::super::act::Act;
use super::super::said::{placed, text};
use crate::domain::registry::MessageType;

/// A certificate, tie or fact with what became of it.
#[derive(Debug)]
pub(super) struct Filed {
    pub(super) id: String,
    pub(super) sender: &'static str,
    message: MessageType,
    person: String,
    /// Is an objection against it open?
    pub(super) objected: bool,
    /// The revisions, as they were sent.
    steps: Vec<Value>,
}

/// How it stands on a day.
#[derive(Clone, Copy, Debug)]
pub(super) struct OnDay<'a> {
    /// What it says on the day.
    pub(super) body: &'a Value,
    /// Neither suspended nor revoked, begun and not over.
    pub(super) stands: bool,
    /// Neither suspended nor revoked.
    pub(super) active: bool,
}

impl Filed {
    pub(super) fn is_paper(&self) -> bool {
        matches!(self.message, MessageType::Certification | MessageType::Qualification)
    }

    /// 职称, 学时 … of a qualification; a certification is one.
    pub(super) fn object(&self) -> &str {
        match self.message {
            MessageType::Certification => "certification",
            _ => self.first()["object"].as_str().unwrap_or_default(),
        }
    }

    pub(super) fn first(&self) -> &Value {
        self.steps.first().unwrap_or(&Value::Null)
    }

    /// What was stated of it, whenever: not that it ended.
    pub(super) fn statements(&self) -> impl Iterator<Item = &Value> {
        self.steps.iter().filter(|s| s["action"] != "suspend" && s["action"] != "revoke")
    }

    /// Was the end put off by then?
    pub(super) fn was_extended(&self, day: &str) -> bool {
        let last = until(self.first());
        let later = |s: &&Value| s["action"] == "amend" && from(s) > from(self.first());
        let mut changes = self.steps.iter().filter(later).filter(|s| from(s) <= day);
        changes.any(|s| until(s).zip(last).is_some_and(|(new, old)| new > old))
    }

    pub(super) fn on(&self, day: &str) -> OnDay<'_> {
        let (mut body, mut active) = (self.first(), true);
        for step in self.steps.iter().skip(1).filter(|s| from(s) <= day) {
            match step["action"].as_str() {
                Some("suspend" | "revoke") => active = false,
                Some("reinstate") => (body, active) = (step, true),
                _ => body = step,
            }
        }
        let within = from(body) <= day && until(body).is_none_or(|last| day <= last);
        OnDay { body, stands: active && within, active }
    }
}

/// First day.
pub(super) fn from(body: &Value) -> &str {
    body["validity"]["from"].as_str().unwrap_or_default()
}

/// Last day; none where it is open.
pub(super) fn until(body: &Value) -> Option<&str> {
    body["validity"]["until"].as_str()
}

/// Did somebody see the paper?
pub(super) fn is_checked(body: &Value) -> bool {
    body["attestation"]["level"] != "declared"
}

/// The code of the office that decided, in today's codes: 吴江县 and 吴江市 are 吴江区, 青浦县 is 青浦区.
pub(super) fn office(body: &Value) -> &str {
    today(body["authority"]["region"].as_str().unwrap_or_default())
}

/// A code in today's codes, as far as stories name old ones of districts.
pub(super) fn today(code: &str) -> &str {
    match code {
        "320525" | "320584" => "320509",
        "310229" => "310118",
        other => other,
    }
}

/// Is `place` this place, or inside this city or province?
pub(super) fn lies_in(area: &str, place: &str) -> bool {
    let stem = area.strip_suffix("0000").or_else(|| area.strip_suffix("00")).unwrap_or(area);
    place.starts_with(stem)
}

/// Where the six districts lie.
pub(super) fn place(district: &str) -> &'static str {
    match district {
        "qingpu" => "310118",
        "jiashan" => "330421",
        "wujiang" => "320509",
        "changning" => "310105",
        "hongkou" => "310109",
        "yangpu" => "310110",
        _ => "",
    }
}

/// Where the owner of a scheme lies; none of what is nobody's alone.
pub(super) fn seat(scheme: &str) -> Option<&'static str> {
    let owner = scheme.split('-').next().unwrap_or_default();
    match owner {
        "shanghai" => Some("310000"),
        "jiangsu" => Some("320000"),
        "zhejiang" => Some("330000"),
        "suzhou" => Some("320500"),
        "jiaxing" => Some("330400"),
        district => Some(place(district)).filter(|code| !code.is_empty()),
    }
}

/// Everything that was said.
#[derive(Debug, Default)]
pub(super) struct Files {
    filed: Vec<Filed>,
    /// Pairs that districts have linked as one person: id, the two, whether it is confirmed.
    links: Vec<(String, [String; 2], bool)>,
    objections: Vec<(String, Value)>,
}

impl Files {
    pub(super) fn of(acts: &[Act]) -> Option<Self> {
        let mut files = Self::default();
        for act in acts {
            files.take(act)?;
        }
        for filed in &mut files.filed {
            let against = |o: &Value| o["owner"] == filed.sender && o["record"] == *filed.id;
            filed.objected = files.objections.iter().any(|(_, o)| against(o));
        }
        Some(files)
    }

    fn take(&mut self, act: &Act) -> Option<()> {
        let body = placed(act);
        match act.message {
            MessageType::Certification
            | MessageType::Qualification
            | MessageType::Affiliation
            | MessageType::Fact => self.file(act, body)?,
            MessageType::Link if body["kind"] == "same" => {
                let id = body["link"].as_str()?.to_owned();
                self.links.retain(|(known, _, _)| *known != id);
                if body["withdrawn"] != true {
                    let [a, b] = [text(&body["subjects"][0])?, text(&body["subjects"][1])?];
                    self.links.push((id, [a, b], false));
                }
            }
            MessageType::Consent => self.links.iter_mut().for_each(|link| link.2 = true),
            MessageType::Objection => {
                let id = body["objection"].as_str()?.to_owned();
                self.objections.push((id, body["record"].clone()));
            }
            MessageType::ObjectionOutcome => {
                let over = &body["objection"]["objection"];
                self.objections.retain(|(id, _)| *over != **id);
            }
            _ => {}
        }
        Some(())
    }

    fn file(&mut self, act: &Act, body: Value) -> Option<()> {
        let (id, sender) = (body["record"].as_str()?.to_owned(), act.district.id());
        let known = self.filed.iter_mut().find(|f| f.id == id && f.sender == sender);
        if let Some(filed) = known {
            filed.steps.push(body);
        } else {
            let (message, person) = (act.message, text(&body["subject"])?);
            let steps = vec![body];
            self.filed.push(Filed { id, sender, message, person, objected: false, steps });
        }
        Some(())
    }

    /// What is filed about a person under every document that confirmed links join.
    pub(super) fn about(self, person: &str) -> Vec<Filed> {
        let mut all = BTreeSet::from([person.to_owned()]);
        loop {
            let before = all.len();
            for (_, pair, _) in self.links.iter().filter(|link| link.2) {
                if pair.iter().any(|p| all.contains(p)) {
                    all.extend(pair.iter().cloned());
                }
            }
            if all.len() == before {
                break;
            }
        }
        self.filed.into_iter().filter(|f| all.contains(&f.person)).collect()
    }
}
