//! Files that a command reads: what is wrong is told with its place, in Chinese and English.

use std::path::{Path, PathBuf};

use serde_json::{Value, json};

use crate::support::{run, run_with};

fn root(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(path)
}

fn read(path: &str) -> Value {
    serde_json::from_str(&std::fs::read_to_string(root(path)).unwrap()).unwrap()
}

/// `file` with another value at `pointer`; the last member is added where it is missing.
fn slipped(file: &Value, pointer: &str, value: Value) -> String {
    let mut file = file.clone();
    let (outer, member) = pointer.rsplit_once('/').unwrap();
    match file.pointer_mut(outer).unwrap() {
        Value::Array(items) => items.insert(member.parse().unwrap(), value),
        object => object[member] = value,
    }
    file.to_string()
}

#[test]
#[expect(clippy::too_many_lines, reason = "one table of slips")]
fn a_case_is_checked_as_the_messages_of_it_are() {
    let case = read("tests/cases/T42-d-becomes-c.json");
    let mut second = case["grants"][0].clone();
    second["grant"]["months"] = json!({ "first": "2019-01", "last": "2019-12" });
    second.as_object_mut().unwrap().remove("payments");
    let recovery = json!([{
        "grant": "g-46", "voucher": "r", "amount": 9_600_001, "reason": "error", "date": "2023-01-05"
    }]);
    let link = |kind| {
        json!({
            "kind": kind, "subjects": ["applicant", "other"], "confirmed": true,
            "validity": { "from": "2020-01-01" }
        })
    };
    // What a person has compared is a link, and no match of passports any more.
    let mut by_passport = link("same");
    by_passport["by_passport"] = json!(true);
    let sanction = json!([{ "district": "qingpu", "sanction": {
        "sanction": "s1", "kind": "person-debarred", "subject": "applicant", "start": "2024-01-01",
        "end": { "last-day": "2023-01-01" }, "basis": { "document": "x", "article": "y" }
    }}]);
    let ruling = json!([{ "district": "wujiang", "ruling": {
        "question": "Q02", "reading": "separate", "validity": { "from": "2020-01-01" },
        "citation": { "document": "x", "article": "y" }
    }}]);
    let mut uncovered = case["districts"][0].clone();
    uncovered["covered"] = json!(uncovered["covered"] == false);
    let mut other_answer = case["steps"][0]["application"]["case_facts"][0].clone();
    let flipped = if other_answer["value"]["answer"] == "yes" { "no" } else { "yes" };
    other_answer["value"]["answer"] = json!(flipped);
    let points = json!({ "integer": { "value": 5, "unit": "points" } });
    let record = "/records/0/record/certification";
    let app = "/steps/0/application";
    let table = [
        ("/districts".to_owned(), json!([]), "schema-violation", "/districts"),
        ("/districts/1".to_owned(), uncovered, "record-contradiction", "/districts/1/district"),
        (
            format!("{app}/case_facts/1"),
            other_answer,
            "record-contradiction",
            "/steps/0/application/case_facts/1/value",
        ),
        ("/steps".to_owned(), json!([]), "schema-violation", "/steps"),
        ("/extra".to_owned(), json!(1), "schema-violation", "/"),
        (
            format!("{app}/discount_percent"),
            json!(31),
            "schema-violation",
            "/steps/0/application/discount_percent",
        ),
        (
            format!("{app}/date"),
            json!("2023-02-29"),
            "schema-violation",
            "/steps/0/application/date",
        ),
        (
            format!("{app}/months/last"),
            json!("2025-13"),
            "schema-violation",
            "/steps/0/application/months/last",
        ),
        (
            format!("{app}/months/last"),
            json!("2022-12"),
            "date-impossible",
            "/steps/0/application/months",
        ),
        (
            format!("{app}/amount/total"),
            json!(-5),
            "schema-violation",
            "/steps/0/application/amount/total",
        ),
        (
            format!("{app}/amount/total"),
            json!(4000.5),
            "json-number",
            "/steps/0/application/amount/total",
        ),
        (format!("{app}/amount/total"), json!(0), "amount-absurd", "/steps/0/application/amount"),
        (
            format!("{app}/beneficiary"),
            json!("enterprise"),
            "beneficiary-unfit",
            "/steps/0/application/beneficiary",
        ),
        (
            format!("{record}/class"),
            json!("Z"),
            "class-unknown",
            "/records/0/record/certification/class",
        ),
        (
            format!("{record}/scheme"),
            json!("nope"),
            "scheme-unknown",
            "/records/0/record/certification/scheme",
        ),
        (
            format!("{record}/validity/until"),
            json!("2022-11-30"),
            "date-impossible",
            "/records/0/record/certification/validity",
        ),
        (
            format!("{record}/validity/until"),
            json!("2022-11-31"),
            "schema-violation",
            "/records/0/record/certification/validity/until",
        ),
        (
            "/grants/0/grant/beneficiary".to_owned(),
            json!("team"),
            "beneficiary-unfit",
            "/grants/0/grant/beneficiary",
        ),
        (
            "/grants/0/payments/0/amount".to_owned(),
            json!(9_600_001),
            "payment-above-grant",
            "/grants/0/payments/0/months",
        ),
        (
            "/grants/0/payments/0/amount".to_owned(),
            json!(99_600_000),
            "payment-above-grant",
            "/grants/0/payments/0/amount",
        ),
        (
            "/grants/0/recoveries".to_owned(),
            recovery,
            "recovery-above-paid",
            "/grants/0/recoveries/0/amount",
        ),
        (
            "/grants/0/stopped".to_owned(),
            json!("2026-01"),
            "months-outside-grant",
            "/grants/0/stopped",
        ),
        ("/grants/1".to_owned(), second, "record-taken", "/grants/1/grant/grant"),
        (
            "/links".to_owned(),
            json!([link("same"), link("different")]),
            "link-conflict",
            "/links/1/subjects",
        ),
        ("/links".to_owned(), json!([by_passport]), "record-contradiction", "/links/0/by_passport"),
        (
            format!("{app}/case_facts/0/value"),
            points,
            "fact-value",
            "/steps/0/application/case_facts/0/value",
        ),
        ("/rulings".to_owned(), ruling, "question-not-owned", "/rulings/0/ruling/question"),
        ("/sanctions".to_owned(), sanction, "date-impossible", "/sanctions/0/sanction/end"),
    ];
    for (pointer, value, code, place) in table {
        let what = format!("{pointer} = {value}");
        let ran = run_with(&["funding", "assess", "-"], &slipped(&case, &pointer, value));
        assert_eq!(ran.code, 2, "{what}: {ran:?}");
        let told = |text: &str| ran.err.contains(text);
        assert!(told(&format!("-: {code}: ")), "{what}: {}", ran.err);
        assert!(told(&format!("\n  {place} → ")), "{what}: {}", ran.err);
        assert!(told(" / ") && !ran.err.is_ascii(), "{what}: both languages: {}", ran.err);
    }
}

