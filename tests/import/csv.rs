//! Text files: both encodings, wrong rows, the report, dry runs.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::sync::atomic::Ordering;

use encoding_rs::GB18030;
use talent_gateway::import::{COLUMNS_MAX, ImportError};

use crate::support::{HEAD, Local, file, imported, numbers, records, row};
use crate::world::World;

#[tokio::test]
async fn rows_become_records_and_wrong_ones_are_told_beside_them() {
    let world = World::new().await;
    let local = Local::start(&world).await;
    let people = numbers(4);
    let mut wrong_digit = people[2].clone();
    let last = if wrong_digit.ends_with('1') { '2' } else { '1' };
    wrong_digit.pop();
    wrong_digit.push(last);
    let text = [
        HEAD.to_owned(),
        row("QP-1", &people[0], "D类") + "=cmd|' /C calc'!A0",
        row("QP-2", &format!("\u{3000}{}\t", people[1].to_lowercase()), "Ｄ类"),
        row("QP-3", &wrong_digit, "D类"),
        row("QP-4", &people[3], "特级"),
        row("QP-5", "3.10118E+17", "D类"),
        row("QP-6", "310118199001010000", "D类"),
        ",,,,,,,,,,".to_owned(),
        row("QP-2", &people[1], "D类"),
        "合计,,,,,,,,,,6".to_owned(),
    ]
    .join("\r\n");
    let path = file(&world, "台账.csv", format!("\u{feff}{text}"));
    let (summary, report, broken) = local.import(&path).await;
    assert!(broken.is_none());
    assert_eq!(
        (summary.rows, summary.accepted, summary.faulty, summary.skipped),
        (9, 2, 5, 2),
        "{summary:?}"
    );
    for code in [
        "identifier-invalid",
        "value-unmapped",
        "number-scientific",
        "number-rounded",
        "row-duplicate",
        "row-empty",
        "row-total",
    ] {
        assert_eq!(summary.codes.get(code), Some(&1), "{code}");
    }
    let lines: Vec<_> = report.lines().collect();
    assert!(lines[0].starts_with(&format!("\u{feff}{HEAD},结果,错误代码,说明,位置")));
    assert!(lines[1].contains(",'=cmd|") && lines[1].contains(",已受理,,第1版,日志 "));
    assert!(lines[3].contains("“证件号码”：校验位不符"), "{}", lines[3]);
    assert!(lines[4].contains("“认定等级”：无法映射"), "{}", lines[4]);
    let mode = fs::metadata(path.with_extension("结果.csv")).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o600);

    let records = records(&world, "certification/1").await;
    assert_eq!(records.len(), 2);
    assert_eq!(records[0]["validity"]["until"], "2029-02-28");
    assert_eq!((&records[0]["class"], &records[0]["action"]), (&"D".into(), &"issue".into()));
    let logged = serde_json::to_string(&records).unwrap();
    assert!(people.iter().all(|number| !logged.contains(number)), "a number went out");
    let outbox = String::from_utf8_lossy(&fs::read(world.outbox()).unwrap()).into_owned();
    assert!(people.iter().all(|number| !outbox.contains(number)), "a number was stored");

    // The report, mended, is a table like any other.
    let mended = report.replace(&wrong_digit, &people[2]).replace("特级", "E类");
    let path = file(&world, "台账改.csv", mended);
    let (summary, report, _) = local.import(&path).await;
    assert_eq!((summary.unchanged, summary.accepted), (2, 2), "{summary:?}");
    assert_eq!(report.matches("结果").count(), 1, "no second set of columns");
}

#[tokio::test]
async fn gb_18030_is_found_out_and_answered_in_kind() {
    let world = World::new().await;
    let local = Local::start(&world).await;
    let people = numbers(2);
    let text = [HEAD.to_owned(), row("QP-1", &people[0], "D类"), row("QP-2", &people[1], "甲类")]
        .join("\n");
    let bytes = GB18030.encode(&text).0.into_owned();
    let path = file(&world, "gb.csv", &bytes);
    let (summary, _, _) = local.import(&path).await;
    assert_eq!((summary.accepted, summary.faulty), (1, 1), "{summary:?}");
    let report = fs::read(path.with_extension("结果.csv")).unwrap();
    let (report, _, malformed) = GB18030.decode(&report);
    assert!(!malformed && report.starts_with(HEAD) && report.contains("已受理"), "{report}");

    for (name, bytes) in [("cut.csv", &bytes[..bytes.len() - 40][..]), ("16.csv", b"\xff\xfeA\0")] {
        let path = file(&world, name, [bytes, b"\xff"].concat());
        assert!(imported("certification/1", &path, None).await.is_err(), "{name}");
    }
}

