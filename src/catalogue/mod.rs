//! The policy catalogue that ships with the binary: policies, clauses, kinds, rules and open questions,
//! taken from the policy documents; and the checks that a policy writer runs on it.
//!
//! Owns loading and linting, also of code lists and certification schemes. Leaves what a clause does
//! to `domain::funding`, what a code or class means to `domain::codelist` and `domain::record::scheme`.

mod case_check;
mod content;
mod data;
mod data_lint;
mod diff;
mod entry;
mod lint;
mod names;
mod phrases;
mod policy_lint;
mod recognition_check;
mod reference;
mod rule_check;
#[cfg(test)]
mod shipped;
mod words;

use std::sync::Arc;

use serde::Deserialize;
use serde::de::DeserializeOwned;

pub use self::diff::{Change, ChangeKind};
pub use self::entry::{Clause, RuleTitle};
pub use self::lint::{Problem, ProblemKind};
pub use self::phrases::{Documents, Phrases};
pub use self::reference::codes_markdown;
use crate::domain::calendar::{WorkingCalendar, YearNotice};
use crate::domain::clocks::ObjectionClock;
use crate::domain::codelist::CodeLists;
use crate::domain::funding::facts::Facts;
use crate::domain::funding::id::{QuestionId, RuleId};
use crate::domain::funding::kind::Kind;
use crate::domain::funding::message::{Policy, PolicyRef, PolicyStatus};
use crate::domain::funding::precision::PrecisionThreshold;
use crate::domain::funding::question::{self, QuestionFile};
pub use crate::domain::funding::question::{NamedReading, Question};
use crate::domain::recognition::catalogue::{self as recognition, CatalogueError as Unreadable};
use crate::domain::recognition::rule_coverage::OTHER_CLASSES;
use crate::domain::recognition::{Alliances, Issued, Object, SharedService};
use crate::domain::record::scheme::{QualificationClasses, SchemeStatus, Schemes};

/// Policies by district; the examples last.
const POLICIES: &[(&str, &str)] = &[
    ("policies/changning.json", include_str!("../../catalogue/policies/changning.json")),
    ("policies/hongkou.json", include_str!("../../catalogue/policies/hongkou.json")),
    ("policies/qingpu.json", include_str!("../../catalogue/policies/qingpu.json")),
    ("policies/yangpu.json", include_str!("../../catalogue/policies/yangpu.json")),
    ("examples/jiashan.json", include_str!("../../catalogue/examples/jiashan.json")),
    ("examples/wujiang.json", include_str!("../../catalogue/examples/wujiang.json")),
];
/// Working days by year, each from its notice.
const CALENDAR: &[(&str, &str)] = &[
    ("calendar/2020.json", include_str!("../../catalogue/calendar/2020.json")),
    ("calendar/2021.json", include_str!("../../catalogue/calendar/2021.json")),
    ("calendar/2022.json", include_str!("../../catalogue/calendar/2022.json")),
    ("calendar/2023.json", include_str!("../../catalogue/calendar/2023.json")),
    ("calendar/2024.json", include_str!("../../catalogue/calendar/2024.json")),
    ("calendar/2025.json", include_str!("../../catalogue/calendar/2025.json")),
    ("calendar/2026.json", include_str!("../../catalogue/calendar/2026.json")),
];
const PRECISION: &str = include_str!("../../catalogue/precision.json");
const CLOCKS: &str = include_str!("../../catalogue/clocks.json");
const CLAUSES: &str = include_str!("../../catalogue/clauses.json");
const KINDS: &str = include_str!("../../catalogue/kinds.json");
const RULES: &str = include_str!("../../catalogue/rules.json");

/// A file of the catalogue that cannot be read.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("catalogue file {file}: line {line}, column {column}")]
pub struct CatalogueError {
    /// The file.
    pub file: String,
    /// Line of the error, from 1.
    pub line: usize,
    /// Column of the error, from 1.
    pub column: usize,
}

/// The catalogue: read-mostly, shared.
#[derive(Clone, Debug, Default)]
pub struct Catalogue {
    /// Policies in the order of their files.
    pub policies: Vec<Policy>,
    /// Clauses that policies refer to.
    pub clauses: Vec<Clause>,
    /// Version of the kind list.
    pub kinds_version: u32,
    /// The shared kind list.
    pub kinds: Vec<Kind>,
    /// Titles of the rules.
    pub rules: Vec<RuleTitle>,
    /// Open questions.
    pub questions: Vec<Question>,
    /// Working days.
    pub calendar: WorkingCalendar,
    /// When a rule is shown as a hint only.
    pub precision: PrecisionThreshold,
    /// Clocks of objections by province.
    pub clocks: Vec<ObjectionClock>,
    /// Code lists and the tables between them.
    pub codes: CodeLists,
    /// Certification schemes and schemes of qualifications.
    pub schemes: Schemes,
    /// Alliances that scopes of recognition rules name.
    pub alliances: Arc<Alliances>,
    /// Shared services that recognition rules open.
    pub services: Vec<SharedService>,
}

