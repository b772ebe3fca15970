//! Rows of a CSV file (RFC 4180), one at a time.

use std::fs::File;
use std::path::Path;

use csv::{ErrorKind, Reader, ReaderBuilder, StringRecord};

use super::decode::{Decoding, Encoding};
use super::{COLUMNS_MAX, Cell, Options, Row, RunOn};
use crate::import::ImportError;

/// Rows of a CSV file.
pub struct CsvRows {
    reader: Reader<Decoding<File>>,
    delimiter: u8,
    record: StringRecord,
}

impl CsvRows {
    /// Opens the file; also its encoding and its number of lines, which is about that of its rows.
    pub fn open(path: &Path, options: &Options) -> Result<(Self, Encoding, u64), ImportError> {
        let (encoding, lines) = match options.encoding {
            None => Encoding::detect(path)?,
            Some(given) => (given, given.lines(path)?.ok_or(ImportError::Encoding)?),
        };
        let delimiter = options.delimiter.unwrap_or(b',');
        let reader = ReaderBuilder::new()
            .has_headers(false)
            .flexible(true)
            .delimiter(delimiter)
            .from_reader(Decoding::new(File::open(path)?, encoding));
        Ok((Self { reader, delimiter, record: StringRecord::new() }, encoding, lines))
    }

    /// The next row.
    pub fn next(&mut self) -> Result<Option<Row>, ImportError> {
        match self.reader.read_record(&mut self.record) {
            Ok(false) => return Ok(None),
            Ok(true) => {}
            Err(error) => {
                return Err(match error.into_kind() {
                    ErrorKind::Io(error) => ImportError::Io(error),
                    _ => ImportError::Damaged,
                });
            }
        }
        if self.record.len() > COLUMNS_MAX {
            return Err(ImportError::TooLarge);
        }
        // Empty lines before the record are skipped without a word: it begins where its own lines,
        // counted back from here, begin. A last record whose quotes are left open has no line end.
        let text = self.record.as_slice();
        let within = count(text, b'\n');
        let after = self.reader.position().line();
        let before = self.record.position().map_or(0, csv::Position::line);
        let number = after.saturating_sub(within + 1).max(before);
        let cells = self.record.iter().map(Cell::of_text).collect();
        let run_on = if within == 0 { None } else { self.run_on(number + within) };
        Ok(Some(Row { number, cells, run_on, ..Row::default() }))
    }

    /// The cell that runs over several lines and holds the most delimiters, if any holds one.
    fn run_on(&self, last_line: u64) -> Option<RunOn> {
        let cells = self.record.iter().enumerate().filter(|(_, text)| text.contains('\n'));
        let found = cells.map(|(column, text)| RunOn {
            column,
            last_line: if text.ends_with('\n') { last_line - 1 } else { last_line },
            delimiters: count(text, self.delimiter),
            is_open: text.ends_with('\n'),
        });
        found.filter(|cell| cell.delimiters > 0).max_by_key(|cell| cell.delimiters)
    }
}

fn count(text: &str, byte: u8) -> u64 {
    text.bytes().map(|b| u64::from(b == byte)).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Numbers of the rows, and which of them holds a run-on cell down to which line.
    fn rows(text: &str) -> Vec<(u64, Option<u64>)> {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("t.csv");
        std::fs::write(&path, text).unwrap();
        let (mut rows, _, _) = CsvRows::open(&path, &Options::default()).unwrap();
        let next = || rows.next().unwrap();
        std::iter::from_fn(next).map(|r| (r.number, r.run_on.map(|cell| cell.last_line))).collect()
    }

    #[test]
    fn rows_have_the_numbers_that_an_editor_shows() {
        let text = "a,b\n1,\"x\ny\"\n\n\n2,z\n\"1\n,2\",3\n4,5";
        let numbers = [(1, None), (2, None), (6, None), (7, Some(8)), (9, None)];
        for text in [text.to_owned(), text.replace('\n', "\r\n"), text.replace('\n', "\r")] {
            assert_eq!(rows(&text), numbers, "{text:?}");
            assert_eq!(rows(&format!("{text}\n")), numbers, "{text:?}");
        }
        assert_eq!(rows("a,b\r\n1,\"2\r\n3,4\r\n"), [(1, None), (2, Some(3))]);
    }
}
