//! A plain body becomes a body for the wire: every identifier is taken out and a token put in its
//! place, and the operators come from the connector. One walk serves all message types, because an
//! identifier is known by its shape and the schema then says whether a token belongs there.

use jiff::civil::Date;
use serde_json::{Map, Value, json};

use super::identify::{self, Read};
use super::outbox::ItemState;
use super::remark::{Remark, Verification};
use crate::domain::code::{Code, Refusal};
use crate::domain::context::Operator;
use crate::domain::id::{MatchInput, Notice, RegionCode, Standing};
use crate::domain::partial_date::is_open_end;
use crate::domain::registry::MessageType;
use crate::domain::subject::TokenRef;

/// Most identifiers in one message: a bulk of 1,000 records with person, employer, certificate and
/// a team member each.
pub const IDENTIFIERS_MAX: usize = 4_000;

/// Members that hold an object, never a person. A subject may be either: a fact about an enterprise
/// has it there.
const OBJECT_PLACES: [&str; 6] =
    ["certificate", "employer", "unit", "lease", "property_unit", "object"];

/// A body without identifiers, and what has to come in their places.
pub(super) struct Blank {
    body: Value,
    slots: Vec<String>,
    inputs: Vec<MatchInput>,
    notes: Notes,
}

/// What is told and kept about the identifiers of a body, and told about its regions.
#[derive(Default)]
pub(super) struct Notes {
    /// For the officer, in the reply.
    pub(super) remarks: Vec<Remark>,
    /// For the outbox.
    pub(super) verifications: Vec<Verification>,
}

impl Blank {
    /// Takes the identifiers out of `body` and wipes them. `operator` vouches for credit codes
    /// whose check digit is wrong.
    pub(super) fn of(mut body: Value, operator: &Operator, today: Date) -> Result<Self, Refusal> {
        let mut walk = Walk {
            operator: &operator.id,
            today,
            slots: Vec::new(),
            inputs: Vec::new(),
            notes: Notes::default(),
        };
        let walked = walk.value(&mut body, "", &mut String::new());
        let Walk { slots, inputs, notes, .. } = walk;
        match walked {
            Ok(()) => Ok(Self { body, slots, inputs, notes }),
            Err(refusal) => {
                identify::wipe(&mut body);
                Err(refusal)
            }
        }
    }

    /// What tokens are needed of, in order.
    pub(super) fn inputs(&self) -> &[MatchInput] {
        &self.inputs
    }

    /// What tokens are needed of, in order, to be asked for together with those of other bodies.
    pub(super) fn take_inputs(&mut self) -> Vec<MatchInput> {
        std::mem::take(&mut self.inputs)
    }

    /// What is to be told and kept about the identifiers.
    pub(super) fn take_notes(&mut self) -> Notes {
        std::mem::take(&mut self.notes)
    }

    /// The body with one token per input.
    pub(super) fn fill(mut self, tokens: &[TokenRef]) -> Result<Value, Refusal> {
        if tokens.len() != self.slots.len() {
            return Err(Code::Internal.into());
        }
        for (slot, token) in self.slots.iter().zip(tokens) {
            let place = self.body.pointer_mut(slot).ok_or(Code::Internal)?;
            *place = serde_json::to_value(token).map_err(|_| Code::Internal)?;
        }
        Ok(self.body)
    }
}

struct Walk<'a> {
    operator: &'a str,
    today: Date,
    slots: Vec<String>,
    inputs: Vec<MatchInput>,
    notes: Notes,
}