/// How much there is of what.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Counts {
    /// Policies taken from documents.
    pub policies: usize,
    /// Invented examples.
    pub examples: usize,
    /// Clauses of the list that was given.
    pub clauses: usize,
    /// Clauses found in the documents beyond it.
    pub further_clauses: usize,
    /// Kinds.
    pub kinds: usize,
    /// Rules.
    pub rules: usize,
    /// Open questions.
    pub questions: usize,
    /// Years of the working-day calendar.
    pub years: usize,
    /// Code lists, each version for itself.
    pub code_lists: usize,
    /// Certification schemes, examples among them.
    pub schemes: usize,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct PolicyFile {
    policies: Vec<Policy>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct KindFile {
    version: u32,
    kinds: Vec<Kind>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ClauseFile {
    clauses: Vec<Clause>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RuleFile {
    rules: Vec<RuleTitle>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ClockFile {
    clocks: Vec<ObjectionClock>,
}

impl Catalogue {
    /// The catalogue that is compiled into the binary.
    pub fn embedded() -> Result<Arc<Self>, CatalogueError> {
        let mut policies = Vec::new();
        for (file, text) in POLICIES {
            policies.extend(parse::<PolicyFile>(file, text)?.policies);
        }
        let notices = CALENDAR.iter().map(|(file, text)| parse::<YearNotice>(file, text));
        let kinds: KindFile = parse("kinds.json", KINDS)?;
        Ok(Arc::new(Self {
            policies,
            clauses: parse::<ClauseFile>("clauses.json", CLAUSES)?.clauses,
            kinds_version: kinds.version,
            kinds: kinds.kinds,
            rules: parse::<RuleFile>("rules.json", RULES)?.rules,
            questions: parse::<QuestionFile>("questions.json", question::TEXT)?.questions,
            calendar: WorkingCalendar::new(notices.collect::<Result<Vec<_>, _>>()?),
            precision: parse("precision.json", PRECISION)?,
            clocks: parse::<ClockFile>("clocks.json", CLOCKS)?.clocks,
            codes: data::codes()?,
            schemes: data::schemes()?,
            alliances: Arc::new(recognition::alliances()?),
            services: recognition::services()?,
        }))
    }

    /// Policies of a file that a policy writer is working on, in the form of `catalogue/policies`.
    pub fn read_policies(file: &str, text: &str) -> Result<Vec<Policy>, CatalogueError> {
        Ok(parse::<PolicyFile>(file, text)?.policies)
    }

    /// The policy.
    pub fn policy(&self, policy: &PolicyRef) -> Option<&Policy> {
        self.policies.iter().find(|p| p.id == policy.id && p.version == policy.version)
    }

    /// The open question.
    pub fn question(&self, id: QuestionId) -> Option<&Question> {
        self.questions.iter().find(|q| q.id == id)
    }

    /// The clock of objections that binds an office in this region.
    pub fn clock(&self, region: &str) -> Option<&ObjectionClock> {
        self.clocks.iter().find(|clock| clock.binds(region))
    }

    /// The shared service.
    pub fn service(&self, code: &str) -> Option<&SharedService> {
        self.services.iter().find(|s| s.service == code)
    }

    /// What authorities give out, by the register of their schemes: each scheme under each district
    /// that sends for an issuer, with the classes of its list. What the report on missing recognition
    /// rules asks about; invented schemes are left out.
    pub fn issued(&self) -> Vec<Issued> {
        let real = |status: SchemeStatus| status != SchemeStatus::Example;
        let certified = self.schemes.certifications().filter(|s| real(s.status)).map(|s| {
            let mut classes: Vec<_> = s.classes.iter().map(|c| c.class.clone()).collect();
            classes.extend(s.open.then(|| OTHER_CLASSES.to_owned()));
            (s.id.as_str(), Object::Certification, classes)
        });
        let qualified = self.schemes.qualifications().filter(|q| real(q.status)).map(|q| {
            let classes = match &q.classes {
                QualificationClasses::Open => vec![OTHER_CLASSES.to_owned()],
                QualificationClasses::Only(classes) => classes.clone(),
                QualificationClasses::List(at) => {
                    let entries = self.codes.list(at).map(|l| l.entries.as_slice());
                    let current = entries.unwrap_or_default().iter().filter(|e| e.until.is_none());
                    current.map(|e| e.code.clone()).collect()
                }
            };
            (q.id.as_str(), q.object.into(), classes)
        });
        let mut issued = Vec::new();
        for (scheme, object, classes) in certified.chain(qualified) {
            for issuer in self.schemes.issuers(scheme) {
                let home = issuer.region.map(|_| issuer.senders.iter().cloned().collect());
                issued.extend(issuer.senders.iter().map(|sender| Issued {
                    authority: sender.clone(),
                    object,
                    scheme: scheme.to_owned(),
                    region: issuer.region.map(|r| r.to_string()),
                    home: home.clone().unwrap_or_default(),
                    classes: classes.clone(),
                }));
            }
        }
        issued
    }

    /// The rule's title.
    pub fn rule(&self, id: RuleId) -> Option<&RuleTitle> {
        self.rules.iter().find(|r| r.id == id)
    }

    /// How much there is of what.
    pub fn counts(&self) -> Counts {
        let is_example = |p: &&Policy| p.status == PolicyStatus::Example;
        let examples = self.policies.iter().filter(is_example).count();
        Counts {
            policies: self.policies.len() - examples,
            examples,
            clauses: self.clauses.iter().filter(|c| !c.further).count(),
            further_clauses: self.clauses.iter().filter(|c| c.further).count(),
            kinds: self.kinds.len(),
            rules: self.rules.len(),
            questions: self.questions.len(),
            years: self.calendar.notices().count(),
            code_lists: self.codes.lists().count(),
            schemes: self.schemes.certifications().count(),
        }
    }

    /// What is wrong with it; empty when nothing is.
    pub fn lint(&self) -> Vec<Problem> {
        let mut problems = lint::lint(self);
        problems.extend(data_lint::lint(self));
        problems
    }

    /// Adds notices of working days; one of a year that is known takes its place. Says what is wrong with
    /// the calendar then.
    pub fn add_notices(&mut self, notices: impl IntoIterator<Item = YearNotice>) -> Vec<Problem> {
        let known = self.calendar.notices().cloned();
        self.calendar = WorkingCalendar::new(known.chain(notices));
        let mut problems = Vec::new();
        lint::calendar(self, &mut problems);
        problems
    }

    /// Puts policies in the place of those with the same id and version, adds the others, and says
    /// what differs.
    pub fn replace(&mut self, policies: Vec<Policy>) -> Vec<Change> {
        diff::replace(self, policies)
    }

    /// Looks for the phrase of every citation in the policy documents.
    pub fn phrases(&self, documents: &Documents) -> Phrases {
        phrases::search(self, documents)
    }

    /// Puts policies, kinds and the owners of questions into a view.
    pub fn fill(&self, facts: &mut Facts) {
        for policy in &self.policies {
            facts.add_policy(policy.clone());
        }
        for kind in &self.kinds {
            facts.add_kind(kind.clone());
        }
        for question in &self.questions {
            facts.add_owners(question.id, question.owners.clone());
        }
    }
}

impl From<Unreadable> for CatalogueError {
    fn from(error: Unreadable) -> Self {
        match error {
            Unreadable::Json { file, source } => {
                Self { file: file.to_owned(), line: source.line(), column: source.column() }
            }
            Unreadable::Rule { rule, .. } => Self { file: rule, line: 0, column: 0 },
        }
    }
}

fn parse<T: DeserializeOwned>(file: &str, text: &str) -> Result<T, CatalogueError> {
    serde_json::from_str(text).map_err(|e| CatalogueError {
        file: file.to_owned(),
        line: e.line(),
        column: e.column(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn embedded_catalogue_is_complete_and_clean() {
        let catalogue = Catalogue::embedded().unwrap();
        let counts = catalogue.counts();
        // Further: 一事一议 of Annexes 2 and 3, the apartments (R03) and the tiers of Annex 4.
        let clauses = (counts.clauses, counts.further_clauses);
        assert_eq!((counts.policies, clauses), (74, (41, 4)));
        assert_eq!((counts.questions, counts.rules), (39, 35));
        assert_eq!(catalogue.lint(), []);
    }

    #[test]
    fn a_broken_file_is_located() {
        let error = Catalogue::read_policies("x.json", "{\n \"policies\": 1}").unwrap_err();
        assert_eq!((error.line, error.file.as_str()), (2, "x.json"));
    }
}
