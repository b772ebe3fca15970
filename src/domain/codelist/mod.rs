//! Code lists (学历, 学位, 职称, 技能等级, 国籍 …) as versioned data, and tables that lead from one list or
//! version to another.
//!
//! Owns what a list is, what a code means at a version and on a day, and that "无法映射" is an answer
//! and not an error. Leaves the files to `crate::catalogue`, the lists of other systems to whoever connects them:
//! one table per connected system, in the same form.

mod list;
mod mapping;

use std::collections::BTreeMap;

pub use self::list::{CodeList, Completion, Entry, ListRef, ListSource, SourceCheck};
pub use self::mapping::{Mapped, Mapping, Row, Target, WhyNot};

/// Every list and table that is loaded, each list by name and version.
#[derive(Clone, Debug, Default)]
pub struct CodeLists {
    lists: BTreeMap<ListRef, CodeList>,
    mappings: BTreeMap<(ListRef, ListRef), Mapping>,
}

/// Two lists, or two tables, with one name and version.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("list {list}@{version} occurs twice")]
pub struct DuplicateList {
    /// Name.
    pub list: String,
    /// Version.
    pub version: String,
}

impl CodeLists {
    /// From parsed files; entries are put in the order of their codes.
    pub fn new(
        lists: impl IntoIterator<Item = CodeList>,
        mappings: impl IntoIterator<Item = Mapping>,
    ) -> Result<Self, DuplicateList> {
        let mut all = Self::default();
        let twice = |at: ListRef| DuplicateList { list: at.list, version: at.version };
        for list in lists {
            let at = list.at();
            if all.lists.insert(at.clone(), list.sorted()).is_some() {
                return Err(twice(at));
            }
        }
        for mapping in mappings {
            let at = (mapping.from.clone(), mapping.to.clone());
            if all.mappings.insert(at, mapping.clone()).is_some() {
                return Err(twice(mapping.from));
            }
        }
        Ok(all)
    }

    /// The list at this version.
    pub fn list(&self, at: &ListRef) -> Option<&CodeList> {
        self.lists.get(at)
    }

    /// Every list, by name and version.
    pub fn lists(&self) -> impl Iterator<Item = &CodeList> {
        self.lists.values()
    }

    /// Every table.
    pub fn mappings(&self) -> impl Iterator<Item = &Mapping> {
        self.mappings.values()
    }

    /// What `code` of the list `from` is in the list `to`. Nothing is guessed: without a table, a
    /// row or an entry the answer is [`Mapped::Unmappable`] and says which of them is missing.
    pub fn map(&self, from: &ListRef, code: &str, to: &ListRef) -> Mapped<'_> {
        let (Some(source), Some(target)) = (self.list(from), self.list(to)) else {
            return Mapped::Unmappable(WhyNot::NoList);
        };
        if source.entry(code).is_none() {
            return Mapped::Unmappable(WhyNot::UnknownCode);
        }
        let Some(mapping) = self.mappings.get(&(from.clone(), to.clone())) else {
            return Mapped::Unmappable(WhyNot::NoTable);
        };
        mapping.map(code, target)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::text::Text;

    fn at(list: &str, version: &str) -> ListRef {
        ListRef { list: list.into(), version: version.into() }
    }

    fn lists() -> CodeLists {
        let list = |name: &str, codes: &[&str]| -> CodeList {
            let entries: Vec<_> =
                codes.iter().map(|c| serde_json::json!({ "code": c, "zh": c, "en": c })).collect();
            serde_json::from_value(serde_json::json!({
                "list": name, "version": "1", "name": { "zh": name, "en": name }, "complete": true,
                "source": { "standard": "test", "check": "own" }, "entries": entries,
            }))
            .unwrap()
        };
        let mapping = serde_json::from_value(serde_json::json!({
            "from": { "list": "a", "version": "1" }, "to": { "list": "b", "version": "1" },
            "basis": { "zh": "测试", "en": "test" },
            "rows": [
                { "from": "1", "to": "x" },
                { "from": "2", "unmappable": { "zh": "没有对应", "en": "nothing corresponds" } },
                { "from": "3", "to": "gone" },
            ],
        }))
        .unwrap();
        CodeLists::new([list("b", &["y", "x"]), list("a", &["3", "1", "2", "4"])], [mapping])
            .unwrap()
    }

