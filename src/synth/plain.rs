//! The six districts, and what a district's own system writes: message bodies with plain identifiers
//! in them, as its connector takes them.

use serde_json::{Map, Value, json};

use super::person::PlainDocument;
use crate::domain::id::RegionCode;
use crate::domain::id::region::FOUNDING_DISTRICTS;
use crate::domain::time::Month;

/// One of the six founding districts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum District {
    /// 青浦
    Qingpu,
    /// 嘉善
    Jiashan,
    /// 吴江
    Wujiang,
    /// 长宁
    Changning,
    /// 虹口
    Hongkou,
    /// 杨浦
    Yangpu,
}

impl District {
    /// Every district, in the order of [`FOUNDING_DISTRICTS`].
    pub const ALL: [Self; 6] =
        [Self::Qingpu, Self::Jiashan, Self::Wujiang, Self::Changning, Self::Hongkou, Self::Yangpu];

    /// Its participant id.
    pub const fn id(self) -> &'static str {
        FOUNDING_DISTRICTS[self as usize].0
    }

    /// Its GB/T 2260 code.
    pub const fn region(self) -> RegionCode {
        FOUNDING_DISTRICTS[self as usize].1
    }

    /// The district that a policy id begins with.
    pub(super) fn of_policy(policy: &str) -> Self {
        let owner = policy.split('/').next().unwrap_or_default();
        Self::ALL.into_iter().find(|d| d.id() == owner).unwrap_or(Self::Qingpu)
    }
}

/// A person as a connector takes one.
pub fn person(document: &PlainDocument) -> Value {
    let mut shown = json!({
        "document_type": document.document_type.code(),
        "number": document.number,
    });
    if let Some(passport) = &document.passport {
        shown["nationality"] = json!(passport.nationality);
        shown["birth"] = json!(passport.birth);
        shown["latin_name"] = json!(passport.latin_name);
    }
    shown
}

/// A grant or an application while it is written.
#[derive(Clone, Debug)]
pub(super) struct Draft {
    pub(super) district: District,
    pub(super) members: Map<String, Value>,
    facts: Vec<Value>,
}

/// Facts that tie employer and person to Qingpu (R25), those of Annex 4 last.
pub(super) const TIED: [&str; 5] = [
    "employer-registered-in-district",
    "employer-pays-tax-in-district",
    "income-tax-in-district",
    "employer-not-civil-service-like",
    "social-insurance-in-shanghai",
];

impl Draft {
    /// Under a policy of the catalogue, by the district whose it is.
    pub(super) fn of(policy: &'static str) -> Self {
        let mut members = Map::new();
        members.insert("policy".to_owned(), json!({ "id": policy, "version": 1 }));
        members.insert("beneficiary".to_owned(), json!("person"));
        let district = District::of_policy(policy);
        Self { district, members, facts: Vec::new() }
    }

    pub(super) fn set(mut self, name: &str, value: Value) -> Self {
        self.members.insert(name.to_owned(), value);
        self
    }

    pub(super) fn months(self, first: Month, count: u32) -> Self {
        let last = first.plus(i32::try_from(count).unwrap_or(1) - 1);
        self.set("months", json!({ "first": first, "last": last }))
    }

    pub(super) fn monthly(self, yuan: u64) -> Self {
        self.set("amount", json!({ "monthly": yuan * 100 }))
    }

    pub(super) fn total(self, yuan: u64) -> Self {
        self.set("amount", json!({ "total": yuan * 100 }))
    }

    pub(super) fn yes(self, codes: &[&str]) -> Self {
        codes.iter().fold(self, |draft, code| draft.fact(code, "yes"))
    }

    pub(super) fn no(self, code: &str) -> Self {
        self.fact(code, "no")
    }

    /// A whole number of the case.
    pub(super) fn number(self, code: &str, value: u64, unit: &str) -> Self {
        self.stated(code, &json!({ "integer": { "value": value, "unit": unit } }))
    }

    fn fact(self, code: &str, answer: &str) -> Self {
        self.stated(code, &json!({ "answer": answer }))
    }

    fn stated(mut self, code: &str, value: &Value) -> Self {
        self.facts.push(json!({
            "code": code,
            "value": value,
            "as_of": "2020-06-01",
            "source": "case",
            "attestation": "verified-at-source",
        }));
        self
    }

    /// First month of benefit, where it has months.
    pub(super) fn first(&self) -> Option<Month> {
        serde_json::from_value(self.members.get("months")?.get("first")?.clone()).ok()
    }

    /// With the case facts, as an application.
    pub(super) fn into_application(mut self) -> Map<String, Value> {
        if !self.facts.is_empty() {
            self.members.insert("case_facts".to_owned(), Value::Array(self.facts));
        }
        self.members
    }
}
