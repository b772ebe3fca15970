//! The class that a policy is for, from `certification/1`. A letter counts only inside its scheme:
//! C of Annex 4 is not C of Annex 2 (附件2 二（三）, 附件4 一（一）3; T43). Reported under R30, the
//! conditions at entry.

use super::entry::EntryTime;
use crate::domain::funding::case::{Case, evidence_of};
use crate::domain::funding::finding::{FindingClass, Reason, Verdict};
use crate::domain::funding::id::RuleId;
use crate::domain::funding::message::{ApplicationKind, PolicyClass};
use crate::domain::funding::report::{Draft, Report, Rule};
use crate::domain::record::life_cycle::State;
use crate::domain::text::Text;

/// The class test.
pub struct ClassHeld;

impl Rule for ClassHeld {
    fn id(&self) -> RuleId {
        EntryTime.id()
    }

    fn judge(&self, case: &Case<'_>, report: &mut Report) {
        let Some(class) = &case.policy.class else { return };
        if case.app.kind == ApplicationKind::Certification {
            return;
        }
        let fits =
            |scheme: &str, c: &str| scheme == class.scheme && class.classes.iter().any(|x| x == c);
        let wrong = case.app.terms.class.as_ref().is_some_and(|c| !fits(&c.scheme, &c.class));
        let mut found = Held::Unknown;
        let mut ended = None;
        for (record, cert) in case.certifications() {
            if !fits(&cert.scheme, &cert.class) {
                continue;
            }
            if record.state == State::Active && cert.head.validity.contains(case.app.date) {
                found = Held::Yes;
            } else {
                ended = ended.max(Some(evidence_of(record)));
            }
        }
        if wrong || (found == Held::Unknown && ended.is_some()) {
            let outcome = (FindingClass::Ineligible, Verdict::Ineligible);
            let source = case.policy.source.clone();
            let mut draft = Draft::new(self, Reason::ClassNotHeld, outcome, source);
            if let Some(evidence) = ended {
                draft = draft.evidence(evidence);
            }
            report.find(draft);
        } else if found == Held::Unknown {
            lacks_certification(report, class, case);
        }
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Held {
    Yes,
    Unknown,
}

fn lacks_certification(report: &mut Report, class: &PolicyClass, case: &Case<'_>) {
    let text = Text::new(
        format!("没有查到 {} 的有效人才认定", class.scheme),
        format!("no certification under {} was found", class.scheme),
    );
    report.lacks("certification", text, case.policy.district.as_str(), None);
}
