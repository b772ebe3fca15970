//! The class that a policy is for, from `certification/1`. A letter counts only inside its scheme:
//! C of Annex 4 is not C of Annex 2 (附件2 二（三）, 附件4 一（一）3; T43). Where the policy writes its own
//! criteria (附件4 一（一）4 “全日制硕士研究生学历且取得副高级专业技术资格”) and nobody has certified under the
//! scheme, the class is derived from them. Reported under R30, the conditions at entry.

use super::conditions;
use super::criteria::{CERTIFICATION, Outcome, evaluate, rulings};
use super::entry::EntryTime;
use super::instalments::{LEAVING, LEAVING_READINGS, is_running};
use crate::domain::funding::case::{Case, evidence_of};
use crate::domain::funding::finding::{Evidence, FindingClass, Reason, Verdict};
use crate::domain::funding::id::RuleId;
use crate::domain::funding::message::{ApplicationKind, ClassCriteria, PolicyClass};
use crate::domain::funding::report::{Draft, Report, Rule};
use crate::domain::record::life_cycle::State;
use crate::domain::text::Text;

/// The class test.
pub struct ClassHeld;

/// What the certifications under the policy's scheme say.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Certified {
    /// A class that the policy is for.
    Fits,
    /// Such a class once, no longer.
    Ended(Evidence),
    /// Another class of the scheme: its authority has decided.
    Other,
    /// Nothing.
    No,
}

impl Rule for ClassHeld {
    fn id(&self) -> RuleId {
        EntryTime.id()
    }

    fn judge(&self, case: &Case<'_>, report: &mut Report) {
        let Some(class) = &case.policy.class else { return };
        if case.app.kind == ApplicationKind::Certification {
            return;
        }
        let claims_other =
            case.app.terms.class.as_ref().is_some_and(|c| !fits(class, &c.scheme, &c.class));
        match (certified(case, class), &class.criteria) {
            (Certified::Ended(evidence), _) if is_running(case) => {
                let class = (FindingClass::OpenQuestion, Verdict::Refer);
                let draft =
                    Draft::new(self, Reason::ClassNotHeld, class, case.policy.source.clone());
                report.find(draft.evidence(evidence).readings(LEAVING, &LEAVING_READINGS));
            }
            (Certified::Ended(evidence), _) => {
                report.find(self.not_held(case).evidence(evidence));
            }
            _ if claims_other => report.find(self.not_held(case)),
            (Certified::Fits, _) => {}
            (Certified::No, Some(criteria)) => self.derive((case, report), class, criteria),
            (Certified::Other | Certified::No, _) => lacks_certification(report, class, case),
        }
    }
}

impl ClassHeld {
    fn not_held(&self, case: &Case<'_>) -> Draft {
        let outcome = (FindingClass::Ineligible, Verdict::Ineligible);
        Draft::new(self, Reason::ClassNotHeld, outcome, case.policy.source.clone())
    }

    fn derive(
        &self,
        (case, report): (&Case<'_>, &mut Report),
        class: &PolicyClass,
        criteria: &ClassCriteria,
    ) {
        let Some((ground, outcome)) = evaluate(case, criteria) else {
            return lacks_certification(report, class, case);
        };
        let draft = |reason, class| Draft::new(self, reason, class, ground.citation.clone());
        let rulings = rulings(case, ground);
        let resting = |draft: Draft, on: Vec<Evidence>| {
            let draft = rulings.iter().copied().fold(draft, Draft::ruled);
            on.into_iter().fold(draft, Draft::evidence)
        };
        match outcome {
            Outcome::Met(evidence) => {
                let class = (FindingClass::Info, Verdict::Clear);
                report.find(resting(draft(Reason::ClassDerived, class), evidence));
            }
            Outcome::Open(question, readings, evidence) => {
                let class = (FindingClass::OpenQuestion, Verdict::Refer);
                let verdict = |met| if met { Verdict::Clear } else { Verdict::Ineligible };
                let readings: Vec<(&str, Verdict)> =
                    readings.iter().map(|(code, met)| (code.as_str(), verdict(*met))).collect();
                let draft = resting(draft(Reason::ClassDerivedOpen, class), evidence);
                report.find(draft.readings(question, &readings));
            }
            Outcome::Unknown(facts) => {
                for fact in &facts {
                    match fact.as_str() {
                        CERTIFICATION => lacks_certification(report, class, case),
                        fact => conditions::ask(report, fact),
                    }
                }
            }
            // The list ends in 等: whoever fits none of its grounds may still be certified.
            Outcome::NotMet(_) if !criteria.exhaustive => lacks_certification(report, class, case),
            Outcome::NotMet(evidence) => {
                let class = (FindingClass::Ineligible, Verdict::Ineligible);
                report.find(resting(draft(Reason::ClassNotHeld, class), evidence));
            }
        }
    }
}

fn fits(class: &PolicyClass, scheme: &str, letter: &str) -> bool {
    scheme == class.scheme && class.classes.iter().any(|c| c == letter)
}

fn certified(case: &Case<'_>, class: &PolicyClass) -> Certified {
    let (mut other, mut ended) = (false, None);
    let certifications = case.class_certifications().into_iter();
    for (record, cert) in certifications.filter(|(_, c)| c.scheme == class.scheme) {
        let in_force = record.state == State::Active && cert.head.validity.contains(case.app.date);
        match (fits(class, &cert.scheme, &cert.class), in_force) {
            (true, true) => return Certified::Fits,
            (true, false) => ended = ended.max(Some(evidence_of(record))),
            (false, true) => other = true,
            (false, false) => {}
        }
    }
    match ended {
        Some(evidence) => Certified::Ended(evidence),
        None if other => Certified::Other,
        None => Certified::No,
    }
}

fn lacks_certification(report: &mut Report, class: &PolicyClass, case: &Case<'_>) {
    let text = Text::new(
        format!("没有查到 {} 的有效人才认定", class.scheme),
        format!("no certification under {} was found", class.scheme),
    );
    report.lacks("certification", text, case.policy.district.as_str(), None);
}
