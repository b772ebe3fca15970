//! The report: a copy of the table with what became of each row beside it. It holds the plain
//! identifiers of the table, so only its owner may read it, and it takes its name when it is complete.

use std::fs::{self, File, OpenOptions};
use std::io::{self, BufWriter, Write as _};
use std::path::{Path, PathBuf};

use encoding_rs::GB18030;
use rust_xlsxwriter::Workbook;

use super::ImportError;
use super::table::{Cell, Encoding, Form, Row};

/// Heads of the columns that the report adds; a table that has them already gets them anew.
pub const ADDED: [&str; 4] = ["结果", "错误代码", "说明", "位置"];
/// Longest run of digits that Excel shows as it is; longer ones get a tabulator behind them in CSV,
/// which makes Excel take them as text and which is trimmed when the report is read again.
const PLAIN_DIGITS_MAX: usize = 11;

/// What stands beside a row.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Verdict {
    /// 已受理, 未变化 …
    pub outcome: &'static str,
    /// Stable codes.
    pub codes: String,
    /// What is wrong, in words.
    pub text: String,
    /// Log position, or number in the outbox.
    pub place: String,
}

/// A report that is being written.
pub struct Report {
    path: PathBuf,
    part: PathBuf,
    /// Columns of the table that are copied.
    copied: Vec<bool>,
    rows: u32,
    sink: Sink,
}

enum Sink {
    Csv(Box<csv::Writer<BufWriter<File>>>, Encoding),
    Excel(Box<Workbook>),
}

impl Report {
    /// Begins the report beside its final name.
    pub fn create(path: &Path, form: Form, heads: &[String]) -> Result<Self, ImportError> {
        let mut part = path.as_os_str().to_owned();
        part.push(".part");
        let part = PathBuf::from(part);
        let sink = match form {
            Form::Excel { .. } => {
                let mut book = Workbook::new();
                book.add_worksheet();
                Sink::Excel(Box::new(book))
            }
            Form::Csv(encoding) => {
                let mut file = BufWriter::new(private(&part)?);
                if encoding == Encoding::Utf8 {
                    // Without the mark Excel takes UTF-8 for the code page of the machine.
                    file.write_all("\u{feff}".as_bytes())?;
                }
                let writer = csv::WriterBuilder::new().flexible(true).from_writer(file);
                Sink::Csv(Box::new(writer), encoding)
            }
        };
        let copied = heads.iter().map(|head| !ADDED.contains(&head.as_str())).collect();
        let mut report = Self { path: path.to_owned(), part, copied, rows: 0, sink };
        let heads: Vec<_> = heads.iter().map(|head| Cell::Text(head.clone())).collect();
        report.line(&heads, ADDED.map(str::to_owned))?;
        Ok(report)
    }

    /// Adds a row and what became of it.
    pub fn row(&mut self, row: &Row, verdict: &Verdict) -> Result<(), ImportError> {
        let Verdict { outcome, codes, text, place } = verdict.clone();
        self.line(&row.cells, [outcome.to_owned(), codes, text, place])
    }

    /// Completes the report and gives it its name.
    pub fn finish(self) -> Result<PathBuf, ImportError> {
        match self.sink {
            Sink::Csv(writer, _) => {
                let file = writer.into_inner().map_err(csv::IntoInnerError::into_error)?;
                file.into_inner().map_err(io::IntoInnerError::into_error)?.sync_all()?;
            }
            Sink::Excel(mut book) => {
                let mut file = private(&self.part)?;
                book.save_to_writer(&mut file).map_err(|_| ImportError::Report)?;
                file.sync_all()?;
            }
        }
        fs::rename(&self.part, &self.path)?;
        Ok(self.path)
    }

    fn line(&mut self, cells: &[Cell], added: [String; 4]) -> Result<(), ImportError> {
        let empty = Cell::Empty;
        let copied = self.copied.iter().enumerate().filter(|(_, copied)| **copied);
        let texts = copied.map(|(i, _)| cells.get(i).unwrap_or(&empty).text());
        let texts = texts.chain(added);
        match &mut self.sink {
            Sink::Csv(writer, encoding) => {
                let texts = texts.map(|text| guarded(&text));
                let bytes = texts.map(|text| match encoding {
                    Encoding::Utf8 => text.into_bytes(),
                    Encoding::Gb18030 => GB18030.encode(&text).0.into_owned(),
                });
                let record: csv::ByteRecord = bytes.collect();
                writer.write_byte_record(&record).map_err(|_| ImportError::Report)?;
            }
            Sink::Excel(book) => {
                let sheet = book.worksheet_from_index(0).map_err(|_| ImportError::Report)?;
                for (column, text) in (0_u16..).zip(texts).filter(|(_, text)| !text.is_empty()) {
                    // Always as text: nothing is taken for a formula, and no digit is lost.
                    sheet.write_string(self.rows, column, text).map_err(|_| ImportError::Report)?;
                }
            }
        }
        self.rows = self.rows.saturating_add(1);
        Ok(())
    }
}

/// A text that Excel neither runs nor rounds when it opens the CSV file.
fn guarded(text: &str) -> String {
    if text.starts_with(['=', '+', '-', '@', '\t', '\r']) {
        return format!("'{text}");
    }
    if text.len() > PLAIN_DIGITS_MAX && text.bytes().all(|b| b.is_ascii_digit()) {
        return format!("{text}\t");
    }
    text.to_owned()
}

/// A file that only its owner reads, also when it was there before.
fn private(path: &Path) -> io::Result<File> {
    match fs::remove_file(path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
        _ => {}
    }
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt as _;
        options.mode(0o600);
    }
    options.open(path)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_excel_would_run_or_round_is_kept_and_reads_back() {
        for (text, written) in [
            ("=1+1", "'=1+1"),
            ("@SUM(A1)", "'@SUM(A1)"),
            ("-3", "'-3"),
            ("310118199001010014", "310118199001010014\t"),
            ("13800000000", "13800000000"),
            ("甲", "甲"),
        ] {
            assert_eq!(guarded(text), written);
            assert_eq!(Cell::of_text(&guarded(text)).text(), text, "reads back");
        }
    }
}
