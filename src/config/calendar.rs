//! `[calendar]`: notices of working days beside those that ship with the binary, so that a new year
//! needs no new release.

use std::path::{Path, PathBuf};

use serde::Deserialize;

use super::{ConfigError, read_bounded};
use crate::catalogue::Catalogue;
use crate::domain::calendar::YearNotice;

/// Most files of a folder: a century of notices.
pub const CALENDAR_FILES_MAX: usize = 100;

/// Where further notices lie.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CalendarSection {
    /// Folder of files `<year>.json`, in the form of `catalogue/calendar`. One for a year that ships
    /// with the binary takes its place. Read at start.
    pub folder: PathBuf,
}

impl CalendarSection {
    /// Puts the notices of the folder into a catalogue.
    ///
    /// # Errors
    /// [`ConfigError::Calendar`] with the file: it cannot be read, is named after another year, or does
    /// not fit the other notices (a gap between years, days outside the year).
    pub fn add_to(&self, catalogue: &mut Catalogue) -> Result<(), ConfigError> {
        let found = catalogue.add_notices(read_notices(&self.folder)?);
        match found.first() {
            None => Ok(()),
            Some(problem) => {
                let file = self.folder.join(format!("{}.json", problem.entry));
                let (zh, en) = problem.kind.words();
                Err(wrong(&file, format!("{zh} / {en}")))
            }
        }
    }
}

fn wrong(file: &Path, what: impl Into<String>) -> ConfigError {
    ConfigError::Calendar { file: file.to_owned(), what: what.into() }
}

/// The notices of a folder by name of file; files that do not end in `.json` are left alone.
fn read_notices(folder: &Path) -> Result<Vec<YearNotice>, ConfigError> {
    let io = |error: std::io::Error| wrong(folder, error.to_string());
    let mut files = Vec::new();
    for entry in std::fs::read_dir(folder).map_err(io)? {
        let path = entry.map_err(io)?.path();
        if path.extension().is_some_and(|end| end == "json") {
            files.push(path);
        }
        if files.len() > CALENDAR_FILES_MAX {
            return Err(wrong(folder, format!("more than {CALENDAR_FILES_MAX} files")));
        }
    }
    files.sort();
    let read = |file: &PathBuf| {
        let text = read_bounded(file).map_err(|error| wrong(file, error.to_string()))?;
        let notice: YearNotice =
            serde_json::from_str(&text).map_err(|error| wrong(file, error.to_string()))?;
        let year = notice.year.to_string();
        if file.file_stem().is_some_and(|name| name == year.as_str()) {
            return Ok(notice);
        }
        Err(wrong(
            file,
            format!("文件名须与年份一致：{year}.json / name it after its year: {year}.json"),
        ))
    };
    files.iter().map(read).collect()
}
