//! The slip (核查提示单) that an officer reads and files: what was asked, what came out month by month,
//! why, what is missing and whom to ask. Made of the assessment and the application alone.

use std::collections::BTreeSet;

use super::office::Reader;
use super::{explain_to, missing, pick, question, verdict};
use crate::domain::funding::finding::{Assessment, Finding, Reason, Safe};
use crate::domain::funding::id::{QuestionId, RuleId};
use crate::domain::funding::ledger::Coverage;
use crate::domain::funding::message::{Amount, Application, ApplicationKind, Policy};
use crate::domain::funding::question::question as open;
use crate::domain::money::Fen;
use crate::domain::place::{self, NO_CONTACT};
use crate::domain::text::{Language, Text};

/// What a slip is made of.
pub struct Slip<'a, S> {
    /// What was asked.
    pub application: &'a Application<S>,
    /// The policy, where the catalogue has it.
    pub policy: Option<&'a Policy>,
    /// What came out.
    pub assessment: &'a Assessment,
    /// Title of a rule, where the catalogue has one.
    pub title: &'a dyn Fn(RuleId) -> Option<&'a Text>,
}

impl<S> Slip<'_, S> {
    /// The lines of the slip.
    pub fn lines(&self, language: Language) -> Vec<String> {
        let pair = |zh: &str, en: &str, value: String| match language {
            Language::Zh => format!("{zh}：{value}"),
            Language::En => format!("{en}: {value}"),
        };
        let assessment = self.assessment;
        let mut lines = vec![
            pair("政策", "Policy", self.policy(language)),
            pair("申请", "Application", self.asked(language)),
            pair("核查日", "As of", assessment.as_of.valid_at.to_string()),
            pair("结论", "Outcome", verdict(assessment.verdict, language).to_owned()),
        ];
        for segment in assessment.segments.iter().filter(|_| assessment.segments.len() > 1) {
            let Some(months) = segment.months else { continue };
            let count = months.count();
            lines.push(match language {
                Language::Zh => {
                    format!("  {months}（{count} 个月）：{}", verdict(segment.verdict, language))
                }
                Language::En => {
                    format!("  {months} ({count} months): {}", verdict(segment.verdict, language))
                }
            });
        }
        lines.extend(assessment.safe.as_ref().map(|s| safe(s, language)));
        lines.extend(self.findings(language));
        // Facts that are asked for together (the four days of an age) are one line.
        for lacking in &assessment.missing {
            let line = pair("需补充", "Missing", missing(lacking, language));
            if !lines.contains(&line) {
                lines.push(line);
            }
        }
        let (reader, noted) = (self.reader(), assessment.noted_questions());
        lines.extend(noted.into_iter().filter_map(|q| aside(q, reader, language)));
        lines.extend(self.not_covered(language));
        lines.push(pick(language, NOTICE_ZH, NOTICE_EN).to_owned());
        lines
    }

    /// The office of the district whose policy it is.
    fn reader(&self) -> Reader<'_> {
        Reader { district: self.policy.map(|p| &p.district), contact: NO_CONTACT }
    }

    fn policy(&self, language: Language) -> String {
        let of = &self.application.terms.policy;
        let name = self.policy.map(|p| p.name.get(language));
        match (name, language) {
            (Some(name), Language::Zh) => format!("{name}（{}，第 {} 版）", of.id, of.version),
            (Some(name), Language::En) => format!("{name} ({}, version {})", of.id, of.version),
            (None, Language::Zh) => format!("{}（第 {} 版，目录中没有）", of.id, of.version),
            (None, Language::En) => {
                format!("{} (version {}, not in the catalogue)", of.id, of.version)
            }
        }
    }

    fn asked(&self, language: Language) -> String {
        let kind = match self.application.kind {
            ApplicationKind::Grant => ("新申请", "new"),
            ApplicationKind::Continuation => ("续发", "continuation"),
            ApplicationKind::Registration => ("登记", "registration"),
            ApplicationKind::Certification => ("认定", "certification"),
            ApplicationKind::Review => ("存量核查", "review"),
        };
        let mut parts = vec![pick(language, kind.0, kind.1).to_owned()];
        if let Some(months) = self.application.terms.months {
            parts.push(match language {
                Language::Zh => format!("{months}（{} 个月）", months.count()),
                Language::En => format!("{months} ({} months)", months.count()),
            });
        }
        parts.extend(self.application.amount.map(|amount| match (amount, language) {
            (Amount::Monthly(fen), Language::Zh) => format!("每月 {fen} 元"),
            (Amount::Monthly(fen), Language::En) => format!("{fen} yuan a month"),
            (Amount::Total(fen), Language::Zh) => format!("共 {fen} 元"),
            (Amount::Total(fen), Language::En) => format!("{fen} yuan in all"),
        }));
        parts.join(pick(language, "，", ", "))
    }

    fn findings(&self, language: Language) -> impl Iterator<Item = String> {
        self.assessment.findings.iter().enumerate().map(move |(n, finding)| {
            let title = self.heading(finding, language);
            let (n, text) = (n + 1, explain_to(finding, self.reader(), language));
            match language {
                Language::Zh => format!("{n}. 〔{} {title}〕{text}", finding.rule),
                Language::En => format!("{n}. [{} {title}] {text}", finding.rule),
            }
        })
    }

    /// The title of the rule; that of what is tested, where a rule carries conditions of a policy
    /// beside its own (R27: shares and output of a team under “one founder”).
    fn heading(&self, finding: &Finding, language: Language) -> &str {
        if finding.reason == Reason::EntryCondition && finding.rule != ENTRY {
            return pick(language, "政策所列条件", "Conditions of the policy");
        }
        (self.title)(finding.rule).map(|t| t.get(language)).unwrap_or_default()
    }

    fn not_covered(&self, language: Language) -> Option<String> {
        let gaps = self.assessment.coverage.iter().filter(|c| !c.covered);
        let gaps: Vec<_> = gaps.map(|c| uncovered(c, language)).collect();
        (!gaps.is_empty()).then(|| match language {
            Language::Zh => {
                format!("未查到数据的区：{}。不能据此认定没有重复，须另行核实。", gaps.join("、"))
            }
            Language::En => {
                format!("Not looked at: {}. Verify there that nothing was paid.", gaps.join(", "))
            }
        })
    }
}

