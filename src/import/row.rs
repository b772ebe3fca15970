//! From a row of the table to an item of the connector's `PUT`, by the mapping. Everything that is
//! wrong with a row is found at once, so that the clerk mends it once.

use std::collections::HashMap;

use serde_json::{Map, Value, json};

use super::ImportError;
use super::date::{self, Written, half_width};
use super::fault::{Fault, FaultKind};
use super::identifier::identifier;
use super::mapping::{DateSystem, Field, Mapping, Reading, plain};
use super::number;
use super::report::ADDED;
use super::table::{Cell, Form, Row, Table, head_of};
use super::wording::Names;
use crate::domain::text::Text;

/// Most digits of a number that counts days: six, and the year would be after 2173.
const SERIAL_DIGITS_MAX: usize = 5;

/// A mapping laid over the head of a table.
pub struct Plan {
    mapping: Mapping,
    /// Column number by head.
    columns: HashMap<String, usize>,
    /// Number of heads.
    width: usize,
    /// Columns that an earlier report added: no part of the row.
    added: Vec<usize>,
    /// How bare numbers count days, if they may.
    serial: Option<Serial>,
    form: Form,
    /// What the members of the message are called.
    names: Names,
}

/// How a bare number counts days.
#[derive(Clone, Copy)]
struct Serial {
    from_1904: bool,
    /// Does the mapping say so? Otherwise only a likely day is taken for one.
    stated: bool,
}

/// What became of a row.
pub struct Converted {
    /// The item, or what is wrong.
    pub item: Result<Value, Vec<Fault>>,
    /// Remarks that stop nothing, for the report.
    pub remarks: Vec<String>,
}

impl Plan {
    /// Finds the columns of a mapping in a table.
    ///
    /// # Errors
    /// [`ImportError::Columns`] with the heads that are missing or occur twice.
    pub fn new(mapping: Mapping, table: &Table, names: Names) -> Result<Self, ImportError> {
        let mut columns = HashMap::new();
        let mut twice = Vec::new();
        for (i, head) in table.heads.iter().enumerate().filter(|(_, head)| !head.is_empty()) {
            if columns.insert(head.clone(), i).is_some() {
                twice.push(head.clone());
            }
        }
        let needed = mapping.columns();
        let missing: Vec<_> =
            needed.iter().filter(|name| !columns.contains_key(*name)).cloned().collect();
        twice.retain(|head| needed.contains(head));
        if !missing.is_empty() || !twice.is_empty() {
            return Err(ImportError::Columns { missing, twice });
        }
        let serial = match (mapping.serial_dates, table.form) {
            (Some(system), _) => {
                Some(Serial { from_1904: system == DateSystem::From1904, stated: true })
            }
            (None, Form::Excel { from_1904, .. }) => Some(Serial { from_1904, stated: false }),
            (None, Form::Csv(_)) => None,
        };
        let width = table.heads.len();
        let heads = table.heads.iter().enumerate();
        let added = heads.filter(|(_, head)| ADDED.contains(&head.as_str())).map(|(i, _)| i);
        let (added, form) = (added.collect(), table.form);
        Ok(Self { mapping, columns, width, added, serial, form, names })
    }

    /// The mapping.
    pub fn mapping(&self) -> &Mapping {
        &self.mapping
    }

    /// Why a row is no record: there is nothing in it, whatever an earlier report says of it, or it adds
    /// up the others.
    pub fn skips(&self, row: &Row) -> Option<FaultKind> {
        let mut own = row.cells.iter().enumerate().filter(|(i, _)| !self.added.contains(i));
        if own.all(|(_, cell)| *cell == Cell::Empty) {
            return Some(FaultKind::EmptyRow);
        }
        row.is_total().then_some(FaultKind::TotalRow)
    }

