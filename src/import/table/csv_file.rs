//! Rows of a CSV file (RFC 4180), one at a time.

use std::fs::File;
use std::path::Path;

use csv::{ErrorKind, Reader, ReaderBuilder, StringRecord};

use super::decode::{Decoding, Encoding};
use super::{COLUMNS_MAX, Cell, Options, Row};
use crate::import::ImportError;

/// Rows of a CSV file.
pub struct CsvRows {
    reader: Reader<Decoding<File>>,
    record: StringRecord,
}

impl CsvRows {
    /// Opens the file; also its encoding and its number of lines, which is about that of its rows.
    pub fn open(path: &Path, options: &Options) -> Result<(Self, Encoding, u64), ImportError> {
        let (encoding, lines) = match options.encoding {
            None => Encoding::detect(path)?,
            Some(given) => (given, given.lines(path)?.ok_or(ImportError::Encoding)?),
        };
        let reader = ReaderBuilder::new()
            .has_headers(false)
            .flexible(true)
            .delimiter(options.delimiter.unwrap_or(b','))
            .from_reader(Decoding::new(File::open(path)?, encoding));
        Ok((Self { reader, record: StringRecord::new() }, encoding, lines))
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
        // The position is that of the line on which the record begins.
        let number = self.record.position().map_or(0, csv::Position::line);
        let cells = self.record.iter().map(Cell::of_text).collect();
        Ok(Some(Row { number, cells, ..Row::default() }))
    }
}
