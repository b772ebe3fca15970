//! Case files: facts, applications and what is expected of them, with labels in place of tokens. For
//! policy writers (`funding assess CASE.json`) and for tests; `schemas/case.1.json` describes them.

use std::collections::{BTreeMap, BTreeSet};
use std::convert::Infallible;

use serde::{Deserialize, Serialize};

use super::facts::Facts;
use super::finding::{AsOf, Assessment, Label, Safe, Segment, Verdict};
use super::id::{QuestionId, RuleId};
use super::ledger::{
    Coverage, HeldRecord, LedgerEntry, LinkFact, OpenHold, RulingFact, SanctionFact,
};
use super::message::{Application, Grant, JointRule, Payment, Policy, Recovery, Ruling, Sanction};
use crate::domain::link::LinkKind;
use crate::domain::participant::ParticipantId;
use crate::domain::record::Record;
use crate::domain::record::life_cycle::State;
use crate::domain::subject::{Ref, SubjectId};
use crate::domain::text::Text;
use crate::domain::time::{Month, Validity};

/// A case file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CaseFile {
    /// Its id: `T09`.
    pub id: String,
    /// What it is about.
    pub title: Text,
    /// Which side of which rule it shows: `R14-bound`. Read by tests and by people.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub shows: BTreeSet<String>,
    /// Districts of the directory, with their coverage.
    pub districts: Vec<CaseDistrict>,
    /// Policies beside those of the catalogue.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub policies: Vec<Policy>,
    /// Records.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub records: Vec<CaseRecord>,
    /// Grants with their lives.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub grants: Vec<CaseGrant>,
    /// Live holds.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub holds: Vec<CaseHold>,
    /// Links.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub links: Vec<CaseLink>,
    /// Sanctions.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub sanctions: Vec<CaseSanction>,
    /// Rulings on open questions.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub rulings: Vec<CaseRuling>,
    /// Joint rules in effect.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub joint_rules: Vec<JointRule>,
    /// Applications, each judged on the same facts.
    pub steps: Vec<CaseStep>,
}

/// A district of the directory.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CaseDistrict {
    /// The district.
    pub district: ParticipantId,
    /// GB/T 2260 code.
    pub region: String,
    /// Were its data in?
    pub covered: bool,
}

/// A record and who sent it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CaseRecord {
    /// Who sent it.
    pub district: ParticipantId,
    /// Where it stands.
    pub state: State,
    /// Was it signed with a key that has leaked?
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub suspect: bool,
    /// Is it under objection?
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub objected: bool,
    /// The record.
    pub record: Record<String>,
}

/// A grant and what became of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CaseGrant {
    /// Who funds.
    pub district: ParticipantId,
    /// Was it signed with a key that has leaked?
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub suspect: bool,
    /// Is it under objection?
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub objected: bool,
    /// The grant.
    pub grant: Grant<String>,
    /// Last benefit month, when it was stopped early.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub stopped: Option<Month>,
    /// Payments.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub payments: Vec<Payment>,
    /// Recoveries.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub recoveries: Vec<Recovery>,
}

/// A live hold and whose it is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CaseHold {
    /// Who holds.
    pub district: ParticipantId,
    /// Its id.
    pub hold: String,
    /// What is claimed.
    pub application: Application<String>,
}

/// A link between two talents.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CaseLink {
    /// What it says.
    pub kind: LinkKind,
    /// The two.
    pub subjects: [String; 2],
    /// When it holds.
    pub validity: Validity,
    /// Is it confirmed?
    pub confirmed: bool,
    /// Is it no link that anybody stated, but one passport that two districts know?
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub by_passport: bool,
}

/// A sanction and who decided it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CaseSanction {
    /// Who decided.
    pub district: ParticipantId,
    /// Was it signed with a key that has leaked?
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub suspect: bool,
    /// Is it under objection?
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub objected: bool,
    /// The sanction.
    pub sanction: Sanction<String>,
}

/// A ruling and whose it is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CaseRuling {
    /// Whose.
    pub district: ParticipantId,
    /// The ruling.
    pub ruling: Ruling,
}

/// One application and what is expected of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CaseStep {
    /// Its name inside the case: `a`.
    pub name: String,
    /// The application.
    pub application: Application<String>,
    /// What is expected.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expect: Option<Expect>,
}

/// What is expected of an assessment.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Expect {
    /// The outcome over all.
    pub verdict: Verdict,
    /// The outcome by months, complete.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub segments: Option<Vec<Segment>>,
    /// Questions that it turns on, complete.
    #[serde(default)]
    pub questions: BTreeSet<QuestionId>,
    /// Questions that must be noted, among others.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub noted: BTreeSet<QuestionId>,
    /// Articles that must be cited, among others: `qingpu-2020-88 附件4 一（三）`.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub citations: BTreeSet<String>,
    /// Numbers that must occur.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub numbers: Vec<ExpectedNumber>,
    /// Codes of what is missing, complete.
    #[serde(default)]
    pub missing: BTreeSet<String>,
    /// What is safe under every reading.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub safe: Option<Safe>,
}

/// A number of one rule.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ExpectedNumber {
    /// The rule.
    pub rule: RuleId,
    /// What the number is.
    pub label: Label,
    /// The number.
    pub value: u64,
}

