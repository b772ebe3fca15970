//! Commands that need nothing but files.

use std::path::Path;

use crate::support::{run, run_with};

#[test]
fn every_example_of_a_message_fits_its_schema() {
    let listed = run(&["schema", "list", "--json"]).json();
    let mut checked = 0;
    for schema in listed.as_array().unwrap() {
        let mt = schema["mt"].as_str().unwrap();
        let example = run(&["message", "new", mt]);
        if example.code == 0 {
            let check = run_with(&["schema", "check", mt, "-"], &example.out);
            assert_eq!(check.code, 0, "{mt}: {check:?}");
            checked += 1;
        }
    }
    assert!(checked > 10, "{checked}");
}

#[test]
fn keys_are_made_shown_and_proven() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("key.pem");
    let file = file.to_str().unwrap();
    let made = run(&["key", "new", "qingpu#message-2", file, "--json"]).json();
    let shown = run(&["key", "fingerprint", "qingpu#message-2", file]);
    assert_eq!(shown.out.trim(), made["fingerprint"]);
    assert_eq!(run(&["key", "new", "qingpu#message-2", file]).code, 2);
    let nonce = ["--use", "message", "--nonce", "0123456789abcdef", "--json"];
    let proof = run(&[&["key", "proof", "qingpu#message-2", file], &nonce[..]].concat()).json();
    assert_eq!(proof["jwk"], made["jwk"]);
}

#[test]
fn cases_are_answered_and_their_expectations_checked() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/recognition");
    let case = root.join("recognised_after_filing.json");
    let (case, lang) = (case.to_str().unwrap(), ["--lang", "en"]);
    let answer = run(&[&["recognise", "--case", case], &lang[..]].concat());
    assert_eq!(answer.code, 0, "{answer:?}");
    assert!(answer.out.starts_with("Result: "), "{}", answer.out);

    // What was logged later does not count, and the slip says that there is such.
    let then = "只按当时所知作出（日志前 50 条）";
    let earlier = root.join("recognised_as_known_before_the_revocation.json");
    for (case, looks_back) in [(earlier.to_str().unwrap(), true), (case, false)] {
        let slip = run(&["recognise", "--case", case]).out;
        assert_eq!(slip.contains(then), looks_back, "{slip}");
    }

    let folder = tempfile::tempdir().unwrap();
    let other = folder.path().join("case.json");
    let text = std::fs::read_to_string(case).unwrap();
    let mut value: serde_json::Value = serde_json::from_str(&text).unwrap();
    value["expected"]["outcome"] = "no-record".into();
    std::fs::write(&other, value.to_string()).unwrap();
    assert_eq!(run(&["recognise", "--case", other.to_str().unwrap()]).code, 4);

    let cases = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases");
    let mut paths = std::fs::read_dir(cases).unwrap().map(|entry| entry.unwrap().path());
    let first = paths.find(|path| path.is_file()).unwrap();
    let assessed = run(&["funding", "assess", first.to_str().unwrap()]);
    assert_eq!(assessed.code, 0, "{assessed:?}");
}