impl Walk<'_> {
    /// `name` is the member that holds `value`; for items, that of their array. The reader has
    /// bounded the depth.
    fn value(
        &mut self,
        value: &mut Value,
        name: &str,
        pointer: &mut String,
    ) -> Result<(), Refusal> {
        if let Some(Read { input, notices, evidence }) = self.identifier(value, name, pointer)? {
            if self.inputs.len() >= IDENTIFIERS_MAX {
                let expected = format!("at most {IDENTIFIERS_MAX} identifiers in one request");
                return Err(Refusal::new(Code::JsonTooLarge).at(pointer.as_str(), expected));
            }
            identify::wipe(value);
            *value = Value::Null;
            let remark = |notice| Remark { pointer: pointer.clone(), notice };
            self.notes.remarks.extend(notices.into_iter().map(remark));
            let verification = evidence.map(|seen| Verification::new(pointer, &seen));
            self.notes.verifications.extend(verification);
            self.slots.push(pointer.clone());
            self.inputs.push(input);
            return Ok(());
        }
        let length = pointer.len();
        match value {
            Value::Object(members) => {
                close_open_end(members);
                self.notes.remarks.extend(region_remark(members, pointer));
                for (member, value) in members {
                    pointer.push('/');
                    pointer.push_str(&member.replace('~', "~0").replace('/', "~1"));
                    self.value(value, member, pointer)?;
                    pointer.truncate(length);
                }
            }
            Value::Array(items) => {
                for (i, value) in items.iter_mut().enumerate() {
                    pointer.push('/');
                    pointer.push_str(&i.to_string());
                    self.value(value, name, pointer)?;
                    pointer.truncate(length);
                }
            }
            Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
        }
        Ok(())
    }

    fn identifier(
        &self,
        value: &Value,
        name: &str,
        pointer: &str,
    ) -> Result<Option<Read>, Refusal> {
        let Value::Object(members) = value else { return Ok(None) };
        if identify::is_person(members) {
            if OBJECT_PLACES.contains(&name) {
                return Err(Refusal::new(Code::SchemaViolation).at(
                    pointer,
                    "an object (uscc, lease, property_unit, certificate), no person",
                ));
            }
            identify::person(members, pointer, self.today).map(Some)
        } else if identify::is_object(members) {
            identify::object(members, pointer, self.operator).map(Some)
        } else {
            Ok(None)
        }
    }
}

/// 长期 is no end: on the wire it is left out (`standards.md` §6).
fn close_open_end(members: &mut Map<String, Value>) {
    let end = members.get("until").and_then(Value::as_str);
    if end.is_some_and(|end| is_open_end(end.trim())) {
        members.remove("until");
    }
}

/// What is to be said about the region of an authority or of what a record is about. A code that the table
/// lacks may be one of a statistics bureau, and one that was abolished may be right for its time: a person
/// looks.
fn region_remark(members: &Map<String, Value>, pointer: &str) -> Option<Remark> {
    let code = RegionCode::parse(members.get("region")?.as_str()?)?;
    let notice = match code.standing() {
        Standing::Current(_) => return None,
        Standing::Abolished(_) => Notice::DivisionAbolished,
        Standing::UnknownDivision | Standing::UnknownProvince => Notice::DivisionUnknown,
    };
    Some(Remark { pointer: format!("{pointer}/region"), notice })
}

/// Who a message needs besides the one who sends it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Approval {
    /// Nobody.
    None,
    /// A second, distinct operator.
    Second,
}

impl Approval {
    /// Where a message that needs it begins.
    pub(super) const fn state(self) -> ItemState {
        match self {
            Self::None => ItemState::Waiting,
            Self::Second => ItemState::Parked,
        }
    }
}

/// Puts the operators into a body: into every `context`, into `operators` of overrides, finding
/// outcomes, outcomes of objections and links, and into `operator` of objections and enquiries. A
/// request that brings its own is refused: who acts comes from the bearer token alone.
pub(super) fn sign_off(
    ty: MessageType,
    body: &mut Value,
    first: &Operator,
) -> Result<Approval, Refusal> {
    let mut approval = Approval::None;
    let Some(members) = body.as_object_mut() else { return Ok(approval) };
    if let Some(context) = members.get_mut("context").and_then(Value::as_object_mut) {
        put(context, "operator", json!(first), "/context/operator")?;
    }
    if let Some(by) = members.get_mut("override").and_then(Value::as_object_mut) {
        put(by, "operators", json!([first]), "/override/operators")?;
        approval = Approval::Second;
    }
    match ty.name() {
        "objection" | "enquiry" | "enquiry.reply" => {
            put(members, "operator", json!(first), "/operator")?;
        }
        "objection.outcome" => {
            put(members, "operators", json!([first]), "/operators")?;
            let decision = members.get("decision").and_then(Value::as_str);
            if matches!(decision, Some("upheld" | "rejected")) {
                approval = Approval::Second;
            }
        }
        "finding.outcome" => {
            put(members, "operators", json!([first]), "/operators")?;
            approval = Approval::Second;
        }
        "subject.link" => {
            put(members, "operators", json!([first]), "/operators")?;
            if members.get("kind").and_then(Value::as_str) == Some("same") {
                approval = Approval::Second;
            }
        }
        _ => {}
    }
    Ok(approval)
}