    /// What tells the record of a row from every other; `None` where the row does not say it.
    pub fn name(&self, row: &Row) -> Option<String> {
        if self.swallowed(row).is_some() {
            return None;
        }
        let mut name = self.id(row).ok()?.to_string();
        // One grant has many payments.
        if self.mapping.mt.starts_with("funding.payment/") {
            let voucher = self.mapping.fields.iter().find(|field| field.to == "/voucher")?;
            name.push_str(&self.field(voucher, row).ok()??.to_string());
        }
        Some(name)
    }

    /// Makes an item of a row.
    pub fn convert(&self, row: &Row) -> Converted {
        if let Some(fault) = self.swallowed(row) {
            // Whatever else is wrong with the row follows from this.
            return Converted { item: Err(vec![fault]), remarks: Vec::new() };
        }
        let mut faults = Vec::new();
        let extra = row.cells.get(self.width..).unwrap_or_default();
        if extra.iter().any(|cell| *cell != Cell::Empty) {
            faults.push(Fault::row(FaultKind::Columns));
        }
        let mut item = Value::Object(Map::new());
        match self.id(row) {
            Ok(id) => item[self.mapping.id_member()] = id,
            Err(fault) => faults.push(fault),
        }
        for field in &self.mapping.fields {
            match self.field(field, row) {
                Ok(None) => {}
                Ok(Some(value)) => place(&mut item, &field.to, value),
                Err(fault) => faults.push(fault),
            }
        }
        faults
            .sort_by_key(|fault| fault.column.as_ref().and_then(|c| self.columns.get(&head_of(c))));
        faults.dedup();
        let item = if faults.is_empty() { Ok(item) } else { Err(faults) };
        Converted { item, remarks: self.remarks(row) }
    }

    /// The head of the column behind a pointer into the message, the closest one.
    pub fn column_of(&self, pointer: &str) -> Option<String> {
        if let Some(field) = self.mapping.fields.iter().find(|field| field.to == pointer) {
            return field.head();
        }
        // A place above or below: `/subject` for `/subject/number`.
        let near = |field: &&Field| {
            field.to.starts_with(&format!("{pointer}/"))
                || pointer.starts_with(&format!("{}/", field.to))
        };
        let mut columns = self.mapping.fields.iter().filter(near).filter_map(Field::head);
        self.column_at(pointer)
            .or_else(|| if pointer.is_empty() { None } else { columns.next_back() })
    }

    /// The head of the column that is mapped to this very pointer.
    pub fn column_at(&self, pointer: &str) -> Option<String> {
        let Mapping { id, fields, .. } = &self.mapping;
        if pointer.strip_prefix('/') == Some(self.mapping.id_member()) {
            return id.column.clone().or_else(|| id.derive.first().cloned());
        }
        fields.iter().find(|field| field.to == pointer).and_then(Field::head)
    }

    /// What the member at a pointer is called; the pointer itself where it has no name.
    pub fn name_of(&self, pointer: &str) -> Text {
        self.names.of(pointer).unwrap_or_else(|| Text::new(pointer, pointer))
    }