    #[test]
    fn unmappable_says_why() {
        let lists = lists();
        let (a, b) = (at("a", "1"), at("b", "1"));
        let why = |from: &ListRef, code: &str, to: &ListRef| match lists.map(from, code, to) {
            Mapped::Code(entry) => Err(entry.code.clone()),
            Mapped::Unmappable(why) => Ok(why.clone()),
        };
        assert_eq!(why(&a, "1", &b), Err("x".to_owned()));
        let said = Text::new("没有对应", "nothing corresponds");
        assert_eq!(why(&a, "2", &b), Ok(WhyNot::Stated(said)));
        assert_eq!(why(&a, "3", &b), Ok(WhyNot::NoEntry));
        assert_eq!(why(&a, "4", &b), Ok(WhyNot::NoRow));
        assert_eq!(why(&a, "5", &b), Ok(WhyNot::UnknownCode));
        assert_eq!(why(&b, "x", &a), Ok(WhyNot::NoTable), "a table leads one way");
        assert_eq!(
            why(&a, "1", &at("b", "2")),
            Ok(WhyNot::NoList),
            "a version is part of the name"
        );
    }

    /// Some systems invented tables in which 10 is a doctor. Such a table comes in as a list of its
    /// own with a mapping of its own, and its 10 never meets 研究生教育.
    #[test]
    fn a_connected_system_brings_its_own_list() {
        let list = |name: &str, version: &str, entries: &[(&str, &str)]| -> CodeList {
            let entries: Vec<_> = entries
                .iter()
                .map(|(code, zh)| serde_json::json!({ "code": code, "zh": zh, "en": zh }))
                .collect();
            serde_json::from_value(serde_json::json!({
                "list": name, "version": version, "name": { "zh": name, "en": name },
                "complete": true, "source": { "standard": "test", "check": "own" },
                "entries": entries,
            }))
            .unwrap()
        };
        let (gb, theirs, level) =
            (at("education", "gb"), at("education", "system-x"), at("level", "1"));
        let mapping = |from: &ListRef, rows: serde_json::Value| -> Mapping {
            serde_json::from_value(serde_json::json!({
                "from": from, "to": &level, "basis": { "zh": "测试", "en": "test" }, "rows": rows,
            }))
            .unwrap()
        };
        let group = Text::new("只给出大类", "the group alone");
        let lists = CodeLists::new(
            [
                list("education", "gb", &[("10", "研究生教育")]),
                list("education", "system-x", &[("10", "博士"), ("20", "硕士"), ("30", "本科")]),
                list("level", "1", &[("doctor", "博士"), ("master", "硕士")]),
            ],
            [
                mapping(&gb, serde_json::json!([{ "from": "10", "unmappable": group }])),
                mapping(&theirs, serde_json::json!([{ "from": "10", "to": "doctor" }])),
            ],
        )
        .unwrap();
        let is = |from, code| lists.map(from, code, &level);
        assert!(matches!(is(&theirs, "10"), Mapped::Code(e) if e.code == "doctor"));
        assert_eq!(is(&gb, "10"), Mapped::Unmappable(WhyNot::Stated(group)));
        assert_eq!(is(&theirs, "20"), Mapped::Unmappable(WhyNot::NoRow), "nothing is guessed");
        assert_eq!(lists.map(&theirs, "10", &gb), Mapped::Unmappable(WhyNot::NoTable));
    }

    #[test]
    fn a_list_occurs_once() {
        let twice = lists().lists().cloned().chain(lists().lists().cloned()).collect::<Vec<_>>();
        let error = CodeLists::new(twice, []).unwrap_err();
        assert_eq!((error.list.as_str(), error.version.as_str()), ("a", "1"));
    }
}
