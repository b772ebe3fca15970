//! The mappings that the schema shows, which `import mapping --example` prints, work as they stand.

use std::fs;

use serde_json::json;
use talent_gateway::catalogue::Catalogue;
use talent_gateway::domain::funding::message::PolicyRef;
use talent_gateway::import::{FaultKind, ImportError, Job, Mapping, Options, SCHEMA, run};
use talent_gateway::schema::Registry;

use crate::support::{Local, file, imported, mapping, numbers, records};
use crate::world::{REVIEWER, WINDOW, World};

/// A plausible cell for every column that an example names.
fn cell(column: &str, number: &str) -> String {
    match column {
        "证件类型" => "居民身份证",
        "证件号码" => number,
        "状态" => "有效",
        "统一社会信用代码" => "91350100M000100Y43",
        "学历" => "博士研究生",
        "全日制" | "提前解除" | "本区无住房" => "是",
        "认定等级" => "D类",
        "住房类型" => "人才公寓",
        "租金优惠" => "20%",
        "首月" => "2026年4月",
        "末月" => "2027-03",
        "每月金额（元）" => "4,000.00",
        "金额（万元）" => "1.2",
        "预算年度" => "2026",
        "有效期至" | "退房日期" | "合同终止" => "99991231",
        "核验来源" => "〈核验来源〉",
        text if text.contains("日期") || text == "合同开始" => "2026/3/20",
        _ => "X-2026-1",
    }
    .to_owned()
}

fn table(mapping: &Mapping, number: &str) -> String {
    let columns = mapping.columns();
    let quoted = |texts: Vec<String>| {
        texts.iter().map(|text| format!("\"{text}\"")).collect::<Vec<_>>().join(",")
    };
    let cells = columns.iter().map(|column| cell(column, number)).collect();
    format!("{}\n{}\n", quoted(columns.iter().cloned().collect()), quoted(cells))
}

#[tokio::test]
async fn every_example_takes_a_row() {
    let world = World::new().await;
    let schemas = Registry::load().unwrap();
    let document = schemas.get(SCHEMA).unwrap().document.text;
    let schema: serde_json::Value = serde_json::from_str(document).unwrap();
    let types = schema["properties"]["type"]["enum"].as_array().unwrap();
    assert_eq!(schema["examples"].as_array().unwrap().len(), types.len());
    for mt in types.iter().filter_map(|mt| mt.as_str()) {
        let text = table(&mapping(mt, &schemas), &numbers(1)[0]);
        let path = file(&world, "one.csv", text);
        let (summary, report, _) = imported(mt, &path, None).await.unwrap();
        assert_eq!(summary.valid, 1, "{mt}: {}", fs::read_to_string(report).unwrap());
    }
}

/// The report of a dry run.
async fn rehearsed(mapping: &Mapping, path: &std::path::Path) -> String {
    let schemas = Registry::load().unwrap();
    let catalogue = Catalogue::embedded().unwrap();
    let job = Job {
        file: path.to_owned(),
        mapping: mapping.clone(),
        options: Options { header_row: 1, ..Options::default() },
        report: None,
        connector: None,
        schemas: &schemas,
        catalogue: &catalogue,
        today: jiff::civil::date(2026, 11, 21),
    };
    let (_, report, broken) = run(&job, |_, _| ()).await.unwrap();
    assert!(broken.is_none());
    fs::read_to_string(report).unwrap()
}

