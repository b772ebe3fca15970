//! A table that leads from one list to another, one way.

use serde::{Deserialize, Serialize};

use super::list::{CodeList, Entry, ListRef};
use crate::domain::text::Text;

/// A table as `catalogue/codes/mappings.json` holds it. It leads one way; the way back is another table.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Mapping {
    /// The list that codes come from.
    pub from: ListRef,
    /// The list that they lead to.
    pub to: ListRef,
    /// What the table rests on.
    pub basis: Text,
    /// Why codes without a row cannot be mapped, where there is one reason for all.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub otherwise: Option<Text>,
    /// One row per code.
    pub rows: Vec<Row>,
}

/// What becomes of one code.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Row {
    /// The code.
    pub from: String,
    /// What it becomes.
    #[serde(flatten)]
    pub target: Target,
}

/// The right side of a row: exactly one of the two.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Target {
    /// This code of the other list.
    To(String),
    /// 无法映射, and why.
    Unmappable(Text),
}

/// The outcome of a mapping.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Mapped<'a> {
    /// This entry of the other list.
    Code(&'a Entry),
    /// 无法映射: a person decides.
    Unmappable(WhyNot),
}

/// Why a code cannot be mapped.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum WhyNot {
    /// One of the lists is not known at that version.
    NoList,
    /// The code is not in its list.
    UnknownCode,
    /// No table leads from the one list to the other.
    NoTable,
    /// The table has no row for the code.
    NoRow,
    /// The row leads to a code that the other list lacks.
    NoEntry,
    /// The table says so, with its reason.
    Stated(Text),
}

impl WhyNot {
    /// The sentence for people; holds no code of a record.
    pub fn text(&self) -> Text {
        match self {
            Self::NoList => {
                Text::new("无法映射：没有该代码表或版本", "unmappable: no such list or version")
            }
            Self::UnknownCode => {
                Text::new("无法映射：代码不在代码表中", "unmappable: the code is not in its list")
            }
            Self::NoTable => Text::new(
                "无法映射：两个代码表之间没有对照表",
                "unmappable: no table joins the two lists",
            ),
            Self::NoRow => Text::new(
                "无法映射：对照表没有这个代码",
                "unmappable: the table has no row for the code",
            ),
            Self::NoEntry => Text::new(
                "无法映射：对照表指向的代码不存在",
                "unmappable: the table leads to a code that does not exist",
            ),
            Self::Stated(Text { zh, en }) => {
                Text::new(format!("无法映射：{zh}"), format!("unmappable: {en}"))
            }
        }
    }
}

impl Mapping {
    pub(super) fn map<'a>(&self, code: &str, target: &'a CodeList) -> Mapped<'a> {
        let found = match self.rows.iter().find(|row| row.from == code).map(|row| &row.target) {
            Some(Target::To(to)) => target.entry(to).ok_or(WhyNot::NoEntry),
            Some(Target::Unmappable(reason)) => Err(WhyNot::Stated(reason.clone())),
            None => Err(self.otherwise.clone().map_or(WhyNot::NoRow, WhyNot::Stated)),
        };
        match found {
            Ok(entry) => Mapped::Code(entry),
            Err(why) => Mapped::Unmappable(why),
        }
    }
}
