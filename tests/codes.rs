//! Each problem code is part of the contract: something raises it, and some test sees it raised.
//!
//! Both are read from the sources, by name: a code that nobody mentions outside its table is one that
//! an integrator programs against in vain, or one whose path nobody has walked.

#![expect(clippy::unwrap_used, reason = "a test that cannot be set up fails")]

use std::fs;
use std::path::{Path, PathBuf};

use talent_gateway::domain::code::Code;

/// Codes that no test raises, each with the reason.
const NOT_RAISED: &[(Code, &str)] = &[];

/// Where codes are listed, which raises none.
const TABLES: [&str; 3] = ["src/domain/code.rs", "src/net/status.rs", "tests/codes.rs"];

fn sources(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            sources(&path, found);
        } else if path.extension().is_some_and(|end| end == "rs" || end == "json") {
            found.push(path);
        }
    }
}

/// The sources in two heaps: the product, and tests of every kind with their vectors.
fn heaps() -> (String, String) {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let (mut product, mut tests) = (String::new(), String::new());
    let mut files = Vec::new();
    sources(&root.join("src"), &mut files);
    sources(&root.join("tests"), &mut files);
    for file in files {
        let name = file.strip_prefix(root).unwrap().to_str().unwrap().to_owned();
        if TABLES.contains(&name.as_str()) {
            continue;
        }
        let text = fs::read_to_string(&file).unwrap();
        let (before, inner) = text.split_once("#[cfg(test)]\nmod tests {").unwrap_or((&text, ""));
        if name.starts_with("tests") || name.ends_with("tests.rs") {
            tests.push_str(&text);
        } else {
            product.push_str(before);
            tests.push_str(inner);
        }
    }
    (product, tests)
}

/// `before` and then `name`, as a whole word.
fn names(text: &str, before: &str, name: &str) -> bool {
    let whole = format!("{before}{name}");
    text.match_indices(&whole).any(|(at, _)| {
        text[at + whole.len()..].chars().next().is_none_or(|next| !next.is_alphanumeric())
    })
}

#[test]
fn every_code_is_raised_and_tested() {
    let (product, tests) = heaps();
    let mut wrong = Vec::new();
    for code in Code::ALL {
        let (variant, text) = (format!("{code:?}"), code.as_str());
        if !names(&product, "Code::", &variant) {
            wrong.push(format!("{text}: nothing raises it"));
        }
        let seen = names(&tests, "Code::", &variant)
            // `body => Variant "/place"` of the tables of bad input.
            || names(&tests, "=> ", &variant)
            || [format!("\"{text}\""), format!("\"{text}\\\""), format!(":{text}\"")]
                .iter()
                .any(|quoted| tests.contains(quoted.as_str()));
        let excused = NOT_RAISED.iter().any(|(listed, _)| listed == code);
        match (seen, excused) {
            (false, false) => wrong.push(format!("{text}: no test raises it")),
            (true, true) => wrong.push(format!("{text}: is tested and listed as not tested")),
            _ => {}
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}
