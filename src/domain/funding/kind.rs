//! The shared, versioned list of kinds of funding, through which districts' policies are compared.

use serde::{Deserialize, Serialize};

use crate::domain::text::Text;

/// A kind of funding (资助种类).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Kind {
    /// `rent`, `housing-purchase` …
    pub code: String,
    /// Its name.
    pub name: Text,
    /// Kinds that share a group are compared: 同类.
    pub groups: Vec<String>,
    /// Kinds that may or may not be 同类 (Q13). A kind that gathers unlike things lists itself: two
    /// policies of it need not fund the same.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub doubtful: Vec<String>,
}

/// How two kinds compare.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Likeness {
    /// Different kinds; may be held together (R07).
    Different,
    /// The text does not decide (Q13).
    Doubtful,
    /// 同类
    Same,
}

impl Kind {
    /// How `self` and `other` compare; symmetric.
    pub fn likeness(&self, other: &Self) -> Likeness {
        if self.code == other.code && self.doubtful.contains(&self.code) {
            Likeness::Doubtful
        } else if self.code == other.code || self.groups.iter().any(|g| other.groups.contains(g)) {
            Likeness::Same
        } else if self.doubtful.contains(&other.code) || other.doubtful.contains(&self.code) {
            Likeness::Doubtful
        } else {
            Likeness::Different
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kind(code: &str, group: &str, doubtful: &[&str]) -> Kind {
        let doubtful = doubtful.iter().map(|d| (*d).to_owned()).collect();
        let name = Text::new(code, code);
        Kind { code: code.to_owned(), name, groups: vec![group.to_owned()], doubtful }
    }

    #[test]
    fn kinds_compare_by_group_and_a_kind_of_unlike_things_is_doubtful_with_itself() {
        let (rent, points) = (kind("rent", "rent", &[]), kind("rent-points", "rent", &[]));
        let apartment = kind("apartment", "apartment", &["rent"]);
        let gathered = kind("institutional", "institutional", &["institutional"]);
        assert_eq!(rent.likeness(&points), Likeness::Same);
        assert_eq!(rent.likeness(&rent), Likeness::Same);
        assert_eq!(rent.likeness(&apartment), Likeness::Doubtful);
        assert_eq!(apartment.likeness(&rent), Likeness::Doubtful);
        assert_eq!(points.likeness(&apartment), Likeness::Different);
        assert_eq!(gathered.likeness(&gathered), Likeness::Doubtful);
    }
}