#[tokio::test]
async fn documents_are_named_by_a_table_and_what_is_odd_is_said_beside_the_row() {
    let world = World::new().await;
    let mt = "affiliation/1";
    let schemas = Registry::load().unwrap();
    let document = schemas.get(SCHEMA).unwrap().document.text;
    let schema: serde_json::Value = serde_json::from_str(document).unwrap();
    let examples = schema["examples"].as_array().unwrap();
    let mut value = examples.iter().find(|e| e["type"] == mt).unwrap().clone();
    value["fields"].as_array_mut().unwrap().push(json!({
        "to": "/employer/verification_source", "column": "核验来源", "optional": true
    }));
    let mapping = Mapping::parse(&value.to_string(), &schemas).unwrap();
    let (uscc, odd) = ("91350100M000100Y43", "91350203M0001QAY9B");
    for (name, number, code, source, expected) in [
        ("居民身份证", "31011819900101001X", uscc, "", "校验通过,,,"),
        ("港澳台居民居住证", "810000199408230021", uscc, "", "校验通过,,,"),
        ("台湾居民居住证", "830000199201300022", uscc, "", "校验通过,,,"),
        ("台胞证", "00112233", uscc, "", "校验通过,,“证件号码”提示：该证件号码没有校验位"),
        (
            "居民身份证",
            "32058419800615332X",
            uscc,
            "",
            "“证件号码”提示：地址码对应的行政区划已撤销",
        ),
        (
            "居民身份证",
            "31011819900101001X",
            odd,
            "登记机关网站",
            "“统一社会信用代码”异常：校验位异常",
        ),
        ("居民身份证", "31011819900101001X", odd, "", "identifier-invalid"),
        ("户口簿", "31011819900101001X", uscc, "", "“证件类型”：无法映射"),
        ("回乡证", "H00000000", uscc, "", "“证件号码”：号码为占位值"),
    ] {
        let text = table(&mapping, number)
            .replace("居民身份证", name)
            .replace(uscc, code)
            .replace("〈核验来源〉", source);
        let path = file(&world, "one.csv", text);
        let report = rehearsed(&mapping, &path).await;
        assert!(report.contains(expected), "{name} {expected}: {report}");
    }
}

#[test]
fn a_table_that_nobody_has_is_told() {
    let schemas = Registry::load().unwrap();
    let text = r#"{"type":"fact/1","id":{"column":"a"},"fields":[{"to":"/name","column":"b","table":
        {"from":{"list":"nobody","version":"1"},"to":{"list":"document-type","version":"gat517-2004"}}}]}"#;
    let Err(ImportError::Mapping { places }) = Mapping::parse(text, &schemas) else { panic!() };
    assert_eq!(places[0].pointer, "/fields/0/table");
}

#[test]
fn the_documentation_shows_the_examples_and_every_code() {
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/import.md");
    let text = fs::read_to_string(path).unwrap();
    let blocks = text.split("```json\n").skip(1).filter_map(|rest| rest.split("```").next());
    let shown: Vec<serde_json::Value> =
        blocks.map(|block| serde_json::from_str(block).unwrap()).collect();
    let schemas = Registry::load().unwrap();
    let document = schemas.get(SCHEMA).unwrap().document.text;
    let schema: serde_json::Value = serde_json::from_str(document).unwrap();
    assert_eq!(schema["examples"].as_array().unwrap(), &shown);
    for kind in FaultKind::ALL {
        let told = kind.text();
        let line = format!("| `{}` | {} | {} |", kind.as_str(), told.zh, told.en);
        assert!(text.contains(&line), "docs/import.md lacks: {line}");
    }
}

/// A ledger of grants, one per person.
fn ledger(people: &[String], sum: &str) -> String {
    let head = "资助编号,证件类型,证件号码,首月,末月,每月金额（元）,批准日期\n".to_owned();
    let rows = people.iter().enumerate().map(|(i, number)| {
        format!("ZZ-{i},居民身份证,{number},2024-01,2024-12,\"{sum}\",2023-12-20\n")
    });
    head + &rows.collect::<String>()
}

