//! Facts that only recognition rules ask for.

use super::{Carrier, FACTS, is_attested_fact};

/// A fact that only recognition rules ask for; its carrier is `fact/1` of this name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RecognitionFact {
    /// Name of the `fact/1`.
    pub name: &'static str,
    /// In words.
    pub zh: &'static str,
    /// In words.
    pub en: &'static str,
}

/// What preconditions of recognition rules ask for beside the facts of funding rules. The measures
/// name the conditions (`standards.md` §1), the names are ours.
pub const OF_RECOGNITION: &[RecognitionFact] = &[
    RecognitionFact {
        name: "title-meets-national-standard",
        zh: "职称符合国家基本标准",
        en: "the title meets the national basic standard",
    },
    RecognitionFact {
        name: "owns-no-home-in-district",
        zh: "本人在本区无住房",
        en: "owns no home in the district",
    },
    RecognitionFact {
        name: "left-china-since-permit",
        zh: "取得工作许可后曾离境",
        en: "left China since the work permit",
    },
];

/// May a recognition rule ask for this fact? Some record carries it.
pub fn is_recognition_fact(name: &str) -> bool {
    is_attested_fact(name) || OF_RECOGNITION.iter().any(|f| f.name == name)
}

/// The names of facts that a recognition rule may ask for.
pub fn recognition_facts() -> impl Iterator<Item = &'static str> {
    let attested = FACTS.iter().filter_map(|f| match f.carrier {
        Carrier::Fact(name) => Some(name),
        _ => None,
    });
    OF_RECOGNITION.iter().map(|f| f.name).chain(attested)
}
