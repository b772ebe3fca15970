//! One code list at one version.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::domain::partial_date::PartialDate;
use crate::domain::text::Text;

/// Names a list at a version. A code means nothing without both.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ListRef {
    /// `education`, `skill-level` …
    pub list: String,
    /// `gbt4658-2006`, `five` …
    pub version: String,
}

/// How far a list was compared with the text that it comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum SourceCheck {
    /// The text of the standard was read.
    OfficialText,
    /// Seen in public code bases; the standard's own text was not read.
    SeenInCodeBases,
    /// Put together from public data of the standard's codes.
    Compiled,
    /// Known from reports.
    Reported,
    /// This gateway's own list.
    Own,
}

/// Where a list comes from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ListSource {
    /// `GB/T 4658-2006`
    pub standard: String,
    /// How far it was compared.
    pub check: SourceCheck,
    /// What a reader must know.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<Text>,
}

/// How a course of study ended (last digit of GB/T 4658). "本科以上" asks for [`Completion::Graduated`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Completion {
    /// 毕业
    Graduated,
    /// 结业
    Completed,
    /// 肄业
    Incomplete,
}

/// One code.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Entry {
    /// The code.
    pub code: String,
    /// Its Chinese name.
    pub zh: String,
    /// Its English name.
    pub en: String,
    /// The same entry in the list's other columns.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub also: Vec<String>,
    /// First day in use, as far as it is known; absent means from the beginning.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from: Option<PartialDate>,
    /// Last day in use, as far as it is known; absent means in use.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until: Option<PartialDate>,
    /// Our own ordinal, higher is higher; absent where the list gives no order. Codes never give
    /// one: 名誉博士 is 1 before 博士 2, and skill grades fall as skill rises.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rank: Option<u8>,
    /// How the course ended; only in lists of education.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub completion: Option<Completion>,
}

impl Entry {
    /// Was the code in use on `day`? A year or month known coarsely counts whole.
    pub fn in_use(&self, day: Date) -> bool {
        self.from.is_none_or(|from| from.first_day() <= day)
            && self.until.is_none_or(|until| day <= until.last_day())
    }
}

/// A list at a version, as `catalogue/codes/*.json` holds it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CodeList {
    /// `education`
    pub list: String,
    /// `gbt4658-2006`
    pub version: String,
    /// The name for people.
    pub name: Text,
    /// Where it comes from.
    pub source: ListSource,
    /// Does it hold every code of its source?
    pub complete: bool,
    /// Names of the further columns of [`Entry::also`], in order.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub columns: Vec<String>,
    /// First day of the list as a whole, as far as it is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from: Option<PartialDate>,
    /// The codes.
    pub entries: Vec<Entry>,
}

impl CodeList {
    /// Name and version.
    pub fn at(&self) -> ListRef {
        ListRef { list: self.list.clone(), version: self.version.clone() }
    }

    pub(super) fn sorted(mut self) -> Self {
        self.entries.sort_by(|a, b| a.code.cmp(&b.code));
        self
    }

    /// The entry of a code, in use or not.
    pub fn entry(&self, code: &str) -> Option<&Entry> {
        let at = self.entries.binary_search_by(|e| e.code.as_str().cmp(code)).ok()?;
        self.entries.get(at)
    }

    /// The entry whose `column` holds `value` and that was in use on `day`: numeric nationality of
    /// a permanent resident card → country. Numbers pass on (180: Zaire, then Congo), hence the day.
    pub fn by_column(&self, column: &str, value: &str, day: Date) -> Option<&Entry> {
        let at = self.columns.iter().position(|c| c == column)?;
        self.entries.iter().find(|e| e.also.get(at).is_some_and(|v| v == value) && e.in_use(day))
    }

    /// Does `code` reach `floor` ("本科及以上")? Graduated, where the list says how a course ended.
    /// `None` where a code is unknown or the list gives one of them no order: a person decides.
    pub fn reaches(&self, code: &str, floor: &str) -> Option<bool> {
        let (held, asked) = (self.entry(code)?, self.entry(floor)?);
        let ended = match (held.completion, asked.completion) {
            (Some(held), Some(_)) => held == Completion::Graduated,
            (None, Some(_)) => return None,
            (_, None) => true,
        };
        Some(ended && held.rank? >= asked.rank?)
    }
}