#[tokio::test]
async fn grants_of_the_past_are_imported_by_two_operators_and_then_paid() {
    const GRANT: &str = "funding.grant/1";
    let world = World::new().await;
    let catalogue = Catalogue::embedded().unwrap();
    let policy = PolicyRef { id: "qingpu/housing-rent/D".parse().unwrap(), version: 1 };
    let policy = serde_json::to_value(catalogue.policy(&policy).unwrap()).unwrap();
    world.sends("qingpu", "funding.policy/1", &policy, None).await;
    let local = Local::start(&world).await;
    let path = file(&world, "grant.csv", ledger(&numbers(3), "3,000.00"));
    let paid = "资助编号,凭证号,预算年度,首月,末月,金额（万元）,拨付日期\nZZ-0,V-1,2024,2024-01,2024-02,0.8,2024-02-10\n";
    let paid = file(&world, "paid.csv", paid);

    // The first operator brings the table in; nothing leaves before a second one has seen it.
    let (first, report, _) = local.import_as(GRANT, &path, 20).await;
    assert_eq!((first.parked, first.accepted), (3, 0), "{first:?} {report}");
    assert!(report.contains("待复核") && report.contains("--approve"), "{report}");
    // Nobody has approved it yet, so it may be corrected.
    file(&world, "grant.csv", ledger(&numbers(3), "4,000.00"));
    let (mended, _, _) = local.import_as(GRANT, &path, 20).await;
    let (again, _, _) = local.import_as(GRANT, &path, 20).await;
    assert_eq!((mended.parked, again.parked), (3, 3), "{mended:?} {again:?}");
    assert_eq!(world.logged(GRANT).await, 0);
    let (early, _, _) = local.import_as("funding.payment/1", &paid, 20).await;
    assert_eq!(early.codes.get("grant-unknown"), Some(&1), "{early:?}");

    // Not the same person, and not another content; then the whole table at once.
    let (own, report, _) = local.import_by(WINDOW, true, GRANT, &path, 20).await;
    assert_eq!(own.codes.get("two-operators"), Some(&3), "{own:?} {report}");
    let other = file(&world, "other.csv", ledger(&numbers(4), "5,000.00"));
    let (unlike, _, _) = local.import_by(REVIEWER, true, GRANT, &other, 20).await;
    assert_eq!(unlike.codes.get("record-state"), Some(&3), "{unlike:?}");
    assert_eq!(unlike.codes.get("not-found"), Some(&1), "{unlike:?}");
    assert_eq!(world.logged(GRANT).await, 0);
    let (approved, report, _) = local.import_by(REVIEWER, true, GRANT, &path, 20).await;
    assert_eq!(approved.accepted, 3, "{approved:?} {report}");

    let (known, _, _) = local.import_as(GRANT, &path, 20).await;
    assert_eq!((known.unchanged, known.parked), (3, 0), "{known:?}");
    let (taken, report, _) = local.import_as(GRANT, &other, 20).await;
    assert_eq!(taken.codes.get("record-taken"), Some(&3), "{report}");
    let grants = records(&world, GRANT).await;
    assert_eq!(grants.len(), 3);
    for grant in &grants {
        assert_eq!(grant["approved"]["monthly"], 400_000);
        let by = grant["override"]["operators"].as_array().unwrap();
        assert_eq!((&by[0]["id"], &by[1]["id"]), (&"op-window".into(), &"op-review".into()));
    }
    let (paid, report, _) = local.import_as("funding.payment/1", &paid, 20).await;
    assert_eq!(paid.accepted, 1, "{paid:?} {report}");
}

#[test]
fn mappings_that_contradict_themselves_are_refused_with_their_places() {
    let schemas = Registry::load().unwrap();
    for (text, place) in [
        ("{", ""),
        ("{}", ""),
        (r#"{"type":"fact/1","id":{},"fields":[{"to":"/name","value":"x"}]}"#, "/id"),
        (r#"{"type":"fact/1","id":{"column":"a"},"fields":[{"to":"/name"}]}"#, "/fields/0"),
        (
            r#"{"type":"fact/1","id":{"column":"a"},"fields":[{"to":"/nam","value":"x"}]}"#,
            "/fields/0/to",
        ),
        (
            r#"{"type":"fact/1","id":{"column":"a"},"fields":[{"to":"/record","value":"x"}]}"#,
            "/fields/0/to",
        ),
        (
            r#"{"type":"fact/1","id":{"column":"a"},"fields":[{"to":"/subject/numbr","column":"b"}]}"#,
            "/fields/0/to",
        ),
        (
            r#"{"type":"fact/1","id":{"column":"a"},"fields":[{"to":"/about","value":"talents"}]}"#,
            "/fields/0/value",
        ),
        (
            r#"{"type":"fact/1","id":{"column":"a"},"fields":[{"to":"/state","column":"b",
                "values":[{"cell":"有效","code":"active"},{"cell":"撤销","code":"actve"}]}]}"#,
            "/fields/0/values/1/code",
        ),
        (
            r#"{"type":"fact/1","id":{"column":"a"},"fields":[{"to":"/name","value":"x","as":"float"}]}"#,
            "/fields/0/as",
        ),
    ] {
        match Mapping::parse(text, &schemas) {
            Err(ImportError::Mapping { places }) => assert_eq!(places[0].pointer, place, "{text}"),
            other => panic!("{text}: {:?}", other.is_ok()),
        }
    }
}
