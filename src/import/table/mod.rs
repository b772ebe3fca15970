//! A table as rows of cells, whatever file it lies in. The kind of file is known by its first bytes,
//! never by its name.

mod csv_file;
mod decode;
mod excel;

use std::fs::File;
use std::io::Read as _;
use std::path::Path;

pub use self::decode::Encoding;
use super::{ImportError, date};
use crate::domain::time::Month;

/// Largest file that is read: 200,000 rows of 300 bytes and room.
pub const FILE_BYTES_MAX: u64 = 64 * 1024 * 1024;
/// Most rows of one table below its head.
pub const ROWS_MAX: u64 = 200_000;
/// Most columns of one table.
pub const COLUMNS_MAX: usize = 512;

/// One cell.
#[derive(Clone, PartialEq, Default)]
pub enum Cell {
    /// Nothing.
    #[default]
    Empty,
    /// Text, with outer white space and marks that only keep Excel from guessing taken off.
    Text(String),
    /// A numeric cell of a workbook.
    Number(f64),
    /// A numeric cell of a workbook that is shown as a percentage: 0.2 for 20%.
    Percent(f64),
    /// A numeric cell that is formatted as a date.
    Day {
        /// Days since the epoch of the workbook.
        serial: f64,
        /// Is that epoch 1904?
        from_1904: bool,
        /// Does the workbook show year and month alone? Excel puts the first day where none was
        /// typed.
        month_only: bool,
    },
    /// TRUE or FALSE of a workbook.
    Flag(bool),
    /// `#REF!`, `#N/A` and the like.
    Broken,
}

impl Cell {
    /// A cell of text; nothing but white space is empty.
    pub fn of_text(text: &str) -> Self {
        let text = unwrapped(text.trim());
        if text.is_empty() { Self::Empty } else { Self::Text(text.to_owned()) }
    }

    /// As people see it, without the format of the workbook.
    pub fn text(&self) -> String {
        match self {
            Self::Empty => String::new(),
            Self::Text(text) => text.clone(),
            // The shortest text that reads back as the same number: what was typed in.
            Self::Number(number) => number.to_string(),
            Self::Percent(number) => percent(*number),
            Self::Day { serial, from_1904, month_only } => {
                match date::of_serial(*serial, *from_1904) {
                    Ok(day) if *month_only && day.day() == 1 => Month::of(day).to_string(),
                    Ok(day) => day.to_string(),
                    Err(_) => serial.to_string(),
                }
            }
            Self::Flag(true) => "是".to_owned(),
            Self::Flag(false) => "否".to_owned(),
            Self::Broken => "#错误".to_owned(),
        }
    }
}

/// A hundred times the number, by moving the point in its digits: exact, which a product is not.
fn percent(number: f64) -> String {
    let text = number.to_string();
    let (sign, text) = text.strip_prefix('-').map_or(("", text.as_str()), |text| ("-", text));
    let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
    let (moved, left) = fraction.split_at_checked(2).unwrap_or((fraction, ""));
    let whole = format!("{whole}{moved:0<2}");
    let whole = match whole.trim_start_matches('0') {
        "" => "0",
        whole => whole,
    };
    let point = if left.is_empty() { "" } else { "." };
    format!("{sign}{whole}{point}{left}%")
}

/// Takes off what people and our own reports put round a text so that Excel leaves it alone:
/// `="…"`, and `'` before a sign that would begin a formula.
fn unwrapped(text: &str) -> &str {
    let inner = text.strip_prefix("=\"").and_then(|rest| rest.strip_suffix('"'));
    if let Some(inner) = inner.filter(|inner| !inner.contains('"')) {
        return inner.trim();
    }
    match text.strip_prefix('\'') {
        Some(rest) if rest.starts_with(|c: char| "=+-@".contains(c) || c.is_ascii_digit()) => rest,
        _ => text,
    }
}

/// One row of a table. `Debug` is left out: rows hold personal data.
#[derive(Clone, Default)]
pub struct Row {
    /// Number of the row in the file, from 1, as Excel and editors show it.
    pub number: u64,
    /// Its cells; there may be fewer or more than heads.
    pub cells: Vec<Cell>,
    /// Columns (from 0) that hold a formula.
    pub formulas: Vec<usize>,
    /// Columns (from 0) that a merged cell above covers.
    pub covered: Vec<usize>,
    /// A cell of a text file that may have swallowed rows, because its quotes do not pair.
    pub run_on: Option<RunOn>,
}

/// A cell of a text file that runs over several lines and holds delimiters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RunOn {
    /// Its column, from 0.
    pub column: usize,
    /// The line on which it ends.
    pub last_line: u64,
    /// Delimiters in it.
    pub delimiters: u64,
    /// Does it end with its line, as the last cell of a file does whose quote nobody closed?
    pub is_open: bool,
}

impl Row {
    /// Is there nothing in it?
    pub fn is_blank(&self) -> bool {
        self.cells.iter().all(|cell| *cell == Cell::Empty)
    }

    /// Does it begin like a row of totals?
    pub fn is_total(&self) -> bool {
        const WORDS: [&str; 6] = ["合计", "总计", "小计", "共计", "本页合计", "累计"];
        let first = self.cells.iter().find(|cell| **cell != Cell::Empty);
        let Some(Cell::Text(text)) = first else { return false };
        let text: String = text.chars().filter(|c| !c.is_whitespace()).collect();
        WORDS.iter().any(|word| text.trim_end_matches(['：', ':']) == *word)
    }
}