/// Adds the second operator wherever the first waits for one.
pub(super) fn approve(body: &mut Value, second: &Operator) -> Result<(), Refusal> {
    for place in ["/operators", "/override/operators"] {
        let Some(operators) = body.pointer_mut(place).and_then(Value::as_array_mut) else {
            continue;
        };
        if operators.iter().any(|known| known["id"] == second.id.as_str()) {
            return Err(Refusal::new(Code::TwoOperators).detail(
                "提交人不能复核自己的操作，请由另一名经办人复核",
                "who submitted it cannot approve it; ask another operator",
            ));
        }
        operators.push(json!(second));
    }
    Ok(())
}

fn put(
    members: &mut Map<String, Value>,
    name: &str,
    value: Value,
    pointer: &str,
) -> Result<(), Refusal> {
    if members.contains_key(name) {
        return Err(Refusal::new(Code::SchemaViolation)
            .at(pointer, "left out: the connector fills it in")
            .detail(
                "经办人由前置机按令牌填写，请求中不要提供",
                "operators come from the bearer token; leave them out of the request",
            ));
    }
    members.insert(name.to_owned(), value);
    Ok(())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::domain::context::OperatorRole;
    use crate::domain::subject::Token;

    const TODAY: Date = jiff::civil::date(2026, 1, 1);
    const NUMBER: &str = "11010519491231002X";

    fn operator(id: &str) -> Operator {
        Operator { id: id.to_owned(), role: OperatorRole::Window }
    }

    fn token(n: u8) -> TokenRef {
        TokenRef { token: Token::from_bytes([n; 32]), epoch: 1, composite: false }
    }

    fn person() -> Value {
        json!({"document_type": "111", "number": NUMBER})
    }

    #[test]
    fn identifiers_are_found_wherever_they_stand() {
        let body = json!({
            "subject": person(),
            "members": [{"subject": person(), "role": "member"}, person()],
            "employer": {"uscc": "91350200MA2YJ1XR9G"},
            "objects": [{"kind": "lease", "object": {"lease": "沪青租2023-0001"}}],
            "certificate": {"token": "kept", "epoch": 1},
            "a/b": {"spouse": person()},
            "project": {"authority": "qingpu", "number": "2026-7"},
        });
        let blank = Blank::of(body, &operator("op-1"), TODAY).unwrap();
        let n = blank.inputs().len();
        assert_eq!(n, 6);
        let tokens: Vec<_> = (0..6).map(token).collect();
        let filled = blank.fill(&tokens).unwrap();
        assert!(!filled.to_string().contains(NUMBER));
        assert!(!filled.to_string().contains("MA2YJ1XR9G"));
        assert_eq!(filled["certificate"]["token"], "kept");
        assert_eq!(filled["project"]["number"], "2026-7");
        for place in ["/subject", "/members/0/subject", "/members/1", "/employer", "/a~1b/spouse"] {
            assert_eq!(filled.pointer(place).unwrap()["epoch"], 1, "{place}");
        }
        assert_eq!(filled["objects"][0]["object"]["epoch"], 1);
    }

    #[test]
    fn a_person_is_no_object_and_a_bad_number_points() {
        let blank = |body| Blank::of(body, &operator("op-1"), TODAY).err().unwrap();
        let refusal = blank(json!({"employer": person()}));
        assert_eq!(refusal.violations[0].pointer, "/employer");
        let bad = json!({"items": [{"subject": {"document_type": "111", "number": "110105194912310021"}}]});
        let refusal = blank(bad);
        assert_eq!(refusal.code, Code::IdentifierInvalid);
        assert_eq!(refusal.violations[0].pointer, "/items/0/subject/number");
    }

    #[test]
    fn what_is_odd_about_an_identifier_is_said_and_who_vouches_is_kept() {
        let body = json!({
            "subject": {"document_type": "111", "number": "32058419800615332X"},
            "employer": {"uscc": "91350203M0001QAY9B", "verification_source": "登记机关网站"},
            "unit": {"property_unit": "A-101"},
        });
        let mut blank = Blank::of(body, &operator("op-1"), TODAY).unwrap();
        let notes = blank.take_notes();
        let said: Vec<_> =
            notes.remarks.iter().map(|r| (r.pointer.as_str(), r.notice.as_str())).collect();
        assert!(said.contains(&("/subject", "RegionAbolished")), "{said:?}");
        assert!(said.contains(&("/employer", "CheckOverridden")), "{said:?}");
        assert_eq!(said.len(), 2);
        let kept = Verification {
            pointer: "/employer".to_owned(),
            source: "登记机关网站".to_owned(),
            operator: "op-1".to_owned(),
        };
        assert_eq!(notes.verifications, std::slice::from_ref(&kept));
        assert_eq!(kept.of_item(2).pointer, "/items/2/employer");
        let shown = super::super::remark::into(json!({}), &notes.remarks).to_string();
        assert!(shown.contains("anomaly") && !shown.contains("QAY9B"), "{shown}");
    }

    #[test]
    fn an_open_end_is_left_out_however_it_is_written() {
        for until in ["长期", "99991231", "9999-12-31", " 长期有效 "] {
            let body = json!({"validity": {"from": "2026-01-01", "until": until}});
            let blank = Blank::of(body, &operator("op-1"), TODAY).unwrap();
            let filled = blank.fill(&[]).unwrap();
            assert_eq!(filled, json!({"validity": {"from": "2026-01-01"}}), "{until}");
        }
        let kept = json!({"validity": {"until": "2028-12-31"}, "period": {"until": ""}});
        let blank = Blank::of(kept.clone(), &operator("op-1"), TODAY).unwrap();
        assert_eq!(blank.fill(&[]).unwrap(), kept);
    }

    #[test]
    fn a_region_that_is_not_or_no_longer_is_one_is_told() {
        for (region, said) in [
            ("310118", None),
            ("310229", Some("DivisionAbolished")),
            // Of a statistics bureau, never assigned, and of no province.
            ("320576", Some("DivisionUnknown")),
            ("310999", Some("DivisionUnknown")),
            ("990000", Some("DivisionUnknown")),
        ] {
            let body = json!({"authority": {"name": "某局", "region": region}, "region": "310118"});
            let mut blank = Blank::of(body, &operator("op-1"), TODAY).unwrap();
            let remarks = blank.take_notes().remarks;
            let told: Vec<_> =
                remarks.iter().map(|r| (r.pointer.as_str(), r.notice.as_str())).collect();
            let expected: Vec<_> = said.map(|s| ("/authority/region", s)).into_iter().collect();
            assert_eq!(told, expected, "{region}");
        }
    }

    #[test]
    fn operators_come_from_the_connector() {
        let (a, b) = (operator("op-1"), operator("op-2"));
        let mut body = json!({"context": {"case": "C"}, "override": {"reason": "r"}});
        let approval = sign_off(MessageType::RecordsQuery, &mut body, &a).unwrap();
        assert_eq!(approval, Approval::Second);
        assert_eq!(body["context"]["operator"]["id"], "op-1");
        assert_eq!(approve(&mut body, &a).unwrap_err().code, Code::TwoOperators);
        approve(&mut body, &b).unwrap();
        assert_eq!(body["override"]["operators"], json!([a, b]));

        let mut forged = json!({"context": {"operator": {"id": "op-9", "role": "window"}}});
        assert!(sign_off(MessageType::RecordsQuery, &mut forged, &a).is_err());
        let mut link = json!({"kind": "same"});
        assert_eq!(sign_off(MessageType::Link, &mut link, &a).unwrap(), Approval::Second);
        let mut link = json!({"kind": "team"});
        assert_eq!(sign_off(MessageType::Link, &mut link, &a).unwrap(), Approval::None);
    }

    fn tree() -> impl Strategy<Value = Value> {
        let leaf = prop_oneof![
            Just(person()),
            Just(json!({"uscc": "91350200MA2YJ1XR9G"})),
            Just(json!(null)),
            "[a-z~/]{0,4}".prop_map(Value::from),
        ];
        leaf.prop_recursive(4, 32, 4, |inner| {
            prop_oneof![
                prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
                prop::collection::btree_map("[a-z~/]{1,3}", inner, 0..4)
                    .prop_map(|m| Value::Object(m.into_iter().collect())),
            ]
        })
    }

    proptest! {
        #[test]
        fn no_identifier_survives_the_walk(body in tree()) {
            let blank = Blank::of(json!({ "x": body }), &operator("op-1"), TODAY).unwrap();
            let tokens = vec![token(7); blank.inputs().len()];
            let filled = blank.fill(&tokens).unwrap().to_string();
            prop_assert!(!filled.contains(NUMBER) && !filled.contains("91350200"));
            let placed = filled.matches(&token(7).token.to_string()).count();
            prop_assert_eq!(placed, tokens.len());
        }
    }
}
