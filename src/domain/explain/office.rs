//! Whom to call: the office that holds another record, who decides the question, and what is in the
//! reader's own house. Nobody is told to call himself.

use std::collections::BTreeSet;

use super::{follows, question};
use crate::domain::funding::finding::{Finding, FindingClass, Verdict};
use crate::domain::participant::ParticipantId;
use crate::domain::place::{self, Contact, NO_CONTACT};
use crate::domain::text::Language;

/// Who reads the words.
#[derive(Clone, Copy)]
pub struct Reader<'a> {
    /// The district whose policy is applied for; `None` where it is not known.
    pub district: Option<&'a ParticipantId>,
    /// How offices are reached.
    pub contact: Contact<'a>,
}

impl Reader<'static> {
    /// Nobody in particular, and no directory at hand.
    pub const ANYBODY: Self = Self { district: None, contact: NO_CONTACT };
}

/// The offices to call; `None` where nothing is to be asked of anybody.
pub fn call(finding: &Finding, reader: Reader<'_>, language: Language) -> Option<String> {
    if finding.outcome != Verdict::Refer && finding.questions.is_empty() {
        return None;
    }
    let decide = question::deciders(finding, reader, language);
    let districts: BTreeSet<&ParticipantId> =
        finding.evidence.iter().map(|e| &e.district).collect();
    let (own, others): (Vec<_>, Vec<_>) =
        districts.into_iter().partition(|d| Some(*d) == reader.district);
    let offices: Vec<String> = others
        .into_iter()
        .map(|district| match (named(district, reader, language), language) {
            (name, Language::Zh) => format!("{}经办人{}", name.0, name.1),
            (name, Language::En) => format!("the office of {}{}", name.0, name.1),
        })
        .collect();
    // Facts of another office are compared first; what is only unwritten goes to who decides it.
    let (whom, decided) = match (finding.class, decide.is_empty()) {
        (FindingClass::Notice, false) if !offices.is_empty() => (offices, Some(decide)),
        (_, true) => (offices, None),
        (_, false) => (decide, None),
    };
    if whom.is_empty() {
        let own = own.first()?;
        return Some(match (follows::is_unwritten(finding), language) {
            (false, _) => in_house(language),
            (true, language) => {
                let (name, reached) = named(own, reader, language);
                match language {
                    Language::Zh => format!("请联系：{name}人才主管部门{reached}。"),
                    Language::En => format!("Contact: the talent office of {name}{reached}."),
                }
            }
        });
    }
    let decided = decided.map(|d| match language {
        Language::Zh => format!("此类问题的决定权：{}。", d.join("、")),
        Language::En => format!(" Decided by: {}.", d.join(", ")),
    });
    Some(match language {
        Language::Zh => format!("请联系：{}。{}", whom.join("、"), decided.unwrap_or_default()),
        Language::En => format!("Contact: {}.{}", whom.join(", "), decided.unwrap_or_default()),
    })
}

/// The records are the reader's own.
fn in_house(language: Language) -> String {
    match language {
        Language::Zh => "所据记录由本区报送，请在本区查明，不必另行联系。".to_owned(),
        Language::En => {
            "The records named are the district's own: it is settled there, and nobody else is asked.".to_owned()
        }
    }
}

/// A district's name, and how it is reached where that is known.
pub fn named(district: &ParticipantId, reader: Reader<'_>, language: Language) -> (String, String) {
    let reached = (reader.contact)(district).map(|contact| match language {
        Language::Zh => format!("（{contact}）"),
        Language::En => format!(" ({contact})"),
    });
    (place::name(district.as_str(), language).to_owned(), reached.unwrap_or_default())
}
