//! What a release adds to `schemas/released/`: a copy of each schema that changed, and the index.

use std::collections::BTreeMap;

use super::registry::Registry;

/// A file of a release, by its path under `schemas/released/`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReleaseFile {
    /// `<name>.<major>/<first 12 hex digits of the digest>.json`, or `index.json`.
    pub path: String,
    /// Its exact text.
    pub text: String,
}

/// The files to write when the schemas of `registry` are released after those that `index` lists.
/// Releasing the same schemas twice changes nothing. Writing is left to the caller.
pub fn release_files(
    registry: &Registry,
    index: &BTreeMap<String, Vec<String>>,
) -> Vec<ReleaseFile> {
    let mut index = index.clone();
    let mut files = Vec::new();
    for document in registry.documents() {
        let digest = document.sha256_hex();
        let released = index.entry(document.mt.to_owned()).or_default();
        if released.contains(&digest) {
            continue;
        }
        let folder = document.mt.replace('/', ".");
        let short: String = digest.chars().take(12).collect();
        files.push(ReleaseFile {
            path: format!("{folder}/{short}.json"),
            text: document.text.to_owned(),
        });
        released.push(digest);
    }
    if let Ok(mut text) = serde_json::to_string_pretty(&index) {
        text.push('\n');
        files.push(ReleaseFile { path: "index.json".to_owned(), text });
    }
    files
}