/// How to read a file.
#[derive(Clone, Debug, Default)]
pub struct Options {
    /// Sheet of a workbook; needed where there are several.
    pub sheet: Option<String>,
    /// Encoding of a text file; found out when absent.
    pub encoding: Option<Encoding>,
    /// Delimiter of a text file; a comma when absent.
    pub delimiter: Option<u8>,
    /// Row of the heads, from 1.
    pub header_row: u64,
}

/// What kind of file a table was read from, which decides the form of the report.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// CSV in an encoding.
    Csv(Encoding),
    /// An Excel workbook.
    Excel {
        /// Does it count days from 1904?
        from_1904: bool,
        /// Is it known how numbers are shown? Not of .xls.
        formats: bool,
    },
}

/// An open table, read up to its head.
pub struct Table {
    /// Heads, without white space; empty where a column has none.
    pub heads: Vec<String>,
    /// What it was read from.
    pub form: Form,
    /// Rows below the head, as far as can be told before reading.
    pub rows_about: u64,
    source: Source,
    read: u64,
}

enum Source {
    Csv(Box<csv_file::CsvRows>),
    Excel(Box<excel::SheetRows>),
}

impl Table {
    /// Opens a file and reads its head.
    ///
    /// # Errors
    /// [`ImportError`] when it is no table, too large, in another encoding, or has no head.
    pub fn open(path: &Path, options: &Options) -> Result<Self, ImportError> {
        let mut file = File::open(path)?;
        if file.metadata()?.len() > FILE_BYTES_MAX {
            return Err(ImportError::TooLarge);
        }
        let mut magic = [0; 4];
        let n = file.read(&mut magic)?;
        let magic = magic.get(..n).unwrap_or_default();
        let zipped = magic == [b'P', b'K', 3, 4];
        let (mut source, form, rows_about) = if zipped || magic == [0xd0, 0xcf, 0x11, 0xe0] {
            let rows = excel::SheetRows::open(path, options, zipped)?;
            let form = Form::Excel { from_1904: rows.from_1904, formats: zipped };
            let about = rows.left();
            (Source::Excel(Box::new(rows)), form, about)
        } else {
            let (rows, encoding, lines) = csv_file::CsvRows::open(path, options)?;
            (Source::Csv(Box::new(rows)), Form::Csv(encoding), lines)
        };
        let head = loop {
            match source.next()? {
                None => return Err(ImportError::NoHead),
                Some(row) if row.number < options.header_row => {}
                Some(row) if row.is_blank() => {}
                Some(row) => break row,
            }
        };
        if head.cells.len() > COLUMNS_MAX {
            return Err(ImportError::TooLarge);
        }
        let heads = head.cells.iter().map(|cell| head_of(&cell.text())).collect();
        Ok(Self { heads, form, rows_about, source, read: 0 })
    }

    /// The next row; rows that end in nothing are given as they are.
    pub fn next(&mut self) -> Result<Option<Row>, ImportError> {
        let row = self.source.next()?;
        self.read += u64::from(row.is_some());
        if self.read > ROWS_MAX {
            return Err(ImportError::TooLarge);
        }
        Ok(row)
    }
}

impl Source {
    fn next(&mut self) -> Result<Option<Row>, ImportError> {
        match self {
            Self::Csv(rows) => rows.next(),
            Self::Excel(rows) => Ok(rows.next()),
        }
    }
}

/// A head as it is compared: without white space, which line breaks in cells bring in.
pub fn head_of(text: &str) -> String {
    text.chars().filter(|c| !c.is_whitespace() && *c != '\u{feff}').collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_against_guessing_come_off() {
        for (given, is) in [
            ("=\"310118199001010014\"", "310118199001010014"),
            ("'310118199001010014", "310118199001010014"),
            ("'=1+1", "=1+1"),
            ("310118199001010014\t", "310118199001010014"),
            ("\u{3000}甲 乙\u{3000}", "甲 乙"),
            ("'甲'", "'甲'"),
        ] {
            assert!(Cell::of_text(given) == Cell::Text(is.to_owned()), "{given}");
        }
        assert!(Cell::of_text(" \u{3000}\t") == Cell::Empty);
    }

    #[test]
    fn percentages_are_exact_and_months_have_no_day() {
        for (number, text) in [
            (1.0, "100%"),
            (0.2, "20%"),
            (0.07, "7%"),
            (0.29, "29%"),
            (0.125, "12.5%"),
            (0.0, "0%"),
            (-0.05, "-5%"),
            (12.0, "1200%"),
            (0.001, "0.1%"),
        ] {
            assert_eq!(Cell::Percent(number).text(), text, "{number}");
        }
        let day = |serial, month_only| Cell::Day { serial, from_1904: false, month_only }.text();
        assert_eq!(day(46_082.0, true), "2026-03");
        assert_eq!(day(46_083.0, true), "2026-03-02", "a day was typed");
        assert_eq!(day(46_082.0, false), "2026-03-01");
    }

    #[test]
    fn totals_are_known_by_their_first_cell() {
        let row = |texts: &[&str]| Row {
            cells: texts.iter().map(|t| Cell::of_text(t)).collect(),
            ..Row::default()
        };
        assert!(row(&["", "合 计：", "12"]).is_total());
        assert!(!row(&["合计科技有限公司", "12"]).is_total());
        assert!(!row(&[]).is_total() && row(&["", " "]).is_blank());
    }
}