#[test]
fn the_form_of_a_case_is_checked_before_it_is_answered() {
    let wrong = run_with(&["recognise", "--case", "-"], r#"{"title": "x", "talents": 3}"#);
    assert_eq!(wrong.code, 2, "{wrong:?}");
    assert!(
        wrong.err.contains("known_at") && wrong.err.contains("docs/recognition.md"),
        "{wrong:?}"
    );
}

#[test]
fn missing_recognition_rules_are_reported() {
    let all = ["recognise", "coverage", "--on", "2026-11-21"];
    let report = run(&[&all[..], &["--json"]].concat()).json();
    let lines = report["lines"].as_array().unwrap();
    let count = |covered: &str| lines.iter().filter(|l| l["covered"] == covered).count();
    for (member, covered) in
        [("in_force", "in-force"), ("example_only", "example-only"), ("no_rule", "no-rule")]
    {
        assert_eq!(report[member], count(covered), "{member}");
        assert!(count(covered) > 0, "{covered}");
    }
    let pair = ["--from", "jiashan", "--at", "qingpu", "--json"];
    let some = run(&[&all[..], &pair].concat()).json();
    let some = some["lines"].as_array().unwrap();
    assert!(!some.is_empty() && some.len() < lines.len());
    assert!(some.iter().all(|l| l["authority"] == "jiashan" && l["at"] == "qingpu"));
    // Schemes of which no rule and no policy speaks are reported too; examples are not.
    let scheme = |name: &str| lines.iter().any(|l| l["scheme"] == name);
    assert!(scheme("yangpu-outstanding") && !scheme("yangpu-example"));
    let early = run(&["recognise", "coverage", "--on", "2019-01-01", "--json"]).json();
    assert_eq!((&early["in_force"], &early["example_only"]), (&0.into(), &0.into()));
    let table = run(&all);
    assert!(table.out.contains("jiaxing-talent") && table.out.contains("无规则"), "{}", table.out);
}

#[test]
fn the_catalogue_is_clean_and_shells_are_served() {
    let lint = run(&["catalogue", "lint", "--json"]).json();
    assert_eq!(lint["problems"].as_array().unwrap().len(), 0);
    for shell in ["bash", "zsh", "fish"] {
        assert!(run(&["completions", shell]).out.contains("talent-gateway"), "{shell}");
    }
    assert!(run(&["schema", "dictionary"]).out.contains("certification"));
}

/// T11 (附件4 一（三）): 24 months of points rent before a class E rent subsidy.
fn shared_cap() -> String {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases");
    root.join("T11-points-first-then-class-e.json").to_str().unwrap().to_owned()
}

#[test]
fn a_slip_says_what_was_asked_what_came_out_and_whom_to_call() {
    let slip = run(&["funding", "assess", &shared_cap()]).out;
    for part in
        ["结论：需人工判断", "按任何一种理解都可办理：24 个月", "所据记录：", "青浦区人才办（Q02）"]
    {
        assert!(slip.contains(part), "{part}: {slip}");
    }
    let slip = run(&["funding", "assess", &shared_cap(), "--lang", "en"]).out;
    assert!(slip.contains("Safe under every reading: 24 months"), "{slip}");
}

#[test]
fn a_derivation_goes_through_every_rule() {
    let derived = run(&["funding", "explain", &shared_cap(), "--json"]).json();
    let rules = derived["rules"].as_array().unwrap();
    assert_eq!(rules.len(), 35);
    let called = |rule: &&serde_json::Value| !rule["called_by"].as_array().unwrap().is_empty();
    assert!(rules.iter().filter(called).count() > 5);
    let cap = rules.iter().find(|r| r["rule"] == "R13").unwrap();
    assert_eq!(cap["findings"][0]["id"], "R13-1");
    assert!(run(&["funding", "explain", &shared_cap()]).out.contains("未涉及："));
}

#[test]
fn a_changed_policy_is_shown_with_the_cases_that_it_changes() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("catalogue/policies/qingpu.json");
    let mut file: serde_json::Value =
        serde_json::from_str(&std::fs::read_to_string(root).unwrap()).unwrap();
    let policies = file["policies"].as_array_mut().unwrap();
    policies.retain(|p| p["id"] == "qingpu/housing-rent/E");
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("policies.json");
    let write = |file: &serde_json::Value| std::fs::write(&path, file.to_string()).unwrap();
    let diff = || run(&["catalogue", "diff", path.to_str().unwrap(), &shared_cap(), "--json"]);
    write(&file);
    assert_eq!(diff().json()["changed"], serde_json::json!([]));
    file["policies"][0]["caps"][0]["months"] = 48.into();
    write(&file);
    let report = diff().json();
    assert_eq!(report["entries"][0]["members"], serde_json::json!(["caps"]));
    assert_eq!(report["changed"][0]["before"]["safe"]["months"], 24);
    assert_eq!(report["changed"][0]["after"]["safe"]["months"], 12);
    let slip = run(&["catalogue", "diff", path.to_str().unwrap(), &shared_cap()]).out;
    assert!(
        slip.contains("上限 48 个月") && slip.contains("  - ") && slip.contains("  + "),
        "{slip}"
    );

    file["policies"][0]["kinds"][0] = "no-such-kind".into();
    write(&file);
    let faulty = run(&["catalogue", "diff", path.to_str().unwrap(), "--json"]);
    assert_eq!(faulty.code, 4);
    let report: serde_json::Value = serde_json::from_str(&faulty.out).unwrap();
    assert_eq!(report["problems"][0]["at"], "/kinds/0");
}

#[test]
fn a_phrase_that_the_document_lacks_is_reported() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("yangpu-2021-19.txt"), "全额报销\n考试费用").unwrap();
    let documents = folder.path().to_str().unwrap();
    let ran = run(&["catalogue", "phrases", "--documents", documents, "--json"]);
    assert_eq!(ran.code, 4, "{ran:?}");
    let found: serde_json::Value = serde_json::from_str(&ran.out).unwrap();
    assert_eq!(found["found"], 1);
    assert!(found["missing"].as_array().unwrap().len() > 5);
    assert!(found["not_checked"]["qingpu-2020-88"].as_u64().unwrap() > 100);
}
