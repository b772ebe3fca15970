//! Names of the districts, as an officer says them.

use crate::domain::text::Language;

/// Name of a district; its code where it has none here.
pub fn name(district: &str, language: Language) -> &str {
    let known = NAMES.iter().find(|(code, _, _)| *code == district);
    match (known, language) {
        (Some((_, zh, _)), Language::Zh) => zh,
        (Some((_, _, en)), Language::En) => en,
        (None, _) => district,
    }
}

const NAMES: [(&str, &str, &str); 6] = [
    ("qingpu", "青浦区", "Qingpu"),
    ("changning", "长宁区", "Changning"),
    ("hongkou", "虹口区", "Hongkou"),
    ("yangpu", "杨浦区", "Yangpu"),
    ("wujiang", "吴江区", "Wujiang"),
    ("jiashan", "嘉善县", "Jiashan"),
];