/// An application ready to be assessed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Step {
    /// Its name.
    pub name: String,
    /// The application.
    pub application: Application<SubjectId>,
    /// The day of the application; all that the file says is known.
    pub as_of: AsOf,
    /// What is expected.
    pub expect: Option<Expect>,
}

/// Gives labels numbers; talents and objects with one label stay apart.
#[derive(Default)]
struct Labels(BTreeMap<(bool, String), SubjectId>);

impl Labels {
    fn number(&mut self, label: Ref<String>) -> SubjectId {
        let key = match label {
            Ref::Talent(s) => (false, s),
            Ref::Object(s) => (true, s),
        };
        let next = SubjectId(u64::try_from(self.0.len()).unwrap_or(u64::MAX));
        *self.0.entry(key).or_insert(next)
    }
}

impl CaseFile {
    /// Puts the facts of the case into `facts`, which holds the catalogue already, and gives back
    /// the applications.
    pub fn load(self, facts: &mut Facts) -> Vec<Step> {
        let mut labels = Labels::default();
        let mut number = |r: Ref<String>| Ok::<_, Infallible>(labels.number(r));
        for d in self.districts {
            facts.add_region(d.district.clone(), d.region);
            facts.add_coverage(Coverage {
                district: d.district,
                covered: d.covered,
                complete_until: None,
                reason: None,
            });
        }
        self.policies.into_iter().for_each(|p| facts.add_policy(p));
        for r in self.records {
            let Ok(record) = r.record.map(&mut number);
            facts.add_record(HeldRecord {
                district: r.district,
                record,
                state: r.state,
                suspect: r.suspect,
                objected: r.objected,
                position: None,
            });
        }
        for g in self.grants {
            let Ok(grant) = g.grant.map(&mut number);
            facts.add_entry(LedgerEntry {
                district: g.district,
                grant,
                stopped: g.stopped,
                payments: g.payments,
                recoveries: g.recoveries,
                suspect: g.suspect,
                objected: g.objected,
                position: None,
            });
        }
        for h in self.holds {
            let Ok(application) = h.application.map(&mut number);
            let (district, hold) = (h.district, h.hold);
            facts.add_hold(OpenHold {
                district,
                hold,
                application,
                objected: false,
                position: None,
            });
        }
        for s in self.sanctions {
            let Ok(sanction) = s.sanction.map(&mut number);
            facts.add_sanction(SanctionFact {
                district: s.district,
                sanction,
                suspect: s.suspect,
                objected: s.objected,
                position: None,
            });
        }
        for r in self.rulings {
            let (district, ruling) = (r.district, r.ruling);
            facts.add_ruling(RulingFact { district, ruling, position: None });
        }
        self.joint_rules.into_iter().for_each(|r| facts.add_joint_rule(r));
        for l in self.links {
            let [a, b] = l.subjects;
            let subjects = [a, b].map(|s| labels.number(Ref::Talent(s)));
            let stated = LinkFact::stated(l.kind, subjects, l.validity, l.confirmed);
            facts.add_link(LinkFact { by_passport: l.by_passport, ..stated });
        }
        self.steps.into_iter().map(|s| step(s, &mut labels)).collect()
    }
}

fn step(step: CaseStep, labels: &mut Labels) -> Step {
    let Ok(application) = step.application.map(&mut |r| Ok::<_, Infallible>(labels.number(r)));
    let as_of = AsOf { valid_at: application.date, known_at: None };
    Step { name: step.name, application, as_of, expect: step.expect }
}

impl Expect {
    /// How `assessment` differs, in words; empty when it does not.
    pub fn differences(&self, assessment: &Assessment) -> Vec<String> {
        let mut out = Vec::new();
        let mut differ = |what: &str, want: String, got: String| {
            if want != got {
                out.push(format!("{what}: expected {want}, got {got}"));
            }
        };
        differ("verdict", json(&self.verdict), json(&assessment.verdict));
        if let Some(segments) = &self.segments {
            differ("segments", json(segments), json(&assessment.segments));
        }
        differ("questions", json(&self.questions), json(&assessment.questions()));
        let missing: BTreeSet<String> = assessment.missing.iter().map(|m| m.what.clone()).collect();
        differ("missing", json(&self.missing), json(&missing));
        if let Some(safe) = &self.safe {
            // Only what is expected is compared: months, a sum, or both.
            let got = assessment.safe.unwrap_or_default();
            let months = safe.months.and(got.months);
            let amount = safe.amount.and(got.amount);
            differ("safe", json(safe), json(&Safe { months, amount }));
        }
        let noted = assessment.noted_questions();
        for question in self.noted.difference(&noted) {
            differ("noted", question.to_string(), json(&noted));
        }
        let cited: BTreeSet<String> = assessment
            .findings
            .iter()
            .flat_map(|f| f.citations.iter())
            .map(ToString::to_string)
            .collect();
        for citation in self.citations.difference(&cited) {
            differ("citation", citation.clone(), json(&cited));
        }
        for number in &self.numbers {
            // One finding may hold several of a label: the shares of each funder (R09).
            let steps = assessment.by_rule(number.rule).flat_map(|f| &f.arithmetic);
            let got: Vec<u64> =
                steps.filter(|s| s.label == number.label).map(|s| s.value).collect();
            if !got.contains(&number.value) {
                differ("number", json(number), json(&got));
            }
        }
        out
    }
}

/// As it would stand in the file.
fn json(value: &impl Serialize) -> String {
    serde_json::to_string(value).unwrap_or_default()
}
