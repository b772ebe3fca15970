//! Rows of one sheet of a workbook (.xlsx, .xls), with what only a workbook has: formulas, merged
//! cells, two systems of dates. The sheet is held in memory, which [`super::FILE_BYTES_MAX`] bounds.

use std::fs::File;
use std::io::BufReader;
use std::path::Path;

use calamine::{
    Data, Dimensions, NumberFormat, Range, Reader, StyleRange, Xls, Xlsx, open_workbook_from_rs,
};

use super::{Cell, Options, Row};
use crate::import::ImportError;

/// Built-in formats that show year and month in a Chinese Excel; their codes are not in the file
/// (ECMA-376 part 1, 18.8.30).
const MONTH_FORMATS: [u32; 5] = [27, 36, 50, 52, 57];

/// Rows of a sheet.
pub struct SheetRows {
    /// Does the workbook count days from 1904?
    pub from_1904: bool,
    cells: Range<Data>,
    formulas: Range<String>,
    /// How cells are shown; empty for .xls, whose formats are not read.
    styles: StyleRange,
    merged: Vec<Dimensions>,
    at: usize,
}

impl SheetRows {
    /// Opens a workbook; `zipped` tells .xlsx from .xls.
    pub fn open(path: &Path, options: &Options, zipped: bool) -> Result<Self, ImportError> {
        let file = BufReader::new(File::open(path)?);
        if zipped {
            let mut book: Xlsx<_> =
                open_workbook_from_rs(file).map_err(|_| ImportError::Damaged)?;
            let name = sheet(&book.sheet_names(), options)?;
            let merged = book.merge_cells_by_sheet_name(&name).unwrap_or_default();
            let from_1904 = book.has_1904_epoch();
            Self::read(&mut book, &name, merged, from_1904)
        } else {
            let mut book: Xls<_> = open_workbook_from_rs(file).map_err(|_| ImportError::Damaged)?;
            let name = sheet(&book.sheet_names(), options)?;
            let merged = book.merge_cells_by_sheet_name(&name).unwrap_or_default();
            let from_1904 = book.has_1904_epoch();
            Self::read(&mut book, &name, merged, from_1904)
        }
    }

    fn read<B: Reader<BufReader<File>>>(
        book: &mut B,
        name: &str,
        merged: Vec<Dimensions>,
        from_1904: bool,
    ) -> Result<Self, ImportError> {
        let cells = book.worksheet_range(name).map_err(|_| ImportError::Damaged)?;
        // A workbook without formulas may have no such part.
        let formulas = book.worksheet_formula(name).unwrap_or_else(|_| Range::empty());
        let styles = book.worksheet_style(name).unwrap_or_else(|_| StyleRange::empty());
        // Cells that are merged within one row hide nothing from the rows below.
        let merged = merged.into_iter().filter(|d| d.start.0 < d.end.0).collect();
        Ok(Self { from_1904, cells, formulas, styles, merged, at: 0 })
    }

    /// Rows that were not read yet.
    pub fn left(&self) -> u64 {
        u64::try_from(self.cells.height().saturating_sub(self.at)).unwrap_or(u64::MAX)
    }

    /// The next row.
    pub fn next(&mut self) -> Option<Row> {
        let (top, left) = self.cells.start()?;
        let row = top.checked_add(u32::try_from(self.at).ok()?)?;
        if self.at >= self.cells.height() {
            return None;
        }
        let mut read = Row { number: u64::from(row) + 1, ..Row::default() };
        for (index, column) in (0..self.cells.width()).zip(left..) {
            let data = self.cells.get((self.at, index)).unwrap_or(&Data::Empty);
            let format = self.styles.get((row, column)).and_then(|s| s.number_format.as_ref());
            read.cells.push(cell(data, format, self.from_1904));
            if self.formulas.get_value((row, column)).is_some_and(|text| !text.is_empty()) {
                read.formulas.push(index);
            }
            let below = |d: &Dimensions| d.contains(row, column) && d.start.0 < row;
            if self.merged.iter().any(below) {
                read.covered.push(index);
            }
        }
        while matches!(read.cells.last(), Some(Cell::Empty)) {
            read.cells.pop();
        }
        self.at += 1;
        Some(read)
    }
}

/// The sheet to read: the one that is named, or the only one.
fn sheet(names: &[String], options: &Options) -> Result<String, ImportError> {
    match (&options.sheet, names) {
        (Some(name), names) if names.contains(name) => Ok(name.clone()),
        (None, [only]) => Ok(only.clone()),
        _ => Err(ImportError::Sheet { sheets: names.to_vec() }),
    }
}

fn cell(data: &Data, format: Option<&NumberFormat>, from_1904: bool) -> Cell {
    match data {
        Data::Empty => Cell::Empty,
        Data::String(text) | Data::DateTimeIso(text) | Data::DurationIso(text) => {
            Cell::of_text(text)
        }
        // Whole numbers beyond 2^53 do not come out of a workbook.
        #[expect(clippy::cast_precision_loss, reason = "workbooks hold doubles anyway")]
        Data::Int(number) => numeric(*number as f64, format),
        Data::Float(number) => numeric(*number, format),
        Data::DateTime(day) if day.is_datetime() => {
            Cell::Day { serial: day.as_f64(), from_1904, month_only: shows_month_only(format) }
        }
        Data::DateTime(span) => Cell::Number(span.as_f64()),
        Data::Bool(flag) => Cell::Flag(*flag),
        Data::Error(_) => Cell::Broken,
    }
}

fn numeric(number: f64, format: Option<&NumberFormat>) -> Cell {
    let shown = |format: &NumberFormat| letters(&format.format_code).any(|c| c == '%');
    if format.is_some_and(shown) { Cell::Percent(number) } else { Cell::Number(number) }
}

fn shows_month_only(format: Option<&NumberFormat>) -> bool {
    let Some(format) = format else { return false };
    let shows = |letter| letters(&format.format_code).any(|c| c == letter);
    format.format_id.is_some_and(|id| MONTH_FORMATS.contains(&id))
        || (shows('y') && shows('m') && !shows('d'))
}

/// The characters of a number format that mean something: not quoted (`"…"`), not escaped (`\x`), not
/// padding (`_x`, `*x`), not colour or locale (`[…]`); in lower case (ECMA-376 part 1, 18.8.31).
fn letters(format: &str) -> impl Iterator<Item = char> {
    let (mut quoted, mut bracketed, mut skip) = (false, false, false);
    format.chars().filter_map(move |c| {
        if std::mem::take(&mut skip) {
            return None;
        }
        match c {
            '"' => quoted = !quoted,
            _ if quoted => {}
            '\\' | '_' | '*' => skip = true,
            '[' => bracketed = true,
            ']' => bracketed = false,
            _ if bracketed => {}
            c => return Some(c.to_ascii_lowercase()),
        }
        None
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_format_says_is_told_from_what_it_only_shows() {
        for (format, said) in [
            ("0.00%", "0.00%"),
            ("0\"%\"", "0"),
            ("0\\%", "0"),
            ("[Red]0%_)", "0%"),
            ("[$-804]yyyy\"年\"m\"月\"", "yyyym"),
            ("YYYY\\-MM\\-DD", "yyyymmdd"),
        ] {
            assert_eq!(letters(format).collect::<String>(), said, "{format}");
        }
    }
}
