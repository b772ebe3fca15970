//! The demo as a newcomer runs it, and what it must not leave behind: no identifier and no name of
//! a generated person in any file or line of output.
#![expect(clippy::unwrap_used, clippy::expect_used, reason = "a test that cannot be set up fails")]

#[path = "cli/support.rs"]
mod support;

use std::path::Path;

use talent_gateway::synth;

const SEED: u64 = 2026;
const TALENTS: usize = 60;

fn files(folder: &Path, found: &mut Vec<std::path::PathBuf>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            files(&path, found);
        } else {
            found.push(path);
        }
    }
}

#[test]
fn the_demo_finds_what_is_there_and_leaves_no_identifier_behind() {
    let dir = tempfile::tempdir().unwrap();
    let at = dir.path().join("demo");
    let (seed, talents) = (SEED.to_string(), TALENTS.to_string());
    let ran = support::run(&[
        "demo",
        "--once",
        "--json",
        "--dir",
        at.to_str().unwrap(),
        "--talents",
        &talents,
        "--seed",
        &seed,
    ]);
    let (out, err) = (ran.out.clone(), ran.err.clone());
    let played = ran.json();
    assert_eq!(played["refused"], 0, "{played:#}");
    assert_eq!(played["mismatched"], serde_json::json!([]), "each district is covered");
    assert_eq!(played["funding"]["errors"], serde_json::json!([]));
    assert_eq!(played["funding"]["verdicts_right"], played["funding"]["checks"]);
    for (rule, counts) in played["funding"]["rules"].as_object().unwrap() {
        assert_eq!(counts["misses"], 0, "{rule}");
        assert_eq!(counts["false_alarms"], 0, "{rule}");
    }
    let look_ups = &played["look_ups"];
    assert_eq!(look_ups["errors"], serde_json::json!([]));
    assert_eq!(look_ups["right"], look_ups["asked"]);
    // A title certified in one district is recognised in another, as data prove what the rule asks for.
    assert!(look_ups["answers"]["recognised"].as_u64() > Some(0), "{look_ups}");
    let samples = played["samples"].as_array().unwrap().iter().filter_map(|s| s.as_str());
    let slip = samples.clone().find(|s| s.starts_with("互认 recognised appointable")).unwrap();
    for line in ["结论：认可。", "[数据已证明] 符合国家基本标准", "  → 下一步："]
    {
        assert!(slip.lines().any(|l| l.contains(line)), "{line} missing in {slip}");
    }
    assert!(slip.lines().count() > 5, "a slip keeps its lines: {slip}");
    let mut secrets: Vec<String> = Vec::new();
    for person in synth::stories(SEED, 0..TALENTS).flat_map(|story| story.people) {
        secrets.extend(person.documents.iter().map(|d| d.number.clone()));
        secrets.push(person.employer.uscc);
        secrets.push(person.name);
    }
    let mut found = Vec::new();
    files(&at, &mut found);
    assert!(found.iter().any(|f| f.ends_with("gateway.db")), "{found:?}");
    let mut contents: Vec<(String, Vec<u8>)> = found
        .iter()
        .map(|file| (file.display().to_string(), std::fs::read(file).unwrap()))
        .collect();
    contents.push(("standard output".to_owned(), out.into_bytes()));
    contents.push(("standard error".to_owned(), err.into_bytes()));
    for (name, content) in contents {
        // Lossy is enough: what is looked for is whole UTF-8.
        let text = String::from_utf8_lossy(&content);
        let leaked = secrets.iter().filter(|s| text.contains(s.as_str())).count();
        assert_eq!(leaked, 0, "{name} holds identifiers or names");
    }
}