    fn cell<'a>(&self, name: &str, row: &'a Row) -> (usize, &'a Cell) {
        let column = self.columns.get(&head_of(name)).copied().unwrap_or(usize::MAX);
        (column, row.cells.get(column).unwrap_or(&Cell::Empty))
    }

    /// The cell of a column, with the faults that only a workbook has.
    fn filled<'a>(&self, name: &str, row: &'a Row) -> Result<&'a Cell, Fault> {
        let (column, cell) = self.cell(name, row);
        match cell {
            Cell::Broken => Err(Fault::cell(FaultKind::Broken, name)),
            Cell::Empty if row.covered.contains(&column) => {
                Err(Fault::cell(FaultKind::Merged, name))
            }
            Cell::Empty if row.formulas.contains(&column) => {
                Err(Fault::cell(FaultKind::FormulaEmpty, name))
            }
            cell => Ok(cell),
        }
    }

    fn id(&self, row: &Row) -> Result<Value, Fault> {
        let id = &self.mapping.id;
        let prefix = id.prefix.clone().unwrap_or_default();
        if let Some(column) = &id.column {
            let text = identifier(self.filled(column, row)?, true, column)?;
            return Ok(Value::from(prefix + &half_width(&text)));
        }
        let mut texts = Vec::with_capacity(id.derive.len());
        for column in &id.derive {
            let text = identifier(self.filled(column, row)?, true, column)?;
            texts.push(half_width(&text).to_uppercase());
        }
        Ok(if prefix.is_empty() {
            json!({ "derive": texts })
        } else {
            json!({ "derive": texts, "prefix": prefix })
        })
    }

    fn field(&self, field: &Field, row: &Row) -> Result<Option<Value>, Fault> {
        if let Some(column) = &field.if_filled
            && *self.filled(column, row)? == Cell::Empty
        {
            return Ok(None);
        }
        let constant = field.value.as_ref().map(|text| Cell::Text(text.clone()));
        let (cell, name) = match (&constant, &field.column) {
            (Some(cell), _) => (cell, field.to.as_str()),
            (None, Some(column)) => (self.filled(column, row)?, column.as_str()),
            (None, None) => return Ok(None),
        };
        if *cell == Cell::Empty {
            let fault = || Fault::cell(FaultKind::Empty, name);
            return if field.optional { Ok(None) } else { Err(fault()) };
        }
        let mapped = mapped(field, cell, name)?;
        self.read(field, mapped.as_ref().unwrap_or(cell), name)
    }

    fn read(&self, field: &Field, cell: &Cell, name: &str) -> Result<Option<Value>, Fault> {
        let fault = |kind| Fault::cell(kind, name);
        let text = || cell.text();
        Ok(Some(match field.reading {
            Reading::Text => Value::from(text()),
            Reading::Identifier => Value::from(identifier(cell, field.allow_trailing_zeros, name)?),
            Reading::Date => {
                let written = self.written(cell).map_err(fault)?;
                if written == Written::Open && !field.open {
                    return Err(fault(FaultKind::DateOpen));
                }
                match written.day(field.partial).map_err(fault)? {
                    Some(day) => Value::from(day.to_string()),
                    None => return Ok(None),
                }
            }
            Reading::PartialDate => {
                Value::from(self.written(cell).and_then(Written::as_given).map_err(fault)?)
            }
            Reading::Month => {
                let month = self.written(cell).and_then(Written::month).map_err(fault)?;
                Value::from(month.to_string())
            }
            Reading::Integer => Value::from(number::integer(&text()).map_err(fault)?),
            Reading::Tenths => Value::from(number::tenths(&text()).map_err(fault)?),
            Reading::Percent => {
                let formats = !matches!(self.form, Form::Excel { formats: false, .. });
                match cell {
                    // 1 is 100% in a cell that is shown so, and 1% in any other.
                    Cell::Number(number) if !formats && *number <= 1.0 => {
                        return Err(fault(FaultKind::PercentFormat));
                    }
                    _ => Value::from(number::percent(&text()).map_err(fault)?),
                }
            }
            Reading::Yuan => {
                json!(number::fen(&text(), number::YUAN_DECIMALS).map_err(fault)?)
            }
            Reading::WanYuan => {
                json!(number::fen(&text(), number::WAN_YUAN_DECIMALS).map_err(fault)?)
            }
            Reading::Boolean => match plain(&text()).to_lowercase().as_str() {
                "是" | "true" => Value::from(true),
                "否" | "false" => Value::from(false),
                _ => return Err(fault(FaultKind::BooleanUnreadable)),
            },
        }))
    }

    fn written(&self, cell: &Cell) -> Result<Written, FaultKind> {
        match cell {
            Cell::Day { serial, from_1904, .. } => {
                let day = date::of_serial(*serial, *from_1904)?;
                // Its text is that of a month where only a month was typed.
                Ok(Written::parse(&cell.text()).unwrap_or(Written::of_day(day)))
            }
            Cell::Number(number) if number.fract() != 0.0 => Err(FaultKind::DateFraction),
            Cell::Number(number) => self.digits(&number.to_string()),
            cell => {
                let text = half_width(&cell.text());
                // What the cell was before it became text is not known.
                if matches!(self.form, Form::Csv(_)) && is_cut_october(&text) {
                    return Err(FaultKind::DateFraction);
                }
                let digits = !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
                if digits { self.digits(&text) } else { Written::parse(&text) }
            }
        }
    }

    /// 2026, 202603 and 20260301 are what people type for a year, a month and a day; up to five digits
    /// that are no year may count days.
    fn digits(&self, text: &str) -> Result<Written, FaultKind> {
        let written = Written::parse(text);
        if written != Err(FaultKind::DateUnreadable) || text.len() > SERIAL_DIGITS_MAX {
            return written;
        }
        let days = text.parse().map_err(|_| FaultKind::DateUnreadable)?;
        let Some(Serial { from_1904, stated }) = self.serial else {
            return Err(FaultKind::DateSerial);
        };
        let day = date::of_serial(days, from_1904)?;
        if stated || date::YEARS_LIKELY.contains(&day.year()) {
            Ok(Written::Day(day))
        } else {
            Err(FaultKind::DateUnreadable)
        }
    }

    /// The fault of a row with a cell that holds as many delimiters as a whole row: its quotes do not
    /// pair, and rows below it lie in the cell.
    fn swallowed(&self, row: &Row) -> Option<Fault> {
        let cell = row.run_on?;
        let (width, cells) = (u64::try_from(self.width).ok()?, row.cells.len());
        if cell.delimiters + 1 < width && !(cell.is_open && cells < self.width) {
            return None;
        }
        let lines = (row.number, cell.last_line);
        Some(Fault::lines(FaultKind::QuoteOpen, self.head(cell.column), lines))
    }

    fn head(&self, column: usize) -> Option<&str> {
        self.columns.iter().find(|(_, at)| **at == column).map(|(head, _)| head.as_str())
    }

    /// What was taken all the same: computed values of formulas in mapped columns, and a cell over
    /// several lines that may have swallowed a piece of another row.
    fn remarks(&self, row: &Row) -> Vec<String> {
        let needed = self.mapping.columns();
        let mut remarks = Vec::new();
        if let Some(cell) = row.run_on {
            let head = self.head(cell.column).unwrap_or_default();
            let (first, last) = (row.number, cell.last_line);
            remarks.push(format!(
                "“{head}”含换行和分隔符，本行占第{first}至{last}行：请核对引号是否成对"
            ));
        }
        for (head, column) in &self.columns {
            if needed.contains(head) && row.formulas.contains(column) {
                remarks.push(format!("“{head}”为公式，采用其计算结果"));
            }
        }
        remarks.sort_unstable();
        remarks
    }
}

