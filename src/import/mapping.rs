//! The mapping file: which column becomes which member of a message. Its form and its meaning are in
//! `schemas/import.mapping.1.json`, which is checked first; the types here say the same in Rust.

use std::collections::BTreeSet;

use serde::Deserialize;

use super::ImportError;
use super::shape::{Shape, Texts};
use super::table::head_of;
use crate::catalogue::Catalogue;
use crate::domain::code::Violation;
use crate::domain::codelist::{ListRef, Target};
use crate::domain::registry::MessageType;
use crate::json::{self, Bounds};
use crate::schema::Registry;

/// Name of the schema.
pub const SCHEMA: &str = "import.mapping/1";

/// A mapping file.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Mapping {
    /// What a row becomes.
    #[serde(rename = "type")]
    pub mt: String,
    /// What the mapping is for.
    #[serde(default)]
    pub title: Option<String>,
    /// Sheet of a workbook.
    #[serde(default)]
    pub sheet: Option<String>,
    /// Row of the heads, from 1.
    #[serde(default)]
    pub header_row: Option<u64>,
    /// Delimiter of CSV.
    #[serde(default)]
    pub delimiter: Option<Delimiter>,
    /// Date system of numbers that stand for days.
    #[serde(default)]
    pub serial_dates: Option<DateSystem>,
    /// The row's own id.
    pub id: RecordId,
    /// The other members.
    pub fields: Vec<Field>,
}

/// Delimiters of CSV.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Delimiter {
    /// `,`
    Comma,
    /// Tabulator
    Tab,
    /// `;`
    Semicolon,
}

impl Delimiter {
    /// The character.
    pub const fn byte(self) -> u8 {
        match self {
            Self::Comma => b',',
            Self::Tab => b'\t',
            Self::Semicolon => b';',
        }
    }
}

/// Where serial dates count from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
pub enum DateSystem {
    /// Windows.
    #[serde(rename = "1900")]
    From1900,
    /// Old Macintosh.
    #[serde(rename = "1904")]
    From1904,
}

/// Where the row's own id comes from: exactly one of the two.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RecordId {
    /// A column that holds it.
    #[serde(default)]
    pub column: Option<String>,
    /// Columns that it is derived from.
    #[serde(default)]
    pub derive: Vec<String>,
    /// What stands before it.
    #[serde(default)]
    pub prefix: Option<String>,
}

/// One member of the message.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Field {
    /// JSON Pointer into the message.
    pub to: String,
    /// Column that it comes from.
    #[serde(default)]
    pub column: Option<String>,
    /// Or the same text in every row.
    #[serde(default)]
    pub value: Option<String>,
    /// How the text is read.
    #[serde(default, rename = "as")]
    pub reading: Reading,
    /// From cell text to code.
    #[serde(default)]
    pub values: Vec<Entry>,
    /// The same from a table of the catalogue; `values` come before it.
    #[serde(default)]
    pub table: Option<TableRef>,
    /// May the cell be empty?
    #[serde(default)]
    pub optional: bool,
    /// May it be 长期?
    #[serde(default)]
    pub open: bool,
    /// What an incomplete date stands for.
    #[serde(default)]
    pub partial: Option<Partial>,
    /// A constant only where this column is filled.
    #[serde(default)]
    pub if_filled: Option<String>,
    /// A number of 18 digits may end in 000.
    #[serde(default)]
    pub allow_trailing_zeros: bool,
}

/// A table of `catalogue/codes/mappings.json`.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TableRef {
    /// List of what stands in the cells.
    pub from: ListRef,
    /// List of what the message holds.
    pub to: ListRef,
}

/// How a text is read.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Reading {
    /// As it is.
    #[default]
    Text,
    /// A number of a document: text cells only.
    Identifier,
    /// A day.
    Date,
    /// A date as it is written: a day, or the month or year alone.
    PartialDate,
    /// A month.
    Month,
    /// A whole number.
    Integer,
    /// One decimal, times ten.
    Tenths,
    /// Whole percent.
    Percent,
    /// Yuan into fen.
    Yuan,
    /// 10,000 yuan into fen.
    WanYuan,
    /// 是 or 否.
    Boolean,
}

/// Which day an incomplete date stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Partial {
    /// The first.
    FirstDay,
    /// The last.
    LastDay,
}

/// An entry of a value map.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Entry {
    /// Text of the cell.
    pub cell: String,
    /// What it becomes.
    pub code: String,
}

impl Field {
    /// The texts that it puts into a message whatever the table holds, with their places.
    fn codes(&self) -> impl Iterator<Item = (String, &String)> {
        let entries = self.values.iter().enumerate();
        let codes = entries.map(|(i, entry)| (format!("/values/{i}/code"), &entry.code));
        // A constant with a value map goes through it.
        let value = self.value.iter().filter(|_| self.values.is_empty() && self.table.is_none());
        codes.chain(value.map(|value| ("/value".to_owned(), value)))
    }

    /// The column that decides about it, if one does.
    pub fn head(&self) -> Option<String> {
        self.column.clone().or_else(|| self.if_filled.clone())
    }
}