#[tokio::test]
async fn a_dry_run_checks_everything_and_sends_nothing() {
    let world = World::new().await;
    let local = Local::start(&world).await;
    let people = numbers(2);
    let text = [
        HEAD.to_owned(),
        row("QP-1", &people[0], "D类"),
        row("QP-2", &people[1], "D类").replacen("QP-2", "Q P", 1),
    ]
    .join("\n");
    let path = file(&world, "dry.csv", text);
    let calls = world.tokeniser_calls.load(Ordering::SeqCst);
    let (summary, report, _) = imported("certification/1", &path, None).await.unwrap();
    assert_eq!((summary.valid, summary.faulty, summary.accepted), (1, 1, 0), "{summary:?}");
    let report = fs::read_to_string(report).unwrap();
    assert!(
        report.contains("校验通过") && report.contains("“认定编号”：内容不符合模式"),
        "{report}"
    );
    assert_eq!(world.tokeniser_calls.load(Ordering::SeqCst), calls);
    assert_eq!(world.logged("certification/1").await, 0);
    drop(local);
}

#[tokio::test]
async fn rows_of_one_id_that_contradict_each_other_are_all_refused() {
    let world = World::new().await;
    let local = Local::start(&world).await;
    let people = numbers(3);
    let text = [
        HEAD.to_owned(),
        row("QP-1", &people[0], "D类"),
        row("QP-2", &people[1], "D类"),
        row("QP-1", &people[0], "E类"),
        // Who tells the right one of these two, of which one cannot be read?
        row("QP-3", &people[2], "特级"),
        row("QP-3", &people[2], "D类"),
    ]
    .join("\n");
    let path = file(&world, "twice.csv", text);
    let (summary, report, _) = local.import(&path).await;
    assert_eq!((summary.accepted, summary.faulty), (1, 4), "{summary:?}");
    assert_eq!(summary.codes.get("row-contradiction"), Some(&3), "{summary:?}");
    assert_eq!(summary.codes.get("value-unmapped"), Some(&1), "{summary:?}");
    let lines: Vec<_> = report.lines().collect();
    assert!(lines[1].contains("（第4行）") && lines[3].contains("（第2行）"), "{report}");
    let records = records(&world, "certification/1").await;
    assert_eq!(records.len(), 1, "nothing of the others left");
    assert_eq!(records[0]["record"], "QP-2");
}

/// The report is the table again, with what was said of it beside the rows.
#[tokio::test]
async fn a_report_that_is_imported_again_comes_out_the_same() {
    let world = World::new().await;
    let people = numbers(1);
    let text = [
        HEAD.to_owned(),
        row("QP-1", &people[0], "D类"),
        ",,,,,,,,,,".to_owned(),
        "合计,,,,,,,,,,1".to_owned(),
    ]
    .join("\n");
    let path = file(&world, "table.csv", text);
    let (first, report, _) = imported("certification/1", &path, None).await.unwrap();
    assert_eq!((first.valid, first.skipped, first.faulty), (1, 2, 0), "{first:?}");
    let (again, second, _) = imported("certification/1", &report, None).await.unwrap();
    assert_eq!(again, first);
    assert_eq!(fs::read(report).unwrap(), fs::read(second).unwrap());
}

#[tokio::test]
async fn a_table_without_the_columns_is_refused_whole() {
    let world = World::new().await;
    let path = file(&world, "x.csv", "认定编号,状态,状态\n1,2,3\n");
    let error = imported("certification/1", &path, None).await.unwrap_err().to_string();
    assert!(error.contains("证件号码") && error.contains("more than once: [状态]"), "{error}");
    assert!(!path.with_extension("结果.csv").exists(), "no report");
}

