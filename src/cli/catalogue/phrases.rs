//! `catalogue phrases`: every quoted phrase, looked for in the policy documents.

use std::path::PathBuf;

use clap::Args;
use serde_json::json;

use super::lint::embedded;
use crate::catalogue::Documents;
use crate::cli::failure::{Exit, Failure, Outcome};
use crate::cli::output::{Form, table};
use crate::cli::session::read_input;

/// Look for each quoted phrase in the texts of the policy documents
///
/// The documents are no part of this program: DIR holds one text file each, named after the
/// document's short name (qingpu-2020-88.txt). White space does not count. Documents that are not
/// there are listed as not checked.
#[derive(Debug, Args)]
pub struct PhrasesCommand {
    /// Folder with the texts of the documents
    #[arg(long, value_name = "DIR")]
    documents: PathBuf,
}

impl PhrasesCommand {
    pub(super) fn run(self, form: Form) -> Outcome {
        let phrases = embedded()?.phrases(&self.read()?);
        let missing = phrases.missing.iter();
        let value = json!({
            "found": phrases.found,
            "not_checked": phrases.unread,
            "missing": missing
                .clone()
                .map(|(entry, citation)| json!({ "entry": entry, "citation": citation }))
                .collect::<Vec<_>>(),
        });
        form.print(&value, |_| {
            let (found, lost) = (phrases.found, phrases.missing.len());
            let mut out =
                vec![format!("{found} phrases found in their documents, {lost} not found")];
            let unread = phrases.unread.iter();
            out.extend(unread.map(|(d, count)| format!("not checked: {d} ({count} phrases)")));
            if !phrases.missing.is_empty() {
                let rows = missing.map(|(entry, c)| {
                    vec![entry.clone(), c.to_string(), c.phrase.clone().unwrap_or_default()]
                });
                out.push(table(&["entry", "article", "phrase"], rows));
            }
            out.join("\n")
        })?;
        if phrases.found == 0 && phrases.missing.is_empty() {
            let none = "no text of a cited document is there";
            return Err(Failure::text(Exit::Usage, none).hint("the texts are named DOCUMENT.txt"));
        }
        if phrases.missing.is_empty() {
            return Ok(());
        }
        Err(Failure::text(Exit::Unverified, format!("{} phrases not found", phrases.missing.len())))
    }

    fn read(&self) -> Outcome<Documents> {
        let failed = |error: std::io::Error| {
            let place = self.documents.display().to_string();
            Failure::new(Exit::Usage, anyhow::Error::from(error).context(place))
                .hint("name the folder that holds the documents' texts")
        };
        let mut documents = Documents::default();
        for entry in std::fs::read_dir(&self.documents).map_err(failed)? {
            let path = entry.map_err(failed)?.path();
            let is_text = path.extension().is_some_and(|e| e == "txt");
            if let (true, Some(name)) = (is_text, path.file_stem().and_then(|n| n.to_str())) {
                documents.add(name, &read_input(&path)?);
            }
        }
        Ok(documents)
    }
}