/// `2024.1`: what Excel writes into a CSV file for 2024.10 as well.
fn is_cut_october(text: &str) -> bool {
    let Some((year, month)) = text.split_once('.') else { return false };
    month == "1" && year.len() == 4 && year.bytes().all(|b| b.is_ascii_digit())
}

/// The entry of the value map for a cell; `None` where the field has no map.
fn mapped(field: &Field, cell: &Cell, name: &str) -> Result<Option<Cell>, Fault> {
    if field.values.is_empty() {
        return Ok(None);
    }
    let text = plain(&cell.text());
    let entry = field.values.iter().find(|entry| plain(&entry.cell) == text);
    let entry = entry.ok_or_else(|| Fault::cell(FaultKind::Unmapped, name))?;
    Ok(Some(Cell::Text(entry.code.clone())))
}

/// Puts a value at a pointer, making objects and, for numbers, arrays on the way.
fn place(item: &mut Value, pointer: &str, value: Value) {
    let mut at = item;
    for part in pointer.split('/').skip(1) {
        at = match part.parse::<usize>() {
            Ok(index) if index < 100 => {
                if !at.is_array() {
                    *at = Value::Array(Vec::new());
                }
                let Value::Array(items) = at else { return };
                while items.len() <= index {
                    items.push(Value::Null);
                }
                match items.get_mut(index) {
                    Some(item) => item,
                    None => return,
                }
            }
            _ => {
                if !at.is_object() {
                    *at = Value::Object(Map::new());
                }
                let Value::Object(members) = at else { return };
                members.entry(part.to_owned()).or_insert(Value::Null)
            }
        };
    }
    *at = value;
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::import::table::Encoding;
    use crate::schema::Registry;

    fn plan(serial: Option<Serial>, form: Form) -> Plan {
        let mapping = json!({"type": "fact/1", "id": {"column": "a"}, "fields": []});
        let mapping = serde_json::from_value(mapping).unwrap();
        let names = Names::new(&Registry::load().unwrap(), "fact/1");
        let (columns, added) = (HashMap::new(), Vec::new());
        Plan { mapping, columns, width: 1, added, serial, form, names }
    }

    #[test]
    fn months_that_were_typed_as_numbers_are_months_or_refused() {
        use FaultKind::{DateFraction, DateNone, DateSerial, DateUnreadable};
        let serial = |stated| Some(Serial { from_1904: false, stated });
        let workbook = Form::Excel { from_1904: false, formats: true };
        let (book, stated) = (plan(serial(false), workbook), plan(serial(true), workbook));
        let csv = plan(None, Form::Csv(Encoding::Utf8));
        let read = |plan: &Plan, cell: Cell| {
            plan.written(&cell).map(|written| match written {
                Written::Day(day) => day.to_string(),
                Written::Month(month) => month.to_string(),
                Written::Year(year) => year.to_string(),
                Written::Open => "open".to_owned(),
            })
        };
        for (number, expected) in [
            (201_006.0, Ok("2010-06")),
            (203_012.0, Ok("2030-12")),
            (202_401.0, Ok("2024-01")),
            (202_413.0, Err(DateNone)),
            (260_301.0, Err(DateUnreadable)),
            (20_240_229.0, Ok("2024-02-29")),
            (2024.0, Ok("2024")),
            (2024.1, Err(DateFraction)),
            (46_082.5, Err(DateFraction)),
            (46_082.0, Ok("2026-03-01")),
            (99_999.0, Err(DateUnreadable)),
            (7.0, Err(DateUnreadable)),
            (-46_082.0, Err(DateUnreadable)),
        ] {
            let expected = expected.map(str::to_owned);
            assert_eq!(read(&book, Cell::Number(number)), expected, "{number}");
            if number.fract() == 0.0 {
                let text = Cell::Text(number.to_string());
                assert_eq!(read(&book, text), expected, "{number} as text");
            }
        }
        assert_eq!(read(&stated, Cell::Number(99_999.0)).as_deref(), Ok("2173-10-13"));
        assert_eq!(read(&stated, Cell::Number(201_006.0)).as_deref(), Ok("2010-06"));
        let text = |text: &str| Cell::Text(text.to_owned());
        assert_eq!(read(&csv, text("201006")).as_deref(), Ok("2010-06"));
        assert_eq!(read(&csv, text("46082")), Err(DateSerial));
        // The last 0 of October is lost in a CSV file too; a text cell of a workbook keeps it.
        assert_eq!(read(&csv, text("2024.1")), Err(DateFraction));
        assert_eq!(read(&csv, text("2024.10")).as_deref(), Ok("2024-10"));
        assert_eq!(read(&book, text("2024.1")).as_deref(), Ok("2024-01"));
    }

    #[test]
    fn pointers_make_what_they_lead_through() {
        let mut item = json!({});
        place(&mut item, "/validity/from", json!("2026-03-01"));
        place(&mut item, "/payers/0/share/percent", json!(100));
        place(&mut item, "/payers/0/tier", json!("district"));
        let expected = json!({
            "validity": {"from": "2026-03-01"},
            "payers": [{"share": {"percent": 100}, "tier": "district"}],
        });
        assert_eq!(item, expected);
    }
}