#[test]
fn what_is_no_json_is_told_by_line_and_column() {
    let ran = run_with(&["funding", "assess", "-"], "{\n  \"id\": \"T1\",\n  oops }");
    assert_eq!(ran.code, 2, "{ran:?}");
    assert!(ran.err.contains("json-malformed") && ran.err.contains("line 3"), "{}", ran.err);
}

#[test]
fn a_recognition_case_names_the_place_and_a_known_district() {
    let case = read("tests/recognition/recognised_after_filing.json");
    for (pointer, value, code, place) in [
        ("/question/at", json!("nowhere"), "not-found", "/question/at"),
        ("/known_at", json!(-1), "schema-violation", "/known_at"),
        ("/question/valid_at", json!("2026-02-30"), "schema-violation", "/question/valid_at"),
    ] {
        let ran = run_with(&["recognise", "--case", "-"], &slipped(&case, pointer, value));
        assert_eq!(ran.code, 2, "{pointer}: {ran:?}");
        assert!(ran.err.contains(&format!("-: {code}: ")), "{pointer}: {}", ran.err);
        assert!(ran.err.contains(&format!("\n  {place} → ")), "{pointer}: {}", ran.err);
        assert!(!ran.err.is_ascii() && !ran.err.contains("/body"), "{pointer}: {}", ran.err);
    }
}

