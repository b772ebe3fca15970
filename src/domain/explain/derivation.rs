//! The way to an assessment (`funding explain`): the clauses of the policy and of the benefits at hand, then
//! rule by rule where it is written, what in the policy calls it and what it found.

use serde::Serialize;

use super::{explain, pick};
use crate::domain::citation::Citation;
use crate::domain::funding::case::Case;
use crate::domain::funding::finding::{Assessment, Finding};
use crate::domain::funding::id::RuleId;
use crate::domain::funding::message::{Application, Policy, PolicyRef};
use crate::domain::funding::view::FundingView;
use crate::domain::subject::SubjectId;
use crate::domain::text::{Language, Text};

/// A rule as the catalogue tells of it.
#[derive(Clone, Copy, Debug)]
pub struct RuleInWords<'a> {
    /// Its number.
    pub id: RuleId,
    /// Its title.
    pub title: &'a Text,
    /// Where it is written, in any document.
    pub written: &'a [Citation],
}

/// How an assessment came about.
#[derive(Clone, Debug, Serialize)]
pub struct Derivation {
    /// What the policy rests on, each article once; none where the catalogue lacks it.
    pub policy: Vec<Citation>,
    /// The policies of the applicant's grants, in every district.
    pub held: Vec<Benefit>,
    /// All rules in their order.
    pub rules: Vec<Derived>,
}

/// The policy of a grant at hand.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Benefit {
    /// The policy.
    pub policy: PolicyRef,
    /// Its name, where the catalogue has it.
    pub name: Option<Text>,
    /// Where what it gives and its caps are written.
    pub clauses: Vec<Citation>,
}

/// One rule of a derivation.
#[derive(Clone, Debug, Serialize)]
pub struct Derived {
    /// The rule.
    pub rule: RuleId,
    /// Its title.
    pub title: Text,
    /// Where it is written.
    pub written: Vec<Citation>,
    /// What in the policy calls the rule; none for the rules that always look.
    pub called_by: Vec<Citation>,
    /// What it found.
    pub findings: Vec<Finding>,
}

impl Derivation {
    /// The way to `assessment` of `application`.
    pub fn of<'a>(
        view: &dyn FundingView,
        application: &Application<SubjectId>,
        assessment: &Assessment,
        rules: impl Iterator<Item = RuleInWords<'a>>,
    ) -> Self {
        let policy = view.policy(&application.terms.policy);
        let derive = |rule: RuleInWords<'_>| Derived {
            rule: rule.id,
            title: rule.title.clone(),
            written: rule.written.to_vec(),
            called_by: articles(policy.into_iter().flat_map(|p| p.resting_on(rule.id))),
            findings: assessment.by_rule(rule.id).cloned().collect(),
        };
        let case = policy.map(|p| Case::new(view, application, p, assessment.as_of));
        Self {
            policy: articles(policy.into_iter().flat_map(Policy::citations)),
            held: case.map(|case| benefits(&case)).unwrap_or_default(),
            rules: rules.map(derive).collect(),
        }
    }

    /// Every clause that is named, on the way or in what was found.
    pub fn citations(&self) -> impl Iterator<Item = &Citation> {
        let held = self.held.iter().flat_map(|b| &b.clauses);
        let told = self.rules.iter().filter(|r| r.is_concerned()).flat_map(|r| {
            let found = r.findings.iter().flat_map(|f| f.citations.iter());
            r.written.iter().chain(&r.called_by).chain(found)
        });
        self.policy.iter().chain(held).chain(told)
    }

    /// Rules that the policy calls or that found something, each with both; the others in one line.
    pub fn lines(&self, language: Language) -> Vec<String> {
        let colon = pick(language, "：", ": ");
        let mut lines = Vec::new();
        if !self.policy.is_empty() {
            let head = pick(language, "政策条款", "Clauses of the policy");
            lines.push(format!("{head}{colon}{}", listed(&self.policy, language)));
        }
        for Benefit { policy, name, clauses } in &self.held {
            let name = name.as_ref().map(|n| n.get(language)).unwrap_or_default();
            let head = match language {
                Language::Zh => {
                    format!("已有资助：{name}（{}，第 {} 版）", policy.id, policy.version)
                }
                Language::En => format!("Held: {name} ({}, version {})", policy.id, policy.version),
            };
            let clauses = listed(clauses, language);
            lines.push(format!("{head}{colon}{clauses}").trim_end_matches(colon).to_owned());
        }
        let (busy, idle): (Vec<_>, Vec<_>) = self.rules.iter().partition(|r| r.is_concerned());
        lines.extend(busy.into_iter().flat_map(|r| r.lines(language)));
        let idle: Vec<_> = idle.into_iter().map(|r| r.rule.to_string()).collect();
        lines.push(match language {
            Language::Zh => format!("未涉及：{}", idle.join(" ")),
            Language::En => format!("Not concerned: {}", idle.join(" ")),
        });
        lines
    }
}

impl Derived {
    fn is_concerned(&self) -> bool {
        !(self.called_by.is_empty() && self.findings.is_empty())
    }

    fn lines(&self, language: Language) -> Vec<String> {
        let head = format!("{} {}", self.rule, self.title.get(language));
        let mut lines = vec![if self.called_by.is_empty() {
            head
        } else {
            format!("{head} ← {}", listed(&self.called_by, language))
        }];
        let called = |c: &&Citation| self.called_by.iter().any(|by| is_one_article(by, c));
        let also = articles(self.written.iter().filter(|c| !called(c)));
        if !also.is_empty() {
            let head = pick(language, "规则另见：", "Written also in: ");
            lines.push(format!("    {head}{}", listed(&also, language)));
        }
        for finding in &self.findings {
            lines.push(format!("    {} {}", finding.id, explain(finding, language)));
        }
        if self.findings.is_empty() {
            lines.push(pick(language, "    未发现", "    nothing found").to_owned());
        }
        lines
    }
}

/// The policies of what the applicant holds, each once: what they give, and their caps.
fn benefits(case: &Case<'_>) -> Vec<Benefit> {
    let mut benefits: Vec<Benefit> = Vec::new();
    for held in case.held.iter().chain(&case.reviewed) {
        let clauses = held
            .policy
            .into_iter()
            .flat_map(|p| [&p.source].into_iter().chain(p.caps.iter().map(|cap| &cap.citation)));
        let benefit = Benefit {
            policy: held.entry.grant.terms.policy.clone(),
            name: held.policy.map(|p| p.name.clone()),
            clauses: articles(clauses),
        };
        if !benefits.contains(&benefit) {
            benefits.push(benefit);
        }
    }
    benefits
}

/// Each article once, in order, by the first phrase of it.
fn articles<'a>(citations: impl Iterator<Item = &'a Citation>) -> Vec<Citation> {
    let mut articles: Vec<Citation> = Vec::new();
    for citation in citations {
        if !articles.iter().any(|known| is_one_article(known, citation)) {
            articles.push(citation.clone());
        }
    }
    articles
}

fn is_one_article(a: &Citation, b: &Citation) -> bool {
    (&a.document, &a.article) == (&b.document, &b.article)
}

fn listed(citations: &[Citation], language: Language) -> String {
    let each: Vec<_> = citations.iter().map(ToString::to_string).collect();
    each.join(pick(language, "；", "; "))
}
