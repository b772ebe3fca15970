//! What is wrong with a configuration file, where, and what to do.

use std::io;
use std::path::{Path, PathBuf};

/// A configuration that cannot be used: the operator's to mend.
#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    /// The file cannot be read.
    #[error("{}: {source}", file.display())]
    Io {
        /// The file.
        file: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// The file is larger than [`super::FILE_BYTES_MAX`].
    #[error("{}: larger than {} bytes", file.display(), super::FILE_BYTES_MAX)]
    TooLarge {
        /// The file.
        file: PathBuf,
    },
    /// A line is not what is expected there.
    #[error("{}:{line}:{column}: {what}", file.display())]
    Form {
        /// The file.
        file: PathBuf,
        /// Line, from 1.
        line: usize,
        /// Column, from 1, in characters.
        column: usize,
        /// What is wrong.
        what: String,
    },
    /// A notice of working days.
    #[error("{}: {what}", file.display())]
    Calendar {
        /// The file, or its folder.
        file: PathBuf,
        /// What is wrong, with line and column where it is no JSON.
        what: String,
    },
    /// The file reads well but contradicts itself.
    #[error("{}: {what}", file.display())]
    Contradiction {
        /// The file.
        file: PathBuf,
        /// What is wrong.
        what: &'static str,
    },
}

impl ConfigError {
    /// Places the parser's error in the file.
    pub(super) fn toml(file: &Path, text: &str, error: &toml::de::Error) -> Self {
        let at = error.span().map_or(0, |span| span.start);
        let (line, column) = place(text, at);
        let what = error.message().trim().replace('\n', " ");
        Self::Form { file: file.to_owned(), line, column, what }
    }

    /// Places an error of the JSON reader.
    pub(super) fn json(file: &Path, error: &serde_json::Error) -> Self {
        // The library ends its text with the place, which is said before it here.
        let text = error.to_string();
        let what = text.split(" at line ").next().unwrap_or_default().to_owned();
        Self::Form { file: file.to_owned(), line: error.line(), column: error.column(), what }
    }

    /// What to do about it.
    pub fn hint(&self) -> &'static str {
        match self {
            Self::Io { source, .. } if source.kind() == io::ErrorKind::NotFound => {
                "give the file with --config, or make an installation with `talent-gateway init DIR`"
            }
            Self::Io { source, .. } if source.kind() == io::ErrorKind::PermissionDenied => {
                "run as the user that owns the installation; do not widen the file's mode"
            }
            Self::Io { .. } => "check that the file is a readable text file",
            Self::TooLarge { .. } => "this is no configuration file: check the path",
            Self::Form { what, .. } if what.starts_with("unknown field") => {
                "remove or correct that member; docs/operations.md lists every one of them"
            }
            Self::Form { what, .. } if what.starts_with("missing field") => {
                "add that member; docs/operations.md shows an example of every section"
            }
            Self::Form { .. } => "correct that line; docs/operations.md shows an example",
            Self::Calendar { .. } => {
                "the folder of [calendar] holds one file for each year, <year>.json, in the form of \
                 catalogue/calendar (docs/matters.md); `talent-gateway catalogue lint --calendar DIR` \
                 checks it"
            }
            Self::Contradiction { .. } => "compare the file with the one that `init` made",
        }
    }
}

/// Line and column of a byte offset, both from 1; the end of the text for an offset beyond it.
fn place(text: &str, at: usize) -> (usize, usize) {
    let before = text.get(..at).unwrap_or(text);
    let line = before.bytes().filter(|b| *b == b'\n').count() + 1;
    let column = before.rsplit('\n').next().unwrap_or_default().chars().count() + 1;
    (line, column)
}