#[test]
fn the_lint_names_policy_and_member() {
    let mut file = read("catalogue/policies/hongkou.json");
    let policies = file["policies"].as_array_mut().unwrap();
    policies.truncate(1);
    policies[0]["id"] = json!("hongkou/new");
    let id = |text: &str| text.contains("hongkou/new");
    let unfit = slipped(&file, "/policies/0/kinds", json!([7]));
    let ran = run_with(&["catalogue", "lint", "-"], &unfit);
    assert_eq!(ran.code, 4, "{ran:?}");
    assert!(id(&ran.out) && ran.out.contains("/kinds/0"), "{}", ran.out);
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("policies.json");
    std::fs::write(&path, slipped(&file, "/policies/0/kinds", json!(["town-help"]))).unwrap();
    let path = path.to_str().unwrap();
    let ran = run(&["catalogue", "lint", path, "--json"]);
    let told: Value = serde_json::from_str(&ran.out).unwrap();
    let problem = &told["problems"][0];
    assert_eq!((ran.code, &problem["at"]), (4, &json!("/kinds/0")), "{told:#}");
    assert!(id(problem["entry"].as_str().unwrap()), "{problem}");
    assert!(problem["zh"].is_string() && problem["en"].is_string(), "{problem}");
}

#[test]
fn the_lint_shows_every_problem_at_once() {
    let mut file = read("catalogue/policies/hongkou.json");
    let policies = file["policies"].as_array_mut().unwrap();
    let first = policies[0].clone();
    let named = |id: &str| {
        let mut policy = first.clone();
        policy["id"] = json!(id);
        policy
    };
    let mut without = named("hongkou/no-article");
    without["source"].as_object_mut().unwrap().remove("article");
    let mut empty = named("hongkou/empty-article");
    empty["source"]["article"] = json!("");
    let mut capped = named("hongkou/cap-without-unit");
    capped["amount"] = json!({ "cap": 100 });
    let mut unnamed = named("hongkou/x");
    unnamed.as_object_mut().unwrap().remove("id");
    let mut kind = named("hongkou/kind");
    kind["kinds"] = json!(["town-help"]);
    *policies = vec![without, empty, capped, unnamed, kind];
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("policies.json");
    std::fs::write(&path, file.to_string()).unwrap();
    for command in ["lint", "diff"] {
        let ran = run(&["catalogue", command, path.to_str().unwrap(), "--json"]);
        assert_eq!(ran.code, 4, "{ran:?}");
        let told: Value = serde_json::from_str(&ran.out).unwrap();
        let found = told["problems"].as_array().unwrap().iter();
        let found: Vec<_> = found
            .map(|p| ["entry", "at", "problem"].map(|member| p[member].as_str().unwrap()))
            .collect();
        let expected = [
            ["hongkou/no-article", "/source/article", "NoArticle"],
            ["hongkou/empty-article", "/source/article", "NoArticle"],
            ["hongkou/cap-without-unit", "/amount/unit", "CapWithoutUnit"],
            ["/policies/3", "", "SchemaViolation"],
            ["hongkou/kind", "/kinds/0", "UnknownKind"],
        ];
        assert_eq!(found, expected);
    }
}

#[test]
fn a_file_that_cannot_be_read_is_told_in_both_languages_with_its_place() {
    let folder = tempfile::tempdir().unwrap();
    let text = folder.path().join("case.json");
    // 资 in GB 18030.
    std::fs::write(&text, b"{\n  \"id\": \"\xd7\xca\" }").unwrap();
    let missing = folder.path().join("none.json");
    for (file, zh, en) in [
        (text.as_path(), "第 2 行，第 10 字节不是 UTF-8", "line 2, byte 10 is not UTF-8"),
        (&missing, "没有这个文件", "there is no such file"),
        (folder.path(), "是文件夹", "it is a folder"),
    ] {
        let file = file.to_str().unwrap();
        for command in [
            &["funding", "assess", file] as &[&str],
            &["funding", "explain", file],
            &["recognise", "--case", file],
            &["catalogue", "lint", file],
            &["message", "show", file],
        ] {
            let ran = run(command);
            assert_eq!(ran.code, 2, "{command:?}: {ran:?}");
            let told = |text: &str| ran.err.contains(text);
            assert!(told(file) && told(zh) && told(en), "{command:?}: {}", ran.err);
        }
    }
}