#[tokio::test]
async fn a_table_that_breaks_off_says_what_was_sent() {
    let world = World::new().await;
    let local = Local::start(&world).await;
    let wide = ",".repeat(COLUMNS_MAX);
    let text = [HEAD.to_owned(), row("QP-1", &numbers(1)[0], "D类"), wide].join("\n");
    let path = file(&world, "wide.csv", text);
    let (summary, report, broken) = local.import(&path).await;
    assert!(matches!(broken, Some(ImportError::TooLarge)), "{summary:?}");
    assert_eq!(summary.accepted, 0, "nothing goes out once the table is known to be broken");
    assert!(report.contains("QP-1") && report.contains("未处理"), "{report}");
}

#[tokio::test]
async fn rows_are_named_as_an_editor_counts_them_and_swallowed_ones_are_told() {
    let world = World::new().await;
    let people = numbers(4);
    let text = [
        HEAD.to_owned(),
        row("QP-1", &people[0], "D类"),
        String::new(),
        row("QP-2", &people[1], "D类") + "\"上级转来,\r\n已核\"",
        row("QP-1", &people[0], "D类"),
        // Opened in the number of the certificate, closed two rows below.
        row("QP-3", &people[0], "D类").replace("C-QP-3", "\"C-QP-3"),
        row("QP-4", &people[1], "D类"),
        row("QP-5", &people[2], "D类").replace("C-QP-5", "C-QP-5\""),
        row("QP-6", &people[3], "D类"),
        row("QP-7", &people[3], "D类").replace("C-QP-7", "\"C-QP-7"),
    ]
    .join("\r\n");
    let path = file(&world, "引号.csv", text);
    let (summary, report, _) = imported("certification/1", &path, None).await.unwrap();
    assert_eq!((summary.rows, summary.valid, summary.faulty), (6, 3, 3), "{summary:?}");
    assert_eq!(summary.codes.get("quote-open"), Some(&2), "{summary:?}");
    let report = fs::read_to_string(report).unwrap();
    for said in [
        "“备注”含换行和分隔符，本行占第4至5行",
        "业务编号与前面的行重复（第2行）",
        "“证书编号”：引号不成对，其后的行并入了本行的一个单元格：请在开头的引号所在处改正（第7至9行）",
        "（第11至11行）",
    ] {
        assert!(report.contains(said), "{said}: {report}");
    }
    assert!(!report.contains("未填写"), "what follows from the quote is not told: {report}");
}

#[tokio::test]
async fn a_dry_run_says_in_words_what_the_gateway_would_refuse() {
    let world = World::new().await;
    let person = &numbers(1)[0];
    let good = row("QP-1", person, "D类");
    let rows = [
        (good.clone(), None),
        (
            good.replace("2029年2月28日", "2020-01-01"),
            Some("“有效期至”：日期不可能或前后矛盾：结束不得早于开始"),
        ),
        (
            good.replace(",2026-03-01,", ",２０２７-０３-０１,"),
            Some("“数据日期”：日期不可能或前后矛盾：不得晚于今天"),
        ),
        (
            good.replace("附件4 一（一）4", "\"附件4\n一（一）4\""),
            Some("“认定条款”：内容不符合模式：格式不符：不能含有换行"),
        ),
        (good.replace("QP-1", "Q/1"), Some("“认定编号”：内容不符合模式：格式不符：不能含有“/”")),
        (
            good.replace("居民身份证", "护照").replace(person, "E12345678"),
            Some("“出生日期”（/subject/birth）：内容不符合模式：本行需要，对照表没有给出"),
        ),
    ];
    let text: Vec<_> = rows
        .iter()
        .enumerate()
        .map(|(i, (row, _))| row.replace("QP-1", &format!("QP-{i}")))
        .collect();
    let path = file(&world, "话.csv", format!("{HEAD}\n{}\n", text.join("\n")));
    let (summary, report, _) = imported("certification/1", &path, None).await.unwrap();
    let report = fs::read_to_string(report).unwrap();
    assert_eq!((summary.valid, summary.faulty), (1, 5), "{report}");
    for said in rows.iter().filter_map(|(_, said)| *said) {
        assert!(report.contains(&format!(",{said},")), "{said}: {report}");
    }
}
