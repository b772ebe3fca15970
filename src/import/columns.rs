//! What seems to be in the columns of a table: a help for writing a mapping. Shows heads and kinds,
//! never the text of a cell.

use std::path::Path;

use serde::Serialize;

use super::ImportError;
use super::date::Written;
use super::number;
use super::table::{Cell, Encoding, Form, Options, Table};

/// Rows that are looked at.
const SAMPLE_ROWS: u64 = 1_000;

/// A column of a table.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Column {
    /// Its head.
    pub head: String,
    /// What its cells seem to be: `date`, `number`, `identifier`, `text`, `empty`; several where cells
    /// differ.
    pub kinds: Vec<&'static str>,
    /// Filled cells among those that were looked at.
    pub filled: u64,
    /// Cells with a formula.
    pub formulas: u64,
    /// Numbers in which Excel has probably lost digits.
    pub damaged: u64,
}

/// The columns of a table and what it was read as.
pub fn columns(file: &Path, options: &Options) -> Result<(Vec<Column>, String), ImportError> {
    let mut table = Table::open(file, options)?;
    let empty = |head: &String| Column {
        head: head.clone(),
        kinds: Vec::new(),
        filled: 0,
        formulas: 0,
        damaged: 0,
    };
    let mut columns: Vec<_> = table.heads.iter().map(empty).collect();
    for _ in 0..SAMPLE_ROWS {
        let Some(row) = table.next()? else { break };
        for (i, column) in columns.iter_mut().enumerate() {
            let cell = row.cells.get(i).unwrap_or(&Cell::Empty);
            column.formulas += u64::from(row.formulas.contains(&i));
            if *cell != Cell::Empty {
                let (kind, damaged) = kind(cell);
                column.filled += 1;
                column.damaged += u64::from(damaged);
                if !column.kinds.contains(&kind) {
                    column.kinds.push(kind);
                }
            }
        }
    }
    let read_as = match table.form {
        Form::Csv(Encoding::Utf8) => "CSV, UTF-8",
        Form::Csv(Encoding::Gb18030) => "CSV, GB 18030",
        Form::Excel { from_1904: false, .. } => "Excel, dates from 1900",
        Form::Excel { from_1904: true, .. } => "Excel, dates from 1904",
    };
    Ok((columns, read_as.to_owned()))
}

/// The kind of a cell, and whether it is a number that lost digits.
fn kind(cell: &Cell) -> (&'static str, bool) {
    match cell {
        Cell::Empty => ("empty", false),
        Cell::Broken => ("error", true),
        Cell::Flag(_) => ("boolean", false),
        Cell::Day { .. } => ("date", false),
        Cell::Percent(_) => ("number", false),
        // A double keeps 15 digits.
        Cell::Number(number) => ("number", number.abs() >= 1e15),
        Cell::Text(text) => {
            let alnum = text.chars().all(|c| c.is_ascii_alphanumeric());
            let digits = text.chars().filter(char::is_ascii_digit).count();
            let zeros = text.len() == 18 && text.ends_with("000");
            if text.contains("E+") {
                ("number", true)
            } else if Written::parse(text).is_ok() {
                ("date", false)
            } else if alnum && digits >= 6 && text.len() >= 8 {
                ("identifier", zeros)
            } else if number::tenths(text).is_ok() || number::percent(text).is_ok() {
                ("number", false)
            } else if matches!(text.as_str(), "是" | "否") {
                ("boolean", false)
            } else {
                ("text", false)
            }
        }
    }
}