impl Mapping {
    /// Reads a mapping file: JSON, its schema, then what a schema cannot tell.
    ///
    /// # Errors
    /// [`ImportError::Mapping`] with the places; nothing in it is personal, so a place may be quoted.
    pub fn parse(text: &str, schemas: &Registry) -> Result<Self, ImportError> {
        let places = |places: Vec<Violation>| ImportError::Mapping { places };
        let value = json::read(text.trim_start_matches('\u{feff}').as_bytes(), &Bounds::MESSAGE)
            .map_err(|refusal| {
                let found = refusal.violations;
                places(if found.is_empty() { vec![at("", "JSON")] } else { found })
            })?;
        if let Some(schema) = schemas.get(SCHEMA) {
            schema.validate(&value).map_err(|found| {
                let found = found.into_iter().map(|v| Violation {
                    pointer: v.pointer.trim_start_matches("/body").to_owned(),
                    expected: v.expected,
                });
                places(found.collect())
            })?;
        }
        let mut mapping: Self =
            serde_json::from_value(value).map_err(|_| places(vec![at("", SCHEMA)]))?;
        let mut found = mapping.contradictions(schemas);
        found.extend(mapping.take_tables());
        if found.is_empty() { Ok(mapping) } else { Err(places(found)) }
    }

    /// The message type.
    pub fn message_type(&self) -> Result<MessageType, ImportError> {
        let places = || ImportError::Mapping { places: vec![at("/type", "a message type")] };
        MessageType::parse(&self.mt).ok_or_else(places)
    }

    /// The member that holds the row's own id.
    pub fn id_member(&self) -> &'static str {
        if self.mt.starts_with("funding.") { "grant" } else { "record" }
    }

    /// Every column that is named.
    pub fn columns(&self) -> BTreeSet<String> {
        let fields = self.fields.iter().flat_map(|f| f.column.iter().chain(&f.if_filled));
        let id = self.id.column.iter().chain(&self.id.derive);
        id.chain(fields).map(|name| head_of(name)).collect()
    }

    fn contradictions(&self, schemas: &Registry) -> Vec<Violation> {
        let mut found = Vec::new();
        if self.id.column.is_some() != self.id.derive.is_empty() {
            found.push(at("/id", "column or derive, not both"));
        }
        let shape = Shape::new(schemas, &self.mt);
        let mut targets = BTreeSet::new();
        for (i, field) in self.fields.iter().enumerate() {
            let place = |name: &str| format!("/fields/{i}{name}");
            if field.column.is_some() == field.value.is_some() {
                found.push(at(&place(""), "column or value, not both"));
            }
            if field.if_filled.is_some() && field.value.is_none() {
                found.push(at(&place("/if_filled"), "beside value only"));
            }
            let first = field.to.split('/').nth(1).unwrap_or_default();
            let own = !["action", self.id_member()].contains(&first);
            match shape.texts(&field.to).filter(|_| own) {
                None => {
                    found.push(at(&place("/to"), "a member of the message type other than its id"));
                }
                // Other readings make something else of the text.
                Some(Texts::Codes(codes)) if field.reading == Reading::Text => {
                    let wrong = field.codes().filter(|(_, code)| !codes.contains(code));
                    let expected = format!("one of {}", codes.join(", "));
                    found.extend(wrong.map(|(member, _)| at(&place(&member), &expected)));
                }
                Some(_) => {}
            }
            if !targets.insert(&field.to) {
                found.push(at(&place("/to"), "each target once"));
            }
            let texts: BTreeSet<_> = field.values.iter().map(|e| plain(&e.cell)).collect();
            if texts.len() != field.values.len() {
                found.push(at(&place("/values"), "each cell text once"));
            }
        }
        found
    }

    /// Puts the rows of the catalogue's tables behind the value maps, and says which tables there are
    /// not. A code that cannot be mapped has no row: the cell is then 无法映射 for its row.
    fn take_tables(&mut self) -> Vec<Violation> {
        let mut missing = Vec::new();
        let tables = self.fields.iter_mut().enumerate().filter(|(_, f)| f.table.is_some());
        let mut tables = tables.peekable();
        if tables.peek().is_none() {
            return missing;
        }
        let catalogue = Catalogue::embedded().unwrap_or_default();
        for (i, field) in tables {
            let Some(TableRef { from, to }) = &field.table else { continue };
            let found = catalogue.codes.mappings().find(|m| m.from == *from && m.to == *to);
            let Some(mapping) = found else {
                missing.push(at(&format!("/fields/{i}/table"), "a table of docs/codes.md"));
                continue;
            };
            for row in &mapping.rows {
                let Target::To(code) = &row.target else { continue };
                if field.values.iter().all(|e| plain(&e.cell) != plain(&row.from)) {
                    field.values.push(Entry { cell: row.from.clone(), code: code.clone() });
                }
            }
        }
        missing
    }
}

/// A text as value maps compare it: half-width, without outer white space.
pub fn plain(text: &str) -> String {
    super::date::half_width(text).trim().to_owned()
}

fn at(pointer: &str, expected: &str) -> Violation {
    Violation { pointer: pointer.to_owned(), expected: expected.to_owned() }
}