/// The rule on conditions at entry, whose title speaks of them.
const ENTRY: RuleId = RuleId::new(30);
/// A question that bears on the case and changes nothing of its outcome: what the officer may be asked.
fn aside(id: QuestionId, reader: Reader<'_>, language: Language) -> Option<String> {
    let text = open(id)?.text.get(language);
    let authority = question::authority(id, reader, &BTreeSet::new(), language);
    Some(match language {
        Language::Zh => format!("另有未决问题，不影响本次结论：{text}（{authority}，{id}）"),
        Language::En => {
            format!("Open as well, without bearing on this outcome: {text} ({authority}, {id})")
        }
    })
}

/// A district with the reason why its data were not in.
fn uncovered(coverage: &Coverage, language: Language) -> String {
    let name = place::name(coverage.district.as_str(), language);
    match (coverage.reason.map(|gap| gap.name(language)), language) {
        (Some(gap), Language::Zh) => format!("{name}（{gap}）"),
        (Some(gap), Language::En) => format!("{name} ({gap})"),
        (None, _) => name.to_owned(),
    }
}

const NOTICE_ZH: &str = "本单由规则计算得出，供经办人核对；是否发放由主管部门决定。";
const NOTICE_EN: &str =
    "This slip is computed from rules for the officer's use; the authority decides on payment.";

fn safe(safe: &Safe, language: Language) -> String {
    let months = safe.months.filter(|m| *m > 0).map(|m| match language {
        Language::Zh => format!("{m} 个月"),
        Language::En => format!("{m} months"),
    });
    let sum = safe.amount.filter(|a| *a > Fen::ZERO).map(|a| match language {
        Language::Zh => format!("{a} 元（{}）", a.capital()),
        Language::En => format!("{a} yuan"),
    });
    let parts: Vec<_> = months.into_iter().chain(sum).collect();
    match (parts.is_empty(), language) {
        (true, Language::Zh) => "按任何一种理解都可办理：无".to_owned(),
        (true, Language::En) => "Safe under every reading: nothing".to_owned(),
        (false, Language::Zh) => format!("按任何一种理解都可办理：{}", parts.join("，")),
        (false, Language::En) => format!("Safe under every reading: {}", parts.join(", ")),
    }
}
